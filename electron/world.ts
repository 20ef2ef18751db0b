/**
 * One world behind a port: the session's turns between macrotasks, so that messages and ptys get their time, and the way of each
 * terminal's bytes, through its relay once that is up and straight until then or without one. Order is kept in both directions:
 * whatever the page and the session say arrives in the order in which it was said, also when part of it goes through a pty.
 */
import type { FromWorld, TermId, ToWorld } from "../sim/session/protocol.ts";
import { readMessage } from "./messages.ts";
import { Lane } from "./pty/lane.ts";
import type { PtyHost, Relay } from "./pty/pty-host.ts";

/** What a world's host needs of a session; sim/session/session.ts has it. */
export interface WorldSession {
  receive(message: ToWorld): void;
  /** works for a while; how many milliseconds until it wants to work again */
  turn(): number;
}

export interface WorldOptions {
  readonly session: (post: (message: FromWorld) => void) => WorldSession;
  readonly post: (message: FromWorld) => void;
  /** null: no ptys here */
  readonly ptys: Pick<PtyHost, "open" | "close"> | null;
}

interface Terminal {
  relay: Relay | null;
  /** sizes on their way through the pty */
  readonly sizes: { readonly cols: number; readonly rows: number; readonly release: (deliver: boolean) => void }[];
}

const COLS = 80;
const ROWS = 24;

export class World {
  private readonly session: WorldSession;
  private readonly ptys: WorldOptions["ptys"];
  private readonly inward: Lane<ToWorld>;
  private readonly outward: Lane<FromWorld>;
  private readonly terminals = new Map<TermId, Terminal>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private queued = false;
  private over = false;

  constructor({ session, post, ptys }: WorldOptions) {
    this.ptys = ptys;
    this.outward = new Lane(post);
    this.inward = new Lane((message) => {
      this.session.receive(message);
      this.soon();
    });
    this.session = session((message) => this.say(message));
  }

  /** A message of the page, unread. What is no message is dropped. */
  hear(value: unknown): void {
    const message = this.over ? null : readMessage(value);
    if (!message) return;
    switch (message.type) {
      case "open":
        this.startRelay(message.term, message.cols, message.rows);
        return this.inward.pass(message);
      case "input":
        return this.type(message);
      case "resize":
        return this.resize(message);
      default:
        return this.inward.pass(message);
    }
  }

  close(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.ptys?.close();
  }

  // ------------------------------------------------------------ to the session

  private type(message: Extract<ToWorld, { type: "input" }>): void {
    const relay = this.terminals.get(message.term)?.relay;
    if (!relay?.up) return this.inward.pass(message);
    const release = this.inward.hold(message);
    relay.type(Buffer.from(message.data), () => release(true));
  }

  /** A size goes through the pty and comes back as its signal; of several on their way only the last is sure to. */
  private resize(message: Extract<ToWorld, { type: "resize" }>): void {
    const { term, cols, rows } = message;
    const terminal = this.terminals.get(term);
    const relay = terminal?.relay;
    // a pty that has the size already sends no signal
    if (!terminal || !relay?.up || (relay.cols === cols && relay.rows === rows)) return this.inward.pass(message);
    terminal.sizes.push({ cols, rows, release: this.inward.hold(message) });
    relay.resize(cols, rows);
  }

  private sizeCame(terminal: Terminal, cols: number, rows: number): void {
    const at = terminal.sizes.findLastIndex((s) => s.cols === cols && s.rows === rows);
    for (const [i, { release }] of terminal.sizes.splice(0, at + 1).entries()) release(i === at);
  }

  // ------------------------------------------------------------ from the session

  private say(message: FromWorld): void {
    switch (message.type) {
      case "output":
        return this.show(message);
      case "ready":
        // terminals that came back with the log have no open message
        for (const view of message.terminals) if (view.alive && !this.terminals.has(view.term)) this.startRelay(view.term, COLS, ROWS);
        return this.outward.pass(message);
      case "exit":
        this.outward.pass(message);
        this.terminals.get(message.term)?.relay?.close();
        this.terminals.delete(message.term);
        return;
      default:
        return this.outward.pass(message);
    }
  }

  private show(message: Extract<FromWorld, { type: "output" }>): void {
    const relay = this.terminals.get(message.term)?.relay;
    if (!relay?.up) return this.outward.pass(message);
    const release = this.outward.hold(message);
    relay.show(Buffer.from(message.data), () => release(true));
  }

  private startRelay(term: TermId, cols: number, rows: number): void {
    if (!this.ptys || this.over || this.terminals.has(term)) return;
    const terminal: Terminal = { relay: null, sizes: [] };
    this.terminals.set(term, terminal);
    const events = {
      size: (c: number, r: number) => this.sizeCame(terminal, c, r),
      up: () => {},
      down: () => {
        terminal.relay = null;
        for (const { release } of terminal.sizes.splice(0)) release(true);
      },
    };
    void this.ptys.open(term, cols, rows, events).then((relay) => {
      // closed while it started
      if (this.terminals.get(term) !== terminal) relay?.close();
      else terminal.relay = relay;
    });
  }

  // ------------------------------------------------------------ turns

  private turn(): void {
    if (this.over) return;
    clearTimeout(this.timer);
    const wait = this.session.turn();
    if (wait <= 0) this.soon();
    else if (Number.isFinite(wait)) this.timer = setTimeout(() => this.turn(), wait);
  }

  private soon(): void {
    if (this.queued) return;
    this.queued = true;
    setImmediate(() => {
      this.queued = false;
      this.turn();
    });
  }
}

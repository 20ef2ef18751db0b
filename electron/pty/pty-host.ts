/**
 * The relays of one world: starts one for each terminal, lets it in over a socket with its one-time token, and proves with every
 * possible byte, both ways, that the pty hands through what it is given. Only then is it used. A relay that does not come up, changes bytes
 * (as the console of Windows does, which draws the screen anew), hangs or dies is given up; its terminal goes on without one and nothing is lost.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { Passage } from "./lane.ts";
import { FRAME, frameReader } from "./frames.ts";
import type { RelayProcess, RelayProgram, SpawnRelay } from "./node-pty.ts";

export interface RelayEvents {
  /** the pty's size has changed */
  size(cols: number, rows: number): void;
  /** from now on bytes may be sent through */
  up(): void;
  /** it is gone; everything that was inside has been let out */
  down(): void;
}

export interface PtyHostOptions {
  readonly spawn: SpawnRelay;
  readonly program: RelayProgram;
  readonly socketPath: string;
  /** why a relay was given up, in words; not called for relays that were closed on purpose */
  readonly onGivenUp: (reason: string) => void;
  /** how long a relay may take to come up, and bytes to come back; milliseconds */
  readonly patience?: { readonly start: number; readonly bytes: number };
}

const PROBE = Uint8Array.from({ length: 256 }, (_, i) => i);

export class PtyHost {
  private readonly options: PtyHostOptions;
  private readonly patience: { readonly start: number; readonly bytes: number };
  private readonly server: Server;
  private readonly relays = new Map<number, Relay>();
  private listening: Promise<void> | null = null;

  constructor(options: PtyHostOptions) {
    this.options = options;
    this.patience = options.patience ?? { start: 10_000, bytes: 2_000 };
    this.server = createServer((socket) => this.admit(socket));
    this.server.on("error", () => {});
  }

  /** Starts a relay for a terminal. Resolves at once; what becomes of it is told by the events. */
  async open(term: number, cols: number, rows: number, events: RelayEvents): Promise<Relay | null> {
    this.listening ??= new Promise((resolve, reject) => this.server.once("error", reject).listen(this.options.socketPath, resolve));
    try {
      await this.listening;
      const relay = new Relay(this.options, term, Math.max(1, cols), Math.max(1, rows), this.patience, events, () =>
        this.relays.delete(term),
      );
      this.relays.set(term, relay);
      return relay;
    } catch (error) {
      this.options.onGivenUp(`the relay of terminal ${term} did not start: ${(error as Error).message}`);
      return null;
    }
  }

  close(): void {
    for (const relay of [...this.relays.values()]) relay.close();
    this.server.close();
  }

  /** The first frame must be the hello of a terminal that waits for one, with its token; anything else is shown out. */
  private admit(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    const late = setTimeout(() => socket.destroy(), this.patience.start);
    let relay: Relay | null = null;
    const read = frameReader((type, payload) => {
      if (relay) return relay.heard(type, payload);
      clearTimeout(late);
      const [term = "", token = ""] = type === FRAME.hello ? Buffer.from(payload).toString("latin1").split(" ") : [];
      const named = /^\d{1,6}$/.test(term) ? this.relays.get(Number(term)) : undefined;
      if (named?.admit(token, socket)) relay = named;
      else socket.destroy();
    });
    socket.on("data", (chunk) => {
      if (!read(chunk)) socket.destroy();
    });
    socket.on("close", () => {
      clearTimeout(late);
      relay?.fail("its socket closed");
    });
  }
}

export class Relay {
  private readonly term: number;
  private readonly onGivenUp: (reason: string) => void;
  private readonly patience: { readonly start: number; readonly bytes: number };
  private readonly events: RelayEvents;
  private readonly forget: () => void;
  private readonly process: RelayProcess;
  private token: string | null;
  private socket: Socket | null = null;
  private readonly inward = new Passage();
  private readonly outward = new Passage();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private over = false;
  private isUp = false;
  cols: number;
  rows: number;

  constructor(
    options: PtyHostOptions,
    term: number,
    cols: number,
    rows: number,
    patience: Relay["patience"],
    events: RelayEvents,
    forget: () => void,
  ) {
    this.term = term;
    this.cols = cols;
    this.rows = rows;
    this.onGivenUp = options.onGivenUp;
    this.patience = patience;
    this.events = events;
    this.forget = forget;
    this.token = randomBytes(32).toString("hex");
    this.process = options.spawn(options.program, options.socketPath, term, this.token, cols, rows);
    this.process.onData((bytes) => this.cameOut(bytes));
    this.process.onExit(() => this.fail("it ended"));
    this.timer = setTimeout(() => this.fail(`it did not come up within ${patience.start / 1000} s`), patience.start);
  }

  get pid(): number {
    return this.process.pid;
  }
  get up(): boolean {
    return this.isUp && !this.over;
  }

  /** Sends what is typed; `arrived` is called once the relay has read all of it from the pty. */
  type(bytes: Uint8Array, arrived: () => void): void {
    if (this.over) return arrived();
    this.inward.send(bytes, arrived);
    this.process.write(bytes);
    this.watch();
  }

  /** Sends what is to be shown; `shown` is called once all of it came out of the pty. */
  show(bytes: Uint8Array, shown: () => void): void {
    if (this.over || !this.socket) return shown();
    this.outward.send(afterTty(bytes), shown);
    this.socket.write(bytes);
    this.watch();
  }

  resize(cols: number, rows: number): void {
    if (this.over) return;
    this.cols = cols;
    this.rows = rows;
    try {
      this.process.resize(cols, rows);
    } catch {
      this.fail("its pty cannot be resized");
    }
  }

  /** Ends it on purpose. */
  close(): void {
    this.end(null);
  }

  fail(reason: string): void {
    this.end(reason);
  }

  /** Used by the host: takes the socket if the token is the right one, which works once. */
  admit(token: string, socket: Socket): boolean {
    const expected = this.token;
    if (expected === null || this.over) return false;
    const a = Buffer.from(token);
    const b = Buffer.from(expected);
    if (a.length !== b.length || !timingSafeEqual(a, b)) return false;
    this.token = null;
    this.socket = socket;
    socket.setNoDelay(true);
    let ways = 2;
    const proved = (): void => {
      if (--ways > 0 || this.over) return;
      if (this.timer) clearTimeout(this.timer);
      this.timer = null;
      this.isUp = true;
      this.events.up();
    };
    this.inward.send(PROBE, proved);
    this.outward.send(afterTty(PROBE), proved);
    this.process.write(PROBE);
    socket.write(PROBE);
    return true;
  }

  /** Used by the host: a frame after the hello. */
  heard(type: number, payload: Uint8Array): void {
    if (type === FRAME.input) {
      if (!this.inward.arrive(payload)) this.fail("its pty changes what is typed");
    } else if (type === FRAME.size && payload.length === 4) {
      const view = new DataView(payload.buffer, payload.byteOffset, 4);
      this.events.size(view.getUint16(0, true), view.getUint16(2, true));
    } else this.fail("it said something it should not");
    this.watch();
  }

  private cameOut(bytes: Uint8Array): void {
    if (this.over) return;
    // before the hello only the system's own words could come (a loader's complaint); they are not shown
    if (this.token !== null) return;
    if (!this.outward.arrive(bytes)) this.fail("its pty changes what is shown");
    this.watch();
  }

  /** While bytes are inside, some must come out within the time allowed. */
  private watch(): void {
    if (!this.isUp || this.over) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = this.inward.empty && this.outward.empty ? null : setTimeout(() => this.fail("it hangs"), this.patience.bytes);
  }

  private end(reason: string | null): void {
    if (this.over) return;
    this.over = true;
    if (this.timer) clearTimeout(this.timer);
    this.forget();
    if (reason !== null) this.onGivenUp(`the relay of terminal ${this.term} was given up: ${reason}`);
    this.inward.giveUp();
    this.outward.giveUp();
    this.events.down();
    this.socket?.destroy();
    this.process.kill();
  }
}

/** What a tty makes of output in the mode that Node calls raw: it still puts a carriage return before every line feed. */
export function afterTty(bytes: Uint8Array): Uint8Array {
  let feeds = 0;
  for (const b of bytes) if (b === 10) feeds++;
  if (feeds === 0) return bytes;
  const out = new Uint8Array(bytes.length + feeds);
  let at = 0;
  for (const b of bytes) {
    if (b === 10) out[at++] = 13;
    out[at++] = b;
  }
  return out;
}

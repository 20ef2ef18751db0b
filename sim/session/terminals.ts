/**
 * The terminals of one world and what the log feeds it: the only place where a decoded input touches a machine. The live
 * world, a resumed one and a grader's all go through apply().
 */
import { utf8 } from "../core/bytes.ts";
import { Sig } from "../kernel/abi.ts";
import type { Machine } from "../kernel/machine.ts";
import { type Process, State } from "../kernel/process.ts";
import { signalGroup } from "../kernel/signals.ts";
import type { Tty } from "../kernel/tty.ts";
import type { LabWorld } from "../lab/build.ts";
import { writeText } from "./files.ts";
import type { Input } from "./log.ts";
import type { FileProblem, TerminalView, TermId } from "./protocol.ts";

export class Term {
  readonly id: TermId;
  readonly machine: Machine;
  readonly user: string;
  readonly tty: Tty;
  readonly shell: Process;

  constructor(id: TermId, machine: Machine, user: string, tty: Tty, shell: Process) {
    this.id = id;
    this.machine = machine;
    this.user = user;
    this.tty = tty;
    this.shell = shell;
  }
  get alive(): boolean {
    return this.shell.alive;
  }
  /** The shell waits at its prompt: it has the terminal, reads it, and edits a line. */
  get atPrompt(): boolean {
    return this.tty.fgPgid === this.shell.pgid && this.shell.state === State.BLOCKED && !this.tty.termios.icanon;
  }
  /** The foreground command while one runs. */
  get busy(): string | null {
    if (!this.alive || this.atPrompt) return null;
    const p = this.tty.foreground();
    return p === null || p === this.shell ? "bash" : p.argv.join(" ");
  }
  view(): TerminalView {
    return {
      term: this.id,
      machine: this.machine.name,
      user: this.user,
      cwd: this.shell.alive ? cwdOf(this.shell) : "",
      busy: this.busy,
      alive: this.alive,
      ...(this.shell.lastStatus === null ? {} : { lastCode: this.shell.lastStatus }),
    };
  }
}

function cwdOf(p: Process): string {
  return p.env.get("PWD") ?? "/";
}

export class Terminals {
  readonly lw: LabWorld;
  readonly all = new Map<TermId, Term>();
  /** what kept the newest edit from being written */
  unwritten: FileProblem | null = null;

  constructor(lw: LabWorld) {
    this.lw = lw;
  }

  /** Feeds one input. What makes no sense (a terminal that is gone, a cable that is not the learner's) changes nothing. */
  apply(input: Input): void {
    switch (input.kind) {
      case "open":
        return this.open(input);
      case "type":
        return this.all.get(input.term)?.tty.input(utf8(input.data));
      case "resize":
        return this.all.get(input.term)?.tty.resize({ cols: input.cols, rows: input.rows });
      case "close":
        return this.close(input.term);
      case "kill": {
        const t = this.all.get(input.term);
        if (t && t.tty.fgPgid !== 0) signalGroup(t.machine, t.tty.fgPgid, Sig.KILL);
        return;
      }
      case "action": {
        const a = input.action;
        if (a.do === "edit") {
          this.unwritten = writeText(this.lw, a);
          return;
        }
        if (!this.lw.hasCable(a.cable) || !this.lw.isLearners(a.cable)) return;
        if (a.do === "plug") this.lw.plug(a.cable);
        else this.lw.unplug(a.cable);
      }
    }
  }

  private open(o: Extract<Input, { kind: "open" }>): void {
    if (this.all.has(o.term)) this.close(o.term);
    const m = this.lw.world.machines.get(o.machine);
    const spec = this.lw.lab.machines.find((x) => x.name === o.machine);
    if (!m || !spec || spec.kind === "switch") return;
    const user = o.user ?? spec.users?.[0] ?? "root";
    const uid = m.account(user)?.uid;
    if (uid === undefined) return;
    const tty = m.openTty({ cols: o.cols, rows: o.rows }, uid);
    const shell = m.login(tty, user);
    if (shell) this.all.set(o.term, new Term(o.term, m, user, tty, shell));
    else m.closeTty(tty);
  }

  private close(term: TermId): void {
    const t = this.all.get(term);
    if (!t) return;
    t.machine.closeTty(t.tty);
    this.all.delete(term);
  }
}

/**
 * Runs a bash script command by command, each machine with one persistent root shell, as the recorder of the conformance
 * scenarios does it: standard input empty, standard output and error pipes of the command's own, a pause after each. What
 * a background job writes after its command has ended is dropped. A comment line "#@ NAME" goes on on another machine.
 */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { bug, strerror } from "../core/result.ts";
import { after, SEC } from "../core/time.ts";
import { Sig } from "../kernel/abi.ts";
import { FdTable } from "../kernel/fd.ts";
import type { HostSink, HostTape } from "../kernel/hostfile.ts";
import type { Machine } from "../kernel/machine.ts";
import type { Process } from "../kernel/process.ts";
import { sendSignal } from "../kernel/signals.ts";
import type { World } from "../kernel/world.ts";
import { splitCommands } from "../shell/steps.ts";
import { waitFor } from "./wait.ts";

export interface ScriptStep {
  /** the command's text */
  readonly cmd: string;
  readonly machine: string;
  /** line of the script, from 1 */
  readonly line: number;
}

export interface ScriptResult {
  readonly cmd: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface ScriptOptions {
  /** seconds of virtual time after each command */
  readonly pace: number;
  /** seconds of virtual time that a command may take */
  readonly limit: number;
  /** null: whom a terminal of that machine logs in as */
  readonly user: string | null;
}

/** Bytes of one command's output that are kept. */
export const OUTPUT_LIMIT = 10_000_000;
/** between SIGINT and SIGKILL for a command that does not end */
const GRACE = 10 * SEC;
/** a moment for a signal to do its work */
const SECOND_TRY = SEC;

/** Descriptors of the step shell: commands come on 9, statuses go to 8, a command's output and errors to 6 and 7. */
const FD = { COMMANDS: 9, STATUS: 8, OUT: 6, ERR: 7 } as const;

/** The status is written where break and continue, used outside a loop of the script's own, come along, too. */
const LOOP = `
unset OLDPWD
__status() { return "$1"; }
__last=0
while :; do
  while echo "$__last" >&8; IFS= read -r -d '' __text <&9; do
    __before=$__last __last=0
    __status $__before
    eval "$__text" >&6 2>&7 </dev/null 6>&- 7>&- 8>&- 9<&-
    __last=$?
  done
done
`;

/** A line of the script that cannot be followed; the message says which. */
export class ScriptError extends Error {
  override name = "ScriptError";
}

/** A script as steps on these machines; it begins on `start`. Throws ScriptError where a #@ line names none of them. */
export function parseScript(text: string, machines: readonly string[], start: string = machines[0]!): ScriptStep[] {
  const commands = splitCommands(text);
  const inside = new Set<number>();
  for (const c of commands) for (let i = 0; i < c.cmd.split("\n").length; i++) inside.add(c.line + i);
  const switches = new Map<number, string>();
  text.split("\n").forEach((l, i) => {
    const m = /^\s*#@\s*(.*?)\s*$/.exec(l);
    if (!m || inside.has(i + 1)) return;
    if (!machines.includes(m[1]!)) throw new ScriptError(`line ${i + 1}: there is no machine "${m[1]}"; there is ${machines.join(", ")}`);
    switches.set(i + 1, m[1]!);
  });
  let at = start;
  let line = 0;
  return commands.map((c) => {
    for (; line < c.line; line++) at = switches.get(line) ?? at;
    return { cmd: withoutDirectives(c.cmd), machine: at, line: c.line };
  });
}

/** Leaves out a scenario's comparing directive (# cmp: …) at the end of a command's first or last line. */
function withoutDirectives(cmd: string): string {
  const lines = cmd.split("\n");
  for (const i of new Set([0, lines.length - 1])) lines[i] = lines[i]!.replace(/(^|\s+)#\s*cmp:.*$/, "");
  return lines.join("\n");
}

/** The pause after each command that a script asks for before its first one (# pace: SECONDS), at least 0.1 s. */
export function paceOf(text: string): number {
  let pace = 0.1;
  for (const l of text.split("\n")) {
    if (/^\s*$/.test(l)) continue;
    if (!/^\s*#/.test(l)) break;
    const m = /^\s*#\s*pace:\s*(\d+(?:\.\d*)?|\.\d+)\s*$/.exec(l);
    if (m) pace = Math.max(0.1, Number(m[1]));
  }
  return pace;
}

const never = (): boolean => false;

/** One machine's persistent shell. */
class StepShell {
  readonly machine: Machine;
  private readonly user: string;
  private process: Process;
  /** a tape, since bash reads a command from a pipe byte by byte */
  private commands: HostTape;
  private status: HostSink;
  private pendingStatus = "";
  /** has it asked for its first command? */
  private ready = false;
  /** `exit`: there is nobody for further commands */
  ended = false;

  constructor(machine: Machine, user: string) {
    this.machine = machine;
    this.user = user;
    this.commands = machine.hostTape();
    this.status = machine.hostSink();
    this.process = this.start();
  }

  private start(): Process {
    const m = this.machine;
    const a = m.account(this.user) ?? bug(`${m.name} has no user ${this.user}`);
    const stdin = m.hostSource();
    stdin.close();
    const fds = new FdTable();
    fds.set(0, stdin, false);
    fds.set(1, m.hostSink(), false);
    fds.set(2, m.hostSink(), false);
    fds.set(FD.COMMANDS, this.commands, false);
    fds.set(FD.STATUS, this.status, false);
    fds.set(FD.OUT, m.hostSink(), false);
    fds.set(FD.ERR, m.hostSink(), false);
    const env = new Map([...m.loginEnv(a), ["TERM", "dumb"]]);
    const p = m.spawnInit({
      path: "/bin/bash",
      argv: ["bash", "--norc", "-c", LOOP, "bash"],
      env,
      cred: m.credentials(a),
      cwd: a.home,
      fds,
    });
    return typeof p === "number" ? bug(`bash does not start on ${m.name}: ${strerror(p)}`) : p;
  }

  *run(cmd: string, limit: number): Generator<void, ScriptResult> {
    const { world } = this.machine;
    if (!this.ready) {
      yield* waitFor(world, world.now + SECOND_TRY, () => this.done);
      this.takeStatus();
      this.ready = true;
    }
    const out = this.machine.hostSink(OUTPUT_LIMIT);
    const err = this.machine.hostSink(OUTPUT_LIMIT);
    this.process.fds.set(FD.OUT, out, false);
    this.process.fds.set(1, out, false); // for an EXIT trap
    this.process.fds.set(FD.ERR, err, false);
    const before = new Set(descendants(this.process));
    this.commands.push(utf8(`${cmd}\0`));
    yield* waitFor(world, after(world.now, Math.round(limit * SEC)), () => this.done);
    const note = this.done || world.dead ? "" : yield* this.stop(before, limit);
    const code = this.takeStatus() ?? exitCode(this.process);
    const stdout = textOf(out);
    let stderr = textOf(err) + note;
    if (!this.process.alive) {
      // exit ends the script; a shell that had to be stopped, or that died of writing too much, is followed by a new one
      this.ended = note === "" && !out.overflowed && !err.overflowed;
      if (!this.ended) {
        stderr += "hop: the shell ended with this command; what follows runs in a new one\n";
        this.commands = this.machine.hostTape();
        this.status = this.machine.hostSink();
        this.process = this.start();
        this.ready = false;
      }
    }
    return { cmd, stdout, stderr, code };
  }

  /**
   * Stops a command that does not end; `before` runs since earlier commands and is let alone. First SIGINT to what the
   * command started (to the shell when that is nothing: a loop of builtins); when the shell then goes on with the command, SIGINT to
   * both, as Ctrl-C does; SIGKILL after GRACE, and to the shell if even that is not the end. Gives the line for the user.
   */
  private *stop(before: ReadonlySet<Process>, limit: number): Generator<void, string> {
    const { world } = this.machine;
    const killAt = world.now + GRACE;
    const started = (): Process[] => descendants(this.process).filter((p) => !before.has(p));
    const send = (sig: number, to: readonly Process[]): void => to.forEach((p) => sendSignal(p, sig));
    const untilDone = (until: number): Generator<void, void> => waitFor(world, until, () => this.done);
    const first = started();
    send(Sig.INT, first.length > 0 ? first : [this.process]);
    yield* untilDone(world.now + SECOND_TRY);
    if (!this.done) send(Sig.INT, [...started(), this.process]);
    yield* untilDone(killAt);
    if (this.done) return `hop: this command had not ended after ${limit} s: interrupted\n`;
    send(Sig.KILL, started());
    yield* untilDone(world.now + SECOND_TRY);
    if (!this.done) send(Sig.KILL, [...started(), this.process]);
    yield* untilDone(world.now + SECOND_TRY);
    return `hop: this command had not ended after ${limit} s, nor ${GRACE / SEC} s after an interrupt: killed\n`;
  }

  private get done(): boolean {
    if (this.status.length > 0) this.pendingStatus += fromUtf8(this.status.take());
    return this.pendingStatus !== "" || !this.process.alive;
  }
  private takeStatus(): number | null {
    const s = this.pendingStatus;
    this.pendingStatus = "";
    return s === "" ? null : Number.parseInt(s, 10);
  }
}

/** What runs below a process, parents first. */
function descendants(p: Process): Process[] {
  const out: Process[] = [];
  for (const c of p.children) if (c.alive) out.push(c, ...descendants(c));
  return out;
}

function exitCode(p: Process): number {
  const s = p.status;
  return s === null ? 0 : s.kind === "signaled" ? 128 + s.value : s.value;
}

/** What a command wrote; where it was cut, a line says so. */
function textOf(sink: HostSink): string {
  const text = fromUtf8(sink.take());
  if (!sink.overflowed) return text;
  const whole = text.replace(/\uFFFD+$/, ""); // the cut may have gone through a character
  return `${whole}${whole.endsWith("\n") ? "" : "\n"}hop: the output was cut at ${OUTPUT_LIMIT} bytes\n`;
}

/** Runs the steps and gives a result for each, in order, until a shell has ended. */
export function* runSteps(world: World, steps: readonly ScriptStep[], opts: ScriptOptions): Generator<ScriptResult | void, void> {
  const shells = new Map<string, StepShell>();
  for (const step of steps) {
    let shell = shells.get(step.machine);
    if (!shell) {
      const m = world.machines.get(step.machine) ?? bug(`no machine ${step.machine}`);
      shells.set(step.machine, (shell = new StepShell(m, opts.user ?? m.users[0] ?? "root")));
    }
    const result = yield* shell.run(step.cmd, opts.limit);
    yield result;
    if (shell.ended || world.dead) return;
    const until = world.now + Math.round(opts.pace * SEC);
    yield* waitFor(world, until, never);
  }
}

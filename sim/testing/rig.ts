/**
 * One plain machine to run things on in tests: host name lab, root in /root, only a loopback interface that is down, as
 * shared by the conformance scenarios. `run` executes a program, or a script with bash -c, lets virtual time pass until it
 * has ended, and tells what it wrote.
 */
import { fromUtf8 } from "../core/bytes.ts";
import { SEC } from "../core/time.ts";
import type { Command, Prog } from "../kernel/abi.ts";
import { FdTable } from "../kernel/fd.ts";
import type { Machine } from "../kernel/machine.ts";
import type { Process } from "../kernel/process.ts";
import type { Tty } from "../kernel/tty.ts";
import { createWorld, type World } from "../kernel/world.ts";
import { utf8 } from "../core/bytes.ts";

export interface RigOptions {
  readonly commands: readonly Command[];
  readonly seed?: number;
  readonly users?: readonly string[];
}

export interface RunOptions {
  readonly stdin?: string;
  readonly user?: string;
  /** virtual seconds after which it counts as hung; default 600 */
  readonly limit?: number;
}

export interface RunOutcome {
  readonly stdout: string;
  readonly stderr: string;
  /** exit status as a shell tells it: 128 + n for a signal; -1 when it did not end */
  readonly code: number;
  /** virtual time at the end */
  readonly now: number;
}

export interface Rig {
  readonly world: World;
  readonly machine: Machine;
  /** a command line: words as they are, or a script for bash -c */
  run(what: string | readonly string[], opts?: RunOptions): RunOutcome;
  /** a logged-in terminal */
  login(user?: string, cols?: number, rows?: number): Terminal;
  /** lets virtual time pass */
  advance(seconds: number): void;
}

/** A program made in a test, as a Command at /usr/bin/NAME. */
export function testCommand(name: string, main: Prog, path = `/usr/bin/${name}`): Command {
  return { name, paths: [path], pkg: "test", main, options: [], man: { summary: "", synopsis: [], description: [] } };
}

/** A terminal in a test: type, look at the screen text. */
export class Terminal {
  readonly tty: Tty;
  readonly shell: Process;
  private readonly rig: Rig;
  /** everything shown so far */
  text = "";

  constructor(rig: Rig, tty: Tty, shell: Process) {
    this.rig = rig;
    this.tty = tty;
    this.shell = shell;
  }
  /** types, then lets `seconds` pass; what appeared meanwhile */
  type(keys: string, seconds = 0.5): string {
    this.tty.input(utf8(keys));
    return this.wait(seconds);
  }
  wait(seconds = 0.5): string {
    this.rig.advance(seconds);
    const out = this.tty.drain();
    this.text += out;
    return out;
  }
}

export function makeRig(opts: RigOptions): Rig {
  const world = createWorld({ seed: opts.seed ?? 1, commands: opts.commands });
  const machine = world.addMachine({ name: "lab", users: opts.users ?? [] });
  const rig: Rig = {
    world,
    machine,
    run(what, o = {}) {
      const argv = typeof what === "string" ? ["bash", "-c", what] : what;
      const out = machine.hostSink();
      const err = machine.hostSink();
      const input = machine.hostSource();
      if (o.stdin !== undefined) input.push(utf8(o.stdin));
      input.close();
      const fds = new FdTable();
      fds.set(0, input, false);
      fds.set(1, out, false);
      fds.set(2, err, false);
      const a = machine.account(o.user ?? "root");
      if (!a) throw new Error(`no user ${o.user}`);
      const path = findProgram(machine, argv[0]!);
      const p = machine.spawnInit({ path, argv, env: machine.loginEnv(a), cred: machine.credentials(a), cwd: a.home, fds });
      if (typeof p === "number") throw new Error(`cannot run ${path}: ${p}`);
      const until = world.now + (o.limit ?? 600) * SEC;
      runUntil(world, until, () => p.status !== null);
      if (world.dead) throw new Error(`the world died: ${world.faults.map((f) => `${f.what}\n${f.stack}`).join("\n")}`);
      const code = p.status === null ? -1 : p.status.kind === "exited" ? p.status.value : 128 + p.status.value;
      return { stdout: fromUtf8(out.take()), stderr: fromUtf8(err.take()), code, now: world.now };
    },
    login(user = "root", cols = 80, rows = 24) {
      const a = machine.account(user);
      const tty = machine.openTty({ cols, rows }, a?.uid ?? 0);
      const shell = machine.login(tty, user);
      if (!shell) throw new Error(`cannot log ${user} in`);
      const t = new Terminal(rig, tty, shell);
      t.wait();
      return t;
    },
    advance(seconds) {
      runUntil(world, world.now + seconds * SEC, () => false);
      if (world.dead) throw new Error(`the world died: ${world.faults.map((f) => `${f.what}\n${f.stack}`).join("\n")}`);
    },
  };
  return rig;
}

/** Runs in small steps until `done` or `until`. */
function runUntil(world: World, until: number, done: () => boolean): void {
  while (!done()) {
    const r = world.run(until, 1);
    if (r !== "budget") return;
  }
}

function findProgram(m: Machine, name: string): string {
  if (name.includes("/")) return name;
  for (const d of ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"]) if (m.readFile(`${d}/${name}`)) return `${d}/${name}`;
  return `/usr/bin/${name}`;
}

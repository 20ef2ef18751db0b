/**
 * A process (struct task_struct): a program as a generator, and all that it owns. What happens to it is in run.ts
 * (execution), signals.ts, exit.ts and exec.ts.
 *
 * Invariants: in the run queue exactly when state is READY (or about to be put back by the run loop); on wait queues
 * only while BLOCKED or STOPPED; a ZOMBIE has closed everything and waits for its parent.
 */
import type { Timer } from "../core/scheduler.ts";
import type { WaitQueue, Wakeable } from "../core/waitq.ts";
import { WaitQueue as Queue } from "../core/waitq.ts";
import type { Prng } from "../core/prng.ts";
import type { Loc, MountNs } from "../fs/mount.ts";
import type { Walker } from "../fs/walk.ts";
import type { NetNs } from "../net/netns.ts";
import type { Credentials, Syscall } from "./abi.ts";
import { type Block, File, type FdTable } from "./fd.ts";
import type { Machine } from "./machine.ts";
import { enqueue } from "./cpu.ts";
import type { Tty } from "./tty.ts";

export const State = { READY: 0, BLOCKED: 1, STOPPED: 2, ZOMBIE: 3, DEAD: 4 } as const;
export type State = (typeof State)[keyof typeof State];

/** Signal dispositions as bytes. */
export const Disp = { DEFAULT: 0, IGNORE: 1, CATCH: 2 } as const;

/** The program of the process was replaced: there is no result to hand over. */
export const RESTART: unique symbol = Symbol("restart");

/** Carries out a system call; run again after a wake-up for as long as it answers BLOCK. */
export type Handler = (p: Process, a: never, b: never, c: never, d: never) => unknown | Block | typeof RESTART;

/** A session: the processes of one login, and their terminal. */
export class Session {
  readonly sid: number;
  tty: Tty | null = null;
  constructor(sid: number) {
    this.sid = sid;
  }
}

/** The host name a process sees. */
export interface UtsNs {
  readonly ino: number;
  nodename: string;
}

/** The system call under way. One record a process, used again for each call. */
export class CallState {
  handler: Handler | null = null;
  args: readonly unknown[] = [];
  /** absolute time at which it gives up; -1 before it was set */
  deadline = -1;
  /** bytes already moved by a call that was woken before it was done */
  progress = 0;
  /** what the handler keeps between two attempts */
  scratch: object | null = null;
}

export interface ExitStatus {
  readonly kind: "exited" | "signaled";
  readonly value: number;
}

export class Process implements Wakeable {
  readonly machine: Machine;
  readonly pid: number;
  parent: Process | null;
  readonly children: Process[] = [];
  pgid: number;
  session: Session;
  comm: string;
  argv: readonly string[];
  env: ReadonlyMap<string, string>;
  /** what /proc/PID/exe leads to; null for init */
  exe: Loc | null = null;
  cred: Credentials;
  /** uid of the person, where a set-user-id program made `cred` root */
  ruid: number;
  /** file capability cap_net_raw, in effect for one program */
  capNetRaw = false;
  cwd: Loc;
  umask = 0o022;
  net: NetNs;
  mnt: MountNs;
  uts: UtsNs;
  readonly fds: FdTable;
  readonly startTime: number;
  /** ns of CPU used, and the part of it in system calls */
  cpu = 0;
  systemCpu = 0;
  /** of children that were waited for */
  childCpu = 0;
  childSystemCpu = 0;

  state: State = State.READY;
  queued = false;
  gen: Generator<Syscall, number, unknown> | null = null;
  /** what the next gen.next() hands over */
  result: unknown = undefined;
  readonly call = new CallState();
  /** CPU it owes before it goes on: starting a program takes time */
  debt = 0;
  private readonly queues: WaitQueue[] = [];
  deadlineTimer: Timer | null = null;
  alarmTimer: Timer | null = null;

  readonly disp = new Uint8Array(65);
  /** signals to be acted on by default, oldest first */
  readonly pending: number[] = [];
  /** caught signals that the program has not taken yet */
  readonly caught: number[] = [];
  /** the signal that stopped it, until the parent was told */
  stopSignal = 0;
  stopReported = false;
  continuedUnreported = false;

  /** woken when a child changes state */
  readonly childq = new Queue();
  status: ExitStatus | null = null;
  /** a shell's $? at its last prompt; null before the first */
  lastStatus: number | null = null;
  /** prompts it has shown */
  prompts = 0;
  private rng: Prng | null = null;

  constructor(machine: Machine, pid: number, parent: Process | null, session: Session, pgid: number, init: ProcessInit) {
    this.machine = machine;
    this.pid = pid;
    this.parent = parent;
    this.session = session;
    this.pgid = pgid;
    this.comm = init.comm;
    this.argv = init.argv;
    this.env = init.env;
    this.cred = init.cred;
    this.ruid = init.cred.ruid ?? init.cred.uid;
    this.cwd = init.cwd;
    this.net = init.net;
    this.mnt = init.mnt;
    this.uts = init.uts;
    this.fds = init.fds;
    this.startTime = machine.world.sched.now;
    if (parent) parent.children.push(this);
  }

  get walker(): Walker {
    return { ctx: { cred: this.cred, caller: this }, mounts: this.mnt, cwd: this.cwd };
  }
  get alive(): boolean {
    return this.state < State.ZOMBIE;
  }
  get random(): Prng {
    this.rng ??= this.machine.rng.split(`pid ${this.pid}`);
    return this.rng;
  }

  /** Puts it on a queue for as long as the present call blocks. */
  waitOn(q: WaitQueue): void {
    q.add(this);
    this.queues.push(q);
  }
  leaveQueues(): void {
    for (const q of this.queues) q.remove(this);
    this.queues.length = 0;
  }
  /** Gives up waiting at `at`: the deadline timer wakes it, the handler looks at the clock. */
  wakeAt(at: number): void {
    if (this.deadlineTimer?.live && this.deadlineTimer.at === at) return;
    const { sched } = this.machine.world;
    sched.cancel(this.deadlineTimer);
    this.deadlineTimer = this.machine.armDeadline(this, at - sched.now);
  }
  /** The call is over: its result is what the program gets next. */
  endCall(result: unknown): void {
    const { call } = this;
    this.leaveQueues();
    if (this.deadlineTimer) {
      this.machine.world.sched.cancel(this.deadlineTimer);
      this.deadlineTimer = null;
    }
    // a file that the call was about to open counts as open until the call is over
    if (call.scratch instanceof File) call.scratch.put();
    call.scratch = null;
    call.handler = null;
    call.deadline = -1;
    call.progress = 0;
    this.result = result;
  }
  wakeup(): void {
    if (this.state !== State.BLOCKED) return; // a stopped process looks again when it is continued
    this.leaveQueues();
    this.state = State.READY;
    enqueue(this);
  }
}

export interface ProcessInit {
  readonly comm: string;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cred: Credentials;
  readonly cwd: Loc;
  readonly net: NetNs;
  readonly mnt: MountNs;
  readonly uts: UtsNs;
  readonly fds: FdTable;
}

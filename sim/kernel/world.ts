/**
 * The world: clock, network, machines. One call, run(), lets virtual time pass; everything that happens is an event of
 * its scheduler. Whoever composes a world passes in the commands, so that the kernel imports no program.
 */
import { EngineBug } from "../core/result.ts";
import { Prng } from "../core/prng.ts";
import { type RunResult, Scheduler } from "../core/scheduler.ts";
import { SEC } from "../core/time.ts";
import { buildImage } from "../fs/image.ts";
import type { ImageDir } from "../fs/overlay.ts";
import { createNet } from "../net/index.ts";
import type { NetWorld } from "../net/world.ts";
import { Recorder } from "../trace/recorder.ts";
import type { TraceAnswer, TraceQuery } from "../trace/query.ts";
import type { Command, LabAnswer, LabRequest, Sys } from "./abi.ts";
import { Digest } from "./digest.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { registerNsCleanup } from "./nsfs.ts";
import type { Process } from "./process.ts";
import { registerRun } from "./run.ts";
import { makeSys } from "./sys.ts";

/** 2026-01-01 00:00:00 UTC */
export const DEFAULT_EPOCH = 1_767_225_600;

export interface WorldOptions {
  readonly seed: number;
  /** start of the realtime clock, seconds since 1970 */
  readonly epoch?: number;
  readonly commands: readonly Command[];
  /** the image with those commands, where it was built before */
  readonly image?: ImageDir;
}

/** Something in the engine broke: one program, or (pid 0) the world, which then stands still. */
export interface Fault {
  readonly machine: string;
  readonly comm: string;
  readonly pid: number;
  readonly what: string;
  readonly stack: string;
}

export class World {
  readonly seed: number;
  readonly epoch: number;
  readonly sched = new Scheduler();
  readonly rec = new Recorder();
  readonly net: NetWorld;
  readonly prng: Prng;
  readonly machines = new Map<string, Machine>();
  readonly commands = new Map<string, Command>();
  readonly image: ImageDir;
  readonly sys: Sys = makeSys();
  readonly digest = new Digest();
  readonly faults: Fault[] = [];
  /** prompts that interactive shells have shown: how many lines people have entered */
  prompts = 0;
  /** tells that a shell is at its prompt again; for views */
  onPrompt: ((shell: Process) => void) | null = null;
  /** an engine bug stopped the world */
  dead = false;
  /** answers `why` and the `lab` command; set by the session */
  traceHook: ((p: Process, q: TraceQuery) => TraceAnswer) | null = null;
  labHook: ((p: Process, req: LabRequest) => LabAnswer | number) | null = null;
  onFault: ((f: Fault) => void) | null = null;
  private devs = 0;

  constructor(opts: WorldOptions) {
    this.seed = opts.seed;
    this.epoch = opts.epoch ?? DEFAULT_EPOCH;
    this.prng = new Prng(opts.seed, "kernel");
    this.net = createNet(this.sched, this.rec, opts.seed);
    for (const c of opts.commands) this.commands.set(c.name, c);
    this.image = opts.image ?? buildImage(opts.commands);
    registerRun(this.sched);
    registerNsCleanup(this.sched);
    this.sched.onEvent = (t) => this.digest.event(t);
    this.net.wireListeners.push((_from, _to, skb) => this.digest.bytes(skb.buf, skb.data, skb.tail));
  }

  addMachine(opts: MachineOptions): Machine {
    const m = new Machine(this, opts);
    this.machines.set(opts.name, m);
    return m;
  }

  /** Lets time pass up to `until`, in at most `budget` events. An engine bug ends the world: "idle" from then on. */
  run(until: number, budget: number): RunResult {
    if (this.dead) return "idle";
    try {
      return this.sched.run(until, budget);
    } catch (e) {
      this.dead = true;
      const what = e instanceof Error ? e.message : String(e);
      const f: Fault = {
        machine: "",
        comm: e instanceof EngineBug ? "engine" : "kernel",
        pid: 0,
        what,
        stack: e instanceof Error ? (e.stack ?? "") : "",
      };
      this.faults.push(f);
      if (this.onFault) this.onFault(f);
      return "idle";
    }
  }

  get now(): number {
    return this.sched.now;
  }
  /** ns since 1970; a Number holds it to the nearest 256 ns */
  realtime(): number {
    return this.realtimeAt(this.sched.now);
  }
  realtimeAt(t: number): number {
    return this.epoch * SEC + t;
  }
  nextDev(): number {
    return ++this.devs;
  }
}

export function createWorld(opts: WorldOptions): World {
  return new World(opts);
}

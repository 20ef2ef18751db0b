/** A session that exercises terminals, cables, captures, loops and signals; played in slices of any size. Runs in Node and in a browser. */
import { SEC } from "../../sim/core/time.ts";
import { buildLab, type LabWorld } from "../../sim/lab/build.ts";
import type { LabManifest } from "../../sim/lab/manifest.ts";
import { decode } from "../../sim/session/log.ts";
import type { InputRecord } from "../../sim/session/protocol.ts";
import { Terminals } from "../../sim/session/terminals.ts";

export const SEED = 7;

/** What a learner does: [seconds after boot, source, kind, data]. */
const SCRIPT: readonly (readonly [number, string, InputRecord["kind"], unknown])[] = [
  [0, "term:1", "open", { machine: "network01", user: null, cols: 80, rows: 24 }],
  [0, "term:2", "open", { machine: "router", user: null, cols: 100, rows: 30 }],
  [1, "term:1", "key", "ip a; ping -c 2 192.168.100.2\r"],
  [2, "app", "button", { do: "plug", cable: "router-enp0s1" }],
  [2, "app", "button", { do: "plug", cable: "router-enp0s2" }],
  [6, "term:2", "key", "sudo tcpdump -ni enp0s1 -c 4\r"],
  [7, "term:1", "key", "ping -c 3 -i 0.3 192.168.150.3 | tee /tmp/out; while :; do :; done\r"],
  [8.5, "term:1", "key", "\x03"],
  [8.7, "term:1", "resize", { cols: 60, rows: 20 }],
  [9, "term:1", "key", "cat /tmp/out | wc -l\r"],
];
const END = 10;

function run(lw: LabWorld, until: number, slice: number): void {
  while (lw.world.run(until, slice) === "budget");
}

export interface Played {
  readonly log: InputRecord[];
  readonly digest: string;
  readonly done: number;
  readonly t: number;
  readonly screens: string;
}

/** Plays the script in slices of that many events; the log it made and the digest at the end. */
export function play(lab: LabManifest, slice: number): Played {
  const lw = buildLab(lab, null, SEED);
  const terminals = new Terminals(lw);
  const t0 = lw.world.now;
  const log: InputRecord[] = [];
  for (const [at, src, kind, data] of SCRIPT) {
    run(lw, t0 + at * SEC, slice);
    const rec: InputRecord = { seq: log.length + 1, t: lw.world.now, done: lw.world.sched.done, src, kind, data };
    log.push(rec);
    terminals.apply(decode(rec)!);
  }
  run(lw, t0 + END * SEC, slice);
  if (lw.world.faults.length > 0) throw new Error(lw.world.faults[0]!.what);
  const screens = [...terminals.all.values()].map((t) => t.tty.drain()).join("\n----\n");
  return { log, digest: lw.world.digest.toString(), done: lw.world.sched.done, t: lw.world.now, screens };
}

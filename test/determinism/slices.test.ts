/** The same session gives the same world however the host slices it, and when its log is replayed. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { SEC } from "../../sim/core/time.ts";
import { buildLab, type LabWorld } from "../../sim/lab/build.ts";
import { decode } from "../../sim/session/log.ts";
import type { InputRecord } from "../../sim/session/protocol.ts";
import { replay } from "../../sim/session/replay.ts";
import { Terminals } from "../../sim/session/terminals.ts";

const { labs } = loadContent(join(import.meta.dirname, "../../chapters"));
const lab = labs.find((l) => l.id === "three-machines")!;
const choice = { lab, challenge: null, seed: 7 };

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

/** Plays the script in slices of that many events; the log it made and the digest at the end. */
function play(slice: number): { log: InputRecord[]; digest: string; done: number; t: number; screens: string } {
  const lw = buildLab(lab, null, choice.seed);
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
  expect(lw.world.faults).toEqual([]);
  const screens = [...terminals.all.values()].map((t) => t.tty.drain()).join("\n----\n");
  return { log, digest: lw.world.digest.toString(), done: lw.world.sched.done, t: lw.world.now, screens };
}

describe("determinism", () => {
  const reference = play(10_000);
  it("did something worth comparing", () => {
    expect(reference.screens).toContain("Network is unreachable");
    expect(reference.screens).toContain("3 packets transmitted, 3 received");
    expect(reference.screens).toContain("listening on enp0s1");
    expect(reference.screens).toContain("^C");
  });
  it("gives the same digest sliced by 1 event and by 10,000", () => {
    expect(play(1).digest).toBe(reference.digest);
  });
  it("gives the same digest replayed from its log", () => {
    const task = replay(choice, reference.log, { t: reference.t, done: reference.done });
    let r = task.next();
    while (!r.done) r = task.next();
    expect(r.value.lw.world.digest.toString()).toBe(reference.digest);
  });
  it("gives another digest for another seed", () => {
    const lw = buildLab(lab, null, 8);
    const same = buildLab(lab, null, choice.seed);
    expect(lw.world.digest.toString()).not.toBe(same.world.digest.toString());
  });
});

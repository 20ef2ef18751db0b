/** Random keys into a lab's terminals: no program of ours breaks, and the log of it replays to the same world bit for bit. */
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { MS } from "../../sim/core/time.ts";
import { decode } from "../../sim/session/log.ts";
import type { InputRecord } from "../../sim/session/protocol.ts";
import { replay, Replica } from "../../sim/session/replay.ts";
import { Draw, seeds } from "./draw.ts";

vi.setConfig({ testTimeout: 600_000 });
const { labs } = loadContent(join(import.meta.dirname, "../../chapters"));
const lab = labs.find((l) => l.id === "three-machines")!;
const INPUTS = 120;

const WORDS =
  "ip|addr|link|route|neigh|netns|add|del|show|set|dev|via|enp0s1|lo|up|down|10.0.0.1/24|192.168.150.0/24|192.168.150.2|default|ping|-c1|-W1|-f|tcpdump|-ni|any|-c2|arping|sudo|-i|sleep|1|echo|cat|ls|/proc/net|/|man|ip(8)|grep|x|wc|-l|&|&&|;|\\||>|/tmp/f|<|while|true|do|done|for|in|if|then|fi|kill|%1|fg|bg|jobs|wait|exit|su|unshare|-n|bash|trap|INT|$x|$(date)|'|\"|lab|hint|why|history|!!|yes|head|-3|traceroute|sysctl|-w|net.ipv4.ip_forward=1|ps|aux|top".split(
    "|",
  );
const KEYS = [
  "\r",
  "\r",
  "\r",
  "\t",
  "\t\t",
  "\x03",
  "\x04",
  "\x1a",
  "\x12",
  "\x7f",
  "\x1b[A",
  "\x1b[B",
  "\x1b[D",
  "\x1b[C",
  "\x01",
  "\x05",
  "\x0b",
  "\x15",
  "\x17",
  "\x19",
  "\x0c",
  "\x1b",
  "\x1bb",
  "\x1b.",
  "\x1b[200~paste\rd\x1b[201~",
  "q",
  " ",
  "가나",
  "é",
  "\u0000",
  "\u{1f600}",
];

function keys(d: Draw): string {
  let s = "";
  for (let n = 1 + d.below(8); n > 0; n--)
    s += d.chance(65) ? `${d.of(WORDS)} ` : d.chance(80) ? d.of(KEYS) : String.fromCharCode(...d.bytes(3));
  return s + (d.chance(60) ? "\r" : "");
}

it.each(seeds(3, 150))("seed %i", (seed) => {
  const d = new Draw(seed, "terminals");
  const choice = { lab, challenge: null, seed };
  const { lw, terminals, guide } = new Replica(choice);
  const { world } = lw;
  const log: InputRecord[] = [];
  const accept = (src: string, kind: InputRecord["kind"], data: unknown): void => {
    const rec: InputRecord = { seq: log.length + 1, t: world.now, done: world.sched.done, src, kind, data };
    const input = decode(rec);
    if (!input || (input.kind !== "open" && "term" in input && !terminals.all.has(input.term))) return;
    log.push(rec);
    terminals.apply(input);
  };
  const hosts = lab.machines.filter((m) => m.kind !== "switch");
  for (let term = 1; term <= 3; term++)
    accept(`term:${term}`, "open", { machine: hosts[term % hosts.length]!.name, user: d.chance(50) ? "root" : null, cols: 80, rows: 24 });
  for (let i = 0; i < INPUTS; i++) {
    const term = `term:${1 + d.below(3)}`;
    if (d.chance(4)) accept(term, "resize", { cols: 1 + d.below(120), rows: 1 + d.below(50) });
    else if (d.chance(2)) accept("app", "button", { do: d.of(["plug", "unplug"]), cable: d.of(lab.cables).id });
    else accept(term, d.chance(95) ? "key" : "paste", keys(d));
    const until = world.now + d.below(400) * MS;
    while (world.run(until, 1 + d.below(3000)) === "budget");
    for (const t of terminals.all.values()) t.tty.drain();
  }
  expect(world.faults.map((f) => `${f.comm}: ${f.what}\n${f.stack}`)).toEqual([]);
  void guide;

  const task = replay(choice, log, { t: world.now, done: world.sched.done });
  let step = task.next();
  while (!step.done) {
    for (const t of terminals.all.values()) t.tty.drain();
    step = task.next();
  }
  expect(step.value.lw.world.digest.toString()).toBe(world.digest.toString());
});

/** UDP datagrams a second, host – bridge – router – bridge – host: here, in the real kernel's namespaces, in ns-3. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { inNamespace, median, timed } from "../measure.ts";
import { number, type Row } from "../table.ts";

const COUNT = 40_000;
/** each crosses four wires, and every wire's frame is seen at both ends by a capture */
const WIRES = 4;

export function frames(b: Bench): Row[] {
  const path = join(b.scripts, "path.sh");
  const script = readFileSync(path, "utf8");
  const sim = (capture: boolean): (() => number) => {
    const flood = new b.engine.Flood(script, capture);
    return () => {
      let r = { arrived: 0, captured: 0 };
      const t = timed(() => (r = flood.send(COUNT)));
      if (r.arrived !== COUNT) throw new Error(`${r.arrived} of ${COUNT} datagrams arrived`);
      if (capture && r.captured < COUNT * WIRES * 2) throw new Error(`only ${r.captured} frames were captured`);
      return (COUNT / t) * 1000;
    };
  };
  const plain = sim(false);
  const captured = sim(true);
  const real = b.real ? realFlood(b, path) : null;
  const ns3 = buildNs3(b);
  const rates = { plain: [] as number[], captured: [] as number[], real: [] as number[], ns3: [] as number[] };
  plain();
  captured();
  for (let i = 0; i < b.pairs; i++) {
    rates.plain.push(plain());
    rates.captured.push(captured());
    if (real) rates.real.push(real());
    if (ns3) rates.ns3.push(ns3());
  }
  const row = (what: string, ours: number[], theirs: number[], missing: string, must: number, stretch: number): Row => ({
    what,
    ours: `${number(median(ours))}/s`,
    other: theirs.length === 0 ? missing : `${number(median(theirs))}/s`,
    figure: theirs.length === 0 ? null : median(ours.map((o, i) => o / theirs[i]!)),
    unit: "×",
    must,
    stretch,
  });
  return [
    row("UDP host–bridge–router–bridge–host, beside the real kernel", rates.plain, rates.real, "–", 1, 3),
    row("the same, every frame captured", rates.captured, rates.real, "–", 0.5, 1.5),
    row("the same, beside ns-3", rates.plain, rates.ns3, "not installed", 5, 15),
    row("the same, every frame captured, beside ns-3", rates.captured, rates.ns3, "not installed", 2.5, 7.5),
  ];
}

/** Packets a second that the other end of the real path counts while a C program sends as fast as it can. */
function realFlood(b: Bench, path: string): () => number {
  const program = join(b.dir, "flood");
  const r = spawnSync("gcc", ["-O2", "-o", program, join(b.realDir, "flood.c")], { encoding: "utf8" });
  if (r.status !== 0) throw new Error(r.stderr);
  return () => {
    const out = inNamespace(
      `bash ${path} >/dev/null && { ip netns exec h2 ${program} count 9000 1.5 & sleep 0.2; ip netns exec h1 ${program} send 10.2.0.1 9000 1 >/dev/null; wait; }`,
    );
    const [n, seconds] = out.trim().split(" ").map(Number);
    return n! / seconds!;
  };
}

/** The same path in ns-3, when its development files are there. */
function buildNs3(b: Bench): (() => number) | null {
  const libs = ["core", "network", "internet", "csma", "bridge", "applications"].map((m) => `ns3-${m}`);
  const flags = spawnSync("pkg-config", ["--cflags", "--libs", ...libs], { encoding: "utf8" });
  if (flags.status !== 0) return null;
  const program = join(b.dir, "ns3-path");
  // Debian's .pc files name libgsl, which is not needed here and need not be installed
  const libraries = flags.stdout
    .trim()
    .split(/\s+/)
    .filter((f) => !f.includes("libgsl"));
  const args = ["-O2", "-std=c++17", "-o", program, join(b.realDir, "ns3.cc"), ...libraries];
  const r = spawnSync("g++", args, { encoding: "utf8" });
  if (r.status !== 0) throw new Error(r.stderr);
  return () => {
    const ran = spawnSync(program, [String(COUNT)], { encoding: "utf8" });
    const [n, seconds] = ran.stdout.trim().split(" ").map(Number);
    if (n !== COUNT) throw new Error(`ns-3: ${n} of ${COUNT} datagrams arrived: ${ran.stderr}`);
    return n / seconds!;
  };
}

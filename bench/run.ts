/**
 * `npm run bench`: side by side in one run, medians of pairs, never part of a test.
 *   exercise 1 (two namespaces, a veth pair, three pings): the engine loaded, a fresh `hop run` process, and the real kernel (root)
 *   frames a second through host – router – host, flight recorder on
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { loadContent } from "../scripts/content.ts";
import { SEC } from "../sim/core/time.ts";
import { buildLab } from "../sim/lab/build.ts";
import { plainLab } from "../sim/lab/plain.ts";
import { parseScript, runSteps } from "../sim/lab/script.ts";
import { floodThroughRouter } from "./flood.ts";

const ROOT = join(import.meta.dirname, "..");
const SCRIPT = join(import.meta.dirname, "exercise-1.sh");
const PAIRS = 5;

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)]!;
function timed(f: () => void): number {
  const t = performance.now();
  f();
  return performance.now() - t;
}

function engine(): void {
  const text = readFileSync(SCRIPT, "utf8");
  const lw = plainLab(1);
  let ok = false;
  for (const r of runSteps(lw.world, parseScript(text, ["lab"]), { pace: 0, limit: 60, user: "root" }))
    if (r?.stdout.includes("3 received")) ok = true;
  if (!ok) throw new Error("the pings were not answered in the simulator");
}

function fresh(): void {
  const r = spawnSync(process.execPath, [join(ROOT, "dist/hop.js"), "run", SCRIPT], { encoding: "utf8" });
  if (!r.stdout.includes("3 received")) throw new Error("hop run did not do exercise 1");
}

/** In a network and mount namespace of its own, so that nothing of the machine is touched. */
function real(): void {
  const r = spawnSync("unshare", ["--net", "--mount", "bash", "-c", `mount -t tmpfs none /run && bash ${SCRIPT}`], { encoding: "utf8" });
  if (!r.stdout.includes("3 received")) throw new Error(`the real kernel did not do exercise 1: ${r.stderr}`);
}

const isRoot = process.platform === "linux" && process.getuid?.() === 0 && spawnSync("ip", ["-V"]).status === 0;
console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, kernel ${release()}\n`);

engine(); // warm
const a: number[] = [];
const b: number[] = [];
const c: number[] = [];
const hop = existsSync(join(ROOT, "dist/hop.js"));
for (let i = 0; i < PAIRS; i++) {
  a.push(timed(engine));
  if (hop) b.push(timed(fresh));
  if (isRoot) c.push(timed(real));
}
const line = (what: string, ms: number, against: number | null): void =>
  console.log(`${what.padEnd(44)} ${ms.toFixed(1).padStart(9)} ms ${against === null ? "" : `${(against / ms).toFixed(0).padStart(7)} ×`}`);
const realMs = isRoot ? median(c) : null;
console.log("exercise 1, as written (ping waits a second between requests); × faster than the real kernel");
line("  engine loaded", median(a), realMs);
if (hop) line("  a fresh `node dist/hop.js run`", median(b), realMs);
else console.log("  a fresh `hop run`: not measured, npm run build makes dist/hop.js");
if (realMs !== null) line("  real kernel, iproute2, ping", realMs, null);
else console.log("  real kernel: not measured, this needs Linux, root and iproute2");

const { labs } = loadContent(join(ROOT, "chapters"));
const rates: number[] = [];
for (let i = 0; i < PAIRS; i++) {
  const lw = buildLab(
    labs.find((l) => l.id === "two-networks")!,
    null,
    1,
  );
  const r = floodThroughRouter(lw, 20_000);
  const ms = timed(() => {
    while (lw.world.run(r.until, 100_000) === "budget");
  });
  if (r.arrived() !== r.sent) throw new Error(`${r.arrived()} of ${r.sent} frames arrived`);
  rates.push((r.sent / ms) * 1000);
}
console.log(
  `\nUDP frames forwarded host – router – host, recorder on: ${Math.round(median(rates)).toLocaleString("en")} a second (${(SEC / median(rates)).toFixed(0)} ns each)`,
);

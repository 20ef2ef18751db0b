/**
 * `npm run bench`: the simulator beside what a learner would use instead, in one run, medians of pairs. Never part of a test.
 *   npm run bench [-- [--write] [ROWS…]]   ROWS: exercises frames building memory replay browser; --write makes docs/bench.md
 * The real kernel's side needs Linux, root, iproute2, ping and gcc; ns-3's its Debian package libns3-dev with g++; the browser's a Chromium.
 * What is not there is left out, and the table says so.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { loadContent } from "../scripts/content.ts";
import type { Bench } from "./bench.ts";
import { hasRealKernel } from "./measure.ts";
import { browser } from "./rows/browser.ts";
import { building, memory, replayRow } from "./rows/building.ts";
import { exercises } from "./rows/exercises.ts";
import { frames } from "./rows/frames.ts";
import { markdown, type Row } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const ROWS: Readonly<Record<string, (b: Bench) => Row[] | Promise<Row[]>>> = {
  exercises,
  frames,
  building,
  memory: (b) => [memory(b)],
  replay: (b) => [replayRow(b)],
  browser,
};

/** Bundles the engine and the command line as they ship, from the sources as they are now. */
async function bundle(dir: string): Promise<void> {
  const common = { root: ROOT, logLevel: "error" } as const;
  await build({
    ...common,
    configFile: false,
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, "engine/index.ts"),
      target: "node20",
      outDir: dir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { output: { entryFileNames: "engine.mjs", format: "es" } },
    },
  });
  await build({ ...common, configFile: join(ROOT, "vite.cli.config.ts"), build: { outDir: dir } });
}

const args = process.argv.slice(2);
const wanted = args.filter((a) => !a.startsWith("--"));
for (const w of wanted) if (!(w in ROWS)) throw new Error(`there are no rows "${w}"; there are ${Object.keys(ROWS).join(", ")}`);
// what else the machine had to do: with more than a little, the figures are worse than they could be
const load = loadavg()[0]!.toFixed(1);
const dir = mkdtempSync(join(tmpdir(), "hop-bench-"));
try {
  writeFileSync(join(dir, "package.json"), '{ "type": "module" }');
  await bundle(dir);
  const enginePath = join(dir, "engine.mjs");
  const b: Bench = {
    engine: await import(enginePath),
    enginePath,
    hop: join(dir, "hop.js"),
    labs: loadContent(join(ROOT, "chapters")).labs,
    root: ROOT,
    scripts: join(import.meta.dirname, "scripts"),
    realDir: join(import.meta.dirname, "real"),
    dir,
    real: hasRealKernel(),
    pairs: 5,
    slowPairs: 3,
  };
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(ROWS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    rows.push(...(await measure(b)));
  }
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, kernel ${release()}, load average ${load} at the start`;
  const text = markdown(rows);
  console.log(`${machine}\n\n${text}`);
  if (args.includes("--write"))
    writeFileSync(
      join(ROOT, "docs/bench.md"),
      `# Speed\n\nMade by \`npm run bench -- --write\` (bench/). Both sides run in turn in one run; figures are medians of pairs, "×" says how many times as\nfast as the other side. Absolute numbers are those of one machine and its load; trust the ratios.\n\n${machine}\n\n${text}\n`,
    );
} finally {
  rmSync(dir, { recursive: true, force: true });
}

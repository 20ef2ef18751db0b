/** For tests: the command line as it is shipped, built once into a directory of its own, and a way to run it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "../..");

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export class Hop {
  /** a directory for the test's files */
  readonly dir: string;
  private readonly file: string;

  constructor(dir: string, file: string) {
    this.dir = dir;
    this.file = file;
  }
  get path(): string {
    return this.file;
  }
  /** Writes a file into the directory and gives its path. */
  write(name: string, text: string | Uint8Array): string {
    const path = join(this.dir, name);
    writeFileSync(path, text);
    return path;
  }
  hop(...args: readonly string[]): Ran {
    const r = spawnSync(process.execPath, [this.file, ...args], { cwd: this.dir, encoding: "utf8", maxBuffer: 1 << 28 });
    return { stdout: r.stdout, stderr: r.stderr, code: r.status };
  }
  /** The array that `hop run --json` prints for a script. */
  run(script: string, ...args: readonly string[]): { cmd: string; stdout: string; stderr: string; code: number }[] {
    const r = this.hop("run", "--json", ...args, this.write("script.sh", script));
    if (r.code !== 0 || r.stderr !== "") throw new Error(`exit ${r.code}: ${r.stderr}`);
    return JSON.parse(r.stdout);
  }
}

export async function builtHop(): Promise<Hop> {
  const dir = mkdtempSync(join(tmpdir(), "hop-cli-"));
  const outDir = join(dir, "dist");
  await build({ root, configFile: join(root, "vite.cli.config.ts"), logLevel: "error", build: { outDir } });
  return new Hop(dir, join(outDir, "hop.js"));
}

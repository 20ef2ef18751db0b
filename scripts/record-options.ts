/**
 * Records which options the real tools know: test/fuzz/testdata/options.json. For every tool of ours that is installed
 * here, each one-letter option is tried; what the tool refuses as an option of no meaning to it is written down with its exit status and
 * the first line of its message, the others are known to it. Long options are those its --help names.
 *
 * Debian 12, root; runs itself in namespaces of its own, so that nothing it starts can do harm:
 *   npx tsx scripts/record-options.ts
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands, notYet } from "../sim/bin/registry.ts";

interface Recorded {
  known: string[];
  refused: Record<string, { code: number; message: string }>;
}

const LETTERS = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];
const NONSENSE = "--no-such-option";
/** ways to say that an option means nothing */
const REFUSAL =
  /(invalid|unrecognized|unknown|illegal|bad|unsupported|not an?)\b.*(option|argument|predicate|switch)|Option "-.*" is unknown|Bad option/i;
const env = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  TERM: "dumb",
};

if (process.env.HOP_INSIDE !== "1") {
  const args = [
    "--net",
    "--mount",
    "--uts",
    "--pid",
    "--fork",
    "--mount-proc",
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ];
  process.exit(spawnSync("unshare", args, { stdio: "inherit", env: { ...process.env, HOP_INSIDE: "1" } }).status ?? 1);
}

const cwd = mkdtempSync(join(tmpdir(), "options-"));
function real(name: string): string | null {
  for (const dir of env.PATH.split(":")) if (existsSync(`${dir}/${name}`)) return `${dir}/${name}`;
  return null;
}
function run(name: string, args: readonly string[]): { code: number; message: string; all: string } {
  const r = spawnSync(name, args, { cwd, env, input: "", encoding: "utf8", timeout: 700, killSignal: "SIGKILL" });
  return { code: r.status ?? -1, message: r.stderr.split("\n")[0] ?? "", all: `${r.stdout}${r.stderr}` };
}

const out: Record<string, Recorded> = {};
for (const c of commands) {
  if (notYet.includes(c) || !real(c.name)) continue;
  const rec: Recorded = { known: [], refused: {} };
  for (const option of [...LETTERS.map((l) => `-${l}`), NONSENSE]) {
    const r = run(c.name, [option]);
    if (r.code > 0 && REFUSAL.test(r.message)) rec.refused[option] = { code: r.code, message: r.message };
    else rec.known.push(option);
  }
  // a tool that takes anything (echo, true) refuses nothing, and what it "knows" means nothing
  if (Object.keys(rec.refused).length === 0) continue;
  const help = run(c.name, ["--help"]).all;
  if (!REFUSAL.test(help.split("\n")[0]!))
    for (const m of help.matchAll(/(?<![\w-])--[a-z][a-z0-9]+(?:-[a-z0-9]+)*/g)) if (!rec.known.includes(m[0])) rec.known.push(m[0]);
  out[c.name] = rec;
}
rmSync(cwd, { recursive: true });
writeFileSync(join(import.meta.dirname, "../test/fuzz/testdata/options.json"), `${JSON.stringify(out, null, 1)}\n`);
console.log(`${Object.keys(out).length} tools`);

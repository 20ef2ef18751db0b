/** `hop run`: runs each complete command of a script on a plain machine or in a lab, and prints what came out. */
import { readFileSync, writeFileSync } from "node:fs";
import { buildLab, type LabWorld } from "../sim/lab/build.ts";
import { plainLab } from "../sim/lab/plain.ts";
import { paceOf, parseScript, runSteps, type ScriptResult } from "../sim/lab/script.ts";
import { BadInput, numberOption, pair, type Args } from "./args.ts";
import { labNamed } from "./content.ts";

export function readScriptFile(args: Args): string {
  const [file, ...more] = args.words;
  if (file === undefined) throw new BadInput("no script was named; see hop --help");
  if (more.length > 0) throw new BadInput(`one script at a time: "${more[0]}" is one too many`);
  return readText(file);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (e) {
    throw new BadInput(`cannot read ${file}: ${reason(e)}`);
  }
}
function reason(e: unknown): string {
  const code = (e as NodeJS.ErrnoException).code;
  return code === "ENOENT"
    ? "there is no such file"
    : code === "EISDIR"
      ? "it is a directory"
      : code === "EACCES"
        ? "permission denied"
        : String((e as Error).message);
}

export function run(args: Args): number {
  const text = readScriptFile(args);
  const seed = numberOption(args, "seed", 1, 0, 0xffffffff);
  const limit = numberOption(args, "limit", 600, 0.001, 1e6);
  const lab = args.values.get("lab");
  const lw = lab === undefined ? plainLab(seed) : buildLab(labNamed(lab), null, seed);
  const hosts = lw.lab.machines.filter((m) => m.kind !== "switch").map((m) => m.name);
  const machine = args.values.get("machine") ?? hosts[0]!;
  const user = args.values.get("user") ?? "root";
  const steps = parseScript(text, machine);
  for (const name of new Set([machine, ...steps.map((s) => s.machine)]))
    if (!hosts.includes(name)) throw new BadInput(`there is no machine "${name}"; there is ${hosts.join(", ")}`);
  for (const name of new Set(steps.map((s) => s.machine)))
    if (!lw.machine(name).account(user)) throw new BadInput(`there is no user "${user}" on ${name}`);
  const files = (args.lists.get("file") ?? []).map((f) => pair("file", f)).map(([host, sim]) => ({ sim, data: readBytes(host) }));
  const outs = (args.lists.get("out") ?? []).map((f) => pair("out", f));
  for (const f of files) if (lw.machine(machine).writeFile(f.sim, f.data) < 0) throw new BadInput(`cannot write ${f.sim} on ${machine}`);

  const results: ScriptResult[] = [];
  for (const r of runSteps(lw.world, steps, { pace: paceOf(text), limit, user })) {
    if (!r) continue;
    results.push(r);
    if (!args.flags.has("json")) process.stdout.write(transcript(r, steps[results.length - 1]!.machine, hosts.length > 1));
  }
  if (lw.world.dead) throw new Error(lw.world.faults.map((f) => `${f.what}\n${f.stack}`).join("\n"));
  if (args.flags.has("json")) process.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
  copyOut(lw, machine, outs);
  return 0;
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (e) {
    throw new BadInput(`cannot read ${file}: ${reason(e)}`);
  }
}

/** Copies files out of the machine. All are read before the first is written. */
function copyOut(lw: LabWorld, machine: string, outs: readonly (readonly [string, string])[]): void {
  const found = outs.map(([sim, host]) => {
    const data = lw.machine(machine).readFile(sim);
    if (!data) throw new BadInput(`there is no file ${sim} on ${machine} to copy out`);
    return { host, data };
  });
  for (const f of found) {
    try {
      writeFileSync(f.host, f.data);
    } catch (e) {
      throw new BadInput(`cannot write ${f.host}: ${reason(e)}`);
    }
  }
}

function transcript(r: ScriptResult, machine: string, several: boolean): string {
  const prompt = several ? `${machine}$ ` : "$ ";
  const cmd = r.cmd.split("\n").map((l, i) => (i === 0 ? prompt : "> ") + l);
  const end = (s: string): string => (s === "" || s.endsWith("\n") ? s : `${s}\n`);
  return `${cmd.join("\n")}\n${end(r.stdout)}${end(r.stderr)}${r.code === 0 ? "" : `[exit status ${r.code}]\n`}`;
}

/** `hop run`: runs each complete command of a script on a plain machine or in a lab, and prints what came out. */
import { buildLab, type LabWorld } from "../sim/lab/build.ts";
import { PLAIN, plainLab } from "../sim/lab/plain.ts";
import { paceOf, runSteps, type ScriptResult } from "../sim/lab/script.ts";
import { BadInput, limitOption, pair, seedOption, type Args } from "./args.ts";
import { labNamed } from "./content.ts";
import { checkTarget, readBytes, readScript, writeAll } from "./host.ts";
import { checkMachine, checkUser, hostsOf, stepsOf, throwIfDead, withGuide } from "./world.ts";

export function run(args: Args): number {
  const text = readScript(args.words[0]);
  const seed = seedOption(args);
  const limit = limitOption(args);
  const name = args.values.get("lab");
  const lab = name === undefined ? PLAIN : labNamed(name);
  const hosts = hostsOf(lab);
  const machine = args.values.get("machine") ?? hosts[0]!;
  const user = args.values.get("user") ?? "root";
  checkMachine(lab, machine);
  const steps = stepsOf(text, lab, machine);
  for (const m of new Set([machine, ...steps.map((s) => s.machine)])) checkUser(lab, m, user);
  const files = (args.lists.get("file") ?? []).map((f) => pair("file", f)).map(([host, sim]) => ({ sim, data: readBytes(host) }));
  const outs = (args.lists.get("out") ?? []).map((f) => pair("out", f));
  for (const [, host] of outs) checkTarget(host);

  const lw = withGuide(name === undefined ? plainLab(seed) : buildLab(lab, null, seed));
  const home = lw.machine(machine).account(user)!.home;
  const inHome = (path: string): string => (path.startsWith("/") ? path : `${home}/${path}`);
  for (const f of files)
    if (lw.machine(machine).writeFile(inHome(f.sim), f.data) < 0) throw new BadInput(`cannot write ${f.sim} on ${machine}`);

  const json = args.flags.has("json");
  // with files to copy out nothing is said before they are known to be there
  const waits = json || outs.length > 0;
  const results: ScriptResult[] = [];
  const show = (r: ScriptResult, i: number): boolean => process.stdout.write(transcript(r, steps[i]!.machine, hosts.length > 1));
  for (const r of runSteps(lw.world, steps, { pace: paceOf(text), limit, user })) {
    if (!r) continue;
    results.push(r);
    if (!waits) show(r, results.length - 1);
  }
  throwIfDead(lw);
  copyOut(
    lw,
    machine,
    outs.map(([sim, host]) => [inHome(sim), host]),
  );
  if (json) printJson(results);
  else if (waits) results.forEach(show);
  return 0;
}

/** One array, written element by element: together they may be longer than a string can be. */
function printJson(results: readonly ScriptResult[]): void {
  process.stdout.write("[");
  results.forEach((r, i) => process.stdout.write(`${i === 0 ? "" : ","}\n ${JSON.stringify(r, null, 1).replaceAll("\n", "\n ")}`));
  process.stdout.write(results.length === 0 ? "]\n" : "\n]\n");
}

/** Copies files out of the machine: all, or none when one is missing. */
function copyOut(lw: LabWorld, machine: string, outs: readonly (readonly [string, string])[]): void {
  const found = outs.map(([sim, path]) => {
    const data = lw.machine(machine).readFile(sim);
    if (!data) throw new BadInput(`there is no file ${sim} on ${machine} to copy out`);
    return { path, data };
  });
  writeAll(found);
}

function transcript(r: ScriptResult, machine: string, several: boolean): string {
  const prompt = several ? `${machine}$ ` : "$ ";
  const cmd = r.cmd.split("\n").map((l, i) => (i === 0 ? prompt : "> ") + l);
  const end = (s: string): string => (s === "" || s.endsWith("\n") ? s : `${s}\n`);
  return `${cmd.join("\n")}\n${end(r.stdout)}${end(r.stderr)}${r.code === 0 ? "" : `[exit status ${r.code}]\n`}`;
}

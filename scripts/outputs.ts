/**
 * `npm run outputs`: runs each chapter's outputs.sh in the simulator and writes what was answered to outputs.json, from where the text
 * shows it. Nothing that a machine prints is typed into a chapter.
 *
 * An outputs.sh is a script for `hop run` with a header (# lab: ID, # seed: N). It runs as the person whom a terminal logs in. A comment "#= KEY" keeps what the next
 * command prints under that key; "#@ MACHINE" goes on on another machine. Another header begins again in another lab.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildLab } from "../sim/lab/build.ts";
import { parseScript, runSteps } from "../sim/lab/script.ts";
import { Guide } from "../sim/session/guide.ts";
import { loadContent, type Content } from "./content.ts";

const CHAPTERS = join(import.meta.dirname, "../chapters");

/** Chapters that have an outputs.sh. */
export function chaptersWithOutputs(): string[] {
  return readdirSync(CHAPTERS).filter((c) => existsSync(join(CHAPTERS, c, "outputs.sh")));
}

function header(text: string, name: string): string | undefined {
  return new RegExp(`^# ${name}: (.+)$`, "m").exec(text)?.[1]?.trim();
}

/** What a chapter's outputs.json should hold, as text of the file. */
export function makeOutputs(chapter: string, content: Content = loadContent(CHAPTERS)): string {
  const text = readFileSync(join(CHAPTERS, chapter, "outputs.sh"), "utf8");
  const outputs: Record<string, string> = {};
  for (const script of text.split(/^(?=# lab: )/m).filter((s) => header(s, "lab"))) Object.assign(outputs, run(chapter, script, content));
  return `${JSON.stringify(outputs, null, 1)}\n`;
}

/** The kept outputs of one lab's part of the script. */
function run(chapter: string, text: string, content: Content): Record<string, string> {
  const lab = content.labs.find((l) => l.id === header(text, "lab"));
  if (!lab) throw new Error(`${chapter}/outputs.sh names no lab that exists`);
  const lw = buildLab(lab, null, Number(header(text, "seed") ?? 1));
  new Guide(lw); // for `lab plug` and `why`
  const steps = parseScript(
    text,
    lab.machines.map((m) => m.name),
  );
  const lines = text.split("\n");
  const outputs: Record<string, string> = {};
  let i = 0;
  for (const r of runSteps(lw.world, steps, { pace: 0.1, limit: 600, user: null })) {
    if (!r) continue;
    const key = /^#= (\S+)\s*$/.exec(lines[steps[i]!.line - 2] ?? "")?.[1];
    if (key) outputs[key] = r.stdout + r.stderr;
    i++;
  }
  if (lw.world.dead || i < steps.length) throw new Error(`${chapter}/outputs.sh ended after ${i} of ${steps.length} commands`);
  return outputs;
}

if (process.argv[1] === import.meta.filename) {
  for (const chapter of chaptersWithOutputs()) {
    writeFileSync(join(CHAPTERS, chapter, "outputs.json"), makeOutputs(chapter));
    console.log(`chapters/${chapter}/outputs.json`);
  }
}

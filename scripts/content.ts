/**
 * Reads the course's data files (course, labs, challenges) from chapters/, checks them against their schemas and
 * gives them to the app and the command line as one module, `virtual:hop-content`. A wrong file stops the build with one
 * line that names it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Plugin } from "vite";
import type { ChallengeManifest, LabManifest, LocalText } from "../sim/lab/manifest.ts";
import { challengeSchema, check, labSchema } from "../sim/lab/schema.ts";

export interface CourseChapter {
  readonly id: string;
  readonly number: number;
  readonly title: LocalText;
  readonly about: LocalText;
  readonly minutes: number;
  /** is its text there yet? */
  readonly ready: boolean;
}

export interface Content {
  readonly groups: readonly { readonly title: LocalText; readonly chapters: readonly CourseChapter[] }[];
  readonly labs: readonly LabManifest[];
  readonly challenges: readonly ChallengeManifest[];
}

/** All data of the course below `dir` (the chapters folder). Throws an Error whose message names the file. */
export function loadContent(dir: string): Content {
  const course = parse(readFileSync(join(dir, "course.yaml"), "utf8")) as {
    groups: { title: LocalText; chapters: Omit<CourseChapter, "ready">[] }[];
  };
  const labs: LabManifest[] = [];
  const challenges: ChallengeManifest[] = [];
  for (const chapter of readdirSync(dir, { withFileTypes: true })) {
    if (!chapter.isDirectory()) continue;
    for (const f of yamlFiles(join(dir, chapter.name, "labs"))) labs.push(read(f, labSchema));
    for (const f of yamlFiles(join(dir, chapter.name, "challenges"))) challenges.push(read(f, challengeSchema));
  }
  return {
    groups: course.groups.map((g) => ({
      title: g.title,
      chapters: g.chapters.map((c) => ({ ...c, ready: existsSync(join(dir, c.id, "index.en.mdx")) })),
    })),
    labs,
    challenges,
  };
}

function yamlFiles(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((f) => f.endsWith(".yaml"))
    .sort()
    .map((f) => join(dir, f));
}

function read<T>(file: string, schema: Parameters<typeof check<T>>[0]): T {
  let value: unknown;
  try {
    value = parse(readFileSync(file, "utf8"));
  } catch (e) {
    throw new Error(`${file}: ${(e as Error).message.split("\n")[0]}`, { cause: e });
  }
  const r = check(schema, value);
  if (!r.ok) throw new Error(`${file}: ${r.message}`);
  return r.value;
}

const ID = "virtual:hop-content";

/** Vite plugin that supplies the checked content as a module. */
export function contentPlugin(dir: string): Plugin {
  return {
    name: "hop-content",
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load(id) {
      if (id !== `\0${ID}`) return null;
      this.addWatchFile(dir);
      return `export default ${JSON.stringify(loadContent(dir))};`;
    },
  };
}

/**
 * The course's data for the app, read from chapters/ when it is built (scripts/content.ts reads and checks it):
 *   virtual:hop/worlds   labs and challenges whole, for the world's worker
 *   virtual:hop/catalog  the syllabus, and what a learner may know of labs and challenges beforehand: no fault, hint or check
 *   virtual:hop/outline  parts and headings of every chapter in each language, for the course map and the search
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Plugin } from "vite";
import { loadContent } from "../../scripts/content.ts";
import type { ChallengeManifest } from "../../sim/lab/manifest.ts";
import { outlineOf, type ChapterOutline } from "./outline.ts";

const MODULES = ["virtual:hop/worlds", "virtual:hop/catalog", "virtual:hop/outline"];

/** @param data folder of course.yaml, labs and challenges; @param texts folder of the chapters' texts */
export function coursePlugin(data: string, texts: string): Plugin {
  return {
    name: "hop-course",
    resolveId: (id) => (MODULES.includes(id) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith("\0virtual:hop/")) return null;
      const files = [...list(data), ...list(texts)];
      for (const file of files) if (/\.(ya?ml|mdx)$/.test(file)) this.addWatchFile(file);
      if (id === "\0virtual:hop/outline") return exportAll({ chapters: readOutlines(texts) });
      const { groups, labs, challenges } = loadContent(data);
      if (id === "\0virtual:hop/worlds") return exportAll({ labs, challenges });
      const labFacts = labs.map(({ id: lab, title, machines, cables }) => ({
        id: lab,
        title,
        machines: machines.map((m) => ({ name: m.name, kind: m.kind ?? "host", badge: m.badge, x: m.x, y: m.y })),
        cables: cables.map((c) => c.ends.map((end) => end.split(":")[0])),
      }));
      return exportAll({ groups, labs: labFacts, challenges: challenges.map(publicFacts) });
    },
  };
}

const exportAll = (exports: Record<string, unknown>): string =>
  Object.entries(exports)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join("\n");

function list(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A challenge's briefing, and nothing that tells its cause. */
function publicFacts(c: ChallengeManifest) {
  return {
    id: c.id,
    title: c.title,
    chapter: c.chapter,
    level: c.level,
    minutes: c.minutes,
    lab: c.world.lab,
    machines: c.access.machines,
    locked: c.access.locked ?? [],
    briefing: c.briefing,
    goals: c.goals.map((g) => ({ id: g.id, title: g.title, visible: g.visible })),
    rules: [...(c.invariants ?? []), ...(c.forbidden ?? [])].map((r) => ({ id: r.id, title: r.title })),
    ask: c.diagnosis ? { id: c.diagnosis.id, text: c.diagnosis.ask } : null,
    pass: c.scoring.pass,
  };
}

function readOutlines(dir: string): ChapterOutline[] {
  const byChapter = new Map<string, ChapterOutline>();
  for (const file of list(dir)) {
    const match = /^([^/]+)\/index\.(en|ko)\.mdx$/.exec(relative(dir, file).split(sep).join("/"));
    if (!match) continue;
    const [, id, locale] = match as unknown as [string, string, "en" | "ko"];
    const chapter = byChapter.get(id) ?? { id, en: null, ko: null };
    chapter[locale] = outlineOf(readFileSync(file, "utf8"));
    byChapter.set(id, chapter);
  }
  return [...byChapter.values()].sort((a, b) => Number.parseInt(a.id, 10) - Number.parseInt(b.id, 10));
}

/** What the app knows of chapters, labs and challenges without asking a world. */
import type { MDXContent } from "mdx/types";
import { challenges, groups, labs } from "virtual:hop/catalog";
import { chapters as outlines } from "virtual:hop/outline";
import type { Outline } from "../build/outline.ts";
import type { LocalText } from "../../sim/lab/manifest.ts";
import type { Locale } from "../i18n/index.ts";

export interface SyllabusChapter {
  /** folder under chapters/ */
  readonly id: string;
  readonly number: number;
  readonly title: LocalText;
  readonly about: LocalText;
  readonly minutes: number;
}
export interface SyllabusGroup {
  readonly title: LocalText;
  readonly chapters: readonly SyllabusChapter[];
}

export interface LabFacts {
  readonly id: string;
  readonly title: LocalText;
  readonly machines: readonly {
    readonly name: string;
    readonly kind: "host" | "switch";
    readonly badge: string;
    readonly x: number;
    readonly y: number;
  }[];
  /** names of the two machines of each cable */
  readonly cables: readonly (readonly [string, string])[];
}

export interface ChallengeFacts {
  readonly id: string;
  readonly title: LocalText;
  readonly chapter: string;
  readonly level: 1 | 2 | 3;
  readonly minutes: number;
  readonly lab: string;
  readonly machines: readonly string[];
  readonly locked: readonly string[];
  readonly briefing: { readonly symptom: LocalText; readonly ticket: LocalText };
  readonly goals: readonly { readonly id: string; readonly title: LocalText; readonly visible: boolean }[];
  /** what has to stay and what is not allowed, by id of its check; told with the result only */
  readonly rules: readonly { readonly id: string; readonly title: LocalText }[];
  readonly ask: { readonly id: string; readonly text: LocalText } | null;
  readonly pass: number;
}

/** The course map: chapters in groups, in order. A chapter whose text is not there yet is shown and says so. */
export const syllabus: readonly SyllabusGroup[] = groups;
export const chapterList: readonly SyllabusChapter[] = groups.flatMap((g) => g.chapters);

export const challengeList = [...challenges].sort(
  (a, b) => Number.parseInt(a.chapter, 10) - Number.parseInt(b.chapter, 10) || a.level - b.level,
);
export const challengeById = (id: string): ChallengeFacts | null => challenges.find((c) => c.id === id) ?? null;
export const labById = (id: string): LabFacts | null => labs.find((l) => l.id === id) ?? null;

/** The chapter's outline in the given language, or in the other one where only that exists; null: not there yet. */
export function outlineFor(id: string, locale: Locale): Outline | null {
  const chapter = outlines.find((c) => c.id === id);
  return chapter ? (chapter[locale] ?? chapter.en ?? chapter.ko) : null;
}

export const chapterById = (id: string): SyllabusChapter | null => chapterList.find((c) => c.id === id) ?? null;

/** Chapter a challenge or a link names, whether by id ("3-routing") or by number. */
export const chapterOfChallenge = (c: ChallengeFacts): SyllabusChapter | null =>
  chapterById(c.chapter) ?? chapterList.find((s) => s.number === Number.parseInt(c.chapter, 10)) ?? null;

type Content = MDXContent;
const texts = byChapter(import.meta.glob<{ default: Content }>("@chapters/*/index.*.mdx"));
const outputs = byChapter(import.meta.glob<Record<string, string>>("@chapters/*/outputs.json", { import: "default" }));

/** The loaders by "CHAPTER/FILE", whatever the path to the chapters' folder is. */
function byChapter<T>(loaders: Record<string, T>): ReadonlyMap<string, T> {
  return new Map(Object.entries(loaders).map(([path, load]) => [path.split("/").slice(-2).join("/"), load]));
}

/** Loads a chapter's text, in the other language when it is missing in this one; null when it is in none. */
export async function loadChapter(
  id: string,
  locale: Locale,
): Promise<{ Content: Content; locale: Locale; outputs: Record<string, string> } | null> {
  const other: Locale = locale === "en" ? "ko" : "en";
  for (const tried of [locale, other]) {
    const load = texts.get(`${id}/index.${tried}.mdx`);
    if (!load) continue;
    const [module, answers] = await Promise.all([load(), outputs.get(`${id}/outputs.json`)?.() ?? {}]);
    return { Content: module.default, locale: tried, outputs: answers };
  }
  return null;
}

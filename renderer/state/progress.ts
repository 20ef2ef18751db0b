/**
 * What a learner has done in the course, apart from what was typed into its labs: parts done, answers kept, results.
 * The state is a fold over the records of the "course" stream, which are written before they count as saved.
 */
import { create } from "zustand";
import type { InputRecord } from "../../sim/session/protocol.ts";
import type { Level } from "../addresses/drills.ts";
import type { PlanText } from "../addresses/plan.ts";
import type { SaveState } from "../session/client.ts";
import { COURSE_STREAM, type ProgressStore } from "../store/progress-store.ts";

/** One thing done. `data` of a record of kind "button" or "evidence". */
export type Deed =
  | { readonly do: "visit"; readonly chapter: string; readonly part: string }
  | { readonly do: "part"; readonly chapter: string; readonly part: string }
  | { readonly do: "answer"; readonly chapter: string; readonly question: string; readonly choice: string }
  | { readonly do: "unanswer"; readonly chapter: string; readonly question: string }
  | { readonly do: "step"; readonly chapter: string; readonly step: string }
  | {
      readonly do: "evidence";
      readonly chapter: string;
      readonly question: string;
      readonly key: string;
      readonly line: string;
      readonly right: boolean;
    }
  /** the first answer to question n of a level; only it counts */
  | {
      readonly do: "drill";
      readonly chapter: string;
      readonly drill: string;
      readonly level: Level;
      readonly n: number;
      readonly right: boolean;
    }
  | {
      readonly do: "plan";
      readonly chapter: string;
      readonly plan: string;
      readonly seed: number;
      readonly text: PlanText;
      readonly passed: boolean;
    }
  | { readonly do: "begin"; readonly challenge: string; readonly seed: number }
  | { readonly do: "result"; readonly challenge: string; readonly seed: number; readonly score: number; readonly passed: boolean };

/** A drill passes with this many right answers in a row, at the first try, on its last level. */
export const STREAK = 3;

export interface DrillProgress {
  /** of the question in hand */
  readonly level: Level;
  /** of each level: questions answered, and right ones in a row up to now */
  readonly asked: Readonly<Partial<Record<Level, number>>>;
  readonly streak: Readonly<Partial<Record<Level, number>>>;
  readonly passed: boolean;
}
export const NO_DRILL: DrillProgress = { level: 1, asked: {}, streak: {}, passed: false };

export interface PlanProgress {
  /** of the plan that was checked last */
  readonly seed: number;
  readonly text: PlanText;
  /** a plan has held, whichever variant */
  readonly passed: boolean;
}

export interface ChallengeProgress {
  readonly best: number | null;
  readonly passed: boolean;
  /** variant last opened */
  readonly seed: number;
}

export interface Progress {
  readonly last: { readonly chapter: string; readonly part: string } | null;
  /** "chapter/part" */
  readonly parts: ReadonlySet<string>;
  /** "chapter/question" → option */
  readonly answers: ReadonlyMap<string, string>;
  /** "chapter/step" */
  readonly steps: ReadonlySet<string>;
  readonly evidence: ReadonlyMap<string, { readonly key: string; readonly line: string; readonly right: boolean }>;
  /** "chapter/drill" */
  readonly drills: ReadonlyMap<string, DrillProgress>;
  /** "chapter/plan" */
  readonly plans: ReadonlyMap<string, PlanProgress>;
  readonly challenges: ReadonlyMap<string, ChallengeProgress>;
}

export const NOTHING: Progress = {
  last: null,
  parts: new Set(),
  answers: new Map(),
  steps: new Set(),
  evidence: new Map(),
  drills: new Map(),
  plans: new Map(),
  challenges: new Map(),
};

export function withDeed(p: Progress, deed: Deed): Progress {
  switch (deed.do) {
    case "visit":
      return { ...p, last: { chapter: deed.chapter, part: deed.part } };
    case "part":
      return { ...p, parts: new Set(p.parts).add(`${deed.chapter}/${deed.part}`) };
    case "answer":
      return { ...p, answers: new Map(p.answers).set(`${deed.chapter}/${deed.question}`, deed.choice) };
    case "unanswer": {
      const answers = new Map(p.answers);
      answers.delete(`${deed.chapter}/${deed.question}`);
      return { ...p, answers };
    }
    case "step":
      return { ...p, steps: new Set(p.steps).add(`${deed.chapter}/${deed.step}`) };
    case "evidence":
      return {
        ...p,
        evidence: new Map(p.evidence).set(`${deed.chapter}/${deed.question}`, { key: deed.key, line: deed.line, right: deed.right }),
      };
    case "drill": {
      const key = `${deed.chapter}/${deed.drill}`;
      return { ...p, drills: new Map(p.drills).set(key, answered(p.drills.get(key) ?? NO_DRILL, deed)) };
    }
    case "plan": {
      const key = `${deed.chapter}/${deed.plan}`;
      const passed = deed.passed || (p.plans.get(key)?.passed ?? false);
      return { ...p, plans: new Map(p.plans).set(key, { seed: deed.seed, text: deed.text, passed }) };
    }
    case "begin": {
      const before = p.challenges.get(deed.challenge);
      return {
        ...p,
        challenges: new Map(p.challenges).set(deed.challenge, {
          best: before?.best ?? null,
          passed: before?.passed ?? false,
          seed: deed.seed,
        }),
      };
    }
    case "result": {
      const before = p.challenges.get(deed.challenge);
      const best = Math.max(before?.best ?? 0, deed.score);
      return {
        ...p,
        challenges: new Map(p.challenges).set(deed.challenge, { best, passed: (before?.passed ?? false) || deed.passed, seed: deed.seed }),
      };
    }
    default:
      // a record of a newer version: kept in the store, without effect here
      return p;
  }
}

/** After an answer: the streak grows or begins again, and a full one leads to the next level. */
function answered(d: DrillProgress, { level, n, right }: { level: Level; n: number; right: boolean }): DrillProgress {
  const streak = right ? (d.streak[level] ?? 0) + 1 : 0;
  const full = streak >= STREAK;
  return {
    level: full && level < 4 ? ((level + 1) as Level) : level,
    asked: { ...d.asked, [level]: n + 1 },
    streak: { ...d.streak, [level]: streak },
    passed: d.passed || (full && level === 4),
  };
}

interface ProgressState {
  readonly progress: Progress;
  readonly loaded: boolean;
  readonly saved: SaveState;
  /** number of good records when the rest was damaged */
  readonly damagedAfter: number | null;
  load(store: ProgressStore): Promise<void>;
  /** Keeps a deed. Nothing is kept in a window that may only read. */
  keep(deed: Deed): void;
  retry(): void;
}

let store: ProgressStore | null = null;
let seq = 0;
let waiting: InputRecord[] = [];
let storing = false;

export const useProgress = create<ProgressState>((set, get) => {
  const flush = async (): Promise<void> => {
    if (storing || !store || waiting.length === 0) return;
    storing = true;
    set({ saved: "saving" });
    const batch = waiting;
    waiting = [];
    try {
      await store.append(COURSE_STREAM, batch);
      storing = false;
      if (waiting.length > 0) return flush();
      set({ saved: "saved" });
    } catch {
      waiting = [...batch, ...waiting];
      storing = false;
      set({ saved: "failed" });
    }
  };
  return {
    progress: NOTHING,
    loaded: false,
    saved: "none",
    damagedAfter: null,
    async load(from) {
      store = from;
      const { records, damaged } = await from.load(COURSE_STREAM);
      seq = (records.at(-1)?.seq ?? -1) + 1;
      const progress = records.reduce((p, record) => withDeed(p, record.data as Deed), NOTHING);
      set({ progress, loaded: true, saved: records.length > 0 ? "saved" : "none", damagedAfter: damaged > 0 ? records.length : null });
    },
    keep(deed) {
      set({ progress: withDeed(get().progress, deed) });
      waiting.push({ seq: seq++, t: 0, done: 0, src: "app", kind: deed.do === "evidence" ? "evidence" : "button", data: deed });
      void flush();
    },
    retry: () => void flush(),
  };
});

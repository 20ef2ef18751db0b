/**
 * The sentence model: what an explanation is made of, and the names an explainer may ask for. Words are made at view
 * time only; each family of sites has a file of its own beside this one.
 */
import type { LocalText } from "../../core/text.ts";
import type { RawDecision } from "../recorder.ts";
import type { Site } from "../sites.ts";

export interface Fact {
  readonly label: LocalText;
  readonly value: string;
}

export interface Explanation {
  readonly title: LocalText;
  readonly facts: readonly Fact[];
  readonly wouldPassIf: readonly LocalText[];
}

/** How ids in records become names: answered by whoever holds the world. */
export interface Names {
  /** namespace id → machine and, below it, the namespace's name ("" the first) */
  ns(id: number): { readonly machine: string; readonly namespace: string };
  /** device of a namespace by ifindex, or null when it is gone */
  dev(ns: number, ifindex: number): string | null;
}

export interface Case {
  readonly d: RawDecision;
  readonly site: Site;
  readonly names: Names;
  /** the packet's destination and source as the nearest kept header tells them, "" unknown */
  readonly src: string;
  readonly dst: string;
}

export type Explainer = (c: Case) => Explanation | null;

export function text(en: string, ko: string): LocalText {
  return { en, ko };
}
export function fact(en: string, ko: string, value: string | number): Fact {
  return { label: { en, ko }, value: String(value) };
}
export function says(en: string, ko: string, facts: readonly Fact[] = [], wouldPassIf: readonly LocalText[] = []): Explanation {
  return { title: { en, ko }, facts, wouldPassIf };
}
/** A device's name, or its index when it is gone. */
export function devName(c: Case, ifindex: number): string {
  return c.names.dev(c.d.ns, ifindex) ?? `if${ifindex}`;
}

/**
 * A Korean particle in the form that its word asks for, by the sound of the last letter or digit. `pair` is [after a
 * consonant, after a vowel]: ["이", "가"].
 */
export function josa(word: string, pair: readonly [string, string]): string {
  const last = word.replace(/[^0-9A-Za-z가-힣]+$/, "").at(-1) ?? "";
  const code = last.charCodeAt(0);
  const closed =
    code >= 0xac00 && code <= 0xd7a3 ? (code - 0xac00) % 28 !== 0 : /[0-9]/.test(last) ? "013678".includes(last) : /[lmnrLMNR]/.test(last);
  return word + (closed ? pair[0] : pair[1]);
}

/**
 * Text as a terminal shows it: grapheme clusters (what one cursor step passes over) and their width in cells. A small
 * rule set of our own, since the language's Intl may differ between hosts: combining marks, Hangul jamo, emoji with
 * joiners and modifiers, flags.
 */
import { wcwidth } from "./wcwidth.ts";

function isExtend(c: number): boolean {
  return (
    c === 0x200d ||
    (c >= 0xfe00 && c <= 0xfe0f) ||
    (c >= 0x1f3fb && c <= 0x1f3ff) ||
    (c >= 0xe0100 && c <= 0xe01ef) ||
    (c >= 0x300 && wcwidth(c) === 0 && !isJamoTail(c))
  );
}
function isJamoLead(c: number): boolean {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0xa960 && c <= 0xa97c);
}
function isJamoVowel(c: number): boolean {
  return (c >= 0x1160 && c <= 0x11a7) || (c >= 0xd7b0 && c <= 0xd7c6);
}
function isJamoFinal(c: number): boolean {
  return (c >= 0x11a8 && c <= 0x11ff) || (c >= 0xd7cb && c <= 0xd7fb);
}
function isJamoTail(c: number): boolean {
  return isJamoVowel(c) || isJamoFinal(c);
}
function isSyllable(c: number): boolean {
  return c >= 0xac00 && c <= 0xd7a3;
}
function isFlag(c: number): boolean {
  return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/** Splits text into grapheme clusters. */
export function graphemes(text: string): string[] {
  const out: string[] = [];
  let cur = "";
  let prev = -1;
  let flags = 0;
  for (const ch of text) {
    const c = ch.codePointAt(0)!;
    let joins = false;
    if (prev >= 32 && prev !== 127 && c >= 32) {
      if (isExtend(c)) joins = true;
      else if (prev === 0x200d && c > 0x2000) joins = true;
      else if (isJamoLead(prev) && (isJamoLead(c) || isJamoVowel(c) || isSyllable(c))) joins = true;
      else if ((isJamoVowel(prev) || (isSyllable(prev) && (prev - 0xac00) % 28 === 0)) && isJamoTail(c)) joins = true;
      else if ((isJamoFinal(prev) || isSyllable(prev)) && isJamoFinal(c)) joins = true;
      else if (isFlag(prev) && isFlag(c) && flags % 2 === 1) joins = true;
    }
    flags = isFlag(c) ? flags + 1 : 0;
    if (joins) cur += ch;
    else {
      if (cur !== "") out.push(cur);
      cur = ch;
    }
    prev = c;
  }
  if (cur !== "") out.push(cur);
  return out;
}

/** Cells of one cluster. */
export function cells(g: string): number {
  const c = g.codePointAt(0)!;
  if (c < 32 || c === 127) return 2; // shown as ^X
  if (g.includes("\ufe0f") && c > 0x2000) return 2;
  let w = 0;
  for (const ch of g) {
    const n = wcwidth(ch.codePointAt(0)!);
    if (n > w) w = n;
  }
  return w;
}

/** How a cluster is written: control characters in caret notation. */
export function visible(g: string): string {
  const c = g.codePointAt(0)!;
  if (c === 127) return "^?";
  return c < 32 ? `^${String.fromCharCode(c + 64)}` : g;
}

export function textWidth(s: string): number {
  let n = 0;
  for (const g of graphemes(s)) n += cells(g);
  return n;
}

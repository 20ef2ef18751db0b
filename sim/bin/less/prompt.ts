/** less's prompt prototypes (PROMPTS in less(1)): text with %x for values and ?x…:…. for conditions. */

export interface PromptValues {
  readonly file: string | null;
  readonly index: number;
  readonly count: number;
  readonly next: string | null;
  /** first prompt in this file */
  readonly fresh: boolean;
  readonly end: boolean;
  /** line numbers from 1 */
  readonly top: number;
  readonly bottom: number;
  /** lines in all, null while unknown */
  readonly lines: number | null;
  /** offset behind what is shown, and the size (-1: unknown) */
  readonly byte: number;
  readonly size: number;
  readonly column: number;
}

export const SHORT = "?n?f%f .?m(%T %i of %m) ..?e(END) ?x- Next\\: %x..%t";
export const MEDIUM = "?n?f%f .?m(%T %i of %m) ..?e(END) ?x- Next\\: %x.:?pB%pB\\%:byte %bB?s/%s...%t";
export const LONG = "?f%f .?n?m(%T %i of %m) ..?ltlines %lt-%lb?L/%L. :byte %bB?s/%s. .?e(END) ?x- Next\\: %x.:?pB%pB\\%..%t";
export const EQUALS = "?f%f .?m(%T %i of %m) .?ltlines %lt-%lb?L/%L. .byte %bB?s/%s. ?e(END) :?pB%pB\\%..%t";

/** letters that are followed by a place on the screen (t, m, b, B, j) */
const PLACED = "bdlpP";

function percent(v: PromptValues): number {
  return v.size <= 0 ? 100 : Math.floor((v.byte * 100 + Math.floor(v.size / 2)) / v.size);
}
function value(letter: string, place: string, v: PromptValues): string {
  switch (letter) {
    case "f":
      return v.file ?? "";
    case "i":
      return String(v.index + 1);
    case "m":
      return String(v.count);
    case "T":
      return "file";
    case "x":
      return v.next ?? "";
    case "l":
      return String(place === "t" ? v.top : v.bottom);
    case "L":
      return String(v.lines ?? "?");
    case "b":
      return String(v.byte);
    case "s":
    case "B":
      return v.size < 0 ? "?" : String(v.size);
    case "p":
      return v.size < 0 ? "?" : String(percent(v));
    case "c":
      return String(v.column);
    default:
      return "";
  }
}
function condition(letter: string, v: PromptValues): boolean {
  switch (letter) {
    case "a":
      return true;
    case "f":
      return v.file !== null;
    case "n":
      return v.fresh;
    case "m":
      return v.count > 1;
    case "x":
      return v.next !== null;
    case "e":
      return v.end;
    case "s":
    case "B":
    case "p":
      return v.size >= 0;
    case "L":
      return v.lines !== null;
    case "b":
    case "l":
      return true;
    case "c":
      return v.column > 0;
    default:
      return false;
  }
}

/** The prompt of a prototype; empty when it says nothing. */
export function formatPrompt(proto: string, v: PromptValues): string {
  let out = "";
  /** is what stands here shown? one entry a condition that is open */
  const open: boolean[] = [];
  const on = (): boolean => !open.includes(false);
  for (let i = 0; i < proto.length; i++) {
    const c = proto[i]!;
    if (c === "\\") {
      i++;
      if (on()) out += proto[i] ?? "";
    } else if (c === "?") {
      const letter = proto[++i] ?? "";
      if (PLACED.includes(letter)) i++;
      open.push(condition(letter, v));
    } else if (c === ":") {
      if (open.length > 0) open.push(!open.pop()!);
    } else if (c === ".") open.pop();
    else if (c === "%") {
      const letter = proto[++i] ?? "";
      const place = PLACED.includes(letter) ? (proto[++i] ?? "") : "";
      if (letter === "t") {
        if (on()) out = out.replace(/ +$/, "");
      } else if (on()) out += value(letter, place, v);
    } else if (on()) out += c;
  }
  return out;
}

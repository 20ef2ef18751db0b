/** A value as jq prints it: indented or on one line, keys sorted or as they came, in colours (those of jq 1.6) or without. */
import { deeper, isArray, isObject, type Json, kindOf, quote, sortedKeys, toJson } from "./value.ts";

export interface Layout {
  /** the text of one level; null prints on one line */
  readonly indent: string | null;
  readonly sort: boolean;
  readonly ascii: boolean;
  readonly colour: boolean;
}

const RESET = "\x1b[0m";
const KEY = "\x1b[34;1m";
const STRUCTURE = "\x1b[1;39m";

function colourOf(v: Json): string {
  switch (kindOf(v)) {
    case "null":
      return "\x1b[1;30m";
    case "string":
      return "\x1b[0;32m";
    case "array":
    case "object":
      return STRUCTURE;
    default:
      return "\x1b[0;39m";
  }
}

export function print(v: Json, l: Layout, depth = 0): string {
  if (l.indent === null && !l.colour) return toJson(v, l.ascii, l.sort);
  const start = l.colour ? colourOf(v) : "";
  const end = l.colour ? RESET : "";
  if (isArray(v) && v.length > 0) {
    return structure(
      v.map((x) => print(x, l, deeper(depth))),
      ["[", "]"],
      l,
      depth,
    );
  }
  if (isObject(v) && v.size > 0) {
    const keys = l.sort ? sortedKeys(v) : Array.from(v.keys());
    const colon = l.indent === null ? ":" : ": ";
    return structure(
      keys.map((k) => {
        const name = quote(k, l.ascii);
        const head = l.colour ? `${RESET}${KEY}${name}${RESET}${STRUCTURE}${colon}${RESET}` : name + colon;
        return head + print(v.get(k)!, l, deeper(depth));
      }),
      ["{", "}"],
      l,
      depth,
    );
  }
  return start + toJson(v, l.ascii) + end;
}

function structure(items: readonly string[], brackets: readonly [string, string], l: Layout, depth: number): string {
  const line = (d: number): string => (l.indent === null ? "" : `\n${l.indent.repeat(d)}`);
  const colour = l.colour ? STRUCTURE : "";
  const inside = items.join(`${colour},${line(depth + 1)}`);
  return `${colour}${brackets[0]}${line(depth + 1)}${inside}${colour}${line(depth)}${colour}${brackets[1]}${l.colour ? RESET : ""}`;
}

/** Scenario files: a bash script with directives in comments, and the golden that the real kernel answered. See README.md. */
import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

export type Directive =
  | { readonly op: "sort" | "uniq" | "squeeze" | "json" | "ignore-stdout" | "ignore-stderr" | "ignore-code" | "code-only" | "any" }
  | { readonly op: "drop" | "mask"; readonly re: string };

export interface Step {
  readonly cmd: string;
  readonly cmp?: readonly Directive[];
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface Golden {
  readonly format: 1;
  readonly title: string;
  readonly tags: readonly string[];
  readonly pace: number;
  readonly steps: readonly Step[];
}

const PLAIN = new Set(["sort", "uniq", "squeeze", "json", "ignore-stdout", "ignore-stderr", "ignore-code", "code-only", "any"]);

/** "sort, drop /re/ mask /re/" → directives. Throws on words that are none. */
export function parseDirectives(text: string): Directive[] {
  const out: Directive[] = [];
  const token = /[\s,]*(?:(drop|mask)\s*\/((?:\\.|[^\\/])*)\/|([a-z-]+))/gy;
  let at = 0;
  while (/\S/.test(text.slice(at).replace(/[\s,]+/g, ""))) {
    token.lastIndex = at;
    const m = token.exec(text);
    if (!m) throw new Error(`cmp directive not understood: "${text.slice(at)}"`);
    if (m[1]) out.push({ op: m[1] as "drop" | "mask", re: m[2]! });
    else if (PLAIN.has(m[3]!)) out.push({ op: m[3] as "sort" });
    else throw new Error(`unknown cmp directive "${m[3]}"`);
    at = token.lastIndex;
  }
  return out;
}

export interface Header {
  title: string;
  tags: string[];
  pace: number;
  defaults: Directive[];
}

/** The comments before a scenario's first command. */
export function parseHeader(text: string): Header {
  const h: Header = { title: "", tags: [], pace: 0, defaults: [] };
  for (const line of text.split("\n")) {
    if (/^\s*$/.test(line)) continue;
    if (!/^\s*#/.test(line)) break;
    const m = /^\s*#\s*(title|tags|pace|cmp):\s*(.*?)\s*$/.exec(line);
    if (!m) continue;
    if (m[1] === "title") h.title = m[2]!;
    if (m[1] === "tags") h.tags = m[2]!.split(/[\s,]+/).filter(Boolean);
    if (m[1] === "pace") h.pace = Number(m[2]);
    if (m[1] === "cmp") h.defaults.push(...parseDirectives(m[2]!));
  }
  return h;
}

const DIRECTIVE = /(^|\s)#\s*cmp:\s*(.*?)\s*$/;

/** A command's text without its trailing directive (on its first or last line), and the directives. */
export function stripDirectives(cmd: string): { cmd: string; cmp: Directive[] } {
  const lines = cmd.split("\n");
  const cmp: Directive[] = [];
  for (const i of new Set([0, lines.length - 1])) {
    const m = DIRECTIVE.exec(lines[i]!);
    if (!m) continue;
    cmp.push(...parseDirectives(m[2]!));
    lines[i] = lines[i]!.slice(0, m.index).replace(/\s+$/, "");
  }
  return { cmd: lines.join("\n"), cmp };
}

export const SCENARIOS = join(import.meta.dirname, "scenarios");

/** Names ("veth/create") of all recorded scenarios below `dir`, sorted. */
export function scenarioNames(dir: string = SCENARIOS): string[] {
  const names: string[] = [];
  const walk = (d: string): void => {
    for (const e of readdirSync(d, { withFileTypes: true })) {
      if (e.isDirectory()) walk(join(d, e.name));
      else if (e.name.endsWith(".golden.json"))
        names.push(
          relative(dir, join(d, e.name))
            .replace(/\.golden\.json$/, "")
            .split(sep)
            .join("/"),
        );
    }
  };
  walk(dir);
  return names.sort();
}

export function readGolden(name: string, dir: string = SCENARIOS): Golden {
  return JSON.parse(readFileSync(join(dir, `${name}.golden.json`), "utf8")) as Golden;
}
export function readScript(name: string, dir: string = SCENARIOS): string {
  return readFileSync(join(dir, `${name}.sh`), "utf8");
}

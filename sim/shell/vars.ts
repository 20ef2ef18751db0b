/**
 * Shell variables: values, attributes and the stack of scopes (bash's dynamic scoping: a function sees its callers'
 * locals). Reading of dynamic variables (RANDOM, SECONDS, …) is in shell.ts, which knows the process.
 *
 * Invariant: a Var is owned by exactly one shell process; Scopes.copy() copies all of it (fork).
 */
import { utf8 } from "../core/bytes.ts";

/** Indexed array: sparse, iterated in order of index. */
export class IndexedArray {
  private m = new Map<number, string>();
  private sorted = true;
  private top = -1;

  static of(values: readonly string[]): IndexedArray {
    const a = new IndexedArray();
    for (let i = 0; i < values.length; i++) a.set(i, values[i]!);
    return a;
  }
  get size(): number {
    return this.m.size;
  }
  /** one past the highest index */
  get end(): number {
    return this.top + 1;
  }
  get(i: number): string | undefined {
    return this.m.get(i);
  }
  set(i: number, v: string): void {
    if (i < this.top && !this.m.has(i)) this.sorted = false;
    if (i > this.top) this.top = i;
    this.m.set(i, v);
  }
  delete(i: number): void {
    this.m.delete(i);
    if (i === this.top) {
      this.top = -1;
      for (const k of this.m.keys()) if (k > this.top) this.top = k;
    }
  }
  private order(): void {
    if (this.sorted) return;
    this.m = new Map([...this.m].sort((a, b) => a[0] - b[0]));
    this.sorted = true;
  }
  keys(): number[] {
    this.order();
    return [...this.m.keys()];
  }
  values(): string[] {
    this.order();
    return [...this.m.values()];
  }
  copy(): IndexedArray {
    const a = new IndexedArray();
    a.m = new Map(this.m);
    a.sorted = this.sorted;
    a.top = this.top;
    return a;
  }
}

export interface Var {
  /** string, indexed, associative; null: declared but unset */
  value: string | IndexedArray | Map<string, string> | null;
  /** what kind it is to become when it gets a value (declare -a x) */
  kind: "string" | "indexed" | "assoc";
  exported: boolean;
  readonly: boolean;
  integer: boolean;
  caseMode: "" | "l" | "u" | "c";
  nameref: boolean;
  trace: boolean;
}

export function newVar(value: Var["value"] = null): Var {
  const kind = value instanceof IndexedArray ? "indexed" : value instanceof Map ? "assoc" : "string";
  return { value, kind, exported: false, readonly: false, integer: false, caseMode: "", nameref: false, trace: false };
}

function copyVar(v: Var): Var {
  const value = v.value instanceof IndexedArray ? v.value.copy() : v.value instanceof Map ? new Map(v.value) : v.value;
  return { ...v, value };
}

export type Scope = Map<string, Var>;

export class Scopes {
  /** [0] is global; the last is the innermost function's */
  readonly stack: Scope[] = [new Map()];

  find(name: string): Var | undefined {
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const v = this.stack[i]!.get(name);
      if (v) return v;
    }
    return undefined;
  }
  global(): Scope {
    return this.stack[0]!;
  }
  top(): Scope {
    return this.stack[this.stack.length - 1]!;
  }
  /** The variable, made in the global scope when there is none. */
  make(name: string): Var {
    const have = this.find(name);
    if (have) return have;
    const v = newVar();
    this.global().set(name, v);
    return v;
  }
  /** A variable of the innermost scope. `declare` in a function makes these. */
  makeLocal(name: string): Var {
    const have = this.top().get(name);
    if (have) return have;
    const v = newVar();
    this.top().set(name, v);
    return v;
  }
  /** Removes the innermost one. A local keeps its place, unset, so that the outer one stays hidden (as bash does in the same function). */
  unset(name: string): void {
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const v = this.stack[i]!.get(name);
      if (!v) continue;
      if (i > 0 && i === this.stack.length - 1) this.stack[i]!.set(name, newVar());
      else this.stack[i]!.delete(name);
      return;
    }
  }
  names(): string[] {
    const all = new Set<string>();
    for (const s of this.stack) for (const [n] of s) if (n !== "-") all.add(n);
    return [...all].sort(byBytes);
  }
  /** Environment of a child: the innermost exported variable of each name. */
  exported(): Map<string, string> {
    const env = new Map<string, string>();
    const seen = new Set<string>();
    for (let i = this.stack.length - 1; i >= 0; i--)
      for (const [n, v] of this.stack[i]!) {
        if (seen.has(n)) continue;
        seen.add(n);
        if (v.exported && typeof v.value === "string") env.set(n, v.value);
      }
    return env;
  }
  copy(): Scopes {
    const s = new Scopes();
    s.stack.length = 0;
    for (const scope of this.stack) {
      const c: Scope = new Map();
      for (const [n, v] of scope) c.set(n, copyVar(v));
      s.stack.push(c);
    }
    return s;
  }
}

/** Keys of an associative array in the order bash shows them: by bucket of its hash table (1024, FNV-1), newest first in a bucket. */
export function assocKeys(m: ReadonlyMap<string, string>): string[] {
  const all = [...m.keys()].map((k, i) => ({ k, i, b: fnv1(utf8(k)) & 1023 }));
  return all.sort((x, y) => x.b - y.b || y.i - x.i).map((x) => x.k);
}
function fnv1(bytes: Uint8Array): number {
  let h = 0x811c9dc5;
  for (const c of bytes) h = Math.imul(h, 0x01000193) ^ c;
  return h >>> 0;
}

/** Order of the C locale. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isName(s: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(s);
}

/** 'it'\''s': a single-quoted word that reads back as s. */
export function singleQuote(s: string): string {
  return "'" + s.replaceAll("'", "'\\''") + "'";
}

/** $'…' for text with control characters. */
export function ansiQuote(s: string): string {
  let o = "$'";
  for (const ch of s) {
    const c = ch.codePointAt(0)!;
    if (ch === "\\" || ch === "'") o += "\\" + ch;
    else if (c === 27) o += "\\E";
    else if (c === 7) o += "\\a";
    else if (c === 8) o += "\\b";
    else if (c === 9) o += "\\t";
    else if (c === 10) o += "\\n";
    else if (c === 11) o += "\\v";
    else if (c === 12) o += "\\f";
    else if (c === 13) o += "\\r";
    else if (c < 32 || c === 127) o += "\\" + c.toString(8).padStart(3, "0");
    else o += ch;
  }
  return o + "'";
}

function hasControl(s: string): boolean {
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c < 32 || c === 127) return true;
  }
  return false;
}

/** As ${x@Q} quotes. */
export function quoteValue(s: string): string {
  return hasControl(s) ? ansiQuote(s) : singleQuote(s);
}

/** As `declare -p` prints a value: "…" */
export function doubleQuote(s: string): string {
  if (hasControl(s)) return ansiQuote(s);
  let o = '"';
  for (const ch of s) o += ch === '"' || ch === "\\" || ch === "$" || ch === "`" ? "\\" + ch : ch;
  return o + '"';
}

/** As `set`, `alias` and xtrace quote: only where it is needed. */
export function quoteIfNeeded(s: string): string {
  if (s === "") return "''";
  if (hasControl(s)) return ansiQuote(s);
  if (/[\s'"\\|&;()<>!{}*[\]?^$`]/.test(s) || /^[#~]/.test(s) || /[:=]~/.test(s)) return singleQuote(s);
  return s;
}

/** As xtrace quotes: like quoteIfNeeded, but blanks and newlines stay readable in '…'. */
export function traceQuote(s: string): string {
  return /[\s]/.test(s) ? singleQuote(s) : quoteIfNeeded(s);
}

/** As printf %q quotes: backslashes. */
export function backslashQuote(s: string): string {
  if (s === "") return "''";
  if (hasControl(s)) return ansiQuote(s);
  let o = "";
  for (let i = 0; i < s.length; i++) {
    const ch = s[i]!;
    if (/[\s'"\\|&;()<>!{}*[\]?^$`,]/.test(ch) || (i === 0 && (ch === "#" || ch === "~"))) o += "\\";
    o += ch;
  }
  return o;
}

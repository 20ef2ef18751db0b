/** vi's movements: where each goes, and whether an operator on the way takes whole lines and the last character. */
import { nextCluster, prevCluster } from "../lib/screen/cells.ts";
import { before, type Pos } from "../lib/screen/buffer.ts";
import type { State } from "./state.ts";

export interface Target {
  readonly pos: Pos;
  readonly linewise: boolean;
  readonly inclusive: boolean;
  /** where an operator begins, when not at the cursor (text objects) */
  readonly from?: Pos;
  /** the wanted column stays */
  readonly vertical?: true;
  readonly want?: number;
}

const exclusive = (pos: Pos): Target => ({ pos, linewise: false, inclusive: false });
const inclusive = (pos: Pos): Target => ({ pos, linewise: false, inclusive: true });
const lines = (pos: Pos): Target => ({ pos, linewise: true, inclusive: false });

/** 0 blank, 1 punctuation, 2 word; Korean and other scripts have classes of their own in vim, here they are words */
function kind(c: string, big: boolean): 0 | 1 | 2 {
  if (c === "" || c === " " || c === "\t") return 0;
  if (big) return 2;
  return /[\p{L}\p{N}_]/u.test(c) ? 2 : 1;
}
function at(s: State, p: Pos): string {
  const l = s.text.line(p.line);
  return p.at >= l.length ? "" : String.fromCodePoint(l.codePointAt(p.at)!);
}
/** the next place in the text, line ends left out (an empty line is a place); null at the end */
function step(s: State, p: Pos): Pos | null {
  const l = s.text.line(p.line);
  const n = nextCluster(l, p.at);
  if (n < l.length) return { line: p.line, at: n };
  return p.line < s.last ? { line: p.line + 1, at: 0 } : null;
}
function stepBack(s: State, p: Pos): Pos | null {
  if (p.at > 0) return { line: p.line, at: prevCluster(s.text.line(p.line), p.at) };
  if (p.line === 0) return null;
  const l = s.text.line(p.line - 1);
  return { line: p.line - 1, at: l.length === 0 ? 0 : prevCluster(l, l.length) };
}

function wordForward(s: State, from: Pos, big: boolean): Pos | null {
  let p: Pos = from;
  const k = kind(at(s, p), big);
  let line = p.line;
  let passed = k === 0;
  for (;;) {
    const n = step(s, p);
    if (n === null) return { line: p.line, at: s.text.line(p.line).length };
    p = n;
    const newLine = p.line !== line;
    line = p.line;
    if (newLine && s.text.line(p.line) === "") return p;
    const c = kind(at(s, p), big);
    if (c === 0) passed = true;
    else if (passed || newLine || c !== k) return p;
  }
}
function wordBack(s: State, from: Pos, big: boolean): Pos | null {
  let p = stepBack(s, from);
  while (p !== null && kind(at(s, p), big) === 0) {
    if (s.text.line(p.line) === "") return p;
    p = stepBack(s, p);
  }
  if (p === null) return { line: 0, at: 0 };
  const k = kind(at(s, p), big);
  for (;;) {
    if (p.at === 0) return p;
    const b: Pos = stepBack(s, p)!;
    if (kind(at(s, b), big) !== k) return p;
    p = b;
  }
}
function wordEnd(s: State, from: Pos, big: boolean): Pos | null {
  let p = step(s, from);
  while (p !== null && kind(at(s, p), big) === 0) p = step(s, p);
  if (p === null) return { line: s.last, at: s.text.line(s.last).length };
  const k = kind(at(s, p), big);
  for (;;) {
    const n = step(s, p);
    if (n === null || n.line !== p.line || kind(at(s, n), big) !== k) return p;
    p = n;
  }
}
function wordEndBack(s: State, from: Pos, big: boolean): Pos | null {
  let p: Pos | null = from;
  let k = kind(at(s, from), big);
  for (;;) {
    const b = stepBack(s, p!);
    if (b === null) return { line: 0, at: 0 };
    const c = kind(at(s, b), big);
    if ((b.line !== p!.line || c !== k) && c !== 0) return b;
    if (c === 0) k = 0;
    p = b;
  }
}

function charSearch(s: State, key: string, char: string, count: number, again: boolean): Target | null {
  const l = s.line;
  const ahead = key === "f" || key === "t";
  let p = s.cursor.at;
  if (again && key === "t" && l.startsWith(char, nextCluster(l, p))) p = nextCluster(l, p);
  if (again && key === "T" && p > 0 && l.slice(prevCluster(l, p), p) === char) p = prevCluster(l, p);
  for (let i = 0; i < count; i++) {
    p = ahead ? l.indexOf(char, p + 1) : p === 0 ? -1 : l.lastIndexOf(char, p - 1);
    if (p < 0) return null;
  }
  if (key === "t") p = prevCluster(l, p);
  if (key === "T") p = nextCluster(l, p);
  const pos = { line: s.cursor.line, at: p };
  return ahead ? inclusive(pos) : exclusive(pos);
}

function paragraph(s: State, by: 1 | -1, count: number): Target {
  let n = s.cursor.line;
  for (let i = 0; i < count; i++) {
    while (n + by >= 0 && n + by <= s.last && s.text.line(n) === "") n += by;
    do n += by;
    while (n > 0 && n < s.last && s.text.line(n) !== "");
    n = Math.max(0, Math.min(n, s.last));
  }
  return exclusive({ line: n, at: by > 0 && n === s.last && s.text.line(n) !== "" ? s.text.line(n).length : 0 });
}

function matching(s: State): Target | null {
  const pairs = "([{)]}";
  const l = s.line;
  let p = s.cursor.at;
  while (p < l.length && !pairs.includes(l[p]!)) p++;
  if (p >= l.length) return null;
  const open = l[p]!;
  const i = pairs.indexOf(open);
  const close = pairs[(i + 3) % 6]!;
  const by = i < 3 ? 1 : -1;
  let depth = 0;
  let line = s.cursor.line;
  for (;;) {
    const c = s.text.line(line)[p];
    if (c === open) depth++;
    else if (c === close && --depth === 0) return inclusive({ line, at: p });
    p += by;
    while (p < 0 || p >= s.text.line(line).length) {
      line += by;
      if (line < 0 || line > s.last) return null;
      p = by > 0 ? 0 : s.text.line(line).length - 1;
      if (s.text.line(line).length === 0 && (line === 0 || line === s.last)) return null;
    }
  }
}

/** iw aw i" a( and so on. */
export function textObject(s: State, outer: boolean, key: string): Target | null {
  const l = s.line;
  const n = s.cursor.line;
  if (key === "w" || key === "W") {
    const big = key === "W";
    const k = kind(at(s, s.cursor), big);
    let a = s.cursor.at;
    let b = s.cursor.at;
    while (a > 0 && kind(at(s, { line: n, at: prevCluster(l, a) }), big) === k) a = prevCluster(l, a);
    while (b < l.length && kind(at(s, { line: n, at: b }), big) === k) b = nextCluster(l, b);
    if (outer) {
      const end = b;
      while (b < l.length && kind(at(s, { line: n, at: b }), big) === 0) b = nextCluster(l, b);
      if (b === end) while (a > 0 && kind(at(s, { line: n, at: prevCluster(l, a) }), big) === 0) a = prevCluster(l, a);
    }
    return { ...exclusive({ line: n, at: b }), from: { line: n, at: a } };
  }
  if (key === "p") {
    const blank = s.text.line(n) === "";
    let a = n;
    let b = n;
    while (a > 0 && (s.text.line(a - 1) === "") === blank) a--;
    while (b < s.last && (s.text.line(b + 1) === "") === blank) b++;
    if (outer) while (b < s.last && (s.text.line(b + 1) === "") !== blank) b++;
    return { ...lines({ line: b, at: 0 }), from: { line: a, at: 0 } };
  }
  if ("\"'`".includes(key)) {
    const places: number[] = [];
    for (let i = 0; i < l.length; i++) if (l[i] === key && l[i - 1] !== "\\") places.push(i);
    for (let i = 0; i + 1 < places.length; i += 2) {
      const a = places[i]!;
      const b = places[i + 1]!;
      if (s.cursor.at <= b) return { ...exclusive({ line: n, at: outer ? b + 1 : b }), from: { line: n, at: outer ? a : a + 1 } };
    }
    return null;
  }
  const pair = { "(": "()", ")": "()", b: "()", "[": "[]", "]": "[]", "{": "{}", "}": "{}", B: "{}", "<": "<>", ">": "<>" }[key];
  if (pair === undefined) return null;
  const [open, close] = [pair[0]!, pair[1]!];
  const flat = s.text.lines.join("\n");
  const offset = s.text.lines.slice(0, n).reduce((sum, x) => sum + x.length + 1, 0) + s.cursor.at;
  let depth = 0;
  let a = offset;
  if (flat[a] === close) a--;
  for (; a >= 0; a--) {
    if (flat[a] === close) depth++;
    else if (flat[a] === open && depth-- === 0) break;
  }
  if (a < 0) return null;
  depth = 0;
  let b = a + 1;
  for (; b < flat.length; b++) {
    if (flat[b] === open) depth++;
    else if (flat[b] === close && depth-- === 0) break;
  }
  if (b >= flat.length) return null;
  const posOf = (o: number): Pos => {
    const head = flat.slice(0, o);
    const line = head.split("\n").length - 1;
    return { line, at: o - (head.lastIndexOf("\n") + 1) };
  };
  return { ...exclusive(posOf(outer ? b + 1 : b)), from: posOf(outer ? a : a + 1) };
}

/** Where a motion goes, null when it cannot. `count` is null when none was typed; `char` follows f F t T ' `. */
export function motion(s: State, key: string, char: string, count: number | null): Target | null {
  const n = count ?? 1;
  const { cursor } = s;
  const repeat = (f: (p: Pos) => Pos | null): Pos => {
    let p = cursor;
    for (let i = 0; i < Math.min(n, 100_000); i++) {
      const q = f(p);
      if (q === null || (q.line === p.line && q.at === p.at)) break;
      p = q;
    }
    return p;
  };
  switch (key) {
    case "h":
    case "left":
    case "backspace":
    case "C-h":
      return cursor.at === 0 ? null : exclusive(repeat((p) => ({ line: p.line, at: prevCluster(s.line, p.at) })));
    case "l":
    case "right":
    case " ":
      return cursor.at >= s.line.length ? null : exclusive(repeat((p) => s.next(p)));
    case "j":
    case "down":
    case "C-n":
    case "C-j":
      return cursor.line + n > s.last && (cursor.line === s.last || count === null)
        ? null
        : { ...lines(s.aim(Math.min(s.last, cursor.line + n))), vertical: true };
    case "k":
    case "up":
    case "C-p":
      return cursor.line === 0 ? null : { ...lines(s.aim(Math.max(0, cursor.line - n))), vertical: true };
    case "+":
    case "enter":
      return cursor.line === s.last ? null : lines(s.firstNonBlank(Math.min(s.last, cursor.line + n)));
    case "-":
      return cursor.line === 0 ? null : lines(s.firstNonBlank(Math.max(0, cursor.line - n)));
    case "_":
      return lines(s.firstNonBlank(Math.min(s.last, cursor.line + n - 1)));
    case "0":
    case "home":
      return exclusive({ line: cursor.line, at: 0 });
    case "^":
      return exclusive(s.firstNonBlank(cursor.line));
    case "$":
    case "end": {
      const line = Math.min(s.last, cursor.line + n - 1);
      return { ...inclusive({ line, at: Math.max(0, s.text.line(line).length) }), inclusive: false, want: Infinity };
    }
    case "|":
      return exclusive({ line: cursor.line, at: n - 1 });
    case "w":
    case "C-right":
      return exclusive(repeat((p) => wordForward(s, p, false)));
    case "W":
      return exclusive(repeat((p) => wordForward(s, p, true)));
    case "b":
    case "C-left":
      return exclusive(repeat((p) => wordBack(s, p, false)));
    case "B":
      return exclusive(repeat((p) => wordBack(s, p, true)));
    case "e":
      return inclusive(repeat((p) => wordEnd(s, p, false)));
    case "E":
      return inclusive(repeat((p) => wordEnd(s, p, true)));
    case "ge":
      return inclusive(repeat((p) => wordEndBack(s, p, false)));
    case "gE":
      return inclusive(repeat((p) => wordEndBack(s, p, true)));
    case "G":
      return lines(s.firstNonBlank(count === null ? s.last : Math.min(s.last, n - 1)));
    case "gg":
      return lines(s.firstNonBlank(Math.min(s.last, n - 1)));
    case "H":
      return lines(s.firstNonBlank(Math.min(s.bottom, s.top + n - 1)));
    case "M":
      return lines(s.firstNonBlank(Math.min(s.last, s.top + Math.floor((s.bottom - s.top) / 2))));
    case "L":
      return lines(s.firstNonBlank(Math.max(s.top, s.bottom - n + 1)));
    case "}":
      return paragraph(s, 1, n);
    case "{":
      return paragraph(s, -1, n);
    case "%":
      return count === null ? matching(s) : lines(s.firstNonBlank(Math.min(s.last, Math.max(0, Math.ceil((n * (s.last + 1)) / 100) - 1))));
    case "f":
    case "F":
    case "t":
    case "T":
      s.charSearch = { key, char };
      return charSearch(s, key, char, n, false);
    case ";":
    case ",": {
      const c = s.charSearch;
      if (c === null) return null;
      const turned = { f: "F", F: "f", t: "T", T: "t" }[c.key];
      return charSearch(s, key === ";" ? c.key : turned, c.char, n, true);
    }
    case "'":
    case "`": {
      const m = s.marks.get(char === "`" ? "'" : char);
      if (m === undefined) {
        s.fail("E20: Mark not set");
        return null;
      }
      return key === "'" ? lines(s.firstNonBlank(Math.min(m.line, s.last))) : exclusive(m);
    }
    case "n":
    case "N": {
      if (s.search === null) {
        s.fail("E35: No previous regular expression");
        return null;
      }
      const back = s.search.back !== (key === "N");
      const p = findAgain(s, back, n);
      return p === null ? null : exclusive(p);
    }
    case "*":
    case "#":
      return null;
    default:
      return null;
  }
}

/** The n-th match from the cursor on; tells of going round. Null (with the error said) when there is none. */
export function findAgain(s: State, back: boolean, count: number): Pos | null {
  const { search } = s;
  if (search === null) return null;
  let p = s.cursor;
  let wrapped = false;
  for (let i = 0; i < count; i++) {
    const r = findFrom(s, p, back);
    if (r === null) {
      s.fail(
        s.opts.wrapscan
          ? `E486: Pattern not found: ${search.pattern}`
          : `E38${back ? 4 : 5}: Search hit ${back ? "TOP" : "BOTTOM"} without match for: ${search.pattern}`,
      );
      return null;
    }
    if (back ? !before(r, p) : !before(p, r)) wrapped = true;
    p = r;
  }
  s.say(
    wrapped
      ? back
        ? "search hit TOP, continuing at BOTTOM"
        : "search hit BOTTOM, continuing at TOP"
      : `${back ? "?" : "/"}${search.pattern}`,
  );
  return p;
}
function findFrom(s: State, from: Pos, back: boolean): Pos | null {
  const re = s.search!.re;
  const total = s.text.lines.length;
  for (let i = 0; i <= total; i++) {
    const raw = back ? from.line - i : from.line + i;
    if ((raw < 0 || raw >= total) && !s.opts.wrapscan) return null;
    const n = (raw + 2 * total) % total;
    const l = s.text.line(n);
    let found = -1;
    if (!back) {
      const start = i === 0 ? from.at + 1 : 0;
      if (start > l.length) continue;
      const m = re.exec(l, start);
      if (m !== null && (m[0]! < l.length || l.length === 0)) found = m[0]!;
      if (i === total && found > from.at) found = -1;
    } else {
      for (let a = 0; a <= l.length;) {
        const m = re.exec(l, a);
        if (m === null || (i === 0 && m[0]! >= from.at)) break;
        found = m[0]!;
        a = m[0]! + 1;
      }
    }
    if (found >= 0) return { line: n, at: found };
  }
  return null;
}

/** Pathname expansion: the paths that match a pattern, sorted as in the C locale. */
import type { Call, Dirent } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { byBytes } from "../vars.ts";
import { Pattern } from "./pattern.ts";

/** Paths one expansion may give. */
const MAX_PATHS = 100_000;

/** Does this pattern text have anything unquoted and special in it? */
export function hasMagic(pat: string, extglob: boolean): boolean {
  for (let i = 0; i < pat.length; i++) {
    const c = pat[i]!;
    if (c === "\\") i++;
    else if (c === "*" || c === "?") return true;
    else if (c === "[" && pat.indexOf("]", i + 1) > 0) return true;
    else if (extglob && pat[i + 1] === "(" && "+@!".includes(c)) return true;
  }
  return false;
}

function unescapePattern(pat: string): string {
  return pat.replace(/\\([^])/g, "$1");
}

/** Matching paths; empty when there are none. */
export function* globPaths(sh: Shell, pat: string): Call<string[]> {
  const parts = pat.split("/");
  let found: string[] = [""];
  let first = 0;
  if (pat.startsWith("/")) {
    found = ["/"];
    first = 1;
  }
  const extglob = sh.shopt("extglob");
  const ignore = (sh.get("GLOBIGNORE") ?? "").split(":").filter((p) => p !== "");
  const hidden = sh.shopt("dotglob") || ignore.length > 0;
  for (let i = first; i < parts.length; i++) {
    const part = parts[i]!;
    const lastPart = i === parts.length - 1;
    const next: string[] = [];
    if (part === "") {
      // a // or a / at the end: only directories go on
      for (const f of found) if (f === "/" || f.endsWith("/")) next.push(f);
      found = next;
      continue;
    }
    if (part === "**" && sh.shopt("globstar")) {
      for (const base of found) yield* descend(sh, base, lastPart, next);
      found = next;
      continue;
    }
    const magic = hasMagic(part, extglob);
    const name = unescapePattern(part);
    const pattern = magic ? new Pattern(part, { extglob, nocase: sh.shopt("nocaseglob") }) : null;
    for (const base of found) {
      if (!pattern) {
        const path = base + name;
        if (lastPart) {
          const st = yield* sh.sys.lstat(path);
          if (typeof st !== "number") next.push(path);
        } else next.push(path + "/");
        continue;
      }
      const entries = yield* sh.sys.readdir(base === "" ? "." : base);
      if (typeof entries === "number") continue;
      yield* sh.work(entries.length >> 3);
      if (lastPart && part.startsWith(".") && !sh.shopt("globskipdots"))
        for (const dots of [".", ".."]) if (pattern.matches(dots)) next.push(base + dots);
      for (const e of entries) {
        if (e.name === "." || e.name === "..") continue;
        if (e.name.startsWith(".") && !hidden && !part.startsWith(".") && !part.startsWith("\\.")) continue;
        if (!pattern.matches(e.name)) continue;
        if (lastPart) next.push(base + e.name);
        else if (yield* isDir(sh, base + e.name, e)) next.push(base + e.name + "/");
        if (next.length > MAX_PATHS) return next;
      }
    }
    found = next;
    if (found.length === 0) return [];
  }
  if (ignore.length > 0) {
    const pats = ignore.map((p) => new Pattern(p, { extglob, nocase: false }));
    found = found.filter((f) => !/(^|\/)\.\.?$/.test(f) && !pats.some((p) => p.matches(f)));
  }
  return found.sort(byBytes);
}

function* isDir(sh: Shell, path: string, e: Dirent): Call<boolean> {
  const type = e.type & S_IF.MT;
  if (type === S_IF.DIR) return true;
  if (type !== S_IF.LNK) return false;
  const st = yield* sh.sys.stat(path);
  return typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR;
}

/** ** : base and all directories below it (and all files, when it is the last part). */
function* descend(sh: Shell, base: string, files: boolean, out: string[]): Call<void> {
  if (!files) out.push(base);
  else if (base !== "") out.push(base);
  const queue = [base];
  for (let i = 0; i < queue.length && out.length < MAX_PATHS; i++) {
    const dir = queue[i]!;
    const entries = yield* sh.sys.readdir(dir === "" ? "." : dir);
    if (typeof entries === "number") continue;
    for (const e of entries) {
      if (e.name.startsWith(".") && !sh.shopt("dotglob")) continue;
      if (e.name === "." || e.name === "..") continue;
      const isDirectory = (e.type & S_IF.MT) === S_IF.DIR;
      if (isDirectory) queue.push(dir + e.name + "/");
      if (files) out.push(dir + e.name);
      else if (isDirectory) out.push(dir + e.name + "/");
    }
  }
}

/** echo, read, mapfile. */
import { concatBytes, fromUtf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { NEVER } from "../../core/time.ts";
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { IndexedArray, isName, singleQuote } from "../vars.ts";
import { ansiCText, toBytes } from "../expand/text.ts";
import { sub } from "../exec/flow.ts";
import { readLine } from "../exec/readline.ts";
import { takeSignals } from "../exec/signals.ts";
import { type Builtin, fail, options, out } from "./util.ts";

export const echo: Builtin = function* (sh, argv) {
  let i = 1;
  let newline = true;
  let escapes = sh.shopt("xpg_echo");
  if (!(sh.opt("posix") && sh.shopt("xpg_echo")) || sh.dash) {
    for (; i < argv.length && (sh.dash ? argv[i] === "-n" : /^-[neE]+$/.test(argv[i]!)); i++) {
      for (const c of argv[i]!.slice(1)) {
        if (c === "n") newline = false;
        else escapes = c === "e";
      }
    }
  }
  let text = argv.slice(i).join(" ");
  if (escapes) {
    const r = ansiCText(text, sh.dash ? "b" : "echo");
    text = r.text;
    if (r.stop) newline = false;
  }
  return yield* out(sh, "echo", newline ? text + "\n" : text);
};

/** Splits a line for `read`: the last name gets the rest. Escaped characters (marked by \0 before them) do not split. */
function splitFields(chars: readonly { c: string; q: boolean }[], ifs: string, count: number): string[] {
  const isWs = (x: { c: string; q: boolean }): boolean => !x.q && ifs.includes(x.c) && (x.c === " " || x.c === "\t" || x.c === "\n");
  const isSep = (x: { c: string; q: boolean }): boolean => !x.q && ifs.includes(x.c);
  const out: string[] = [];
  let i = 0;
  const n = chars.length;
  while (i < n && isWs(chars[i]!)) i++;
  while (i < n && out.length < count - 1) {
    let s = "";
    while (i < n && !isSep(chars[i]!)) s += chars[i++]!.c;
    out.push(s);
    while (i < n && isWs(chars[i]!)) i++;
    if (i < n && isSep(chars[i]!)) {
      i++;
      while (i < n && isWs(chars[i]!)) i++;
    }
  }
  if (i >= n) return out;
  // the rest, without trailing blanks, and without one separator when it is the last of exactly one field
  let end = n;
  while (end > i && isWs(chars[end - 1]!)) end--;
  let rest = chars.slice(i, end);
  const sep = rest.findIndex(isSep);
  if (sep >= 0) {
    let k = sep;
    while (k < rest.length && isWs(rest[k]!)) k++;
    if (k < rest.length && isSep(rest[k]!)) k++;
    if (k >= rest.length) rest = rest.slice(0, sep);
  }
  out.push(rest.map((x) => x.c).join(""));
  return out;
}

export const read: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "ra:d:n:N:p:t:u:s", "ei");
  if (typeof o === "number") return o;
  const { flags, rest } = o;
  const fd = flags.has("u") ? Number(flags.get("u")) : 0;
  if (!Number.isInteger(fd)) return yield* fail(sh, "read", `${flags.get("u")}: invalid file descriptor specification`);
  if ((yield* sh.sys.fcntl_flags(fd, null)) < 0) return yield* fail(sh, "read", `${fd}: invalid file descriptor: ${strerror(Errno.EBADF)}`);
  for (const n of rest) if (!isName(n.replace(/\[[^]*\]$/, ""))) return yield* fail(sh, "read", `\`${n}': not a valid identifier`);
  const timeout = flags.has("t") ? Number(flags.get("t")) : -1;
  if (flags.has("t") && !/^[0-9]*\.?[0-9]*$/.test(flags.get("t")!))
    return yield* fail(sh, "read", `${flags.get("t")}: invalid timeout specification`);
  const nchars = Number(flags.get("N") ?? flags.get("n") ?? -1);
  if ((flags.has("n") || flags.has("N")) && !(Number.isInteger(nchars) && nchars >= 0))
    return yield* fail(sh, "read", `${flags.get("N") ?? flags.get("n")}: invalid number`);
  const tty = (yield* sh.sys.isatty(fd)) === 1;
  if (flags.has("p") && tty) yield* sh.sys.write(2, toBytes(flags.get("p")!));
  if (timeout === 0) {
    const p = yield* sh.sys.poll([{ fd, read: true }], 0);
    return typeof p !== "number" && p.length > 0 && p[0]!.read ? 0 : 1;
  }
  const delim = flags.has("N") ? -1 : flags.has("d") ? (flags.get("d") === "" ? 0 : flags.get("d")!.charCodeAt(0)) : 10;

  // one character at a time is what the terminal must give: -n, -N, -d, -s
  let restore = null;
  if (tty && (flags.has("s") || nchars >= 0 || delim !== 10)) {
    const t = yield* sh.sys.tcgetattr(fd);
    if (typeof t !== "number") {
      restore = t;
      yield* sh.sys.tcsetattr(fd, {
        ...t,
        ...(flags.has("s") ? { echo: false } : {}),
        ...(nchars >= 0 || delim !== 10 ? { icanon: false, vmin: 1, vtime: 0 } : {}),
      });
    }
  }
  const r = yield* collect(
    sh,
    fd,
    delim,
    nchars,
    !flags.has("r") && !flags.has("N"),
    timeout < 0 ? NEVER : Math.floor(timeout * 1e9),
    tty && restore === null,
  );
  if (restore) yield* sh.sys.tcsetattr(fd, restore);
  if (r.error < 0) return yield* fail(sh, "read", `read error: ${fd}: ${strerror(r.error)}`);

  const ifs = sh.get("IFS") ?? " \t\n";
  const store = (name: string, value: string): void => {
    const m = /^([^[]+)\[([^]*)\]$/.exec(name);
    if (m) sh.setElem(m[1]!, m[2]!, value);
    else sh.set(name, value);
  };
  if (flags.has("a")) {
    if (!isName(flags.get("a")!)) return yield* fail(sh, "read", `\`${flags.get("a")}': not a valid identifier`);
    const v = sh.scopes.make(sh.resolve(flags.get("a")!));
    sh.checkWritable(flags.get("a")!, v);
    v.kind = "indexed";
    v.value = IndexedArray.of(
      splitFields(r.chars, ifs, Infinity).filter((s, i, all) => !(s === "" && i === all.length - 1 && all.length === 1)),
    );
  } else if (rest.length === 0) sh.set("REPLY", r.chars.map((x) => x.c).join(""));
  else if (flags.has("N")) for (let i = 0; i < rest.length; i++) store(rest[i]!, i === 0 ? r.chars.map((x) => x.c).join("") : "");
  else {
    const f = splitFields(r.chars, ifs, rest.length);
    for (let i = 0; i < rest.length; i++) store(rest[i]!, f[i] ?? "");
  }
  return r.timedOut ? 142 : r.eof ? 1 : 0;
};

interface Collected {
  readonly chars: { c: string; q: boolean }[];
  readonly eof: boolean;
  readonly timedOut: boolean;
  readonly error: number;
}

/** Reads up to a delimiter or a number of characters; backslashes quote unless raw. */
function* collect(
  sh: Shell,
  fd: number,
  delim: number,
  nchars: number,
  escapes: boolean,
  timeout: number,
  lines: boolean,
): Call<Collected> {
  const chars: { c: string; q: boolean }[] = [];
  const begin = timeout === NEVER ? 0 : yield* sh.sys.clock_gettime("monotonic");
  let seekable = (yield* sh.sys.lseek(fd, 0, "cur")) >= 0;
  if (nchars < 0 && timeout === NEVER && delim === 10 && (seekable || lines)) {
    // whole lines; a backslash at the end asks for the next one
    for (;;) {
      const r = yield* readLine(sh, fd);
      if (r.error < 0) return { chars, eof: true, timedOut: false, error: r.error };
      const more = unescape(r.text, escapes, chars);
      if (!more || r.eof) return { chars, eof: r.eof, timedOut: false, error: 0 };
      if (sh.interactive && lines) yield* sh.sys.write(2, toBytes(yield* sh.ev.prompt(sh, sh.get("PS2") ?? "> ")));
    }
  }
  seekable = false;
  let pending: number[] = [];
  let quoted = false;
  for (;;) {
    if (nchars === 0 || (nchars > 0 && chars.length >= nchars)) return { chars, eof: false, timedOut: false, error: 0 };
    if (timeout !== NEVER) {
      const left = timeout - ((yield* sh.sys.clock_gettime("monotonic")) - begin);
      const p = left <= 0 ? 0 : yield* sh.sys.poll([{ fd, read: true }], left);
      if (p === -Errno.EINTR) {
        yield* takeSignals(sh);
        continue;
      }
      if (typeof p === "number" || p.length === 0 || !(p[0]!.read || p[0]!.hup || p[0]!.err))
        return { chars, eof: false, timedOut: true, error: 0 };
    }
    const d = yield* sh.sys.read(fd, 1);
    if (d === -Errno.EINTR) {
      yield* takeSignals(sh);
      continue;
    }
    if (typeof d === "number") return { chars, eof: true, timedOut: false, error: d };
    if (d.length === 0) return { chars, eof: true, timedOut: false, error: 0 };
    pending.push(d[0]!);
    const need = pending[0]! >= 0xf0 ? 4 : pending[0]! >= 0xe0 ? 3 : pending[0]! >= 0xc0 ? 2 : 1;
    if (pending.length < need) continue;
    const c = fromUtf8(Uint8Array.from(pending));
    const code = pending[0]!;
    pending = [];
    if (quoted) {
      quoted = false;
      if (c !== "\n") chars.push({ c, q: true });
      continue;
    }
    if (code === delim) return { chars, eof: false, timedOut: false, error: 0 };
    if (escapes && c === "\\") quoted = true;
    else if (c !== "\0") chars.push({ c, q: false });
  }
}

/** Adds a line's characters; true: it ended in a backslash that continues it. */
function unescape(text: string, escapes: boolean, chars: { c: string; q: boolean }[]): boolean {
  const all = [...text.replaceAll("\0", "")];
  for (let i = 0; i < all.length; i++) {
    if (escapes && all[i] === "\\") {
      if (++i >= all.length) return true;
      chars.push({ c: all[i]!, q: true });
    } else chars.push({ c: all[i]!, q: false });
  }
  return false;
}

export const mapfile: Builtin = function* (sh, argv) {
  const who = argv[0]!;
  const o = yield* options(sh, argv, "d:n:O:s:tu:C:c:");
  if (typeof o === "number") return o;
  const { flags, rest } = o;
  const num = function* (f: string, what: string): Call<number | null> {
    const v = flags.get(f);
    if (v === undefined) return 0;
    if (/^[0-9]+$/.test(v)) return Number(v);
    yield* sh.warn(`${who}: ${v}: ${what}`);
    return null;
  };
  const max = yield* num("n", "invalid line count");
  const origin = yield* num("O", "invalid array origin");
  const skip = yield* num("s", "invalid line count");
  const fd = yield* num("u", "invalid file descriptor specification");
  const every = (yield* num("c", "invalid callback quantum")) ?? -1;
  if (max === null || origin === null || skip === null || fd === null || every < 0 || (flags.has("c") && every === 0)) return 1;
  if ((yield* sh.sys.fcntl_flags(fd, null)) < 0) return yield* fail(sh, who, `${fd}: invalid file descriptor: ${strerror(Errno.EBADF)}`);
  const callback = flags.get("C");
  /** -C: before the element is stored, after each quantum of lines */
  const told = function* (count: number, index: number, line: string): Call<void> {
    if (callback === undefined || count % (every || 5000) !== 0) return;
    yield* sub(sh.ev.runText(sh, `${callback} ${index} ${singleQuote(line)}`, { kind: "eval", name: "eval", firstLine: sh.line }));
  };
  const name = rest[0] ?? "MAPFILE";
  if (!isName(name)) return yield* fail(sh, who, `\`${name}': not a valid identifier`);
  const delim = flags.has("d") ? (flags.get("d") === "" ? 0 : flags.get("d")!.charCodeAt(0)) : 10;
  const v = sh.scopes.make(sh.resolve(name));
  sh.checkWritable(name, v);
  const a = flags.has("O") && v.value instanceof IndexedArray ? v.value : new IndexedArray();
  v.kind = "indexed";
  v.value = a;
  const chunks: Uint8Array[] = [];
  if (max === 0) {
    for (;;) {
      const d = yield* sh.sys.read(fd, 65536);
      if (d === -Errno.EINTR) {
        yield* takeSignals(sh);
        continue;
      }
      if (typeof d === "number") return yield* fail(sh, who, `read error: ${strerror(d)}`);
      if (d.length === 0) break;
      chunks.push(d);
    }
    const text = fromUtf8(concatBytes(chunks));
    const sep = String.fromCharCode(delim);
    let from = 0;
    for (let i = 0; from < text.length; i++) {
      const at = text.indexOf(sep, from);
      const end = at < 0 ? text.length : at + 1;
      if (i >= skip) {
        const line = at >= 0 && flags.has("t") ? text.slice(from, at) : text.slice(from, end);
        yield* told(i - skip + 1, origin + i - skip, line);
        a.set(origin + i - skip, line);
      }
      from = end;
      yield* sh.work();
    }
    return 0;
  }
  for (let i = 0; i < skip + max; i++) {
    const r = yield* readLine(sh, fd, delim);
    if (r.eof && r.text === "") break;
    if (i >= skip) {
      const line = flags.has("t") || r.eof ? r.text : r.text + String.fromCharCode(delim);
      yield* told(i - skip + 1, origin + i - skip, line);
      a.set(origin + i - skip, line);
    }
    if (r.eof) break;
  }
  return 0;
};

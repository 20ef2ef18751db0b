/** The tests of files, strings and variables that [[ ]], [ and test share. */
import { type Call, S_IF } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";

export const UNARY_OPS = new Set([
  "-a",
  "-b",
  "-c",
  "-d",
  "-e",
  "-f",
  "-g",
  "-h",
  "-k",
  "-n",
  "-o",
  "-p",
  "-r",
  "-s",
  "-t",
  "-u",
  "-v",
  "-w",
  "-x",
  "-z",
  "-G",
  "-L",
  "-N",
  "-O",
  "-R",
  "-S",
]);
export const BINARY_OPS = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "=~"]);

export function* unaryTest(sh: Shell, op: string, arg: string): Call<boolean> {
  switch (op) {
    case "-n":
      return arg !== "";
    case "-z":
      return arg === "";
    case "-o":
      return sh.opt(arg);
    case "-v": {
      const m = /^([^[]+)\[([^]*)\]$/.exec(arg);
      if (!m) return sh.get(arg) !== undefined;
      if (m[2] === "@" || m[2] === "*") return (sh.elements(m[1]!)?.values.length ?? 0) > 0;
      return sh.getElem(m[1]!, m[2]!) !== undefined;
    }
    case "-R":
      return sh.scopes.find(arg)?.nameref === true;
    case "-t": {
      const fd = Number(arg);
      return Number.isInteger(fd) && (yield* sh.sys.isatty(fd)) === 1;
    }
    case "-r":
      return arg !== "" && (yield* sh.sys.access(arg, 4)) >= 0;
    case "-w":
      return arg !== "" && (yield* sh.sys.access(arg, 2)) >= 0;
    case "-x":
      return arg !== "" && (yield* sh.sys.access(arg, 1)) >= 0;
  }
  const st = op === "-h" || op === "-L" ? yield* sh.sys.lstat(arg) : yield* sh.sys.stat(arg);
  if (typeof st === "number") return false;
  const type = st.mode & S_IF.MT;
  switch (op) {
    case "-a":
    case "-e":
      return true;
    case "-b":
      return type === S_IF.BLK;
    case "-c":
      return type === S_IF.CHR;
    case "-d":
      return type === S_IF.DIR;
    case "-f":
      return type === S_IF.REG;
    case "-g":
      return (st.mode & 0o2000) !== 0;
    case "-u":
      return (st.mode & 0o4000) !== 0;
    case "-k":
      return (st.mode & 0o1000) !== 0;
    case "-h":
    case "-L":
      return type === S_IF.LNK;
    case "-p":
      return type === S_IF.IFO;
    case "-S":
      return type === S_IF.SOCK;
    case "-s":
      return st.size > 0;
    case "-N":
      return st.mtime > st.atime;
    case "-O":
      return st.uid === (yield* sh.sys.getcred()).uid;
    case "-G":
      return st.gid === (yield* sh.sys.getcred()).gid;
    default:
      return false;
  }
}

export function* fileCompare(sh: Shell, op: string, a: string, b: string): Call<boolean> {
  const x = yield* sh.sys.stat(a);
  const y = yield* sh.sys.stat(b);
  const xs = typeof x === "number" ? null : x;
  const ys = typeof y === "number" ? null : y;
  if (op === "-ef") return xs !== null && ys !== null && xs.dev === ys.dev && xs.ino === ys.ino;
  if (op === "-nt") return xs !== null && (ys === null || xs.mtime > ys.mtime);
  return ys !== null && (xs === null || xs.mtime < ys.mtime);
}

/**
 * What test(1), bash's test and [[ ]] ask alike, over system calls: the tests of one file, the comparisons of two files and of
 * two integers. Their grammar, errors and further operators are their own.
 */
import { type Call, S_IF, type Sys } from "./abi.ts";

const ACCESS: Readonly<Record<string, number>> = { "-r": 4, "-w": 2, "-x": 1 };

/** -a -b -c -d -e -f -g -h -k -p -r -s -u -w -x -G -L -N -O -S of a path. False, too, where it cannot be looked at. */
export function* fileTest(sys: Sys, op: string, path: string): Call<boolean> {
  const mode = ACCESS[op];
  if (mode !== undefined) return (yield* sys.access(path, mode)) === 0;
  const st = op === "-h" || op === "-L" ? yield* sys.lstat(path) : yield* sys.stat(path);
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
    case "-h":
    case "-L":
      return type === S_IF.LNK;
    case "-p":
      return type === S_IF.IFO;
    case "-S":
      return type === S_IF.SOCK;
    case "-s":
      return st.size > 0;
    case "-g":
      return (st.mode & 0o2000) !== 0;
    case "-u":
      return (st.mode & 0o4000) !== 0;
    case "-k":
      return (st.mode & 0o1000) !== 0;
    case "-N":
      return st.mtime > st.atime;
    case "-O":
      return st.uid === (yield* sys.getcred()).uid;
    case "-G":
      return st.gid === (yield* sys.getcred()).gid;
    default:
      return false;
  }
}

/** -nt, -ot and -ef. A file that is not there is older than any other. */
export function* compareFiles(sys: Sys, op: string, a: string, b: string): Call<boolean> {
  const x = yield* sys.stat(a);
  const y = yield* sys.stat(b);
  if (op === "-ef") return typeof x !== "number" && typeof y !== "number" && x.dev === y.dev && x.ino === y.ino;
  const [newer, older] = op === "-nt" ? [x, y] : [y, x];
  return typeof newer !== "number" && (typeof older === "number" || newer.mtime > older.mtime);
}

/** -eq -ne -lt -le -gt -ge */
export function compareIntegers(op: string, a: bigint, b: bigint): boolean {
  switch (op) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    default:
      return a >= b;
  }
}

/** Permission bits as text and text as permission bits; sizes for people. Shared by ls, stat, chmod, mkdir, du, df, find. */
import type { Stat } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";

const TYPES: ReadonlyMap<number, string> = new Map([
  [S_IF.DIR, "d"],
  [S_IF.LNK, "l"],
  [S_IF.CHR, "c"],
  [S_IF.BLK, "b"],
  [S_IF.IFO, "p"],
  [S_IF.SOCK, "s"],
]);

/** The letter of a file's type, null for a regular file and for what is none of them. */
export const typeLetter = (mode: number): string | null => TYPES.get(mode & S_IF.MT) ?? null;

/** "drwxr-xr-x" */
export function modeText(mode: number): string {
  const bit = (m: number, c: string): string => ((mode & m) !== 0 ? c : "-");
  const x = (exec: number, special: number, c: string): string =>
    (mode & special) !== 0 ? ((mode & exec) !== 0 ? c : c.toUpperCase()) : bit(exec, "x");
  return (
    (typeLetter(mode) ?? "-") +
    bit(0o400, "r") +
    bit(0o200, "w") +
    x(0o100, 0o4000, "s") +
    bit(0o40, "r") +
    bit(0o20, "w") +
    x(0o10, 0o2000, "s") +
    bit(0o4, "r") +
    bit(0o2, "w") +
    x(0o1, 0o1000, "t")
  );
}

/** One change of a symbolic mode, ready to be applied to any file. */
export type ModeChange = (mode: number, umask: number) => number;

/** "755", "u+x,go-w": a function from old bits to new ones, or null when the text is no mode. */
export function parseMode(text: string): ModeChange | null {
  if (/^[0-7]{1,5}$/.test(text)) {
    const value = Number.parseInt(text, 8);
    if (value > 0o7777) return null;
    // fewer than five digits keep a directory's set-id bits
    return (mode) => ((mode & S_IF.MT) === S_IF.DIR && text.length < 5 ? value | (mode & 0o6000) : value);
  }
  const steps: ModeChange[] = [];
  for (const clause of text.split(",")) {
    const m = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
    if (m === null) return null;
    const who = m[1]!;
    for (const action of m[2]!.matchAll(/([-+=])([ugo]|[rwxXst]*)/g)) {
      const [, op, perms] = action as unknown as [string, string, string];
      steps.push((mode, umask) => applyClause(mode, who, op, perms, umask));
    }
  }
  return (mode, umask) => steps.reduce((m, s) => s(m, umask), mode);
}

function applyClause(mode: number, who: string, op: string, perms: string, umask: number): number {
  let classes = 0;
  const all = who === "" || who.includes("a");
  if (all || who.includes("u")) classes |= 0o4700;
  if (all || who.includes("g")) classes |= 0o2070;
  if (all || who.includes("o")) classes |= 0o1007;
  if (all) classes |= 0o7777;
  let bits = 0;
  if (perms === "u" || perms === "g" || perms === "o") {
    const v = (mode >> (perms === "u" ? 6 : perms === "g" ? 3 : 0)) & 7;
    bits = v * 0o111;
  } else {
    if (perms.includes("r")) bits |= 0o444;
    if (perms.includes("w")) bits |= 0o222;
    if (perms.includes("x") || (perms.includes("X") && ((mode & S_IF.MT) === S_IF.DIR || (mode & 0o111) !== 0))) bits |= 0o111;
    if (perms.includes("s")) bits |= 0o6000;
    if (perms.includes("t")) bits |= 0o1000;
  }
  bits &= classes;
  if (who === "") bits &= ~umask;
  const old = mode & 0o7777;
  if (op === "+") return old | bits;
  if (op === "-") return old & ~bits;
  const cleared = classes & (0o777 | (bits & 0o7000)) & (who === "" ? ~umask | 0 : -1);
  return (old & ~(cleared & 0o777)) | bits;
}

/** "1.5K": one decimal below 10, rounded up, as GNU's -h and --si. */
export function humanSize(bytes: number, base: 1024 | 1000): string {
  if (bytes < base) return String(bytes);
  const units = base === 1024 ? "KMGTPE" : "kMGTPE";
  let v = bytes;
  let i = -1;
  while (v >= base && i < units.length - 1) {
    v /= base;
    i++;
  }
  const tenth = Math.ceil(v * 10) / 10;
  if (tenth < 10) return `${tenth.toFixed(1)}${units[i]}`;
  const whole = Math.ceil(v);
  return whole >= base && i < units.length - 1 ? `1.0${units[i + 1]}` : `${whole}${units[i]}`;
}

/** Blocks of 1 KiB on a file system with 4 KiB blocks. */
export function blocksOf(st: Stat | null): number {
  if (st === null) return 0;
  const type = st.mode & S_IF.MT;
  if (type === S_IF.DIR) return 4;
  return type === S_IF.REG ? Math.ceil(st.size / 4096) * 4 : 0;
}

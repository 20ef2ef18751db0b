/** /etc/passwd and /etc/group as useradd and its relatives change them: line by line, what is not meant stays. There is no shadow file. */
import { strerror } from "../../core/result.ts";
import { utf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import type { Tool } from "../lib/gnu.ts";
import { lines, readText, writeAll } from "../lib/io.ts";

/** The fields of each line. */
export type Table = string[][];

export interface Accounts {
  /** name, x, uid, gid, comment, home, shell */
  readonly passwd: Table;
  /** name, x, gid, members */
  readonly group: Table;
}

function* readTable(t: Tool, path: string): Call<Table> {
  const text = yield* readText(t.sys, path);
  if (typeof text === "number") return yield* t.die(`cannot open ${path}: ${strerror(text)}`);
  return lines(text).map((l) => l.split(":"));
}

/** Both files, for root; others are told what the real tools say when they cannot take the lock. */
export function* openAccounts(t: Tool, lockStatus: number): Call<Accounts> {
  if ((yield* t.sys.getcred()).uid !== 0) {
    yield* t.warn("Permission denied.");
    yield* t.die(`cannot lock /etc/${t.name.startsWith("group") ? "group" : "passwd"}; try again later.`, lockStatus);
  }
  return { passwd: yield* readTable(t, "/etc/passwd"), group: yield* readTable(t, "/etc/group") };
}

function* writeTable(t: Tool, path: string, rows: Table): Call<void> {
  const fd = yield* t.sys.open(path, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o644);
  const r = fd < 0 ? fd : yield* writeAll(t.sys, fd, utf8(rows.map((f) => `${f.join(":")}\n`).join("")));
  if (r < 0) yield* t.die(`failure while writing changes to ${path}`);
  yield* t.close(fd);
}

export function* saveAccounts(t: Tool, a: Accounts): Call<void> {
  yield* writeTable(t, "/etc/passwd", a.passwd);
  yield* writeTable(t, "/etc/group", a.group);
}

export const byName = (rows: Table, name: string): string[] | undefined => rows.find((f) => f[0] === name);

/** A group by name or number. */
export function findGroup(a: Accounts, word: string): string[] | undefined {
  return byName(a.group, word) ?? (/^[0-9]+$/.test(word) ? a.group.find((f) => f[2] === word) : undefined);
}

/** The number behind the highest of the ordinary (or the one below the lowest of the system's) that is in use. */
export function freeId(rows: Table, system: boolean): number {
  const used = new Set(rows.map((f) => Number(f[2])));
  if (system) {
    for (let n = 999; n >= 100; n--) if (!used.has(n)) return n;
    return 99;
  }
  let n = 1000;
  for (const id of used) if (id >= n && id < 60000) n = id + 1;
  return n;
}

export const members = (g: readonly string[]): string[] => g[3]!.split(",").filter((m) => m !== "");

/** NAME_REGEX of Debian's shadow: what may be in a name at all. */
export const goodName = (name: string): boolean => /^[a-z_][a-z0-9_-]*\$?$/.test(name) && name.length <= 32;

export function addMember(a: Accounts, user: string, groups: readonly string[]): void {
  for (const word of groups) {
    const g = findGroup(a, word)!;
    if (!members(g).includes(user)) g[3] = [...members(g), user].join(",");
  }
}

export function removeMember(a: Accounts, user: string, keep: (g: readonly string[]) => boolean): void {
  for (const g of a.group)
    if (!keep(g))
      g[3] = members(g)
        .filter((m) => m !== user)
        .join(",");
}

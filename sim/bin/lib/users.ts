/** Users and groups by name and number, from /etc/passwd and /etc/group, as getpwnam(3) and friends read them. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { lines, readText } from "./io.ts";

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The lines of a table that have so many fields; none where the file cannot be read. */
function* fields(sys: Sys, path: string, atLeast: number): Call<readonly (readonly string[])[]> {
  const text = yield* readText(sys, path);
  if (typeof text === "number") return [];
  return lines(text)
    .map((l) => l.split(":"))
    .filter((f) => f.length >= atLeast);
}

export function* readUsers(sys: Sys): Call<readonly User[]> {
  const table = yield* fields(sys, "/etc/passwd", 7);
  return table.map((f) => ({ name: f[0]!, uid: Number(f[2]), gid: Number(f[3]), home: f[5]!, shell: f[6]! }));
}

export function* readGroups(sys: Sys): Call<readonly Group[]> {
  const table = yield* fields(sys, "/etc/group", 4);
  return table.map((f) => ({ name: f[0]!, gid: Number(f[2]), members: f[3]!.split(",").filter((m) => m !== "") }));
}

/** The groups a person is in: the one of /etc/passwd first. */
export function* groupsOf(sys: Sys, who: User): Call<readonly number[]> {
  const more = (yield* readGroups(sys)).filter((g) => g.members.includes(who.name) && g.gid !== who.gid).map((g) => g.gid);
  return [who.gid, ...more];
}

export function userName(users: readonly User[], uid: number): string {
  return users.find((u) => u.uid === uid)?.name ?? String(uid);
}
export function groupName(groups: readonly Group[], gid: number): string {
  return groups.find((g) => g.gid === gid)?.name ?? String(gid);
}

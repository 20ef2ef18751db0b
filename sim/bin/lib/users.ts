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

export function* readUsers(sys: Sys): Call<readonly User[]> {
  const text = yield* readText(sys, "/etc/passwd");
  if (typeof text === "number") return [];
  return lines(text)
    .map((l) => l.split(":"))
    .filter((f) => f.length >= 7)
    .map((f) => ({ name: f[0]!, uid: Number(f[2]), gid: Number(f[3]), home: f[5]!, shell: f[6]! }));
}

export function* readGroups(sys: Sys): Call<readonly Group[]> {
  const text = yield* readText(sys, "/etc/group");
  if (typeof text === "number") return [];
  return lines(text)
    .map((l) => l.split(":"))
    .filter((f) => f.length >= 4)
    .map((f) => ({ name: f[0]!, gid: Number(f[2]), members: f[3] === "" ? [] : f[3]!.split(",") }));
}

export function userName(users: readonly User[], uid: number): string {
  return users.find((u) => u.uid === uid)?.name ?? String(uid);
}
export function groupName(groups: readonly Group[], gid: number): string {
  return groups.find((g) => g.gid === gid)?.name ?? String(gid);
}

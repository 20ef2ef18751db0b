/** /etc/passwd and /etc/group, as getpwnam(3) and getgrnam(3) read them. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { lines, readText } from "./io.ts";

export interface Passwd {
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

function* fields(sys: Sys, path: string): Call<readonly (readonly string[])[]> {
  const text = yield* readText(sys, path);
  return typeof text === "number" ? [] : lines(text).map((l) => l.split(":"));
}

export function* readPasswd(sys: Sys): Call<readonly Passwd[]> {
  return (yield* fields(sys, "/etc/passwd"))
    .filter((f) => f.length >= 7)
    .map((f) => ({ name: f[0]!, uid: Number(f[2]), gid: Number(f[3]), home: f[5]!, shell: f[6]! }));
}

export function* readGroups(sys: Sys): Call<readonly Group[]> {
  return (yield* fields(sys, "/etc/group"))
    .filter((f) => f.length >= 4)
    .map((f) => ({ name: f[0]!, gid: Number(f[2]), members: f[3]!.split(",").filter((m) => m !== "") }));
}

/** The groups a person is in: the one of /etc/passwd first. */
export function* groupsOf(sys: Sys, who: Passwd): Call<readonly number[]> {
  const more = (yield* readGroups(sys)).filter((g) => g.members.includes(who.name) && g.gid !== who.gid).map((g) => g.gid);
  return [who.gid, ...more];
}

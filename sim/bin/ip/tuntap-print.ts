/** The details of a tun or tap device as `ip -d link` prints them in iproute2 6.1, with its owner's name. */
import type { Call, Sys } from "../../kernel/abi.ts";
import type { Printer } from "../lib/iproute/print.ts";
import { type Group, groupName, readGroups, readUsers, type User, userName } from "../lib/users.ts";

export interface People {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
}

export function* readPeople(sys: Sys): Call<People> {
  return { users: yield* readUsers(sys), groups: yield* readGroups(sys) };
}

type Data = Readonly<Record<string, string | number | boolean>>;

export function printTun(p: Printer, data: Data, people: People | null): void {
  const flag = (key: string): void => {
    const on = data[key] === true;
    p.any(key, on, `${key} ${on ? "on" : "off"} `);
  };
  p.any("type", data["type"]!, `type ${data["type"]} `);
  flag("pi");
  flag("vnet_hdr");
  if (data["multi_queue"] === true) {
    p.any("multi_queue", true, "multi_queue ");
    p.any("numqueues", data["numqueues"]!, `numqueues ${data["numqueues"]} `);
    p.any("numdisabled", data["numdisabled"]!, `numdisabled ${data["numdisabled"]} `);
  } else p.json("multi_queue", false);
  flag("persist");
  const owner = Number(data["owner"]);
  const group = Number(data["group"]);
  if (owner >= 0) {
    const name = userName(people?.users ?? [], owner);
    p.any("user", name, `user ${name} `);
  }
  if (group >= 0) {
    const name = groupName(people?.groups ?? [], group);
    p.any("group", name, `group ${name} `);
  }
}

/** Routing netlink for commands: lists and look-ups over sys.rtnetlink, without error texts (each tool has its own). */
import type { Call, Sys } from "../../kernel/abi.ts";
import type { AddrRow, LinkRow } from "../../net/rtnl/messages.ts";

/** All links of the caller's namespace, by rising ifindex. Empty on an error. */
export function* listLinks(sys: Sys): Call<readonly LinkRow[]> {
  const r = yield* sys.rtnetlink({ type: "RTM_GETLINK" });
  return r.ok ? (r.links ?? []) : [];
}

/** The link of that name (or alternative name), or null. */
export function* linkByName(sys: Sys, name: string): Call<LinkRow | null> {
  if (name === "") return null;
  const r = yield* sys.rtnetlink({ type: "RTM_GETLINK", name });
  return r.ok ? (r.links?.[0] ?? null) : null;
}

export function* linkByIndex(sys: Sys, ifindex: number): Call<LinkRow | null> {
  const r = yield* sys.rtnetlink({ type: "RTM_GETLINK", ifindex });
  return r.ok ? (r.links?.[0] ?? null) : null;
}

/** if_nametoindex(3): 0 when there is no such device. */
export function* ifNameToIndex(sys: Sys, name: string): Call<number> {
  const l = yield* linkByName(sys, name);
  return l === null ? 0 : l.ifindex;
}

/** Addresses of the namespace, of one family or of both (IPv4 first). Empty on an error. */
export function* listAddrs(sys: Sys, family: 0 | 2 | 10): Call<readonly AddrRow[]> {
  const r = yield* sys.rtnetlink({ type: "RTM_GETADDR", family });
  return r.ok ? (r.addrs ?? []) : [];
}

/** Device names for Tab. */
export function* deviceNames(sys: Sys): Call<readonly string[]> {
  return (yield* listLinks(sys)).map((l) => l.name);
}

/** Names of the namespaces below /run/netns, for Tab. */
export function* netnsNames(sys: Sys): Call<readonly string[]> {
  const d = yield* sys.readdir("/run/netns");
  if (typeof d === "number") return [];
  return d.filter((e) => e.name !== "." && e.name !== "..").map((e) => e.name);
}

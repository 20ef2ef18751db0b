/** Which name below /run/netns a namespace id of this namespace belongs to (iproute2's nsid cache). */
import type { Call, Sys } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { netnsNames } from "../lib/rtnl.ts";

export const NETNS_RUN_DIR = "/run/netns";

/** The id this namespace has for the one at /run/netns/NAME, or -1. */
export function* nsidOfName(sys: Sys, name: string): Call<number> {
  const fd = yield* sys.open(`${NETNS_RUN_DIR}/${name}`, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return -1;
  const r = yield* sys.rtnetlink({ type: "RTM_GETNSID", ref: { fd } });
  yield* sys.close(fd);
  return r.ok ? (r.nsids?.[0]?.nsid ?? -1) : -1;
}

/** All named ones that have an id. */
export function* nsidMap(sys: Sys): Call<ReadonlyMap<number, string>> {
  const map = new Map<number, string>();
  for (const name of yield* netnsNames(sys)) {
    const id = yield* nsidOfName(sys, name);
    if (id >= 0 && !map.has(id)) map.set(id, name);
  }
  return map;
}

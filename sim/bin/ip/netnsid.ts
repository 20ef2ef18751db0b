/** Which name below /run/netns a namespace id of this namespace belongs to (iproute2's nsid cache). */
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { NETNS_RUN_DIR } from "../lib/iproute/netns.ts";
import { netnsNames } from "../lib/rtnl.ts";
import type { Ctx } from "./ctx.ts";

/** The id this namespace has for the one at /run/netns/NAME, or -1. A file that is no namespace is complained about. */
export function* nsidOfName(ctx: Ctx, name: string): Call<number> {
  const { sys } = ctx;
  const fd = yield* sys.open(`${NETNS_RUN_DIR}/${name}`, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return -1;
  const r = yield* ctx.talk({ type: "RTM_GETNSID", ref: { fd } });
  yield* sys.close(fd);
  return r?.nsids?.[0]?.nsid ?? -1;
}

/** All named ones that have an id. */
export function* nsidMap(ctx: Ctx): Call<ReadonlyMap<number, string>> {
  const map = new Map<number, string>();
  for (const name of yield* netnsNames(ctx.sys)) {
    const id = yield* nsidOfName(ctx, name);
    if (id >= 0 && !map.has(id)) map.set(id, name);
  }
  return map;
}

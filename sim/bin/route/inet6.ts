/** `route -6 add|del` (INET6_setroute): a target with its length, a gateway, a metric, a device. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { NlmF, type RouteRequest, RtProt, RtScope, RtTable, RtType } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { getaddrinfo } from "../lib/resolve.ts";
import { linkByName } from "../lib/rtnl.ts";

const USAGE = `Usage: inet6_route [-vF] del Target
       inet6_route [-vF] add Target [gw Gw] [metric M] [[dev] If]
       inet6_route [-FC] flush      NOT supported
`;

export function* change6(sys: Sys, what: "add" | "del", words: readonly string[]): Call<number> {
  const usage = (): never => exit(3, USAGE);
  const target = words[0] ?? exit(0, USAGE);
  let dst: Uint8Array | null = null;
  let len = 0;
  if (target !== "default") {
    const slash = target.indexOf("/");
    len = slash < 0 ? 128 : Number.parseInt(target.slice(slash + 1), 10);
    if (!(len >= 0 && len <= 128)) usage();
    dst = yield* resolve6(sys, slash < 0 ? target : target.slice(0, slash));
  }
  let gateway: Uint8Array | null = null;
  let metric = 1;
  let dev: string | null = null;
  let at = 1;
  const value = (): string => words[++at] ?? usage();
  for (; at < words.length; at++) {
    const w = words[at]!;
    if (w === "metric") metric = Number.parseInt(value(), 10) || usage();
    else if (w === "gw" || w === "gateway") gateway = yield* resolve6(sys, value());
    else if (w === "mod" || w === "dyn") continue;
    else {
      if (w === "dev" || w === "device") at++;
      else if (at + 1 < words.length) usage();
      dev = words[at] ?? usage();
    }
  }
  const fail = (errno: number): number => exit(7, `${what === "add" ? "SIOCADDRT" : "SIOCDELRT"}: ${strerror(errno)}\n`);
  let oif = 0;
  if (dev !== null) {
    const link = yield* linkByName(sys, dev);
    if (link === null) exit(1, "SIOGIFINDEX: No such device\n");
    oif = link!.ifindex;
  }
  if (what === "add" && oif === 0 && gateway === null) return fail(Errno.ENODEV);
  const route: RouteRequest = {
    family: 10,
    dst,
    dstLen: len,
    tos: 0,
    table: RtTable.MAIN,
    protocol: what === "add" ? RtProt.BOOT : RtProt.UNSPEC,
    scope: RtScope.UNIVERSE,
    type: what === "add" ? RtType.UNICAST : RtType.UNSPEC,
    flags: 0,
    priority: metric,
    ...(oif === 0 ? {} : { oif }),
    ...(gateway === null ? {} : { gateway, gatewayFamily: 10 as const }),
  };
  const r =
    what === "add"
      ? yield* sys.rtnetlink({ type: "RTM_NEWROUTE", flags: NlmF.CREATE, route })
      : yield* sys.rtnetlink({ type: "RTM_DELROUTE", route });
  return r.ok ? 0 : fail(r.errno);
}

function* resolve6(sys: Sys, text: string): Call<Uint8Array> {
  const r = yield* getaddrinfo(sys, text, 10);
  const a = typeof r === "string" ? undefined : r.addrs[0];
  return a !== undefined && a.family === 10 ? a.addr : exit(1, `${text}: Host name lookup failure\n`);
}

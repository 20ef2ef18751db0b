/** IPv4 in unit tests: addresses, routes and raw ICMP sockets in one line each, over the networks of net.ts. */
import { bug } from "../core/result.ts";
import { parseIp4, parsePrefix4 } from "../wire/addr.ts";
import { buildIcmpEcho, IcmpType } from "../wire/icmp4.ts";
import type { NetNs } from "../net/netns.ts";
import { bytes4 } from "../net/rtnl/addr.ts";
import { NlmF, RtScope, RtTable, RtType, type RouteRow, type RtnlReply } from "../net/rtnl/messages.ts";
import type { NetRecv, Sock } from "../net/sock/socket.ts";
import { createSocket } from "../net/sock/table.ts";
import { ROOT, rtnl } from "./net.ts";

export function ip(text: string): number {
  return parseIp4(text) ?? bug(`no address: ${text}`);
}
function said(r: RtnlReply): string {
  return r.ok ? "" : `${r.errno} ${r.extack}`;
}

/** `ip addr add TEXT dev DEV`; "" when it worked, else errno and words. */
export function addAddr(ns: NetNs, dev: string, text: string, more: object = {}): string {
  const p = parsePrefix4(text) ?? bug(`no prefix: ${text}`);
  const addr = { family: 2 as const, ifindex: ns.devByName(dev)!.ifindex, prefixlen: p.len, local: bytes4(p.addr), ...more };
  return said(rtnl(ns, { type: "RTM_NEWADDR", flags: NlmF.CREATE | NlmF.EXCL, addr }));
}
export function delAddr(ns: NetNs, dev: string, text: string): string {
  const p = parsePrefix4(text)!;
  return said(
    rtnl(ns, {
      type: "RTM_DELADDR",
      addr: { family: 2, ifindex: ns.devByName(dev)!.ifindex, prefixlen: p.len, local: bytes4(p.addr), address: bytes4(p.addr) },
    }),
  );
}

export interface RouteOpts {
  readonly via?: string;
  readonly dev?: string;
  readonly src?: string;
  readonly metric?: number;
  readonly type?: number;
  readonly tos?: number;
  readonly table?: number;
  readonly flags?: number;
  readonly metrics?: Readonly<Record<string, number>>;
}
function request(ns: NetNs, dst: string, o: RouteOpts, del: boolean) {
  const p = parsePrefix4(dst === "default" ? "0.0.0.0/0" : dst)!;
  return {
    family: 2 as const,
    dst: bytes4(p.addr),
    dstLen: p.len,
    tos: o.tos ?? 0,
    table: o.table ?? RtTable.MAIN,
    protocol: del ? 0 : 3,
    scope: del ? RtScope.NOWHERE : o.via || (o.type ?? 1) >= RtType.BLACKHOLE ? RtScope.UNIVERSE : RtScope.LINK,
    type: del ? 0 : (o.type ?? RtType.UNICAST),
    flags: o.flags ?? 0,
    ...(o.via ? { gateway: bytes4(ip(o.via)) } : {}),
    ...(o.dev ? { oif: ns.devByName(o.dev)!.ifindex } : {}),
    ...(o.src ? { prefsrc: bytes4(ip(o.src)) } : {}),
    ...(o.metric ? { priority: o.metric } : {}),
    ...(o.metrics ? { metrics: o.metrics } : {}),
  };
}
/** `ip route add`; `how` replaces the netlink flags of "add". */
export function addRoute(ns: NetNs, dst: string, o: RouteOpts, how: number = NlmF.CREATE | NlmF.EXCL): string {
  return said(rtnl(ns, { type: "RTM_NEWROUTE", flags: how, route: request(ns, dst, o, false) }));
}
export function delRoute(ns: NetNs, dst: string, o: RouteOpts = {}): string {
  return said(rtnl(ns, { type: "RTM_DELROUTE", route: request(ns, dst, o, true) }));
}
/** `ip route get`: the row, or -errno. */
export function getRoute(
  ns: NetNs,
  dst: string,
  o: { readonly src?: string; readonly oif?: string; readonly mark?: number } = {},
): RouteRow | number {
  const r = rtnl(ns, {
    type: "RTM_GETROUTE",
    dump: false,
    family: 2,
    get: {
      dst: bytes4(ip(dst)),
      ...(o.src ? { src: bytes4(ip(o.src)) } : {}),
      ...(o.oif ? { oif: ns.devByName(o.oif)!.ifindex } : {}),
      ...(o.mark ? { mark: o.mark } : {}),
    },
  });
  return r.ok ? r.routes![0]! : -r.errno;
}
/** Lines like "10.0.0.0/24 e0" or "default via 10.0.0.1 e0 metric 5", with dead and linkdown marked. */
export function routes(ns: NetNs, table: number = RtTable.MAIN): string[] {
  const r = rtnl(ns, { type: "RTM_GETROUTE", dump: true, family: 2, table });
  if (!r.ok) return [];
  const dot = (b: Uint8Array): string => [...b].join(".");
  return r.routes!.map((x) => {
    const nh = x.nexthops
      .map(
        (n) =>
          `${n.gateway ? ` via ${dot(n.gateway)}` : ""} ${ns.devs.get(n.ifindex)?.name ?? "?"}${n.flags & 1 ? " dead" : ""}${n.flags & 16 ? " linkdown" : ""}`,
      )
      .join(" |");
    const type = Object.entries(RtType)
      .find(([, v]) => v === x.type)![0]
      .toLowerCase();
    return `${x.type === RtType.UNICAST ? "" : `${type} `}${x.dstLen === 0 ? "default" : `${dot(x.dst)}/${x.dstLen}`}${nh}${x.priority ? ` metric ${x.priority}` : ""}`;
  });
}

export function rawSocket(ns: NetNs, protocol = 1): Sock {
  const s = createSocket(ns, 2, 3, protocol, ROOT);
  return typeof s === "number" ? bug(`socket: ${s}`) : s;
}
/** Sends one echo request of `len` bytes of data; what sendto said. */
export function echo(sk: Sock, to: string, seq = 1, len = 56): number {
  const b = new Uint8Array(8 + len);
  buildIcmpEcho(b, 0, IcmpType.ECHO, 77, seq, len);
  return sk.ops.sendto(sk, b, { family: 2, addr: ip(to), port: 0 }, 0);
}
/** Everything that waits in a raw ICMP socket, as "type/code from A ttl N len N". */
export function received(sk: Sock): string[] {
  const out: string[] = [];
  for (;;) {
    const r = sk.ops.recv(sk, 65536, false);
    if (typeof r === "number") return out;
    out.push(line(r));
  }
}
function line(r: NetRecv): string {
  const h = (r.data[0]! & 15) * 4;
  const a = r.from!.family === 2 ? r.from!.addr : 0;
  return `${r.data[h]}/${r.data[h + 1]} from ${[a >>> 24, (a >>> 16) & 255, (a >>> 8) & 255, a & 255].join(".")} ttl ${r.data[8]} len ${r.data.length}`;
}

/** TUN[:ADDRESS/BITS]: attaches to a tun or tap device, or makes one for as long as socat runs; sets its address and flags. */
import { strerror } from "../../core/result.ts";
import { type Call, O, TUN } from "../../kernel/abi.ts";
import { IFF, NlmF } from "../../net/rtnl/messages.ts";
import { addr4, bytes4, inetAton } from "../lib/resolve.ts";
import { linkByName } from "../lib/rtnl.ts";
import { BUFFER } from "./log.ts";
import type { Open } from "./open.ts";
import { Dir, fdStream, move, quoted, type Stream } from "./stream.ts";

const FLAGS: readonly (readonly [string, number, boolean])[] = [
  ["iff-up", IFF.UP, true],
  ["iff-promisc", IFF.PROMISC, true],
  ["iff-noarp", IFF.NOARP, true],
  ["iff-allmulti", IFF.ALLMULTI, true],
  ["iff-multicast", IFF.MULTICAST, true],
  ["iff-debug", IFF.DEBUG, true],
  ["iff-notrailers", IFF.NOTRAILERS, true],
];

export function* openTun(o: Open): Call<Stream> {
  const { sys, log, opts } = o;
  const net = o.params.length === 0 ? null : yield* network(o, o.params[0]!);
  const type = opts.text("tun-type") ?? "tun";
  if (type !== "tun" && type !== "tap") yield* log.error(`unknown tun-type ${quoted(type)}`);
  const path = opts.text("tun-device") ?? "/dev/net/tun";
  const fd = yield* move(sys, yield* sys.open(path, O.RDWR, 0));
  if (fd < 0) yield* log.error(`open(${quoted(path)}, 02, 0666): ${strerror(fd)}`);
  yield* log.notice("creating tunnel network interface");
  const name = opts.text("tun-name") ?? "";
  const flags = (type === "tun" ? TUN.TUN : TUN.TAP) | (opts.has("iff-no-pi") ? TUN.NO_PI : 0);
  const dev = yield* sys.tunctl(fd, { op: "TUNSETIFF", name, flags });
  if (typeof dev === "number") return yield* log.error(`ioctl(${fd}, TUNSETIFF, {${quoted(name)}}: ${strerror(dev)}`);
  if (net !== null) yield* setAddress(o, dev.name, net);
  let on = 0;
  for (const [option, bit] of FLAGS) if (opts.has(option)) on |= bit;
  if (on !== 0) {
    const link = yield* linkByName(sys, dev.name);
    const r = yield* sys.rtnetlink({ type: "RTM_NEWLINK", flags: 0, ifindex: link?.ifindex ?? 0, attrs: { flags: on, change: on } });
    if (!r.ok) yield* log.error(`ioctl(${fd}, SIOCSIFFLAGS, {${quoted(dev.name)}, ${on}}: ${strerror(r.errno)}`);
  }
  return yield* fdStream(sys, log, o.dir & Dir.READ ? fd : -1, o.dir & Dir.WRITE ? fd : -1, BUFFER);
}

interface Network {
  readonly addr: number;
  readonly bits: number;
}

/** xioparsenetwork_ip4: ADDRESS/BITS or ADDRESS/MASK */
function* network(o: Open, text: string): Call<Network> {
  const { log } = o;
  const [host = "", mask] = text.split("/");
  if (mask === undefined) return yield* log.error(`xioparsenetwork_ip4(${quoted(text)},,): missing netmask delimiter`);
  let bits = Number(mask);
  if (mask.includes(".")) {
    const m = inetAton(mask);
    if (m === null) return yield* log.error(`xioparsenetwork_ip4(${quoted(text)},,): invalid netmask`);
    bits = 32 - Math.log2((~m >>> 0) + 1);
  } else if (bits > 32) yield* log.error(`netmask ${quoted(text)} is too large`);
  const addr = inetAton(host);
  if (addr === null) return yield* log.error(`getaddrinfo(${quoted(host)}, "NULL", {1,2,2,17}, {}): Name or service not known`);
  return { addr, bits };
}

/** SIOCSIFADDR and SIOCSIFNETMASK */
function* setAddress(o: Open, name: string, net: Network): Call<void> {
  const link = yield* linkByName(o.sys, name);
  const local = bytes4(net.addr);
  const broadcasts = link !== null && (link.flags & IFF.BROADCAST) !== 0 && net.bits < 31;
  const host = net.bits === 0 ? 0xffffffff : (2 ** (32 - net.bits) - 1) >>> 0;
  const r = yield* o.sys.rtnetlink({
    type: "RTM_NEWADDR",
    flags: NlmF.CREATE | NlmF.REPLACE,
    addr: {
      family: 2,
      ifindex: link?.ifindex ?? 0,
      prefixlen: net.bits,
      local,
      address: local,
      label: name,
      scope: 0,
      ...(broadcasts ? { broadcast: bytes4((addr4(local) | host) >>> 0) } : {}),
    },
  });
  if (!r.ok) yield* o.log.error(`ioctl(SIOCSIFADDR, {${quoted(name)}}): ${strerror(r.errno)}`);
}

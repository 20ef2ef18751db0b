/** ICMP over IPv4. Not decoded: RFC 4884 extensions (tcpdump shows MPLS labels in them). */
import { checksum } from "../checksum.ts";
import { IcmpRedirect, IcmpType, IcmpUnreach } from "../icmp4.ts";
import { IpProto } from "../ipv4.ts";
import type { Out } from "./out.ts";

const TYPES: ReadonlyMap<number, string> = new Map([
  [IcmpType.SOURCE_QUENCH, "source quench"],
  [6, "alternate host address"],
  [IcmpType.ROUTERSOLICIT, "router solicitation"],
  [IcmpType.INFO_REQUEST, "information request"],
  [IcmpType.INFO_REPLY, "information reply"],
  [IcmpType.ADDRESS, "address mask request"],
  [30, "traceroute"],
  [31, "datagram conversion error"],
  [32, "mobile host redirect"],
  [33, "IPv6 where-are-you"],
  [34, "IPv6 I-am-here"],
  [35, "mobile registration request"],
  [36, "mobile registration reply"],
  [37, "domain name request"],
  [38, "domain name reply"],
  [39, "skip"],
  [40, "photuris"],
]);

/** "%" stands for the destination of the quoted packet */
const UNREACH: ReadonlyMap<number, string> = new Map([
  [IcmpUnreach.NET_UNREACH, "net % unreachable"],
  [IcmpUnreach.HOST_UNREACH, "host % unreachable"],
  [IcmpUnreach.SR_FAILED, "% unreachable - source route failed"],
  [IcmpUnreach.NET_UNKNOWN, "net % unreachable - unknown"],
  [IcmpUnreach.HOST_UNKNOWN, "host % unreachable - unknown"],
  [IcmpUnreach.HOST_ISOLATED, "% unreachable - source host isolated"],
  [IcmpUnreach.NET_ANO, "net % unreachable - admin prohibited"],
  [IcmpUnreach.HOST_ANO, "host % unreachable - admin prohibited"],
  [IcmpUnreach.NET_UNR_TOS, "net % unreachable - tos prohibited"],
  [IcmpUnreach.HOST_UNR_TOS, "host % unreachable - tos prohibited"],
  [IcmpUnreach.PKT_FILTERED, "host % unreachable - admin prohibited filter"],
  [IcmpUnreach.PREC_VIOLATION, "host % unreachable - host precedence violation"],
  [IcmpUnreach.PREC_CUTOFF, "host % unreachable - precedence cutoff"],
]);

const REDIRECTS: ReadonlyMap<number, string> = new Map([
  [IcmpRedirect.NET, "redirect % to net "],
  [IcmpRedirect.HOST, "redirect % to host "],
  [IcmpRedirect.NETTOS, "redirect-tos % to net "],
  [IcmpRedirect.HOSTTOS, "redirect-tos % to host "],
]);

function unreachable(o: Out, off: number, code: number): string {
  const quote = off + 8;
  if (code === IcmpUnreach.PORT_UNREACH) o.need(quote + 9, 1);
  const dst = o.ip4(quote + 16);
  if (code === IcmpUnreach.PROT_UNREACH) return `${dst} protocol ${o.u8(quote + 9)} unreachable`;
  if (code === IcmpUnreach.PORT_UNREACH) {
    const proto = o.u8(quote + 9);
    const port = o.u16(quote + ((o.u8(quote) & 15) << 2) + 2);
    if (proto === IpProto.TCP) return `${dst} tcp port ${o.tcpPort(port)} unreachable`;
    if (proto === IpProto.UDP) return `${dst} udp port ${o.udpPort(port)} unreachable`;
    return `${dst} protocol ${proto} port ${port} unreachable`;
  }
  if (code === IcmpUnreach.FRAG_NEEDED) {
    const mtu = o.u16(off + 6);
    return `${dst} unreachable - need to frag${mtu ? ` (mtu ${mtu})` : ""}`;
  }
  return (UNREACH.get(code) ?? `% unreachable - #${code}`).replace("%", dst);
}

function routerAdvertisement(o: Out, off: number, code: number): string {
  let s = code === 16 ? "router advertisement (mobile)" : "router advertisement";
  if (code === 128 || (code !== 0 && code !== 16)) s = `router advertisement${code === 128 ? "(noncommon)" : ""}`;
  const lifetime = o.u16(off + 6);
  if (lifetime < 60) s += ` lifetime ${lifetime}`;
  else if (lifetime < 3600) s += ` lifetime ${Math.floor(lifetime / 60)}:${two(lifetime % 60)}`;
  else s += ` lifetime ${Math.floor(lifetime / 3600)}:${two(Math.floor((lifetime % 3600) / 60))}:${two(lifetime % 60)}`;
  const n = o.u8(off + 4);
  s += ` ${n}:`;
  const size = o.u8(off + 5);
  if (size !== 2) return `${s} [size ${size}]`;
  for (let i = 0; i < n; i++) s += ` {${o.ip4(off + 8 + 8 * i)} ${o.u32(off + 12 + 8 * i)}}`;
  return s;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
/** Milliseconds since midnight; the number is taken as it comes, as tcpdump does. */
function clock(ms: number): string {
  const s = Math.floor(ms / 1000);
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}

function describe(o: Out, off: number, type: number, code: number): string {
  switch (type) {
    case IcmpType.ECHO:
    case IcmpType.ECHOREPLY:
      return `echo ${type === IcmpType.ECHO ? "request" : "reply"}, id ${o.u16(off + 4)}, seq ${o.u16(off + 6)}`;
    case IcmpType.DEST_UNREACH:
      return unreachable(o, off, code);
    case IcmpType.REDIRECT: {
      const dst = o.ip4(off + 24);
      const gw = o.ip4(off + 4);
      return (REDIRECTS.get(code) ?? `redirect-#${code} % to `).replace("%", dst) + gw;
    }
    case IcmpType.ROUTERADVERT:
      return routerAdvertisement(o, off, code);
    case IcmpType.TIME_EXCEEDED:
      return code === 0 ? "time exceeded in-transit" : code === 1 ? "ip reassembly time exceeded" : `time exceeded-#${code}`;
    case IcmpType.PARAMETERPROB:
      return code !== 0 ? `parameter problem - code ${code}` : `parameter problem - octet ${o.u8(off + 4)}`;
    case IcmpType.ADDRESSREPLY:
      return `address mask is 0x${o
        .u32(off + 8)
        .toString(16)
        .padStart(8, "0")}`;
    case IcmpType.TIMESTAMP:
      return `time stamp query id ${o.u16(off + 4)} seq ${o.u16(off + 6)}`;
    case IcmpType.TIMESTAMPREPLY:
      o.need(off, 20);
      return `time stamp reply id ${o.u16(off + 4)} seq ${o.u16(off + 6)}: org ${clock(o.u32(off + 8))}, recv ${clock(o.u32(off + 12))}, xmit ${clock(o.u32(off + 16))}`;
    default:
      return TYPES.get(type) ?? `type-#${type}`;
  }
}

/** messages longer than this may carry an extension structure (RFC 4884) */
const EXTENSION_MIN = 156;

/** `length`: bytes of the message on the wire. */
export function printIcmp4(o: Out, off: number, length: number, fragmented: boolean): void {
  o.proto = "icmp";
  const type = o.u8(off);
  const code = o.u8(off + 1);
  o.put(`ICMP ${describe(o, off, type, code)}, length ${length}`);
  if (o.opts.v === 0) return;
  if (!fragmented && o.has(off, length)) {
    const sum = checksum(o.buf, off, length);
    if (sum !== 0) {
      const is = o.u16(off + 2);
      o.put(` (wrong icmp cksum ${is.toString(16)} (->${shouldBe(is, sum).toString(16)})!)`);
    }
  }
  const error =
    type === IcmpType.DEST_UNREACH ||
    type === IcmpType.SOURCE_QUENCH ||
    type === IcmpType.REDIRECT ||
    type === IcmpType.TIME_EXCEEDED ||
    type === IcmpType.PARAMETERPROB;
  if (error) {
    o.put("\n\t");
    o.inner.ip4(o, off + 8, o.u16(off + 10));
    // behind 128 bytes of quote tcpdump looks for an extension structure, which must have been captured
    if (length > EXTENSION_MIN && type !== IcmpType.REDIRECT && type !== IcmpType.SOURCE_QUENCH) {
      o.proto = "icmp";
      o.need(off + 136, 4);
    }
  }
}

/** What a checksum field holding `is` ought to hold, when the sum over everything came out as `computed`. */
export function shouldBe(is: number, computed: number): number {
  const s = is + computed;
  return (s & 0xffff) + (s >>> 16);
}

/** IPv4: header, options, fragments, and the way to what it carries. */
import { checksum } from "../checksum.ts";
import { IP4_HLEN, IP_DF, IP_MF, IP_OFFMASK, IpProto } from "../ipv4.ts";
import { PROTOCOL_NAMES } from "../services.ts";
import { printIcmp4, shouldBe } from "./icmp4.ts";
import { printIcmp6 } from "./icmp6.ts";
import { IPPROTO_NAMES } from "./names.ts";
import { bits, NOTICED, TRUNCATED, type Out } from "./out.ts";
import { printGre } from "./gre.ts";
import { printIgmp } from "./igmp.ts";
import { printAh, printEsp } from "./ipsec.ts";
import { printTcp } from "./tcp.ts";
import { printUdp } from "./udp.ts";

const FLAGS = [
  [IP_MF, "+"],
  [IP_DF, "DF"],
  [0x8000, "rsvd"],
] as const;

const OPTIONS: ReadonlyMap<number, string> = new Map([
  [0, "EOL"],
  [1, "NOP"],
  [7, "RR"],
  [68, "timestamp"],
  [130, "security"],
  [131, "LSRR"],
  [137, "SSRR"],
  [148, "RA"],
  [11, "MTU probe"],
  [12, "MTU reply"],
]);

/** `length`: bytes the link layer says the packet has. */
export function printIp4(o: Out, off: number, length: number): void {
  o.proto = "ip";
  const version = o.u8(off) >>> 4;
  if (version !== 4) {
    if (o.opts.e && version === 6) o.put("IP6, wrong link-layer encapsulation (invalid)");
    else o.put(version === 6 ? "IP6, wrong link-layer encapsulation (invalid)" : `IP${version} (invalid)`);
    return;
  }
  if (!o.opts.e) o.put("IP ");
  o.need(off, IP4_HLEN);
  if (length < IP4_HLEN) {
    o.put(`truncated-ip ${length}`);
    return;
  }
  const hlen = (o.u8(off) & 15) << 2;
  if (hlen < IP4_HLEN) {
    o.put(`bad-hlen ${hlen}`);
    return;
  }
  const len = o.u16(off + 2);
  if (length < len) o.put(`truncated-ip - ${len - length} bytes missing! `);
  if (len < hlen) {
    o.put(`bad-len ${len}`);
    return;
  }
  const outer = o.end;
  o.end = Math.min(o.end, off + len);
  printBody(o, off, hlen, len - hlen);
  o.end = outer;
}

function printBody(o: Out, off: number, hlen: number, len: number): void {
  const frag = o.u16(off + 6);
  const proto = o.u8(off + 9);
  if (o.opts.v > 0 && !printHeader(o, off, hlen, frag, proto)) return;
  if ((frag & IP_OFFMASK) === 0) {
    if (proto !== IpProto.TCP && proto !== IpProto.UDP && proto !== IpProto.SCTP && proto !== 33)
      o.put(`${o.ip4(off + 12)} > ${o.ip4(off + 16)}: `);
    if (!o.has(off, hlen)) {
      o.put(` [remaining caplen(${o.end - off}) < header length(${hlen})]`);
      throw TRUNCATED;
    }
    printUpper(o, off + hlen, len, 4, (frag & IP_MF) !== 0, proto, off);
    return;
  }
  if (o.opts.q > 1) return;
  o.put(`${o.ip4(off + 12)} > ${o.ip4(off + 16)}: ${protocolName(o, proto)}`);
}

function protocolName(o: Out, proto: number): string {
  return (o.opts.n ? undefined : PROTOCOL_NAMES.get(proto)) ?? `ip-proto-${proto}`;
}

/** The line of -v. False where the options were cut and nothing more is to be said. */
function printHeader(o: Out, off: number, hlen: number, frag: number, proto: number): boolean {
  const tos = o.u8(off + 1);
  o.put(`(tos 0x${tos.toString(16)}${["", ",ECT(1)", ",ECT(0)", ",CE"][tos & 3]}`);
  const ttl = o.u8(off + 8);
  if (ttl >= 1) o.put(`, ttl ${ttl}`);
  o.put(`, id ${o.u16(off + 4)}, offset ${(frag & IP_OFFMASK) * 8}, flags [${bits(FLAGS, "none", frag & 0xe000)}]`);
  o.put(`, proto ${IPPROTO_NAMES.get(proto) ?? "unknown"} (${proto}), length ${o.u16(off + 2)}`);
  let truncated = false;
  if (hlen > IP4_HLEN) {
    o.put(", options (");
    if (!printOptions(o, off + IP4_HLEN, hlen - IP4_HLEN)) {
      o.put(" [truncated-option]");
      truncated = true;
    }
    o.put(")");
  }
  if (o.has(off, hlen)) {
    const sum = checksum(o.buf, off, hlen);
    if (sum !== 0) {
      const is = o.u16(off + 10);
      o.put(`, bad cksum ${is.toString(16)} (->${shouldBe(is, sum).toString(16)})!`);
    }
  }
  o.put(")\n    ");
  if (truncated) {
    o.put(`${o.ip4(off + 12)} > ${o.ip4(off + 16)}: `);
    throw NOTICED;
  }
  return true;
}

/** False where the option bytes were not all captured. */
function printOptions(o: Out, start: number, total: number): boolean {
  let at = start;
  let left = total;
  let sep = "";
  while (left > 0) {
    o.put(sep);
    sep = ",";
    const opt = o.u8(at);
    o.put(OPTIONS.get(opt) ?? `unknown ${opt}`);
    let len = 1;
    if (opt !== 0 && opt !== 1) {
      len = o.u8(at + 1);
      if (len < 2 || len > left) {
        o.put(` [bad length ${len}]`);
        return true;
      }
    }
    if (!o.has(at, len)) return false;
    switch (opt) {
      case 0:
        return true;
      case 68:
        printTimestamps(o, at, len);
        break;
      case 7:
      case 131:
      case 137:
        printRoute(o, at, len);
        break;
      case 148:
        if (len < 4) o.put(" [bad length]");
        else if (o.u16(at + 2) !== 0) o.put(` value ${o.u16(at + 2)}`);
        break;
      default:
        break;
    }
    at += len;
    left -= len;
  }
  return true;
}

function printRoute(o: Out, at: number, len: number): void {
  if (len < 3) {
    o.put(` [bad length ${len}]`);
    return;
  }
  if (((len + 1) & 3) !== 0) o.put(` [bad length ${len}]`);
  const ptr = o.u8(at + 2) - 1;
  if (ptr < 3 || ((ptr + 1) & 3) !== 0) o.put(` [bad ptr ${o.u8(at + 2)}]`);
  for (let i = 3; i < len; i += 4) {
    o.put(` ${o.ip4(at + i)}`);
    if (i < ptr) o.put(",");
  }
}

function printTimestamps(o: Out, at: number, len: number): void {
  if (len < 4) {
    o.put(`[bad length ${len}]`);
    return;
  }
  o.put(" TS{");
  const mode = o.u8(at + 3) & 15;
  let hoplen = mode !== 0 ? 8 : 4;
  if (((len - 4) & (hoplen - 1)) !== 0) o.put(`[bad length ${len}]`);
  const ptr = o.u8(at + 2) - 1;
  let shown = "";
  if (ptr < 4 || ((ptr - 4) & (hoplen - 1)) !== 0 || ptr > len + 1) o.put(`[bad ptr ${o.u8(at + 2)}]`);
  if (mode === 0) o.put("TSONLY");
  else if (mode === 1) o.put("TS+ADDR");
  else if (mode === 2) o.put("prespec2.0");
  else if (mode === 3) o.put("PRESPEC");
  else {
    o.put(`[bad ts type ${mode}]`);
    hoplen = 0;
  }
  if (hoplen > 0) {
    let kind = " ";
    for (let i = 4; i < len; i += hoplen) {
      if (ptr === i) kind = " ^ ";
      o.put(`${kind}${o.u32(at + i + hoplen - 4)}@${hoplen !== 8 ? "" : o.ip4(at + i)}`);
      kind = " ";
    }
    if (ptr === len) shown = " ^ ";
    o.put(shown);
    const missed = o.u8(at + 3) >>> 4;
    o.put(missed > 0 ? ` [${missed} hops not recorded]} ` : "}");
  }
}

/** What an IP packet of either version carries. `ipOff`: where its (innermost) header stands. */
export function printUpper(o: Out, off: number, len: number, version: 4 | 6, fragmented: boolean, proto: number, ipOff: number): void {
  switch (proto) {
    case IpProto.ICMP:
      if (version === 4) printIcmp4(o, off, len, fragmented);
      else o.put("[ICMP requires IPv4] (invalid)");
      return;
    case IpProto.ICMPV6:
      printIcmp6(o, off, len, ipOff, fragmented);
      return;
    case IpProto.UDP:
      printUdp(o, off, len, ipOff, fragmented);
      return;
    case IpProto.TCP:
      printTcp(o, off, len, ipOff, fragmented);
      return;
    case IpProto.IPIP:
      printIp4(o, off, len);
      return;
    case IpProto.IPV6:
      o.inner.ip6(o, off, len);
      return;
    case IpProto.IGMP:
      printIgmp(o, off, len);
      return;
    case IpProto.ESP:
      printEsp(o, off, len);
      return;
    case IpProto.AH: {
      const next = printAh(o, off);
      const hlen = (o.u8(off + 1) + 2) << 2;
      if (next >= 0) printUpper(o, off + hlen, len - hlen, version, fragmented, next, ipOff);
      return;
    }
    case IpProto.GRE:
      printGre(o, off, len);
      return;
    case IpProto.NONE:
      o.put("no next header");
      return;
    default:
      o.put(` ${protocolName(o, proto)} ${len}`);
  }
}

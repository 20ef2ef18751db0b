/** ICMPv6: errors, echo, and the frame around neighbour discovery (nd.ts) and multicast listener messages (mld.ts). */
import { Icmp6Type, Icmp6Unreach } from "../icmp6.ts";
import { IpProto } from "../ipv4.ts";
import { ip6ExtLen, ip6IsExtension } from "../ipv6.ts";
import { hexDump } from "./hexdump.ts";
import { shouldBe } from "./icmp4.ts";
import { printMld1, printMld2Query, printMld2Report } from "./mld.ts";
import { printNdAdvert, printNdOptions, printRouterAdvert } from "./nd.ts";
import type { Out } from "./out.ts";
import { transportSum } from "./udp.ts";

const TYPES: ReadonlyMap<number, string> = new Map([
  [Icmp6Type.DEST_UNREACH, "destination unreachable"],
  [Icmp6Type.PKT_TOOBIG, "packet too big"],
  [Icmp6Type.TIME_EXCEED, "time exceeded in-transit"],
  [Icmp6Type.PARAMPROB, "parameter problem"],
  [Icmp6Type.ECHO_REQUEST, "echo request"],
  [Icmp6Type.ECHO_REPLY, "echo reply"],
  [Icmp6Type.MLD_QUERY, "multicast listener query"],
  [Icmp6Type.MLD_REPORT, "multicast listener report"],
  [Icmp6Type.MLD_REDUCTION, "multicast listener done"],
  [Icmp6Type.ROUTER_SOLICIT, "router solicitation"],
  [Icmp6Type.ROUTER_ADVERT, "router advertisement"],
  [Icmp6Type.NEIGH_SOLICIT, "neighbor solicitation"],
  [Icmp6Type.NEIGH_ADVERT, "neighbor advertisement"],
  [Icmp6Type.REDIRECT, "redirect"],
  [138, "router renumbering"],
  [139, "node information query"],
  [140, "node information reply"],
  [Icmp6Type.MLD2_REPORT, "multicast listener report v2"],
  [144, "dhaad request"],
  [145, "dhaad reply"],
  [146, "mobile router solicitation"],
  [147, "mobile router advertisement"],
  [155, "router renumbering"],
  [200, "mtrace response"],
  [201, "mtrace request"],
]);

const UNREACH: ReadonlyMap<number, string> = new Map([
  [Icmp6Unreach.NOROUTE, "unreachable route"],
  [Icmp6Unreach.ADM_PROHIBITED, " unreachable prohibited"],
  [Icmp6Unreach.NOT_NEIGHBOUR, "beyond scope"],
  [Icmp6Unreach.ADDR_UNREACH, "unreachable address"],
  [Icmp6Unreach.PORT_UNREACH, "unreachable port"],
]);

const PROBLEMS = ["erroneous", "next header", "option", "incomplete header chain"];

/** Types whose printers use -v for themselves: the length then comes early. */
function lengthFirst(type: number): boolean {
  return (type >= Icmp6Type.ROUTER_SOLICIT && type <= Icmp6Type.REDIRECT) || type === 139 || type === 140;
}

export function printIcmp6(o: Out, off: number, length: number, ipOff: number, fragmented: boolean): void {
  o.proto = "icmp6";
  if (length === 0) {
    o.put("ICMP6, length 0 (invalid)");
    return;
  }
  const type = o.u8(off);
  const v = o.opts.v;
  if (v > 0 && !fragmented) {
    if (o.has(off, length)) {
      const is = o.u16(off + 2);
      const sum = transportSum(o, off, length, ipOff, IpProto.ICMPV6);
      const hex4 = (n: number): string => n.toString(16).padStart(4, "0");
      o.put(sum !== 0 ? `[bad icmp6 cksum 0x${hex4(is)} -> 0x${hex4(shouldBe(is, sum))}!] ` : "[icmp6 sum ok] ");
    }
  }
  o.put(`ICMP6, ${TYPES.get(type) ?? `unknown icmp6 type (${type})`}`);
  if (v > 0 && lengthFirst(type)) o.put(`, length ${length}`);
  o.u8(off + 1);
  switch (type) {
    case Icmp6Type.DEST_UNREACH:
      if (!unreachable(o, off, length)) return;
      break;
    case Icmp6Type.PKT_TOOBIG:
      o.put(`, mtu ${o.u32(off + 4)}`);
      break;
    case Icmp6Type.TIME_EXCEED: {
      const code = o.u8(off + 1);
      if (code === 0) o.need(off + 8, 40);
      o.put(code === 0 ? ` for ${o.ip6(off + 32)}` : code === 1 ? " (reassembly)" : `, unknown code (${code})`);
      break;
    }
    case Icmp6Type.PARAMPROB: {
      const code = o.u8(off + 1);
      o.need(off + 8, 40);
      o.put(code < 4 ? `, ${PROBLEMS[code]!} - octet ${o.u32(off + 4)}` : `, code-#${code}`);
      break;
    }
    case Icmp6Type.ECHO_REQUEST:
    case Icmp6Type.ECHO_REPLY:
      o.put(`, id ${o.u16(off + 4)}, seq ${o.u16(off + 6)}`);
      break;
    case Icmp6Type.MLD_QUERY:
      if (length === 24) printMld1(o, off);
      else if (length >= 28) printMld2Query(o, off, length);
      break;
    case Icmp6Type.MLD_REPORT:
    case Icmp6Type.MLD_REDUCTION:
      printMld1(o, off);
      break;
    case Icmp6Type.MLD2_REPORT:
      printMld2Report(o, off, length);
      break;
    case Icmp6Type.ROUTER_SOLICIT:
      if (v > 0) printNdOptions(o, off + 8, length - 8);
      break;
    case Icmp6Type.ROUTER_ADVERT:
      if (v > 0) printRouterAdvert(o, off, length);
      break;
    case Icmp6Type.NEIGH_SOLICIT:
      o.put(`, who has ${o.ip6(off + 8)}`);
      if (v > 0) printNdOptions(o, off + 24, length - 24);
      break;
    case Icmp6Type.NEIGH_ADVERT:
      printNdAdvert(o, off, length);
      break;
    case Icmp6Type.REDIRECT:
      o.put(`, ${o.ip6(off + 24)} to ${o.ip6(off + 8)}`);
      if (v > 0) printNdOptions(o, off + 40, length - 40);
      break;
    default:
      o.put(`, length ${length}`);
      if (v <= 1) unknown(o, off, length);
      return;
  }
  if (v === 0) o.put(`, length ${length}`);
}

function unknown(o: Out, off: number, length: number): void {
  o.put(hexDump(o.buf, off, Math.max(0, Math.min(length, o.end - off)), "\n\t"));
}

/** False where the line ends with the dump of an unknown code. */
function unreachable(o: Out, off: number, length: number): boolean {
  const code = o.u8(off + 1);
  o.put(`, ${UNREACH.get(code) ?? `unknown unreach code (${code})`}`);
  switch (code) {
    case Icmp6Unreach.NOROUTE:
    case Icmp6Unreach.ADM_PROHIBITED:
    case Icmp6Unreach.ADDR_UNREACH:
      o.put(` ${o.ip6(off + 32)}`);
      return true;
    case Icmp6Unreach.NOT_NEIGHBOUR:
      o.put(` ${o.ip6(off + 32)}, source address ${o.ip6(off + 16)}`);
      return true;
    case Icmp6Unreach.PORT_UNREACH:
      unreachablePort(o, off + 8);
      return true;
    default:
      if (o.opts.v <= 1) unknown(o, off, length);
      return false;
  }
}

/** The quoted packet's destination and port; tcpdump knows no way to name what is neither TCP nor UDP. */
function unreachablePort(o: Out, quote: number): void {
  o.need(quote, 40);
  let next = o.u8(quote + 6);
  let at = quote + 40;
  while (ip6IsExtension(next)) {
    o.need(at, 2);
    const len = ip6ExtLen(o.buf, at, next);
    next = o.u8(at);
    at += len;
  }
  if (next !== IpProto.TCP && next !== IpProto.UDP) o.need(o.end, 1);
  o.need(at, 4);
  const port = o.u16(at + 2);
  o.put(`, ${o.ip6(quote + 24)} ${next === IpProto.TCP ? `tcp port ${o.tcpPort(port)}` : `udp port ${o.udpPort(port)}`}`);
}

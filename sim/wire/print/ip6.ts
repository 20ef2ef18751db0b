/** IPv6: header, extension headers (hop-by-hop, destination, fragment, routing types 0 and 2), and what follows them. */
import { IP6_HLEN, ip6ExtLen } from "../ipv6.ts";
import { IpProto } from "../ipv4.ts";
import { printUpper } from "./ip4.ts";
import { IPPROTO_NAMES } from "./names.ts";
import { NOTICED, type Out } from "./out.ts";

/** `length`: bytes the link layer says the packet has. */
export function printIp6(o: Out, off: number, length: number): void {
  o.proto = "ip6";
  o.need(off, IP6_HLEN);
  if (length < IP6_HLEN) {
    o.put(`truncated-ip6 ${length}`);
    return;
  }
  if (!o.opts.e) o.put("IP6 ");
  const version = o.u8(off) >>> 4;
  if (version !== 6) {
    o.put(`version error: ${version} != 6`);
    return;
  }
  const payload = o.u16(off + 4);
  const len = payload + IP6_HLEN;
  if (length < len) o.put(`truncated-ip6 - ${len - length} bytes missing!`);
  const next = o.u8(off + 6);
  if (o.opts.v > 0) {
    const flow = o.u32(off);
    o.put("(");
    if ((flow & 0x0ff00000) !== 0) o.put(`class 0x${((flow >>> 20) & 255).toString(16).padStart(2, "0")}, `);
    if ((flow & 0x000fffff) !== 0) o.put(`flowlabel 0x${(flow & 0xfffff).toString(16).padStart(5, "0")}, `);
    o.put(`hlim ${o.u8(off + 7)}, next-header ${IPPROTO_NAMES.get(next) ?? "unknown"} (${next}) payload length: ${payload}) `);
  }
  const outer = o.end;
  o.end = Math.min(o.end, off + len);
  printChain(o, off, next, len - IP6_HLEN);
  o.end = outer;
}

function printChain(o: Out, ipOff: number, first: number, payload: number): void {
  let next = first;
  let at = ipOff + IP6_HLEN;
  let len = payload;
  let fragmented = false;
  if (next !== IpProto.TCP && next !== IpProto.UDP && next !== 33 && next !== IpProto.SCTP)
    o.put(`${o.ip6(ipOff + 8)} > ${o.ip6(ipOff + 24)}: `);
  for (;;) {
    let advance = 0;
    switch (next) {
      case IpProto.HOPOPTS:
        o.proto = "hbhopt";
        advance = printOptionHeader(o, at, "HBH ");
        break;
      case IpProto.DSTOPTS:
        o.proto = "dstopt";
        advance = printOptionHeader(o, at, "DSTOPT ");
        break;
      case IpProto.FRAGMENT:
        o.proto = "frag6";
        if (!printFragment(o, at, ipOff)) return;
        fragmented = true;
        advance = 8;
        break;
      case IpProto.ROUTING:
        o.proto = "rt6";
        printRouting(o, at);
        advance = ip6ExtLen(o.buf, at, next);
        break;
      default:
        printUpper(o, at, len, 6, fragmented, next, ipOff);
        return;
    }
    next = o.u8(at);
    if (len < advance) {
      o.proto = "ip6";
      throw NOTICED;
    }
    at += advance;
    len -= advance;
    if (fragmented && at >= o.end) return;
  }
}

/** Returns the header's length. Options are shown with -v; those of a hop-by-hop header are looked at in any case. */
function printOptionHeader(o: Out, off: number, name: string): number {
  const len = (o.u8(off + 1) + 1) << 3;
  o.need(off, len);
  o.put(name);
  if (o.opts.v === 0 && o.proto === "dstopt") return len;
  const show = (text: string): void => {
    if (o.opts.v > 0) o.put(text);
  };
  const end = off + len;
  let i = off + 2;
  while (i < end) {
    const type = o.u8(i);
    if (type === 0) {
      show("(pad1)");
      i++;
      continue;
    }
    if (i + 1 >= end) throw NOTICED;
    const n = o.u8(i + 1);
    if (i + 2 + n > end) throw NOTICED;
    if (type === 1) show("(padn)");
    else if (type === 5) {
      if (n !== 2) {
        show(`(rtalert: invalid len ${n})`);
        throw NOTICED;
      }
      show(
        `(rtalert: 0x${o
          .u16(i + 2)
          .toString(16)
          .padStart(4, "0")}) `,
      );
    } else show(`(opt_type 0x${type.toString(16).padStart(2, "0")}: len=${n})`);
    i += 2 + n;
  }
  show(" ");
  return len;
}

/** False where it is not the first fragment, of which nothing more can be said. */
function printFragment(o: Out, off: number, ipOff: number): boolean {
  const offset = o.u16(off + 2) & 0xfff8;
  const len = IP6_HLEN + o.u16(ipOff + 4) - (off - ipOff) - 8;
  const id =
    o.opts.v > 0
      ? `0x${o
          .u32(off + 4)
          .toString(16)
          .padStart(8, "0")}:`
      : "";
  o.put(`frag (${id}${offset}|${len})`);
  if (offset !== 0) return false;
  o.put(" ");
  return true;
}

function printRouting(o: Out, off: number): void {
  const len = o.u8(off + 1);
  const type = o.u8(off + 2);
  const left = o.u8(off + 3);
  o.put(`RT6 (len=${len}, type=${type}${type === 0 ? " [Deprecated]" : ""}, segleft=${left}`);
  if (type === 0 || type === 2) {
    const reserved = o.u32(off + 4);
    if (reserved !== 0 || o.opts.v > 0) o.put(`, rsv=0x${reserved.toString(16)}`);
    if (len % 2 === 1) throw NOTICED;
    for (let i = 0; i < len >> 1; i++) o.put(`, [${i}]${o.ip6(off + 8 + 16 * i)}`);
    o.put(") ");
    return;
  }
  o.put(` (unknown type (${type}))) `);
}

/** TCP: flags, numbers relative to the conversation's first, options. What travels inside is shown by its length. */
import { hex } from "../../core/bytes.ts";
import { IpProto } from "../ipv4.ts";
import { TCP_ACK, TCP_FIN, TCP_HLEN, TCP_RST, TCP_SYN, TCP_URG, TcpOpt } from "../tcp.ts";
import { shouldBe } from "./icmp4.ts";
import { bits, NOTICED, type Out } from "./out.ts";
import { printPorts, transportSum } from "./udp.ts";

const FLAGS = [
  [0x01, "F"],
  [0x02, "S"],
  [0x04, "R"],
  [0x08, "P"],
  [0x10, "."],
  [0x20, "U"],
  [0x40, "E"],
  [0x80, "W"],
] as const;

const OPTIONS: ReadonlyMap<number, string> = new Map([
  [TcpOpt.EOL, "eol"],
  [TcpOpt.NOP, "nop"],
  [TcpOpt.MSS, "mss"],
  [TcpOpt.WSCALE, "wscale"],
  [TcpOpt.SACKOK, "sackOK"],
  [TcpOpt.SACK, "sack"],
  [TcpOpt.TIMESTAMP, "TS"],
]);

export function printTcp(o: Out, off: number, wireLen: number, ipOff: number, fragmented: boolean): void {
  o.proto = "tcp";
  if (!o.has(off, 4)) {
    const v6 = o.u8(ipOff) >>> 4 === 6;
    o.put(v6 ? `${o.ip6(ipOff + 8)} > ${o.ip6(ipOff + 24)}:` : `${o.ip4(ipOff + 12)} > ${o.ip4(ipOff + 16)}:`);
    throw NOTICED;
  }
  const sport = o.u16(off);
  const dport = o.u16(off + 2);
  printPorts(o, ipOff, IpProto.TCP, o.tcpPort(sport), o.tcpPort(dport));
  o.need(off, TCP_HLEN);
  const hlen = (o.u8(off + 12) >>> 4) << 2;
  if (hlen < TCP_HLEN) {
    o.put(` tcp ${wireLen - hlen} [bad hdr length ${hlen} - too short, < ${TCP_HLEN}]`);
    return;
  }
  if (o.opts.q > 0) {
    o.put(`tcp ${(wireLen - hlen) >>> 0}`);
    if (hlen > wireLen) o.put(` [bad hdr length ${hlen} - too long, > ${wireLen}]`);
    return;
  }
  let seq = o.u32(off + 4);
  let ack = o.u32(off + 8);
  const flags = o.u8(off + 13);
  o.put(`Flags [${bits(FLAGS, "none", flags, "")}]`);
  let sackBase = 0;
  if (!o.opts.S && (flags & TCP_ACK) !== 0) {
    const c = conversation(o, ipOff, sport, dport);
    const known = o.state.get(c.key);
    if (!known || (flags & TCP_SYN) !== 0) {
      const before = (ack - 1) >>> 0;
      const begun = c.reversed ? { seq: before, ack: seq } : { seq, ack: before };
      o.state.set(c.key, begun);
      sackBase = c.reversed ? begun.seq : begun.ack;
    } else {
      seq = (seq - (c.reversed ? known.ack : known.seq)) >>> 0;
      ack = (ack - (c.reversed ? known.seq : known.ack)) >>> 0;
      sackBase = c.reversed ? known.seq : known.ack;
    }
  }
  if (hlen > wireLen) {
    o.put(` [bad hdr length ${hlen} - too long, > ${wireLen}]`);
    return;
  }
  if (o.opts.v > 0 && !fragmented && o.has(off, wireLen)) {
    const sum = transportSum(o, off, wireLen, ipOff, IpProto.TCP);
    const is = o.u16(off + 16);
    const hex4 = (n: number): string => n.toString(16).padStart(4, "0");
    o.put(`, cksum 0x${hex4(is)} ${sum !== 0 ? `(incorrect -> 0x${hex4(shouldBe(is, sum))})` : "(correct)"}`);
  }
  const length = wireLen - hlen;
  if (o.opts.v > 1 || length > 0 || (flags & (TCP_SYN | TCP_FIN | TCP_RST)) !== 0) {
    o.put(`, seq ${seq}`);
    if (length > 0) o.put(`:${(seq + length) >>> 0}`);
  }
  if ((flags & TCP_ACK) !== 0) o.put(`, ack ${ack}`);
  o.put(`, win ${o.u16(off + 14)}`);
  if ((flags & TCP_URG) !== 0) o.put(`, urg ${o.u16(off + 18)}`);
  if (hlen > TCP_HLEN && !printOptions(o, off + TCP_HLEN, hlen - TCP_HLEN, sackBase)) return;
  o.put(`, length ${length}`);
  if (length > 0 && o.opts.v > 0 && (flags & TCP_RST) !== 0) printResetReason(o, off + hlen, length);
}

/** Data in a reset is its reason as text (RFC 1122 §4.2.2.12); at most 30 bytes are shown, control characters as ^X and M-X. */
function printResetReason(o: Out, off: number, length: number): void {
  o.put(o.has(off, length) ? " [RST" : " [!RST");
  if (length > 30) o.put("+");
  o.put(" ");
  for (let i = 0; i < Math.min(length, 30) && o.has(off + i, 1); i++) {
    let c = o.u8(off + i);
    if (c > 127) o.put("M-");
    c &= 127;
    o.put(c < 32 || c === 127 ? `^${String.fromCharCode(c ^ 64)}` : String.fromCharCode(c));
  }
  o.put("]");
}

/** One key for both directions; `reversed` tells which of them this is. */
function conversation(o: Out, ipOff: number, sport: number, dport: number): { key: string; reversed: boolean } {
  const v6 = o.u8(ipOff) >>> 4 === 6;
  const n = v6 ? 16 : 4;
  const at = ipOff + (v6 ? 8 : 12);
  o.need(at, 2 * n);
  const src = hex(o.buf.subarray(at, at + n));
  const dst = hex(o.buf.subarray(at + n, at + 2 * n));
  const reversed = sport > dport || (sport === dport && src > dst);
  return { key: reversed ? `${dst} ${dport} ${src} ${sport}` : `${src} ${sport} ${dst} ${dport}`, reversed };
}

/** False where an option was malformed or cut: the rest of the line is then left out. */
function printOptions(o: Out, start: number, total: number, sackBase: number): boolean {
  let at = start;
  let left = total;
  let sep = "";
  o.put(", options [");
  while (left > 0) {
    o.put(sep);
    const opt = o.u8(at++);
    const single = opt === TcpOpt.EOL || opt === TcpOpt.NOP;
    let len = 1;
    left--;
    if (!single) {
      len = o.u8(at++);
      if (len < 2 || len > left + 1) return bad(o);
      left--;
    }
    o.put(OPTIONS.get(opt) ?? `unknown-${opt}`);
    const known = SIZES.get(opt);
    const used = known ?? len - 2;
    if (used > left) return bad(o);
    if (!o.has(at, used)) return cut(o, sep);
    printOption(o, opt, at, used, sackBase);
    at += used;
    left -= used;
    if (used + (single ? 1 : 2) !== len) o.put(`[len ${len}]`);
    sep = ",";
    if (opt === TcpOpt.EOL) break;
  }
  o.put("]");
  return true;
}

/** Bytes of data of the options that have a fixed number of them. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [TcpOpt.EOL, 0],
  [TcpOpt.NOP, 0],
  [TcpOpt.SACKOK, 0],
  [TcpOpt.WSCALE, 1],
  [TcpOpt.MSS, 2],
  [TcpOpt.TIMESTAMP, 8],
]);

function printOption(o: Out, opt: number, at: number, used: number, sackBase: number): void {
  switch (opt) {
    case TcpOpt.EOL:
    case TcpOpt.NOP:
    case TcpOpt.SACKOK:
      return;
    case TcpOpt.MSS:
      o.put(` ${o.u16(at)}`);
      return;
    case TcpOpt.WSCALE:
      o.put(` ${o.u8(at)}`);
      return;
    case TcpOpt.TIMESTAMP:
      o.put(` val ${o.u32(at)} ecr ${o.u32(at + 4)}`);
      return;
    case TcpOpt.SACK:
      if (used % 8 !== 0) {
        o.put(" malformed sack");
        return;
      }
      o.put(` ${used / 8} `);
      for (let i = 0; i < used; i += 8) o.put(`{${(o.u32(at + i) - sackBase) >>> 0}:${(o.u32(at + i + 4) - sackBase) >>> 0}}`);
      return;
    default:
      for (let i = 0; i < used; i++)
        o.put(
          `${i === 0 ? " 0x" : ""}${o
            .u8(at + i)
            .toString(16)
            .padStart(2, "0")}`,
        );
  }
}

function bad(o: Out): boolean {
  o.put("[bad opt]]");
  return false;
}
/** The capture ends inside the options; the stray bracket is tcpdump's. */
function cut(o: Out, sep: string): boolean {
  o.put(` [|tcp]${sep === "" ? "" : ">"}`);
  return false;
}

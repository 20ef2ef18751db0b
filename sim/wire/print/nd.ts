/** Neighbour discovery: router advertisements, neighbour advertisements and all options (RFC 4861, 8106, 4191). */
import { hex } from "../../core/bytes.ts";
import { hexDump } from "./hexdump.ts";
import { bits, NOTICED, type Out } from "./out.ts";

const OPTIONS: ReadonlyMap<number, string> = new Map([
  [1, "source link-address"],
  [2, "destination link-address"],
  [3, "prefix info"],
  [4, "redirected header"],
  [5, "mtu"],
  [7, "advertisement interval"],
  [8, "homeagent information"],
  [24, "route info"],
  [25, "rdnss"],
  [31, "dnssl"],
]);
const PREFIX_FLAGS = [
  [0x80, "onlink"],
  [0x40, "auto"],
  [0x20, "router"],
] as const;
const RA_FLAGS = [
  [0x80, "managed"],
  [0x40, "other stateful"],
  [0x20, "home agent"],
] as const;
const NA_FLAGS = [
  [0x80, "router"],
  [0x40, "solicited"],
  [0x20, "override"],
] as const;
const PREFERENCES = ["medium", "high", "rsv", "low"];

function lifetime(s: number): string {
  return s === 0xffffffff ? "infinity" : `${s}s`;
}

export function printRouterAdvert(o: Out, off: number, length: number): void {
  o.need(off, 16);
  const flags = o.u8(off + 5);
  o.put(`\n\thop limit ${o.u8(off + 4)}, Flags [${bits(RA_FLAGS, "none", flags)}], pref ${PREFERENCES[(flags & 0x18) >>> 3]!}`);
  o.put(`, router lifetime ${o.u16(off + 6)}s, reachable time ${o.u32(off + 8)}ms, retrans timer ${o.u32(off + 12)}ms`);
  printNdOptions(o, off + 16, length - 16);
}

export function printNdAdvert(o: Out, off: number, length: number): void {
  o.put(`, tgt is ${o.ip6(off + 8)}`);
  if (o.opts.v === 0) return;
  o.put(`, Flags [${bits(NA_FLAGS, "none", o.u8(off + 4))}]`);
  printNdOptions(o, off + 24, length - 24);
}

function dump(o: Out, off: number, len: number, indent: string): void {
  o.put(hexDump(o.buf, off, Math.max(0, Math.min(len, o.end - off)), indent));
}

export function printNdOptions(o: Out, off: number, total: number): void {
  let at = off;
  while (at < off + total && at < o.end) {
    const type = o.u8(at);
    const units = o.u8(at + 1);
    const len = units << 3;
    if (units === 0) throw NOTICED;
    if (!o.has(at, len)) throw NOTICED;
    o.put(`\n\t  ${OPTIONS.get(type) ?? "unknown"} option (${type}), length ${len} (${units}): `);
    if (!printOption(o, at, type, units)) {
      if (o.opts.v <= 1) {
        dump(o, at + 2, len - 2, "\n\t  ");
        return;
      }
    }
    if (o.opts.v > 1) dump(o, at + 2, len - 2, "\n\t    ");
    at += len;
  }
}

/** False for a type without printer. */
function printOption(o: Out, at: number, type: number, units: number): boolean {
  const len = units << 3;
  switch (type) {
    case 1:
    case 2:
      o.need(at, len);
      o.put(hex(o.buf.subarray(at + 2, at + len), ":"));
      return true;
    case 3:
      o.put(`${o.ip6(at + 16)}/${o.u8(at + 2)}${units !== 4 ? "badlen" : ""}, Flags [${bits(PREFIX_FLAGS, "none", o.u8(at + 3))}]`);
      o.put(`, valid time ${lifetime(o.u32(at + 4))}, pref. time ${lifetime(o.u32(at + 8))}`);
      return true;
    case 4:
      // the real one dumps from the start of the message's options
      dump(o, at - 8, len, "\n\t    ");
      return true;
    case 5:
      o.put(` ${o.u32(at + 4)}${units !== 1 ? `, bad option length ${units}` : ""}`);
      return true;
    case 7:
      o.put(` ${o.u32(at + 4)}ms`);
      return true;
    case 8:
      o.put(` preference ${o.u16(at + 4)}, lifetime ${o.u16(at + 6)}`);
      return true;
    case 24: {
      const prefix = new Uint8Array(16);
      const n = units === 2 ? 8 : units === 3 ? 16 : 0;
      for (let i = 0; i < n; i++) prefix[i] = o.u8(at + 8 + i);
      o.put(` ${o.ip6Of(prefix)}/${o.u8(at + 2)}, pref=${PREFERENCES[(o.u8(at + 3) & 0x18) >>> 3]!}, lifetime=${lifetime(o.u32(at + 4))}`);
      return true;
    }
    case 25:
      o.put(` lifetime ${o.u32(at + 4)}s,`);
      for (let i = 0; i < (units - 1) >> 1; i++) o.put(` addr: ${o.ip6(at + 8 + 16 * i)}`);
      return true;
    case 31:
      o.put(` lifetime ${o.u32(at + 4)}s, domain(s):`);
      printDomains(o, at + 8, at + len);
      return true;
    default:
      return false;
  }
}

function printDomains(o: Out, off: number, end: number): void {
  let at = off;
  while (at < end && o.u8(at) !== 0) {
    let name = "";
    while (at < end && o.u8(at) !== 0) {
      const n = o.u8(at);
      for (let i = 1; i <= n; i++) name += String.fromCharCode(o.u8(at + i));
      name += ".";
      at += n + 1;
    }
    at++;
    o.put(` ${name}`);
  }
}

/** Protocols of which one line is enough: IGMP, ESP, AH, GRE version 0 of IP. */
import { checksum } from "../checksum.ts";
import { ETH_P_IP, ETH_P_IPV6 } from "../eth.ts";
import { ETHERTYPE_NAMES } from "./names.ts";
import { bits, NOTICED, type Out } from "./out.ts";

const IGMP_V3_RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];

export function printIgmp(o: Out, off: number, length: number): void {
  o.proto = "igmp";
  if (o.opts.q > 0) {
    o.put("igmp");
    return;
  }
  const type = o.u8(off);
  switch (type) {
    case 0x11:
      igmpQuery(o, off, length);
      break;
    case 0x12:
      o.put(`igmp v1 report ${o.ip4(off + 4)}${length !== 8 ? ` [len ${length}]` : ""}`);
      break;
    case 0x16:
      o.put(`igmp v2 report ${o.ip4(off + 4)}`);
      break;
    case 0x17:
      o.put(`igmp leave ${o.ip4(off + 4)}`);
      break;
    case 0x22:
      igmpReport(o, off, length);
      break;
    default:
      o.put(`igmp-${type}`);
  }
  if (o.opts.v > 0 && o.has(off, length) && checksum(o.buf, off, length) !== 0) o.put(` bad igmp cksum ${o.u16(off + 2).toString(16)}!`);
}

function igmpQuery(o: Out, off: number, length: number): void {
  o.put("igmp query");
  if (length >= 12) {
    const code = o.u8(off + 1);
    const tenths = code < 128 ? code : ((code & 15) | 16) << (((code & 0x70) >> 4) + 3);
    o.put(" v3");
    if (o.opts.v > 0) o.put(` [max resp time ${tenths < 100 ? `${(tenths / 10).toFixed(1)}s` : `${Math.floor(tenths / 10)}s`}]`);
    if (o.u32(off + 4) !== 0) o.put(` [gaddr ${o.ip4(off + 4)}]`);
    return;
  }
  const code = o.u8(off + 1);
  if (code === 0) {
    o.put(" v1");
    return;
  }
  o.put(" v2");
  if (code !== 100) o.put(` [max resp time ${Math.floor(code / 10)}${code % 10 !== 0 ? `.${code % 10}` : ""}]`);
  if (o.u32(off + 4) !== 0) o.put(` [gaddr ${o.ip4(off + 4)}]`);
}

function igmpReport(o: Out, off: number, length: number): void {
  o.put("igmp v3 report");
  if (length < 16) {
    o.put(` [invalid len ${length}]`);
    return;
  }
  const n = o.u16(off + 6);
  o.put(`, ${n} group record(s)`);
  if (o.opts.v === 0) return;
  let at = 8;
  for (let i = 0; i < n; i++) {
    if (length < at + 8) {
      o.put(" [invalid number of groups]");
      return;
    }
    o.put(` [gaddr ${o.ip4(off + at + 4)} ${IGMP_V3_RECORDS[o.u8(off + at)] || ` [v3-report-#${o.u8(off + at)}]`}`);
    const sources = o.u16(off + at + 2);
    if (length < at + 8 + 4 * sources) {
      o.put(` [invalid number of sources ${sources}]`);
      return;
    }
    if (o.opts.v === 1) o.put(`, ${sources} source(s)`);
    else {
      o.put(" {");
      for (let k = 0; k < sources; k++) o.put(` ${o.ip4(off + at + 8 + 4 * k)}`);
      o.put(" }");
    }
    at += 8 + 4 * sources;
    o.put("]");
  }
}

export function printEsp(o: Out, off: number, length: number): void {
  o.proto = "esp";
  if (!o.has(off, 8)) throw NOTICED;
  o.put(`ESP(spi=0x${o.u32(off).toString(16).padStart(8, "0")},seq=0x${o.u32(off + 4).toString(16)}), length ${length}`);
}

/** Returns the next header. */
export function printAh(o: Out, off: number): number {
  o.proto = "ah";
  o.need(off, 12);
  const words = o.u8(off + 1);
  o.put("AH(");
  if (o.opts.v > 0) o.put(`length=${words}(${(words + 2) << 2}-bytes),`);
  const reserved = o.u16(off + 2);
  if (reserved !== 0) o.put(`reserved=0x${reserved.toString(16)}[MustBeZero],`);
  o.put(
    `spi=0x${o
      .u32(off + 4)
      .toString(16)
      .padStart(8, "0")},seq=0x${o.u32(off + 8).toString(16)},icv=0x`,
  );
  for (let i = 12; i < (words + 2) << 2; i++)
    o.put(
      o
        .u8(off + i)
        .toString(16)
        .padStart(2, "0"),
    );
  o.put("): ");
  return o.u8(off);
}

const GRE_FLAGS = [
  [0x8000, "checksum present"],
  [0x4000, "routing present"],
  [0x2000, "key present"],
  [0x1000, "sequence# present"],
] as const;

export function printGre(o: Out, off: number, length: number): void {
  o.proto = "gre";
  const flags = o.u16(off);
  if ((flags & 7) !== 0) {
    o.put(`GREv${flags & 7}, length ${length}`);
    return;
  }
  const type = o.u16(off + 2);
  o.put("GREv0");
  if (o.opts.v > 0) o.put(`, Flags [${bits(GRE_FLAGS, "none", flags & 0xf000)}]`);
  let at = 4;
  if ((flags & 0xc000) !== 0) {
    if ((flags & 0x8000) !== 0 && o.opts.v > 0) o.put(`, sum 0x${o.u16(off + at).toString(16)}`);
    at += 4;
  }
  if ((flags & 0x2000) !== 0) {
    o.put(`, key=0x${o.u32(off + at).toString(16)}`);
    at += 4;
  }
  if ((flags & 0x1000) !== 0) {
    o.put(`, seq ${o.u32(off + at)}`);
    at += 4;
  }
  if (o.opts.e) o.put(`, proto ${ETHERTYPE_NAMES.get(type) ?? "unknown"} (0x${type.toString(16).padStart(4, "0")})`);
  o.put(`, length ${length}${o.opts.v < 1 ? ": " : "\n\t"}`);
  if (type === ETH_P_IP) o.inner.ip4(o, off + at, length - at);
  else if (type === ETH_P_IPV6) o.inner.ip6(o, off + at, length - at);
  else o.put(`gre-proto-0x${type.toString(16)}`);
}

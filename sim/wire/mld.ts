/**
 * Multicast listener discovery: version 1 (RFC 2710) layout and version 2 (RFC 3810) queries and reports. Messages travel behind a
 * hop-by-hop header with router alert (ipv6.ts) at hop limit 1. Builders write the ICMPv6 message and return its length.
 */
import { put16 } from "../core/bytes.ts";
import { Icmp6Type, icmp6SetChecksum } from "./icmp6.ts";

/** Record types of a version 2 report. */
export const MldRecord = { IS_INCLUDE: 1, IS_EXCLUDE: 2, TO_INCLUDE: 3, TO_EXCLUDE: 4, ALLOW_NEW: 5, BLOCK_OLD: 6 } as const;

export const MLD1_LEN = 24;
export const MLD2_QUERY_LEN = 28;
export const MLD2_REPORT_LEN = 8;
/** a group record without sources */
export const MLD2_RECORD_LEN = 20;
export const MLD_OFF_GROUP = 8;

/** ff02::16, where version 2 reports go. */
export function allMldv2Routers(): Uint8Array {
  const a = new Uint8Array(16);
  a[0] = 0xff;
  a[1] = 2;
  a[15] = 0x16;
  return a;
}

export interface MldGroup {
  readonly type: number;
  readonly group: Uint8Array;
  readonly sources: readonly Uint8Array[];
}

/** Version 2 report of the given records. */
export function buildMld2Report(buf: Uint8Array, off: number, records: readonly MldGroup[], src: Uint8Array, dst: Uint8Array): number {
  buf[off] = Icmp6Type.MLD2_REPORT;
  buf[off + 1] = 0;
  put16(buf, off + 4, 0);
  put16(buf, off + 6, records.length);
  let len = MLD2_REPORT_LEN;
  for (const r of records) {
    buf[off + len] = r.type;
    buf[off + len + 1] = 0;
    put16(buf, off + len + 2, r.sources.length);
    buf.set(r.group, off + len + 4);
    len += MLD2_RECORD_LEN;
    for (const s of r.sources) {
      buf.set(s, off + len);
      len += 16;
    }
  }
  icmp6SetChecksum(buf, off, len, src, dst);
  return len;
}

/** Version 2 query: group :: for a general query; `maxRespMs` below 32768; robustness 0..7; interval code qqic. */
export function buildMld2Query(
  buf: Uint8Array,
  off: number,
  group: Uint8Array,
  maxRespMs: number,
  qrv: number,
  qqic: number,
  src: Uint8Array,
  dst: Uint8Array,
): number {
  buf[off] = Icmp6Type.MLD_QUERY;
  buf[off + 1] = 0;
  put16(buf, off + 4, maxRespMs);
  put16(buf, off + 6, 0);
  buf.set(group, off + MLD_OFF_GROUP);
  buf[off + 24] = qrv & 7;
  buf[off + 25] = qqic;
  put16(buf, off + 26, 0);
  icmp6SetChecksum(buf, off, MLD2_QUERY_LEN, src, dst);
  return MLD2_QUERY_LEN;
}

/** Version 1 report or done (type MLD_REPORT or MLD_REDUCTION). */
export function buildMld1(buf: Uint8Array, off: number, type: number, group: Uint8Array, src: Uint8Array, dst: Uint8Array): number {
  buf[off] = type;
  buf[off + 1] = 0;
  put16(buf, off + 4, 0);
  put16(buf, off + 6, 0);
  buf.set(group, off + MLD_OFF_GROUP);
  icmp6SetChecksum(buf, off, MLD1_LEN, src, dst);
  return MLD1_LEN;
}

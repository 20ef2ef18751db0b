/** Multicast listener discovery, versions 1 and 2 (RFC 2710, 3810). */
import { expTime8, type GroupAddresses, printGroupRecords, printSources } from "./multicast.ts";
import type { Out } from "./out.ts";

const IP6: GroupAddresses = { print: (o, off) => o.ip6(off), length: 16, unknown: "v2-report" };

/** A version 1 message; the missing blank before "max" is tcpdump's. */
export function printMld1(o: Out, off: number): void {
  if (!o.has(off, 24)) return;
  o.put(`max resp delay: ${o.u16(off + 4)} addr: ${o.ip6(off + 8)}`);
}

export function printMld2Query(o: Out, off: number, length: number): void {
  o.put(" v2");
  const v = o.opts.v;
  const code = o.u16(off + 4);
  const ms = code < 32768 ? code : ((code & 0xfff) | 0x1000) << (((code & 0x7000) >>> 12) + 3);
  if (v > 0) o.put(` [max resp delay=${ms < 1000 ? `${ms}ms` : ms}]`);
  o.put(` [gaddr ${o.ip6(off + 8)}`);
  if (v > 0) {
    const flags = o.u8(off + 24);
    if ((flags & 8) !== 0) o.put(" sflag");
    if ((flags & 7) !== 0) o.put(` robustness=${flags & 7}`);
    o.put(` qqi=${expTime8(o.u8(off + 25))}`);
  }
  const n = o.u16(off + 26);
  if (n > 0) {
    if (length < 28 + 16 * n) o.put(` [invalid number of sources ${n}]`);
    else if (v > 1) printSources(o, off + 28, n, IP6);
    else o.put(`, ${n} source(s)`);
  }
  o.put("]");
}

export function printMld2Report(o: Out, off: number, length: number): void {
  if (length < 8) o.put(` [invalid len ${length}]`);
  else printGroupRecords(o, off, length, IP6);
}

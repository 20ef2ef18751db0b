/** What IGMP and MLD share when printed: group records of a report and the exponential codes of times (RFC 3376, RFC 3810). */
import type { Out } from "./out.ts";

const RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];

/** A code of 8 bits: from 128 on three bits are an exponent and four a mantissa. */
export function expTime8(code: number): number {
  return code < 128 ? code : ((code & 15) | 16) << (((code & 0x70) >>> 4) + 3);
}

/** How a report's addresses are printed, their length, and what an unknown record is called. */
export interface GroupAddresses {
  readonly print: (o: Out, off: number) => string;
  readonly length: 4 | 16;
  readonly unknown: string;
}

export function printSources(o: Out, off: number, n: number, a: GroupAddresses): void {
  o.put(" {");
  for (let i = 0; i < n; i++) o.put(` ${a.print(o, off + a.length * i)}`);
  o.put(" }");
}

/** The records of a report at `off`, which is `length` bytes long: none without -v, their sources with -vv. */
export function printGroupRecords(o: Out, off: number, length: number, a: GroupAddresses): void {
  const n = o.u16(off + 6);
  o.put(`, ${n} group record(s)`);
  if (o.opts.v === 0) return;
  let at = 8;
  for (let i = 0; i < n; i++) {
    const head = 4 + a.length;
    if (length < at + head) {
      o.put(" [invalid number of groups]");
      return;
    }
    const type = o.u8(off + at);
    o.put(` [gaddr ${a.print(o, off + at + 4)} ${RECORDS[type] || ` [${a.unknown}-#${type}]`}`);
    const sources = o.u16(off + at + 2);
    if (length < at + head + a.length * sources) {
      o.put(` [invalid number of sources ${sources}]`);
      return;
    }
    if (o.opts.v === 1) o.put(`, ${sources} source(s)`);
    else printSources(o, off + at + head, sources, a);
    at += head + a.length * sources;
    o.put("]");
  }
}

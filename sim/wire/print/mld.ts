/** Multicast listener discovery, versions 1 and 2 (RFC 2710, 3810). */
import type { Out } from "./out.ts";

const RECORDS = ["", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"];

/** A version 1 message; the missing blank before "max" is tcpdump's. */
export function printMld1(o: Out, off: number): void {
  if (!o.has(off, 24)) return;
  o.put(`max resp delay: ${o.u16(off + 4)} addr: ${o.ip6(off + 8)}`);
}

function sources(o: Out, off: number, n: number): void {
  for (let i = 0; i < n; i++) o.put(` ${o.ip6(off + 16 * i)}`);
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
    const q = o.u8(off + 25);
    o.put(` qqi=${q < 128 ? q : ((q & 15) | 16) << (((q & 0x70) >>> 4) + 3)}`);
  }
  const n = o.u16(off + 26);
  if (n > 0) {
    if (length < 28 + 16 * n) o.put(` [invalid number of sources ${n}]`);
    else if (v > 1) {
      o.put(" {");
      sources(o, off + 28, n);
      o.put(" }");
    } else o.put(`, ${n} source(s)`);
  }
  o.put("]");
}

export function printMld2Report(o: Out, off: number, length: number): void {
  if (length < 8) {
    o.put(` [invalid len ${length}]`);
    return;
  }
  const n = o.u16(off + 6);
  o.put(`, ${n} group record(s)`);
  if (o.opts.v === 0) return;
  let at = 8;
  for (let i = 0; i < n; i++) {
    if (length < at + 20) {
      o.put(" [invalid number of groups]");
      return;
    }
    o.put(` [gaddr ${o.ip6(off + at + 4)} ${RECORDS[o.u8(off + at)] || ` [v2-report-#${o.u8(off + at)}]`}`);
    const count = o.u16(off + at + 2);
    if (length < at + 20 + 16 * count) {
      o.put(` [invalid number of sources ${count}]`);
      return;
    }
    if (o.opts.v === 1) o.put(`, ${count} source(s)`);
    else {
      o.put(" {");
      sources(o, off + at + 20, count);
      o.put(" }");
    }
    at += 20 + 16 * count;
    o.put("]");
  }
}

/** IGMP, versions 1 to 3 (RFC 1112, 2236, 3376), as tcpdump prints it. Left out: DVMRP, PIM version 1, mtrace. */
import { checksum } from "../checksum.ts";
import { expTime8, type GroupAddresses, printGroupRecords } from "./multicast.ts";
import type { Out } from "./out.ts";

const IP4: GroupAddresses = { print: (o, off) => o.ip4(off), length: 4, unknown: "v3-report" };

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
    const tenths = expTime8(code);
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
  if (length < 16) o.put(` [invalid len ${length}]`);
  else printGroupRecords(o, off, length, IP4);
}

/** ARP, RARP and inverse ARP. ATM ARP is not decoded. */
import { ArpOp } from "../arp.ts";
import { ETH_P_IP } from "../eth.ts";
import { hexAsciiDump } from "./hexdump.ts";
import { ARPHRD_NAMES, ETHERTYPE_NAMES } from "./names.ts";
import { type Out } from "./out.ts";

const OPS: ReadonlyMap<number, string> = new Map([
  [ArpOp.REQUEST, "Request"],
  [ArpOp.REPLY, "Reply"],
  [ArpOp.RREQUEST, "Reverse Request"],
  [ArpOp.RREPLY, "Reverse Reply"],
  [ArpOp.INREQUEST, "Inverse Request"],
  [ArpOp.INREPLY, "Inverse Reply"],
]);
const ETH_P_TRAIL = 0x1000;

export function printArp(o: Out, off: number, length: number): void {
  o.proto = "arp";
  const hrd = o.u16(off);
  const pro = o.u16(off + 2);
  const hln = o.u8(off + 4);
  const pln = o.u8(off + 5);
  const op = o.u16(off + 6);
  const sha = off + 8;
  const spa = sha + hln;
  const tha = spa + pln;
  const tpa = tha + hln;
  if (pln > 0) o.u8(tpa + pln - 1);
  if (!o.opts.e) o.put("ARP, ");
  const odd = (pro !== ETH_P_IP && pro !== ETH_P_TRAIL) || pln !== 4 || hln === 0;
  if (odd || o.opts.v > 0) {
    o.put(`${ARPHRD_NAMES.get(hrd) ?? `Unknown Hardware (${hrd})`} (len ${hln}), `);
    o.put(`${ETHERTYPE_NAMES.get(pro) ?? `Unknown Protocol (0x${pro.toString(16).padStart(4, "0")})`} (len ${pln})`);
    if (o.opts.v === 0) {
      o.put(`, length ${length}`);
      return;
    }
    o.put(", ");
  }
  const ip = (at: number): string =>
    pro !== ETH_P_IP && pro !== ETH_P_TRAIL ? "<wrong proto type>" : pln !== 4 ? "<wrong len>" : o.ip4(at);
  const ll = (at: number): string => o.lladdr(at, hln);
  o.put(`${OPS.get(op) ?? `Unknown (${op})`} `);
  switch (op) {
    case ArpOp.REQUEST: {
      let known = false;
      for (let i = 0; i < hln; i++) if (o.u8(tha + i) !== 0) known = true;
      o.put(`who-has ${ip(tpa)}${known ? ` (${ll(tha)})` : ""} tell ${ip(spa)}`);
      break;
    }
    case ArpOp.REPLY:
      o.put(`${ip(spa)} is-at ${ll(sha)}`);
      break;
    case ArpOp.RREQUEST:
    case ArpOp.INREQUEST:
      o.put(`who-is ${ll(tha)} tell ${ll(sha)}`);
      break;
    case ArpOp.RREPLY:
      o.put(`${ll(tha)} at ${ip(tpa)}`);
      break;
    case ArpOp.INREPLY:
      o.put(`${ll(sha)} at ${ip(spa)}`);
      break;
    default:
      o.put(hexAsciiDump(o.buf, off, o.end - off, "\n\t"));
      return;
  }
  o.put(`, length ${length}`);
}

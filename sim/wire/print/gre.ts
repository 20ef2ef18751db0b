/** GRE version 0 (RFC 2784, 2890) and the IP packet inside. Other versions are only named. */
import { ETH_P_IP, ETH_P_IPV6 } from "../eth.ts";
import { ETHERTYPE_NAMES } from "./names.ts";
import { bits, type Out } from "./out.ts";

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

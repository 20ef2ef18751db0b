/**
 * UDP: ports, length, checksum. Of what travels inside, VXLAN is decoded; every other payload is shown by its length. tcpdump has decoders
 * by port (DNS, DHCP, NTP …) that are not modelled here; the too short DNS message is, since a netcat to port 53 makes one.
 */
import { pseudoHeader4, pseudoHeader6, finish, onesSum } from "../checksum.ts";
import { IpProto } from "../ipv4.ts";
import { shouldBe } from "./icmp4.ts";
import { NOTICED, type Out } from "./out.ts";

/** "a.1 > b.2: ", or the ports alone where another header stands between IP and the transport. */
export function printPorts(o: Out, ipOff: number, proto: number, sport: string | null, dport: string): void {
  const v6 = o.u8(ipOff) >>> 4 === 6;
  const direct = o.u8(ipOff + (v6 ? 6 : 9)) === proto;
  const src = (): string => (v6 ? o.ip6(ipOff + 8) : o.ip4(ipOff + 12));
  const dst = (): string => (v6 ? o.ip6(ipOff + 24) : o.ip4(ipOff + 16));
  if (sport === null) {
    if (direct) o.put(`${src()} > ${dst()}: `);
  } else if (direct) o.put(`${src()}.${sport} > ${dst()}.${dport}: `);
  else o.put(`${sport} > ${dport}: `);
}

/** The checksum over pseudo-header and `length` bytes: 0 where it is right. */
export function transportSum(o: Out, off: number, length: number, ipOff: number, proto: number): number {
  const b = o.buf;
  if (b[ipOff]! >>> 4 === 6) return finish(onesSum(b, off, length, pseudoHeader6(b, b, length, proto, ipOff + 8, ipOff + 24)));
  return finish(onesSum(b, off, length, pseudoHeader4(o.u32(ipOff + 12), o.u32(ipOff + 16), proto, length)));
}

export function printUdp(o: Out, off: number, wireLen: number, ipOff: number, fragmented: boolean): void {
  o.proto = "udp";
  if (!o.has(off, 4)) {
    printPorts(o, ipOff, IpProto.UDP, null, "");
    throw NOTICED;
  }
  const sport = o.u16(off);
  const dport = o.u16(off + 2);
  const ports = (): void => printPorts(o, ipOff, IpProto.UDP, o.udpPort(sport), o.udpPort(dport));
  if (wireLen < 8) {
    ports();
    o.put(`truncated-udp ${wireLen}`);
    return;
  }
  if (!o.has(off + 4, 2)) {
    ports();
    throw NOTICED;
  }
  let ulen = o.u16(off + 4);
  if (ulen < 8) {
    ports();
    o.put(`truncated-udplength ${ulen}`);
    return;
  }
  ulen -= 8;
  const length = Math.min(ulen, wireLen - 8);
  if (off + 8 > o.end) {
    ports();
    throw NOTICED;
  }
  ports();
  if (o.opts.v > 0 && !fragmented) printSum(o, off, length, ipOff);
  const decode = o.opts.q === 0;
  if (decode && (sport === 4789 || dport === 4789)) printVxlan(o, off + 8, length);
  else if (decode && (sport === 53 || dport === 53) && length < 12) o.put(`domain [length ${length} < 12] (invalid)`);
  else if (ulen > length && !fragmented) o.put(`UDP, bad length ${ulen} > ${length}`);
  else o.put(`UDP, length ${ulen}`);
}

function printSum(o: Out, off: number, length: number, ipOff: number): void {
  const v6 = o.u8(ipOff) >>> 4 === 6;
  if (!v6 && o.opts.v < 2) return;
  const is = o.u16(off + 6);
  if (!v6 && is === 0) o.put("[no cksum] ");
  else if (o.has(off + 8, length)) {
    const sum = transportSum(o, off, length + 8, ipOff, IpProto.UDP);
    const hex4 = (n: number): string => n.toString(16).padStart(4, "0");
    o.put(sum !== 0 ? `[bad udp cksum 0x${hex4(is)} -> 0x${hex4(shouldBe(is, sum))}!] ` : "[udp sum ok] ");
  }
}

function printVxlan(o: Out, off: number, len: number): void {
  o.proto = "vxlan";
  o.put("VXLAN");
  if (len < 8) throw NOTICED;
  const flags = o.u8(off);
  o.put(`, flags [${(flags & 8) !== 0 ? "I" : "."}] (0x${flags.toString(16).padStart(2, "0")}), `);
  o.put(`vni ${o.u24(off + 4)}\n`);
  o.inner.ether(o, off + 8, len - 8);
}

/** Link layers: Ethernet with 802.1Q tags, LINUX_SLL2 (captures on "any"), 802.2 LLC as far as spanning tree needs it. */
import { ETH_HLEN, ETH_P_8021AD, ETH_P_8021Q, ETH_P_802_2, ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, ETH_P_RARP } from "../eth.ts";
import { printArp } from "./arp.ts";
import { hexAsciiDump } from "./hexdump.ts";
import { printIp4 } from "./ip4.ts";
import { printIp6 } from "./ip6.ts";
import { ETHERTYPE_NAMES } from "./names.ts";
import { NOTICED, type Out } from "./out.ts";
import { printStp } from "./stp.ts";

export const SLL2_HLEN = 20;
const MAX_802_3_LENGTH = 1500;

function hex4(n: number): string {
  return n.toString(16).padStart(4, "0");
}
function typeText(o: Out, type: number): string {
  if (o.opts.q > 0) return ETHERTYPE_NAMES.get(type) ?? `Unknown Ethertype (0x${hex4(type)})`;
  return `ethertype ${ETHERTYPE_NAMES.get(type) ?? "Unknown"} (0x${hex4(type)})`;
}
function isTag(type: number): boolean {
  return type === ETH_P_8021Q || type === ETH_P_8021AD || type === 0x9100 || type === 0x9200;
}
function tciText(tci: number): string {
  return `vlan ${tci & 0xfff}, p ${tci >>> 13}${(tci & 0x1000) !== 0 ? ", DEI" : ""}`;
}

/** False where there is no printer for the type. */
function printNetwork(o: Out, type: number, off: number, length: number): boolean {
  if (type === ETH_P_IP) printIp4(o, off, length);
  else if (type === ETH_P_IPV6) printIp6(o, off, length);
  else if (type === ETH_P_ARP || type === ETH_P_RARP) printArp(o, off, length);
  else return false;
  return true;
}

function dumpUnknown(o: Out, off: number): void {
  if (!o.opts.dump && o.opts.q === 0) o.put(hexAsciiDump(o.buf, off, o.end - off, "\n\t"));
}

/** `wireLen`: bytes of the frame on the wire, header included. */
export function printEther(o: Out, start: number, wireLen: number): void {
  const outer = start > 0;
  o.proto = "ether";
  const hlen = (n: number): void => {
    if (!outer) o.linkHlen = n;
  };
  if (!o.has(start, ETH_HLEN)) {
    hlen(o.buf.length);
    throw NOTICED;
  }
  const addresses = (): void => o.put(`${o.mac(start + 6)} > ${o.mac(start)}, `);
  if (o.opts.e) addresses();
  let type = o.u16(start + 12);
  let off = start + ETH_HLEN;
  let length = wireLen - ETH_HLEN;
  let lengthShown = false;
  hlen(ETH_HLEN);
  const header = (): void => {
    o.put(typeText(o, type));
    o.put(lengthShown ? ", " : `, length ${wireLen}: `);
    lengthShown = true;
  };
  while (isTag(type)) {
    if (!o.has(off, 4) || length < 4) {
      o.proto = "vlan";
      hlen(o.buf.length);
      throw NOTICED;
    }
    if (o.opts.e) {
      header();
      o.put(`${tciText(o.u16(off))}, `);
    }
    type = o.u16(off + 2);
    off += 4;
    length -= 4;
    hlen(off - start);
  }
  if (type <= MAX_802_3_LENGTH) {
    const inner = Math.min(type, length);
    if (o.opts.e) o.put(`802.3${lengthShown ? "" : `, length ${type}`}: `);
    o.end = Math.min(o.end, off + inner);
    printLlc(o, off, inner);
    return;
  }
  if (o.opts.e) header();
  if (printNetwork(o, type, off, length)) return;
  if (!o.opts.e) {
    addresses();
    header();
  }
  dumpUnknown(o, off);
}

/** A packet without a link header (print-raw.c): its own version says what it is. */
export function printRaw(o: Out, wireLen: number): void {
  o.proto = "raw";
  o.linkHlen = 0;
  if (o.opts.e) o.put("ip: ");
  const version = o.u8(0) >>> 4;
  if (version === 6) o.inner.ip6(o, 0, wireLen);
  else o.inner.ip4(o, 0, wireLen);
}

const PKTTYPES = ["In", "B", "M", "P", "Out"];

export function printSll2(o: Out, start: number, wireLen: number): void {
  o.proto = "sll2";
  if (!o.has(start, SLL2_HLEN)) throw NOTICED;
  o.linkHlen = SLL2_HLEN;
  let type = o.u16(start);
  const index = o.u32(start + 4);
  const halen = o.u8(start + 11);
  o.put(`${(o.opts.names.ifname(index) ?? "?").padEnd(5)} ${(PKTTYPES[o.u8(start + 10)] ?? "?").padEnd(3)} `);
  const header = (): void => {
    o.put(`ifindex ${index} `);
    if (halen > 0) o.put(`${o.lladdr(start + 12, Math.min(halen, 8))} `);
    if (o.opts.q === 0) o.put(`${typeText(o, type)}, length ${wireLen}: `);
  };
  if (o.opts.e) header();
  let off = start + SLL2_HLEN;
  let length = wireLen - SLL2_HLEN;
  while (type === ETH_P_8021Q) {
    if (!o.has(off, 4)) {
      o.proto = "vlan";
      throw NOTICED;
    }
    if (o.opts.e) o.put(`${tciText(o.u16(off))}, `);
    type = o.u16(off + 2);
    off += 4;
    length -= 4;
    o.linkHlen += 4;
    if (o.opts.q === 0) o.put(`ethertype ${ETHERTYPE_NAMES.get(type) ?? "Unknown"}, `);
  }
  if (type <= MAX_802_3_LENGTH) {
    if (type === ETH_P_802_2) printLlc(o, off, length);
    else dumpUnknown(o, off);
    return;
  }
  if (printNetwork(o, type, off, length)) return;
  if (!o.opts.e) header();
  dumpUnknown(o, off);
}

const LSAP_STP = 0x42;

/** 802.2: spanning tree is decoded; other service access points show their numbers and a dump. */
function printLlc(o: Out, off: number, length: number): void {
  o.proto = "llc";
  if (length < 3 || !o.has(off, 3)) {
    o.put(` [|llc]${hexAsciiDump(o.buf, off, o.end - off, "\n\t")}`);
    o.linkHlen += o.end - off;
    return;
  }
  const dsap = o.u8(off);
  const ssap = o.u8(off + 1);
  const control = o.u8(off + 2);
  const stp = dsap === LSAP_STP && ssap === LSAP_STP && control === 3;
  if (o.opts.e || !stp) {
    const sap = (v: number): string =>
      `${(v & 0xfe) === LSAP_STP ? "STP" : (v & 0xfe) === 0xaa ? "SNAP" : (v & 0xfe) === 0 ? "Null" : "Unknown"} (0x${(v & 0xfe).toString(16).padStart(2, "0")})`;
    o.put(
      `LLC, dsap ${sap(dsap)} ${(dsap & 1) !== 0 ? "Group" : "Individual"}, ssap ${sap(ssap)} ${(ssap & 1) !== 0 ? "Response" : "Command"}`,
    );
    o.put(`, ctrl 0x${control.toString(16).padStart(2, "0")}`);
    if (stp) o.put(": ");
  }
  if (stp) {
    o.linkHlen += 3;
    printStp(o, off + 3, length - 3);
  } else dumpUnknown(o, off);
}

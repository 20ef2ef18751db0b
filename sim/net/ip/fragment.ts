/** Cutting a packet that is too long for its way (ip_do_fragment): each piece a packet of its own, the first keeps all options. */
import { put16 } from "../../core/bytes.ts";
import { IP_MF, IP_OFFMASK, IP4_HLEN, IP4_OFF_FRAG, ip4FragField, ip4Hlen, ip4SetChecksum, IP4_OFF_LEN } from "../../wire/ipv4.ts";
import type { NetNs } from "../netns.ts";
import { allocSkb, birth, consumeSkb, type Skb, skbPut } from "../skb.ts";
import { Sites } from "../../trace/sites.ts";
import { ipFinishOutput2 } from "./finish.ts";

/** Sends `skb`, of more than `mtu` bytes, in pieces, and consumes it. The last piece's result. */
export function ipFragment(ns: NetNs, skb: Skb, mtu: number): number {
  const ip = skb.network;
  const hlen = ip4Hlen(skb.buf, ip);
  const field = ip4FragField(skb.buf, ip);
  const room = (mtu - hlen) & ~7;
  const data = skb.len - hlen;
  let err = 0;
  for (let off = 0; off < data; off += room) {
    const n = Math.min(room, data - off);
    const last = off + n >= data;
    const f = allocSkb(ns.net, hlen + n, skb.id);
    const at = skbPut(f, hlen + n);
    f.buf.set(skb.buf.subarray(ip, ip + hlen), at);
    f.buf.set(skb.buf.subarray(ip + hlen + off, ip + hlen + off + n), at + hlen);
    if (off > 0) blankUncopiedOptions(f.buf, at + IP4_HLEN, hlen - IP4_HLEN);
    f.network = at;
    f.transport = at + hlen;
    f.protocol = skb.protocol;
    f.dst = skb.dst;
    f.dev = skb.dev;
    f.iif = skb.iif;
    f.mark = skb.mark;
    f.priority = skb.priority;
    f.pktType = skb.pktType;
    f.sk = skb.sk;
    f.forwarded = skb.forwarded;
    put16(f.buf, at + IP4_OFF_LEN, hlen + n);
    put16(f.buf, at + IP4_OFF_FRAG, (field & ~IP_OFFMASK) | ((field & IP_OFFMASK) + (off >> 3)) | (last ? 0 : IP_MF));
    ip4SetChecksum(f.buf, at);
    ns.ip4.snmp.FragCreates++;
    birth(f, ns, Sites.FRAGMENT, off, n);
    err = ipFinishOutput2(ns, f);
  }
  ns.ip4.snmp.FragOKs++;
  consumeSkb(skb, ns, Sites.FRAGMENT, null, 0, skb.len);
  return err;
}

/** ip_options_fragment: options without the copied flag become no-operations in all but the first fragment. */
function blankUncopiedOptions(buf: Uint8Array, off: number, len: number): void {
  for (let i = 0; i < len;) {
    const type = buf[off + i]!;
    if (type === 0) return;
    if (type === 1) {
      i++;
      continue;
    }
    const n = buf[off + i + 1]!;
    if (n < 2 || i + n > len) return;
    if ((type & 0x80) === 0) buf.fill(1, off + i, off + i + n);
    i += n;
  }
}

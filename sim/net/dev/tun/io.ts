/** Reading and writing of a tun or tap device's file (tun_do_read, tun_get_user): one packet a call. */
import { Errno } from "../../../core/result.ts";
import { put16 } from "../../../core/bytes.ts";
import { ETH_P_IP, ETH_P_IPV6 } from "../../../wire/eth.ts";
import { Sites } from "../../../trace/sites.ts";
import { IFF } from "../../rtnl/messages.ts";
import { allocSkb, birth, PacketType, skbPut } from "../../skb.ts";
import { ethTypeTrans, netifRx } from "../rx.ts";
import { TunF } from "./flags.ts";
import { tunHeaderLength, tunMinLength, tunPriv, type TunQueue } from "./tun.ts";

const TUN_PKT_STRIP = 0x0001;

/**
 * The next packet that the stack sent, cut to n bytes (what does not fit is lost); null when there is none yet; -EBADFD without a
 * device.
 */
export function tunRead(q: TunQueue, n: number): Uint8Array | number | null {
  const { dev } = q;
  if (!dev) return -Errno.EBADFD;
  const { flags } = tunPriv(dev);
  const pi = (flags & TunF.NO_PI) === 0;
  if (pi && n < 4) return -Errno.EINVAL;
  const m = q.ring.shift();
  if (!m) return null;
  const head = tunHeaderLength(flags);
  const out = new Uint8Array(head + m.bytes.length);
  out.set(m.bytes, head);
  if (pi) {
    put16(out, 0, out.length > n ? TUN_PKT_STRIP : 0);
    put16(out, 2, m.proto);
  }
  dev.stats.txPackets++;
  dev.stats.txBytes += m.bytes.length;
  return out.length > n ? out.slice(0, n) : out;
}

/** One packet from the process. The length written, or -EBADFD, -EIO (the device is down), -EINVAL (no packet). */
export function tunWrite(q: TunQueue, data: Uint8Array): number {
  const { dev } = q;
  if (!dev) return -Errno.EBADFD;
  const { flags } = tunPriv(dev);
  const head = tunHeaderLength(flags);
  const len = data.length - head;
  if (len < 0 || len < tunMinLength(flags)) return -Errno.EINVAL;
  if ((dev.flags & IFF.UP) === 0) return -Errno.EIO;
  let proto = 0;
  if ((flags & TunF.TUN) !== 0) {
    const version = data[head]! >>> 4;
    proto = (flags & TunF.NO_PI) === 0 ? (data[2]! << 8) | data[3]! : version === 4 ? ETH_P_IP : version === 6 ? ETH_P_IPV6 : 0;
    if (proto === 0) {
      dev.stats.rxDropped++;
      return -Errno.EINVAL;
    }
  }
  const net = dev.ns.net;
  const skb = allocSkb(net, len);
  const at = skbPut(skb, len);
  skb.buf.set(head === 0 ? data : data.subarray(head), at);
  skb.dev = dev;
  if ((flags & TunF.TUN) !== 0) {
    skb.mac = at;
    skb.hasMacHeader = true;
    skb.network = at;
    skb.protocol = proto;
    skb.pktType = PacketType.HOST;
  } else ethTypeTrans(skb, dev);
  birth(skb, dev.ns, Sites.TUN, dev.ifindex, len);
  if (netifRx(skb)) {
    dev.stats.rxPackets++;
    dev.stats.rxBytes += len;
  }
  return data.length;
}

/** Collects what crosses links, for pictures: a bounded list that is emptied as it is sent. */
import type { LabWorld } from "../lab/build.ts";
import type { NetDevice } from "../net/dev/device.ts";
import type { Skb } from "../net/skb.ts";
import { summarise } from "../trace/packet.ts";
import { endOf } from "./topology.ts";
import type { CableEnd, PacketEvent } from "./protocol.ts";

/** More than this between two messages are counted, not listed. */
const MOST = 200;

export class PacketFeed {
  private events: PacketEvent[] = [];
  private skipped = 0;
  private readonly links = new Map<string, string>();

  constructor(lw: LabWorld) {
    for (const c of lw.lab.cables) for (const e of c.ends) this.links.set(e, c.id);
    lw.world.net.wireListeners.push((from, to, skb, start, end) => this.add(from, to, skb, start, end));
  }

  private add(from: NetDevice, to: NetDevice | null, skb: Skb, start: number, end: number): void {
    if (this.events.length >= MOST) {
      this.skipped++;
      return;
    }
    const at = skb.network >= 0 ? skb.network : skb.data;
    const s = summarise(skb.protocol, skb.buf.subarray(at, skb.tail));
    const a = place(from);
    const cable = this.links.get(`${from.ns.machine}:${from.name}`);
    this.events.push({
      packet: skb.id,
      parent: skb.parent,
      start,
      end,
      link: from.ops.kind === "veth" || !cable ? `veth:${from.ns.machine}/${from.ns.alias}/${from.name}` : cable,
      from: a,
      to: to ? place(to) : a,
      protocol: s.protocol,
      reply: s.reply,
      error: s.error,
      info: s.info,
      fate: to ? "crossed" : "lost",
    });
  }

  take(): { packets: PacketEvent[]; skipped: number } {
    const out = { packets: this.events, skipped: this.skipped };
    this.events = [];
    this.skipped = 0;
    return out;
  }
}

function place(d: NetDevice): CableEnd {
  return endOf(`${d.ns.machine}:${d.name}`);
}

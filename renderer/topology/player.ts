/**
 * When each packet is drawn. The world's packets cross their links within microseconds; here each takes the time of one
 * hop, and their order is kept: a packet leaves a machine only after those that had reached it before are drawn there.
 * Busy links (more than 12 a second) are not played but shown as a rate. When the picture falls more than three seconds
 * behind, what is oldest is left out and the picture says so.
 */
import type { PacketEvent } from "../../sim/session/protocol.ts";

export interface Played {
  readonly id: number;
  readonly event: PacketEvent;
  /** milliseconds of the page's clock */
  readonly from: number;
  readonly until: number;
}

export const BUSY = 12;
const LAG = 3000;
const THROUGH = 240;

export class Player {
  private nextId = 1;
  private readonly arrived = new Map<string, number>();
  private readonly linkFree = new Map<string, number>();
  private readonly seen = new Map<string, number[]>();
  left = 0;

  /** Times for events just received; `hop` is how long one link takes. */
  add(events: readonly PacketEvent[], now: number, hop: number): Played[] {
    const played: Played[] = [];
    for (const event of [...events].sort((a, b) => a.start - b.start)) {
      const recent = (this.seen.get(event.link) ?? []).filter((t) => now - t < 1000);
      recent.push(now);
      this.seen.set(event.link, recent);
      if (recent.length > BUSY) {
        this.arrived.clear();
        continue;
      }
      const passed = this.arrived.get(event.from.machine);
      const from = Math.max(now, passed === undefined ? 0 : passed + (hop > 0 ? THROUGH : 0), this.linkFree.get(event.link) ?? 0);
      if (from - now > LAG) {
        this.left++;
        continue;
      }
      const until = from + hop;
      this.arrived.set(event.to.machine, until);
      this.linkFree.set(event.link, from + hop / 4);
      played.push({ id: this.nextId++, event, from, until });
    }
    return played;
  }

  /** packets a second on a link that is too busy to play, else 0 */
  rate(link: string, now: number): number {
    const recent = (this.seen.get(link) ?? []).filter((t) => now - t < 1000);
    return recent.length > BUSY ? recent.length : 0;
  }

  clear(): void {
    this.arrived.clear();
    this.linkFree.clear();
    this.seen.clear();
    this.left = 0;
  }
}

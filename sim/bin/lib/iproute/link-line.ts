/** The beginning of a link's line as `ip link` and `bridge link` print it: name, lower device, flags. */
import { IFF, type LinkRow } from "../../../net/rtnl/messages.ts";
import type { LinkMap } from "./links.ts";
import type { Printer } from "./print.ts";

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [IFF.LOOPBACK, "LOOPBACK"],
  [IFF.BROADCAST, "BROADCAST"],
  [IFF.POINTOPOINT, "POINTOPOINT"],
  [IFF.MULTICAST, "MULTICAST"],
  [IFF.NOARP, "NOARP"],
  [IFF.ALLMULTI, "ALLMULTI"],
  [IFF.PROMISC, "PROMISC"],
  [IFF.MASTER, "MASTER"],
  [IFF.SLAVE, "SLAVE"],
  [IFF.DEBUG, "DEBUG"],
  [IFF.DYNAMIC, "DYNAMIC"],
  [IFF.AUTOMEDIA, "AUTOMEDIA"],
  [IFF.PORTSEL, "PORTSEL"],
  [IFF.NOTRAILERS, "NOTRAILERS"],
  [IFF.UP, "UP"],
  [IFF.LOWER_UP, "LOWER_UP"],
  [IFF.DORMANT, "DORMANT"],
  [IFF.ECHO, "ECHO"],
];

/** LinkRow.link of a veth whose peer is not there yet, or not any more: only events tell of it so. */
export const NO_PEER = -1;

/** print_name_and_link. Is the lower or peer device of this namespace down? */
export function printNameAndLink(links: LinkMap, p: Printer, l: LinkRow, layout: (name: string) => string): boolean {
  let name = l.name;
  let mdown = false;
  if (l.link === NO_PEER) {
    p.json("link", null);
    name += "@NONE";
  } else if (l.link !== 0) {
    if (l.linkNetnsid !== null) {
      p.json("link_index", l.link);
      name += `@if${l.link}`;
    } else {
      const lower = links.name(l.link);
      p.json("link", lower);
      name += `@${lower}`;
      mdown = !links.isUp(l.link);
    }
  }
  p.color("ifname", "ifname", p.isJson ? l.name : name, layout(name));
  return mdown;
}

export function printFlags(p: Printer, flags: number, mdown: boolean): void {
  p.openArray("flags", "<");
  const words: string[] = [];
  if (flags & IFF.UP && !(flags & IFF.RUNNING)) words.push("NO-CARRIER");
  let left = flags & ~IFF.RUNNING;
  for (const [bit, name] of FLAG_NAMES) {
    if (!(left & bit)) continue;
    left &= ~bit;
    words.push(name);
  }
  if (left !== 0) words.push((left >>> 0).toString(16));
  if (mdown) words.push("M-DOWN");
  words.forEach((w, i) => p.any(null, w, i < words.length - 1 ? `${w},` : w));
  p.closeArray("> ");
}

/**
 * The list of -D and the default interface in libpcap's order: running ones, "any", loopback, up without carrier, the
 * pseudo-devices of a Debian 12 host, and those that are down; alike ones by interface number.
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import { IFF, type LinkRow } from "../../net/rtnl/messages.ts";
import { listLinks } from "../lib/rtnl.ts";

interface Device {
  readonly name: string;
  readonly text: string;
  /** get_figure_of_merit: the lower the better */
  readonly merit: number;
}

const NOT_RUNNING = 0x80000000;
const NOT_UP = 0x40000000;
const DISCONNECTED = 0x20000000;
const LOOPBACK = 0x10000000;
const IS_ANY = 0x08000000;

const ANY: Device = { name: "any", text: "any (Pseudo-device that captures on all interfaces) [Up, Running]", merit: IS_ANY };
const PSEUDO: readonly Device[] = [
  "bluetooth-monitor (Bluetooth Linux Monitor) [Wireless]",
  "nflog (Linux netfilter log (NFLOG) interface) [none]",
  "nfqueue (Linux netfilter queue (NFQUEUE) interface) [none]",
  "dbus-system (D-Bus system bus) [none]",
  "dbus-session (D-Bus session bus) [none]",
].map((text) => ({ name: text.slice(0, text.indexOf(" ")), text, merit: NOT_RUNNING + NOT_UP }));

function describe(l: LinkRow): Device {
  const up = (l.flags & IFF.UP) !== 0;
  const running = up && (l.flags & IFF.RUNNING) !== 0;
  const loopback = (l.flags & IFF.LOOPBACK) !== 0;
  const connected = (l.flags & IFF.LOWER_UP) !== 0;
  const flags: string[] = [];
  if (up) flags.push("Up");
  if (running) flags.push("Running");
  if (loopback) flags.push("Loopback");
  if (flags.length === 0) flags.push("none");
  if (!loopback) flags.push(connected ? "Connected" : "Disconnected");
  let merit = 0;
  if (!running) merit += NOT_RUNNING;
  if (!up) merit += NOT_UP;
  if (loopback) merit += LOOPBACK;
  else if (!connected) merit += DISCONNECTED;
  return { name: l.name, text: `${l.name} [${flags.join(", ")}]`, merit };
}

/** Names and descriptions in the order of -D. */
export function* devices(sys: Sys): Call<readonly { readonly name: string; readonly text: string }[]> {
  const list = [...(yield* listLinks(sys)).map(describe), ANY, ...PSEUDO];
  const sorted = list.map((d, i) => ({ d, i })).sort((a, b) => a.d.merit - b.d.merit || a.i - b.i);
  return sorted.map((x) => x.d);
}

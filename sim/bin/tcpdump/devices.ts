/**
 * The list of -D and the default interface, ordered as libpcap orders them: those that run before "any", then loopback, then the others;
 * within that by the number at the end of the name. The pseudo-devices of a Debian 12 host close the list.
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import { IFF, type LinkRow } from "../../net/rtnl/messages.ts";
import { listLinks } from "../lib/rtnl.ts";

interface Device {
  readonly name: string;
  readonly text: string;
  readonly merit: number;
}

const PSEUDO = [
  "bluetooth-monitor (Bluetooth Linux Monitor) [Wireless]",
  "nflog (Linux netfilter log (NFLOG) interface) [none]",
  "nfqueue (Linux netfilter queue (NFQUEUE) interface) [none]",
  "dbus-system (D-Bus system bus) [none]",
  "dbus-session (D-Bus session bus) [none]",
];
const ANY: Device = { name: "any", text: "any (Pseudo-device that captures on all interfaces) [Up, Running]", merit: 0x08000000 };

function describe(l: LinkRow): Device {
  const running = (l.flags & IFF.RUNNING) !== 0;
  const loopback = (l.flags & IFF.LOOPBACK) !== 0;
  const connected = (l.flags & IFF.LOWER_UP) !== 0;
  const flags = ["Up"];
  if (running) flags.push("Running");
  if (loopback) flags.push("Loopback");
  else flags.push(connected ? "Connected" : "Disconnected");
  const digits = /[0-9]+$/.exec(l.name);
  let merit = digits ? Number(digits[0]) : 0;
  if (!running) merit += 0x80000000;
  if (loopback) merit += 0x10000000;
  else if (!connected) merit += 0x20000000;
  return { name: l.name, text: `${l.name} [${flags.join(", ")}]`, merit };
}

/** Names and descriptions in the order of -D; interfaces that are down are not listed, as libpcap leaves them out. */
export function* devices(sys: Sys): Call<readonly { readonly name: string; readonly text: string }[]> {
  const list = (yield* listLinks(sys)).filter((l) => (l.flags & IFF.UP) !== 0).map(describe);
  list.push(ANY);
  const sorted = list.map((d, i) => ({ d, i })).sort((a, b) => a.d.merit - b.d.merit || a.i - b.i);
  return [...sorted.map((x) => x.d), ...PSEUDO.map((text) => ({ name: text.slice(0, text.indexOf(" ")), text }))];
}

/**
 * What the programs of net-tools 2.10 share: reading hardware addresses, the order of interface names, names of networks, the
 * ends of their usage texts.
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import { exit, lines, readText } from "./io.ts";
import { inetAton } from "./resolve.ts";

export const NET_TOOLS = "net-tools 2.10\n";

export const ROUTING_FAMILIES = `  <AF>=Use -4, -6, '-A <af>' or '--<af>'; default: inet
  List of possible address families (which support routing):
`;
export const FAMILY_LIST = `    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) 
    ddp (Appletalk DDP) x25 (CCITT X.25) 
`;

/** in_ether: colons may be missing, and so may bytes at the end; what is beyond six is not looked at. null: no address. */
export function etherAddress(text: string): Uint8Array | null {
  const out = new Uint8Array(6);
  for (let i = 0, at = 0; i < 6 && at < text.length; i++) {
    const m = /^(?:([0-9a-fA-F]{2}):?|([0-9a-fA-F])(?::|$))/.exec(text.slice(at));
    if (!m) return null;
    out[i] = Number.parseInt(m[1] ?? m[2]!, 16);
    at += m[0].length;
  }
  return out;
}

/** nstrcmp: as strcmp, but digits at the first difference are compared as the numbers they belong to. */
export function compareNames(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  if (i === a.length && i === b.length) return 0;
  const digit = (c: string | undefined): boolean => c !== undefined && c >= "0" && c <= "9";
  if (digit(a[i]) && digit(b[i])) {
    let from = i;
    while (from > 0 && digit(a[from - 1])) from--;
    return Number.parseInt(a.slice(from), 10) - Number.parseInt(b.slice(from), 10);
  }
  return (a.charCodeAt(i) || 0) - (b.charCodeAt(i) || 0);
}

/** Would a name server be asked about this? Numbers with dots, and what no host name may look like, are refused at once. */
export function looksLikeName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(text) && !/^[0-9.]*[0-9]$/.test(text);
}

/** /etc/networks: names of IPv4 networks. */
export function* readNetworks(sys: Sys): Call<ReadonlyMap<number, string>> {
  const map = new Map<number, string>();
  const text = yield* readText(sys, "/etc/networks");
  for (const line of typeof text === "number" ? [] : lines(text)) {
    const [name, net] = line.replace(/#.*/, "").trim().split(/\s+/);
    const addr = net === undefined ? null : inetAton(net);
    if (addr !== null && !map.has(addr)) map.set(addr, name!);
  }
  return map;
}

/** An option that getopt does not know about families: `-A inet`, `--inet6`; other families are not simulated. */
export function familyOf(tool: string, word: string): 2 | 10 {
  if (word === "inet") return 2;
  if (word === "inet6") return 10;
  if (["unix", "ax25", "netrom", "rose", "ipx", "ddp", "ec", "ash", "x25"].includes(word))
    exit(64, `hop: ${tool}: address family ${word} is not simulated\n`);
  return exit(1, `${tool}: unknown address family \`${word}'.\n`);
}

/**
 * Names of numbers in routing: tables, protocols, scopes, types, device groups, DS fields. The built-in ones are those
 * of /etc/iproute2 in Debian 12; the machine's rt_tables, rt_tables.d/*.conf and group there are read too, since people add to those.
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import { lines, readText } from "../lib/io.ts";
import { matches, strtol } from "./args.ts";

type Table = readonly (readonly [number, string])[];

const PROTOCOLS: Table = [
  [0, "unspec"],
  [1, "redirect"],
  [2, "kernel"],
  [3, "boot"],
  [4, "static"],
  [8, "gated"],
  [9, "ra"],
  [10, "mrt"],
  [11, "zebra"],
  [12, "bird"],
  [13, "dnrouted"],
  [14, "xorp"],
  [15, "ntk"],
  [16, "dhcp"],
  [18, "keepalived"],
  [42, "babel"],
  [99, "openr"],
  [186, "bgp"],
  [187, "isis"],
  [188, "ospf"],
  [189, "rip"],
  [192, "eigrp"],
];
const SCOPES: Table = [
  [0, "global"],
  [255, "nowhere"],
  [254, "host"],
  [253, "link"],
  [200, "site"],
];
const TABLES: Table = [
  [255, "local"],
  [254, "main"],
  [253, "default"],
  [0, "unspec"],
];
const GROUPS: Table = [[0, "default"]];
const DSFIELD: Table = [
  [0, "default"],
  [0x28, "AF11"],
  [0x30, "AF12"],
  [0x38, "AF13"],
  [0x48, "AF21"],
  [0x50, "AF22"],
  [0x58, "AF23"],
  [0x68, "AF31"],
  [0x70, "AF32"],
  [0x78, "AF33"],
  [0x88, "AF41"],
  [0x90, "AF42"],
  [0x98, "AF43"],
  [0x20, "CS1"],
  [0x40, "CS2"],
  [0x60, "CS3"],
  [0x80, "CS4"],
  [0xa0, "CS5"],
  [0xc0, "CS6"],
  [0xe0, "CS7"],
  [0xb8, "EF"],
];
const TYPES: Table = [
  [0, "none"],
  [1, "unicast"],
  [2, "local"],
  [3, "broadcast"],
  [4, "anycast"],
  [5, "multicast"],
  [6, "blackhole"],
  [7, "unreachable"],
  [8, "prohibit"],
  [9, "throw"],
  [10, "nat"],
  [11, "xresolve"],
];

export class Names {
  private readonly sys: Sys;
  /** -N: numbers only in output; input knows names all the same */
  private readonly numeric: boolean;
  private tables: Table | null = null;
  private groups: Table = GROUPS;

  constructor(sys: Sys, numeric: boolean) {
    this.sys = sys;
    this.numeric = numeric;
  }

  /** Reads the files of /etc/iproute2 once; call before asking for tables and groups. */
  *loadTables(): Call<void> {
    if (this.tables !== null) return;
    this.tables = yield* this.read(TABLES, "/etc/iproute2/rt_tables");
    this.groups = yield* this.read(GROUPS, "/etc/iproute2/group");
    const more = yield* this.sys.readdir("/etc/iproute2/rt_tables.d");
    if (typeof more === "number") return;
    for (const { name } of more)
      if (/^[^.].*\.conf$/.test(name)) this.tables = yield* this.read(this.tables, `/etc/iproute2/rt_tables.d/${name}`);
  }

  private *read(known: Table, path: string): Call<Table> {
    const text = yield* readText(this.sys, path);
    return typeof text === "number" ? known : [...known, ...parseTable(known, text)];
  }

  table(n: number): string {
    return this.numeric ? String(n) : (nameIn(this.tables ?? TABLES, n) ?? String(n));
  }
  /** A name or a number up to 2^32-1, else null. */
  tableNumber(word: string): number | null {
    return numberIn(this.tables ?? TABLES, word, 0xffffffff, 0);
  }
  protocol(n: number): string {
    return this.numeric ? String(n) : (nameIn(PROTOCOLS, n) ?? String(n));
  }
  protocolNumber(word: string): number | null {
    return numberIn(PROTOCOLS, word, 255, 0);
  }
  scope(n: number): string {
    return this.numeric ? String(n) : (nameIn(SCOPES, n) ?? String(n));
  }
  scopeNumber(word: string): number | null {
    return numberIn(SCOPES, word, 255, 0);
  }
  group(n: number): string {
    return this.numeric ? String(n) : (nameIn(this.groups, n) ?? String(n));
  }
  groupNumber(word: string): number | null {
    return numberIn(this.groups, word, 0x7fffffff, 0);
  }
  dsfield(n: number): string {
    return this.numeric ? `0x${n.toString(16).padStart(2, "0")}` : (nameIn(DSFIELD, n) ?? `0x${n.toString(16).padStart(2, "0")}`);
  }
  /** Numbers are hexadecimal with or without 0x. */
  dsfieldNumber(word: string): number | null {
    return numberIn(DSFIELD, word, 255, 16);
  }
  routeType(n: number): string {
    return this.numeric ? String(n) : (nameIn(TYPES, n) ?? String(n));
  }
  /** rtnl_rtntype_a2n: most may be shortened. */
  routeTypeNumber(word: string): number | null {
    if (word === "local") return 2;
    if (word === "nat") return 10;
    if (matches(word, "broadcast") || word === "brd") return 3;
    if (matches(word, "anycast")) return 4;
    if (matches(word, "multicast")) return 5;
    if (matches(word, "prohibit")) return 8;
    if (matches(word, "unreachable")) return 7;
    if (matches(word, "blackhole")) return 6;
    if (matches(word, "xresolve")) return 11;
    if (matches(word, "unicast")) return 1;
    if (word === "throw") return 9;
    const n = strtol(word);
    return n === null || n < 0 || n > 255 ? null : n;
  }
}

/** The names built in, for Tab. */
export const tableNames: readonly string[] = TABLES.map((t) => t[1]);
export const protocolNames: readonly string[] = PROTOCOLS.map((t) => t[1]);
export const scopeNames: readonly string[] = SCOPES.map((t) => t[1]);
export const routeTypeNames: readonly string[] = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "throw",
  "unreachable",
  "prohibit",
  "blackhole",
  "nat",
];

function nameIn(t: Table, n: number): string | null {
  for (const [k, v] of t) if (k === n) return v;
  return null;
}

function numberIn(t: Table, word: string, max: number, base: 0 | 16): number | null {
  for (const [k, v] of t) if (v === word) return k;
  const n = base === 16 ? (/^(0[xX])?[0-9a-fA-F]+$/.test(word) ? Number.parseInt(word.replace(/^0[xX]/, ""), 16) : null) : strtol(word);
  return n === null || n < 0 || n > max ? null : n;
}

function parseTable(known: Table, text: string): Table {
  const out: (readonly [number, string])[] = [];
  for (const line of lines(text)) {
    const m = /^\s*(0x[0-9a-fA-F]+|[0-9]+)\s+([^\s#]+)/.exec(line);
    if (m === null) continue;
    const n = strtol(m[1]!);
    if (n !== null && nameIn(known, n) === null) out.push([n, m[2]!]);
  }
  return out;
}

/**
 * ss' filters (iproute2 misc/ssfilter.y): `state NAME`, `exclude NAME`, and an expression of dst, src, dport and sport with and,
 * or, not and brackets. Left out: dev, fwmark, cgroup, autobound.
 */
import type { SockDiag } from "../../kernel/abi.ts";
import { equalBytes } from "../../core/bytes.ts";
import { inPrefix6, parseIp4, parseIp6 } from "../../wire/addr.ts";
import { TCP_SERVICES, UDP_SERVICES } from "../../wire/services.ts";
import { bytes4 } from "../lib/resolve.ts";

export type Test = (d: SockDiag) => boolean;

/** tcp states by ss' names, as bits of their number */
const STATES: Readonly<Record<string, number>> = {
  established: 1 << 1,
  "syn-sent": 1 << 2,
  "syn-recv": 1 << 3,
  "fin-wait-1": 1 << 4,
  "fin-wait-2": 1 << 5,
  "time-wait": 1 << 6,
  unconnected: 1 << 7,
  closed: 1 << 7,
  "close-wait": 1 << 8,
  "last-ack": 1 << 9,
  listening: 1 << 10,
  closing: 1 << 11,
};
export const ALL_STATES = 0xffe;
const CONNECTED = ALL_STATES & ~((1 << 7) | (1 << 10));
const GROUPS: Readonly<Record<string, number>> = {
  all: ALL_STATES,
  connected: CONNECTED,
  synchronized: CONNECTED & ~(1 << 2),
  bucket: (1 << 3) | (1 << 6),
  big: ALL_STATES & ~((1 << 3) | (1 << 6)),
};
/** what is shown without -a, -l or a state: neither listeners nor the unconnected, nor what is only half a connection */
export const DEFAULT_STATES = CONNECTED & ~((1 << 3) | (1 << 6));

export function stateMask(name: string): number | null {
  const n = name.toLowerCase();
  return STATES[n] ?? GROUPS[n] ?? null;
}

/** A filter cannot be read. `text` goes to standard error; usage follows where ss prints it. */
export class FilterError {
  readonly text: string;
  readonly usage: boolean;
  constructor(text: string, usage: boolean) {
    this.text = text;
    this.usage = usage;
  }
}

const BISON = 'ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n';

/** Splits brackets off their neighbours. */
function tokens(words: readonly string[]): string[] {
  return words
    .flatMap((w) => w.split(/([()])/))
    .flatMap((w) => w.split(/\s+/))
    .filter((w) => w !== "");
}

function portOf(text: string): number | null {
  if (text === "*" || text === "") return null;
  if (/^[0-9]+$/.test(text)) return Number(text);
  for (const t of [TCP_SERVICES, UDP_SERVICES]) for (const [n, name] of t) if (name === text) return n;
  throw new FilterError(`Error: argument "${text}" is wrong: not a service or a port\nCannot parse dst/src address.\n`, false);
}

/** ADDRESS[/LEN][:PORT], [IPV6]:PORT, :PORT */
function hostTest(text: string, side: "local" | "remote"): Test {
  let host = text;
  let port: number | null = null;
  const bracket = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracket) {
    host = bracket[1]!;
    port = portOf(bracket[2] ?? "");
  } else if (!/:.*:/.test(text) && text.includes(":")) {
    const i = text.lastIndexOf(":");
    host = text.slice(0, i);
    port = portOf(text.slice(i + 1));
  }
  const portFits: Test = (d) => port === null || (side === "local" ? d.sport : d.dport) === port;
  if (host === "" || host === "*") return portFits;
  const slash = host.indexOf("/");
  const bare = slash < 0 ? host : host.slice(0, slash);
  const v4 = parseIp4(bare);
  const addr = v4 !== null ? bytes4(v4) : parseIp6(bare);
  if (!addr) throw new FilterError(`Error: an inet prefix is expected rather than "${host}".\nCannot parse dst/src address.\n`, false);
  const len = slash < 0 ? addr.length * 8 : Number(host.slice(slash + 1));
  return (d) => {
    const a = side === "local" ? d.local : d.remote;
    if (a.length !== addr.length || !portFits(d)) return false;
    return a.length === 16 ? inPrefix6(a, addr, len) : prefix4(a, addr, len);
  };
}
function prefix4(a: Uint8Array, b: Uint8Array, len: number): boolean {
  if (len >= 32) return equalBytes(a, b);
  for (let i = 0; i < len; i++) if (((a[i >> 3]! ^ b[i >> 3]!) & (0x80 >> (i & 7))) !== 0) return false;
  return true;
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  eq: (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ne: (a, b) => a !== b,
  neq: (a, b) => a !== b,
  ">": (a, b) => a > b,
  gt: (a, b) => a > b,
  "<": (a, b) => a < b,
  lt: (a, b) => a < b,
  ">=": (a, b) => a >= b,
  ge: (a, b) => a >= b,
  geq: (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  le: (a, b) => a <= b,
  leq: (a, b) => a <= b,
};

/** The expression after the states; throws FilterError. */
export function parseExpression(words: readonly string[]): Test {
  const t = tokens(words);
  let i = 0;
  const or = (): Test => {
    let left = and();
    while (t[i] === "or" || t[i] === "|" || t[i] === "||") {
      i++;
      const [a, b] = [left, and()];
      left = (d) => a(d) || b(d);
    }
    return left;
  };
  const and = (): Test => {
    let left = not();
    while (i < t.length && t[i] !== ")" && t[i] !== "or" && t[i] !== "|" && t[i] !== "||") {
      if (t[i] === "and" || t[i] === "&" || t[i] === "&&") i++;
      const [a, b] = [left, not()];
      left = (d) => a(d) && b(d);
    }
    return left;
  };
  const not = (): Test => {
    if (t[i] === "not" || t[i] === "!") {
      i++;
      const a = not();
      return (d) => !a(d);
    }
    if (t[i] === "(") {
      i++;
      const a = or();
      if (t[i++] !== ")") throw new FilterError(BISON, true);
      return a;
    }
    return primary();
  };
  const primary = (): Test => {
    const word = t[i++];
    if (word === undefined) throw new FilterError(BISON, true);
    if (word === "dport" || word === "sport") {
      const op = COMPARE[t[i] ?? ""] ? t[i++]! : "=";
      const value = t[i++];
      if (value === undefined) throw new FilterError(BISON, true);
      const port = portOf(value.replace(/^.*:/, "")) ?? 0;
      const compare = COMPARE[op]!;
      return (d) => compare(word === "dport" ? d.dport : d.sport, port);
    }
    if (word === "dst" || word === "src") {
      const op = COMPARE[t[i] ?? ""] ? t[i++]! : "=";
      const value = t[i++];
      if (value === undefined) throw new FilterError(BISON, true);
      const test = hostTest(value, word === "dst" ? "remote" : "local");
      return op === "!=" || op === "ne" || op === "neq" ? (d) => !test(d) : test;
    }
    if (word === "dev" || word === "fwmark" || word === "cgroup" || word === "autobound")
      throw new FilterError(`hop: ss: filter ${word} is not simulated\n`, false);
    // a bare word is no condition; one that is compared is taken for an address
    if (COMPARE[t[i] ?? ""]) hostTest(word, "remote");
    throw new FilterError(BISON, true);
  };
  const test = or();
  if (i < t.length) throw new FilterError(BISON, true);
  return test;
}

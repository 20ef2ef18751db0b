/**
 * Reading the arguments of iproute2's tools: the cursor over the words and the texts and exit statuses of iproute2's utils.c for what is
 * missing, doubled or wrong. The functions end the program by `exit`, so parsers are plain functions.
 */
import { ExitStatus, exit } from "../io.ts";
import { parseIp6 } from "../../../wire/addr.ts";
import { lenOfMask } from "../../../wire/addr.ts";
import { addr4 } from "../resolve.ts";

/** AF_* as `ip` uses them; 7 bridge, 17 packet (links), 28 MPLS. */
export type Family = 0 | 2 | 7 | 10 | 17 | 28;

/** The words after the object and its command, with a cursor. */
export class Args {
  readonly words: readonly string[];
  at = 0;

  constructor(words: readonly string[]) {
    this.words = words;
  }
  get more(): boolean {
    return this.at < this.words.length;
  }
  get word(): string {
    return this.words[this.at]!;
  }
  /** As `word`, for where the compiler would hold on to an earlier comparison. */
  peek(): string {
    return this.words[this.at]!;
  }
  /** NEXT_ARG: the next word must be there. */
  next(): string {
    this.at++;
    if (this.at >= this.words.length) incomplete();
    return this.word;
  }
  rest(): readonly string[] {
    return this.words.slice(this.at);
  }
}

/** iproute2's matches(): is the word a beginning of the keyword? */
export function matches(word: string, keyword: string): boolean {
  return word !== "" && keyword.startsWith(word);
}

export function incomplete(): never {
  exit(-1, 'Command line is not complete. Try option "help"\n');
}
export function invarg(msg: string, arg: string): never {
  exit(-1, `Error: argument "${arg}" is wrong: ${msg}\n`);
}
export function duparg(key: string, arg: string): never {
  exit(-1, `Error: duplicate "${key}": "${arg}" is the second value.\n`);
}
export function duparg2(key: string, arg: string): never {
  exit(-1, `Error: either "${key}" is duplicate, or "${arg}" is a garbage.\n`);
}
/** A command that failed without ending `ip` itself: a batch says where, and may go on (-force). */
export class CommandFailed extends ExitStatus {}
export function fail(text: string): never {
  throw new CommandFailed(1, text);
}
export function nodev(dev: string): never {
  fail(`Cannot find device "${dev}"\n`);
}

/** strtol/strtoul with base 0 over a whole word; null when it is no number. */
export function strtol(text: string): number | null {
  const m = /^[ \t\n]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(text);
  if (m === null) return null;
  const d = m[2]!;
  const n = /^0[xX]/.test(d)
    ? Number.parseInt(d.slice(2), 16)
    : d.length > 1 && d.startsWith("0")
      ? Number.parseInt(d, 8)
      : Number.parseInt(d, 10);
  return m[1] === "-" ? -n : n;
}
/** get_integer: a 32-bit signed number, or null */
export function getInteger(text: string): number | null {
  const n = strtol(text);
  return n === null || n > 0x7fffffff || n < -0x80000000 ? null : n;
}
/** get_unsigned, get_u32: 0..2^32-1, or null */
export function getUnsigned(text: string): number | null {
  const n = strtol(text);
  return n === null || n > 0xffffffff || n < 0 ? null : n;
}

/** An inet_prefix: an address with a length, as a user writes it. */
export interface Prefix {
  readonly family: Family;
  /** none for "default", "any", "all" */
  readonly bytes: Uint8Array;
  /** -1 for a bare address */
  readonly bitlen: number;
  /** PREFIXLEN_SPECIFIED */
  readonly specified: boolean;
}

function familyName(f: Family): string {
  return f === 0 ? "any valid" : f === 2 ? "inet" : f === 10 ? "inet6" : f === 17 ? "link" : f === 28 ? "mpls" : "bridge";
}

/** get_addr: prints and exits 1 on anything else than an address of the family. */
export function getAddr(text: string, family: Family): Prefix {
  if (family === 17) exit(1, `Error: "${text}" may be inet address, but it is not allowed in this context.\n`);
  return tryAddr(text, family) ?? exit(1, `Error: ${familyName(family)} address is expected rather than "${text}".\n`);
}
/** get_prefix. A bare address has the family's full length. */
export function getPrefix(text: string, family: Family): Prefix {
  if (family === 17) exit(1, `Error: "${text}" may be inet prefix, but it is not allowed in this context.\n`);
  return tryPrefix(text, family) ?? exit(1, `Error: ${familyName(family)} prefix is expected rather than "${text}".\n`);
}

function tryAddr(text: string, family: Family): Prefix | null {
  if (text === "default" || text === "all" || text === "any")
    return { family, bytes: new Uint8Array(0), bitlen: -2, specified: text === "default" };
  if (text.includes(":")) {
    if (family !== 0 && family !== 10) return null;
    const b = parseIp6(text);
    return b === null ? null : { family: 10, bytes: b, bitlen: -1, specified: false };
  }
  if (family !== 0 && family !== 2) return null;
  const b = looseQuad(text);
  return b === null ? null : { family: 2, bytes: b, bitlen: -1, specified: false };
}

function tryPrefix(text: string, family: Family): Prefix | null {
  if (text === "default" || text === "all" || text === "any") return { family, bytes: new Uint8Array(0), bitlen: 0, specified: true };
  const slash = text.indexOf("/");
  const a = tryAddr(slash < 0 ? text : text.slice(0, slash), family);
  if (a === null) return null;
  const full = a.family === 10 ? 128 : a.family === 2 ? 32 : 0;
  if (slash < 0) return { ...a, bitlen: full };
  const len = getNetmask(text.slice(slash + 1));
  return len === null || len > full ? null : { ...a, bitlen: len, specified: true };
}

/** A prefix length, or a contiguous dotted mask. */
function getNetmask(text: string): number | null {
  const n = getUnsigned(text);
  if (n !== null) return n;
  const b = looseQuad(text);
  if (b === null) return null;
  const len = lenOfMask(addr4(b));
  return len < 0 ? null : len;
}

/** get_addr_ipv4: one to four numbers in C notation; what is left out at the end is zero ("10.1" is 10.1.0.0). */
function looseQuad(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length > 4) return null;
  const out = new Uint8Array(4);
  for (let i = 0; i < parts.length; i++) {
    const n = strtol(parts[i]!);
    if (n === null || n < 0 || n > 255) return null;
    out[i] = n;
  }
  return out;
}

/** Does `addr` lie in the first `bits` of `prefix`? (inet_addr_match gives 0) */
export function addrMatches(addr: Uint8Array, prefix: Uint8Array, bits: number): boolean {
  const whole = bits >>> 3;
  for (let i = 0; i < whole; i++) if ((addr[i] ?? 0) !== (prefix[i] ?? 0)) return false;
  const rest = bits & 7;
  return rest === 0 || (((addr[whole] ?? 0) ^ (prefix[whole] ?? 0)) & ((0xff << (8 - rest)) & 0xff)) === 0;
}

/** ll_addr_a2n: 1 to 20 hexadecimal bytes with colons, or a dotted quad. Prints and exits 1 on anything else. */
export function getLladdr(text: string): Uint8Array {
  if (text.includes(".")) return looseQuad(text) ?? fail(`"${text}" is invalid lladdr.\n`);
  const out: number[] = [];
  for (const part of text.split(":").slice(0, 20)) {
    // sscanf("%x"): leading blanks and 0x allowed, what follows the digits is not looked at
    const m = /^\s*(-?)(?:0[xX])?([0-9a-fA-F]+)/.exec(part);
    const n = m === null ? -1 : m[1] === "-" ? -1 : Number.parseInt(m[2]!, 16);
    if (n < 0 || n > 255) fail(`"${part}" is invalid lladdr.\n`);
    out.push(n);
  }
  return new Uint8Array(out);
}

/** check_ifname: not empty, no slash, no blank, below IFNAMSIZ (16) or, for alternative names, ALTIFNAMSIZ (128). */
export function validIfname(name: string, limit = 16): boolean {
  return name !== "" && name.length < limit && !/[/\s]/.test(name);
}

/** "on" or "off"; anything else is complained about with exit status 1. */
export function onOff(key: string, word: string): boolean {
  if (word === "on") return true;
  if (word === "off") return false;
  return fail(`Error: argument of "${key}" must be "on" or "off", not "${word}"\n`);
}

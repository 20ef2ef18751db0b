/** Runs a compiled filter over a frame. No allocation; the result of an expression is 1, 0, or -1 when a load went past the end. */
import { LINKTYPE_LINUX_SLL2, LINKTYPE_RAW } from "../../../wire/pcap.ts";
import { Base, type Arith, type Node, type RelOp } from "./ast.ts";

export interface Packet {
  readonly frame: Uint8Array;
  readonly wireLen: number;
  readonly linkType: number;
  readonly outbound: boolean;
}

/** Does the packet pass? A null filter takes everything. */
export function matches(filter: Node | null, p: Packet): boolean {
  return filter === null || run(filter, p) === 1;
}

const ABORT = -1;

function compare(a: number, op: RelOp, b: number): number {
  switch (op) {
    case "=":
      return a === b ? 1 : 0;
    case "!=":
      return a !== b ? 1 : 0;
    case ">":
      return a > b ? 1 : 0;
    case "<":
      return a < b ? 1 : 0;
    case ">=":
      return a >= b ? 1 : 0;
    case "<=":
      return a <= b ? 1 : 0;
  }
}

/** Where offsets of `base` count from; -1 where the IPv4 header cannot be read. */
function origin(p: Packet, base: Base, shift: number): number {
  const link = p.linkType === LINKTYPE_LINUX_SLL2 ? 20 : p.linkType === LINKTYPE_RAW ? 0 : 14;
  if (base === Base.LINK) return shift;
  const net = link + shift;
  if (base === Base.NET) return net;
  return net < p.frame.length ? net + ((p.frame[net]! & 15) << 2) : ABORT;
}

function load(p: Packet, off: number, size: 1 | 2 | 4): number {
  const b = p.frame;
  if (off < 0 || off + size > b.length) return ABORT;
  if (size === 1) return b[off]!;
  if (size === 2) return (b[off]! << 8) | b[off + 1]!;
  return ((b[off]! << 24) | (b[off + 1]! << 16) | (b[off + 2]! << 8) | b[off + 3]!) >>> 0;
}

function run(n: Node, p: Packet): number {
  switch (n.k) {
    case "const":
      return n.value ? 1 : 0;
    case "and": {
      const a = run(n.a, p);
      return a === 1 ? run(n.b, p) : a;
    }
    case "or": {
      const a = run(n.a, p);
      return a === 0 ? run(n.b, p) : a;
    }
    case "not": {
      const a = run(n.a, p);
      return a === ABORT ? ABORT : 1 - a;
    }
    case "field": {
      const from = origin(p, n.f.base, n.f.shift);
      const v = from === ABORT ? ABORT : load(p, from + n.f.off, n.f.size);
      return v === ABORT ? ABORT : compare((v & n.f.mask) >>> 0, n.op, (n.value & n.f.mask) >>> 0);
    }
    case "len":
      return compare(p.wireLen, n.op, n.value);
    case "outbound":
      return p.outbound ? 1 : 0;
    case "rel": {
      if (n.check !== null) {
        const c = run(n.check, p);
        if (c !== 1) return c;
      }
      const a = arith(n.a, p);
      if (a === ABORT) return ABORT;
      const b = arith(n.b, p);
      return b === ABORT ? ABORT : compare(a, n.op, b);
    }
  }
}

/** Unsigned 32-bit value, or -1. */
function arith(a: Arith, p: Packet): number {
  switch (a.k) {
    case "num":
      return a.value;
    case "len":
      return p.wireLen;
    case "neg": {
      const v = arith(a.a, p);
      return v === ABORT ? ABORT : -v >>> 0;
    }
    case "load": {
      const at = arith(a.at, p);
      const from = at === ABORT ? ABORT : origin(p, a.base, a.shift);
      return from === ABORT ? ABORT : load(p, from + a.extra + at, a.size);
    }
    case "bin": {
      const x = arith(a.a, p);
      if (x === ABORT) return ABORT;
      const y = arith(a.b, p);
      if (y === ABORT) return ABORT;
      switch (a.op) {
        case "+":
          return (x + y) >>> 0;
        case "-":
          return (x - y) >>> 0;
        case "*":
          return Math.imul(x, y) >>> 0;
        case "/":
          return y === 0 ? ABORT : Math.floor(x / y);
        case "%":
          return y === 0 ? ABORT : x % y;
        case "&":
          return (x & y) >>> 0;
        case "|":
          return (x | y) >>> 0;
        case "^":
          return (x ^ y) >>> 0;
        case "<<":
          return y > 31 ? 0 : (x << y) >>> 0;
        case ">>":
          return y > 31 ? 0 : x >>> y;
      }
    }
  }
}

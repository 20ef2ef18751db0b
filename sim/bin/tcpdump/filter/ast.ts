/**
 * A compiled filter as data: a tree of tests on fields of the frame, evaluated by eval.ts. What the BPF program of libpcap does is kept: a
 * load past the end of the captured bytes rejects the packet, whatever else the expression says.
 */

/** Where offsets count from: the link-level header, the network header, or what follows the IPv4 header. */
export const Base = { LINK: 0, NET: 1, TRANSPORT: 2 } as const;
export type Base = (typeof Base)[keyof typeof Base];

export interface Field {
  readonly base: Base;
  /** bytes by which VLAN tags named earlier in the expression shift the header */
  readonly shift: number;
  readonly off: number;
  readonly size: 1 | 2 | 4;
  readonly mask: number;
}

export type RelOp = "=" | "!=" | ">" | "<" | ">=" | "<=";

export type Node =
  | { readonly k: "const"; readonly value: boolean }
  | { readonly k: "and" | "or"; readonly a: Node; readonly b: Node }
  | { readonly k: "not"; readonly a: Node }
  /** field relation value, unsigned */
  | { readonly k: "field"; readonly f: Field; readonly op: RelOp; readonly value: number }
  | { readonly k: "len"; readonly op: RelOp; readonly value: number }
  /** the frame was sent by this machine */
  | { readonly k: "outbound" }
  | { readonly k: "rel"; readonly op: RelOp; readonly a: Arith; readonly b: Arith; readonly check: Node | null };

export type BinOp = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>";

export type Arith =
  | { readonly k: "num"; readonly value: number }
  | { readonly k: "len" }
  | { readonly k: "neg"; readonly a: Arith }
  | { readonly k: "bin"; readonly op: BinOp; readonly a: Arith; readonly b: Arith }
  | {
      readonly k: "load";
      readonly base: Base;
      readonly shift: number;
      readonly extra: number;
      readonly at: Arith;
      readonly size: 1 | 2 | 4;
    };

export function and(a: Node | null, b: Node): Node {
  return a === null ? b : { k: "and", a, b };
}
export function or(a: Node | null, b: Node): Node {
  return a === null ? b : { k: "or", a, b };
}
export function not(a: Node): Node {
  return { k: "not", a };
}

/** Something wrong with the expression: libpcap's words. */
export class FilterError extends Error {}
/** A part of the language that is not modelled. */
export class NotModelled extends Error {}

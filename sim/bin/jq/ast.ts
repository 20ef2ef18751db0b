/** The tree of a jq program, names already resolved: every binding has a number of its own. */
import type { Json } from "./value.ts";

export type BinOp = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A function as it was defined. `def f(g; $x): body;` has two parameters; `$x` is a variable as well. */
export interface FunctionDef {
  readonly id: number;
  readonly name: string;
  readonly params: readonly { readonly id: number; readonly variable: number | null }[];
  body: Node;
}

export type Pattern =
  | { readonly t: "var"; readonly id: number }
  | { readonly t: "array"; readonly items: readonly Pattern[] }
  | {
      readonly t: "object";
      readonly entries: readonly { readonly key: Node; readonly variable: number | null; readonly value: Pattern | null }[];
    };

export type Node =
  | { readonly t: "identity" }
  | { readonly t: "index"; readonly of: Node; readonly key: Node }
  | { readonly t: "slice"; readonly of: Node; readonly from: Node | null; readonly to: Node | null }
  | { readonly t: "each"; readonly of: Node }
  | { readonly t: "literal"; readonly value: Json }
  /** texts and expressions in turn, each expression put through `format` */
  | { readonly t: "string"; readonly parts: readonly (string | Node)[]; readonly format: string }
  | { readonly t: "format"; readonly name: string }
  | { readonly t: "array"; readonly items: Node | null }
  | { readonly t: "object"; readonly entries: readonly { readonly key: Node; readonly value: Node }[] }
  | { readonly t: "negate"; readonly of: Node }
  | { readonly t: "pipe" | "comma" | "and" | "or" | "alternative"; readonly a: Node; readonly b: Node }
  | { readonly t: "binary"; readonly op: BinOp; readonly a: Node; readonly b: Node }
  | { readonly t: "if"; readonly cond: Node; readonly yes: Node; readonly no: Node }
  | { readonly t: "try"; readonly body: Node; readonly handler: Node | null }
  | { readonly t: "reduce"; readonly source: Node; readonly pattern: Pattern; readonly init: Node; readonly update: Node }
  | {
      readonly t: "foreach";
      readonly source: Node;
      readonly pattern: Pattern;
      readonly init: Node;
      readonly update: Node;
      readonly extract: Node;
    }
  | {
      readonly t: "as";
      readonly source: Node;
      readonly patterns: readonly Pattern[];
      readonly vars: readonly number[];
      readonly body: Node;
    }
  | { readonly t: "def"; readonly def: FunctionDef; readonly body: Node }
  | { readonly t: "label"; readonly id: number; readonly body: Node }
  | { readonly t: "break"; readonly id: number }
  | { readonly t: "variable"; readonly id: number }
  /** a parameter without `$`: the caller's expression, in the caller's scope */
  | { readonly t: "closure"; readonly id: number }
  | { readonly t: "call"; readonly def: FunctionDef; readonly local: boolean; readonly args: readonly Node[] }
  | { readonly t: "native"; readonly name: string; readonly args: readonly Node[] }
  | { readonly t: "path"; readonly of: Node };

/** The tree of an awk program. */

export type Expr =
  | { readonly k: "num"; readonly v: number }
  | { readonly k: "str"; readonly v: string }
  /** a regular expression; as a value: does it match $0? */
  | { readonly k: "ere"; readonly v: string }
  | { readonly k: "var"; readonly name: string; /** index of a local, -1: global */ readonly slot: number }
  | { readonly k: "field"; readonly e: Expr }
  | { readonly k: "index"; readonly name: string; readonly slot: number; readonly subs: readonly Expr[] }
  | { readonly k: "in"; readonly subs: readonly Expr[]; readonly name: string; readonly slot: number }
  | { readonly k: "assign"; readonly op: string; readonly to: Expr; readonly e: Expr }
  | { readonly k: "incr"; readonly by: 1 | -1; readonly prefix: boolean; readonly to: Expr }
  | { readonly k: "unary"; readonly op: "-" | "+" | "!"; readonly e: Expr }
  | { readonly k: "binary"; readonly op: string; readonly a: Expr; readonly b: Expr }
  | { readonly k: "concat"; readonly a: Expr; readonly b: Expr }
  | { readonly k: "match"; readonly not: boolean; readonly a: Expr; readonly b: Expr }
  | { readonly k: "and" | "or"; readonly a: Expr; readonly b: Expr }
  | { readonly k: "cond"; readonly c: Expr; readonly a: Expr; readonly b: Expr }
  | { readonly k: "call"; readonly name: string; readonly args: readonly Expr[]; readonly line: number }
  | { readonly k: "builtin"; readonly name: string; readonly args: readonly Expr[] }
  | { readonly k: "getline"; readonly from: "main" | "file" | "command"; readonly source: Expr | null; readonly to: Expr | null }
  | { readonly k: "group"; readonly list: readonly Expr[] };

export interface Redirect {
  readonly op: ">" | ">>" | "|";
  readonly to: Expr;
}

export type Stmt =
  | { readonly k: "block"; readonly body: readonly Stmt[] }
  | { readonly k: "expr"; readonly e: Expr }
  | { readonly k: "print"; readonly format: boolean; readonly args: readonly Expr[]; readonly redirect: Redirect | null }
  | { readonly k: "if"; readonly c: Expr; readonly a: Stmt; readonly b: Stmt | null }
  | { readonly k: "while"; readonly c: Expr; readonly body: Stmt }
  | { readonly k: "do"; readonly c: Expr; readonly body: Stmt }
  | { readonly k: "for"; readonly init: Stmt | null; readonly c: Expr | null; readonly step: Stmt | null; readonly body: Stmt }
  | { readonly k: "forin"; readonly to: Expr; readonly name: string; readonly slot: number; readonly body: Stmt }
  | { readonly k: "delete"; readonly name: string; readonly slot: number; readonly subs: readonly Expr[] | null }
  | { readonly k: "break" | "continue" | "next" | "nextfile" }
  | { readonly k: "exit" | "return"; readonly e: Expr | null };

export interface FunctionDef {
  readonly name: string;
  readonly params: readonly string[];
  readonly body: Stmt;
}

export interface Rule {
  readonly pattern: "always" | Expr | readonly [Expr, Expr];
  /** null: print $0 */
  readonly body: Stmt | null;
}

export interface Program {
  readonly begin: readonly Stmt[];
  readonly end: readonly Stmt[];
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, FunctionDef>;
}

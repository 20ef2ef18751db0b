/**
 * The shell's own form of a parsed program. unbash's tree is lowered to it once (lower.ts); everything is immutable
 * plain data, so functions, background jobs and forked shells may share it. Lines are counted from 1 in the text
 * that was parsed.
 */

/** A piece of a word. `q`: it was quoted (no splitting, no globbing). */
export type Seg =
  | { readonly k: "lit"; readonly s: string; readonly q: boolean }
  | { readonly k: "param"; readonly q: boolean; readonly p: Param }
  | { readonly k: "cmd"; readonly q: boolean; readonly script: Program | null; readonly src: string; readonly backtick: boolean }
  | { readonly k: "arith"; readonly q: boolean; readonly expr: Word }
  | { readonly k: "proc"; readonly q: boolean; readonly dir: "<" | ">"; readonly script: Program };

export interface Word {
  /** as it was written */
  readonly raw: string;
  readonly segs: readonly Seg[];
  /** contains an unquoted brace expression */
  readonly brace: boolean;
  readonly line: number;
}

export type ParamOp =
  | { readonly k: "default"; readonly op: "-" | "=" | "?" | "+"; readonly colon: boolean; readonly word: Word }
  | { readonly k: "remove"; readonly op: "#" | "##" | "%" | "%%"; readonly word: Word }
  | { readonly k: "replace"; readonly op: "/" | "//" | "/#" | "/%"; readonly pat: Word; readonly rep: Word }
  | { readonly k: "slice"; readonly off: Word; readonly len: Word | null }
  | { readonly k: "case"; readonly op: "^" | "^^" | "," | ",," | "~" | "~~"; readonly pat: Word | null }
  | { readonly k: "transform"; readonly op: string }
  | { readonly k: "names"; readonly op: "@" | "*" }
  | { readonly k: "bad" };

export interface Param {
  readonly name: string;
  /** subscript as written: "@" and "*" mean all elements; null: no subscript */
  readonly index: Word | null;
  /** ${!name…} */
  readonly indirect: boolean;
  /** ${#name…} */
  readonly length: boolean;
  readonly op: ParamOp | null;
  /** the whole expression as written, for messages */
  readonly raw: string;
}

export interface Assign {
  readonly name: string;
  readonly index: Word | null;
  readonly append: boolean;
  /** a plain value, or the elements of (…) */
  readonly value: Word | readonly ArrayElem[];
  readonly raw: string;
}
export interface ArrayElem {
  /** [index]=value; null: the next index */
  readonly index: Word | null;
  readonly append: boolean;
  readonly value: Word;
}

export interface Redir {
  readonly op: ">" | ">>" | "<" | "<>" | "<&" | ">&" | ">|" | "&>" | "&>>" | "<<" | "<<<";
  /** n> ; {name}> ; null: the operator's own default */
  readonly fd: number | string | null;
  readonly target: Word;
  /** here-document: delimiter as written and whether its body is to be left alone */
  readonly doc: { readonly delim: string; readonly quoted: boolean; readonly strip: boolean; readonly text: string } | null;
}

export type Node =
  | Simple
  | Pipe
  | AndOr
  | If
  | For
  | ArithFor
  | While
  | Case
  | Subshell
  | Group
  | Func
  | Cond
  | Arith
  | Redirected
  | Coproc;

export interface Simple {
  readonly t: "simple";
  readonly line: number;
  readonly assigns: readonly Assign[];
  /** words; an Assign among them belongs to a declaration builtin (declare x=(1 2)) */
  readonly words: readonly (Word | Assign)[];
  readonly redirs: readonly Redir[];
}
export interface Pipe {
  readonly t: "pipe";
  readonly cmds: readonly Node[];
  /** after command i comes |& */
  readonly both: readonly boolean[];
  readonly negate: boolean;
  readonly time: "bash" | "posix" | null;
}
export interface AndOr {
  readonly t: "andor";
  readonly cmds: readonly Node[];
  readonly ops: readonly ("&&" | "||")[];
}
export interface If {
  readonly t: "if";
  readonly arms: readonly { readonly cond: List; readonly body: List }[];
  readonly other: List | null;
}
export interface For {
  readonly t: "for";
  readonly line: number;
  readonly select: boolean;
  readonly name: string;
  readonly words: readonly Word[] | null;
  readonly body: List;
}
export interface ArithFor {
  readonly t: "arithfor";
  readonly line: number;
  readonly init: Word | null;
  readonly test: Word | null;
  readonly step: Word | null;
  readonly body: List;
}
export interface While {
  readonly t: "while";
  readonly until: boolean;
  readonly cond: List;
  readonly body: List;
}
export interface Case {
  readonly t: "case";
  readonly line: number;
  readonly word: Word;
  readonly items: readonly { readonly pats: readonly Word[]; readonly body: List; readonly end: ";;" | ";&" | ";;&" }[];
}
export interface Subshell {
  readonly t: "subshell";
  readonly body: List;
}
export interface Group {
  readonly t: "group";
  readonly body: List;
}
export interface Func {
  readonly t: "func";
  readonly line: number;
  readonly name: string;
  readonly body: Node;
}
export interface Cond {
  readonly t: "cond";
  readonly line: number;
  readonly expr: CondExpr;
}
export type CondExpr =
  | { readonly k: "unary"; readonly op: string; readonly arg: Word }
  | { readonly k: "binary"; readonly op: string; readonly left: Word; readonly right: Word }
  | { readonly k: "logic"; readonly op: "&&" | "||"; readonly args: readonly CondExpr[] }
  | { readonly k: "not"; readonly arg: CondExpr }
  | { readonly k: "group"; readonly arg: CondExpr };
export interface Arith {
  readonly t: "arith";
  readonly line: number;
  readonly expr: Word;
}
export interface Redirected {
  readonly t: "redirected";
  readonly cmd: Node;
  readonly redirs: readonly Redir[];
}
export interface Coproc {
  readonly t: "coproc";
  readonly name: string;
  readonly body: Node;
}

export interface Item {
  readonly cmd: Node;
  readonly bg: boolean;
}
export type List = readonly Item[];

/** A parsed text: its units are what bash reads and runs at a time (one or more lines). */
export interface Program {
  readonly units: readonly Unit[];
}
export interface Unit {
  readonly items: List;
  readonly line: number;
  /** where the text after it goes on, and on which line */
  readonly end: number;
  readonly endLine: number;
  /** the text of its lines, for `set -v` and history */
  readonly src: string;
}

export function isAssign(w: Word | Assign): w is Assign {
  return "name" in w;
}

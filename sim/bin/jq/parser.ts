/**
 * jq's grammar by recursive descent, with the precedences of jq 1.6: | , // (assignments) or and (comparisons) + - * / %.
 * `try` and `?` bind tightest; reduce, foreach, if and `as` are expressions that nothing is appended to. Assignments become
 * calls of the functions in library.ts. Modules are not simulated.
 */
import type { BinOp, FunctionDef, Node, Pattern } from "./ast.ts";
import { isKeyword, JqSyntaxError, lex, type Token } from "./lexer.ts";
import type { Scope } from "./scope.ts";
import { failOn, JqError, type Json, kindOf, toJson } from "./value.ts";
import * as value from "./value.ts";

const IDENTITY: Node = { t: "identity" };
const HINT = "(Unix shell quoting issues?)";

interface Level {
  readonly ops: readonly string[];
  readonly assoc: "left" | "right" | "none";
}
/** from the loosest to the tightest */
const LEVELS: readonly Level[] = [
  { ops: ["|"], assoc: "right" },
  { ops: [","], assoc: "left" },
  { ops: ["//"], assoc: "right" },
  { ops: ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="], assoc: "none" },
  { ops: ["or"], assoc: "left" },
  { ops: ["and"], assoc: "left" },
  { ops: ["==", "!=", "<", "<=", ">", ">="], assoc: "none" },
  { ops: ["+", "-"], assoc: "left" },
  { ops: ["*", "/", "%"], assoc: "left" },
];

/** Reads a program. `globals` are the variables given from outside. Throws JqSyntaxError. */
export function parseProgram(source: string, globals: Scope): Node {
  const p = new Parser(source, lex(source));
  return p.program(globals);
}

/** Reads one definition of the library. It finds itself, as it finds others, through the scope's library. */
export function parseDefinition(source: string, scope: Scope): FunctionDef {
  return new Parser(source, lex(source)).definition(scope, false).def;
}

class Parser {
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  /** offsets of the `if`s that are open */
  private ifs: number[] = [];

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
  }

  peek(): Token {
    return this.tokens[this.at]!;
  }

  private take(): Token {
    return this.tokens[this.at++]!;
  }

  private accept(kind: string): boolean {
    if (this.peek().kind !== kind) return false;
    this.at++;
    return true;
  }

  private expect(kind: string, told = false): Token {
    if (this.peek().kind !== kind) this.unexpected(told ? quoted(kind) : "");
    return this.take();
  }

  private unexpected(expecting = ""): never {
    const t = this.peek();
    const wanted = expecting === "" ? "" : `, expecting ${expecting}`;
    const more = this.ifs.map((at) => ({ message: "Possibly unterminated 'if' statement", at })).reverse();
    throw new JqSyntaxError(`syntax error, unexpected ${quoted(t.kind)}${wanted} ${HINT}`, t.at, more.slice(0, 1));
  }

  program(scope: Scope): Node {
    const first = this.peek().kind;
    if (first === "import" || first === "include") throw new JqSyntaxError("modules", -1);
    const defs: FunctionDef[] = [];
    while (this.peek().kind === "def") {
      const d = this.definition(scope);
      scope = d.scope;
      defs.push(d.def);
    }
    let body: Node = IDENTITY;
    if (this.peek().kind !== "$end") {
      if (defs.length === 0 && !startsTerm(this.peek().kind)) this.unexpected("$end");
      body = this.expression(scope);
      if (this.peek().kind !== "$end") this.unexpected(isOperator(this.peek().kind) ? "" : "$end");
    }
    return defs.reduceRight<Node>((b, def) => ({ t: "def", def, body: b }), body);
  }

  definition(scope: Scope, seesItself = true): { def: FunctionDef; scope: Scope } {
    this.expect("def");
    const name = this.peek();
    if (name.kind !== "IDENT" && !isKeyword(name.kind)) this.unexpected();
    this.take();
    const params: { id: number; variable: number | null }[] = [];
    let inner = scope;
    const names: string[] = [];
    if (this.accept("(")) {
      do {
        const isVariable = this.accept("$");
        const p = this.expect("IDENT").text;
        names.push(p);
        const id = scope.ids.fresh();
        const variable = isVariable ? scope.ids.fresh() : null;
        params.push({ id, variable });
        inner = inner.withClosure(p, id);
        if (variable !== null) inner = inner.withVariable(p, variable);
      } while (this.accept(";"));
      this.expect(")");
    } else if (this.peek().kind !== ":") this.unexpected("'(' or ':'");
    this.expect(":");
    const def: FunctionDef = { id: scope.ids.fresh(), name: name.text, params, body: IDENTITY };
    // its parameters hide the function itself
    def.body = this.expression(seesItself ? inner.withFunctionBelow(scope, def) : inner);
    this.expect(";");
    return { def, scope: scope.withFunction(def) };
  }

  // ---------------------------------------------------------------- expressions

  expression(scope: Scope, level = 0): Node {
    const l = LEVELS[level];
    if (l === undefined) return this.postfixOptional(scope);
    let left = this.expression(scope, level + 1);
    for (;;) {
      const op = this.peek().kind;
      if (!l.ops.includes(op)) return left;
      const at = this.take().at;
      const right = this.expression(scope, l.assoc === "right" ? level : level + 1);
      left = this.combine(scope, op, left, right, at);
      if (l.assoc === "right") return left;
      if (l.assoc === "none" && l.ops.includes(this.peek().kind)) this.unexpected();
    }
  }

  private combine(scope: Scope, op: string, a: Node, b: Node, at: number): Node {
    switch (op) {
      case "|":
        return { t: "pipe", a, b };
      case ",":
        return { t: "comma", a, b };
      case "//":
        return { t: "alternative", a, b };
      case "or":
      case "and":
        return { t: op, a, b };
      case "=":
        return scope.call("_assign", [a, b], at);
      case "|=":
        return scope.call("_modify", [a, b], at);
    }
    if (op.length > 1 && op.endsWith("=") && !["==", "!=", "<=", ">="].includes(op)) return this.update(scope, op.slice(0, -1), a, b);
    return fold(op as BinOp, a, b, at);
  }

  /** `a op= b`: b is evaluated against the whole input, once for each of its values. */
  private update(scope: Scope, op: string, a: Node, b: Node): Node {
    const id = scope.ids.fresh();
    const x: Node = { t: "variable", id };
    const body: Node = op === "//" ? { t: "alternative", a: IDENTITY, b: x } : { t: "binary", op: op as BinOp, a: IDENTITY, b: x };
    return { t: "as", source: b, patterns: [{ t: "var", id }], vars: [id], body: scope.call("_modify", [a, body], 0) };
  }

  private postfixOptional(scope: Scope): Node {
    let e = this.primary(scope);
    while (this.accept("?")) e = { t: "try", body: e, handler: null };
    return e;
  }

  private primary(scope: Scope): Node {
    const t = this.peek();
    switch (t.kind) {
      case "def": {
        const d = this.definition(scope);
        return { t: "def", def: d.def, body: this.expression(d.scope) };
      }
      case "-": {
        this.take();
        const of = this.postfixOptional(scope);
        return of.t === "literal" && typeof of.value === "number" ? { t: "literal", value: -of.value } : { t: "negate", of };
      }
      case "if":
        return this.conditional(scope);
      case "try": {
        this.take();
        const body = this.postfixOptional(scope);
        return { t: "try", body, handler: this.accept("catch") ? this.postfixOptional(scope) : null };
      }
      case "reduce":
      case "foreach":
        return this.loop(scope, t.kind);
      case "label": {
        this.take();
        this.expect("$");
        const name = this.expect("IDENT").text;
        this.expect("|");
        const id = scope.ids.fresh();
        return { t: "label", id, body: this.expression(scope.withLabel(name, id)) };
      }
    }
    const term = this.term(scope);
    if (!this.accept("as")) return term;
    const { patterns, vars, inner } = this.patterns(scope);
    this.expect("|", true);
    return { t: "as", source: term, patterns, vars, body: this.expression(inner) };
  }

  private conditional(scope: Scope): Node {
    const { at } = this.take();
    const cond = this.expression(scope);
    this.ifs.push(at);
    this.expect("then");
    const yes = this.expression(scope);
    let no: Node;
    if (this.peek().kind === "elif") no = this.conditional(scope);
    else {
      this.expect("else");
      no = this.expression(scope);
      this.expect("end");
    }
    this.ifs.pop();
    return { t: "if", cond, yes, no };
  }

  private loop(scope: Scope, kind: "reduce" | "foreach"): Node {
    this.take();
    const source = this.term(scope);
    if (this.peek().kind !== "as") this.unexpected("FIELD or as or '.' or '['");
    this.take();
    const ids = new Map<string, number>();
    const pattern = this.pattern(scope, ids);
    const inner = withVariables(scope, ids);
    this.expect("(", true);
    const init = this.expression(scope);
    this.expect(";");
    const update = this.expression(inner);
    const extract = kind === "foreach" && this.accept(";") ? this.expression(inner) : IDENTITY;
    this.expect(")");
    return kind === "reduce" ? { t: "reduce", source, pattern, init, update } : { t: "foreach", source, pattern, init, update, extract };
  }

  // ---------------------------------------------------------------- patterns

  private patterns(scope: Scope): { patterns: Pattern[]; vars: number[]; inner: Scope } {
    const ids = new Map<string, number>();
    const patterns: Pattern[] = [];
    do patterns.push(this.pattern(scope, ids));
    while (this.accept("?//"));
    return { patterns, vars: Array.from(ids.values()), inner: withVariables(scope, ids) };
  }

  private variableOf(scope: Scope, ids: Map<string, number>, name: string): number {
    const id = ids.get(name) ?? scope.ids.fresh();
    ids.set(name, id);
    return id;
  }

  private pattern(scope: Scope, ids: Map<string, number>): Pattern {
    if (this.accept("$")) return { t: "var", id: this.variableOf(scope, ids, this.expect("IDENT").text) };
    if (this.accept("[")) {
      const items: Pattern[] = [];
      do items.push(this.pattern(scope, ids));
      while (this.accept(","));
      this.expect("]");
      return { t: "array", items };
    }
    if (!this.accept("{")) this.unexpected("'$' or '[' or '{'");
    const entries: { key: Node; variable: number | null; value: Pattern | null }[] = [];
    do entries.push(this.objectPattern(scope, ids));
    while (this.accept(","));
    this.expect("}");
    return { t: "object", entries };
  }

  private objectPattern(scope: Scope, ids: Map<string, number>): { key: Node; variable: number | null; value: Pattern | null } {
    const t = this.peek();
    let key: Node;
    let variable: number | null = null;
    if (this.accept("$")) {
      const name = this.expect("IDENT").text;
      variable = this.variableOf(scope, ids, name);
      key = { t: "literal", value: name };
      if (this.peek().kind !== ":") return { key, variable, value: null };
    } else if (t.kind === "QQSTRING_START") key = this.string(scope, "text");
    else if (this.accept("(")) {
      key = this.expression(scope);
      this.expect(")");
    } else if (t.kind === "IDENT" || isKeyword(t.kind)) key = { t: "literal", value: this.take().text };
    else this.unexpected();
    this.expect(":", true);
    return { key, variable, value: this.pattern(scope, ids) };
  }

  // ---------------------------------------------------------------- terms

  private term(scope: Scope): Node {
    let e = this.atom(scope);
    for (;;) {
      const t = this.peek();
      if (t.kind === "FIELD") e = { t: "index", of: e, key: { t: "literal", value: this.take().text } };
      else if (t.kind === ".") {
        const next = this.tokens[this.at + 1]!.kind;
        this.take();
        if (next !== "QQSTRING_START" && next !== "FORMAT") this.unexpected("FORMAT or QQSTRING_START");
        e = { t: "index", of: e, key: this.formatted(scope) };
      } else if (t.kind === "[") e = this.bracket(scope, e);
      else if (t.kind === "?" && this.continues()) {
        this.take();
        e = { t: "try", body: e, handler: null };
      } else return e;
    }
  }

  /** Does a term go on after the `?`s that come now? Otherwise they belong to the expression. */
  private continues(): boolean {
    let i = this.at;
    while (this.tokens[i]!.kind === "?") i++;
    const kind = this.tokens[i]!.kind;
    return kind === "FIELD" || kind === "." || kind === "[" || kind === "as";
  }

  private bracket(scope: Scope, of: Node): Node {
    this.expect("[");
    if (this.accept("]")) return { t: "each", of };
    if (this.accept(":")) {
      const to = this.expression(scope);
      this.expect("]");
      return { t: "slice", of, from: null, to };
    }
    const key = this.expression(scope);
    if (this.accept(":")) {
      const to = this.peek().kind === "]" ? null : this.expression(scope);
      this.expect("]");
      return { t: "slice", of, from: key, to };
    }
    this.expect("]");
    return { t: "index", of, key };
  }

  private atom(scope: Scope): Node {
    const t = this.peek();
    switch (t.kind) {
      case "LITERAL":
        this.take();
        return { t: "literal", value: t.value };
      case "QQSTRING_START":
        return this.string(scope, "text");
      case "FORMAT":
        if (this.tokens[this.at + 1]!.kind === "QQSTRING_START") return this.formatted(scope);
        this.take();
        return { t: "format", name: t.text.slice(1) };
      case "FIELD":
        this.take();
        return { t: "index", of: IDENTITY, key: { t: "literal", value: t.text } };
      case "..":
        this.take();
        return scope.call("recurse", [], t.at);
      case ".":
        this.take();
        if (this.peek().kind === "QQSTRING_START" || this.peek().kind === "FORMAT")
          return { t: "index", of: IDENTITY, key: this.formatted(scope) };
        return IDENTITY;
      case "(": {
        this.take();
        const e = this.expression(scope);
        this.expect(")");
        return e;
      }
      case "[": {
        this.take();
        if (this.accept("]")) return { t: "array", items: null };
        const items = this.expression(scope);
        this.expect("]");
        return { t: "array", items };
      }
      case "{":
        return this.object(scope);
      case "$":
        return this.dollar(scope);
      case "IDENT":
        return this.call(scope);
    }
    this.unexpected();
  }

  private dollar(scope: Scope): Node {
    const at = this.take().at;
    const t = this.peek();
    if (t.kind === "__loc__") {
      this.take();
      return { t: "literal", value: this.location(t.at) };
    }
    if (t.kind !== "IDENT" && !isKeyword(t.kind)) this.unexpected("IDENT or __loc__");
    this.take();
    return scope.variable(t.text, at);
  }

  private location(at: number): Json {
    const line = this.source.slice(0, at).split("\n").length;
    return new Map<string, Json>([
      ["file", "<top-level>"],
      ["line", line],
    ]);
  }

  private call(scope: Scope): Node {
    const name = this.take();
    if (name.text === "break") {
      this.expect("$");
      return scope.label(this.expect("IDENT").text, name.at);
    }
    const args: Node[] = [];
    if (this.accept("(")) {
      do args.push(this.expression(scope));
      while (this.accept(";"));
      this.expect(")");
    }
    return scope.call(name.text, args, name.at);
  }

  private formatted(scope: Scope): Node {
    let format = "text";
    if (this.peek().kind === "FORMAT") format = this.take().text.slice(1);
    if (this.peek().kind !== "QQSTRING_START") this.unexpected("QQSTRING_START");
    return this.string(scope, format);
  }

  private string(scope: Scope, format: string): Node {
    const parts: (string | Node)[] = [];
    for (const p of this.take().parts) {
      if (typeof p === "string") {
        parts.push(p);
        continue;
      }
      const inner = new Parser(this.source, p);
      parts.push(inner.expression(scope));
      if (inner.peek().kind !== "QQSTRING_INTERP_END") inner.unexpected();
    }
    if (parts.length === 0) return { t: "literal", value: "" };
    return parts.length === 1 && typeof parts[0] === "string" ? { t: "literal", value: parts[0] } : { t: "string", parts, format };
  }

  // ---------------------------------------------------------------- objects

  private object(scope: Scope): Node {
    this.expect("{");
    const entries: { key: Node; value: Node }[] = [];
    while (this.peek().kind !== "}") {
      entries.push(this.entry(scope));
      if (this.accept(",")) continue;
      if (this.peek().kind !== "}") this.unexpected("'}'");
    }
    this.take();
    return { t: "object", entries };
  }

  private entry(scope: Scope): { key: Node; value: Node } {
    const t = this.peek();
    if (t.kind === "$") {
      const value = this.dollar(scope);
      const name = this.tokens[this.at - 1]!.text;
      return { key: { t: "literal", value: name }, value };
    }
    let key: Node;
    if (t.kind === "(") {
      const at = this.take().at;
      key = this.expression(scope);
      this.expect(")");
      if (key.t === "literal" && typeof key.value !== "string")
        throw new JqSyntaxError(`Cannot use ${kindOf(key.value)} (${toJson(key.value)}) as object key`, at);
      this.expect(":");
      return { key, value: this.entryValue(scope) };
    }
    if (t.kind === "QQSTRING_START" || t.kind === "FORMAT") key = this.formatted(scope);
    else if (t.kind === "IDENT" || isKeyword(t.kind)) key = { t: "literal", value: this.take().text };
    else this.unexpected();
    if (this.accept(":")) return { key, value: this.entryValue(scope) };
    if (isKeyword(t.kind)) this.unexpected("':'");
    return { key, value: { t: "index", of: IDENTITY, key } };
  }

  /** Values of an object: terms, joined by | only. */
  private entryValue(scope: Scope): Node {
    const a: Node = this.accept("-") ? { t: "negate", of: this.term(scope) } : this.optionalTerm(scope);
    return this.accept("|") ? { t: "pipe", a, b: this.entryValue(scope) } : a;
  }

  private optionalTerm(scope: Scope): Node {
    let e = this.term(scope);
    while (this.accept("?")) e = { t: "try", body: e, handler: null };
    return e;
  }
}

function withVariables(scope: Scope, ids: ReadonlyMap<string, number>): Scope {
  let inner = scope;
  for (const [name, id] of ids) inner = inner.withVariable(name, id);
  return inner;
}

/** Two constants are computed while compiling, as jq does; that is where `1/0` fails before anything runs. */
function fold(op: BinOp, a: Node, b: Node, at: number): Node {
  if (a.t !== "literal" || b.t !== "literal" || typeof a.value !== "number" || typeof b.value !== "number")
    return { t: "binary", op, a, b };
  if (op === "/" && b.value === 0) throw new JqSyntaxError("Division by zero?", at);
  if (op === "%" && Math.trunc(b.value) === 0) return { t: "binary", op, a, b };
  try {
    return { t: "literal", value: compute(op, a.value, b.value) };
  } catch (e) {
    if (e instanceof JqError) return { t: "binary", op, a, b };
    throw e;
  }
}

export function compute(op: BinOp, a: Json, b: Json): Json {
  switch (op) {
    case "+":
      return value.add(a, b);
    case "-":
      return value.subtract(a, b);
    case "*":
      return value.multiply(a, b);
    case "/":
      return value.divide(a, b);
    case "%":
      return value.modulo(a, b);
    case "==":
      return value.equal(a, b);
    case "!=":
      return !value.equal(a, b);
    case "<":
      return value.compare(a, b) < 0;
    case "<=":
      return value.compare(a, b) <= 0;
    case ">":
      return value.compare(a, b) > 0;
    case ">=":
      return value.compare(a, b) >= 0;
  }
}

export function negate(v: Json): Json {
  return typeof v === "number" ? -v : failOn(v, "cannot be negated");
}

const quoted = (kind: string): string => (kind.length === 1 ? `'${kind}'` : kind);
const isOperator = (kind: string): boolean => kind === "?" || LEVELS.some((l) => l.ops.includes(kind)) || kind === ";";
const startsTerm = (kind: string): boolean =>
  [
    "LITERAL",
    "QQSTRING_START",
    "FORMAT",
    "FIELD",
    "..",
    ".",
    "(",
    "[",
    "{",
    "$",
    "IDENT",
    "def",
    "-",
    "if",
    "try",
    "reduce",
    "foreach",
    "label",
  ].includes(kind);

/** Recursive descent over awk's grammar (POSIX). Names of the current function's parameters become slots. */
import type { Expr, FunctionDef, Program, Redirect, Rule, Stmt } from "./ast.ts";
import { AwkSyntaxError, type Token, tokenize } from "./lexer.ts";

export function parseProgram(src: string): Program {
  return new Parser(tokenize(src)).program();
}

class Parser {
  private readonly tokens: readonly Token[];
  private i = 0;
  private params: readonly string[] = [];
  private inFunction = false;
  private readonly functions = new Map<string, FunctionDef>();
  private readonly called: { name: string; line: number }[] = [];
  /** inside print's list a bare > redirects */
  private noGreater = false;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  private get t(): Token {
    return this.tokens[this.i]!;
  }
  private is(text: string): boolean {
    const t = this.t;
    return (t.kind === "op" || t.kind === "keyword") && t.text === text;
  }
  private eat(text: string): boolean {
    if (!this.is(text)) return false;
    this.i++;
    return true;
  }
  private fail(): never {
    const t = this.t;
    if (t.kind === "eof" || (t.kind === "newline" && this.tokens[this.i + 1]?.kind === "eof"))
      throw new AwkSyntaxError(t.line, "syntax error at or near end of file");
    throw new AwkSyntaxError(
      t.line,
      `syntax error at or near ${t.kind === "newline" ? "end of line" : t.kind === "string" ? `"${t.text}"` : t.kind === "ere" ? "/" : t.text}`,
    );
  }
  private need(text: string): void {
    if (this.eat(text)) return;
    if (text === "}" && this.atEnd()) throw new AwkSyntaxError(this.t.line, "missing } near end of file");
    this.fail();
  }
  private atEnd(): boolean {
    return this.t.kind === "eof";
  }
  private newlines(): void {
    while (this.t.kind === "newline") this.i++;
  }
  private terminators(): void {
    while (this.t.kind === "newline" || this.is(";")) this.i++;
  }

  program(): Program {
    const begin: Stmt[] = [];
    const end: Stmt[] = [];
    const rules: Rule[] = [];
    this.terminators();
    while (!this.atEnd()) {
      if (this.eat("function")) this.functionDef();
      else if (this.eat("BEGIN")) begin.push(this.block());
      else if (this.eat("END")) end.push(this.block());
      else if (this.is("{")) rules.push({ pattern: "always", body: this.block() });
      else {
        const first = this.expr();
        let pattern: Rule["pattern"] = first;
        if (this.eat(",")) {
          this.newlines();
          pattern = [first, this.expr()];
        }
        rules.push({ pattern, body: this.is("{") ? this.block() : null });
      }
      if (!this.atEnd() && this.t.kind !== "newline" && !this.is(";") && this.tokens[this.i - 1]?.text !== "}") this.fail();
      this.terminators();
    }
    for (const c of this.called) if (!this.functions.has(c.name)) throw new AwkSyntaxError(this.t.line, `function ${c.name} never defined`);
    return { begin, end, rules, functions: this.functions };
  }

  private functionDef(): void {
    const name = this.t;
    if (name.kind !== "name" && name.kind !== "funcname") this.fail();
    this.i++;
    this.need("(");
    const params: string[] = [];
    while (!this.eat(")")) {
      if (this.t.kind !== "name") this.fail();
      params.push(this.t.text);
      this.i++;
      if (!this.is(")")) this.need(",");
      this.newlines();
    }
    this.newlines();
    this.params = params;
    this.inFunction = true;
    const body = this.block();
    this.inFunction = false;
    this.params = [];
    this.functions.set(name.text, { name: name.text, params, body });
  }

  private block(): Stmt {
    this.need("{");
    const body: Stmt[] = [];
    this.terminators();
    while (!this.is("}")) {
      if (this.atEnd()) this.need("}");
      body.push(this.statement());
      this.terminators();
    }
    this.i++;
    return { k: "block", body };
  }

  /** The body of a loop or branch, perhaps on the next line; a lone ; is an empty one. */
  private body(): Stmt {
    this.newlines();
    if (this.eat(";")) return { k: "block", body: [] };
    return this.statement();
  }

  private endOfSimple(): void {
    if (this.t.kind === "newline" || this.is(";")) this.i++;
    else if (!this.is("}") && this.t.kind !== "eof") this.fail();
  }

  private statement(): Stmt {
    if (this.is("{")) return this.block();
    if (this.eat("if")) {
      this.need("(");
      const c = this.expr();
      this.need(")");
      const a = this.body();
      const mark = this.i;
      this.terminators();
      if (this.eat("else")) return { k: "if", c, a, b: this.body() };
      this.i = mark;
      return { k: "if", c, a, b: null };
    }
    if (this.eat("while")) {
      this.need("(");
      const c = this.expr();
      this.need(")");
      return { k: "while", c, body: this.body() };
    }
    if (this.eat("do")) {
      const body = this.body();
      this.terminators();
      this.need("while");
      this.need("(");
      const c = this.expr();
      this.need(")");
      this.endOfSimple();
      return { k: "do", c, body };
    }
    if (this.eat("for")) return this.forLoop();
    const s = this.simple();
    this.endOfSimple();
    return s;
  }

  private forLoop(): Stmt {
    this.need("(");
    const [a, b, c] = [this.tokens[this.i]!, this.tokens[this.i + 1]!, this.tokens[this.i + 2]!];
    if (a.kind === "name" && b.text === "in" && c.kind === "name" && this.tokens[this.i + 3]?.text === ")") {
      const to = this.variable(a.text);
      this.i += 4;
      return { k: "forin", to, name: c.text, slot: this.params.indexOf(c.text), body: this.body() };
    }
    const init = this.is(";") ? null : this.simple();
    this.need(";");
    this.newlines();
    const cond = this.is(";") ? null : this.expr();
    this.need(";");
    this.newlines();
    const step = this.is(")") ? null : this.simple();
    this.need(")");
    return { k: "for", init, c: cond, step, body: this.body() };
  }

  private simple(): Stmt {
    const t = this.t;
    if (t.kind === "keyword") {
      switch (t.text) {
        case "break":
        case "continue":
        case "next":
        case "nextfile":
          this.i++;
          return { k: t.text };
        case "exit":
        case "return": {
          if (t.text === "return" && !this.inFunction) throw new AwkSyntaxError(t.line, "return outside function body");
          this.i++;
          const none = this.t.kind === "newline" || this.t.kind === "eof" || this.is(";") || this.is("}");
          return { k: t.text, e: none ? null : this.expr() };
        }
        case "delete": {
          this.i++;
          const name = this.t;
          if (name.kind !== "name") this.fail();
          this.i++;
          const slot = this.params.indexOf(name.text);
          if (!this.eat("[")) return { k: "delete", name: name.text, slot, subs: null };
          const subs = this.list("]");
          return { k: "delete", name: name.text, slot, subs };
        }
        case "print":
        case "printf":
          this.i++;
          return this.print(t.text === "printf");
      }
    }
    return { k: "expr", e: this.expr() };
  }

  private print(format: boolean): Stmt {
    let args: Expr[] = [];
    const stop = (): boolean =>
      this.t.kind === "newline" || this.t.kind === "eof" || this.is(";") || this.is("}") || this.is(">") || this.is(">>") || this.is("|");
    if (!stop()) {
      const outer = this.noGreater;
      this.noGreater = true;
      args.push(this.expr());
      while (this.eat(",")) {
        this.newlines();
        args.push(this.expr());
      }
      this.noGreater = outer;
      // print (a, b) > "file"
      if (args.length === 1 && args[0]!.k === "group") args = Array.from(args[0]!.list);
    }
    let redirect: Redirect | null = null;
    if (this.is(">") || this.is(">>") || this.is("|")) {
      const op = this.t.text as Redirect["op"];
      this.i++;
      redirect = { op, to: this.concat(true) };
    }
    if (format && args.length === 0) this.fail();
    return { k: "print", format, args, redirect };
  }

  private list(close: string): Expr[] {
    const list: Expr[] = [];
    const outer = this.noGreater;
    this.noGreater = false;
    this.newlines();
    while (!this.eat(close)) {
      list.push(this.expr());
      this.newlines();
      if (!this.is(close)) {
        this.need(",");
        this.newlines();
      }
    }
    this.noGreater = outer;
    return list;
  }

  expr(): Expr {
    const left = this.ternary();
    const t = this.t;
    if (t.kind === "op" && ["=", "+=", "-=", "*=", "/=", "%=", "^="].includes(t.text) && isLvalue(left)) {
      this.i++;
      this.newlines();
      return { k: "assign", op: t.text, to: left, e: this.expr() };
    }
    return left;
  }

  private ternary(): Expr {
    const c = this.or();
    if (!this.eat("?")) return c;
    this.newlines();
    const a = this.expr();
    this.newlines();
    this.need(":");
    this.newlines();
    return { k: "cond", c, a, b: this.expr() };
  }

  private or(): Expr {
    let a = this.and();
    while (this.eat("||")) {
      this.newlines();
      a = { k: "or", a, b: this.and() };
    }
    return a;
  }

  private and(): Expr {
    let a = this.inArray();
    while (this.eat("&&")) {
      this.newlines();
      a = { k: "and", a, b: this.inArray() };
    }
    return a;
  }

  private inArray(): Expr {
    let a = this.match();
    while (this.is("in")) {
      this.i++;
      const name = this.t;
      if (name.kind !== "name") this.fail();
      this.i++;
      a = { k: "in", subs: a.k === "group" ? a.list : [a], name: name.text, slot: this.params.indexOf(name.text) };
    }
    return a;
  }

  private match(): Expr {
    let a = this.compare();
    while (this.is("~") || this.is("!~")) {
      const not = this.t.text === "!~";
      this.i++;
      a = { k: "match", not, a, b: this.compare() };
    }
    return a;
  }

  private compare(): Expr {
    let a = this.concat(false);
    const t = this.t;
    if (t.kind === "op" && ["<", "<=", "==", "!=", ">=", ">"].includes(t.text) && !(t.text === ">" && this.noGreater)) {
      this.i++;
      a = { k: "binary", op: t.text, a, b: this.concat(false) };
    }
    while (this.is("|") && this.tokens[this.i + 1]?.text === "getline") {
      this.i += 2;
      a = { k: "getline", from: "command", source: a, to: this.optionalLvalue() };
    }
    return a;
  }

  /** `target`: of a redirection, where > and | end it. */
  private concat(target: boolean): Expr {
    let a = this.additive();
    for (;;) {
      const t = this.t;
      const starts =
        t.kind === "number" ||
        t.kind === "string" ||
        t.kind === "ere" ||
        t.kind === "name" ||
        t.kind === "funcname" ||
        t.kind === "builtin" ||
        (t.kind === "op" && ["$", "!", "(", "-", "+", "++", "--"].includes(t.text));
      if (!starts || (t.kind === "op" && (t.text === "-" || t.text === "+")) || (target && t.kind === "op" && t.text === "!")) return a;
      a = { k: "concat", a, b: this.additive() };
    }
  }

  private additive(): Expr {
    let a = this.multiplicative();
    while (this.is("+") || this.is("-")) {
      const op = this.t.text;
      this.i++;
      a = { k: "binary", op, a, b: this.multiplicative() };
    }
    return a;
  }

  private multiplicative(): Expr {
    let a = this.unary();
    while (this.is("*") || this.is("/") || this.is("%")) {
      const op = this.t.text;
      this.i++;
      a = { k: "binary", op, a, b: this.unary() };
    }
    return a;
  }

  private unary(): Expr {
    const t = this.t;
    if (t.kind === "op" && (t.text === "!" || t.text === "-" || t.text === "+")) {
      this.i++;
      return { k: "unary", op: t.text, e: this.unary() };
    }
    return this.power();
  }

  private power(): Expr {
    const a = this.postfix();
    if (!this.eat("^")) return a;
    // right to left; a sign may stand before the exponent
    const t = this.t;
    if (t.kind === "op" && (t.text === "-" || t.text === "+" || t.text === "!")) {
      this.i++;
      return { k: "binary", op: "^", a, b: { k: "unary", op: t.text, e: this.power() } };
    }
    return { k: "binary", op: "^", a, b: this.power() };
  }

  private postfix(): Expr {
    const e = this.primary();
    if (isLvalue(e)) {
      if (this.eat("++")) return { k: "incr", by: 1, prefix: false, to: e };
      if (this.eat("--")) return { k: "incr", by: -1, prefix: false, to: e };
    }
    return e;
  }

  private variable(name: string): Expr {
    return { k: "var", name, slot: this.params.indexOf(name) };
  }

  private optionalLvalue(): Expr | null {
    const t = this.t;
    if (t.kind === "op" && t.text === "$") return this.primary();
    return t.kind === "name" ? this.primary() : null;
  }

  private primary(): Expr {
    const t = this.t;
    this.i++;
    switch (t.kind) {
      case "number":
        return { k: "num", v: t.num };
      case "string":
        return { k: "str", v: t.text };
      case "ere":
        return { k: "ere", v: t.text };
      case "name":
        if (!this.eat("[")) return this.variable(t.text);
        return { k: "index", name: t.text, slot: this.params.indexOf(t.text), subs: this.list("]") };
      case "funcname":
        this.need("(");
        this.called.push({ name: t.text, line: t.line });
        return { k: "call", name: t.text, args: this.list(")"), line: t.line };
      case "builtin":
        if (this.eat("(")) return { k: "builtin", name: t.text, args: this.list(")") };
        if (t.text !== "length") {
          this.fail();
        }
        return { k: "builtin", name: "length", args: [] };
      case "keyword":
        if (t.text !== "getline") break;
        {
          const to = this.optionalLvalue();
          if (this.eat("<")) return { k: "getline", from: "file", source: this.redirectSource(), to };
          return { k: "getline", from: "main", source: null, to };
        }
      case "op":
        if (t.text === "$") {
          const sign = this.t;
          if (sign.kind === "op" && (sign.text === "++" || sign.text === "--")) {
            this.i++;
            const to = this.primary();
            return { k: "field", e: { k: "incr", by: sign.text === "++" ? 1 : -1, prefix: true, to } };
          }
          if (sign.kind === "op" && sign.text === "-") {
            this.i++;
            return { k: "field", e: { k: "unary", op: "-", e: this.primary() } };
          }
          return { k: "field", e: this.primary() };
        }
        if (t.text === "++" || t.text === "--") {
          const to = this.primary();
          if (!isLvalue(to)) this.fail();
          return { k: "incr", by: t.text === "++" ? 1 : -1, prefix: true, to };
        }
        if (t.text === "(") {
          const list = this.list(")");
          if (list.length === 0) break;
          if (list.length === 1) return list[0]!.k === "group" ? list[0]! : { k: "group", list };
          return { k: "group", list };
        }
        break;
    }
    this.i--;
    return this.fail();
  }

  /** The file of `getline < file`: no concatenation. */
  private redirectSource(): Expr {
    return this.postfix();
  }
}

function isLvalue(e: Expr): boolean {
  return e.k === "var" || e.k === "field" || e.k === "index";
}

/**
 * The machine that runs a jq program. Every expression may give several values; what is still to be tried stands on the stack
 * of forks, and asking for the next value backtracks to the youngest of them. What is done with a value stands in a chain of
 * frames (a continuation), which is never changed: a fork keeps its place by keeping its link. So calls in tail position need no room,
 * and the machine can stop after any step.
 *
 * A cell is a value and, while a path is being looked for (path(f), assignments), the path that led to it from `base`, the value
 * at the end of that path. An expression that makes a new value keeps the path but not the value; going on from there
 * is the error "Invalid path expression".
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import type { FunctionDef, Node, Pattern } from "./ast.ts";
import { format } from "./formats.ts";
import { getPath, index, pathStep, slice, sliceKey } from "./paths.ts";
import { compute, negate } from "./parser.ts";
import { fail, isArray, isObject, isTrue, JqError, type Json, failOn, kindOf, NotSimulated, shortText, toJson } from "./value.ts";

/** Longest array that is collected, deepest chain of frames, highest stack of forks. */
const MAX_ITEMS = 1_000_000;
const MAX_FORKS = 1_000_000;
const MAX_DEPTH = 200_000;

interface Env {
  readonly id: number;
  readonly value: Json;
  readonly node: Node | null;
  readonly scope: Env | null;
  readonly up: Env | null;
}

interface Path {
  readonly up: Path | null;
  readonly key: Json;
}
const ROOT: Path = { up: null, key: null };

interface Cell {
  readonly v: Json;
  /** null: no path is looked for */
  readonly path: Path | null;
  readonly base: Json;
}
const plain = (v: Json): Cell => ({ v, path: null, base: null });

type Frame = { readonly next: Frame | null; readonly depth: number } & Work;
type Work =
  | { readonly t: "pipe"; readonly node: Node; readonly env: Env | null }
  | { readonly t: "key"; readonly of: Node; readonly env: Env | null; readonly cell: Cell }
  | { readonly t: "index"; readonly key: Json }
  | {
      readonly t: "slice";
      readonly node: Node & { t: "slice" };
      readonly env: Env | null;
      readonly cell: Cell;
      readonly from: Json | undefined;
    }
  | { readonly t: "each" }
  | {
      readonly t: "right" | "left";
      readonly node: Node & { t: "binary" };
      readonly env: Env | null;
      readonly cell: Cell;
      readonly other: Json;
    }
  | { readonly t: "logic"; readonly op: "and" | "or"; readonly b: Node; readonly env: Env | null; readonly cell: Cell }
  | { readonly t: "truth"; readonly cell: Cell }
  | { readonly t: "cond"; readonly node: Node & { t: "if" }; readonly env: Env | null; readonly cell: Cell }
  | { readonly t: "collect"; readonly items: Json[] }
  | {
      readonly t: "text";
      readonly node: Node & { t: "string" };
      readonly at: number;
      readonly tail: string;
      readonly env: Env | null;
      readonly cell: Cell;
    }
  | {
      readonly t: "entry";
      readonly node: Node & { t: "object" };
      readonly at: number;
      readonly key: string | null;
      readonly made: ReadonlyMap<string, Json>;
      readonly env: Env | null;
      readonly cell: Cell;
    }
  | { readonly t: "negate"; readonly cell: Cell }
  | { readonly t: "alternative"; readonly found: { any: boolean } }
  | {
      readonly t: "bind";
      readonly patterns: readonly Pattern[];
      readonly vars: readonly number[];
      readonly body: Node;
      readonly env: Env | null;
      readonly cell: Cell;
    }
  | {
      readonly t: "destructure";
      readonly todo: readonly (readonly [Pattern, Json])[];
      readonly pattern: Pattern & { t: "object" };
      readonly at: number;
      readonly from: Json;
      readonly env: Env | null;
      readonly goal: Then;
    }
  | { readonly t: "fold-init"; readonly node: Node & { t: "reduce" | "foreach" }; readonly env: Env | null; readonly cell: Cell }
  | {
      readonly t: "fold-item";
      readonly node: Node & { t: "reduce" | "foreach" };
      readonly env: Env | null;
      readonly cell: Cell;
      readonly state: { v: Json };
    }
  | {
      readonly t: "fold-store";
      readonly node: Node & { t: "reduce" | "foreach" };
      readonly env: Env | null;
      readonly cell: Cell;
      readonly state: { v: Json };
    }
  | {
      readonly t: "argument";
      readonly node: Node & { t: "call" };
      readonly at: number;
      readonly made: Env | null;
      readonly env: Env | null;
      readonly cell: Cell;
    }
  | {
      readonly t: "operand";
      readonly node: Node & { t: "native" };
      readonly args: readonly Json[];
      readonly env: Env | null;
      readonly cell: Cell;
    }
  | { readonly t: "path-end"; readonly cell: Cell };

/** What a destructuring leads to: a body, or the update of a fold, whose result is stored with the variables still bound. */
type Then = { readonly node: Node; readonly cell: Cell; readonly next: Frame | null; readonly fold?: Folding };
interface Folding {
  readonly node: Node & { t: "reduce" | "foreach" };
  readonly cell: Cell;
  readonly state: { v: Json };
}

type Fork =
  | { readonly t: "eval"; readonly node: Node; readonly cell: Cell; readonly env: Env | null; readonly k: Frame | null }
  | {
      readonly t: "each";
      readonly items: readonly (readonly [Json, Json])[];
      readonly at: number;
      readonly cell: Cell;
      readonly k: Frame | null;
    }
  | { readonly t: "range"; readonly from: number; readonly to: number; readonly cell: Cell; readonly k: Frame | null }
  | { readonly t: "collected"; readonly items: readonly Json[]; readonly cell: Cell; readonly k: Frame | null }
  | {
      readonly t: "alternative";
      readonly found: { any: boolean };
      readonly node: Node;
      readonly cell: Cell;
      readonly env: Env | null;
      readonly k: Frame | null;
    }
  | { readonly t: "reduced"; readonly state: { v: Json }; readonly cell: Cell; readonly k: Frame | null }
  | { readonly t: "try"; readonly handler: Node | null; readonly cell: Cell; readonly env: Env | null; readonly k: Frame | null }
  | { readonly t: "pattern"; readonly frame: Frame & { t: "bind" }; readonly at: number; readonly v: Json; readonly k: Frame | null }
  | { readonly t: "label"; readonly token: number };

/** What the program asks of its surroundings: functions that are not part of the language's core. */
export interface Host {
  readonly sys: Sys;
  /** the function for a name with that many arguments; undefined is `empty` */
  native(name: string, input: Json, args: readonly Json[]): Call<Json | undefined>;
}

export class Machine {
  private readonly host: Host;
  private readonly program: Node;
  private readonly globals: Env | null;
  private forks: Fork[] = [];
  private steps = 0;
  private tokens = 0;
  // the state: either an expression to evaluate against `cell`, or (node null) a value on its way to frame `k`
  private node: Node | null = null;
  private cell: Cell = plain(null);
  private env: Env | null = null;
  private k: Frame | null = null;

  constructor(host: Host, program: Node, globals: readonly (readonly [number, Json])[]) {
    this.host = host;
    this.program = program;
    this.globals = globals.reduce<Env | null>((up, [id, value]) => ({ id, value, node: null, scope: null, up }), null);
  }

  /** Begins anew with this input. */
  start(input: Json): void {
    this.forks = [{ t: "eval", node: this.program, cell: plain(input), env: this.globals, k: null }];
  }

  /** The next value of the program, undefined when there are no more. Throws JqError for an error that nothing caught. */
  *next(): Call<Json | undefined> {
    if (!this.backtrack()) return undefined;
    for (;;) {
      if (++this.steps % 1000 === 0) yield* this.host.sys.tick(200);
      try {
        if (this.node === null) {
          if (this.k === null) return this.cell.v;
          this.deliver(this.k);
        } else if (this.node.t === "native" && this.node.args.length === 0) yield* this.native(this.node, []);
        else this.evaluate(this.node);
        if (this.ready !== null) {
          const { node, args } = this.ready;
          this.ready = null;
          yield* this.native(node, args);
        }
        if (this.failed) {
          this.failed = false;
          if (!this.backtrack()) return undefined;
        }
      } catch (e) {
        if (!(e instanceof JqError)) throw e;
        if (!this.raise(e)) return undefined;
      }
    }
  }

  // ---------------------------------------------------------------- moving

  /** a native whose arguments are all there */
  private ready: { readonly node: Node & { t: "native" }; readonly args: readonly Json[] } | null = null;
  /** no value here: go back */
  private failed = false;

  private go(node: Node, cell: Cell, env: Env | null, k: Frame | null): void {
    this.node = node;
    this.cell = cell;
    this.env = env;
    this.k = k;
  }

  private give(cell: Cell, k: Frame | null): void {
    this.node = null;
    this.cell = cell;
    this.k = k;
  }

  /** A new value where a cell was. */
  private put(v: Json, cell: Cell, k: Frame | null): void {
    this.give(cell.path === null ? plain(v) : { v, path: cell.path, base: cell.base }, k);
  }

  private push(work: Work, next: Frame | null): Frame {
    const depth = next === null ? 1 : next.depth + 1;
    if (depth > MAX_DEPTH) throw new NotSimulated(`a recursion deeper than ${MAX_DEPTH} steps`);
    return { ...work, next, depth };
  }

  private fork(f: Fork): void {
    if (this.forks.length >= MAX_FORKS) throw new NotSimulated(`backtracking over more than ${MAX_FORKS} places`);
    this.forks.push(f);
  }

  /** Goes back to the youngest fork that has something left. False: there is none. */
  private backtrack(): boolean {
    for (;;) {
      const f = this.forks.pop();
      if (f === undefined) return false;
      switch (f.t) {
        case "eval":
          this.go(f.node, f.cell, f.env, f.k);
          return true;
        case "each":
          this.item(f.items, f.at, f.cell, f.k);
          return true;
        case "range":
          if (f.from + 1 < f.to) this.forks.push({ ...f, from: f.from + 1 });
          this.put(f.from, f.cell, f.k);
          return true;
        case "collected":
          this.put(f.items, f.cell, f.k);
          return true;
        case "reduced":
          this.put(f.state.v, f.cell, f.k);
          return true;
        case "alternative":
          if (f.found.any) continue;
          this.go(f.node, f.cell, f.env, f.k);
          return true;
        case "try":
        case "pattern":
        case "label":
          continue;
      }
    }
  }

  /** An error: to the youngest `try` or pattern alternative. False: handled by there being nothing left; throws when nobody wants it. */
  private raise(e: JqError): boolean {
    if (e.value === null) return this.backtrack();
    for (;;) {
      const f = this.forks.pop();
      if (f === undefined) throw e;
      if (f.t === "pattern") {
        this.bind(f.frame, f.v, f.at);
        return true;
      }
      if (f.t !== "try") continue;
      if (f.handler === null) return this.backtrack();
      this.go(f.handler, { v: e.value, path: f.cell.path, base: f.cell.base }, f.env, f.k);
      return true;
    }
  }

  private lookup(env: Env | null, id: number): Env {
    let e = env;
    while (e !== null && e.id !== id) e = e.up;
    if (e === null) throw new Error(`jq: binding ${id} is not in scope`);
    return e;
  }

  // ---------------------------------------------------------------- expressions

  private evaluate(n: Node): void {
    const { cell, env, k } = this;
    switch (n.t) {
      case "identity":
        return this.give(cell, k);
      case "literal":
        return this.put(n.value, cell, k);
      case "pipe":
        return this.go(n.a, cell, env, this.push({ t: "pipe", node: n.b, env }, k));
      case "comma":
        this.fork({ t: "eval", node: n.b, cell, env, k });
        return this.go(n.a, cell, env, k);
      case "index":
        if (n.key.t === "literal") return this.go(n.of, cell, env, this.push({ t: "index", key: n.key.value }, k));
        return this.go(n.key, plain(cell.v), env, this.push({ t: "key", of: n.of, env, cell }, k));
      case "slice":
        return this.sliceBound(n, env, cell, undefined, k);
      case "each":
        return this.go(n.of, cell, env, this.push({ t: "each" }, k));
      case "string":
        return this.textPart(n, n.parts.length - 1, "", env, cell, k);
      case "format":
        return this.put(format(n.name, cell.v), cell, k);
      case "array": {
        if (n.items === null) return this.put([], cell, k);
        const items: Json[] = [];
        this.fork({ t: "collected", items, cell, k });
        return this.go(n.items, plain(cell.v), env, this.push({ t: "collect", items }, null));
      }
      case "object":
        return this.entry(n, 0, new Map(), env, cell, k);
      case "negate":
        return this.go(n.of, plain(cell.v), env, this.push({ t: "negate", cell }, k));
      case "binary":
        return this.go(n.b, plain(cell.v), env, this.push({ t: "right", node: n, env, cell, other: null }, k));
      case "and":
      case "or":
        return this.go(n.a, plain(cell.v), env, this.push({ t: "logic", op: n.t, b: n.b, env, cell }, k));
      case "alternative": {
        const found = { any: false };
        this.fork({ t: "alternative", found, node: n.b, cell, env, k });
        return this.go(n.a, cell, env, this.push({ t: "alternative", found }, k));
      }
      case "if":
        return this.go(n.cond, plain(cell.v), env, this.push({ t: "cond", node: n, env, cell }, k));
      case "try":
        this.fork({ t: "try", handler: n.handler, cell, env, k });
        return this.go(n.body, cell, env, k);
      case "reduce":
      case "foreach":
        return this.go(n.init, plain(cell.v), env, this.push({ t: "fold-init", node: n, env, cell }, k));
      case "as": {
        const { patterns, vars, body } = n;
        return this.go(n.source, plain(cell.v), env, this.push({ t: "bind", patterns, vars, body, env, cell }, k));
      }
      case "def":
        return this.go(n.body, cell, { id: n.def.id, value: null, node: null, scope: null, up: env }, k);
      default:
        return this.evaluateName(n);
    }
  }

  /** What is looked up, and what calls. */
  private evaluateName(n: Node): void {
    const { cell, env, k } = this;
    switch (n.t) {
      case "variable":
        return this.put(this.lookup(env, n.id).value, cell, k);
      case "closure": {
        const c = this.lookup(env, n.id);
        return this.go(c.node!, cell, c.scope, k);
      }
      case "call": {
        const made = n.local ? this.lookup(env, n.def.id) : null;
        return this.argument(n, 0, made, env, cell, k);
      }
      case "native":
        if (n.name === "empty") {
          this.failed = true;
          return;
        }
        return this.go(n.args.at(-1)!, plain(cell.v), env, this.push({ t: "operand", node: n, args: [], env, cell }, k));
      case "path":
        return this.go(n.of, { v: cell.v, path: ROOT, base: cell.v }, env, this.push({ t: "path-end", cell }, k));
      case "label": {
        const token = ++this.tokens;
        this.fork({ t: "label", token });
        return this.go(n.body, cell, { id: n.id, value: token, node: null, scope: null, up: env }, k);
      }
      case "break": {
        const token = this.lookup(env, n.id).value;
        for (let f = this.forks.pop(); f !== undefined && !(f.t === "label" && f.token === token);) f = this.forks.pop();
        this.failed = true;
        return;
      }
      default:
        throw new Error(`jq: no such expression ${n.t}`);
    }
  }

  // ---------------------------------------------------------------- values arriving at a frame

  private deliver(f: Frame): void {
    const { cell } = this;
    const v = cell.v;
    switch (f.t) {
      case "pipe":
        return this.go(f.node, cell, f.env, f.next);
      case "key":
        return this.go(f.of, f.cell, f.env, this.push({ t: "index", key: v }, f.next));
      case "index":
        return this.step(cell, f.key, f.next);
      case "slice":
        if (f.from === undefined) return this.sliceBound(f.node, f.env, f.cell, v, f.next);
        return this.go(f.node.of, f.cell, f.env, this.push({ t: "index", key: sliceKey(f.from, v) }, f.next));
      case "each":
        return this.iterate(cell, f.next);
      case "right":
        return this.go(
          f.node.a,
          plain(f.cell.v),
          f.env,
          this.push({ t: "left", node: f.node, env: f.env, cell: f.cell, other: v }, f.next),
        );
      case "left":
        return this.put(compute(f.node.op, v, f.other), f.cell, f.next);
      case "logic":
        if (isTrue(v) === (f.op === "or")) return this.put(f.op === "or", f.cell, f.next);
        return this.go(f.b, plain(f.cell.v), f.env, this.push({ t: "truth", cell: f.cell }, f.next));
      case "truth":
        return this.put(isTrue(v), f.cell, f.next);
      case "cond":
        return this.go(isTrue(v) ? f.node.yes : f.node.no, f.cell, f.env, f.next);
      case "collect":
        if (f.items.push(v) > MAX_ITEMS) throw new NotSimulated(`an array of more than ${MAX_ITEMS} elements`);
        this.failed = true;
        return;
      case "text":
        return this.textPart(f.node, f.at - 1, format(f.node.format, v, true) + f.tail, f.env, f.cell, f.next);
      case "entry":
        return this.entryValue(f, v);
      case "negate":
        return this.put(negate(v), f.cell, f.next);
      case "alternative":
        if (!isTrue(v)) {
          this.failed = true;
          return;
        }
        f.found.any = true;
        return this.give(cell, f.next);
      case "bind":
        return this.bind(f, v, 0);
      case "destructure":
        return this.destructureKey(f, v);
      case "argument":
        return this.argumentValue(f, v);
      case "operand":
        return this.operand(f, v);
      case "path-end":
        return this.pathEnd(f.cell, f.next);
      default:
        return this.fold(f, v);
    }
  }

  private sliceBound(n: Node & { t: "slice" }, env: Env | null, cell: Cell, from: Json | undefined, k: Frame | null): void {
    if (from === undefined && n.from === null) from = null;
    const bound = from === undefined ? n.from : n.to;
    if (bound === null) return this.go(n.of, cell, env, this.push({ t: "index", key: sliceKey(from ?? null, null) }, k));
    return this.go(bound, plain(cell.v), env, this.push({ t: "slice", node: n, env, cell, from }, k));
  }

  /** Parts of a string from the last to the first: the last one varies slowest. */
  private textPart(n: Node & { t: "string" }, at: number, tail: string, env: Env | null, cell: Cell, k: Frame | null): void {
    for (; at >= 0; at--) {
      const p = n.parts[at]!;
      if (typeof p !== "string") return this.go(p, plain(cell.v), env, this.push({ t: "text", node: n, at, tail, env, cell }, k));
      tail = p + tail;
    }
    return this.put(tail, cell, k);
  }

  private entry(
    n: Node & { t: "object" },
    at: number,
    made: ReadonlyMap<string, Json>,
    env: Env | null,
    cell: Cell,
    k: Frame | null,
  ): void {
    const e = n.entries[at];
    if (e === undefined) return this.put(made, cell, k);
    return this.go(e.key, plain(cell.v), env, this.push({ t: "entry", node: n, at, key: null, made, env, cell }, k));
  }

  private entryValue(f: Frame & { t: "entry" }, v: Json): void {
    const e = f.node.entries[f.at]!;
    if (f.key === null) {
      if (typeof v !== "string") return void fail(`Cannot use ${kindOf(v)} (${shortText(v)}) as object key`);
      const { node, at, made, env, cell } = f;
      return this.go(e.value, plain(cell.v), env, this.push({ t: "entry", node, at, key: v, made, env, cell }, f.next));
    }
    return this.entry(f.node, f.at + 1, new Map(f.made).set(f.key, v), f.env, f.cell, f.next);
  }

  // ---------------------------------------------------------------- paths

  private intact(cell: Cell): boolean {
    return cell.path === null || cell.v === cell.base || (typeof cell.v === "number" && Object.is(cell.v, cell.base));
  }

  private step(cell: Cell, key: Json, k: Frame | null): void {
    if (!this.intact(cell)) fail(`Invalid path expression near attempt to access element ${toJson(key)} of ${shortText(cell.v)}`);
    const v = isObject(key) && kindOf(cell.v) !== "object" ? slice(cell.v, key) : index(cell.v, key);
    if (cell.path === null) return this.give(plain(v), k);
    return this.give({ v, path: { up: cell.path, key }, base: v }, k);
  }

  private iterate(cell: Cell, k: Frame | null): void {
    const { v } = cell;
    if (!this.intact(cell)) fail(`Invalid path expression near attempt to iterate through ${shortText(v)}`);
    let items: readonly (readonly [Json, Json])[];
    if (isArray(v)) items = v.map((x, i) => [i, x] as const);
    else if (isObject(v)) items = Array.from(v);
    else return fail(`Cannot iterate over ${kindOf(v)}${v === null ? " (null)" : ` (${shortText(v)})`}`);
    if (items.length === 0) this.failed = true;
    else this.item(items, 0, cell, k);
  }

  private item(items: readonly (readonly [Json, Json])[], at: number, cell: Cell, k: Frame | null): void {
    const [key, v] = items[at]!;
    if (at + 1 < items.length) this.fork({ t: "each", items, at: at + 1, cell, k });
    this.give(cell.path === null ? plain(v) : { v, path: { up: cell.path, key }, base: v }, k);
  }

  private pathEnd(outer: Cell, k: Frame | null): void {
    const { cell } = this;
    if (!this.intact(cell)) fail(`Invalid path expression with result ${shortText(cell.v)}`);
    const keys: Json[] = [];
    for (let p = cell.path; p !== null && p !== ROOT; p = p.up) keys.push(p.key);
    this.put(keys.reverse(), outer, k);
  }

  // ---------------------------------------------------------------- binding

  /** Binds a value by the pattern `at`; where a later pattern stands beside it (?//), errors lead there. */
  private bind(f: Frame & { t: "bind" }, v: Json, at: number): void {
    let env = f.env;
    if (f.patterns.length > 1) {
      for (const id of f.vars) env = { id, value: null, node: null, scope: null, up: env };
      if (at + 1 < f.patterns.length) this.fork({ t: "pattern", frame: f, at: at + 1, v, k: f.next });
    }
    this.destructure([[f.patterns[at]!, v]], env, { node: f.body, cell: f.cell, next: f.next });
  }

  private destructure(todo: readonly (readonly [Pattern, Json])[], env: Env | null, goal: Then): void {
    const rest = Array.from(todo);
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      const [p, v] = next;
      if (p.t === "var") env = { id: p.id, value: v, node: null, scope: null, up: env };
      else if (p.t === "array") for (let i = p.items.length - 1; i >= 0; i--) rest.push([p.items[i]!, index(v, i)]);
      else return this.destructureObject(rest, p, 0, v, env, goal);
    }
    const next = goal.fold === undefined ? goal.next : this.push({ t: "fold-store", env, ...goal.fold }, goal.next);
    this.go(goal.node, goal.cell, env, next);
  }

  private destructureObject(
    todo: readonly (readonly [Pattern, Json])[],
    pattern: Pattern & { t: "object" },
    at: number,
    from: Json,
    env: Env | null,
    goal: Then,
  ): void {
    const e = pattern.entries[at];
    if (e === undefined) return this.destructure(todo, env, goal);
    this.go(e.key, plain(goal.cell.v), env, this.push({ t: "destructure", todo, pattern, at, from, env, goal }, goal.next));
  }

  private destructureKey(f: Frame & { t: "destructure" }, key: Json): void {
    if (typeof key !== "string") return void failOn(key, "cannot be matched, as it is not a string");
    const e = f.pattern.entries[f.at]!;
    const v = index(f.from, key);
    const env = e.variable === null ? f.env : { id: e.variable, value: v, node: null, scope: null, up: f.env };
    const todo = e.value === null ? f.todo : [...f.todo, [e.value, v] as const];
    this.destructureObject(todo, f.pattern, f.at + 1, f.from, env, f.goal);
  }

  /** reduce and foreach. The state is one for all values of the source. */
  private fold(f: Frame, v: Json): void {
    if (f.t === "fold-init") {
      const state = { v };
      if (f.node.t === "reduce") this.fork({ t: "reduced", state, cell: f.cell, k: f.next });
      const { node, env, cell } = f;
      return this.go(node.source, plain(cell.v), env, this.push({ t: "fold-item", node, env, cell, state }, f.next));
    }
    if (f.t === "fold-item") {
      const { node, env, cell, state } = f;
      const v0 = state.v;
      // an update without a value leaves null (as in jq 1.6)
      if (node.t === "reduce") state.v = null;
      const update: Cell = { v: v0, path: cell.path, base: cell.base };
      return this.destructure([[node.pattern, v]], env, { node: node.update, cell: update, next: f.next, fold: { node, cell, state } });
    }
    if (f.t !== "fold-store") throw new Error(`jq: no such frame ${f.t}`);
    f.state.v = v;
    if (f.node.t === "reduce") {
      this.failed = true;
      return;
    }
    return this.go(f.node.extract, { v, path: f.cell.path, base: f.cell.base }, f.env, f.next);
  }

  // ---------------------------------------------------------------- calls

  private argument(n: Node & { t: "call" }, at: number, made: Env | null, env: Env | null, cell: Cell, k: Frame | null): void {
    const { params, body }: FunctionDef = n.def;
    for (let i = at; i < params.length; i++) {
      const p = params[i]!;
      const arg = n.args[i]!;
      // a parameter handed on is bound to what it stands for, so that recursion does not make longer and longer chains
      const target = arg.t === "closure" ? this.lookup(env, arg.id) : { node: arg, scope: env };
      made = { id: p.id, value: null, node: target.node, scope: target.scope, up: made };
      if (p.variable !== null) return this.go(arg, plain(cell.v), env, this.push({ t: "argument", node: n, at: i, made, env, cell }, k));
    }
    this.go(body, cell, made, k);
  }

  private argumentValue(f: Frame & { t: "argument" }, v: Json): void {
    const id = f.node.def.params[f.at]!.variable!;
    const made: Env = { id, value: v, node: null, scope: null, up: f.made };
    this.argument(f.node, f.at + 1, made, f.env, f.cell, f.next);
  }

  /** Arguments of a native are evaluated from the last to the first: the last one varies slowest. */
  private operand(f: Frame & { t: "operand" }, v: Json): void {
    const args = [v, ...f.args];
    const { node, env, cell } = f;
    const left = node.args.length - args.length;
    if (left > 0) return this.go(node.args[left - 1]!, plain(cell.v), env, this.push({ t: "operand", node, args, env, cell }, f.next));
    this.cell = cell;
    this.k = f.next;
    this.ready = { node, args };
  }

  private *native(n: Node & { t: "native" }, args: readonly Json[]): Call<void> {
    const { cell, k } = this;
    if (n.name === "empty") {
      this.failed = true;
      return;
    }
    if (n.name === "range") {
      const [from, to] = args;
      if (typeof from !== "number" || typeof to !== "number") fail("Range bounds must be numeric");
      this.failed = true;
      if (from < to) this.fork({ t: "range", from, to, cell, k });
      return;
    }
    if (n.name === "getpath") {
      const keys = args[0]!;
      const v = getPath(cell.v, keys);
      if (cell.path === null) return this.give(plain(v), k);
      if (!this.intact(cell)) fail(`Invalid path expression with result ${shortText(cell.v)}`);
      let { path } = cell;
      for (const key of pathStep(keys)) path = { up: path, key };
      return this.give({ v, path, base: v }, k);
    }
    const v = yield* this.host.native(n.name, cell.v, args);
    if (v === undefined) this.failed = true;
    else this.put(v, cell, k);
  }
}

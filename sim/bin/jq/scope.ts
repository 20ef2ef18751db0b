/** What a name means at a place of a jq program. A scope is never changed: every binding makes a new one. */
import type { FunctionDef, Node } from "./ast.ts";
import { JqSyntaxError } from "./lexer.ts";

/** Numbers for bindings, unique in one run. */
export class Ids {
  private last = 0;
  fresh(): number {
    return ++this.last;
  }
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

type Binding =
  | { readonly kind: "variable" | "label" | "closure"; readonly name: string; readonly id: number }
  | { readonly kind: "function"; readonly def: FunctionDef };

/** Says which functions there are outside of the program: natives, and definitions of jq's own library. */
export interface Library {
  native(name: string, arity: number): boolean;
  definition(name: string, arity: number): FunctionDef | null;
}

export class Scope {
  readonly ids: Ids;
  private readonly library: Library;
  private readonly up: Scope | null;
  private readonly binding: Binding | null;

  constructor(ids: Ids, library: Library, up: Scope | null = null, binding: Binding | null = null) {
    this.ids = ids;
    this.library = library;
    this.up = up;
    this.binding = binding;
  }

  private with(binding: Binding): Scope {
    return new Scope(this.ids, this.library, this, binding);
  }
  withVariable(name: string, id: number): Scope {
    return this.with({ kind: "variable", name, id });
  }
  withLabel(name: string, id: number): Scope {
    return this.with({ kind: "label", name, id });
  }
  withClosure(name: string, id: number): Scope {
    return this.with({ kind: "closure", name, id });
  }
  withFunction(def: FunctionDef): Scope {
    return this.with({ kind: "function", def });
  }

  /** This scope with a function put in below what was bound since `base`. */
  withFunctionBelow(base: Scope, def: FunctionDef): Scope {
    if (this === base) return base.withFunction(def);
    return new Scope(this.ids, this.library, this.up!.withFunctionBelow(base, def), this.binding);
  }

  /** From the newest to the oldest. */
  private *bindings(): Generator<Binding> {
    if (this.binding !== null) yield this.binding;
    if (this.up !== null) yield* this.up.bindings();
  }

  variable(name: string, at: number): Node {
    for (const b of this.bindings()) if (b.kind === "variable" && b.name === name) return { t: "variable", id: b.id };
    throw new JqSyntaxError(`$${name} is not defined`, at);
  }

  label(name: string, at: number): Node {
    for (const b of this.bindings()) if (b.kind === "label" && b.name === name) return { t: "break", id: b.id };
    throw new JqSyntaxError(`$*label-${name} is not defined`, at);
  }

  call(name: string, args: readonly Node[], at: number): Node {
    for (const b of this.bindings()) {
      if (b.kind === "closure" && b.name === name && args.length === 0) return { t: "closure", id: b.id };
      if (b.kind === "function" && b.def.name === name && b.def.params.length === args.length)
        return { t: "call", def: b.def, local: true, args };
    }
    const constant = CONSTANTS.get(name);
    if (constant !== undefined && args.length === 0) return { t: "literal", value: constant };
    if (name === "empty" && args.length === 0) return { t: "native", name, args };
    if (name === "path" && args.length === 1) return { t: "path", of: args[0]! };
    if (this.library.native(name, args.length)) return { t: "native", name, args };
    const def = this.library.definition(name, args.length);
    if (def !== null) return { t: "call", def, local: false, args };
    throw new JqSyntaxError(`${name}/${args.length} is not defined`, at);
  }
}

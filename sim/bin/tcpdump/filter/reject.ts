/**
 * Can the expression be true at all? libpcap's optimiser finds out for contradictions such as `tcp and udp` and refuses them. Here: the fields
 * that are compared with constants take each of those values and one other; what no combination makes true, no packet can.
 */
import type { Field, Node } from "./ast.ts";

const MAX_FIELDS = 8;
const MAX_WORLDS = 20_000;

function key(f: Field): string {
  return `${f.base}.${f.shift}.${f.off}.${f.size}.${f.mask}`;
}

function collect(n: Node, out: Map<string, Set<number>>): void {
  switch (n.k) {
    case "and":
    case "or":
      collect(n.a, out);
      collect(n.b, out);
      return;
    case "not":
      collect(n.a, out);
      return;
    case "field": {
      if (n.op !== "=") return;
      const values = out.get(key(n.f));
      if (values) values.add(n.value);
      else out.set(key(n.f), new Set([n.value]));
      return;
    }
    case "rel":
      if (n.check !== null) collect(n.check, out);
      return;
    default:
      return;
  }
}

/** 1 true, 0 false, 2 either. `world` holds the value of each field; a missing entry is unknown, null some other value. */
function possible(n: Node, world: ReadonlyMap<string, number | null>): 0 | 1 | 2 {
  switch (n.k) {
    case "const":
      return n.value ? 1 : 0;
    case "and": {
      const a = possible(n.a, world);
      const b = a === 0 ? 0 : possible(n.b, world);
      return b === 0 ? 0 : a === 1 && b === 1 ? 1 : 2;
    }
    case "or": {
      const a = possible(n.a, world);
      const b = a === 1 ? 1 : possible(n.b, world);
      return a === 1 || b === 1 ? 1 : a === 0 && b === 0 ? 0 : 2;
    }
    case "not": {
      const a = possible(n.a, world);
      return a === 2 ? 2 : a === 1 ? 0 : 1;
    }
    case "field": {
      const v = world.get(key(n.f));
      if (n.op !== "=" || v === undefined) return 2;
      return v === n.value ? 1 : 0;
    }
    case "rel":
      return n.check !== null && possible(n.check, world) === 0 ? 0 : 2;
    default:
      return 2;
  }
}

export function rejectsAll(filter: Node): boolean {
  const found = new Map<string, Set<number>>();
  collect(filter, found);
  const fields = [...found].slice(0, MAX_FIELDS);
  let worlds = 1;
  for (const [, values] of fields) worlds *= values.size + 1;
  if (worlds > MAX_WORLDS) return false;
  for (let w = 0; w < worlds; w++) {
    const world = new Map<string, number | null>();
    let rest = w;
    for (const [k, values] of fields) {
      const choice = rest % (values.size + 1);
      rest = Math.floor(rest / (values.size + 1));
      world.set(k, [...values][choice] ?? null);
    }
    if (possible(filter, world) !== 0) return false;
  }
  return true;
}

/** Assignments: name=value, name[i]=value, name+=value, name=(…). */
import type { Call } from "../../kernel/abi.ts";
import { IndexedArray } from "../vars.ts";
import type { Assign, ArrayElem, Word } from "../syntax/ir.ts";
import type { ArrayItem, Shell } from "../shell.ts";
import { arithText, expandInto, expandString, pieces } from "../expand/expand.ts";
import { fastString } from "../expand/fast.ts";
import { subscript } from "../expand/param.ts";
import { ShellError } from "./flow.ts";

/** Expands the elements of (…): words split and glob; [k]=v do not. Keys stay texts. */
export function* expandArray(sh: Shell, name: string, elems: readonly ArrayElem[], assoc: boolean): Call<ArrayItem[]> {
  const out: ArrayItem[] = [];
  for (const e of elems) {
    if (e.index) {
      if (e.index.segs.length === 0) {
        yield* sh.warn(`[]=${e.value.raw}: bad array subscript`);
        continue;
      }
      const key = assoc ? yield* expandString(sh, e.index) : yield* subscript(sh, `\0${name}`, e.index, pieces);
      out.push({ key, append: e.append, value: yield* expandString(sh, e.value) });
    } else {
      const words: string[] = [];
      yield* expandInto(sh, e.value, words);
      for (const w of words) out.push({ key: null, append: false, value: w });
    }
  }
  return out;
}

/** Puts elements into an array variable (made when it is not there). `append`: +=. */
export function* storeArray(sh: Shell, name: string, items: readonly ArrayItem[], append: boolean): Call<void> {
  const n = sh.resolve(name);
  const v = sh.scopes.make(n);
  sh.checkWritable(n, v);
  if (v.kind === "string") v.kind = "indexed";
  if (!append) v.value = v.kind === "assoc" ? new Map() : new IndexedArray();
  const a = sh.arrayVar(n, v);
  if (a instanceof Map) {
    // without keys: key value key value …
    for (let i = 0; i < items.length; i++) {
      const it = items[i]!;
      if (it.key !== null) sh.setElem(n, it.key, (it.append ? (a.get(it.key) ?? "") : "") + it.value);
      else {
        sh.setElem(n, it.value, items[i + 1]?.value ?? "");
        i++;
      }
    }
    return;
  }
  let next = append ? a.end : 0;
  for (const it of items) {
    if (it.key !== null) {
      let i = Number(it.key);
      if (i < 0) i += a.end;
      if (i < 0) {
        yield* sh.warn(`[${it.key}]=${it.value}: bad array subscript`);
        continue;
      }
      next = i;
    }
    const old = it.append ? (a.get(next) ?? "") : "";
    sh.setElem(n, String(next), v.integer ? String(yield* arithText(sh, it.value, "")) : old + it.value);
    next++;
  }
}

/** Performs one assignment. The text that xtrace shows, when it is on. */
export function* assign(sh: Shell, a: Assign): Call<string> {
  const n = sh.resolve(a.name);
  if (Array.isArray(a.value)) {
    const items = yield* expandArray(sh, n, a.value as readonly ArrayElem[], sh.isAssoc(n));
    if (a.index) throw new ShellError(`${a.name}[${a.index.raw}]: cannot assign list to array member`, 1);
    yield* storeArray(sh, n, items, a.append);
    return a.raw;
  }
  const value = fastString(sh, a.value as Word) ?? (yield* expandString(sh, a.value as Word, true));
  const v = sh.scopes.make(n);
  if (a.index) {
    if (a.index.segs.length === 0 || ((a.index.raw === "@" || a.index.raw === "*") && !sh.isAssoc(n)))
      throw new ShellError(`${a.name}[${a.index.raw}]: bad array subscript`, 1);
    const key = yield* subscript(sh, n, a.index, pieces);
    const old = sh.getElem(n, key) ?? "";
    sh.setElem(n, key, yield* combine(sh, v.integer, old, value, a.append));
  } else if (!v.integer) sh.set(n, a.append ? (sh.get(n) ?? "") + value : value);
  else sh.set(n, yield* combine(sh, v.integer, a.append ? (sh.get(n) ?? "") : "", value, a.append));
  return `${a.name}${a.index ? `[${a.index.raw}]` : ""}${a.append ? "+=" : "="}\0${value}`;
}

/** The value that += or an integer variable gets. */
export function* combine(sh: Shell, integer: boolean, old: string, value: string, append: boolean): Call<string> {
  if (!integer) return append ? old + value : value;
  const n = yield* arithText(sh, value, "");
  return String(append ? BigInt.asIntN(64, (yield* arithText(sh, old, "")) + n) : n);
}

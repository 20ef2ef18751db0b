/** Looking into values and changing them at a place: . [ ] with keys, indices and slices; getpath, setpath, delpaths. */
import { compare, fail, isArray, isObject, type Json, kindOf } from "./value.ts";

/** The longest array that setting an index may make. */
const MAX_INDEX = 536_870_911;

const cannotIndex = (v: Json, key: Json): never =>
  fail(`Cannot index ${kindOf(v)} with ${typeof key === "string" ? `string "${key}"` : kindOf(key)}`);

export function index(v: Json, key: Json): Json {
  if (typeof key === "string") {
    if (isObject(v)) return v.get(key) ?? null;
    return v === null ? null : cannotIndex(v, key);
  }
  if (typeof key === "number") {
    if (isArray(v)) {
      if (!Number.isInteger(key) && Number.isNaN(key)) return null;
      const i = Math.floor(key);
      // jq 1.6 takes a fractional index for none at all
      return i !== key ? null : (v[i < 0 ? v.length + i : i] ?? null);
    }
    return v === null ? null : cannotIndex(v, key);
  }
  if (isObject(key)) return isArray(v) || v === null || typeof v === "string" ? slice(v, key) : cannotIndex(v, key);
  if (isArray(key) && isArray(v)) return indicesOfArray(v, key);
  return cannotIndex(v, key);
}

/** The places at which `part` stands in `v`. */
export function indicesOfArray(v: readonly Json[], part: readonly Json[]): readonly Json[] {
  const out: number[] = [];
  if (part.length === 0) return out;
  for (let i = 0; i + part.length <= v.length; i++) if (part.every((x, j) => compare(x, v[i + j]!) === 0)) out.push(i);
  return out;
}

export const sliceKey = (from: Json, to: Json): Json =>
  new Map([
    ["start", from],
    ["end", to],
  ]);

function bounds(length: number, key: ReadonlyMap<string, Json>): readonly [number, number] {
  const from = key.get("start") ?? null;
  const to = key.get("end") ?? null;
  if ((from !== null && typeof from !== "number") || (to !== null && typeof to !== "number"))
    fail("Start and end indices of an array slice must be numbers");
  const at = (n: number): number => Math.min(length, Math.max(0, n < 0 ? n + length : n));
  const start = Math.floor(at(from ?? 0));
  return [start, Math.max(start, Math.ceil(at(to ?? length)))];
}

export function slice(v: Json, key: ReadonlyMap<string, Json>): Json {
  if (v === null) return null;
  if (typeof v === "string") {
    const points = Array.from(v);
    const [from, to] = bounds(points.length, key);
    return points.slice(from, to).join("");
  }
  if (!isArray(v)) return cannotIndex(v, key);
  const [from, to] = bounds(v.length, key);
  return v.slice(from, to);
}

/** The keys of a path. */
export function pathStep(path: Json): readonly Json[] {
  return isArray(path) ? path : fail("Path must be specified as an array");
}

export function getPath(v: Json, path: Json): Json {
  for (const key of pathStep(path)) {
    if (v === null) return null;
    v = index(v, key);
  }
  return v;
}

export function setPath(v: Json, path: Json, value: Json): Json {
  return set(v, pathStep(path), 0, value);
}

function set(v: Json, path: readonly Json[], at: number, value: Json): Json {
  const key = path[at];
  if (key === undefined) return value;
  return put(v, key, set(index(v, key), path, at + 1, value));
}

function put(v: Json, key: Json, value: Json): Json {
  if (typeof key === "string" && (isObject(v) || v === null)) return new Map(v ?? []).set(key, value);
  if (typeof key === "number" && (isArray(v) || v === null)) {
    const out = Array.from(v ?? []);
    const i = key < 0 ? out.length + Math.floor(key) : Math.floor(key);
    if (i < 0) fail("Out of bounds negative array index");
    if (i > MAX_INDEX) fail("Array index too large");
    if (i > out.length + 1_000_000) fail("Array index too large");
    while (out.length < i) out.push(null);
    out[i] = value;
    return out;
  }
  if (isObject(key) && (isArray(v) || v === null)) {
    if (!isArray(value)) return fail("A slice of an array can only be assigned another array");
    const [from, to] = bounds((v ?? []).length, key);
    return [...(v ?? []).slice(0, from), ...value, ...(v ?? []).slice(to)];
  }
  if (isObject(key)) return fail("Cannot update field at object index of array");
  return cannotIndex(v, key);
}

/** Deletes from the last path to the first, so that indices keep their meaning. */
export function delPaths(v: Json, paths: Json): Json {
  if (!isArray(paths)) return fail("Paths must be specified as an array");
  let out = v;
  for (const p of Array.from(paths)
    .sort((a, b) => compare(a, b))
    .reverse()) {
    if (!isArray(p)) return fail("Path must be specified as an array");
    out = remove(out, p, 0);
  }
  return out;
}

function remove(v: Json, path: readonly Json[], at: number): Json {
  const key = path[at];
  if (key === undefined || v === null) return null;
  if (at + 1 < path.length) {
    const inner = index(v, key);
    return inner === null ? v : put(v, key, remove(inner, path, at + 1));
  }
  if (typeof key === "string" && isObject(v)) {
    const out = new Map(v);
    out.delete(key);
    return out;
  }
  if (typeof key === "number" && isArray(v)) {
    const i = key < 0 ? v.length + Math.floor(key) : Math.floor(key);
    return v.filter((_, j) => j !== i);
  }
  if (isObject(key) && isArray(v)) {
    const [from, to] = bounds(v.length, key);
    return [...v.slice(0, from), ...v.slice(to)];
  }
  if (typeof key === "string") return fail(`Cannot delete field at object index of ${kindOf(v)}`);
  if (isObject(v)) return fail(`Cannot delete field at ${typeof key === "number" ? "array" : kindOf(key)} index of object`);
  return fail(`Cannot delete field at ${kindOf(key)} index of ${kindOf(v)}`);
}

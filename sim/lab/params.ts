/**
 * Variants: draws a lab's parameters from the seed and puts them where $name stands. Each parameter has its own random
 * stream (lab id and name), so adding one does not change the others. Draws that collide are drawn again, at most
 * 1,000 times.
 */
import { Prng } from "../core/prng.ts";
import { bug } from "../core/result.ts";
import { fmtIp4, parseIp4 } from "../wire/addr.ts";
import type { ParamSpec } from "./manifest.ts";

export type Params = ReadonlyMap<string, string>;

interface Net4 {
  readonly base: number;
  readonly len: number;
}

function parseNet(text: string): Net4 {
  const [a, l] = text.split("/");
  const addr = parseIp4(a ?? "");
  const len = Number(l);
  if (addr === null || !Number.isInteger(len) || len < 0 || len > 32) return bug(`not a network: ${text}`);
  return { base: (addr & mask(len)) >>> 0, len };
}
function mask(len: number): number {
  return len === 0 ? 0 : (0xffffffff << (32 - len)) >>> 0;
}
function overlap(a: Net4, b: Net4): boolean {
  const m = mask(Math.min(a.len, b.len));
  return ((a.base ^ b.base) & m) >>> 0 === 0;
}

/** Values of all parameters for a seed, in the order in which they are declared, added to those `given`. */
export function drawParams(
  owner: string,
  specs: Readonly<Record<string, ParamSpec>> | undefined,
  seed: number,
  given: Params = new Map(),
): Params {
  const out = new Map<string, string>(given);
  for (const [name, spec] of Object.entries(specs ?? {})) {
    const prng = new Prng(seed, `${owner}/${name}`);
    out.set(name, drawOne(name, spec, prng, out));
  }
  return out;
}

function drawOne(name: string, spec: ParamSpec, prng: Prng, sofar: Params): string {
  if ("oneOf" in spec) return spec.oneOf[prng.below(spec.oneOf.length)]!;
  const value = (n: string): string => sofar.get(n) ?? bug(`parameter ${name} needs ${n} before it`);
  if ("nth" in spec) {
    const net = parseNet(value(spec.of));
    return fmtIp4((net.base + (spec.nth < 0 ? 2 ** (32 - net.len) : 0) + spec.nth) >>> 0);
  }
  for (let i = 0; i < 1000; i++) {
    if ("cidr" in spec) {
      const from = parseNet(spec.cidr.startsWith("$") ? value(spec.cidr.slice(1)) : spec.cidr);
      const count = 2 ** (spec.prefix - from.len);
      const net = { base: (from.base + prng.below(count) * 2 ** (32 - spec.prefix)) >>> 0, len: spec.prefix };
      if (!(spec.disjoint ?? []).some((d) => overlap(net, parseNet(value(d))))) return `${fmtIp4(net.base)}/${net.len}`;
    } else {
      const net = parseNet(value(spec.hostIn));
      const size = 2 ** (32 - net.len);
      if (size < 4) return bug(`parameter ${name}: ${spec.hostIn} is too small to draw from, use nth`);
      const host = fmtIp4((net.base + 1 + prng.below(size - 2)) >>> 0);
      if (!(spec.not ?? []).some((n) => value(n) === host)) return host;
    }
  }
  return bug(`no value found for parameter ${name}`);
}

/** Replaces $name in every string of a plain value. An unknown name is an error in the lab file. */
export function substitute<T>(value: T, params: Params): T {
  if (typeof value === "string") {
    return value.replace(/\$([A-Za-z]\w*)/g, (_m, n: string) => params.get(n) ?? bug(`unknown parameter $${n}`)) as T;
  }
  if (Array.isArray(value)) return value.map((v) => substitute(v, params) as unknown) as T;
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, substitute(v as unknown, params)])) as T;
  }
  return value;
}

/**
 * The shape of lab and challenge files, checked when the course is built and when a file is read by anyone else. One clear
 * message for a wrong file: where, what was expected. The types are those of manifest.ts; the two are compared by the compiler.
 */
import * as v from "valibot";
import type { ChallengeManifest, LabManifest } from "./manifest.ts";

const text = v.strictObject({ en: v.pipe(v.string(), v.minLength(1)), ko: v.pipe(v.string(), v.minLength(1)) });
const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case words joined by hyphens"));
const name = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,30}$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const param = v.union([
  v.strictObject({ oneOf: v.pipe(v.array(v.string()), v.minLength(1)) }),
  v.strictObject({
    cidr: v.string(),
    prefix: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31)),
    disjoint: v.optional(v.array(v.string())),
  }),
  v.strictObject({ hostIn: v.string(), not: v.optional(v.array(v.string())) }),
  v.strictObject({ nth: v.pipe(v.number(), v.integer()), of: v.string() }),
]);
const params = v.record(v.pipe(v.string(), v.regex(/^[A-Za-z]\w*$/)), param);

const address = v.strictObject({
  cidr: v.string(),
  metric: v.optional(count),
  dynamicSec: v.optional(count),
  onPlug: v.optional(v.boolean()),
});
const nic = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9]{0,14}$/)),
  mac: v.pipe(v.string(), v.regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)),
  addresses: v.optional(v.array(address)),
  up: v.optional(v.boolean()),
  mtu: v.optional(count),
});
const route = v.strictObject({ to: v.string(), via: v.optional(v.string()), dev: v.optional(v.string()), metric: v.optional(count) });
const machine = v.strictObject({
  name,
  kind: v.optional(v.picklist(["host", "switch"])),
  badge: v.pipe(v.string(), v.maxLength(3)),
  x: v.number(),
  y: v.number(),
  users: v.optional(v.array(name)),
  locked: v.optional(v.boolean()),
  nics: v.optional(v.array(nic)),
  routes: v.optional(v.array(route)),
  sysctl: v.optional(v.record(v.string(), v.string())),
  hosts: v.optional(v.array(v.string())),
  files: v.optional(
    v.array(v.strictObject({ path: v.string(), text: v.string(), append: v.optional(v.boolean()), mode: v.optional(count) })),
  ),
});
const cable = v.strictObject({
  id,
  ends: v.tuple([v.string(), v.string()]),
  plugged: v.optional(v.boolean()),
  learner: v.optional(v.boolean()),
  latencyUs: v.optional(count),
  mbit: v.optional(count),
  lossPercent: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
});
export const labSchema: v.GenericSchema<unknown, LabManifest> = v.strictObject({
  id,
  title: text,
  epoch: v.optional(count),
  machines: v.pipe(v.array(machine), v.minLength(1)),
  cables: v.array(cable),
  params: v.optional(params),
});

const fault = v.variant("op", [
  v.strictObject({
    op: v.literal("route.add"),
    machine: name,
    to: v.string(),
    via: v.optional(v.string()),
    dev: v.optional(v.string()),
    metric: v.optional(count),
  }),
  v.strictObject({ op: v.literal("route.del"), machine: name, to: v.string() }),
  v.strictObject({ op: v.literal("addr.set"), machine: name, dev: v.string(), cidr: v.string() }),
  v.strictObject({ op: v.literal("sysctl.set"), machine: name, key: v.string(), value: v.string() }),
  v.strictObject({ op: v.literal("link.set"), machine: name, dev: v.string(), up: v.boolean() }),
  v.strictObject({ op: v.literal("neigh.add"), machine: name, dev: v.string(), ip: v.string(), mac: v.string() }),
  v.strictObject({ op: v.literal("file.write"), machine: name, path: v.string(), text: v.string() }),
]);
const probe = v.union([
  v.strictObject({
    ping: v.strictObject({ from: name, to: v.string(), count: v.optional(count), ttl: v.optional(count) }),
    expect: v.picklist(["answered", "lost"]),
  }),
  v.strictObject({ pathVia: v.strictObject({ from: name, to: v.string(), hops: v.array(v.string()) }) }),
  v.strictObject({
    command: v.strictObject({ on: name, run: v.string() }),
    expect: v.strictObject({ code: v.optional(count), contains: v.optional(v.string()), lacks: v.optional(v.string()) }),
  }),
]);
const perturb = v.variant("do", [
  v.strictObject({ do: v.literal("advance"), seconds: count }),
  v.strictObject({ do: v.literal("linkFlap"), cable: id }),
  v.strictObject({ do: v.literal("flushNeigh"), machine: name }),
]);
const goal = v.strictObject({
  id,
  title: text,
  probe,
  after: v.optional(v.array(perturb)),
  visible: v.boolean(),
  weight: count,
  expected: text,
  look: text,
});

export const challengeSchema: v.GenericSchema<unknown, ChallengeManifest> = v.strictObject({
  schema: v.literal("hop/challenge@1"),
  id,
  title: text,
  chapter: id,
  level: v.picklist([1, 2, 3]),
  minutes: count,
  provenance: v.array(v.strictObject({ kind: v.string(), ref: v.string() })),
  skills: v.array(v.string()),
  world: v.strictObject({
    lab: id,
    params: v.optional(params),
    fault: v.optional(v.array(fault)),
    faultOneOf: v.optional(v.array(v.array(fault))),
    decoys: v.optional(v.array(fault)),
  }),
  access: v.strictObject({ machines: v.array(name), locked: v.optional(v.array(name)) }),
  briefing: v.strictObject({ symptom: text, ticket: text }),
  goals: v.pipe(v.array(goal), v.minLength(1)),
  invariants: v.optional(v.array(goal)),
  forbidden: v.optional(
    v.array(v.strictObject({ id, title: text, probe, verdict: v.picklist(["fail", "cap60"]), expected: text, look: text })),
  ),
  diagnosis: v.optional(
    v.strictObject({
      id,
      ask: text,
      accept: v.array(v.strictObject({ site: v.string(), machine: v.optional(name), reason: v.optional(v.string()) })),
      weight: count,
    }),
  ),
  hints: v.array(v.strictObject({ rung: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)), text })),
  scoring: v.strictObject({
    weights: v.strictObject({ goals: count, invariants: count, diagnosis: count, persistence: count }),
    pass: count,
  }),
  reveal: v.strictObject({ cause: text, why: text, realWorld: text }),
});

/** The checked value, or one line that says where the file is wrong. */
export function check<T>(schema: v.GenericSchema<unknown, T>, value: unknown): { ok: true; value: T } | { ok: false; message: string } {
  const r = v.safeParse(schema, value);
  if (r.success) return { ok: true, value: r.output };
  const first = r.issues[0];
  const where = (first.path ?? []).map((p) => String(p.key)).join(".");
  return { ok: false, message: `${where || "the file"}: ${first.message}` };
}

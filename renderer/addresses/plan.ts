/**
 * The address plan of a cluster: what is asked for, drawn from a seed so that it can be met, and the checks of a plan. Every
 * failed check says what was expected, what was found, and one thing to look at. Sizes follow a bridge-based CNI plugin, where
 * a node's block keeps its network, its broadcast and one address for the gateway; the API server keeps the first and last
 * address of the Service range out (kubernetes.io, "Service ClusterIP allocation").
 */
import { Prng } from "../../sim/core/prng.ts";
import {
  contains,
  fmtCidr,
  fmtIp4,
  hostsOf,
  lastOf,
  lengthFor,
  networkOf,
  overlap,
  readCidr,
  readLength,
  sizeOf,
  whole,
  type Prefix4,
} from "./cidr.ts";
import { say, type Phrase } from "./phrase.ts";

export interface PlanTask {
  readonly seed: number;
  /** everything has to lie in here */
  readonly allotted: Prefix4;
  /** what others in the company use of it */
  readonly used: readonly { readonly name: Phrase["key"]; readonly range: Prefix4 }[];
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly services: number;
}

export const FIELDS = ["nodes", "pods", "perNode", "services"] as const;
export type PlanField = (typeof FIELDS)[number];
export type PlanText = Readonly<Record<PlanField, string>>;

export interface Plan {
  readonly nodes: Prefix4;
  readonly pods: Prefix4;
  /** prefix length of one node's block of the pod range */
  readonly perNode: number;
  readonly services: Prefix4;
}

export type RangeName = "nodes" | "pods" | "services";
export const RANGES: readonly RangeName[] = ["nodes", "pods", "services"];

const USED: readonly Phrase["key"][] = ["plan.used.office", "plan.used.storage", "plan.used.old"];

export function drawTask(seed: number): PlanTask {
  const rng = new Prng(seed, "plan");
  for (;;) {
    const [base, room] = rng.below(3) === 0 ? [0xac100000, 2 ** 20] : [0x0a000000, 2 ** 24];
    const allotted = whole({ addr: base + rng.below(room), len: 14 + rng.below(3) });
    const task: PlanTask = {
      seed,
      allotted,
      // the first lies where a plan without looking would begin
      used: USED.map((name, i) => ({ name, range: part(rng, allotted, 20 + rng.below(3), i === 0) })),
      nodes: 20 + rng.below(100),
      podsPerNode: [30, 60, 110, 110, 250][rng.below(5)]!,
      services: 100 * (2 + rng.below(38)),
    };
    const apart = task.used.every((a, i) => task.used.every((b, j) => i === j || !overlap(a.range, b.range)));
    if (apart && solve(task)) return task;
  }
}

function part(rng: Prng, of: Prefix4, len: number, atStart: boolean): Prefix4 {
  return { addr: of.addr + (atStart ? 0 : rng.below(2 ** (len - of.len)) * sizeOf(len)), len };
}

/** The smallest sizes that do: lengths of the three ranges and of a node's block. */
export function sizes(task: PlanTask): { nodes: number; pods: number; perNode: number; services: number } {
  const perNode = lengthFor(task.podsPerNode + 1);
  return {
    nodes: lengthFor(task.nodes + 1),
    pods: perNode - Math.ceil(Math.log2(task.nodes)),
    perNode,
    services: lengthFor(task.services),
  };
}

/** A plan that meets the task, the largest range first, each at the first place that is free; null when there is none. */
export function solve(task: PlanTask): Plan | null {
  const need = sizes(task);
  const taken = task.used.map((u) => u.range);
  const put = (len: number): Prefix4 | null => {
    for (let addr = task.allotted.addr; addr <= lastOf(task.allotted); addr += sizeOf(len)) {
      const p = { addr, len };
      if (!contains(task.allotted, p) || taken.some((t) => overlap(t, p))) continue;
      taken.push(p);
      return p;
    }
    return null;
  };
  const pods = put(need.pods);
  const services = put(need.services);
  const nodes = put(need.nodes);
  return pods && services && nodes ? { pods, services, nodes, perNode: need.perNode } : null;
}

/** The plan as typed, or for each field that cannot be read what keeps it from being read. */
export function readPlan(text: PlanText): { plan: Plan | null; problems: Partial<Record<PlanField, Phrase>> } {
  const problems: Partial<Record<PlanField, Phrase>> = {};
  const range = (field: RangeName): Prefix4 => {
    const r = readCidr(text[field]);
    if (!r.ok) problems[field] = r.why;
    else if (networkOf(r.value) !== r.value.addr)
      problems[field] = say("plan.bad.hostBits", { cidr: fmtCidr(r.value), network: fmtCidr(whole(r.value)) });
    return r.ok ? r.value : { addr: 0, len: 32 };
  };
  const [nodes, pods, services] = [range("nodes"), range("pods"), range("services")];
  const length = readLength(text.perNode);
  if (!length.ok) problems.perNode = text.perNode.trim() === "" ? say("plan.bad.noLength") : length.why;
  else if (!problems.pods && length.value < pods.len) problems.perNode = say("plan.bad.wider", { len: length.value, pods: pods.len });
  const plan = { nodes, pods, services, perNode: length.ok ? length.value : 32 };
  return { plan: Object.keys(problems).length === 0 ? plan : null, problems };
}

export interface PlanCheck {
  readonly id: "inside" | "apart" | "used" | "nodes" | "perNode" | "blocks" | "services";
  readonly passed: boolean;
  readonly title: Phrase;
  readonly expected: Phrase;
  readonly found: Phrase;
  readonly look: Phrase;
}

export function checkPlan(task: PlanTask, plan: Plan): PlanCheck[] {
  return [
    inside(task, plan),
    apart(plan),
    used(task, plan),
    nodes(task, plan),
    perNode(task, plan),
    blocks(task, plan),
    services(task, plan),
  ];
}

const check = (id: PlanCheck["id"], passed: boolean, expected: Phrase, found: Phrase): PlanCheck => ({
  id,
  passed,
  title: say(`plan.check.${id}`),
  expected,
  found,
  look: say(`plan.look.${id}`),
});
const nameOf = (range: RangeName): Phrase => say(`plan.range.${range}`);
/** Values that are phrases themselves are put into words by whoever shows them. */
export type PhraseParams = Readonly<Record<string, string | number>>;

function inside(task: PlanTask, plan: Plan): PlanCheck {
  const out = RANGES.find((r) => !contains(task.allotted, plan[r]));
  const within = fmtCidr(task.allotted);
  return check(
    "inside",
    out === undefined,
    say("plan.expect.inside", { cidr: within }),
    out === undefined ? say("plan.found.inside") : say("plan.found.outside", { range: nameOf(out).key, cidr: fmtCidr(plan[out]) }),
  );
}

function apart(plan: Plan): PlanCheck {
  const pairs: readonly [RangeName, RangeName][] = [
    ["nodes", "pods"],
    ["nodes", "services"],
    ["pods", "services"],
  ];
  const both = pairs.find(([a, b]) => overlap(plan[a], plan[b]));
  return check(
    "apart",
    both === undefined,
    say("plan.expect.apart"),
    both === undefined
      ? say("plan.found.apart")
      : say("plan.found.overlap", { a: nameOf(both[0]).key, b: nameOf(both[1]).key, ...common(plan[both[0]], plan[both[1]]) }),
  );
}

function used(task: PlanTask, plan: Plan): PlanCheck {
  for (const r of RANGES)
    for (const u of task.used)
      if (overlap(plan[r], u.range))
        return check(
          "used",
          false,
          say("plan.expect.used"),
          say("plan.found.overlap", { a: nameOf(r).key, b: u.name, ...common(plan[r], u.range) }),
        );
  return check("used", true, say("plan.expect.used"), say("plan.found.used"));
}

/** What two overlapping prefixes share: the narrower of them. */
function common(a: Prefix4, b: Prefix4): PhraseParams {
  const narrow = a.len > b.len ? a : b;
  return { from: fmtIp4(narrow.addr), to: fmtIp4(lastOf(narrow)) };
}

function nodes(task: PlanTask, plan: Plan): PlanCheck {
  const hosts = hostsOf(plan.nodes.len);
  return check(
    "nodes",
    hosts >= task.nodes + 1,
    say("plan.expect.nodes", { n: task.nodes, total: task.nodes + 1 }),
    say("plan.found.hosts", { len: plan.nodes.len, hosts }),
  );
}

function perNode(task: PlanTask, plan: Plan): PlanCheck {
  const hosts = hostsOf(plan.perNode);
  return check(
    "perNode",
    hosts >= task.podsPerNode + 1,
    say("plan.expect.perNode", { n: task.podsPerNode, total: task.podsPerNode + 1 }),
    say("plan.found.hosts", { len: plan.perNode, hosts }),
  );
}

function blocks(task: PlanTask, plan: Plan): PlanCheck {
  const n = 2 ** (plan.perNode - plan.pods.len);
  return check(
    "blocks",
    n >= task.nodes,
    say("plan.expect.blocks", { n: task.nodes }),
    say("plan.found.blocks", { pods: plan.pods.len, len: plan.perNode, n }),
  );
}

function services(task: PlanTask, plan: Plan): PlanCheck {
  const hosts = hostsOf(plan.services.len);
  return check(
    "services",
    hosts >= task.services,
    say("plan.expect.services", { n: task.services }),
    say("plan.found.hosts", { len: plan.services.len, hosts }),
  );
}

/**
 * Questions about prefixes, without end: question n of a level is the same for everybody and for ever, so that it can be
 * talked about by its number. Four levels: whole numbers of the mask, the last number, any number, blocks of blocks. Each
 * question carries its answer worked out step by step; judging an answer is in judge.ts.
 */
import { Prng } from "../../sim/core/prng.ts";
import {
  bitsOf,
  factsOf,
  fmtCidr,
  fmtIp4,
  hostsOf,
  lastOf,
  lengthFor,
  maskOf,
  networkOf,
  overlap,
  sizeOf,
  whole,
  type Prefix4,
} from "./cidr.ts";
import { say, type Phrase } from "./phrase.ts";

export type Level = 1 | 2 | 3 | 4;
export const LEVELS: readonly Level[] = [1, 2, 3, 4];

export type DrillKind =
  | "mask"
  | "length"
  | "network"
  | "broadcast"
  | "first"
  | "last"
  | "hosts"
  | "which"
  | "overlap"
  | "fit"
  | "nth"
  | "parts"
  | "summary"
  | "nodes";

export interface Drill {
  readonly level: Level;
  /** from 0 */
  readonly n: number;
  readonly kind: DrillKind;
  readonly ask: Phrase;
  readonly form: "address" | "mask" | "length" | "count" | "cidr" | "choice";
  /** of a "choice" */
  readonly options: readonly { readonly id: string; readonly label: string | Phrase }[];
  /** as the product writes it: "10.1.2.0", "/26", "62", "10.1.2.0/26", an option's id */
  readonly answer: string;
  readonly steps: readonly Phrase[];
  /** addresses drawn as bits, with the length whose border matters */
  readonly bits: readonly { readonly addr: number; readonly len: number }[];
  /** what the question is about, for judging */
  readonly about: Prefix4;
  /** machines or blocks that were asked for */
  readonly need: number;
}

type Made = Omit<Drill, "level" | "n" | "kind" | "options" | "need"> & Partial<Pick<Drill, "options" | "need">>;
type Maker = (rng: Prng, level: Level) => Made;

const KINDS: Readonly<Record<Level, readonly DrillKind[]>> = {
  1: ["mask", "length", "network", "hosts"],
  2: ["network", "broadcast", "first", "last", "hosts", "which"],
  3: ["network", "broadcast", "overlap", "fit", "hosts", "last"],
  4: ["nth", "parts", "summary", "nodes", "overlap"],
};

export function makeDrill(level: Level, n: number): Drill {
  const kinds = KINDS[level];
  // each round of a level asks every kind once, in an order of its own
  const round = Math.floor(n / kinds.length);
  const kind = shuffled(new Prng(round, `drill/${level}/round`), kinds)[n % kinds.length]!;
  const made = MAKERS[kind](new Prng(n, `drill/${level}`), level);
  return { options: [], need: 0, ...made, level, n, kind };
}

function shuffled<T>(rng: Prng, list: readonly T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

const pick = <T>(rng: Prng, list: readonly T[]): T => list[rng.below(list.length)]!;
const between = (rng: Prng, low: number, high: number): number => low + rng.below(high - low + 1);

/** An address in one of the private ranges, with a length. */
function prefixOf(rng: Prng, len: number): Prefix4 {
  const [base, fixed] = pick(rng, [
    [0x0a000000, 8],
    [0xac100000, 12],
    [0xc0a80000, 16],
  ] as const);
  const addr = fixed > len ? 0x0a000000 : base;
  const keep = Math.min(fixed, len);
  return { addr: (addr | (rng.u32() & ~maskOf(keep))) >>> 0, len };
}

/** A host address in the prefix, neither its network nor its last address. */
function hostIn(rng: Prng, len: number): Prefix4 {
  const p = whole(prefixOf(rng, len));
  return { addr: p.addr + 1 + rng.below(sizeOf(len) - 2), len };
}

function lengthAt(rng: Prng, level: Level): number {
  if (level === 1) return pick(rng, [8, 16, 24, 24, 25, 26]);
  if (level === 2) return between(rng, 25, 30);
  return level === 3 ? between(rng, 17, 23) : between(rng, 9, 23);
}

/** Where the border between network and host falls, in words: the number it splits, the step of the blocks there. */
export function borderSteps(p: Prefix4): Phrase[] {
  const k = Math.ceil(p.len / 8) || 1;
  const fixed = p.len - (k - 1) * 8;
  const octet = (p.addr >>> (32 - k * 8)) & 255;
  if (fixed === 8) return [say("drill.step.whole", { len: p.len, k, rest: 32 - p.len })];
  const step = 2 ** (8 - fixed);
  const low = octet - (octet % step);
  return [
    say("drill.step.border", { len: p.len, k, octet, fixed, free: 8 - fixed }),
    say("drill.step.blocks", { free: 8 - fixed, step, low, high: low + step - 1, octet }),
  ];
}

const aboutAddress =
  (key: "network" | "broadcast" | "first" | "last"): Maker =>
  (rng, level) => {
    const about = hostIn(rng, lengthAt(rng, level));
    const f = factsOf(about);
    const value = key === "broadcast" ? f.broadcast! : f[key];
    const end = key === "network" || key === "first" ? f.network : f.broadcast!;
    return {
      ask: say(`drill.ask.${key}`, { cidr: fmtCidr(about) }),
      form: "address",
      answer: fmtIp4(value),
      steps: [
        ...borderSteps(about),
        say(key === "network" || key === "first" ? "drill.step.network" : "drill.step.broadcast", { address: fmtIp4(end) }),
        ...(key === "first" ? [say("drill.step.first", { address: fmtIp4(value) })] : []),
        ...(key === "last" ? [say("drill.step.last", { address: fmtIp4(value) })] : []),
      ],
      bits: [about, { addr: value, len: about.len }],
      about,
    };
  };

const MAKERS: Readonly<Record<DrillKind, Maker>> = {
  mask(rng) {
    const about = { addr: 0, len: between(rng, 8, 30) };
    return {
      ask: say("drill.ask.mask", { len: about.len }),
      form: "mask",
      answer: fmtIp4(maskOf(about.len)),
      steps: [
        say("drill.step.ones", { len: about.len, rest: 32 - about.len }),
        say("drill.step.mask", { mask: fmtIp4(maskOf(about.len)) }),
      ],
      bits: [{ addr: maskOf(about.len), len: about.len }],
      about,
    };
  },
  length(rng) {
    const len = between(rng, 8, 30);
    const mask = fmtIp4(maskOf(len));
    return {
      ask: say("drill.ask.length", { mask }),
      form: "length",
      answer: `/${len}`,
      steps: [say("drill.step.count", { mask, len })],
      bits: [{ addr: maskOf(len), len }],
      about: { addr: maskOf(len), len },
    };
  },
  network: aboutAddress("network"),
  broadcast: aboutAddress("broadcast"),
  first: aboutAddress("first"),
  last: aboutAddress("last"),
  hosts(rng, level) {
    const len = level === 1 ? between(rng, 24, 30) : level === 2 ? between(rng, 20, 29) : pick(rng, [31, 32, 17, 18, 19, 31]);
    const about = whole(prefixOf(rng, len));
    return {
      ask: say("drill.ask.hosts", { cidr: fmtCidr(about) }),
      form: "count",
      answer: String(hostsOf(len)),
      steps: [
        say("drill.step.size", { len, free: 32 - len, size: sizeOf(len) }),
        say(len === 31 ? "drill.step.hosts31" : len === 32 ? "drill.step.hosts32" : "drill.step.hosts", {
          size: sizeOf(len),
          hosts: hostsOf(len),
        }),
      ],
      bits: [about],
      about,
    };
  },
  which(rng) {
    const len = between(rng, 26, 28);
    const about = hostIn(rng, len);
    const around = whole({ addr: about.addr, len: len - 2 });
    const blocks = [0, 1, 2, 3].map((i) => fmtCidr({ addr: around.addr + i * sizeOf(len), len }));
    return {
      ask: say("drill.ask.which", { address: fmtIp4(about.addr), len }),
      form: "choice",
      options: blocks.map((b) => ({ id: b, label: b })),
      answer: fmtCidr(whole(about)),
      steps: [...borderSteps(about), say("drill.step.which", { cidr: fmtCidr(whole(about)) })],
      bits: [about, whole(about)],
      about,
    };
  },
  overlap(rng, level) {
    const len = level === 3 ? between(rng, 20, 26) : between(rng, 12, 22);
    const a = whole(prefixOf(rng, len));
    const yes = rng.below(2) === 0;
    const longer = Math.min(30, len + between(rng, 1, 5));
    // the other one lies in the block, or in the block beside it
    const block = yes ? a.addr : (a.addr ^ sizeOf(len)) >>> 0;
    const b = whole({ addr: (block | (rng.u32() & ~maskOf(len))) >>> 0, len: longer });
    const [x, y] = rng.below(2) === 0 ? [a, b] : [b, a];
    const same = overlap(a, b);
    return {
      ask: say("drill.ask.overlap", { a: fmtCidr(x), b: fmtCidr(y) }),
      form: "choice",
      options: [
        { id: "yes", label: say("drill.yes") },
        { id: "no", label: say("drill.no") },
      ],
      answer: same ? "yes" : "no",
      steps: [
        say("drill.step.compare", { len, a: fmtCidr(a), b: fmtCidr(b) }),
        say("drill.step.range", { cidr: fmtCidr(a), from: fmtIp4(a.addr), to: fmtIp4(lastOf(a)) }),
        say(same ? "drill.step.inside" : "drill.step.outside", { cidr: fmtCidr(b), from: fmtIp4(b.addr) }),
      ],
      bits: [
        { addr: a.addr, len },
        { addr: b.addr, len },
      ],
      about: a,
    };
  },
  fit(rng) {
    const need = between(rng, 5, 4000);
    const len = lengthFor(need);
    return {
      ask: say("drill.ask.fit", { need }),
      form: "length",
      answer: `/${len}`,
      steps: [
        say("drill.step.fitNot", { len: len + 1, hosts: hostsOf(len + 1), need }),
        say("drill.step.fit", { len, hosts: hostsOf(len), need }),
      ],
      bits: [{ addr: maskOf(len), len }],
      about: { addr: 0, len },
      need,
    };
  },
  nth(rng) {
    const len = between(rng, 16, 24);
    const part = len + between(rng, 2, 4);
    const block = whole(prefixOf(rng, len));
    const at = between(rng, 2, 2 ** (part - len));
    const about = { addr: block.addr + (at - 1) * sizeOf(part), len: part };
    return {
      ask: say("drill.ask.nth", { cidr: fmtCidr(block), len: part, at }),
      form: "cidr",
      answer: fmtCidr(about),
      steps: [
        say("drill.step.partSize", { len: part, size: sizeOf(part) }),
        say("drill.step.nth", { at, before: at - 1, from: fmtIp4(block.addr), cidr: fmtCidr(about) }),
      ],
      bits: [block, about],
      about,
    };
  },
  parts(rng) {
    const len = between(rng, 12, 24);
    const part = len + between(rng, 2, 8);
    const about = whole(prefixOf(rng, len));
    return {
      ask: say("drill.ask.parts", { cidr: fmtCidr(about), len: part }),
      form: "count",
      answer: String(2 ** (part - len)),
      steps: [say("drill.step.parts", { len, part, bits: part - len, n: 2 ** (part - len) })],
      bits: [about],
      about,
    };
  },
  summary(rng) {
    const count = pick(rng, [2, 4, 8]);
    const part = between(rng, 20, 26);
    const about = whole(prefixOf(rng, part - Math.log2(count)));
    const first = { addr: about.addr, len: part };
    const last = { addr: about.addr + (count - 1) * sizeOf(part), len: part };
    return {
      ask: say("drill.ask.summary", { count, first: fmtCidr(first), last: fmtCidr(last) }),
      form: "cidr",
      answer: fmtCidr(about),
      steps: [
        say("drill.step.same", { bits: about.len, a: fmtIp4(first.addr), b: fmtIp4(last.addr) }),
        say("drill.step.summary", { count, bits: part - about.len, part, len: about.len, cidr: fmtCidr(about) }),
      ],
      bits: [
        { addr: first.addr, len: about.len },
        { addr: last.addr, len: about.len },
      ],
      about,
    };
  },
  nodes(rng) {
    const len = between(rng, 12, 18);
    const part = between(rng, 23, 26);
    const about = whole(prefixOf(rng, len));
    const n = 2 ** (part - len);
    return {
      ask: say("drill.ask.nodes", { cidr: fmtCidr(about), len: part }),
      form: "count",
      answer: String(n),
      steps: [say("drill.step.parts", { len, part, bits: part - len, n }), say("drill.step.nodes", { n })],
      bits: [about],
      about,
    };
  },
};

/** First bit, from 1, in which two addresses differ; 0 when they are the same. */
export function firstDifference(a: number, b: number): number {
  const [x, y] = [bitsOf(a), bitsOf(b)];
  for (let i = 0; i < 32; i++) if (x[i] !== y[i]) return i + 1;
  return 0;
}

export const inSame = (a: number, p: Prefix4): boolean => networkOf({ addr: a, len: p.len }) === networkOf(p);

/**
 * Labs and challenges as data. Files live with the chapters as YAML; the build turns them into JSON after checking them
 * against sim/lab/schema.ts. Nothing here is code: a fault is a typed patch, a goal is a probe.
 */

import type { LocalText } from "../core/text.ts";

export type { LocalText };

export interface LabManifest {
  readonly id: string;
  readonly title: LocalText;
  /** start of the realtime clock, seconds since 1970 (2026-01-01 00:00:00 UTC unless the lab says otherwise) */
  readonly epoch?: number;
  readonly machines: readonly MachineSpec[];
  readonly cables: readonly CableSpec[];
  /** seed-drawn values, usable as $name in addresses, routes, challenge texts and probes */
  readonly params?: Readonly<Record<string, ParamSpec>>;
}

export type ParamSpec =
  | { readonly oneOf: readonly string[] }
  /** an IPv4 network of the given prefix length inside `cidr` (or the network param "$name"), overlapping none of `disjoint` (names of other params) */
  | { readonly cidr: string; readonly prefix: number; readonly disjoint?: readonly string[] }
  /** a host address inside the network param `hostIn`, different from those named in `not` */
  | { readonly hostIn: string; readonly not?: readonly string[] }
  /** an address of the network param `of` by its place: 0 is the network address, −1 the last one */
  | { readonly nth: number; readonly of: string };

export interface MachineSpec {
  readonly name: string;
  /** "switch": a bridge over all its NICs, with no terminal, address or name of its own on the network; default "host" */
  readonly kind?: "host" | "switch";
  readonly badge: string;
  /** centre of its box in the network picture, px at 100 %: columns about 300 apart, rows about 220 */
  readonly x: number;
  readonly y: number;
  /** login users besides root; the first is whom a terminal logs in as. sudo works without password */
  readonly users?: readonly string[];
  readonly locked?: boolean;
  readonly nics?: readonly NicSpec[];
  readonly routes?: readonly RouteSpec[];
  /** "net.ipv4.ip_forward": "1" */
  readonly sysctl?: Readonly<Record<string, string>>;
  /** extra lines of /etc/hosts after localhost and the own name */
  readonly hosts?: readonly string[];
  /** files by path; `append` adds to what is there */
  readonly files?: readonly { readonly path: string; readonly text: string; readonly append?: boolean; readonly mode?: number }[];
}

export interface NicSpec {
  readonly name: string;
  readonly mac: string;
  readonly addresses?: readonly AddressSpec[];
  readonly up?: boolean; // default true
  readonly mtu?: number;
}

export interface AddressSpec {
  readonly cidr: string;
  /** as a DHCP client leaves it: `metric 100 … dynamic` with a lifetime in seconds */
  readonly metric?: number;
  readonly dynamicSec?: number;
  /** given to the interface only when its cable is first plugged in, as a DHCP client would */
  readonly onPlug?: boolean;
}

export interface RouteSpec {
  readonly to: string; // "default" or a CIDR
  readonly via?: string;
  readonly dev?: string;
  readonly metric?: number;
}

export interface CableSpec {
  readonly id: string;
  readonly ends: readonly [string, string]; // "network01:enp0s1"
  readonly plugged?: boolean; // default true
  /** may the learner plug and unplug it? default false */
  readonly learner?: boolean;
  readonly latencyUs?: number; // default 100
  readonly mbit?: number; // default 100
  readonly lossPercent?: number;
}

// ---------------------------------------------------------------- challenges

export interface ChallengeManifest {
  readonly schema: "hop/challenge@1";
  readonly id: string;
  readonly title: LocalText;
  readonly chapter: string;
  readonly level: 1 | 2 | 3;
  readonly minutes: number;
  readonly provenance: readonly { readonly kind: string; readonly ref: string }[];
  readonly skills: readonly string[];
  readonly world: {
    readonly lab: string;
    readonly params?: Readonly<Record<string, ParamSpec>>;
    readonly fault?: readonly FaultOp[];
    /** one of these, drawn from the seed, after `fault` */
    readonly faultOneOf?: readonly (readonly FaultOp[])[];
    readonly decoys?: readonly FaultOp[];
  };
  readonly access: { readonly machines: readonly string[]; readonly locked?: readonly string[] };
  readonly briefing: { readonly symptom: LocalText; readonly ticket: LocalText };
  readonly goals: readonly GoalSpec[];
  readonly invariants?: readonly GoalSpec[];
  /** effects that undo the point of the exercise: a probe that must not come out */
  readonly forbidden?: readonly ForbiddenSpec[];
  readonly diagnosis?: DiagnosisSpec;
  readonly hints: readonly HintSpec[];
  readonly scoring: {
    readonly weights: { readonly goals: number; readonly invariants: number; readonly diagnosis: number; readonly persistence: number };
    readonly pass: number;
  };
  readonly reveal: { readonly cause: LocalText; readonly why: LocalText; readonly realWorld: LocalText };
}

/** Typed patches of a machine at boot. Values may name params. */
export type FaultOp =
  | {
      readonly op: "route.add";
      readonly machine: string;
      readonly to: string;
      readonly via?: string;
      readonly dev?: string;
      readonly metric?: number;
    }
  | { readonly op: "route.del"; readonly machine: string; readonly to: string }
  | { readonly op: "addr.set"; readonly machine: string; readonly dev: string; readonly cidr: string }
  | { readonly op: "sysctl.set"; readonly machine: string; readonly key: string; readonly value: string }
  | { readonly op: "link.set"; readonly machine: string; readonly dev: string; readonly up: boolean }
  | { readonly op: "neigh.add"; readonly machine: string; readonly dev: string; readonly ip: string; readonly mac: string }
  | { readonly op: "file.write"; readonly machine: string; readonly path: string; readonly text: string };

export interface GoalSpec {
  readonly id: string;
  readonly title: LocalText;
  readonly probe: Probe;
  /** done to the second world before the probe, in order */
  readonly after?: readonly PerturbOp[];
  readonly visible: boolean;
  readonly weight: number;
  readonly expected: LocalText;
  readonly look: LocalText;
}

/** Behaviour, asked by real commands in a second world. */
export type Probe =
  | {
      readonly ping: { readonly from: string; readonly to: string; readonly count?: number; readonly ttl?: number };
      readonly expect: "answered" | "lost";
    }
  /** the addresses of the hops that traceroute sees */
  | { readonly pathVia: { readonly from: string; readonly to: string; readonly hops: readonly string[] } }
  /** a command as root; `contains` and `lacks` are looked for in its standard output */
  | {
      readonly command: { readonly on: string; readonly run: string };
      readonly expect: { readonly code?: number; readonly contains?: string; readonly lacks?: string };
    };

export type PerturbOp =
  | { readonly do: "advance"; readonly seconds: number }
  | { readonly do: "linkFlap"; readonly cable: string }
  | { readonly do: "flushNeigh"; readonly machine: string };

export interface ForbiddenSpec {
  readonly id: string;
  readonly title: LocalText;
  /** seen in the second world, this is the forbidden effect */
  readonly probe: Probe;
  readonly verdict: "fail" | "cap60";
  readonly expected: LocalText;
  readonly look: LocalText;
}

export interface DiagnosisSpec {
  readonly id: string;
  readonly ask: LocalText;
  /** decisions that prove it, any of them; every given field must agree */
  readonly accept: readonly { readonly site: string; readonly machine?: string; readonly reason?: string }[];
  readonly weight: number;
}

export interface HintSpec {
  readonly rung: number;
  readonly text: LocalText;
}

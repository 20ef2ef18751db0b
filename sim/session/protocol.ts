/**
 * What an app, a terminal relay and the command line say to a world, and what it says back. Plain data only: every
 * message survives structuredClone and JSON. The renderer knows the engine through this file, sim/trace/explain and
 * the types of sim/lab/manifest.ts, and through nothing else.
 *
 * A host opens one world, attaches terminals to it and forwards what people type. Every outside cause becomes an
 * InputRecord with the virtual time of its acceptance; (lab, seed, records) is the whole session.
 */
import type { LocalText } from "../core/text.ts";

export const PROTOCOL_VERSION = 1;

/** Identifies a terminal within a session; chosen by the host, from 1. Terminal n keeps its number when replayed. */
export type TermId = number;

/** What a learner can do to a lab outside its terminals. */
export type LabAction =
  | { readonly do: "plug"; readonly cable: string }
  | { readonly do: "unplug"; readonly cable: string }
  /** a file saved in the editor pane beside the terminal, as the machine's person or with sudo */
  | { readonly do: "edit"; readonly machine: string; readonly path: string; readonly text: string; readonly sudo: boolean };

/** Why a file cannot be read or written. */
export type FileProblem =
  | "no machine"
  | "not absolute"
  | "no file"
  | "no directory"
  | "directory"
  | "permission"
  | "locked"
  | "not text"
  | "too large"
  | "full"
  | "refused";

/** One outside cause. `t` is the virtual time in ns at which the world accepted it, `done` the events done by then. */
export interface InputRecord {
  readonly seq: number;
  readonly t: number;
  readonly done: number;
  readonly src: string; // "term:1", "app", "cli"
  readonly kind: "open" | "key" | "paste" | "resize" | "button" | "edit" | "undo" | "reset" | "hint" | "evidence" | "resume" | "kill";
  readonly data: unknown;
}

export type ToWorld =
  | {
      readonly type: "start";
      readonly version: number;
      readonly lab: string;
      /** a challenge's world is the lab's plus its fault, drawn from the seed */
      readonly challenge: string | null;
      readonly seed: number;
      readonly locale: "en" | "ko";
      /** records of an earlier session to run first */
      readonly log: readonly InputRecord[];
    }
  | {
      readonly type: "open";
      readonly term: TermId;
      readonly machine: string;
      readonly user: string | null;
      readonly cols: number;
      readonly rows: number;
    }
  | { readonly type: "close"; readonly term: TermId }
  | { readonly type: "input"; readonly term: TermId; readonly kind: "key" | "paste"; readonly data: string }
  | { readonly type: "resize"; readonly term: TermId; readonly cols: number; readonly rows: number }
  /** characters of output that the terminal has taken in; output stops while too many are out */
  | { readonly type: "ack"; readonly term: TermId; readonly chars: number }
  | { readonly type: "action"; readonly action: Exclude<LabAction, { do: "edit" }> }
  /** an edit; answered when it was tried. What cannot be written is no record of the log */
  | { readonly type: "save"; readonly id: number; readonly edit: Extract<LabAction, { do: "edit" }> }
  | { readonly type: "speed"; readonly speed: number } // 0 = paused, 1 = real time, n = n times
  | { readonly type: "undo"; readonly term: TermId | null }
  | { readonly type: "reset" }
  | { readonly type: "hint" }
  | { readonly type: "evidence"; readonly question: string; readonly decision: DecisionView | null }
  | { readonly type: "grade"; readonly id: number; readonly scope: "visible" | "all" }
  | { readonly type: "ask"; readonly id: number; readonly query: Query }
  | { readonly type: "stop" };

export type Query =
  /** the journeys of the newest packets, newest first */
  | { readonly q: "journeys"; readonly limit: number }
  | { readonly q: "journey"; readonly packet: number }
  /** a file of a machine, for the editor pane */
  | { readonly q: "file"; readonly machine: string; readonly path: string; readonly sudo: boolean };

export type FromWorld =
  | {
      readonly type: "ready";
      readonly version: number;
      readonly topology: TopologyView;
      readonly terminals: readonly TerminalView[];
      /** a challenge's texts with the variant's values filled in */
      readonly briefing?: { readonly symptom: LocalText; readonly ticket: LocalText };
    }
  | { readonly type: "output"; readonly term: TermId; readonly data: string }
  | { readonly type: "exit"; readonly term: TermId; readonly code: number }
  /** a shell is at its prompt (busy null) or runs a foreground command */
  | { readonly type: "terminal"; readonly term: TermId; readonly view: TerminalView }
  | { readonly type: "topology"; readonly topology: TopologyView }
  | { readonly type: "packets"; readonly packets: readonly PacketEvent[]; readonly skipped: number }
  | {
      readonly type: "clock";
      readonly now: number;
      readonly realtime: number;
      readonly done: number;
      readonly speed: number;
      readonly idle: boolean;
    }
  /** records accepted since the last message, to be stored before they count as saved */
  | { readonly type: "log"; readonly records: readonly InputRecord[] }
  | { readonly type: "goals"; readonly checking: boolean; readonly goals: readonly GoalView[] }
  /** `reveal`: cause and explanation of the challenge, once it is passed */
  | { readonly type: "graded"; readonly id: number; readonly result: GradeResult; readonly reveal: RevealView | null }
  | { readonly type: "hints"; readonly open: readonly HintView[]; readonly nextNeeds: "observation" | "none" }
  /** is the decision that was pinned for the challenge's question the one that proves it? */
  | { readonly type: "evidence"; readonly question: string; readonly right: boolean }
  | { readonly type: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly type: "undone"; readonly what: string | null; readonly canUndo: boolean; readonly next: string | null }
  /** frames go round in a loop of bridges, by these ports; none: no longer. Sent when it changes */
  | { readonly type: "loop"; readonly ports: readonly CableEnd[] }
  /** the world stopped; the log is safe. `what` in words, `detail` for a copy button */
  | { readonly type: "fault"; readonly what: string; readonly detail: string };

export type Answer =
  | { readonly q: "journeys"; readonly journeys: readonly JourneyView[] }
  | { readonly q: "journey"; readonly journey: JourneyView | null }
  | { readonly q: "file"; readonly text: string | null; readonly problem: FileProblem | null; readonly writable: boolean }
  | { readonly q: "save"; readonly problem: FileProblem | null };

// ---------------------------------------------------------------- views

export interface TerminalView {
  readonly term: TermId;
  readonly machine: string;
  readonly user: string;
  readonly cwd: string;
  /** the foreground command while one runs */
  readonly busy: string | null;
  readonly alive: boolean;
  /** exit status of the last command line, once the shell is at its prompt again; the app shows it under a Run block */
  readonly lastCode?: number;
}

export interface TopologyView {
  readonly lab: string;
  readonly title: LocalText;
  readonly machines: readonly MachineView[];
  readonly cables: readonly CableView[];
}

export interface MachineView {
  readonly name: string;
  /** a switch is drawn as an upright bar that cables end on; it has no terminal */
  readonly kind: "host" | "switch";
  /** two letters or so for the badge */
  readonly badge: string;
  readonly x: number;
  readonly y: number;
  readonly locked: boolean;
  readonly users: readonly string[];
  readonly namespaces: readonly NamespaceView[];
  /** facts worth seeing in the picture */
  readonly routes: number;
  readonly ipForward: boolean;
}

export interface NamespaceView {
  /** "" is the machine's first namespace */
  readonly name: string;
  readonly interfaces: readonly InterfaceView[];
  readonly routes: readonly string[];
}

export interface InterfaceView {
  readonly ifindex: number;
  readonly name: string;
  readonly kind: string; // "nic", "veth", "bridge", "loopback", …
  readonly state: "up" | "down" | "no-carrier";
  readonly mac: string;
  readonly addresses: readonly string[]; // "192.168.150.2/24"
  readonly mtu: number;
  readonly master: string | null;
  /** the other end of a veth pair, when it is in this picture */
  readonly peer: { readonly machine: string; readonly namespace: string; readonly name: string } | null;
}

export interface CableView {
  readonly id: string;
  readonly ends: readonly [CableEnd, CableEnd];
  readonly plugged: boolean;
  /** may the learner plug and unplug it? */
  readonly learner: boolean;
  readonly label: string; // the range that runs over it, as computed from the addresses at its ends, or ""
}
export interface CableEnd {
  readonly machine: string;
  readonly name: string;
}

/** A frame that crossed a link, or ended somewhere. Times are virtual ns. */
export interface PacketEvent {
  readonly packet: number;
  /** the packet this one was made from or answers to (a forwarded copy, an ICMP error), or 0 */
  readonly parent: number;
  readonly start: number;
  readonly end: number;
  /** a cable id, or "veth:MACHINE/NS/IF" */
  readonly link: string;
  readonly from: CableEnd;
  readonly to: CableEnd;
  readonly protocol: "ARP" | "ICMP" | "ICMPv6" | "UDP" | "TCP" | "IPv6" | "Other";
  readonly reply: boolean;
  readonly error: boolean;
  readonly info: string; // "echo request seq 3 ttl 63"
  readonly fate: "crossed" | "lost";
}

/** One decision about a packet, in words. */
export interface DecisionView {
  /** stable within a session: packet and sequence number */
  readonly key: string;
  readonly t: number;
  readonly site: string; // name of the site in sim/trace/sites.ts
  readonly kernel: string; // the kernel function it stands for
  readonly machine: string;
  readonly namespace: string;
  readonly device: string | null;
  readonly verdict: "went on" | "stopped" | "delivered" | "sent";
  readonly reason: string | null; // drop reason name, when stopped
  readonly title: LocalText;
  readonly facts: readonly { readonly label: LocalText; readonly value: string }[];
  /** what would have had to differ, when stopped */
  readonly wouldPassIf: readonly LocalText[];
}

export interface JourneyView {
  readonly packet: number;
  readonly start: number;
  readonly title: string; // "192.168.150.2 → 192.168.100.2  ICMP echo request id 3 seq 1"
  readonly outcome: "delivered" | "stopped" | "under way";
  readonly summary: LocalText;
  /** grouped by machine in order of time */
  readonly stops: readonly { readonly machine: string; readonly namespace: string; readonly decisions: readonly DecisionView[] }[];
  /** packets caused by this one: replies, ICMP errors */
  readonly caused: readonly number[];
}

export interface GoalView {
  readonly id: string;
  readonly title: LocalText;
  readonly state: "met" | "unmet" | "untried" | "checking" | "hidden";
  readonly expected: LocalText;
  readonly found: LocalText | null;
  readonly look: LocalText | null;
}

export interface HintView {
  readonly rung: number;
  readonly text: LocalText;
  readonly cost: number;
}

export interface CheckResult {
  readonly id: string;
  readonly weight: number;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly look: string;
}

export interface RevealView {
  readonly cause: LocalText;
  readonly why: LocalText;
  readonly realWorld: LocalText;
}

export interface GradeResult {
  readonly challenge: string;
  readonly seed: number;
  readonly score: number; // 0..100
  readonly passed: boolean;
  readonly goals: readonly CheckResult[];
  readonly invariants: readonly CheckResult[];
  readonly forbidden: readonly CheckResult[];
}

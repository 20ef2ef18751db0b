/**
 * The world shown now, as the app sees it. Fed by the messages of its LabClient; everything drawn comes from here, and
 * nothing here is guessed from the lesson.
 */
import { create } from "zustand";
import type {
  CableEnd,
  FromWorld,
  GoalView,
  GradeResult,
  RevealView,
  HintView,
  InterfaceView,
  MachineView,
  PacketEvent,
  TermId,
  TerminalView,
  TopologyView,
} from "../../sim/session/protocol.ts";
import type { LocalText } from "../../sim/lab/manifest.ts";
import type { SaveState, WorldKey } from "../session/client.ts";

export interface LabState {
  readonly key: WorldKey | null;
  readonly phase: "none" | "starting" | "ready" | "fault" | "missing";
  /** inputs being run again while it starts */
  readonly replaying: number;
  readonly stuck: boolean;
  /** ports of a loop of bridges in which frames go round now */
  readonly loop: readonly CableEnd[];
  readonly fault: { readonly what: string; readonly detail: string } | null;
  readonly topology: TopologyView | null;
  readonly terminals: Readonly<Record<TermId, TerminalView>>;
  readonly exits: Readonly<Record<TermId, number>>;
  readonly clock: { readonly now: number; readonly realtime: number; readonly speed: number; readonly idle: boolean };
  /** newest last, at most 200 */
  readonly packets: readonly PacketEvent[];
  readonly skipped: number;
  /** a challenge's texts with the variant's values filled in */
  readonly briefing: { readonly symptom: LocalText; readonly ticket: LocalText } | null;
  readonly goals: readonly GoalView[];
  readonly checking: boolean;
  readonly hints: readonly HintView[];
  /** "none": there is no further hint */
  readonly nextHintNeeds: "observation" | "none";
  /** lines entered since the world was opened; looking again is what opens the next hint */
  readonly entered: number;
  /** whether the decision pinned for a challenge's question is the one that proves it */
  readonly evidence: Readonly<Record<string, boolean>>;
  readonly undo: { readonly can: boolean; readonly next: string | null };
  readonly grading: boolean;
  readonly graded: GradeResult | null;
  /** what the challenge was about, told once it is passed */
  readonly reveal: RevealView | null;
  readonly saved: SaveState;
  readonly notice: { readonly kind: "restored" | "undone" | "damaged"; readonly text: string } | null;
}

export const EMPTY_LAB: LabState = {
  key: null,
  phase: "none",
  replaying: 0,
  stuck: false,
  loop: [],
  fault: null,
  topology: null,
  terminals: {},
  exits: {},
  clock: { now: 0, realtime: 0, speed: 1, idle: true },
  packets: [],
  skipped: 0,
  briefing: null,
  goals: [],
  checking: false,
  hints: [],
  nextHintNeeds: "none",
  entered: 0,
  evidence: {},
  undo: { can: false, next: null },
  grading: false,
  graded: null,
  reveal: null,
  saved: "none",
  notice: null,
};

export const PACKETS_KEPT = 200;

export const useLab = create<LabState>(() => EMPTY_LAB);

/** The state after a message. Output, answers and log records never come here. */
export function afterMessage(state: LabState, message: FromWorld): LabState {
  switch (message.type) {
    case "ready":
      return {
        ...state,
        phase: "ready",
        fault: null,
        loop: [],
        topology: message.topology,
        briefing: message.briefing ?? null,
        terminals: Object.fromEntries(message.terminals.map((view) => [view.term, view])),
      };
    case "terminal":
      return { ...state, terminals: { ...state.terminals, [message.term]: message.view } };
    case "exit": {
      const view = state.terminals[message.term];
      return {
        ...state,
        exits: { ...state.exits, [message.term]: message.code },
        terminals: view ? { ...state.terminals, [message.term]: { ...view, alive: false, busy: null } } : state.terminals,
      };
    }
    case "topology":
      return { ...state, topology: message.topology };
    case "packets":
      return { ...state, packets: [...state.packets, ...message.packets].slice(-PACKETS_KEPT), skipped: state.skipped + message.skipped };
    case "clock":
      return { ...state, clock: { now: message.now, realtime: message.realtime, speed: message.speed, idle: message.idle } };
    case "goals":
      return { ...state, goals: message.goals, checking: message.checking };
    case "graded":
      return { ...state, grading: false, graded: message.result, reveal: message.reveal };
    case "hints":
      return { ...state, hints: message.open, nextHintNeeds: message.nextNeeds };
    case "evidence":
      return { ...state, evidence: { ...state.evidence, [message.question]: message.right } };
    case "undone":
      return {
        ...state,
        undo: { can: message.canUndo, next: message.next },
        notice: message.what === null ? state.notice : { kind: "undone", text: message.what },
      };
    case "loop":
      return { ...state, loop: message.ports };
    case "fault":
      return { ...state, phase: "fault", fault: { what: message.what, detail: message.detail } };
    case "output":
    case "log":
    case "answer":
      return state;
    default: {
      const unknown: never = message;
      return unknown;
    }
  }
}

export const machineNamed = (topology: TopologyView | null, name: string): MachineView | null =>
  topology?.machines.find((m) => m.name === name) ?? null;

/** Which of the four tints a machine's badge has: by its place in the lab, repeating after four. */
export function tintOf(topology: TopologyView | null, name: string): number {
  const index = topology?.machines.filter((m) => m.kind === "host").findIndex((m) => m.name === name) ?? -1;
  return index < 0 ? 1 : (index % 4) + 1;
}

export function interfaceOf(machine: MachineView, namespace: string, name: string): InterfaceView | null {
  return machine.namespaces.find((ns) => ns.name === namespace)?.interfaces.find((i) => i.name === name) ?? null;
}

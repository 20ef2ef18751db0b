/** Which terminals are open, which one or two are seen, and which has the keyboard. */
import { create } from "zustand";
import type { TermId, TopologyView, TerminalView } from "../../sim/session/protocol.ts";

export interface Tab {
  readonly term: TermId;
  readonly machine: string;
}
export interface TerminalsState {
  readonly tabs: readonly Tab[];
  /** one or two; the second is the right half of a split */
  readonly shown: readonly TermId[];
  readonly focused: TermId | null;
  /** Tab moves the focus instead of going to the shell */
  readonly tabMoves: boolean;
}

export const MAX_TERMINALS = 8;
export const NO_TERMINALS: TerminalsState = { tabs: [], shown: [], focused: null, tabMoves: false };

export const useTerminals = create<TerminalsState>(() => NO_TERMINALS);

/** One tab for every machine that has a shell, numbered as in the lab, and one for every further terminal the log opened. */
export function tabsFor(topology: TopologyView, views: readonly TerminalView[], machines: readonly string[] | null): Tab[] {
  const hosts = topology.machines.filter((m) => m.kind === "host");
  const shown = hosts
    .map((m, i) => ({ term: i + 1, machine: m.name }))
    .filter((tab) => machines === null || machines.includes(tab.machine) || views.some((v) => v.term === tab.term));
  const further = views.filter((v) => v.alive && !shown.some((t) => t.term === v.term)).map((v) => ({ term: v.term, machine: v.machine }));
  return [...shown, ...further];
}

/** A terminal brought to the front: into the half that has the keyboard, unless it is seen already. */
export function show(state: TerminalsState, term: TermId): TerminalsState {
  if (!state.tabs.some((t) => t.term === term)) return state;
  if (state.shown.includes(term)) return { ...state, focused: term };
  if (state.shown.length < 2) return { ...state, shown: [term], focused: term };
  const at = Math.max(0, state.shown.indexOf(state.focused ?? -1));
  return { ...state, shown: state.shown.map((t, i) => (i === at ? term : t)), focused: term };
}

/** Two halves: the one in hand and the next tab that is not seen. One tab only: a split has nothing to show. */
export function split(state: TerminalsState): TerminalsState {
  const first = state.focused ?? state.shown[0];
  if (first === undefined || state.shown.length === 2) return state;
  const at = state.tabs.findIndex((t) => t.term === first);
  const beside = [...state.tabs.slice(at + 1), ...state.tabs.slice(0, at)][0];
  return beside ? { ...state, shown: [first, beside.term], focused: beside.term } : state;
}

export function unsplit(state: TerminalsState): TerminalsState {
  const keep = state.focused ?? state.shown[0];
  return keep === undefined ? state : { ...state, shown: [keep], focused: keep };
}

export function beside(state: TerminalsState, step: 1 | -1): TerminalsState {
  if (state.shown.length === 2) return { ...state, focused: state.shown.find((t) => t !== state.focused) ?? state.focused };
  const at = state.tabs.findIndex((t) => t.term === state.focused);
  const next = state.tabs[(at + step + state.tabs.length) % state.tabs.length];
  return next ? show(state, next.term) : state;
}

export function added(state: TerminalsState, machine: string): { state: TerminalsState; term: TermId | null } {
  if (state.tabs.length >= MAX_TERMINALS) return { state, term: null };
  const term = Math.max(0, ...state.tabs.map((t) => t.term)) + 1;
  const at = state.tabs.findLastIndex((t) => t.machine === machine);
  const tabs = [...state.tabs.slice(0, at + 1), { term, machine }, ...state.tabs.slice(at + 1)];
  return { state: show({ ...state, tabs }, term), term };
}

export function closed(state: TerminalsState, term: TermId): TerminalsState {
  const tabs = state.tabs.filter((t) => t.term !== term);
  let shown = state.shown.filter((t) => t !== term);
  if (shown.length === 0 && tabs[0]) shown = [tabs[0].term];
  return { ...state, tabs, shown, focused: state.focused === term ? (shown[0] ?? null) : state.focused };
}

/**
 * The one world that is open: its client, its terminals, and what the app does to it. Components read useLab and
 * useTerminals and call these functions; nothing else touches the transport.
 */
import type {
  Answer,
  DecisionView,
  FileProblem,
  FromWorld,
  GradeResult,
  JourneyView,
  PacketEvent,
  TermId,
} from "../../sim/session/protocol.ts";
import { LabClient, type WorldKey } from "../session/client.ts";
import { openTransport, progressStore } from "../session/host.ts";
import { TermHandle } from "../terminal/handle.ts";
import { appKey } from "../terminal/keys.ts";
import { afterMessage, EMPTY_LAB, useLab } from "./lab.ts";
import { usePrefs } from "./prefs.ts";
import { added, closed, NO_TERMINALS, show, tabsFor, useTerminals } from "./terminals.ts";
import { useUi } from "./ui.ts";

let client: LabClient | null = null;
const handles = new Map<TermId, TermHandle>();
const opened = new Set<TermId>();
const packetListeners = new Set<(packets: readonly PacketEvent[], skipped: number) => void>();
/** output that came before its terminal had a tab */
const early = new Map<TermId, [string, () => void][]>();

const same = (a: WorldKey | null, b: WorldKey): boolean =>
  a !== null && a.lab === b.lab && a.challenge === b.challenge && a.seed === b.seed;

/** Opens a world, closing the one before. `machines`: whose terminals are shown; null: all. */
export async function openWorld(key: WorldKey, machines: readonly string[] | null = null): Promise<void> {
  if (same(useLab.getState().key, key)) return;
  closeWorld();
  useLab.setState({ ...EMPTY_LAB, key, phase: "starting" });
  const store = await progressStore();
  if (!same(useLab.getState().key, key)) return;
  const mine = new LabClient(key, {
    openTransport,
    store,
    locale: usePrefs.getState().locale,
    events: {
      message: (message) => onMessage(message, machines),
      output: (term, data, done) => {
        const handle = handles.get(term);
        if (handle) handle.write(data, done);
        else early.set(term, [...(early.get(term) ?? []), [data, done]]);
      },
      clear() {
        early.clear();
        opened.clear();
        for (const handle of handles.values()) handle.clear();
        useLab.setState({ phase: "starting", terminals: {}, exits: {}, packets: [], skipped: 0, replaying: mine.replayed });
      },
      saved: (saved) => useLab.setState({ saved }),
      stuck: (stuck) => useLab.setState({ stuck }),
      restored: (taken) => useLab.setState({ notice: { kind: "restored", text: taken ?? "" } }),
      damaged: (n) => useLab.setState({ notice: { kind: "damaged", text: String(n) } }),
      failed: (detail) => useLab.setState({ phase: "fault", fault: { what: "", detail } }),
    },
  });
  client = mine;
  await mine.start();
}

export function closeWorld(): void {
  client?.stop();
  client = null;
  for (const handle of handles.values()) handle.dispose();
  handles.clear();
  opened.clear();
  early.clear();
  useTerminals.setState(NO_TERMINALS);
  useLab.setState(EMPTY_LAB);
  useUi.setState({ journey: null, decision: null, picking: null, hand: null });
}

function onMessage(message: FromWorld, machines: readonly string[] | null): void {
  useLab.setState((state) => afterMessage(state, message));
  if (message.type === "ready") {
    for (const view of message.terminals) if (view.alive) opened.add(view.term);
    const tabs = tabsFor(message.topology, message.terminals, machines);
    for (const tab of tabs) handleOf(tab.term, tab.machine);
    const before = useTerminals.getState();
    const shown = before.shown.filter((t) => tabs.some((tab) => tab.term === t));
    const first = tabs[0]?.term;
    useTerminals.setState({
      tabs,
      shown: shown.length > 0 ? shown : first === undefined ? [] : [first],
      focused: before.focused ?? first ?? null,
    });
  } else if (message.type === "packets") {
    for (const listener of packetListeners) listener(message.packets, message.skipped);
  } else if (message.type === "exit") opened.delete(message.term);
}

export function onPackets(listener: (packets: readonly PacketEvent[], skipped: number) => void): () => void {
  packetListeners.add(listener);
  return () => packetListeners.delete(listener);
}

// ---------------------------------------------------------------- terminals

function handleOf(term: TermId, machine: string): TermHandle {
  const known = handles.get(term);
  if (known) return known;
  const handle = new TermHandle(term, machine, {
    input: (kind, data) => enter(term, kind, data),
    resize: (cols, rows) => {
      if (opened.has(term)) client?.send({ type: "resize", term, cols, rows });
    },
    askPaste: (text) => useUi.setState({ paste: { term, text } }),
    link: (url) => useUi.setState({ link: url }),
    appKey: (event) => appKey(event, handle),
    focus: () => useTerminals.setState({ focused: term }),
  });
  handles.set(term, handle);
  for (const [data, done] of early.get(term) ?? []) handle.write(data, done);
  early.delete(term);
  return handle;
}

export const terminalHandle = (term: TermId): TermHandle | null => handles.get(term) ?? null;
export const allHandles = (): readonly TermHandle[] => [...handles.values()];

/** Starts the terminal's shell where it has none yet. */
export function ensureShell(term: TermId): void {
  const handle = handles.get(term);
  if (!handle || opened.has(term) || useLab.getState().phase !== "ready") return;
  opened.add(term);
  client?.send({ type: "open", term, machine: handle.machine, user: null, cols: handle.cols, rows: handle.rows });
}

/** A new shell in a terminal whose shell has ended. */
export function reopenShell(term: TermId): void {
  useLab.setState((s) => {
    const { [term]: _, ...exits } = s.exits;
    return { exits };
  });
  ensureShell(term);
}

export function newTerminal(machine: string): boolean {
  const { state, term } = added(useTerminals.getState(), machine);
  if (term === null) return false;
  handleOf(term, machine);
  useTerminals.setState(state);
  ensureShell(term);
  return true;
}

export function closeTerminal(term: TermId): void {
  client?.send({ type: "close", term });
  handles.get(term)?.dispose();
  handles.delete(term);
  opened.delete(term);
  useTerminals.setState((s) => closed(s, term));
}

/** Brings a machine's terminal to the front, with its shell; null when the machine is not in this world. */
export function showMachine(machine: string, focus = true): TermHandle | null {
  const state = useTerminals.getState();
  const tab =
    state.tabs.find((t) => t.machine === machine && state.shown.includes(t.term)) ?? state.tabs.find((t) => t.machine === machine);
  if (!tab) return null;
  const before = state.focused;
  useTerminals.setState((s) => show(s, tab.term));
  if (!focus) useTerminals.setState({ focused: before });
  ensureShell(tab.term);
  const handle = handles.get(tab.term) ?? null;
  if (focus) {
    useUi.setState({ pane: "terminal" });
    requestAnimationFrame(() => handle?.focus());
  }
  return handle;
}

/** Types text into a machine's terminal, without Enter, and leaves the keyboard there. */
export function typeInto(machine: string, text: string): boolean {
  const handle = showMachine(machine);
  if (!handle) return false;
  client?.input(handle.term, "key", text);
  return true;
}

export const typeKeys = (term: TermId, text: string): void => enter(term, "key", text);

function enter(term: TermId, kind: "key" | "paste", data: string): void {
  client?.input(term, kind, data);
  if (data.includes("\r")) useLab.setState((s) => ({ entered: s.entered + 1 }));
}

// ---------------------------------------------------------------- the world

export const setSpeed = (speed: number): void => client?.send({ type: "speed", speed });
/** Takes back the newest change of any terminal: the one the button names. */
export const undo = (): void => client?.send({ type: "undo", term: null });
export const reset = (): void => client?.send({ type: "reset" });
export const askHint = (): void => client?.send({ type: "hint" });
export const plug = (cable: string, plugged: boolean): void =>
  client?.send({ type: "action", action: { do: plugged ? "plug" : "unplug", cable } });
export const pinEvidence = (question: string, decision: DecisionView): void => client?.send({ type: "evidence", question, decision });
export const restartWorld = (): void => client?.restart();
export const hardStop = (): void => client?.hardStop(useTerminals.getState().focused);
export const retrySave = (): void => client?.retrySave();

export async function grade(): Promise<GradeResult | null> {
  if (!client) return null;
  useLab.setState({ grading: true });
  const result = await client.grade("all");
  if (!result) useLab.setState({ grading: false });
  return result;
}

export async function journeys(limit: number): Promise<readonly JourneyView[]> {
  const answer = await client?.ask({ q: "journeys", limit });
  return answer?.q === "journeys" ? answer.journeys : [];
}

export type FileAnswer = Extract<Answer, { q: "file" }>;
/** A file as it is on the machine now; null where no world answers. */
export async function readFile(machine: string, path: string, sudo: boolean): Promise<FileAnswer | null> {
  const answer = await client?.ask({ q: "file", machine, path, sudo });
  return answer?.q === "file" ? answer : null;
}

/** Saves a file: null when it is saved, else why not. */
export async function saveFile(machine: string, path: string, text: string, sudo: boolean): Promise<FileProblem | null> {
  const answer = await client?.save({ do: "edit", machine, path, text, sudo });
  return answer?.q === "save" ? answer.problem : "no machine";
}

export async function journeyOf(packet: number): Promise<JourneyView | null> {
  const answer = await client?.ask({ q: "journey", packet });
  return answer?.q === "journey" ? answer.journey : null;
}

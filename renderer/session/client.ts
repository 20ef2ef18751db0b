/**
 * One world as the app sees it: starts it from its stored log, stores what it accepts, passes output to terminals with
 * acknowledgements, and watches over it. A world that sends nothing for a second is stuck; the learner's next Ctrl-C
 * after one that had no effect ends it: the worker is terminated and a new one runs the log again, up to the last
 * acknowledged event, with a `kill` of the foreground job at the end. Where even that does not come back within three
 * seconds, the last input line is left out of the replay and the learner is told which it was.
 */
import {
  PROTOCOL_VERSION,
  type Answer,
  type FromWorld,
  type GradeResult,
  type InputRecord,
  type Query,
  type TermId,
  type ToWorld,
} from "../../sim/session/protocol.ts";
import { worldStream, type ProgressStore } from "../store/progress-store.ts";
import type { OpenTransport, Transport } from "./transport.ts";

export interface WorldKey {
  readonly lab: string;
  readonly challenge: string | null;
  readonly seed: number;
}

export type SaveState = "none" | "saving" | "saved" | "failed";

export interface ClientEvents {
  message(message: FromWorld): void;
  /** text for a terminal; `done` once the terminal has taken it in */
  output(term: TermId, data: string, done: () => void): void;
  /** every terminal starts empty: the world starts, or starts again */
  clear(): void;
  saved(state: SaveState): void;
  stuck(stuck: boolean): void;
  /** the world was restored after a hard stop; `taken` is the input line left out, if any */
  restored(taken: string | null): void;
  damaged(records: number): void;
  failed(detail: string): void;
}

/** How long a world may be silent, how long a restart may take; milliseconds. */
export interface Patience {
  readonly silence: number;
  readonly restart: number;
}

export class LabClient {
  readonly key: WorldKey;
  private readonly openTransport: OpenTransport;
  private readonly store: ProgressStore;
  private readonly events: ClientEvents;
  private readonly patience: Patience;
  private readonly locale: "en" | "ko";
  private transport: Transport | null = null;
  private log: InputRecord[] = [];
  private unsaved: InputRecord[] = [];
  private storing = false;
  private ready = false;
  private lastHeard = 0;
  private done = 0;
  private now = 0;
  private isStuck = false;
  private interrupted = 0;
  private watch: ReturnType<typeof setInterval> | null = null;
  private restartTimer: ReturnType<typeof setTimeout> | null = null;
  private lastCheck = 0;
  private nextId = 1;
  private readonly answers = new Map<number, (answer: Answer | null) => void>();
  private readonly grades = new Map<number, (result: GradeResult | null) => void>();

  constructor(
    key: WorldKey,
    options: { openTransport: OpenTransport; store: ProgressStore; events: ClientEvents; locale: "en" | "ko"; patience?: Patience },
  ) {
    this.key = key;
    this.openTransport = options.openTransport;
    this.store = options.store;
    this.events = options.events;
    this.locale = options.locale;
    this.patience = options.patience ?? { silence: 1000, restart: 3000 };
  }

  private get stream(): string {
    return worldStream(this.key.lab, this.key.challenge, this.key.seed);
  }

  async start(): Promise<void> {
    const loaded = await this.store.load(this.stream);
    this.log = withoutTaken(loaded.records);
    const last = this.log.at(-1);
    this.done = last?.done ?? 0;
    this.now = last?.t ?? 0;
    if (loaded.damaged > 0) this.events.damaged(loaded.records.length);
    this.events.saved(loaded.records.length > 0 ? "saved" : "none");
    this.boot();
    this.watch = setInterval(() => this.check(), this.patience.silence / 2);
  }

  /** number of inputs the world starts from */
  get replayed(): number {
    return this.log.length;
  }

  send(message: ToWorld): void {
    this.transport?.send(message);
  }

  /** What is typed. A Ctrl-C into a world that does not answer is counted, and the second one ends it. */
  input(term: TermId, kind: "key" | "paste", data: string): void {
    if (kind === "key" && data === "\x03" && this.ready) {
      const silent = performance.now() - this.lastHeard > this.patience.silence / 4;
      if (this.interrupted > 0 && silent && (this.isStuck || performance.now() - this.interrupted < 2000)) return this.hardStop(term);
      this.interrupted = performance.now();
    }
    this.send({ type: "input", term, kind, data });
  }

  ask(query: Query): Promise<Answer | null> {
    return this.answered((id) => ({ type: "ask", id, query }));
  }

  save(edit: Extract<ToWorld, { type: "save" }>["edit"]): Promise<Answer | null> {
    return this.answered((id) => ({ type: "save", id, edit }));
  }

  /** null when the world stopped before it answered */
  private answered(message: (id: number) => ToWorld): Promise<Answer | null> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.answers.set(id, resolve);
      this.send(message(id));
    });
  }

  grade(scope: "visible" | "all"): Promise<GradeResult | null> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.grades.set(id, resolve);
      this.send({ type: "grade", id, scope });
    });
  }

  /** Tries again to store what could not be stored. */
  retrySave(): void {
    void this.flush();
  }

  /** Terminates the world and runs its log again with the terminal's foreground job killed. */
  hardStop(term: TermId | null): void {
    const at = term ?? lastTyped(this.log);
    if (at !== null) this.record([this.kill(at, this.now, this.done, {})]);
    this.boot();
    this.restartTimer = setTimeout(() => this.takeOutLastLine(at), this.patience.restart);
    this.afterReady = () => this.events.restored(null);
  }

  /** Starts the same log again, after a fault. */
  restart(): void {
    this.boot();
  }

  stop(): void {
    if (this.watch) clearInterval(this.watch);
    if (this.restartTimer) clearTimeout(this.restartTimer);
    this.transport?.terminate();
    this.transport = null;
    this.settleAll();
  }

  private kill(term: TermId, t: number, done: number, data: object): InputRecord {
    return { seq: (this.log.at(-1)?.seq ?? 0) + 1, t, done, src: `term:${term}`, kind: "kill", data };
  }

  private afterReady: (() => void) | null = null;

  private boot(): void {
    this.transport?.terminate();
    this.settleAll();
    this.ready = false;
    this.interrupted = 0;
    this.setStuck(false);
    this.events.clear();
    const transport = this.openTransport();
    this.transport = transport;
    transport.onMessage((message) => this.receive(message));
    transport.onFailure((detail) => {
      this.ready = false;
      this.events.failed(detail);
    });
    const { lab, challenge, seed } = this.key;
    transport.send({ type: "start", version: PROTOCOL_VERSION, lab, challenge, seed, locale: this.locale, log: this.log.map(plainRecord) });
  }

  private receive(message: FromWorld): void {
    this.lastHeard = performance.now();
    if (this.isStuck) this.setStuck(false);
    switch (message.type) {
      case "output":
        this.events.output(message.term, message.data, () => this.send({ type: "ack", term: message.term, chars: message.data.length }));
        return;
      case "log":
        this.record(message.records);
        return;
      case "clock":
        this.now = message.now;
        this.done = message.done;
        break;
      case "answer":
        this.answers.get(message.id)?.(message.answer);
        this.answers.delete(message.id);
        return;
      case "graded":
        this.grades.get(message.id)?.(message.result);
        this.grades.delete(message.id);
        break;
      case "fault":
        this.ready = false;
        break;
      case "ready":
        this.ready = true;
        if (this.restartTimer) clearTimeout(this.restartTimer);
        this.restartTimer = null;
        this.events.message(message);
        this.afterReady?.();
        this.afterReady = null;
        return;
      default:
        break;
    }
    this.events.message(message);
  }

  /** Twice a second of silence allowed: a look at when something last came. The first miss asks, the second tells. */
  private check(): void {
    const now = performance.now();
    const slept = this.lastCheck > 0 && now - this.lastCheck > this.patience.silence * 2;
    this.lastCheck = now;
    if (!this.ready || slept) {
      this.lastHeard = now;
      return;
    }
    const silent = now - this.lastHeard;
    if (silent > this.patience.silence) this.setStuck(true);
    else if (silent > this.patience.silence / 2) void this.ask({ q: "journeys", limit: 0 });
  }

  private setStuck(stuck: boolean): void {
    if (this.isStuck === stuck) return;
    this.isStuck = stuck;
    this.events.stuck(stuck);
  }

  private takeOutLastLine(term: TermId | null): void {
    const cut = lastLine(this.log, term);
    if (!cut) return this.events.failed("replay did not come back");
    this.record([this.kill(term ?? 0, cut.t, cut.done, { without: [cut.from, cut.to] })]);
    this.log = withoutTaken(this.log);
    this.boot();
    this.afterReady = () => this.events.restored(cut.text);
  }

  private record(records: readonly InputRecord[]): void {
    if (records.length === 0) return;
    this.log.push(...records);
    this.unsaved.push(...records);
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.storing || this.unsaved.length === 0) return;
    this.storing = true;
    this.events.saved("saving");
    const batch = this.unsaved;
    this.unsaved = [];
    try {
      await this.store.append(this.stream, batch.map(plainRecord));
      this.storing = false;
      if (this.unsaved.length > 0) return void this.flush();
      this.events.saved("saved");
    } catch {
      this.unsaved = [...batch, ...this.unsaved];
      this.storing = false;
      this.events.saved("failed");
    }
  }

  private settleAll(): void {
    for (const resolve of this.answers.values()) resolve(null);
    for (const resolve of this.grades.values()) resolve(null);
    this.answers.clear();
    this.grades.clear();
  }
}

const plainRecord = ({ seq, t, done, src, kind, data }: InputRecord): InputRecord => ({ seq, t, done, src, kind, data });

/** The log as it is replayed: a later `kill … without` takes the lines before it out, and is itself left out. */
export function withoutTaken(records: readonly InputRecord[]): InputRecord[] {
  let log: InputRecord[] = [];
  for (const record of records) {
    const without = record.kind === "kill" ? (record.data as { without?: readonly [number, number] } | null)?.without : undefined;
    // what comes after starts again at the first number taken out, so only records before this one are meant
    if (without) log = log.filter(({ seq }) => seq < without[0] || seq > without[1]);
    else log.push(record);
  }
  return log;
}

/** The last line typed into a terminal and everything after it: from the record after the Enter before it to the end. */
export function lastLine(
  records: readonly InputRecord[],
  term: TermId | null,
): { from: number; to: number; t: number; done: number; text: string } | null {
  const src = term === null ? null : `term:${term}`;
  const typed = records.filter((r) => (r.kind === "key" || r.kind === "paste") && (src === null || r.src === src));
  let end = typed.length - 1;
  while (end >= 0 && !hasEnter(typed[end])) end--;
  if (end < 0) return null;
  let start = end;
  while (start > 0 && !hasEnter(typed[start - 1])) start--;
  const first = typed[start];
  const last = records.at(-1);
  if (!first || !last) return null;
  const text = typed
    .slice(start, end + 1)
    .map((r) => textOf(r))
    .join("");
  return { from: first.seq, to: last.seq, t: first.t, done: first.done, text: text.replace(/[\r\n]+$/, "") };
}

/** The terminal typed into last. */
function lastTyped(records: readonly InputRecord[]): TermId | null {
  const src = records.findLast((r) => r.kind === "key" || r.kind === "paste")?.src;
  return src === undefined ? null : Number(src.slice("term:".length));
}

const textOf = (record: InputRecord): string => (typeof record.data === "string" ? record.data : "");
const hasEnter = (record: InputRecord | undefined): boolean => record !== undefined && /[\r\n]/.test(textOf(record));

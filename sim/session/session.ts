/**
 * A session: one learner's world, kept in step with the wall clock, its terminals, its log, and the second worlds in which
 * goals are probed. A host makes one, gives it messages, and calls turn() as often as turn() asks. Wall time comes in
 * through `clock` only and decides nothing but how far the world may run.
 */
import { MS, NEVER } from "../core/time.ts";
import { grade, probeGoals } from "../lab/grade.ts";
import type { LocalText } from "../core/text.ts";
import type { ChallengeManifest, LabManifest } from "../lab/manifest.ts";
import { loopedPorts } from "../net/dev/bridge/loop.ts";
import { journeyOf, newestJourneys } from "../trace/journey.ts";
import { type Edit, mayWrite, readText } from "./files.ts";
import { decode, effective, type UndoData } from "./log.ts";
import { PacketFeed } from "./packets.ts";
import {
  type Answer,
  type DecisionView,
  type FromWorld,
  type GoalView,
  type InputRecord,
  PROTOCOL_VERSION,
  type Query,
  type TermId,
  type ToWorld,
} from "./protocol.ts";
import { type LabChoice, replay, type Replica } from "./replay.ts";
import { topologyOf } from "./topology.ts";

export interface Content {
  readonly labs: readonly LabManifest[];
  readonly challenges: readonly ChallengeManifest[];
}

/** Work in one turn, in wall ms; the host's page gets the time between turns. */
const TURN_MS = 8;
const HEARTBEAT_MS = 100;
const OUTPUT_MS = 5;
const TOPOLOGY_MS = 50;
/** characters out and not taken in: above, the world waits; below, it goes on */
const HOLD_ABOVE = 100_000;
const GO_BELOW = 5_000;
/** a world that is this far behind the wall clock gives up catching up */
const MAX_LAG_MS = 200;
const EVENTS_PER_LOOK = 500;

interface Task {
  readonly run: Generator<void, void>;
}

export class Session {
  private readonly post: (m: FromWorld) => void;
  private readonly content: Content;
  private readonly clock: () => number;

  private choice: LabChoice | null = null;
  private locale: "en" | "ko" = "en";
  private live: Replica | null = null;
  private feed: PacketFeed | null = null;
  private log: InputRecord[] = [];
  private unsent: InputRecord[] = [];
  /** undo steps that the app knows of */
  private undoShown = 0;
  /** the line that was taken back, to be told once the world is there again */
  private undone: string | null = null;

  private speed = 1;
  /** where wall and virtual time were last tied together */
  private wall0 = 0;
  private virtual0 = 0;
  private readonly unacked = new Map<TermId, number>();
  private held = false;

  /** inputs that came while a world was being made */
  private waiting: ToWorld[] = [];
  /** the task that makes the live world; nothing else runs meanwhile */
  private making: Task | null = null;
  /** probes in second worlds, while the live world has time to spare */
  private probing: Task | null = null;
  private probeWanted = false;
  private goals: GoalView[] = [];

  private lastClock = -Infinity;
  private lastOutput = -Infinity;
  private lastTopology = -Infinity;
  private topologyDirty = false;
  private busyShown = new Map<TermId, string>();
  /** the loop of bridges that the app knows of */
  private loopShown = "";

  constructor(post: (m: FromWorld) => void, content: Content, clock: () => number) {
    this.post = post;
    this.content = content;
    this.clock = clock;
  }

  // ------------------------------------------------------------ messages

  receive(m: ToWorld): void {
    if (m.type === "start") return this.start(m);
    if (this.making) {
      this.waiting.push(m);
      return;
    }
    if (!this.live) return;
    switch (m.type) {
      case "open":
        return this.accept(`term:${m.term}`, "open", { machine: m.machine, user: m.user, cols: m.cols, rows: m.rows });
      case "close":
        return this.accept(`term:${m.term}`, "kill", { close: true });
      case "input":
        return this.accept(`term:${m.term}`, m.kind, m.data);
      case "resize":
        return this.accept(`term:${m.term}`, "resize", { cols: m.cols, rows: m.rows });
      case "action":
        return this.accept("app", "button", m.action);
      case "save":
        return this.save(m.id, m.edit);
      case "ack":
        this.unacked.set(m.term, Math.max(0, (this.unacked.get(m.term) ?? 0) - m.chars));
        return this.lookAtHold();
      case "speed":
        this.speed = Math.max(0, m.speed);
        return this.tie();
      case "undo":
        return this.undoLast(m.term);
      case "reset":
        return this.reset();
      case "hint":
        if (this.live.guide.mayOpenHint) {
          this.accept("app", "hint", null);
          this.live.guide.openHint();
        }
        return this.sendHints();
      case "evidence":
        return this.evidence(m.question, m.decision);
      case "grade":
        return this.startGrade(m.id, m.scope);
      case "ask":
        return this.post({ type: "answer", id: m.id, answer: this.answer(m.query) });
      case "stop":
        this.live = null;
        this.choice = null;
        this.probing = null;
        return;
    }
  }

  private start(m: Extract<ToWorld, { type: "start" }>): void {
    const challenge = m.challenge === null ? null : (this.content.challenges.find((c) => c.id === m.challenge) ?? null);
    const lab = this.content.labs.find((l) => l.id === (challenge?.world.lab ?? m.lab));
    this.locale = m.locale;
    if (m.version !== PROTOCOL_VERSION)
      return this.fault(
        {
          en: "This page and its lab are of different versions. Nothing is lost. Reload the page.",
          ko: "페이지와 실습의 버전이 다릅니다. 잃은 것은 없습니다. 페이지를 새로 고칩니다.",
        },
        `protocol ${m.version}, expected ${PROTOCOL_VERSION}`,
      );
    if (!lab || (m.challenge !== null && !challenge))
      return this.fault({ en: `There is no lab "${m.challenge ?? m.lab}".`, ko: `"${m.challenge ?? m.lab}" 실습이 없습니다.` }, "");
    this.choice = { lab, challenge, seed: m.seed };
    this.log = [...m.log];
    this.unsent = [];
    this.goals = [];
    this.make("ready");
  }

  private fault(what: LocalText, detail: string): void {
    this.post({ type: "fault", what: what[this.locale], detail });
  }

  // ------------------------------------------------------------ making the live world

  /** Builds the live world anew from the log, in slices; then says "ready" or that something was undone. */
  private make(why: "ready" | "undo"): void {
    const last = this.log.at(-1);
    const resumed = why === "ready" && last !== undefined;
    const task = function* (this: Session): Generator<void, void> {
      const r = yield* replay(this.choice!, this.log, resumed && !endsOver(this.log) ? { t: last.t, done: last.done } : null);
      this.install(r);
      if (why === "ready") {
        this.loopShown = "";
        this.post({
          type: "ready",
          version: PROTOCOL_VERSION,
          topology: topologyOf(r.lw),
          terminals: [...r.terminals.all.values()].map((t) => t.view()),
          ...(r.lw.challenge ? { briefing: r.lw.challenge.briefing } : {}),
        });
      } else this.topologyDirty = true;
      this.flushOutput(true);
      this.sendHints();
      this.sendUndo(this.undone);
      this.undone = null;
      this.firstGoals();
      if (this.log.length > 0) this.probeWanted = true;
    };
    this.making = { run: task.call(this) };
    this.live = null;
    this.probing = null;
  }

  private install(r: Replica): void {
    this.live = r;
    this.feed = new PacketFeed(r.lw);
    r.lw.world.net.changeListeners.push(() => {
      this.topologyDirty = true;
    });
    r.lw.world.onFault = (f) => {
      if (f.pid === 0)
        this.fault(
          {
            en: "The simulated network stopped. Reset the lab, or take back the last command.",
            ko: "시뮬레이션한 네트워크가 멈췄습니다. 실습을 초기화하거나 마지막 명령을 취소합니다.",
          },
          `${f.what}\n${f.stack}`,
        );
    };
    this.unacked.clear();
    this.busyShown.clear();
    this.held = false;
    this.tie();
  }

  private tie(): void {
    this.wall0 = this.clock();
    this.virtual0 = this.live?.lw.world.now ?? 0;
  }

  // ------------------------------------------------------------ inputs

  private accept(src: string, kind: InputRecord["kind"], data: unknown): void {
    const { lw, terminals } = this.live!;
    const rec: InputRecord = { seq: (this.log.at(-1)?.seq ?? 0) + 1, t: lw.world.now, done: lw.world.sched.done, src, kind, data };
    const input = decode(rec);
    if (input && input.kind !== "open" && "term" in input && !terminals.all.has(input.term)) return; // the terminal has gone
    this.log.push(rec);
    this.unsent.push(rec);
    if (!input) return;
    this.live!.apply(rec, input);
    if (input.kind === "open") this.showTerminal(input.term);
    if (input.kind === "action") this.probeWanted = true;
  }

  private save(id: number, edit: Edit): void {
    let problem = mayWrite(this.live!.lw, edit);
    if (problem === null) {
      this.accept("app", "edit", edit);
      problem = this.live!.terminals.unwritten;
    }
    this.post({ type: "answer", id, answer: { q: "save", problem } });
  }

  private evidence(question: string, decision: DecisionView | null): void {
    this.accept("app", "evidence", { question, key: decision?.key ?? null });
    const d = this.live!.lw.challenge?.diagnosis;
    if (!d || d.id !== question || !decision) return;
    this.post({ type: "evidence", question, right: proves(d.accept, decision) });
  }

  private undoLast(term: TermId | null): void {
    const step = this.live!.undo.last(term);
    if (!step) return this.sendUndo(null);
    const counted = effective(this.log);
    const data: UndoData = {
      drop: counted.filter((r) => r.seq >= step.from && (r.kind !== "open" || r.seq === step.from)).map((r) => r.seq),
      line: step.line,
    };
    this.rewrite("undo", data);
    this.undone = step.line;
  }

  private reset(): void {
    this.rewrite("reset", null);
  }

  /** Appends a record that takes others back, opens again the terminals that there are, and builds the world anew. */
  private rewrite(kind: "undo" | "reset", data: unknown): void {
    const { lw, terminals } = this.live!;
    const open = [...terminals.all.values()];
    const push = (src: string, k: InputRecord["kind"], d: unknown, t: number, done: number): void => {
      const rec: InputRecord = { seq: (this.log.at(-1)?.seq ?? 0) + 1, t, done, src, kind: k, data: d };
      this.log.push(rec);
      this.unsent.push(rec);
    };
    if (kind === "undo") {
      // terminals opened since stay: their opening is dropped and comes again at the end of what is kept
      const all = effective(this.log);
      const first = Math.min(...(data as UndoData).drop);
      const later = all.filter((r) => r.kind === "open" && r.seq > first).map((r) => r.seq);
      const drop = [...new Set([...(data as UndoData).drop, ...later])].sort((a, b) => a - b);
      push("app", "undo", { ...(data as UndoData), drop }, lw.world.now, lw.world.sched.done);
    } else push("app", "reset", null, lw.world.now, lw.world.sched.done);
    const still = new Set(
      effective(this.log)
        .filter((r) => r.kind === "open")
        .map((r) => r.src),
    );
    const missing = open.filter((t) => !still.has(`term:${t.id}`));
    this.make("undo");
    for (const t of open) this.post({ type: "output", term: t.id, data: "\x1bc" });
    // opened again once the world is there, in their old places
    this.waiting.push(
      ...missing.map((t): ToWorld => ({
        type: "open",
        term: t.id,
        machine: t.machine.name,
        user: t.user,
        cols: t.tty.size.cols,
        rows: t.tty.size.rows,
      })),
    );
  }

  // ------------------------------------------------------------ turns

  /** Does at most about TURN_MS of work. The result is how many wall ms may pass before the next call; 0: at once. */
  turn(): number {
    const t0 = this.clock();
    if (this.making) {
      this.work(this.making, t0 + TURN_MS, () => {
        this.making = null;
        const queued = this.waiting;
        this.waiting = [];
        for (const m of queued) this.receive(m);
      });
      this.report();
      return 0;
    }
    if (!this.live) return HEARTBEAT_MS;
    const behind = this.runWorld(t0);
    this.report();
    this.fulfilWishes();
    if (this.probeWanted && !behind) this.startProbing();
    if (this.probing && !this.making) this.work(this.probing, Math.max(t0 + TURN_MS, this.clock() + 2), () => (this.probing = null));
    if (behind || this.probing || this.making) return 0;
    return this.nextTurn();
  }

  private work(task: Task, until: number, done: () => void): void {
    try {
      do {
        if (task.run.next().done) return done();
      } while (this.clock() < until);
    } catch (e) {
      done();
      const err = e as Error;
      this.fault(
        err.name === "ReplayError"
          ? {
              en: "The saved commands do not lead to the same network any more. They are still stored.",
              ko: "저장된 명령을 다시 실행해도 같은 네트워크가 되지 않습니다. 명령은 그대로 저장되어 있습니다.",
            }
          : { en: "Its network could not be built.", ko: "네트워크를 만들지 못했습니다." },
        `${err.message}\n${err.stack ?? ""}`,
      );
    }
  }

  /** Runs the world up to the wall clock. True when it could not get there in this turn. */
  private runWorld(t0: number): boolean {
    const { world } = this.live!.lw;
    if (this.held || this.speed === 0 || world.dead) {
      this.tie();
      return false;
    }
    const target = this.virtual0 + Math.floor((t0 - this.wall0) * this.speed * MS);
    while (world.now < target) {
      const r = world.run(target, EVENTS_PER_LOOK);
      this.flushOutput(false);
      if (r !== "budget" || this.held) break;
      if (this.clock() - t0 >= TURN_MS) {
        if (target - world.now > MAX_LAG_MS * MS * this.speed) this.tie();
        return true;
      }
    }
    return false;
  }

  private nextTurn(): number {
    const { sched } = this.live!.lw.world;
    // what came too soon after the last output must not wait for the world
    for (const t of this.live!.terminals.all.values())
      if (t.tty.hasOutput && !this.held) return Math.max(1, this.lastOutput + OUTPUT_MS - this.clock());
    const next = sched.peek();
    if (this.speed === 0 || this.held || next === NEVER) return HEARTBEAT_MS;
    const wallOfNext = this.wall0 + (next - this.virtual0) / MS / this.speed;
    return Math.min(HEARTBEAT_MS, Math.max(1, Math.ceil(wallOfNext - this.clock())));
  }

  // ------------------------------------------------------------ reports

  private report(): void {
    const now = this.clock();
    this.flushOutput(false);
    if (this.unsent.length > 0) {
      this.post({ type: "log", records: this.unsent });
      this.unsent = [];
    }
    if (this.live) {
      this.lookAtTerminals();
      if (this.topologyDirty && now - this.lastTopology >= TOPOLOGY_MS) {
        this.topologyDirty = false;
        this.lastTopology = now;
        this.post({ type: "topology", topology: topologyOf(this.live.lw) });
      }
      this.lookForLoops();
      const { packets, skipped } = this.feed!.take();
      if (packets.length > 0) this.post({ type: "packets", packets, skipped });
    }
    if (now - this.lastClock >= HEARTBEAT_MS) {
      this.lastClock = now;
      const w = this.live?.lw.world;
      this.post({
        type: "clock",
        now: w?.now ?? 0,
        realtime: w?.realtime() ?? 0,
        done: w?.sched.done ?? 0,
        speed: this.speed,
        idle: w ? w.sched.peek() === NEVER : false,
      });
    }
  }

  private flushOutput(all: boolean): void {
    if (!this.live) return;
    const now = this.clock();
    if (!all && now - this.lastOutput < OUTPUT_MS) return;
    for (const t of this.live.terminals.all.values()) {
      if (!t.tty.hasOutput) continue;
      this.lastOutput = now;
      const data = t.tty.drain();
      this.unacked.set(t.id, (this.unacked.get(t.id) ?? 0) + data.length);
      this.post({ type: "output", term: t.id, data });
    }
    this.lookAtHold();
  }

  private lookAtHold(): void {
    const most = Math.max(0, ...this.unacked.values());
    if (!this.held && most > HOLD_ABOVE) this.held = true;
    else if (this.held && most < GO_BELOW) {
      this.held = false;
      this.tie();
    }
  }

  private showTerminal(term: TermId): void {
    const t = this.live!.terminals.all.get(term);
    if (!t) return this.fault({ en: "That terminal could not be opened.", ko: "그 터미널을 열지 못했습니다." }, `terminal ${term}`);
    this.post({ type: "terminal", term, view: t.view() });
  }

  private lookForLoops(): void {
    const ports = loopedPorts(this.live!.lw.world.net).map((d) => ({ machine: d.ns.machine, name: d.name }));
    const key = ports.map((p) => `${p.machine}:${p.name}`).join(" ");
    if (key === this.loopShown) return;
    this.loopShown = key;
    this.post({ type: "loop", ports });
  }

  /** Tells when a foreground command began or ended, and what a finished line did to the lab. */
  private lookAtTerminals(): void {
    for (const t of this.live!.terminals.all.values()) {
      const view = t.view();
      const key = `${view.alive} ${view.busy ?? ""} ${t.shell.prompts}`; // a quick command may begin and end between two looks
      const before = this.busyShown.get(t.id);
      if (before === key) continue;
      this.busyShown.set(t.id, key);
      this.post({ type: "terminal", term: t.id, view });
      if (!view.alive && before !== undefined) this.post({ type: "exit", term: t.id, code: exitCode(t.shell.status) });
    }
    if (this.live!.undo.made !== this.undoShown) {
      this.sendUndo(null);
      this.probeWanted = true;
    }
  }

  private sendUndo(what: string | null): void {
    const { undo } = this.live!;
    this.undoShown = undo.made;
    const next = undo.last(null);
    this.post({ type: "undone", what, canUndo: next !== null, next: next?.line ?? null });
  }

  private sendHints(): void {
    const { guide } = this.live!;
    this.post({ type: "hints", open: guide.hints(), nextNeeds: guide.hasMoreHints ? "observation" : "none" });
  }

  private fulfilWishes(): void {
    const { guide } = this.live!;
    const wish = guide.wishes.shift();
    if (wish === "check") this.probeWanted = true;
    else if (wish === "undo") this.undoLast(null);
    else if (wish === "reset") this.reset();
  }

  // ------------------------------------------------------------ goals and grades

  private firstGoals(): void {
    this.goals = (this.live!.lw.challenge?.goals ?? []).map((g) => ({
      id: g.id,
      title: g.title,
      state: g.visible ? "untried" : "hidden",
      expected: g.expected,
      found: null,
      look: null,
    }));
    if (this.goals.length > 0) this.post({ type: "goals", checking: false, goals: this.goals });
  }

  private rebuilder(): () => ReturnType<typeof this.rebuildOnce> {
    const choice = this.choice!;
    const log = this.log.slice();
    const { world } = this.live!.lw;
    const end = { t: world.now, done: world.sched.done };
    return () => this.rebuildOnce(choice, log, end);
  }
  private *rebuildOnce(choice: LabChoice, log: readonly InputRecord[], end: { t: number; done: number }) {
    const r = yield* replay(choice, log, end);
    return r.lw;
  }

  /** Live ticks: the visible goals, probed in a world of their own. One run at a time; wishes meanwhile merge into one. */
  private startProbing(): void {
    if (this.probing) return;
    this.probeWanted = false;
    const challenge = this.live!.lw.challenge;
    if (!challenge) return;
    this.post({ type: "goals", checking: true, goals: this.goals });
    const rebuild = this.rebuilder();
    const task = function* (this: Session): Generator<void, void> {
      const checked = yield* probeGoals(challenge, rebuild, "visible");
      this.goals = this.goals.map((g) => {
        const c = checked.find((x) => x.spec.id === g.id);
        if (!c) return g;
        return { ...g, state: c.result.passed ? "met" : "unmet", found: c.result.found, look: c.result.passed ? null : c.spec.look };
      });
      this.post({ type: "goals", checking: false, goals: this.goals });
    };
    this.probing = { run: task.call(this) };
  }

  private startGrade(id: number, scope: "visible" | "all"): void {
    const challenge = this.live!.lw.challenge;
    if (!challenge) return this.fault({ en: "There is nothing to grade in this lab.", ko: "이 실습에는 채점할 것이 없습니다." }, "");
    const shown = scope === "all" ? challenge : { ...challenge, goals: challenge.goals.filter((g) => g.visible) };
    const rebuild = this.rebuilder();
    const opts = { locale: this.locale, diagnosis: this.diagnosis(challenge), hintCost: this.live!.guide.hintCost };
    const seed = this.choice!.seed;
    const task = function* (this: Session): Generator<void, void> {
      const result = yield* grade(shown, seed, rebuild, opts);
      this.post({ type: "graded", id, result, reveal: scope === "all" && result.passed ? challenge.reveal : null });
    };
    this.probing = { run: task.call(this) };
  }

  /** Was the newest pinned decision the right one? null when none was pinned. */
  private diagnosis(challenge: ChallengeManifest): boolean | null {
    const d = challenge.diagnosis;
    const last = this.log.findLast((r) => r.kind === "evidence" && (r.data as { question?: string }).question === d?.id);
    const key = (last?.data as { key?: string | null } | undefined)?.key;
    if (!d || !key) return null;
    const { lw, guide } = this.live!;
    const journey = journeyOf(lw.world.rec, Number(key.split(".")[0]), guide.names);
    const decision = journey?.stops.flatMap((s) => s.decisions).find((x) => x.key === key);
    return decision ? proves(d.accept, decision) : false;
  }

  // ------------------------------------------------------------ questions

  private answer(q: Query): Answer {
    const { lw, guide } = this.live!;
    switch (q.q) {
      case "journeys":
        return { q: "journeys", journeys: newestJourneys(lw.world.rec, q.limit, guide.names) };
      case "journey":
        return { q: "journey", journey: journeyOf(lw.world.rec, q.packet, guide.names) };
      case "file":
        return { q: "file", ...readText(lw, q.machine, q.path, q.sudo) };
    }
  }
}

function proves(accept: NonNullable<ChallengeManifest["diagnosis"]>["accept"], d: DecisionView): boolean {
  return accept.some(
    (a) => d.site === a.site && (a.machine === undefined || d.machine === a.machine) && (a.reason === undefined || d.reason === a.reason),
  );
}

/** Does the log end in a record after which nothing of the old world is left? */
function endsOver(log: readonly InputRecord[]): boolean {
  const last = log.at(-1);
  return last?.kind === "undo" || last?.kind === "reset";
}

function exitCode(s: { readonly kind: string; readonly value: number } | null): number {
  return s === null ? 0 : s.kind === "signaled" ? 128 + s.value : s.value;
}

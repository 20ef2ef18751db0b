/**
 * Plays a chapter as its text asks: its blocks with Run in order, its cables, and for each step that is the learner's own the
 * commands that the test gives. On the real engine every step must tick by them and not before, every packet that a note is about
 * must have been there, and every decision that a question accepts. What goes wrong is collected, in words.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadContent } from "../../scripts/content.ts";
import { buildLab, type LabWorld } from "../../sim/lab/build.ts";
import { parseScript, runSteps } from "../../sim/lab/script.ts";
import { Guide, namesOf } from "../../sim/session/guide.ts";
import { PacketFeed } from "../../sim/session/packets.ts";
import type { DecisionView, JourneyView, PacketEvent, TopologyView } from "../../sim/session/protocol.ts";
import { topologyOf } from "../../sim/session/topology.ts";
import { newestJourneys } from "../../sim/trace/journey.ts";
import { elementsOf, type Element } from "../mdx.ts";

const ROOT = join(import.meta.dirname, "../..");
const { labs } = loadContent(join(ROOT, "chapters"));

type AllHold = (conditions: readonly object[], topology: TopologyView, packets: readonly PacketEvent[]) => boolean;
export type Accept = Partial<Pick<DecisionView, "site" | "machine" | "reason" | "verdict">>;

/** Packets the app keeps (renderer/state/lab.ts). */
const KEPT = 200;

export class Play {
  readonly lw: LabWorld;
  packets: PacketEvent[] = [];
  private readonly feed: PacketFeed;

  constructor(lab: string, seed: number) {
    this.lw = buildLab(
      labs.find((l) => l.id === lab)!,
      null,
      seed,
    );
    new Guide(this.lw);
    this.feed = new PacketFeed(this.lw);
  }

  /** Runs a script as the person of each machine, and gives each command's output. */
  run(script: string, on = this.lw.lab.machines[0]!.name): { cmd: string; text: string; code: number }[] {
    const results: { cmd: string; text: string; code: number }[] = [];
    const steps = parseScript(
      script,
      this.lw.lab.machines.map((m) => m.name),
      on,
    );
    for (const r of runSteps(this.lw.world, steps, { pace: 0.1, limit: 120, user: null })) {
      if (r) results.push({ cmd: r.cmd, text: r.stdout + r.stderr, code: r.code });
      this.packets = [...this.packets, ...this.feed.take().packets].slice(-KEPT);
    }
    return results;
  }
  wait(seconds: number): void {
    for (const _ of this.lw.advance(seconds * 1e9));
  }
  journeys(): JourneyView[] {
    return newestJourneys(this.lw.world.rec, 50, namesOf(this.lw));
  }
  journey(match: string): JourneyView | undefined {
    const words = match.toLowerCase().split(" ");
    return this.journeys().find((j) => words.every((w) => j.title.toLowerCase().includes(w)));
  }
}

export const decisions = (j: JourneyView): readonly DecisionView[] => j.stops.flatMap((s) => s.decisions);
export const fits = (d: DecisionView, a: Accept): boolean => Object.entries(a).every(([k, v]) => d[k as keyof Accept] === v);

export interface Played {
  readonly worlds: ReadonlyMap<string, Play>;
  /** by block key or by the block's text, what the machines printed */
  readonly said: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** @param solutions for each step, what a learner types, in scripts for `hop run` */
export async function playChapter(chapter: string, solutions: Readonly<Record<string, string>>): Promise<Played> {
  // by a path that tsc does not follow: the renderer is compiled with settings of its own
  const { allHold } = (await import(join(ROOT, "renderer/state/conditions.ts"))) as { allHold: AllHold };
  const elements = elementsOf(readFileSync(join(ROOT, "chapters", chapter, "index.en.mdx"), "utf8"));
  const worlds = new Map<string, Play>();
  const said = new Map<string, string>();
  const problems: string[] = [];
  let play: Play;

  const world = (e: Element): Play => {
    const key = `${e.props.lab} ${e.props.seed}`;
    if (!worlds.has(key)) worlds.set(key, new Play(String(e.props.lab), Number(e.props.seed)));
    return worlds.get(key)!;
  };

  /** A block of shell lines. A capture goes on in the background, as in a terminal of its own. */
  const shell = (on: string, text: string, key?: string): void => {
    const script = text.includes("tcpdump") ? `${text} > /tmp/capture 2>&1 &\nsleep 1` : text;
    const results = play.run(script, on);
    said.set(key ?? text, results.map((r) => r.text).join(""));
    for (const r of results) if (r.text.includes("not simulated") || r.code === 127) problems.push(`${on}: ${r.cmd}: ${r.text}`);
  };

  const step = (e: Element): void => {
    const id = String(e.props.id);
    const when = e.props.when as object[];
    const ticks = (): boolean => allHold(when, topologyOf(play.lw), play.packets);
    if (ticks()) problems.push(`step ${id} holds before anything was done`);
    for (const other of worlds.values())
      if (other !== play && allHold(when, topologyOf(other.lw), other.packets)) problems.push(`step ${id} holds in another part's world`);
    said.set(
      id,
      play
        .run(solutions[id] ?? "false")
        .map((r) => r.text)
        .join(""),
    );
    if (!ticks()) problems.push(`step ${id} does not hold after its solution`);
  };

  const stepper = (e: Element): void => {
    const match = String(e.props.match);
    if (!play.journey(match)) shell(String(e.props.on), String(e.props.send));
    const j = play.journey(match);
    if (!j) return void problems.push(`no packet for the stepper ${e.props.id}`);
    for (const note of e.children.filter((c) => c.name === "StepNote"))
      if (!decisions(j).some((d) => d.site === note.props.site && d.machine === note.props.machine))
        problems.push(`${e.props.id}: no decision ${note.props.site} on ${note.props.machine}`);
  };

  const visit = (e: Element): void => {
    if (e.name === "World") play = world(e);
    else if (e.name === "Plug") {
      play.lw.plug(String(e.props.cable));
      play.wait(3);
    } else if (e.name === "code") {
      if (e.props.run === true) shell(String(e.props.on), e.text, e.props.out as string | undefined);
    } else if (e.name === "FadedStep") step(e);
    else if (e.name === "PacketStepper") return stepper(e);
    else if (e.name === "GoalStrip") return;
    else if (e.name === "EvidenceQuestion") {
      const accept = [e.props.accept].flat() as Accept[];
      if (!play.journeys().some((j) => decisions(j).some((d) => accept.some((a) => fits(d, a)))))
        problems.push(`nothing to pick for ${e.props.id}`);
    }
    e.children.forEach(visit);
  };
  elements.forEach(visit);
  return { worlds, said, problems };
}

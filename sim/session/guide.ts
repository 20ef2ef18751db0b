/**
 * What a world tells its learner beyond Linux: `why` and the `lab` command, and the ladder of hints. Everything here is a
 * function of the world and the log, so a replay says the same.
 */
import type { LabAnswer, LabRequest } from "../kernel/abi.ts";
import type { Process } from "../kernel/process.ts";
import type { LabWorld } from "../lab/build.ts";
import type { Names } from "../trace/explain/sentence.ts";
import { journeyOf, lastOf } from "../trace/journey.ts";
import type { TraceAnswer, TraceQuery } from "../trace/query.ts";
import type { HintView } from "./protocol.ts";

/** Points that each rung takes in graded mode. */
const COSTS: readonly number[] = [0, 0, 5, 10, 15, 100];

/** What the `lab` command asks the session to do once the command has ended. */
export type Wish = "check" | "undo" | "reset";

export class Guide {
  private readonly lw: LabWorld;
  /** a script has nobody who could check goals or take things back while it runs */
  private readonly inScript: boolean;
  readonly names: Names;
  /** rungs open; the first always is */
  hintsOpen = 1;
  wishes: Wish[] = [];
  /** lines entered when the newest hint was opened: the next one needs a look at something first */
  private promptsAtHint = -1;

  constructor(lw: LabWorld, where: "session" | "script" = "session") {
    this.lw = lw;
    this.inScript = where === "script";
    this.names = namesOf(lw);
    lw.world.traceHook = (p, q) => this.trace(p, q);
    lw.world.labHook = (p, req) => this.lab(p, req);
  }

  hints(): HintView[] {
    return (this.lw.challenge?.hints ?? []).slice(0, this.hintsOpen).map((h) => ({ rung: h.rung, text: h.text, cost: COSTS[h.rung] ?? 0 }));
  }
  get hasMoreHints(): boolean {
    return this.hintsOpen < (this.lw.challenge?.hints.length ?? 0);
  }
  /** Has something been looked at since the newest hint was opened? */
  get mayOpenHint(): boolean {
    return this.hasMoreHints && this.lw.world.prompts > this.promptsAtHint;
  }
  /** `typed`: by the lab command, whose own prompt is yet to come. */
  openHint(typed = false): void {
    if (!this.hasMoreHints) return;
    this.hintsOpen++;
    this.promptsAtHint = this.lw.world.prompts + (typed ? 1 : 0);
  }
  get hintCost(): number {
    return this.hints().reduce((n, h) => n + h.cost, 0);
  }

  private trace(p: Process, q: TraceQuery): TraceAnswer {
    const { rec } = this.lw.world;
    if (q.q === "journey") return { journey: journeyOf(rec, q.packet, this.names), refusals: [] };
    const namespaces = this.lw.world.net.namespaces;
    return lastOf(rec, (ns) => namespaces.get(ns)?.machine === p.machine.name, this.names, q.filter ?? "any");
  }

  private lab(p: Process, req: LabRequest): LabAnswer {
    switch (req.op) {
      case "describe":
        return say(this.describe());
      case "goal":
        return say(this.goals());
      case "hint": {
        if (!this.lw.challenge) return say("This lab has no goals and so no hints.", 1);
        if (!this.hasMoreHints) return say("Every hint is open.", 1);
        if (!this.mayOpenHint) return say("Look at something new first: a capture, a table, a route. Then the next hint opens.", 1);
        this.openHint(true);
        return say(this.hints().at(-1)!.text.en);
      }
      case "check":
        if (!this.lw.challenge) return say("This lab has no goals to check.", 1);
        if (this.inScript) return say("The goals are checked when the script has ended: hop check.", 1);
        this.wishes.push("check");
        return say("The goals are being checked in a copy of this lab; the answer stands beside them.");
      case "undo":
      case "reset":
        if (this.inScript) return say("A script cannot take back what it did. Run it again.", 1);
        this.wishes.push(req.op);
        return say(req.op === "undo" ? "The last change is taken back." : "The lab starts over.");
      case "plug":
      case "unplug":
        return this.cable(p, req.op, req.cable);
    }
  }

  /** A cable is named by its id, by MACHINE:NIC, or by a NIC of the machine one is on. */
  private cable(p: Process, op: "plug" | "unplug", name: string): LabAnswer {
    const spec = this.lw.lab.cables.find((c) => c.id === name || c.ends.includes(name) || c.ends.includes(`${p.machine.name}:${name}`));
    if (!spec) return say(`There is no cable "${name}" here. There is ${this.lw.lab.cables.map((c) => c.id).join(", ")}.`, 1);
    if (!spec.learner) return say(`The cable ${spec.id} is not yours to move.`, 1);
    if (this.lw.isPlugged(spec.id) === (op === "plug")) return say(`The cable ${spec.id} is ${op === "plug" ? "in" : "out"} already.`, 1);
    if (op === "plug") this.lw.plug(spec.id);
    else this.lw.unplug(spec.id);
    return say(`${spec.ends[0]} and ${spec.ends[1]} are ${op === "plug" ? "connected" : "apart"} now.`);
  }

  private describe(): string {
    const { lab } = this.lw;
    const lines = [lab.title.en];
    for (const m of lab.machines) if (m.kind !== "switch") lines.push(`  ${m.name}: ${["root", ...(m.users ?? [])].join(", ")}`);
    for (const c of lab.cables) if (c.learner) lines.push(`  cable ${c.id}: ${this.lw.isPlugged(c.id) ? "in" : "out"}`);
    return lines.join("\n");
  }

  private goals(): string {
    const c = this.lw.challenge;
    if (!c) return "This lab has no goals. Try what you like.";
    return [c.briefing.symptom.en, ...c.goals.filter((g) => g.visible).map((g) => `  ${g.title.en}: ${g.expected.en}`)].join("\n");
  }
}

function say(text: string, code = 0): LabAnswer {
  return { text: `${text}\n`, code };
}

/** Names of namespaces and devices as they are now. */
export function namesOf(lw: LabWorld): Names {
  const { namespaces } = lw.world.net;
  return {
    ns: (id) => {
      const ns = namespaces.get(id);
      return { machine: ns?.machine ?? "", namespace: ns && !ns.initial ? ns.alias || ns.label : "" };
    },
    dev: (id, ifindex) => namespaces.get(id)?.devs.get(ifindex)?.name ?? null,
  };
}

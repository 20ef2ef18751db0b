/**
 * Journeys: the recorder's flat history grouped by packet. A journey holds the decisions about a packet and about the
 * clones and fragments made from it, in order of time, by machine. Replies and ICMP errors that it caused are journeys of
 * their own, named by number.
 */
import type { DecisionView, JourneyView } from "../session/protocol.ts";
import { explain } from "./explain/index.ts";
import { text, type Names } from "./explain/sentence.ts";
import { summarise, type PacketSummary } from "./packet.ts";
import { reasonName } from "./reasons.ts";
import { Verdict, type RawDecision, type Recorder } from "./recorder.ts";
import { siteById, Sites } from "./sites.ts";

/** Copies of a packet: what happens to them belongs to the packet's own journey. */
const COPIES: ReadonlySet<number> = new Set([Sites.CLONE.id, Sites.FRAGMENT.id]);
/** Packets that people send, as opposed to what the stack does by itself. */
const OF_PROGRAMS: ReadonlySet<number> = new Set([Sites.SEND.id]);
/** Packets that the stack makes in answer to another. */
const ANSWERS: ReadonlySet<number> = new Set([Sites.ICMP_SEND.id, Sites.ICMP_REPLY.id]);

const WORDS = {
  [Verdict.NOTE]: "went on",
  [Verdict.DROP]: "stopped",
  [Verdict.CONSUME]: "delivered",
  [Verdict.BIRTH]: "sent",
  [Verdict.EVENT]: "went on",
  [Verdict.REFUSE]: "stopped",
} as const;

/** The packet that `packet` is a copy of, following clones and fragments; itself when it is none. */
function original(packet: number, births: ReadonlyMap<number, RawDecision>): number {
  let p = packet;
  for (let b = births.get(p); b && COPIES.has(b.site) && b.reason !== 0; b = births.get(p)) p = b.reason;
  return p;
}

interface Grouped {
  readonly births: ReadonlyMap<number, RawDecision>;
  /** decisions by original packet, in order */
  readonly byPacket: ReadonlyMap<number, readonly RawDecision[]>;
}

function group(rec: Recorder): Grouped {
  const births = new Map<number, RawDecision>();
  const all: RawDecision[] = [];
  for (let s = rec.oldest; s < rec.count; s++) {
    const d = rec.at(s);
    if (d.skb === 0) continue;
    if (d.verdict === Verdict.BIRTH) births.set(d.skb, d);
    all.push(d);
  }
  const byPacket = new Map<number, RawDecision[]>();
  for (const d of all) {
    const p = original(d.skb, births);
    const list = byPacket.get(p);
    if (list) list.push(d);
    else byPacket.set(p, [d]);
  }
  return { births, byPacket };
}

/** The journey of one packet, or null when the recorder no longer (or never) held it. */
export function journeyOf(rec: Recorder, packet: number, names: Names): JourneyView | null {
  const g = group(rec);
  const decisions = g.byPacket.get(original(packet, g.births));
  return decisions ? view(original(packet, g.births), decisions, g, names) : null;
}

/** The newest journeys that somebody sent or that answer one, newest first. */
export function newestJourneys(rec: Recorder, limit: number, names: Names): JourneyView[] {
  const g = group(rec);
  const packets = [...g.births.values()].filter((b) => OF_PROGRAMS.has(b.site) || ANSWERS.has(b.site)).map((b) => b.skb);
  return packets
    .slice(-limit)
    .reverse()
    .map((p) => view(p, g.byPacket.get(p)!, g, names));
}

/** What a machine last did with a packet that matters to people: sent one, dropped one, or refused to send one; or only the newest that it lost, or sent. */
export function lastOf(
  rec: Recorder,
  isMachine: (ns: number) => boolean,
  names: Names,
  which: "any" | "lost" | "sent",
): { journey: JourneyView | null; refusals: DecisionView[] } {
  const g = group(rec);
  for (let s = rec.count - 1; s >= rec.oldest; s--) {
    const d = rec.at(s);
    if (!isMachine(d.ns)) continue;
    if (d.skb === 0) {
      if (d.verdict === Verdict.DROP && which !== "sent") return { journey: null, refusals: [decisionView(d, names, null)] };
      continue;
    }
    const p = original(d.skb, g.births);
    const birth = g.births.get(p);
    if (!birth || !(OF_PROGRAMS.has(birth.site) || ANSWERS.has(birth.site))) continue;
    const lost = d.verdict === Verdict.DROP || d.verdict === Verdict.REFUSE;
    const sent = d.verdict === Verdict.BIRTH && OF_PROGRAMS.has(d.site);
    if ((lost && which !== "sent") || (sent && which !== "lost")) return { journey: view(p, g.byPacket.get(p)!, g, names), refusals: [] };
  }
  return { journey: null, refusals: [] };
}

function view(packet: number, decisions: readonly RawDecision[], g: Grouped, names: Names): JourneyView {
  const summary = firstSummary(decisions);
  const stops: { machine: string; namespace: string; decisions: DecisionView[] }[] = [];
  let seen: PacketSummary | null = summary;
  for (const d of decisions) {
    if (d.header) seen = summarise(d.protocol, d.header);
    const where = names.ns(d.ns);
    const v = decisionView(d, names, seen);
    const last = stops.at(-1);
    if (last && last.machine === where.machine && last.namespace === where.namespace) last.decisions.push(v);
    else stops.push({ ...where, decisions: [v] });
  }
  const drop = decisions.findLast((d) => d.verdict === Verdict.DROP);
  const refused = decisions.findLast((d) => d.verdict === Verdict.REFUSE);
  const delivered = decisions.some((d) => d.verdict === Verdict.CONSUME);
  const caused: number[] = [];
  for (const b of g.births.values())
    if (ANSWERS.has(b.site) && b.reason !== 0 && original(b.reason, g.births) === packet) caused.push(b.skb);
  // a flooded frame is dropped by everyone but its addressee: delivery decides
  const outcome = delivered ? "delivered" : drop ? "stopped" : "under way";
  return {
    packet,
    start: decisions[0]!.t,
    title: summary ? `${summary.src} → ${summary.dst}  ${summary.protocol} ${summary.info}` : `packet ${packet}`,
    outcome,
    summary:
      outcome === "stopped"
        ? stoppedIn(drop!, names, seen)
        : outcome === "under way"
          ? text("It is under way.", "가는 중입니다.")
          : refused
            ? unanswered(refused, names, seen)
            : text("It arrived.", "도착했습니다."),
    stops,
    caused,
  };
}

function stoppedIn(d: RawDecision, names: Names, seen: PacketSummary | null): JourneyView["summary"] {
  const machine = names.ns(d.ns).machine;
  const why = decisionView(d, names, seen).title;
  return text(`Stopped on ${machine}: ${why.en}`, `${machine}에서 멈춤: ${why.ko}`);
}

/** Delivered, but the machine could not answer. */
function unanswered(d: RawDecision, names: Names, seen: PacketSummary | null): JourneyView["summary"] {
  const machine = names.ns(d.ns).machine;
  const why = decisionView(d, names, seen).title;
  return text(`It arrived on ${machine}, which could not answer: ${why.en}`, `${machine}에 도착했지만 답을 보내지 못함: ${why.ko}`);
}

function firstSummary(decisions: readonly RawDecision[]): PacketSummary | null {
  for (const d of decisions) if (d.header) return summarise(d.protocol, d.header);
  return null;
}

/** One decision in words. `seen`: what the packet looked like then, when known. */
export function decisionView(d: RawDecision, names: Names, seen: PacketSummary | null): DecisionView {
  const site = siteById(d.site);
  const where = names.ns(d.ns);
  const e = explain({ d, site, names, src: seen?.src ?? "", dst: seen?.dst ?? "" });
  const stopped = d.verdict === Verdict.DROP || d.verdict === Verdict.REFUSE;
  const device = site.a.includes("ifindex") ? names.dev(d.ns, d.a) : null;
  return {
    key: `${d.skb}.${d.seq}`,
    t: d.t,
    site: site.name,
    kernel: site.kernel,
    machine: where.machine,
    namespace: where.namespace,
    device,
    verdict: WORDS[d.verdict],
    reason: stopped ? reasonName(d.reason) : null,
    title: e.title,
    facts: e.facts,
    wouldPassIf: stopped ? e.wouldPassIf : [],
  };
}

/** What `why`, the journey panel and graders ask of the flight recorder, and what they get: decoded decisions, no live objects. */
import type { DecisionView, JourneyView } from "../session/protocol.ts";

export type TraceQuery =
  /** the newest packet that the calling process' machine sent or lost; packets of `why` itself do not count */
  { readonly q: "last"; readonly filter?: "lost" | "sent" } | { readonly q: "journey"; readonly packet: number };

export interface TraceAnswer {
  readonly journey: JourneyView | null;
  /** decisions that belong to no packet of their own but to a failed send (no route: no packet was ever made) */
  readonly refusals: readonly DecisionView[];
}

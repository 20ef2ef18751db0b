/** Brings a packet's journey into the drawer; null: the newest packet's. */
import type { JourneyView } from "../../sim/session/protocol.ts";
import { useUi } from "../state/ui.ts";
import { journeyOf, journeys } from "../state/world.ts";

export async function openJourney(packet: number | null): Promise<void> {
  useUi.setState({ journeyOpen: true });
  const journey = packet === null ? ((await journeys(1))[0] ?? null) : await journeyOf(packet);
  useUi.setState({ journey, decision: verdictOf(journey), hand: packet === null ? null : packet });
}

/** The decision to look at first: the one that stopped the packet, else the last. */
export function verdictOf(journey: JourneyView | null): string | null {
  const decisions = journey?.stops.flatMap((s) => s.decisions) ?? [];
  return (decisions.find((d) => d.verdict === "stopped") ?? decisions.at(-1))?.key ?? null;
}

/** Which packet's journey the drawer shows, and at which decision. */
import type { JourneyView } from "../../sim/session/protocol.ts";
import { useUi } from "../state/ui.ts";
import { journeyOf, journeys } from "../state/world.ts";

/** packets in the list of the drawer */
export const LISTED = 40;

/** Brings a packet's journey into the drawer; null: the one that tells most. */
export async function openJourney(packet: number | null): Promise<void> {
  useUi.setState({ journeyOpen: true });
  const journey = packet === null ? (telling(await journeys(LISTED), null) ?? null) : await journeyOf(packet);
  useUi.setState({ journey, decision: verdictOf(journey), hand: packet === null ? null : packet });
}

/** Did anything refuse it? The request was delivered where the answer to it found no way, and is told with it. */
const ended = (j: JourneyView): boolean => j.stops.some((s) => s.decisions.some((d) => d.verdict === "stopped"));

/** The packet to show while nobody has chosen one: what is shown once it has stopped, else the newest that stopped, else the newest. */
export function telling(newest: readonly JourneyView[], shown: JourneyView | null): JourneyView | undefined {
  if (shown && ended(shown)) return undefined;
  return newest.find(ended) ?? newest.find((j) => j.packet === shown?.packet) ?? newest[0];
}

/** The decision to look at first: the one that stopped the packet, else the last. */
export function verdictOf(journey: JourneyView | null): string | null {
  const decisions = journey?.stops.flatMap((s) => s.decisions) ?? [];
  return (decisions.find((d) => d.verdict === "stopped") ?? decisions.at(-1))?.key ?? null;
}

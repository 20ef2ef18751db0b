/** Pinning a decision as evidence: for the question a chapter asks, else for the challenge's own. */
import type { DecisionView } from "../../sim/session/protocol.ts";
import { useUi } from "../state/ui.ts";

type Taker = (decision: DecisionView) => void;
const takers = new Map<string, Taker>();

/** A question that takes evidence while it is on the screen. Returns what ends that. */
export function takesEvidence(question: string, taker: Taker): () => void {
  takers.set(question, taker);
  return () => {
    if (takers.get(question) === taker) takers.delete(question);
  };
}

export function pinDecision(decision: DecisionView): void {
  const { picking, journeyOver } = useUi.getState();
  const taker = (picking && takers.get(picking.id)) ?? [...takers.values()].at(-1);
  taker?.(decision);
  useUi.setState({ picking: null });
  if (!picking || !journeyOver) return;
  // the drawer lies over the question: it makes way for the answer
  useUi.setState({ journeyOpen: false });
  requestAnimationFrame(() => document.getElementById(`evidence-${picking.id}`)?.focus());
}

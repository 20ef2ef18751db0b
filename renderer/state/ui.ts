/** What is open on the screen and what is in hand; nothing here outlives the window. */
import { create } from "zustand";
import type { StripGoal } from "../mdx/components.tsx";
import type { JourneyView, TermId } from "../../sim/session/protocol.ts";

export type Pane = "read" | "network" | "terminal";

export interface StopsView {
  readonly stops: readonly {
    readonly id: string;
    readonly title: string;
    readonly words: string;
    readonly state: "done" | "now" | "to come";
  }[];
}

interface UiState {
  /** which pane is seen where only one fits */
  readonly pane: Pane;
  readonly help: boolean;
  readonly search: boolean;
  readonly confirmReset: boolean;
  readonly paste: { readonly term: TermId; readonly text: string } | null;
  readonly link: string | null;
  readonly find: boolean;
  readonly journeyOpen: boolean;
  /** the drawer lies over another pane instead of beside it */
  readonly journeyOver: boolean;
  /** journey shown in the drawer; null: the newest */
  readonly journey: JourneyView | null;
  /** decision in hand, by key */
  readonly decision: string | null;
  /** packet in hand, by number */
  readonly hand: number | null;
  /** evidence question the drawer picks a decision for */
  readonly picking: { readonly id: string; readonly text: string } | null;
  /** stops of the chapter shown in the top bar */
  readonly stops: StopsView["stops"];
  /** goals a part puts over the terminals */
  readonly strip: readonly StripGoal[] | null;
  readonly leader: boolean;
}

export const useUi = create<UiState>(() => ({
  pane: "read",
  help: false,
  search: false,
  confirmReset: false,
  paste: null,
  link: null,
  find: false,
  journeyOpen: false,
  journeyOver: false,
  journey: null,
  decision: null,
  hand: null,
  picking: null,
  stops: [],
  strip: null,
  leader: true,
}));

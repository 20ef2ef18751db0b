import { describe, expect, it } from "vitest";
import type { JourneyView } from "../../sim/session/protocol.ts";
import { telling } from "./open.ts";

const text = { en: "", ko: "" };
const journey = (packet: number, outcome: JourneyView["outcome"], verdict: "went on" | "stopped"): JourneyView => ({
  packet,
  start: 0,
  title: `packet ${packet}`,
  outcome,
  summary: text,
  caused: [],
  stops: [
    {
      machine: "network02",
      namespace: "",
      decisions: [
        {
          key: `${packet}/1`,
          t: 0,
          site: "IP_ROUTE_OUTPUT",
          kernel: "",
          machine: "network02",
          namespace: "",
          device: null,
          verdict,
          reason: null,
          title: text,
          facts: [],
          wouldPassIf: [],
        },
      ],
    },
  ],
});

describe("the packet the drawer shows while nobody has chosen one", () => {
  const fine = journey(3, "delivered", "went on");
  const lost = journey(2, "stopped", "stopped");
  const unanswered = journey(4, "delivered", "stopped");

  it("is the newest that something refused", () => expect(telling([fine, lost], null)).toBe(lost));
  it("is also one that arrived and could not be answered", () => expect(telling([fine, unanswered, lost], null)).toBe(unanswered));
  it("is the newest where none was refused", () => expect(telling([fine], null)).toBe(fine));
  it("does not change under the reader once it shows a refusal", () => expect(telling([unanswered, lost], lost)).toBeUndefined());
  it("stays, and is told on, until something is refused", () => {
    const later = { ...fine, outcome: "delivered" as const };
    expect(telling([journey(5, "delivered", "went on"), later], fine)).toBe(later);
  });
});

import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fmtCidr } from "../addresses/cidr.ts";
import { makeDrill } from "../addresses/drills.ts";
import { drawTask, solve } from "../addresses/plan.ts";
import { usePrefs } from "../state/prefs.ts";
import { NOTHING, useProgress } from "../state/progress.ts";
import { CidrDrill } from "./CidrDrill.tsx";
import { CidrExplorer } from "./CidrExplorer.tsx";
import { ClusterPlan } from "./ClusterPlan.tsx";
import { ChapterContext } from "./context.ts";
import type { JSX } from "react";

beforeAll(() => {
  HTMLElement.prototype.scrollIntoView ??= () => {};
});
beforeEach(() => {
  usePrefs.setState({ locale: "en" });
  useProgress.setState({ progress: NOTHING, loaded: true });
});
afterEach(cleanup);

const inChapter = (node: JSX.Element): JSX.Element => (
  <ChapterContext value={{ chapter: "2-addresses", outputs: {}, home: null }}>{node}</ChapterContext>
);
const fact = (name: string): string => screen.getByText(name).nextElementSibling?.textContent ?? "";
const type = (label: string, value: string): void => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
};
const press = (name: string | RegExp): void => {
  fireEvent.click(screen.getByRole("button", { name }));
};

describe("an address taken apart while it is typed", () => {
  const LABEL = "Address and prefix length";
  it("shows its facts, and says its bits to those who cannot see them", () => {
    render(<CidrExplorer start="192.168.108.202/25" />);
    expect(fact("Network")).toBe("192.168.108.128/25");
    expect(fact("Broadcast")).toBe("192.168.108.255");
    expect(fact("Host addresses")).toBe("126 = 2^7 − 2");
    expect(fact("For")).toContain("RFC 1918");
    expect(screen.getByText(/Bits of 192\.168\.108\.202: 11000000\.10101000\.01101100\.11001010\. The first 25/)).toBeTruthy();
    type(LABEL, "192.0.2.4/31");
    expect(fact("Broadcast")).toBe("none");
    expect(fact("Host addresses")).toContain("RFC 3021");
    type(LABEL, "10.1.2.0/24");
    expect(screen.getByText(/network address itself/)).toBeTruthy();
  });
  it("keeps the last address that could be read, with one message", () => {
    render(<CidrExplorer start="10.0.0.1/8" />);
    type(LABEL, "10.0.300.1/8");
    expect(screen.getByText("300 does not fit in 8 bits. The largest number is 255.")).toBeTruthy();
    expect(screen.getByLabelText(LABEL).getAttribute("aria-invalid")).toBe("true");
    expect(fact("Network")).toBe("10.0.0.0/8");
  });
  it("moves the line by buttons, by the slider and by examples", () => {
    render(<CidrExplorer start="10.9.8.7/24" tries={["172.16.0.1/12"]} />);
    press("One bit more for the network");
    expect(fact("Mask")).toBe("255.255.255.128");
    fireEvent.change(screen.getByRole("slider", { name: "Prefix length" }), { target: { value: "32" } });
    expect(fact("Mask")).toBe("255.255.255.255");
    expect((screen.getByRole("button", { name: "One bit more for the network" }) as HTMLButtonElement).disabled).toBe(true);
    press("172.16.0.1/12");
    expect(fact("Network")).toBe("172.16.0.0/12");
  });
});

describe("the drill", () => {
  const answer = (level: 1 | 2 | 3 | 4, n: number, right: boolean): void => {
    const d = makeDrill(level, n);
    if (d.form === "choice") {
      const at = d.options.findIndex((o) => (o.id === d.answer) === right);
      fireEvent.click(screen.getAllByRole("radio")[at]!);
    } else
      type(
        "Your answer",
        right ? d.answer : d.form === "count" ? "7" : d.form === "cidr" ? "1.0.0.0/30" : d.form === "length" ? "/1" : "1.2.3.4",
      );
    press("Check");
  };
  const progress = () => useProgress.getState().progress.drills.get("2-addresses/cidr");

  it("counts the first answer only, explains a wrong one, and goes on", () => {
    render(inChapter(<CidrDrill id="cidr" />));
    press(/Level 3/);
    answer(3, 0, false);
    expect(progress()).toMatchObject({ level: 3, asked: { 3: 1 }, streak: { 3: 0 } });
    answer(3, 0, true);
    expect(progress()?.streak[3]).toBe(0);
    expect(screen.getByText("Right.")).toBeTruthy();
    expect(within(screen.getByRole("region", { name: "Worked out" })).getAllByRole("listitem").length).toBeGreaterThan(0);
    press("Next question");
    expect(screen.getByText(/Question 2/)).toBeTruthy();
  });
  it("leads to the next level after three in a row, and passes on the last", () => {
    render(inChapter(<CidrDrill id="cidr" />));
    press(/Level 3/);
    for (const n of [0, 1, 2]) {
      answer(3, n, true);
      press("Next question");
    }
    expect(screen.getByText(/Level 4: blocks/)).toBeTruthy();
    for (const n of [0, 1, 2]) {
      answer(4, n, true);
      press("Next question");
    }
    expect(progress()?.passed).toBe(true);
    expect(screen.getByText(/^Passed/)).toBeTruthy();
  });
  it("does not count what could not be read", () => {
    render(inChapter(<CidrDrill id="cidr" />));
    press("Check");
    expect(screen.getByText("Type an answer first.")).toBeTruthy();
    expect(progress()).toBeUndefined();
  });
});

describe("the plan of a cluster", () => {
  const FIELD = { nodes: "Node network", pods: "Pod range", perNode: "Block for each node", services: "Service range" };
  const good = solve(drawTask(7))!;
  const fill = (text: Partial<Record<keyof typeof FIELD, string>> = {}): void => {
    const own = {
      nodes: fmtCidr(good.nodes),
      pods: fmtCidr(good.pods),
      perNode: `/${good.perNode}`,
      services: fmtCidr(good.services),
      ...text,
    };
    for (const [k, v] of Object.entries(own)) type(FIELD[k as keyof typeof FIELD], v);
  };
  it("holds when it does, and keeps the plan", () => {
    render(inChapter(<ClusterPlan id="plan" seed={7} />));
    fill();
    press("Check the plan");
    expect(screen.getByText("The plan holds.")).toBeTruthy();
    expect(useProgress.getState().progress.plans.get("2-addresses/plan")).toMatchObject({ seed: 7, passed: true });
    const row = screen.getByRole("row", { name: /^pods/ });
    expect(row.textContent).toContain(fmtCidr(good.pods).split("/")[0]);
  });
  it("says for each check that fails what was expected, what was found and where to look", () => {
    render(inChapter(<ClusterPlan id="plan" seed={7} />));
    fill({ services: fmtCidr({ addr: good.pods.addr, len: good.services.len }) });
    press("Check the plan");
    expect(screen.getByText("1 of 7 checks do not hold.")).toBeTruthy();
    expect(screen.getByText(/^pods and Services share/)).toBeTruthy();
    type(FIELD.nodes, "10.0.0.0/8");
    expect(screen.getByText(/changed since the last check/)).toBeTruthy();
  });
  it("marks the field that cannot be read and checks nothing until it can be", () => {
    render(inChapter(<ClusterPlan id="plan" seed={7} />));
    fill({ pods: "10.300.0.0/16" });
    press("Check the plan");
    expect(screen.getByLabelText(FIELD.pods).getAttribute("aria-invalid")).toBe("true");
    expect(screen.queryByText(/checks do not hold|The plan holds/)).toBeNull();
    expect(useProgress.getState().progress.plans.size).toBe(0);
  });
});

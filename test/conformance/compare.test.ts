import { describe, expect, it } from "vitest";
import { compareRecordings } from "./compare.ts";
import { parseDirectives, parseHeader, readGolden, scenarioNames, stripDirectives, type Step } from "./scenario.ts";

const step = (cmd: string, stdout: string, cmp?: string): Step => ({
  cmd,
  stdout,
  stderr: "",
  code: 0,
  ...(cmp ? { cmp: parseDirectives(cmp) } : {}),
});
const same = (golden: Step[], actual: Step[]): boolean => compareRecordings(golden, actual).every((r) => r.ok);

describe("comparing recordings", () => {
  it("accepts every golden as a recording of itself", () => {
    for (const name of scenarioNames())
      expect(compareRecordings(readGolden(name).steps, readGolden(name).steps).filter((r) => !r.ok)).toEqual([]);
  });
  it("takes made-up MACs and the link-local addresses made from them as the same thing", () => {
    const g = [step("ip a", "link/ether d6:63:46:49:88:d0\ninet6 fe80::d463:46ff:fe49:88d0/64")];
    expect(same(g, [step("ip a", "link/ether 02:11:22:33:44:55\ninet6 fe80::11:22ff:fe33:4455/64")])).toBe(true);
    expect(same(g, [step("ip a", "link/ether 02:11:22:33:44:55\ninet6 fe80::d463:46ff:fe49:88d0/64")])).toBe(false);
  });
  it("tells two MACs that were swapped from two that were not", () => {
    const g = [step("a", "d6:00:00:00:00:01 d6:00:00:00:00:02"), step("b", "d6:00:00:00:00:01")];
    expect(same(g, [step("a", "aa:00:00:00:00:01 aa:00:00:00:00:02"), step("b", "aa:00:00:00:00:02")])).toBe(false);
  });
  it("keeps MACs and ports that the scenario spells out", () => {
    const cmd = "ip link set v0 address 02:00:00:00:00:01; nc 10.0.0.1 40000";
    expect(same([step(cmd, "02:00:00:00:00:01 10.0.0.1:40000")], [step(cmd, "02:00:00:00:00:02 10.0.0.1:40000")])).toBe(false);
    expect(same([step(cmd, "10.0.0.1:40000")], [step(cmd, "10.0.0.1:40001")])).toBe(false);
  });
  it("ignores times and blanks at line ends but not counters", () => {
    expect(same([step("p", "time=0.027 ms  \n\n")], [step("p", "time=1.2 ms")])).toBe(true);
    expect(same([step("p", "RX 5 packets")], [step("p", "RX 6 packets")])).toBe(false);
  });
  it("does not let one error shift the tokens of what follows", () => {
    const g = [step("a", "aa:00:00:00:00:01"), step("b", "x bb:00:00:00:00:02"), step("c", "bb:00:00:00:00:02 aa:00:00:00:00:01")];
    const a = [
      step("a", "cc:00:00:00:00:01"),
      step("b", "y dd:00:00:00:00:09 dd:00:00:00:00:02"),
      step("c", "dd:00:00:00:00:02 cc:00:00:00:00:01"),
    ];
    expect(compareRecordings(g, a).map((r) => r.ok)).toEqual([true, false, true]);
  });
  it("applies sort, uniq, squeeze, json, drop, mask and code-only", () => {
    expect(same([step("x", "b\na", "sort")], [step("x", "a\nb")])).toBe(true);
    expect(same([step("x", "a\na", "uniq")], [step("x", "a")])).toBe(true);
    expect(same([step("x", "a   b", "squeeze")], [step("x", "a b")])).toBe(true);
    expect(same([step("x", '{"a":1,"b":2}', "json")], [step("x", '{ "b":2, "a":1 }')])).toBe(true);
    expect(same([step("x", "keep\ndrop 1", "drop /^drop/")], [step("x", "keep\ndrop 2")])).toBe(true);
    expect(same([step("x", "state FAILED", "mask /FAILED|INCOMPLETE/")], [step("x", "state INCOMPLETE")])).toBe(true);
    expect(same([step("x", "one", "code-only")], [step("x", "two")])).toBe(true);
    expect(same([step("x", "one", "code-only")], [{ ...step("x", "two"), code: 1 }])).toBe(false);
  });
  it("fails commands that were never run", () => {
    expect(compareRecordings([step("x", "")], [])[0]!.ok).toBe(false);
  });
});

describe("scenario files", () => {
  it("reads headers and directives", () => {
    expect(parseHeader("# title: T\n# pace: 1.1\n# cmp: sort\nls # cmp: json\n")).toEqual({
      title: "T",
      tags: [],
      pace: 1.1,
      defaults: [{ op: "sort" }],
    });
    expect(stripDirectives("ip neigh   # cmp: sort drop /a\\/b/, mask /x/")).toEqual({
      cmd: "ip neigh",
      cmp: [{ op: "sort" }, { op: "drop", re: "a\\/b" }, { op: "mask", re: "x" }],
    });
    expect(() => parseDirectives("sorted")).toThrow(/unknown/);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogues } from "../i18n/index.ts";
import { contains, factsOf, fmtCidr, fmtIp4, hostsOf, lengthFor, networkOf, overlap, readCidr, type Prefix4 } from "./cidr.ts";
import { LEVELS, makeDrill, type Drill, type DrillKind, type Level } from "./drills.ts";
import { judge } from "./judge.ts";
import type { Phrase } from "./phrase.ts";

const MANY = 400;
const all = LEVELS.flatMap((level) => Array.from({ length: MANY }, (_, n) => makeDrill(level, n)));
const cidr = (text: unknown): Prefix4 => {
  const r = readCidr(String(text));
  if (!r.ok) throw new Error(String(text));
  return r.value;
};
const first = (kind: DrillKind, where: (d: Drill) => boolean = () => true): Drill => all.find((d) => d.kind === kind && where(d))!;

/** The answer found another way, from the question's own words. */
function again(d: Drill): string {
  const p = d.ask.params;
  switch (d.kind) {
    case "mask":
      return fmtIp4(Number.parseInt("1".repeat(Number(p.len)).padEnd(32, "0"), 2));
    case "length":
      return `/${String(p.mask)
        .split(".")
        .map((o) => Number(o).toString(2).replace(/0/g, "").length)
        .reduce((a, b) => a + b, 0)}`;
    case "network":
    case "first":
      return fmtIp4(networkOf(cidr(p.cidr)) + (d.kind === "first" ? 1 : 0));
    case "broadcast":
    case "last":
      return fmtIp4(networkOf(cidr(p.cidr)) + 2 ** (32 - cidr(p.cidr).len) - (d.kind === "last" ? 2 : 1));
    case "hosts":
      return String({ 31: 2, 32: 1 }[cidr(p.cidr).len] ?? 2 ** (32 - cidr(p.cidr).len) - 2);
    case "which":
      return String(d.options.find((o) => contains(cidr(o.label), cidr(`${p.address}/32`)))!.label);
    case "overlap":
      return overlap(cidr(p.a), cidr(p.b)) ? "yes" : "no";
    case "fit":
      return `/${lengthFor(Number(p.need))}`;
    case "nth":
      return fmtCidr({ addr: cidr(p.cidr).addr + (Number(p.at) - 1) * 2 ** (32 - Number(p.len)), len: Number(p.len) });
    case "parts":
    case "nodes":
      return String(2 ** (Number(p.len) - cidr(p.cidr).len));
    case "summary":
      return fmtCidr({ addr: cidr(p.first).addr, len: cidr(p.first).len - Math.log2(Number(p.count)) });
  }
}

describe("questions without end", () => {
  it("question n of a level is the same for everybody", () => {
    expect(makeDrill(3, 41)).toEqual(makeDrill(3, 41));
    expect(new Set(all.map((d) => JSON.stringify([d.level, d.ask]))).size).toBeGreaterThan(all.length * 0.7);
  });
  it("asks every kind in every round of a level", () => {
    for (const level of LEVELS) {
      const kinds = all.filter((d) => d.level === level).map((d) => d.kind);
      const round = new Set(kinds).size;
      for (let i = 0; i + round <= kinds.length; i += round) expect(new Set(kinds.slice(i, i + round)).size).toBe(round);
    }
  });
  it("has an answer that another way of counting gives too, and that is judged right", () => {
    for (const d of all) {
      expect([d.level, d.n, d.kind, d.answer]).toEqual([d.level, d.n, d.kind, again(d)]);
      expect(judge(d, d.answer).state).toBe("right");
    }
  });
  it("works every answer out, in words that exist, and ends with it", () => {
    for (const d of all) {
      expect(d.steps.length).toBeGreaterThan(0);
      for (const s of [d.ask, ...d.steps]) complete(s);
      expect(JSON.stringify(d.steps.at(-1)) + JSON.stringify(d.options)).toContain(d.answer.replace(/^\//, ""));
    }
  });
  it("gives choices of which one is right", () => {
    for (const d of all.filter((x) => x.form === "choice")) {
      expect(d.options.filter((o) => o.id === d.answer)).toHaveLength(1);
      expect(new Set(d.options.map((o) => o.id)).size).toBe(d.options.length);
    }
  });
  it("asks about overlaps both ways", () => {
    const answers = all.filter((d) => d.kind === "overlap").map((d) => d.answer);
    const yes = answers.filter((a) => a === "yes").length / answers.length;
    expect(yes).toBeGreaterThan(0.3);
    expect(yes).toBeLessThan(0.7);
  });
});

/** Every value of the phrase's sentence is given. */
function complete(phrase: Phrase): void {
  for (const locale of ["en", "ko"] as const)
    for (const [, name] of catalogues[locale][phrase.key].matchAll(/\{(\w+)(?:\|[^}]+)?\}/g))
      expect(phrase.params, `${phrase.key} ${name}`).toHaveProperty(name!);
}

describe("judging", () => {
  it("reads an answer as people write it", () => {
    const network = first("network");
    expect(judge(network, ` ${network.answer} / ${network.about.len}`).state).toBe("right");
    const hosts = first("hosts", (d) => Number(d.answer) > 1000);
    for (const text of [
      Number(hosts.answer).toLocaleString("en-US"),
      `2^${32 - hosts.about.len}-2`,
      `${hosts.answer}개`,
      `${hosts.answer} hosts`,
    ])
      expect([text, judge(hosts, text).state]).toEqual([text, "right"]);
    const fit = first("fit");
    const mask = fmtIp4(factsOf(fit.about).mask);
    for (const text of [fit.answer, fit.answer.slice(1), mask]) expect(judge(fit, text).state).toBe("right");
    const m = first("mask");
    expect(judge(m, `/${m.about.len}`).state).toBe("right");
  });
  it("does not count what is no answer to the question", () => {
    expect(judge(first("network"), "").state).toBe("unread");
    expect(judge(first("network"), "10.0.0").state).toBe("unread");
    expect(judge(first("hosts"), "many").state).toBe("unread");
    expect(judge(first("nth"), "10.0.0.0").state).toBe("unread");
  });
  it("tells the common mistakes apart", () => {
    const key = (d: Drill, typed: string): string => judge(d, typed).why.key;
    const hosts = first("hosts", (d) => d.about.len < 31);
    expect(key(hosts, String(2 ** (32 - hosts.about.len)))).toBe("drill.wrong.bothEnds");
    expect(key(hosts, String(hostsOf(hosts.about.len) + 1))).toBe("drill.wrong.oneEnd");
    expect(
      key(
        first("hosts", (d) => d.about.len === 31),
        "0",
      ),
    ).toBe("drill.wrong.hosts31");
    const network = first("network", (d) => d.level === 2);
    const f = factsOf(network.about);
    expect(key(network, fmtIp4(f.broadcast!))).toBe("drill.wrong.isBroadcast");
    expect(key(network, fmtIp4(f.first))).toBe("drill.wrong.notZero");
    expect(key(network, "8.8.8.8")).toBe("drill.wrong.otherNetwork");
    const fit = first("fit");
    expect(key(fit, `/${fit.about.len + 1}`)).toBe("drill.wrong.tooSmall");
    expect(key(fit, `/${fit.about.len - 1}`)).toBe("drill.wrong.tooLarge");
    const nth = first("nth");
    expect(key(nth, fmtCidr({ addr: nth.about.addr + 1, len: nth.about.len }))).toBe("drill.wrong.hostBits");
    const summary = first("summary");
    expect(key(summary, fmtCidr({ addr: networkOf({ ...summary.about, len: 8 }), len: 8 }))).toBe("drill.wrong.tooWide");
  });
  it("never calls another answer right, and explains each in both languages", () => {
    fc.assert(
      fc.property(fc.constantFrom<Level>(1, 2, 3, 4), fc.nat(10_000), fc.nat(0xffffffff), fc.nat(32), (level, n, addr, len) => {
        const d = makeDrill(level, n);
        const typed = {
          address: fmtIp4(addr),
          mask: `/${len}`,
          length: `/${len}`,
          count: String(addr),
          cidr: fmtCidr({ addr, len }),
          choice: "neither",
        }[d.form];
        const v = judge(d, typed);
        complete(v.why);
        const same = d.form === "mask" ? len === d.about.len : typed === d.answer;
        expect(v.state).toBe(same ? "right" : "wrong");
      }),
    );
  });
});

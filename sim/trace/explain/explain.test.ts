/** Every way in which the stack can stop a packet has words, in both languages, and says what would have had to differ. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LoopInfo } from "../../net/dev/bridge/types.ts";
import { DropReason } from "../reasons.ts";
import { type RawDecision, Verdict } from "../recorder.ts";
import { Sites } from "../sites.ts";
import { explain } from "./index.ts";
import { josa, type Names } from "./sentence.ts";

const NET = join(import.meta.dirname, "../../net");
const names: Names = { ns: () => ({ machine: "m", namespace: "" }), dev: () => "eth0" };

/** Pairs (site, reason) that stand together in a dropSkb or refuse call of the stack's sources. */
function stops(): [keyof typeof Sites, keyof typeof DropReason][] {
  const found = new Set<string>();
  for (const f of readdirSync(NET, { recursive: true, encoding: "utf8" })) {
    if (!f.endsWith(".ts") || f.endsWith(".test.ts")) continue;
    const text = readFileSync(join(NET, f), "utf8");
    for (const m of text.matchAll(/\b(?:dropSkb|refuse)\(([\s\S]*?)\);/g)) {
      const sites = [...m[1]!.matchAll(/Sites\.(\w+)/g)].map((x) => x[1]!);
      const reasons = [...m[1]!.matchAll(/DropReason\.(\w+)/g)].map((x) => x[1]!);
      for (const s of sites) for (const r of reasons) found.add(`${s} ${r}`);
    }
  }
  return [...found].sort().map((p) => p.split(" ") as [keyof typeof Sites, keyof typeof DropReason]);
}

function decision(site: keyof typeof Sites, reason: number, verdict: Verdict): RawDecision {
  return { seq: 1, t: 0, skb: 1, ns: 1, site: Sites[site].id, verdict, reason, ref: null, a: 1, b: 1, protocol: 0, header: null };
}

describe("explanations", () => {
  const pairs = stops();
  it("finds the places where packets are stopped", () => {
    expect(pairs.length).toBeGreaterThan(40);
  });
  it("has words and a way out for each", () => {
    const bad: string[] = [];
    for (const [site, reason] of pairs) {
      const e = explain({
        d: decision(site, DropReason[reason], Verdict.DROP),
        site: Sites[site],
        names,
        src: "10.0.0.1",
        dst: "10.0.0.2",
      });
      const generic = e.title.en.startsWith("Stopped in ");
      const korean = /[가-힣]/.test(e.title.ko) && e.wouldPassIf.every((w) => /[가-힣]/.test(w.ko));
      if (generic || !korean || e.wouldPassIf.length === 0) bad.push(`${site} ${reason}: ${e.title.en}`);
    }
    expect(bad).toEqual([]);
  });
  it("says something of every site that lets a packet go on", () => {
    for (const name of Object.keys(Sites) as (keyof typeof Sites)[]) {
      const e = explain({ d: decision(name, 0, Verdict.NOTE), site: Sites[name], names, src: "", dst: "" });
      expect(e.title.en.length).toBeGreaterThan(0);
    }
  });
  it("names the ports of a loop of bridges", () => {
    const d = {
      ...decision("BR_INPUT", DropReason.BRIDGE_LOOP_LIMIT, Verdict.DROP),
      ref: { ports: ["sa:p2", "sb:p2"] } satisfies LoopInfo,
    };
    const e = explain({ d, site: Sites.BR_INPUT, names, src: "", dst: "" });
    expect(e.facts.map((f) => f.value)).toContain("sa:p2 sb:p2");
  });
  it("picks the Korean particle by the sound of the word", () => {
    expect(josa("network02", ["이", "가"])).toBe("network02가");
    expect(josa("enp0s1", ["이", "가"])).toBe("enp0s1이");
    expect(josa("192.168.150.3", ["은", "는"])).toBe("192.168.150.3은");
    expect(josa("경로", ["이", "가"])).toBe("경로가");
  });
});

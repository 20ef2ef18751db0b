/**
 * What the compiler cannot see in sim/: sources of time, chance and order that differ from run to run, and work at trace
 * sites. A line may opt out with a comment `// allowed: REASON`.
 */
import { describe, expect, it } from "vitest";
import { sources, type Source } from "./tree.ts";

interface Ban {
  readonly what: string;
  readonly re: RegExp;
  readonly where?: RegExp;
}

const BANS: readonly Ban[] = [
  { what: "the host's clock", re: /\bnew Date\b|\bDate\.(now|parse|UTC)\b|\bperformance\./ },
  { what: "the host's randomness", re: /\bMath\.random\b|\bcrypto\./ },
  {
    what: "approximate maths",
    re: /\bMath\.(pow|exp|expm1|log|log2|log10|log1p|cbrt|sin|cos|tan|atan2?|sinh|cosh|tanh|hypot)\b/,
    where: /^sim\/(core|wire|trace|net|kernel|fs|session)\//,
  },
  { what: "asynchrony", re: /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bqueueMicrotask\b/ },
  { what: "locale", re: /\bIntl\b|\blocaleCompare\b|\.toLocale\w+/ },
  { what: "for…in", re: /\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\b/ },
  { what: "weak references", re: /\bWeakRef\b|\bFinalizationRegistry\b/ },
  { what: "code from text", re: /(?<![.\w*])eval\s*\(|\bnew Function\b/ },
  { what: "module-level state", re: /^let\s/, where: /^sim\/bin\// },
  { what: "text or objects made at a trace site", re: /(?<!function )\b(?:note|dropSkb|consumeSkb|birth)\([^;]*[`{]/ },
];

function findings(files: readonly Source[]): string[] {
  const out: string[] = [];
  for (const f of files) {
    if (f.isTest) continue;
    const code = f.text.replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, " "));
    code.split("\n").forEach((line, i) => {
      if (line.includes("// allowed: ")) return;
      const bare = line.replace(/\/\/.*$/, "").replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""');
      for (const b of BANS)
        if ((!b.where || b.where.test(f.path)) && b.re.test(bare)) out.push(`${f.path}:${i + 1} ${b.what}: ${line.trim()}`);
    });
  }
  return out;
}

describe("sim/ is pure and deterministic", () => {
  it("uses no banned construct", () => {
    expect(findings(sources("sim"))).toEqual([]);
  });
  it("would notice one", () => {
    const planted = (text: string): Source => ({ path: "sim/net/x.ts", text, isTest: false, imports: [] });
    for (const bad of [
      "const t = Date.now();",
      "const x = Math.random();",
      "for (const k in o) {}",
      "await f();",
      "note(skb, ns, S, {a: 1}, 0, 0);",
    ])
      expect(findings([planted(bad)])).toHaveLength(1);
    expect(findings([planted("const t = Date.now(); // allowed: test")])).toEqual([]);
  });
});

/** Who may import whom (sim/ARCHITECTURE.md, "Layers"; ARCHITECTURE.md, "The hosts"). Anything not listed is forbidden. */
import { describe, expect, it } from "vitest";
import { cycles, sources, type Source } from "./tree.ts";

/** Folder → folders it may import code from, and those it may import types from. The longest matching folder counts. */
const ALLOWED: Readonly<Record<string, { code: readonly string[]; types?: readonly string[]; packages?: readonly string[] }>> = {
  "sim/core": { code: [] },
  "sim/wire": { code: ["sim/core"] },
  "sim/trace": { code: ["sim/core", "sim/wire"], types: ["sim/net", "sim/session/protocol.ts"] },
  "sim/net": { code: ["sim/core", "sim/wire", "sim/trace"] },
  "sim/fs": { code: ["sim/core"] },
  "sim/kernel": { code: ["sim/core", "sim/wire", "sim/trace", "sim/net", "sim/fs"] },
  "sim/shell": { code: ["sim/core", "sim/kernel"], types: ["sim/fs"], packages: ["unbash", "re2js"] },
  "sim/bin": {
    code: ["sim/core", "sim/wire", "sim/kernel", "sim/net/rtnl/messages.ts"],
    types: ["sim/net", "sim/trace", "sim/session/protocol.ts"],
    packages: ["re2js"],
  },
  "sim/lab": {
    code: ["sim/core", "sim/wire", "sim/trace", "sim/net", "sim/fs/image.ts", "sim/kernel", "sim/shell", "sim/bin"],
    types: ["sim/session/protocol.ts"],
    packages: ["valibot"],
  },
  "sim/session": { code: ["sim"] },
  "sim/testing": { code: ["sim"], packages: ["vitest", "fast-check"] },
  cli: { code: ["sim", "scripts/content.ts"], packages: ["node:", "yaml", "virtual:hop-content"] },
};

function rule(path: string): [string, (typeof ALLOWED)[string]] | null {
  const folder = Object.keys(ALLOWED)
    .filter((f) => path.startsWith(`${f}/`))
    .sort((a, b) => b.length - a.length)[0];
  return folder ? [folder, ALLOWED[folder]!] : null;
}
const within = (path: string, places: readonly string[]): boolean => places.some((p) => path === p || path.startsWith(`${p}/`));

function violations(files: readonly Source[]): string[] {
  const out: string[] = [];
  for (const f of files) {
    if (f.isTest) continue;
    const r = rule(f.path);
    if (!r) continue;
    const [folder, { code, types = [], packages = [] }] = r;
    for (const i of f.imports) {
      if (!i.ours) {
        if (!packages.some((p) => i.target === p || i.target.startsWith(p.endsWith(":") ? p : `${p}/`)))
          out.push(`${f.path} imports the package ${i.target}`);
      } else if (within(i.target, [folder]) || within(i.target, code)) {
        continue;
      } else if (!(i.typeOnly && within(i.target, types))) {
        out.push(`${f.path} imports ${i.typeOnly ? "types of " : ""}${i.target}`);
      }
    }
  }
  return out;
}

describe("dependency direction", () => {
  const files = sources("sim", "cli");
  it("holds in sim/ and cli/", () => {
    expect(violations(files)).toEqual([]);
  });
  it("lets no command import another command", () => {
    const bad: string[] = [];
    const command = (p: string): string | null => /^sim\/bin\/([^/]+)\//.exec(p)?.[1] ?? null;
    for (const f of files) {
      const own = command(f.path);
      if (!own || f.isTest) continue;
      for (const i of f.imports) {
        const other = i.ours ? command(i.target) : null;
        if (other && other !== own && other !== "lib") bad.push(`${f.path} imports ${i.target}`);
      }
    }
    expect(bad).toEqual([]);
  });
  it("has no cycles", () => {
    expect(cycles(files.filter((f) => !f.isTest)).map((c) => c.join(" → "))).toEqual([]);
  });
  it("lets the renderer reach the engine only through protocol, explanations, lab types and its pure leaves", () => {
    const bad: string[] = [];
    for (const f of sources("renderer")) {
      if (f.isTest || f.path === "renderer/worker.ts") continue;
      for (const i of f.imports) {
        if (!i.ours || !i.target.startsWith("sim/")) continue;
        const types = i.typeOnly && within(i.target, ["sim/lab/manifest.ts", "sim/core/text.ts"]);
        // address arithmetic and seeded numbers are leaves that know nothing of a world
        const leaf = within(i.target, ["sim/wire/addr.ts", "sim/core/prng.ts"]);
        if (!types && !leaf && !within(i.target, ["sim/session/protocol.ts", "sim/trace/explain"]))
          bad.push(`${f.path} imports ${i.target}`);
      }
    }
    expect(bad.filter((b) => !b.startsWith("renderer/build/"))).toEqual([]);
  });
  it("is checked by something that can fail", () => {
    const planted: Source = {
      path: "sim/core/x.ts",
      text: "",
      isTest: false,
      imports: [{ target: "sim/net/skb.ts", typeOnly: false, ours: true }],
    };
    expect(violations([planted])).toHaveLength(1);
    const a: Source = {
      path: "sim/core/a.ts",
      text: "",
      isTest: false,
      imports: [{ target: "sim/core/b.ts", typeOnly: false, ours: true }],
    };
    const b: Source = {
      path: "sim/core/b.ts",
      text: "",
      isTest: false,
      imports: [{ target: "sim/core/a.ts", typeOnly: false, ours: true }],
    };
    expect(cycles([a, b])).toHaveLength(1);
  });
});

/**
 * What the pages for readers and contributors say about the tree is true: every file, folder, `npm` command and, on the architecture pages, every
 * function that they name exists; so does every file that a comment in the sources names.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, sources } from "./tree.ts";

const DECISIONS = readdirSync(join(ROOT, "docs/decisions")).map((f) => `docs/decisions/${f}`);
const PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "sim/ARCHITECTURE.md", ...DECISIONS];
const SCRIPTS = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts;

/** A path with a folder, or a file with one of our endings. NAME, KIND and the like stand for something; dist/ is made by the build. */
const PATH = /(?<![\w.$:/@-])((?:[\w.-]+\/)+[\w.-]*|[\w-]+(?:\.[\w-]+)*\.(?:tsx?|mjs|mdx|md|yaml|sh|json))(?![\w/{*-])/g;
const FILE = /(?<![\w.$:/{}@<-])((?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:tsx?|mjs|mdx|yaml|md))\b/g;
const FOLDERS = new Set(
  readdirSync(ROOT, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name),
);

const strip = (path: string): string => path.replace(/[./]+$/, "");
const isPattern = (path: string): boolean =>
  /(^|\/)[A-Z]{2,}(-[A-Z]+)?(\/|\.\w+$|$)/.test(path.replace(/(ARCHITECTURE|README)\.md$/, "")) || path.startsWith("dist/");

/** The paths that a page names: in links, in `code` and in blocks of code. Words with a slash ("command/option") are not meant. */
function paths(page: string, text: string): string[] {
  const from = dirname(page);
  const out: string[] = [];
  for (const m of text.matchAll(/\]\(([^)#:]+)\)/g)) out.push(join(from, m[1]!));
  const code = [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map((m) => m[0]).join("\n");
  for (const m of code.matchAll(PATH)) {
    const path = strip(m[1]!);
    const first = path.split("/")[0]!;
    const local = existsSync(join(ROOT, from, first));
    if (isPattern(path) || !(FOLDERS.has(first) || local || /\.\w+$/.test(path))) continue;
    out.push(local && from !== "." ? join(from, path) : path);
  }
  return out;
}

const TOP = ["sim", "cli", "electron", "renderer", "scripts", "bench", "test"];
const files = sources(...TOP);
const everything = new Set(readdirSync(ROOT));
for (const folder of [...TOP, "chapters", "docs"])
  for (const f of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }))
    everything.add(`${folder}/${f.replaceAll("\\", "/")}`);

/** A file may be named by its path or by the end of it. */
const known = (path: string): boolean => everything.has(path) || [...everything].some((f) => f.endsWith(`/${path}`));

function missingIn(page: string, text: string): string[] {
  const out = paths(page, text).filter((p) => !known(strip(p)));
  for (const m of text.matchAll(/npm run ([\w:-]+)/g)) if (!SCRIPTS[m[1]!]) out.push(`npm run ${m[1]}`);
  return out;
}

describe("the pages", () => {
  for (const page of PAGES) {
    it(`${page} names only what exists`, () => {
      expect(missingIn(page, readFileSync(join(ROOT, page), "utf8"))).toEqual([]);
    });
  }
  it("are checked by something that can fail", () => {
    expect(missingIn("sim/ARCHITECTURE.md", "`net/nowhere.ts` and `npm run nothing` and [x](y.md)")).toEqual([
      "sim/y.md",
      "sim/net/nowhere.ts",
      "npm run nothing",
    ]);
    expect(paths("README.md", "`sim/net/index.ts`, and/or")).toEqual(["sim/net/index.ts"]);
  });
  it("name only functions that exist", () => {
    const words = new Set(files.flatMap((f) => f.text.match(/\w+/g) ?? []));
    for (const page of ["ARCHITECTURE.md", "sim/ARCHITECTURE.md"]) {
      const named = readFileSync(join(ROOT, page), "utf8").match(/\b[a-z][a-z0-9]+[A-Z]\w*/g) ?? [];
      expect(
        named.filter((w) => !words.has(w)),
        page,
      ).toEqual([]);
    }
  });
});

describe("comments", () => {
  it("name only files that exist", () => {
    const bad: string[] = [];
    for (const f of files) {
      if (f.isTest || f.path.startsWith("test/")) continue;
      for (const c of f.text.match(/\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm) ?? [])
        for (const m of c.matchAll(FILE)) if (!known(m[1]!)) bad.push(`${f.path}: ${m[1]}`);
    }
    expect(bad).toEqual([]);
  });
});

/**
 * Both languages of a chapter are the same chapter: same parts, components, ids, conditions, shell blocks, headings, table
 * rows and inline code, in the same order. And what a chapter names exists: machines, cables, challenges, outputs.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { elementsOf, everyElement, type Element } from "../mdx.ts";

const CHAPTERS = join(import.meta.dirname, "../../chapters");
const content = loadContent(CHAPTERS);
const chapters = readdirSync(CHAPTERS).filter((c) => existsSync(join(CHAPTERS, c, "index.en.mdx")));

/** Props that are words for the reader. */
const WORDS: ReadonlySet<string> = new Set(["title", "look", "answer", "waiting"]);

function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, WORDS.has(k) ? "…" : withoutWords(v)]));
}

function skeleton(e: Element): unknown {
  return { name: e.name, props: withoutWords(e.props), ...(e.name === "code" ? { text: e.text } : {}), children: e.children.map(skeleton) };
}

/** Front matter that is not words. */
const frontMatter = (text: string): string[] =>
  (/^---\n([\s\S]*?)\n---\n/.exec(text)?.[1] ?? "").split("\n").filter((l) => !/^(title|summary):/.test(l));

/** The prose of an element and all in it, without fences. */
const prose = (e: Element): string => [e.text, ...e.children.filter((c) => c.name !== "code").map(prose)].join("\n");

/** Inline code in the order of the alphabet: languages put words in different orders. */
const inlineCode = (e: Element): string[] => [...new Set([...prose(e).matchAll(/`([^`]+)`/g)].map((m) => m[1]!))].sort();

/** A script's commands by the key that their output is kept under, with the machine. */
function recordedCommands(script: string): Map<string, { machine: string; cmd: string }> {
  const out = new Map<string, { machine: string; cmd: string }>();
  let machine = "";
  const lines = script.split("\n");
  lines.forEach((l, i) => {
    machine = /^#@ (\S+)/.exec(l)?.[1] ?? machine;
    const key = /^#= (\S+)/.exec(l)?.[1];
    if (key) out.set(key, { machine, cmd: lines[i + 1]! });
  });
  return out;
}

for (const chapter of chapters) {
  describe(chapter, () => {
    const [en, ko] = ["en", "ko"].map((l) => readFileSync(join(CHAPTERS, chapter, `index.${l}.mdx`), "utf8")) as [string, string];
    const [enTree, koTree] = [elementsOf(en), elementsOf(ko)];
    const parts = (tree: Element[]): Element[] => tree.filter((e) => e.name === "Part");

    it("is the same in both languages, but for the words", () => {
      expect(frontMatter(ko)).toEqual(frontMatter(en));
      expect(koTree.map(skeleton)).toEqual(enTree.map(skeleton));
    });

    it("has the same headings, table rows and inline code in each part", () => {
      const facts = (p: Element): object => ({
        id: p.props.id,
        headings: prose(p).match(/^#+ /gm)?.length ?? 0,
        rows: prose(p).match(/^\|.*\|$/gm)?.length ?? 0,
        code: inlineCode(p),
      });
      expect(parts(koTree).map(facts)).toEqual(parts(enTree).map(facts));
    });

    it("numbers its parts in order and uses each id once", () => {
      expect(parts(enTree).map((p) => p.props.n)).toEqual(parts(enTree).map((_, i) => i + 1));
      const ids = everyElement(enTree)
        .filter((e) => e.name !== "Option" && e.name !== "Challenge" && e.name !== "Output" && e.props.id !== undefined)
        .map((e) => e.props.id);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    });

    it("gives each question its options, one of them right where it is graded", () => {
      for (const q of everyElement(enTree).filter((e) => e.name === "Predict" || e.name === "Recall")) {
        const options = q.children.filter((c) => c.name === "Option");
        expect([q.props.id, new Set(options.map((o) => o.props.id)).size]).toEqual([q.props.id, options.length]);
        expect([q.props.id, options.length >= 2, options.filter((o) => o.props.right === true).length]).toEqual([
          q.props.id,
          true,
          q.name === "Recall" ? 1 : 0,
        ]);
        expect(q.children.filter((c) => c.name === "Answer")).toHaveLength(1);
      }
    });

    it("names only machines, cables, challenges and labs that exist", () => {
      let lab = content.labs[0]!;
      for (const e of everyElement(enTree)) {
        const at = `line ${e.line}: ${e.name}`;
        if (e.name === "World") lab = content.labs.find((l) => l.id === e.props.lab) ?? expect.fail(`${at}: no lab ${String(e.props.lab)}`);
        const machine = e.name === "Node" || e.name === "Terminal" ? (e.props.name ?? e.props.node) : (e.props.on ?? e.props.machine);
        if (machine !== undefined && !lab.machines.some((m) => m.name === machine))
          expect.fail(`${at}: no machine ${String(machine)} in ${lab.id}`);
        if (e.name === "Plug" && !lab.cables.some((c) => c.id === e.props.cable && c.learner))
          expect.fail(`${at}: no cable ${String(e.props.cable)}`);
        if (e.name === "Challenge" && !content.challenges.some((c) => c.id === e.props.id && c.chapter === chapter))
          expect.fail(`${at}: no challenge ${String(e.props.id)}`);
      }
    });

    it("shows under a block what that block's command answered, and every output it keeps", () => {
      const scriptFile = join(CHAPTERS, chapter, "outputs.sh");
      const recorded = existsSync(scriptFile)
        ? recordedCommands(readFileSync(scriptFile, "utf8"))
        : new Map<string, { machine: string; cmd: string }>();
      const shown = new Set<string>();
      for (const e of everyElement(enTree)) {
        const key = e.name === "Output" ? e.props.id : e.props.out;
        if (key === undefined) continue;
        shown.add(String(key));
        const r = recorded.get(String(key));
        if (e.name === "Output") expect([e.line, r?.machine]).toEqual([e.line, e.props.on ?? r?.machine ?? "recorded"]);
        else expect([e.line, r]).toEqual([e.line, { machine: e.props.on, cmd: e.text }]);
      }
      expect([...recorded.keys()].filter((k) => !shown.has(k))).toEqual([]);
    });

    it("keeps to the course's way of writing", () => {
      const words = (text: string): string =>
        text
          .replace(/```[\s\S]*?```|`[^`]*`|<[^>]*>/g, " ")
          .split("\n")
          .join(" ");
      expect(words(en).match(/\b(just|simply|easy|easily|obviously|oops|please)\b|[\w)]!/gi)).toBeNull();
      // polite forms other than 합니다체, but for the question before an answer is chosen
      expect(words(ko).match(/\S*(?:어요|아요|해요|에요|예요|네요|군요|지요|죠)[.?!]/g)).toBeNull();
      expect(words(ko).match(/[가-힣]!/g)).toBeNull();
    });
  });
}

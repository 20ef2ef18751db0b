/** Hostile input: whatever is typed, the shell neither throws nor hangs. Fixed seeds; the long run raises HOP_FUZZ_RUNS elsewhere. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRig, testCommand } from "../testing/rig.ts";
import { braceExpand } from "./expand/brace.ts";
import { ArithError, evalArith } from "./expand/arith.ts";
import { Pattern } from "./expand/pattern.ts";
import { graphemes } from "../kernel/graphemes.ts";
import { expandHistory } from "./lineedit/history.ts";
import { shellCommands } from "./index.ts";
import { isIncomplete, splitCommands } from "./steps.ts";
import builtins from "./testdata/builtins.json";
import expansion from "./testdata/expansion.json";
import syntax from "./testdata/syntax.json";

const corpus = [...builtins, ...expansion, ...syntax].map((s) => s.script);

const word = fc.oneof(
  fc.constantFrom(
    "echo",
    "a",
    "$x",
    '"$@"',
    "${x:-y}",
    "${x//a/b}",
    "$((1+2))",
    "$(echo s)",
    "`echo b`",
    "{a,b}",
    "{1..3}",
    "*",
    "~",
    "'q'",
    '"d $x"',
    "x=1",
    "a[1]=2",
    "<(echo p)",
    "true",
    "false",
    "[",
    "]",
    "[[",
    "]]",
    "((",
    "))",
    "read",
    "set",
    "--",
    "-e",
    "declare",
    "local",
    "export",
    "trap",
    "eval",
    "exit",
    "return",
    "break",
    "wait",
    "kill",
    "printf",
    "%s",
    "\\",
    "!",
    "cd",
    "${!x}",
    "${#a[@]}",
    "$'\\x41'",
  ),
  fc.string({ maxLength: 6 }),
);
const joiner = fc.constantFrom(
  " ",
  " ",
  " ",
  ";",
  "|",
  "&&",
  "||",
  "&",
  "\n",
  ">f",
  "<f",
  "2>&1",
  " <<E\nx\nE\n",
  "(",
  ")",
  "{ ",
  " }",
  "; then ",
  "if ",
  "; fi",
  "for i in 1 2; do ",
  "; done",
  "case x in x) ",
  ";; esac",
  "f() { ",
  "; }",
  "while false; do ",
);
const grammar = fc.array(fc.tuple(word, joiner), { minLength: 1, maxLength: 12 }).map((all) => all.map(([w, j]) => w + j).join(""));
const mutated = fc
  .tuple(fc.constantFrom(...corpus), fc.array(fc.tuple(fc.nat(400), fc.nat(3), fc.string({ maxLength: 4 })), { maxLength: 4 }))
  .map(([s, edits]) => {
    let t = s;
    for (const [at, n, put] of edits) {
      const i = at % (t.length + 1);
      t = t.slice(0, i) + put + t.slice(i + n);
    }
    return t;
  });
const raw = fc.string({ unit: "binary", maxLength: 60 });
const script = fc.oneof({ weight: 5, arbitrary: grammar }, { weight: 3, arbitrary: mutated }, { weight: 2, arbitrary: raw });

const nap = testCommand("sleep", function* (sys) {
  yield* sys.nanosleep(1e8);
  return 0;
});

describe("fuzz", () => {
  it("no line typed at the prompt does", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            script,
            fc.constantFrom(
              "\t",
              "\t\t",
              "\x1b[A",
              "\x12",
              "\x03",
              "\x04",
              "\x1a",
              "\x15",
              "\x19",
              "\x1b[200~",
              "\x1b[201~",
              "\x1f",
              "\x14",
              "\x1bt",
              "\x1b.",
              "한글",
              "\x1b[D",
              "\x16",
              "!!",
              "^a^b",
            ),
          ),
          { maxLength: 8 },
        ),
        (keys) => {
          const rig = makeRig({ commands: [...shellCommands, nap] });
          const t = rig.login("root", 20, 5);
          for (const k of keys) t.type(k, 0.02);
          t.type("\r", 0.2);
          expect(rig.world.faults).toEqual([]);
        },
      ),
      { seed: 20260102, numRuns: 150 },
    );
  });
  it("splitting, arithmetic, patterns, braces and history never throw what they should not", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(script, (s) => {
        splitCommands(s);
        isIncomplete(s);
        expandHistory(s, corpus.slice(0, 5));
        expect(graphemes(s).join("")).toBe(s);
        new Pattern(s, { extglob: true, nocase: false }).matches(s);
        try {
          braceExpand(s);
        } catch (e) {
          expect(String(e)).toContain("not simulated");
        }
        try {
          evalArith(s, { get: () => "1", set: () => {} });
        } catch (e) {
          expect(e).toBeInstanceOf(ArithError);
        }
      }),
      { seed: 20260103, numRuns: 3000 },
    );
  });
});

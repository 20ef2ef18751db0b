/** Snippets whose answers were recorded from the real bash 5.2 and dash (scripts/record-bash.mjs): text for text. */
import { describe, expect, it } from "vitest";
import { commands } from "../bin/registry.ts";
import { makeRig } from "../testing/rig.ts";
import { shellCommands } from "./index.ts";
import arith from "./testdata/arith.json";
import arrays from "./testdata/arrays.json";
import builtins from "./testdata/builtins.json";
import dash from "./testdata/dash.json";
import dash2 from "./testdata/dash2.json";
import errors from "./testdata/errors.json";
import expansion from "./testdata/expansion.json";
import heredoc from "./testdata/heredoc.json";
import interp from "./testdata/interp.json";
import jobs from "./testdata/jobs.json";
import scripts from "./testdata/scripts.json";
import setopts from "./testdata/setopts.json";
import syntax from "./testdata/syntax.json";
import traps from "./testdata/traps.json";
import words from "./testdata/words.json";

interface Snippet {
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

const SETS: readonly (readonly [string, string, readonly Snippet[]])[] = [
  ["expansion", "bash", expansion],
  ["syntax", "bash", syntax],
  ["builtins", "bash", builtins],
  ["scripts", "bash", scripts],
  ["dash", "sh", dash],
  ["dash2", "sh", dash2],
  ["arith", "bash", arith],
  ["arrays", "bash", arrays],
  ["errors", "bash", errors],
  ["heredoc", "bash", heredoc],
  ["interp", "bash", interp],
  ["jobs", "bash", jobs],
  ["setopts", "bash", setopts],
  ["traps", "bash", traps],
  ["words", "bash", words],
];

/** Process ids differ from run to run. */
function normal(stderr: string): string {
  return stderr.replace(/(line \d+:) +\d+ (?=[A-Z])/g, "$1 PID ");
}

for (const [name, shell, snippets] of SETS) {
  describe(`real ${shell}: ${name}`, () => {
    snippets.forEach((s, i) => {
      it(`#${i} ${s.script.split("\n")[0]!.slice(0, 100)}`, () => {
        const rig = makeRig({ commands: [...shellCommands, ...commands] });
        const r = rig.run([shell, "-c", s.script], { stdin: "", limit: 60 });
        expect({ stdout: r.stdout, stderr: normal(r.stderr), code: r.code }).toEqual({
          stdout: s.stdout,
          stderr: normal(s.stderr),
          code: s.code,
        });
        expect(rig.world.faults).toEqual([]);
      });
    });
  });
}

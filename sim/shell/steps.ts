/**
 * `hop run`: a script cut into complete commands, and the loop that runs them one after another in one persistent
 * shell, as the conformance recorder does.
 *
 * The loop reads command numbers from descriptor 9, evaluates DIR/cmd.N with output to DIR/out.N and DIR/err.N and
 * empty input, and answers "N STATUS" on descriptor 8. It says "ready" there first. When the shell ends (exit), 8 is
 * closed without an answer.
 */
import { parseText } from "./syntax/parse.ts";

export interface Step {
  /** the command, without the newline at its end */
  readonly cmd: string;
  /** line of the script it begins on, from 1 */
  readonly line: number;
}

/** Does a text need more lines to be a complete command? A syntax error is complete: it is a command of its own. */
export function isIncomplete(text: string): boolean {
  const trail = /\\+$/.exec(text);
  if (trail !== null && trail[0].length % 2 === 1) return true;
  return parseText(text, { extglob: false }).incomplete;
}

/** Splits a script as bash reads it: here-documents, open quotes and trailing backslashes belong to their command. Blank and comment lines between commands are left out. */
export function splitCommands(script: string): Step[] {
  const lines = script.replaceAll("\r\n", "\n").split("\n");
  const out: Step[] = [];
  let acc: string[] = [];
  let first = 0;
  for (let i = 0; i < lines.length; i++) {
    const l = lines[i]!;
    if (acc.length === 0) {
      if (/^\s*(#|$)/.test(l)) continue;
      first = i + 1;
    }
    acc.push(l);
    if (isIncomplete(acc.join("\n"))) continue;
    out.push({ cmd: acc.join("\n"), line: first });
    acc = [];
  }
  // unfinished at the end: it runs as it is and says what is missing
  if (acc.length > 0) out.push({ cmd: acc.join("\n"), line: first });
  return out;
}

/** The script for `bash --norc -c`. `dir` holds the files of the steps. */
export function stepLoop(dir: string): string {
  return `
unset OLDPWD
__rc() { return "$1"; }
__last=0
echo ready >&8
while IFS= read -r __n <&9; do
  __c=$(<${dir}/cmd.$__n)
  __rc $__last
  eval "$__c" >${dir}/out.$__n 2>${dir}/err.$__n </dev/null 9<&- 8>&-
  __last=$?
  echo "$__n $__last" >&8
done
`;
}

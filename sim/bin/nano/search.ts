/** What nano searches for: a text or a regular expression, with or without case. */
import { compileRegex, Regex } from "../lib/regex.ts";

const MAX_PAST = 100;

export class Finder {
  text = "";
  back = false;
  private caseSensitive = false;
  private regexp = false;
  readonly past: string[] = [];
  private re: Regex | null = null;

  /** "Search [Case Sensitive] [Regexp] [Backwards] (to replace) [last]" */
  question(word: string, note = ""): string {
    return (
      word +
      (this.caseSensitive ? " [Case Sensitive]" : "") +
      (this.regexp ? " [Regexp]" : "") +
      (this.back ? " [Backwards]" : "") +
      (note === "" ? "" : ` (${note})`) +
      (this.text === "" ? "" : ` [${this.text}]`)
    );
  }
  flip(key: string): boolean {
    if (key === "M-c") this.caseSensitive = !this.caseSensitive;
    else if (key === "M-r") this.regexp = !this.regexp;
    else if (key === "M-b") this.back = !this.back;
    else return false;
    return true;
  }
  /** False when there is nothing to search for: no answer and no last search. */
  set(answer: string): boolean {
    if (answer !== "") {
      this.text = answer;
      const i = this.past.indexOf(answer);
      if (i >= 0) this.past.splice(i, 1);
      this.past.push(answer);
      if (this.past.length > MAX_PAST) this.past.shift();
    }
    return this.text !== "";
  }
  /** A text is what is wrong. */
  compile(): string | null {
    if (this.text === "") return "No current search pattern";
    const source = this.regexp ? this.text : this.text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    const re = compileRegex(source, "ere", { ignoreCase: !this.caseSensitive });
    if (!(re instanceof Regex)) return `Bad regex "${this.text}": ${re.message ?? `${re.notSimulated} is not simulated`}`;
    this.re = re;
    return null;
  }
  /** The match at or after `from`, or the last one at or before it. */
  readonly match = (line: string, from: number, back: boolean): readonly [number, number] | null => {
    if (this.re === null || from < 0) return null;
    if (!back) {
      if (from > line.length) return null;
      const m = this.re.exec(line, from);
      return m === null ? null : [m[0]!, m[1]!];
    }
    let found: readonly [number, number] | null = null;
    for (let at = 0; at <= line.length;) {
      const m = this.re.exec(line, at);
      if (m === null || m[0]! > from) break;
      found = [m[0]!, m[1]!];
      at = m[0]! + 1;
    }
    return found;
  };
  /** The replacement of a match: \1…\9 stand for groups of a regular expression. */
  expand(line: string, match: readonly [number, number], by: string): string {
    if (!this.regexp || this.re === null) return by;
    const m = this.re.exec(line, match[0]);
    return by.replace(/\\([0-9])/g, (_, d: string) => {
      const a = m?.[2 * Number(d)] ?? -1;
      return a < 0 ? "" : line.slice(a, m![2 * Number(d) + 1]!);
    });
  }
}

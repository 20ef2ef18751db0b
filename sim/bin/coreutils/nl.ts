/** nl: line numbers, in the three parts of logical pages (header, body, footer) that \\:\\:\\:, \\:\\: and \\: begin. */
import { fromUtf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, quote, type Tool } from "../lib/gnu.ts";
import type { GivenOption } from "../lib/options.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import { eachLine } from "./lines.ts";

/** Does a line of this part get a number? "a", "t", "n", or those that match. */
type Style = "a" | "t" | "n" | Regex;

const PART_WORDS = { "-b": "body", "-h": "header", "-f": "footer" } as const;

function* styleOf(t: Tool, name: "-b" | "-h" | "-f", text: string): Call<Style> {
  if (text === "a" || text === "t" || text === "n") return text;
  if (text.startsWith("p")) {
    const re = compileRegex(text.slice(1), "bre");
    if (re instanceof Regex) return re;
    if (re.notSimulated !== null) yield* t.notSimulated(re.notSimulated);
    return yield* t.die(re.message!);
  }
  return yield* t.usage(`invalid ${PART_WORDS[name]} numbering style: ${quote(text)}`);
}

const NUMBERS: Readonly<Record<string, string>> = {
  "-i": "line number increment",
  "-v": "starting line number",
  "-w": "line number field width",
  "-l": "line number of blank lines",
};

interface Settings {
  readonly styles: Record<"-b" | "-h" | "-f", Style>;
  step: number;
  start: number;
  width: number;
  join: number;
  format: string;
  separator: string;
  section: string;
  renumber: boolean;
}

function* settings(t: Tool, options: readonly GivenOption[]): Call<Settings> {
  const s: Settings = {
    styles: { "-b": "t", "-h": "n", "-f": "n" },
    step: 1,
    start: 1,
    width: 6,
    join: 1,
    format: "rn",
    separator: "\t",
    section: "\\:",
    renumber: true,
  };
  for (const { name, value } of options) {
    if (name === "-b" || name === "-h" || name === "-f") s.styles[name] = yield* styleOf(t, name, value!);
    else if (name === "-n") {
      if (!["ln", "rn", "rz"].includes(value!)) yield* t.usage(`invalid line numbering format: ${quote(value!)}`);
      s.format = value!;
    } else if (name === "-s") s.separator = value!;
    else if (name === "-p") s.renumber = false;
    else if (name === "-d") s.section = value!.length === 1 ? `${value}:` : value!;
    else {
      const n = Number(value);
      if (!/^[-+]?[0-9]+$/.test(value!)) yield* t.die(`invalid ${NUMBERS[name]}: ${quote(value!)}`);
      if ((name === "-w" || name === "-l") && n < 1)
        yield* t.die(`invalid ${NUMBERS[name]}: ${quote(value!)}: Numerical result out of range`);
      if (name === "-i") s.step = n;
      else if (name === "-v") s.start = n;
      else if (name === "-l") s.join = n;
      else s.width = n;
    }
  }
  return s;
}

const nl = gnuCommand({
  name: "nl",
  usage: ["[OPTION]... [FILE]..."],
  summary: "number lines of files",
  description: ["A STYLE is a (all lines), t (those not empty), n (none) or pBRE (those that match a basic regular expression)."],
  options: [
    { names: ["-b", "--body-numbering"], arg: "STYLE", help: "which lines of the body; t unless given" },
    { names: ["-d", "--section-delimiter"], arg: "CC", help: "the two characters that begin a part of a page" },
    { names: ["-f", "--footer-numbering"], arg: "STYLE", help: "which lines of the footer; n unless given" },
    { names: ["-h", "--header-numbering"], arg: "STYLE", help: "which lines of the header; n unless given" },
    { names: ["-i", "--line-increment"], arg: "NUMBER", help: "step between line numbers" },
    { names: ["-l", "--join-blank-lines"], arg: "NUMBER", help: "of so many empty lines only the last has a number" },
    { names: ["-n", "--number-format"], arg: "FORMAT", help: "ln, rn or rz" },
    { names: ["-p", "--no-renumber"], help: "do not begin again on each page" },
    { names: ["-s", "--number-separator"], arg: "STRING", help: "text behind the number" },
    { names: ["-v", "--starting-line-number"], arg: "NUMBER", help: "first line number on each page" },
    { names: ["-w", "--number-width"], arg: "NUMBER", help: "columns of the number" },
  ],
  *main(t, options, operands) {
    const s = yield* settings(t, options);
    let part: "-b" | "-h" | "-f" = "-b";
    let number = s.start;
    let blanks = 0;
    yield* eachLine(t, operands, function* (line) {
      const text = fromUtf8(line);
      const d = s.section;
      if (d !== "" && (text === d || text === d + d || text === d + d + d)) {
        part = text === d ? "-f" : text === d + d ? "-b" : "-h";
        if (part === "-h" && s.renumber) number = s.start;
        yield* t.out.print("\n");
        return;
      }
      if (line.length === 0) blanks++;
      else blanks = 0;
      const style = s.styles[part];
      const numbered =
        style === "a"
          ? line.length > 0 || blanks % s.join === 0
          : style === "t"
            ? line.length > 0
            : style !== "n" && style.exec(text) !== null;
      if (numbered) {
        const digits = String(number);
        yield* t.out.print(
          (s.format === "ln" ? digits.padEnd(s.width) : digits.padStart(s.width, s.format === "rz" ? "0" : " ")) + s.separator,
        );
        number += s.step;
      } else yield* t.out.print(" ".repeat(s.width + s.separator.length));
      yield* t.out.write(line);
      yield* t.out.print("\n");
    });
    return t.status;
  },
});

export const nlCommands = [nl];

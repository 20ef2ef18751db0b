/** grep, egrep, fgrep: GNU grep 3.8 over the linear-time engine. Patterns of -P and back-references are refused. */
import type { Command } from "../../kernel/abi.ts";
import { gnuCommand, type GnuSpec } from "../lib/gnu.ts";
import { grepOptions } from "./options.ts";
import { run } from "./run.ts";

const about: Omit<GnuSpec, "name" | "main"> = {
  pkg: "grep 3.8-5",
  version: "grep (GNU grep) 3.8",
  usage: ["[OPTION]... PATTERNS [FILE]..."],
  summary: "search for PATTERNS in each FILE",
  description: [
    "PATTERNS are one or more regular expressions, one a line; a line is printed when one of them matches. Basic expressions unless -E (extended) or -F (plain text).",
    "Exit status: 0 a line was selected, 1 none, 2 an error occurred (unless -q found one first).",
  ],
  examples: [
    { cmd: "ip addr | grep inet", what: "lines with an address" },
    { cmd: "grep -c LISTEN file", what: "how many lines match" },
    { cmd: "grep -oE '([0-9]+\\.){3}[0-9]+' file", what: "only the IPv4 addresses" },
  ],
  seeAlso: ["awk(1)", "sed(1)", "regex(7)"],
  usageStatus: 2,
  options: grepOptions,
  rewrite: (args) => args.map((a) => (/^-[0-9]+$/.test(a) ? `-C${a.slice(1)}` : a)),
};

export const commands: readonly Command[] = [
  gnuCommand({ ...about, name: "grep", main: (t, o, w) => run(t, o, w, "bre") }),
  gnuCommand({ ...about, name: "egrep", calledAs: "grep", main: (t, o, w) => run(t, o, w, "ere") }),
  gnuCommand({ ...about, name: "fgrep", calledAs: "grep", main: (t, o, w) => run(t, o, w, "fixed") }),
];

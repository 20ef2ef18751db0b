/** The command line's commands and their options: run, check, labs, shell. */
import { type Args, BadInput, parseArgs, type Spec } from "./args.ts";
import { check } from "./check.ts";
import { labs } from "./labs.ts";
import { run } from "./run.ts";
import { shell } from "./shell.ts";

const USAGE = `Usage:
  hop run [--json] [--lab LAB] [--machine MACHINE] [--user USER] [--seed N] [--limit SECONDS]
          [--file HOST:SIM]… [--out SIM:HOST]… SCRIPT.sh
  hop check CHALLENGE [--seed N] [--limit SECONDS] [--json] SCRIPT.sh      grades a script's repair
  hop check CHALLENGE [--seed N] [--json] --print        the variant's public facts
  hop labs [--json]                                      labs, machines, users, challenges
  hop shell LAB [MACHINE] [--seed N] [--user USER]       this terminal becomes the lab's; Ctrl-] leaves

Exit status: 0 done (check: passed), 1 check not passed, 2 bad input.
`;

interface Verb {
  readonly spec: Spec;
  /** the exit status */
  readonly main: (args: Args) => number | Promise<number>;
}

const VERBS: ReadonlyMap<string, Verb> = new Map([
  ["run", { spec: { flags: ["json"], values: ["lab", "machine", "user", "seed", "limit"], lists: ["file", "out"], words: 1 }, main: run }],
  ["check", { spec: { flags: ["json", "print"], values: ["seed", "limit"], lists: [], words: 2 }, main: check }],
  ["labs", { spec: { flags: ["json"], values: [], lists: [], words: 0 }, main: labs }],
  ["shell", { spec: { flags: [], values: ["seed", "user"], lists: [], words: 2 }, main: shell }],
]);

/** Output goes to process.stdout; the result is the exit status. Bad input is thrown. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const help = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length).includes("--help");
  if (name === "help" || name === "--help" || name === "-h" || (help && VERBS.has(name ?? ""))) {
    process.stdout.write(USAGE);
    return 0;
  }
  const verb = VERBS.get(name ?? "");
  if (!verb)
    throw new BadInput(name === undefined ? "no command was named; see hop --help" : `${name} is no command of hop; see hop --help`);
  return verb.main(parseArgs(rest, verb.spec));
}

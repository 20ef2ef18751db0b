/** `hop`: the command line. Runs scripts in the simulator, checks challenges, lists labs, and opens a lab in your own terminal. */
import { parseArgs } from "./args.ts";
import { check } from "./check.ts";
import { labs } from "./labs.ts";
import { run } from "./run.ts";
import { shell } from "./shell.ts";

const USAGE = `Usage:
  hop run [--json] [--lab LAB] [--machine MACHINE] [--user USER] [--seed N] [--limit SECONDS]
          [--file HOST:SIM]… [--out SIM:HOST]… SCRIPT.sh
  hop check CHALLENGE [--seed N] [--json] SCRIPT.sh      grades a script's repair; --print shows the variant
  hop labs [--json]                                      labs, machines, users, challenges
  hop shell LAB [MACHINE] [--seed N] [--user USER]       this terminal becomes the lab's; Ctrl-] leaves

Exit status: 0 done (check: passed), 1 check not passed, 2 bad input.
`;

/** Exit status of the command line; messages go to the streams. */
async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  switch (command) {
    case "run":
      return run(parseArgs(rest, { flags: ["json"], values: ["lab", "machine", "user", "seed", "limit"], lists: ["file", "out"] }));
    case "check":
      return check(parseArgs(rest, { flags: ["json", "print"], values: ["seed"], lists: [] }));
    case "labs":
      return labs(parseArgs(rest, { flags: ["json"], values: [], lists: [] }));
    case "shell":
      return shell(parseArgs(rest, { flags: [], values: ["seed", "user"], lists: [] }));
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(USAGE);
      return 0;
    default:
      process.stderr.write(command === undefined ? USAGE : `hop: ${command} is no command of hop; see hop --help\n`);
      return 2;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (e) {
  const known = e instanceof Error && e.name === "BadInput";
  process.stderr.write(known ? `hop: ${(e as Error).message}\n` : `hop: internal error: ${e instanceof Error ? e.stack : String(e)}\n`);
  process.exitCode = known ? 2 : 70;
}

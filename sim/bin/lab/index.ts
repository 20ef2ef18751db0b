/** lab: the learner's line to the lab itself: its goal, hints, a check, undo and reset, and the cables. The session answers. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, LabRequest, OptionSpec } from "../../kernel/abi.ts";
import { err, type Io, program } from "../lib/io.ts";

const WORDS: Readonly<Record<string, string>> = {
  goal: "what there is to reach",
  hint: "the next hint",
  check: "check the goals now",
  undo: "take back the last command that changed something",
  reset: "begin again",
  "plug CABLE": "plug a cable in",
  "unplug CABLE": "unplug a cable",
};

const options: readonly OptionSpec[] = [{ names: ["--help"], help: "print this help" }];
const USAGE = `Usage: lab COMMAND\n\n${Object.entries(WORDS)
  .map(([w, help]) => `  lab ${w.padEnd(14)} ${help}\n`)
  .join("")}`;

function* main(io: Io, args: readonly string[]): Call<number> {
  const [word, cable, more] = args;
  if (word === "--help" || word === "help") {
    yield* io.out.print(USAGE);
    return 0;
  }
  const bad = function* (text: string): Call<number> {
    yield* err(io.sys, `lab: ${text}\n${USAGE}`);
    return 2;
  };
  let request: LabRequest;
  if (word === undefined) request = { op: "describe" };
  else if (word === "plug" || word === "unplug") {
    if (cable === undefined) return yield* bad(`${word}: which cable?`);
    if (more !== undefined) return yield* bad(`${word} takes one cable: '${more}'`);
    request = { op: word, cable };
  } else if (word === "goal" || word === "hint" || word === "check" || word === "undo" || word === "reset") {
    request = { op: word };
    if (cable !== undefined) return yield* bad(`${word} takes no argument: '${cable}'`);
  } else return yield* bad(`no such command: '${word}'`);
  const answer = yield* io.sys.lab(request);
  if (typeof answer === "number") {
    yield* err(io.sys, answer === -Errno.ENOSYS ? "lab: there is no lab on this machine\n" : `lab: ${strerror(answer)}\n`);
    return 1;
  }
  if (answer.text !== "") {
    const text = answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`;
    yield* answer.code > 1 ? err(io.sys, text) : io.out.print(text);
  }
  return answer.code;
}

export const commands: readonly Command[] = [
  {
    name: "lab",
    paths: ["/usr/local/bin/lab"],
    pkg: "hop-by-hop",
    main: program(main),
    options,
    man: {
      summary: "the lab: goal, hints, check, undo, reset, cables",
      synopsis: ["lab [goal | hint | check | undo | reset]", "lab {plug | unplug} cable"],
      description: ["Without a word lab says where you are. Checks are made on a copy of the lab: they never disturb what you do."],
      seeAlso: ["why(1)"],
    },
    // eslint-disable-next-line require-yield
    *complete(_sys, argv) {
      return argv.length === 2 ? ["goal", "hint", "check", "undo", "reset", "plug", "unplug"].filter((w) => w.startsWith(argv[1]!)) : [];
    },
  },
];

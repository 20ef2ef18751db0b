/** tty, clear: the terminal. */
import { gnuCommand, quote } from "../lib/gnu.ts";

const tty = gnuCommand({
  name: "tty",
  usage: ["[OPTION]..."],
  summary: "print the file name of the terminal connected to standard input",
  usageStatus: 2,
  options: [{ names: ["-s", "--silent", "--quiet"], help: "only the exit status" }],
  *main(t, options, operands) {
    if (operands.length > 0) yield* t.usage(`extra operand ${quote(operands[0]!)}`);
    const name = yield* t.sys.ttyname(0);
    if (options.length === 0) yield* t.out.print(typeof name === "number" ? "not a tty\n" : `${name}\n`);
    return typeof name === "number" ? 1 : 0;
  },
});

const clear = gnuCommand({
  name: "clear",
  pkg: "ncurses-bin 6.4-4",
  version: "ncurses 6.4.20221231",
  usage: ["[options]"],
  summary: "clear the terminal screen",
  shortOnly: true,
  options: [{ names: ["-x"], help: "keep what has scrolled away" }],
  *main(t, options) {
    yield* t.out.print(`\x1b[H\x1b[2J${options.length > 0 ? "" : "\x1b[3J"}`);
    return 0;
  },
});

export const ttyCommands = [tty, clear];

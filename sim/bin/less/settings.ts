/** What less's options set, on the command line, in $LESS and with the - command; the table that --help is made of. */
import type { OptionSpec } from "../../kernel/abi.ts";
import type { ViewOptions } from "./view.ts";

export interface Settings extends ViewOptions {
  /** 0: exact; 1: a pattern of lower case letters matches both; 2: case never counts */
  ignoreCase: 0 | 1 | 2;
  /** 0: stay; 1: the second time at the end quits; 2: at once */
  quitAtEof: 0 | 1 | 2;
  quitIfOne: boolean;
  noInit: boolean;
  quitOnIntr: boolean;
  tildes: boolean;
  highlight: boolean;
  prompt: "s" | "m" | "M";
  protos: { s: string | null; m: string | null; M: string | null };
  force: boolean;
  pattern: string | null;
  window: number;
  shift: number;
}

export function defaults(): Settings {
  return {
    chop: false,
    numbers: false,
    squeeze: false,
    colours: false,
    tab: 8,
    ignoreCase: 0,
    quitAtEof: 0,
    quitIfOne: false,
    noInit: false,
    quitOnIntr: false,
    tildes: true,
    highlight: true,
    prompt: "s",
    protos: { s: null, m: null, M: null },
    force: false,
    pattern: null,
    window: 0,
    shift: 0,
  };
}

export const OPTIONS: readonly OptionSpec[] = [
  { names: ["-e", "--quit-at-eof"], help: "quit when the end of the file is reached for the second time" },
  { names: ["-E", "--QUIT-AT-EOF"], help: "quit when the end of the file is reached" },
  { names: ["-f", "--force"], help: "open files that are not regular or look binary without asking" },
  { names: ["-F", "--quit-if-one-screen"], help: "print a file that fits on one screen and quit" },
  { names: ["-G", "--HILITE-SEARCH"], help: "do not highlight matches" },
  { names: ["-i", "--ignore-case"], help: "ignore case in searches whose pattern has no capitals" },
  { names: ["-I", "--IGNORE-CASE"], help: "ignore case in all searches" },
  { names: ["-K", "--quit-on-intr"], help: "quit on Ctrl-C" },
  { names: ["-m", "--long-prompt"], help: "show the percentage in the prompt" },
  { names: ["-M", "--LONG-PROMPT"], help: "show lines and percentage in the prompt" },
  { names: ["-N", "--LINE-NUMBERS"], help: "number the lines" },
  { names: ["-p", "--pattern"], arg: "PATTERN", help: "start at the first match" },
  { names: ["-P", "--prompt"], arg: "PROMPT", help: "set a prompt (s: short, m: medium, M: long)" },
  { names: ["-q", "--quiet", "--silent"], help: "ring the bell for errors only" },
  { names: ["-Q", "--QUIET", "--SILENT"], help: "never ring the bell" },
  { names: ["-r", "-R", "--RAW-CONTROL-CHARS", "--raw-control-chars"], help: "pass colour sequences to the terminal" },
  { names: ["-s", "--squeeze-blank-lines"], help: "show several blank lines as one" },
  { names: ["-S", "--chop-long-lines"], help: "chop long lines instead of folding them" },
  { names: ["-x", "--tabs"], arg: "N", help: "tab stops every N columns" },
  { names: ["-X", "--no-init"], help: "leave the text on the screen" },
  { names: ["-z", "--window"], arg: "N", help: "scroll N lines with a window command" },
  { names: ["-#", "--shift"], arg: "N", help: "columns to move sideways" },
  { names: ["-~", "--tilde"], help: "show nothing behind the end instead of ~" },
  { names: ["-?", "--help"], help: "print this help and end" },
  { names: ["-V", "--version"], help: "print the version and end" },
  ...'-a --search-skip-screen|-A --SEARCH-SKIP-SCREEN|-b --buffers|-B --auto-buffers|-c --clear-screen|-d --dumb|-D --color|-g --hilite-search|-h --max-back-scroll|-j --jump-target|-J --status-column|-k --lesskey-file|-L --no-lessopen|-n --line-numbers|-o --log-file|-O --LOG-FILE|-t --tag|-T --tag-file|-u --underline-special|-U --UNDERLINE-SPECIAL|-w --hilite-unread|-W --HILITE-UNREAD|-y --max-forw-scroll|-" --quotes|--follow-name|--incsearch|--line-num-width|--mouse|--MOUSE|--no-histdups|--no-keypad|--no-search-headers|--no-vbell|--redraw-on-quit|--rscroll|--save-marks|--status-col-width|--use-backslash|--use-color|--wheel-lines|--wordwrap|--file-size|--modelines|--header|--intr|--exit-follow-on-close'
    .split("|")
    .map((names): OptionSpec => ({ names: names.split(" "), help: "", notModelled: true })),
];

/** Applies an option of the table. */
export function apply(s: Settings, name: string, value: string | null): void {
  switch (name) {
    case "-e":
      s.quitAtEof = 1;
      break;
    case "-E":
      s.quitAtEof = 2;
      break;
    case "-f":
      s.force = true;
      break;
    case "-F":
      s.quitIfOne = true;
      break;
    case "-G":
      s.highlight = false;
      break;
    case "-i":
      s.ignoreCase = 1;
      break;
    case "-I":
      s.ignoreCase = 2;
      break;
    case "-K":
      s.quitOnIntr = true;
      break;
    case "-m":
    case "-M":
      s.prompt = name === "-m" ? "m" : "M";
      break;
    case "-N":
      s.numbers = true;
      break;
    case "-p":
      s.pattern = value;
      break;
    case "-P":
      setPrompt(s, value ?? "");
      break;
    case "-r":
      s.colours = true;
      break;
    case "-s":
      s.squeeze = true;
      break;
    case "-S":
      s.chop = true;
      break;
    case "-x":
      s.tab = Math.max(1, Number.parseInt(value ?? "8", 10) || 8);
      break;
    case "-X":
      s.noInit = true;
      break;
    case "-z":
      s.window = Number.parseInt(value ?? "0", 10) || 0;
      break;
    case "-#":
      s.shift = Number.parseInt(value ?? "0", 10) || 0;
      break;
    case "-~":
      s.tildes = false;
      break;
  }
}
function setPrompt(s: Settings, text: string): void {
  const kind = text[0];
  if (kind === "s" || kind === "m" || kind === "M") s.protos[kind] = text.slice(1);
  else s.protos.s = text;
}

/** The - command: turns an option over; what less says about it, or null when it cannot be changed this way. */
export function toggle(s: Settings, letter: string): string | null {
  switch (letter) {
    case "e":
      s.quitAtEof = s.quitAtEof === 1 ? 0 : 1;
      return s.quitAtEof === 0 ? "Don't quit at end-of-file" : "Quit at end-of-file";
    case "E":
      s.quitAtEof = s.quitAtEof === 2 ? 0 : 2;
      return s.quitAtEof === 0 ? "Don't quit at end-of-file" : "Quit immediately at end-of-file";
    case "F":
      s.quitIfOne = !s.quitIfOne;
      return s.quitIfOne ? "Quit if end-of-file on first screen" : "Don't quit if end-of-file on first screen";
    case "G":
      s.highlight = !s.highlight;
      return s.highlight ? "Highlight all matches for previous search pattern" : "Don't highlight search matches";
    case "i":
      s.ignoreCase = s.ignoreCase === 1 ? 0 : 1;
      return s.ignoreCase === 0 ? "Case is significant in searches" : "Ignore case in searches";
    case "I":
      s.ignoreCase = s.ignoreCase === 2 ? 0 : 2;
      return s.ignoreCase === 0 ? "Case is significant in searches" : "Ignore case in searches and in patterns";
    case "N":
      s.numbers = !s.numbers;
      return s.numbers ? "Constantly display line numbers" : "Don't use line numbers";
    case "R":
    case "r":
      s.colours = !s.colours;
      return s.colours ? "Display ANSI sequences directly, other control characters as ^X" : "Display control characters as ^X";
    case "s":
      s.squeeze = !s.squeeze;
      return s.squeeze ? "Squeeze multiple blank lines" : "Display all blank lines";
    case "S":
      s.chop = !s.chop;
      return s.chop ? "Chop long lines" : "Fold long lines";
    case "~":
      s.tildes = !s.tildes;
      return s.tildes ? "Don't show tildes after end of file" : "Show tildes after end of file";
    default:
      return null;
  }
}

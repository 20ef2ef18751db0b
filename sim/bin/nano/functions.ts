/** nano's functions and their keys: the one table for what a key does, the two help lines and the help text. */

export interface Fn {
  readonly id: string;
  /** as the decoder names keys; the first two are shown */
  readonly keys: readonly string[];
  /** in the help lines */
  readonly label: string;
  /** in the help text */
  readonly help: string;
  /** may be used while only viewing */
  readonly view: boolean;
  /** exists in the real one only */
  readonly notSimulated?: true;
}

function fn(id: string, keys: string, label: string, help: string, view = false): Fn {
  return { id, keys: keys.split(" ").filter((k) => k !== ""), label, help, view };
}

/** In the order of the help lines: upper row, lower row, next column. */
export const FUNCTIONS: readonly Fn[] = [
  fn("help", "C-g f1", "Help", "Show this help", true),
  fn("exit", "C-x f2", "Exit", "Close the buffer; leave nano after the last one", true),
  fn("write", "C-o f3", "Write Out", "Write the buffer to a file"),
  fn("insert", "C-r f5 insert", "Read File", "Put another file into this buffer"),
  fn("search", "C-w f6", "Where Is", "Search forward for a text or a regular expression", true),
  fn("replace", "C-\\ M-r", "Replace", "Replace a text or a regular expression"),
  fn("cut", "C-k f9", "Cut", "Cut the line (or the marked part) into the cutbuffer"),
  fn("paste", "C-u f10", "Paste", "Put in what is in the cutbuffer"),
  { ...fn("execute", "C-t f12", "Execute", "Suspend, or cut till the end"), view: true },
  { ...fn("justify", "C-j f4", "Justify", "Justify the paragraph"), notSimulated: true },
  fn("location", "C-c f11", "Location", "Show the place of the cursor", true),
  fn("goto", "C-_ M-g", "Go To Line", "Go to a line and column", true),
  fn("undo", "M-u", "Undo", "Undo the last thing done"),
  fn("redo", "M-e", "Redo", "Redo the last thing undone"),
  fn("mark", "M-a C-^", "Set Mark", "Mark text from here on", true),
  fn("copy", "M-6 M-^", "Copy", "Copy the line (or the marked part) into the cutbuffer", true),
  fn("bracket", "M-]", "To Bracket", "Go to the matching bracket", true),
  fn("searchback", "C-q", "Where Was", "Search backward for a text or a regular expression", true),
  fn("previous", "M-q", "Previous", "Search the last text again, backward", true),
  fn("next", "M-w f16", "Next", "Search the last text again, forward", true),
  fn("left", "C-b left", "Back", "Back one character", true),
  fn("right", "C-f right", "Forward", "Forward one character", true),
  fn("prevword", "C-left M-b", "Prev Word", "Back one word", true),
  fn("nextword", "C-right M-f", "Next Word", "Forward one word", true),
  fn("home", "C-a home", "Home", "To the start of the line", true),
  fn("end", "C-e end", "End", "To the end of the line", true),
  fn("up", "C-p up", "Prev Line", "To the line above", true),
  fn("down", "C-n down", "Next Line", "To the line below", true),
  fn("scrollup", "M-- M-up", "Scroll Up", "Scroll up one line without moving the cursor in the text", true),
  fn("scrolldown", "M-+ M-= M-down", "Scroll Down", "Scroll down one line without moving the cursor in the text", true),
  fn("prevpar", "M-( M-9", "Prev Paragraph", "To the start of the paragraph, or of the one before", true),
  fn("nextpar", "M-) M-0", "Next Paragraph", "Behind the end of the paragraph", true),
  fn("prevblock", "C-up M-7", "Prev Block", "To the block of text before", true),
  fn("nextblock", "C-down M-8", "Next Block", "To the next block of text", true),
  fn("pageup", "C-y pageup f7", "Prev Page", "Up one screenful", true),
  fn("pagedown", "C-v pagedown f8", "Next Page", "Down one screenful", true),
  fn("first", "M-\\ C-home M-|", "First Line", "To the first line", true),
  fn("last", "M-/ C-end M-?", "Last Line", "To the last line", true),
  fn("prevfile", "M-, M-<", "Prev File", "To the buffer before", true),
  fn("nextfile", "M-. M->", "Next File", "To the next buffer", true),
  fn("tab", "tab", "Tab", "Put a tab in (or indent the marked lines)"),
  fn("enter", "enter", "Enter", "Break the line"),
  fn("backspace", "backspace C-h", "Backspace", "Delete the character before the cursor"),
  fn("delete", "C-d delete", "Delete", "Delete the character under the cursor"),
  fn("wordback", "M-backspace", "Chop Left", "Delete to the start of the word"),
  fn("wordahead", "C-delete", "Chop Right", "Delete to the start of the next word"),
  fn("cuttillend", "M-t", "Cut Till End", "Cut from the cursor to the end of the file"),
  fn("count", "M-d", "Word Count", "Count words, lines and characters", true),
  fn("verbatim", "M-v", "Verbatim", "Put in the next key as it is"),
  fn("indent", "M-}", "Indent", "Indent the line or the marked lines"),
  fn("unindent", "M-{ S-tab", "Unindent", "Take one indent off the line or the marked lines"),
  fn("comment", "M-3", "Comment", "Make a comment of the line or the marked lines, or undo that"),
  fn("save", "C-s", "Save", "Save without asking"),
  fn("center", "C-l", "Refresh", "Paint the screen again, the cursor in the middle", true),
  fn("suspend", "C-z", "Suspend", "Leave for the shell; fg comes back", true),
  fn("constant", "M-c", "Constant cursor position display", "Show the place of the cursor all the time, or not", true),
  fn("nohelp", "M-x", "Help mode", "The two help lines on or off", true),
  fn("numbers", "M-#  M-n", "Line numbering", "Line numbers on or off", true),
  fn("autoindent", "M-i", "Auto indent", "New lines begin like the line above, or not", true),
  fn("cutfromcursor", "M-k", "Cut to end", "Cut from the cursor to the end of the line, or whole lines", true),
  fn("smarthome", "M-h", "Smart home key", "Home goes to the first character first, or not", true),
  fn("tabstospaces", "M-o", "Conversion of typed tabs to spaces", "Tabs are typed as spaces, or not", true),
  ...[
    "M-s Soft wrapping of overlong lines",
    "M-m Mouse support",
    "M-p Whitespace display",
    "M-y Color syntax highlighting",
    "M-l Hard wrapping of overlong lines",
    "M-: Recording of a macro",
    "M-; Running of a macro",
  ].map((t): Fn => ({ ...fn("none", t.slice(0, 3), t.slice(4), "", true), notSimulated: true })),
];

export function functionOf(key: string): Fn | null {
  return FUNCTIONS.find((f) => f.keys.includes(key)) ?? null;
}

/** A key as the help lines write it: ^G, M-U, ▲ for arrows. */
export function keyText(key: string): string {
  const arrows: Readonly<Record<string, string>> = { left: "◂", right: "▸", up: "▴", down: "▾" };
  if (arrows[key] !== undefined) return arrows[key]!;
  if (key.startsWith("C-")) return `^${arrows[key.slice(2)] ?? (key === "C-_" ? "/" : key.slice(2).toUpperCase())}`;
  if (key.startsWith("M-")) return `M-${arrows[key.slice(2)] ?? key.slice(2).toUpperCase()}`;
  const named: Readonly<Record<string, string>> = {
    home: "Home",
    end: "End",
    pageup: "PgUp",
    pagedown: "PgDn",
    insert: "Ins",
    delete: "Del",
    tab: "Tab",
    enter: "Enter",
    backspace: "Bsp",
    "S-tab": "Sh-Tab",
  };
  return named[key] ?? key.toUpperCase();
}

/** One entry of the two lines at the bottom. */
export type BarItem = readonly [key: string, label: string];

export function mainBar(several: boolean): readonly BarItem[] {
  return FUNCTIONS.slice(0, 28).map((f) => [keyText(f.keys[0]!), f.id === "exit" && several ? "Close" : f.label]);
}

const items = (text: string): readonly BarItem[] =>
  text.split("|").map((t): BarItem => [t.slice(0, t.indexOf(" ")), t.slice(t.indexOf(" ") + 1)]);

export const BARS = {
  search: items("^G Help|^C Cancel|M-C Case Sens|M-R Reg.exp.|M-B Backwards|^R Replace|^P Older|^N Newer|^T Go To Line"),
  replace: items("^G Help|^C Cancel|M-C Case Sens|M-R Reg.exp.|M-B Backwards|^R No Replace|^P Older|^N Newer"),
  with: items("^G Help|^C Cancel|^P Older|^N Newer"),
  goto: items("^G Help|^C Cancel|^W Begin of Paragr.|^O End of Paragraph|^Y First Line|^V Last Line|^T Go To Text"),
  write: items("^G Help|^C Cancel|M-D DOS Format|M-M Mac Format|M-A Append|M-P Prepend|M-B Backup File|^T Browse"),
  insert: items("^G Help|^C Cancel|M-F New Buffer|M-N No Conversion|^X Execute Command|^T Browse"),
  execute: items(
    "^G Help|^C Cancel|M-F New Buffer|M-\\ Pipe Text|^S Spell Check|^Y Linter|^J Full Justify|^O Formatter|^V Cut Till End|^Z Suspend",
  ),
  help: items(
    "^L Refresh|^X Close|^W Where Is|^Q Where Was|M-Q Previous|M-W Next|^P Prev Line|^N Next Line|^Y Prev Page|^V Next Page|M-\\ First Line|M-/ Last Line",
  ),
} as const;

/** The page of ^G. */
export function helpText(): string {
  const rows = FUNCTIONS.filter((f) => f.help !== "" && f.notSimulated === undefined).map((f) => {
    const [a, b] = f.keys;
    return `${keyText(a!).padEnd(8)}${(b === undefined ? "" : `(${keyText(b)})`).padEnd(9)} ${f.help}`;
  });
  return (
    "Main nano help text\n\n" +
    " The first line of the screen names the file; an asterisk behind it means\n that it has changes that are not in the file yet. Messages and questions\n come in the third line from below, the keys used most in the last two.\n\n" +
    " ^K means Ctrl and K together, M-U means Alt and U together, or Esc and\n then U.\n\n The keys of the editor; other keys for the same in parentheses:\n\n" +
    `${rows.join("\n")}\n`
  );
}

export function lineCount(n: number): string {
  return `${n} line${n === 1 ? "" : "s"}`;
}
/** What is said of a key without a function. */
export function unbound(name: string): string {
  if (name.startsWith("M-")) return `Unbound key: M-${name.slice(2).toUpperCase()}`;
  if (name.startsWith("C-")) return `Unbound key: ^${name.slice(2).toUpperCase()}`;
  return "Unbound key";
}

/** :set, for the options that there are. */
import type { State, ViOptions } from "./state.ts";

type Flag = { [K in keyof ViOptions]: ViOptions[K] extends boolean ? K : never }[keyof ViOptions];

const FLAGS: Readonly<Record<string, Flag>> = {
  number: "number",
  nu: "number",
  ignorecase: "ignorecase",
  ic: "ignorecase",
  smartcase: "smartcase",
  scs: "smartcase",
  list: "list",
  wrapscan: "wrapscan",
  ws: "wrapscan",
  autoindent: "autoindent",
  ai: "autoindent",
  expandtab: "expandtab",
  et: "expandtab",
  readonly: "readonly",
  ro: "readonly",
};
const NUMBERS: Readonly<Record<string, "tabstop" | "shiftwidth">> = {
  tabstop: "tabstop",
  ts: "tabstop",
  shiftwidth: "shiftwidth",
  sw: "shiftwidth",
};
/** known to the real one; nothing here depends on them, so they may be set */
const HARMLESS: readonly string[] = [
  "ruler",
  "ru",
  "showmode",
  "smd",
  "showcmd",
  "sc",
  "hlsearch",
  "hls",
  "incsearch",
  "is",
  "compatible",
  "cp",
  "modified",
  "mod",
  "syntax",
  "paste",
  "backup",
  "bk",
  "swapfile",
  "swf",
];

export function setOptions(s: State, words: readonly string[]): void {
  for (const w of words) {
    const m = /^(no|inv)?([a-z]+)([?!&]|[=:].*)?$/.exec(w);
    const whole = m === null ? null : FLAGS[`${m[1] ?? ""}${m[2]!}`];
    const name = m === null ? "" : whole != null ? `${m[1] ?? ""}${m[2]!}` : m[2]!;
    const flag = FLAGS[name];
    const num = NUMBERS[name];
    const tail = m?.[3] ?? "";
    if (flag !== undefined) {
      if (tail === "?") s.say(`${s.opts[flag] ? "  " : "no"}${flag}`);
      else if (tail.startsWith("=") || tail.startsWith(":")) return s.fail(`E474: Invalid argument: ${w}`);
      else s.opts[flag] = m![1] === "inv" || tail === "!" ? !s.opts[flag] : m![1] !== "no" || whole != null;
    } else if (num !== undefined) {
      if (tail.startsWith("=") || tail.startsWith(":")) {
        const n = Number(tail.slice(1));
        if (!/^[0-9]+$/.test(tail.slice(1))) return s.fail(`E521: Number required after =: ${w}`);
        if (n === 0 && num === "tabstop") return s.fail(`E487: Argument must be positive: ${w}`);
        s.opts[num] = Math.min(n, 9999);
      } else s.say(`  ${num}=${s.opts[num]}`);
    } else if (!HARMLESS.includes(name) && !HARMLESS.includes(m?.[2] ?? "")) return s.fail(`E518: Unknown option: ${w}`);
    else return s.fail(`hop: vi: the option ${name} is not simulated`);
  }
}

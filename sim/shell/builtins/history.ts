/** history and fc: the list of past commands, its file, and running one of them again. */
import { utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import { type Call, O } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { sub } from "../exec/flow.ts";
import { readFileText } from "../expand/expand.ts";
import { expandHistory } from "../lineedit/history.ts";
import { type Builtin, fail, notSimulated, options, out } from "./util.ts";

export const history: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "cd:awrnps");
  if (typeof o === "number") return o;
  if (o.flags.has("c")) {
    sh.history = [];
    return 0;
  }
  if (o.flags.has("d")) {
    const n = Number(o.flags.get("d"));
    const i = n < 0 ? sh.history.length + n : n - 1;
    if (!Number.isInteger(i) || i < 0 || i >= sh.history.length)
      return yield* fail(sh, "history", `${o.flags.get("d")}: history position out of range`);
    sh.history.splice(i, 1);
    return 0;
  }
  if (o.flags.has("s")) {
    sh.history.push(o.rest.join(" "));
    return 0;
  }
  if (o.flags.has("p")) {
    for (const word of o.rest) {
      const r = expandHistory(word, sh.history);
      if (r.error !== null) return yield* fail(sh, "history", `${word}: history expansion failed`);
      yield* out(sh, "history", `${r.text}\n`);
    }
    return 0;
  }
  const file = o.rest[0] ?? sh.get("HISTFILE") ?? "";
  if (o.flags.has("w") || o.flags.has("a")) {
    yield* saveHistory(sh, file);
    return 0;
  }
  if (o.flags.has("n")) return yield* notSimulated(sh, "history -n");
  if (o.flags.has("r")) {
    const text = yield* readFileText(sh, file);
    if (text === null) return yield* fail(sh, "history", `${file}: cannot read: ${strerror(-2)}`);
    sh.history.push(...text.split("\n").filter((l) => l !== ""));
    return 0;
  }
  const n = o.rest[0];
  if (n !== undefined && !/^[0-9]+$/.test(n)) return yield* fail(sh, "history", `${n}: numeric argument required`);
  const from = n === undefined ? 0 : Math.max(0, sh.history.length - Number(n));
  return yield* out(
    sh,
    "history",
    sh.history
      .slice(from)
      .map((l, i) => `${String(from + i + 1).padStart(5, " ")}  ${l}\n`)
      .join(""),
  );
};

export function* saveHistory(sh: Shell, path: string): Call<void> {
  if (path === "") return;
  const fd = yield* sh.sys.open(path, O.WRONLY | O.CREAT | O.TRUNC, 0o600);
  if (fd < 0) return;
  const max = Number(sh.get("HISTFILESIZE") ?? 2000) || 2000;
  yield* sh.sys.write(
    fd,
    utf8(
      sh.history
        .slice(-max)
        .map((l) => l + "\n")
        .join(""),
    ),
  );
  yield* sh.sys.close(fd);
}

/** The number (from 0) that a word of fc stands for; null: there is none. */
function fcIndex(list: readonly string[], word: string | undefined, other: number): number | null {
  if (word === undefined) return other;
  if (/^-?[0-9]+$/.test(word)) {
    const n = Number(word);
    if (n > 0) return Math.min(n, list.length) - 1;
    return Math.max(0, list.length + n - (n === 0 ? 1 : 0));
  }
  for (let i = list.length - 1; i >= 0; i--) if (list[i]!.startsWith(word)) return i;
  return null;
}

export const fc: Builtin = function* (sh, argv) {
  // -1 and the like are places in the history, not options
  const cut = argv.findIndex((a, i) => i > 0 && /^-[0-9]/.test(a));
  const o = yield* options(sh, cut < 0 ? argv : argv.slice(0, cut), "e:lnrs");
  if (typeof o === "number") return o;
  const rest = cut < 0 ? o.rest : [...o.rest, ...argv.slice(cut)];
  // the fc that was typed is not part of what it looks at
  const list = sh.interactive && sh.opt("history") ? sh.history.slice(0, -1) : sh.history;
  if (o.flags.has("s") || o.flags.get("e") === "-") return yield* again(sh, list, rest);
  if (!o.flags.has("l")) return yield* notSimulated(sh, "fc: editing commands (use fc -l and fc -s)");
  if (list.length === 0) return 0;
  const from = fcIndex(list, rest[0], Math.max(0, list.length - 16));
  const to = fcIndex(list, rest[1], list.length - 1);
  if (from === null || to === null) return yield* fail(sh, "fc", "no command found");
  let text = "";
  const up = from <= to !== o.flags.has("r") || (from === to && !o.flags.has("r"));
  const [low, high] = from <= to ? [from, to] : [to, from];
  for (let k = 0; k <= high - low; k++) {
    const i = up ? low + k : high - k;
    text += `${o.flags.has("n") ? "" : i + 1}\t ${list[i]}\n`;
  }
  return yield* out(sh, "fc", text);
};

/** fc -s [old=new] [command]: runs it again; the new line takes the place of the fc in the history. */
function* again(sh: Shell, list: readonly string[], words: readonly string[]): Call<number> {
  const edits = words.filter((w) => w.includes("="));
  const at = fcIndex(
    list,
    words.find((w) => !w.includes("=")),
    list.length - 1,
  );
  let line = at === null ? undefined : list[at];
  if (line === undefined) return yield* fail(sh, "fc", "no command found");
  for (const e of edits) line = line.replaceAll(e.slice(0, e.indexOf("=")), () => e.slice(e.indexOf("=") + 1));
  yield* sh.sys.write(2, utf8(`${line}\n`));
  // without a terminal the line replaces the last one, as bash has it
  if (sh.history.length > 0) sh.history[sh.history.length - 1] = line;
  return yield* sub(sh.ev.runText(sh, line, { kind: "eval", name: "fc", firstLine: sh.line }));
}

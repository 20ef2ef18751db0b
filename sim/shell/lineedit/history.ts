/** History expansion: !! !n !-n !text !?text? with word designators :n ^ $ * and modifiers, and ^old^new. */

export interface Expanded {
  readonly text: string;
  /** "!x: event not found" */
  readonly error: string | null;
}

export function expandHistory(line: string, history: readonly string[]): Expanded {
  const quick = /^\^([^^\n]+)\^([^^\n]*)\^?([^]*)$/.exec(line);
  if (quick) {
    const last = history[history.length - 1];
    if (last === undefined || !last.includes(quick[1]!)) return { text: line, error: `:s${line}: substitution failed` };
    const at = last.indexOf(quick[1]!);
    return { text: last.slice(0, at) + quick[2] + last.slice(at + quick[1]!.length) + quick[3], error: null };
  }
  if (!line.includes("!")) return { text: line, error: null };
  let out = "";
  let single = false;
  let double = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === "\\" && !single) {
      out += c + (line[i + 1] ?? "");
      i++;
      continue;
    }
    if (c === "'" && !double) single = !single;
    else if (c === '"' && !single) double = !double;
    const next = line[i + 1];
    if (c !== "!" || single || next === undefined || /[\s=(]/.test(next) || (double && next === '"') || inhibited(line, i)) {
      out += c;
      continue;
    }
    const r = event(line, i, history);
    if (r.error !== null) return { text: line, error: r.error };
    out += r.text;
    i = r.end - 1;
  }
  return { text: out, error: null };
}

/** The shell's own uses of "!": [!…], ${!…} and $! are no history (bash_history_inhibit_expansion). */
function inhibited(line: string, at: number): boolean {
  const before = line[at - 1];
  if (before === "[") return line.includes("]", at + 1);
  if (before === "{" && line[at - 2] === "$") return line.includes("}", at + 1);
  return before === "$";
}

function event(line: string, at: number, history: readonly string[]): { text: string; end: number; error: string | null } {
  const rest = line.slice(at + 1);
  let found: string | undefined;
  let used: number;
  let m: RegExpExecArray | null;
  if (rest.startsWith("!")) {
    found = history[history.length - 1];
    used = 1;
  } else if ((m = /^-?[0-9]+/.exec(rest))) {
    const n = Number(m[0]);
    found = history[n < 0 ? history.length + n : n - 1];
    used = m[0].length;
  } else if (/^[$^*:]/.test(rest)) {
    found = history[history.length - 1];
    used = 0;
  } else if ((m = /^\?([^?\n]+)\??/.exec(rest))) {
    found = [...history].reverse().find((h) => h.includes(m![1]!));
    used = m[0].length;
  } else if ((m = /^[^\s:^$*;&|()<>"'!-]+[^\s:^$*;&|()<>"'!]*/.exec(rest))) {
    found = [...history].reverse().find((h) => h.startsWith(m![0]));
    used = m[0].length;
  } else return { text: "!", end: at + 1, error: null };
  let end = at + 1 + used;
  if (found === undefined) return { text: "", end, error: `${line.slice(at, end)}: event not found` };
  const d = /^:?([$^*])|^:([0-9]+)(-[0-9]*|-\$|\*)?/.exec(line.slice(end));
  if (!d) return modified(line, end, found);
  end += d[0].length;
  const words = found.match(/(?:\\.|'[^']*'|"(?:\\.|[^"])*"|[^\s'"\\])+/g) ?? [];
  const last = words.length - 1;
  let from: number;
  let to: number;
  if (d[1] === "$") from = to = last;
  else if (d[1] === "^") from = to = 1;
  else if (d[1] === "*") [from, to] = [1, last];
  else {
    from = to = Number(d[2]);
    if (d[3] === "*" || d[3] === "-$") to = last;
    else if (d[3] === "-") to = last - 1;
    else if (d[3]) to = Number(d[3].slice(1));
  }
  if ((from > last || to > last) && d[1] !== "*") return { text: "", end, error: `${d[0]}: bad word specifier` };
  return modified(line, end, words.slice(from, to + 1).join(" "));
}

/** The modifiers after an event: :h :t :r :e, :q, :s/old/new/ and :gs/old/new/. */
function modified(line: string, at: number, found: string): { text: string; end: number; error: string | null } {
  let text = found;
  let end = at;
  for (;;) {
    const rest = line.slice(end);
    const sub = /^:(g|a)?s(.)((?:\\.|(?!\2)[^])*)\2((?:\\.|(?!\2)[^])*)(?:\2|$)/.exec(rest);
    if (sub) {
      const old = sub[3]!.replaceAll(`\\${sub[2]}`, sub[2]!);
      const put = sub[4]!.replaceAll(`\\${sub[2]}`, sub[2]!).replace(/(^|[^\\])&/g, (_, b: string) => b + old);
      if (old === "" || !text.includes(old)) return { text: "", end, error: `${sub[0]}: substitution failed` };
      text = sub[1] ? text.replaceAll(old, () => put) : text.replace(old, () => put);
      end += sub[0].length;
      continue;
    }
    const m = /^:([htreq])/.exec(rest);
    if (!m) return { text, end, error: null };
    end += 2;
    const slash = text.lastIndexOf("/");
    const dot = text.lastIndexOf(".");
    if (m[1] === "h") text = slash < 0 ? text : text.slice(0, slash);
    else if (m[1] === "t") text = text.slice(slash + 1);
    else if (m[1] === "r") text = dot < 0 ? text : text.slice(0, dot);
    else if (m[1] === "e") text = dot < 0 ? text : text.slice(dot);
    else text = `'${text.replaceAll("'", "'\\''")}'`;
  }
}

/** [[ text =~ regex ]]: POSIX extended syntax on a linear-time engine (re2js), leftmost-longest. */
import { RE2JS } from "re2js";

/** null: the regex is not valid. The result: the match and its groups, or null for no match. */
export function matchRegex(
  parts: readonly { readonly s: string; readonly q: boolean }[],
  text: string,
  nocase: boolean,
): { found: string[] | null } | null {
  let src = "";
  for (const p of parts) src += p.q ? p.s.replace(/[\\^$.[\]|()*+?{}]/g, "\\$&") : p.s;
  const re = ereToRe2(src);
  if (re === null) return null;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(re, RE2JS.DOTALL | RE2JS.LONGEST_MATCH | (nocase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch {
    return null;
  }
  const m = compiled.matcher(text);
  if (!m.find()) return { found: null };
  const out: string[] = [];
  for (let i = 0; i <= m.groupCount(); i++) out.push(m.group(i) ?? "");
  return { found: out };
}

/** What differs between POSIX ERE and RE2's syntax: brackets, \< \>, a * at the beginning, { that is no bound. */
function ereToRe2(s: string): string | null {
  let out = "";
  let i = 0;
  let depth = 0;
  while (i < s.length) {
    const c = s[i]!;
    if (c === "\\") {
      const n = s[i + 1];
      if (n === undefined) return null;
      out += n === "<" || n === ">" ? "\\b" : /[A-Za-z0-9]/.test(n) ? (/[wWsSbB]/.test(n) ? "\\" + n : n) : "\\" + n;
      i += 2;
    } else if (c === "[") {
      const r = bracket(s, i);
      if (r === null) return null;
      out += r.text;
      i = r.at;
    } else if (c === "(") {
      depth++;
      out += "(";
      i++;
    } else if (c === ")") {
      if (depth === 0) out += "\\)";
      else {
        depth--;
        out += ")";
      }
      i++;
    } else if ((c === "*" || c === "+" || c === "?") && (out === "" || out.endsWith("(") || out.endsWith("|") || out === "^")) {
      out += "\\" + c;
      i++;
    } else if (c === "{" && !/^\{\d+(,\d*)?\}/.test(s.slice(i))) {
      out += "\\{";
      i++;
    } else if ((c === "*" || c === "+" || c === "?") && /[^\\][*+?]$/.test(out)) {
      // a** is a*; RE2 would read a lazy operator
      i++;
    } else {
      out += c;
      i++;
    }
  }
  return depth > 0 ? null : out;
}

function bracket(s: string, open: number): { text: string; at: number } | null {
  let i = open + 1;
  let out = "[";
  if (s[i] === "^") {
    out += "^";
    i++;
  }
  let first = true;
  for (; i < s.length; first = false) {
    const c = s[i]!;
    if (c === "]" && !first) return { text: out + "]", at: i + 1 };
    if (c === "[" && (s[i + 1] === ":" || s[i + 1] === "." || s[i + 1] === "=")) {
      const end = s.indexOf(s[i + 1]! + "]", i + 2);
      if (end < 0) return null;
      const name = s.slice(i + 2, end);
      if (s[i + 1] === ":") {
        if (!/^(alpha|digit|alnum|upper|lower|space|blank|punct|print|graph|cntrl|xdigit|word|ascii)$/.test(name)) return null;
        out += `[:${name}:]`;
      } else out += name.replace(/[\\\]^[-]/g, "\\$&");
      i = end + 2;
      continue;
    }
    out += c === "\\" || c === "[" || (c === "]" && first) || (c === "^" && !first) ? "\\" + c : c;
    i++;
  }
  return null;
}

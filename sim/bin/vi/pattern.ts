/**
 * vim's patterns ("magic") as extended regular expressions. Left out, as no linear-time engine has them: back-references and
 * look-around; and of the \%… items and multi-line atoms all but \%( … \).
 */
export interface VimPattern {
  readonly source: string;
  /** \c or \C in the pattern */
  readonly ignoreCase: boolean | null;
}

const ATOMS: Readonly<Record<string, string>> = {
  s: "[[:space:]]",
  S: "[^[:space:]]",
  d: "[0-9]",
  D: "[^0-9]",
  w: "[0-9A-Za-z_]",
  W: "[^0-9A-Za-z_]",
  a: "[A-Za-z]",
  A: "[^A-Za-z]",
  l: "[a-z]",
  L: "[^a-z]",
  u: "[A-Z]",
  U: "[^A-Z]",
  x: "[0-9A-Fa-f]",
  X: "[^0-9A-Fa-f]",
  h: "[A-Za-z_]",
  o: "[0-7]",
  t: "\t",
  e: "\x1b",
  "<": "\\<",
  ">": "\\>",
  "+": "+",
  "=": "?",
  "?": "?",
  "|": "|",
  "(": "(",
  ")": ")",
};

/** Null for what is not simulated. */
export function vimRegex(pattern: string): VimPattern | null {
  let out = "";
  let ignoreCase: boolean | null = null;
  let very = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === "\\") {
      const n = pattern[++i];
      if (n === undefined) out += "\\\\";
      else if (n === "c" || n === "C") ignoreCase = n === "c";
      else if (n === "v") very = true;
      else if (n === "V" || n === "M" || n === "m" || n === "z" || n === "@" || n === "&" || n === "_" || /[1-9]/.test(n)) return null;
      else if (n === "%") {
        if (pattern[i + 1] !== "(") return null;
        out += "(";
        i++;
      } else if (n === "{") {
        const end = pattern.indexOf("}", i);
        if (end < 0) return null;
        const m = /^([0-9]*)(,?)([0-9]*)\\?$/.exec(pattern.slice(i + 1, end));
        if (m === null) return null;
        out += m[1] === "" && m[3] === "" ? "*" : `{${m[1] === "" ? "0" : m[1]}${m[2]!}${m[3]!}}`;
        i = end;
      } else if (ATOMS[n] !== undefined && !(very && "<>+=?|()".includes(n))) out += ATOMS[n]!;
      else out += /[a-zA-Z0-9]/.test(n) ? n : n === "~" || n === "/" || n === "-" ? n : `\\${n}`;
    } else if (c === "[") {
      const end = bracketEnd(pattern, i);
      if (end < 0) out += "\\[";
      else {
        out += pattern
          .slice(i, end + 1)
          .replace(/\\t/g, "\t")
          .replace(/\\([\]\\^-])/g, "$1");
        i = end;
      }
    } else if (very && c === "<") out += "\\<";
    else if (very && c === ">") out += "\\>";
    else if (very && c === "=") out += "?";
    else if (c === "*" && (out === "" || out === "^")) out += "\\*";
    else if (!very && "+?|(){}".includes(c)) out += `\\${c}`;
    else if (c === "^" && !very && out !== "" && !/[(|]$/.test(out)) out += "\\^";
    else if (c === "$" && i < pattern.length - 1 && !/^(\\\)|\\\||[)|])/.test(pattern.slice(i + 1))) out += "\\$";
    else out += c;
  }
  return { source: out, ignoreCase };
}

function bracketEnd(p: string, from: number): number {
  let i = from + 1;
  if (p[i] === "^") i++;
  if (p[i] === "]") i++;
  for (; i < p.length; i++) {
    if (p[i] === "\\") i++;
    else if (p[i] === "[" && p[i + 1] === ":") i = Math.max(i, p.indexOf(":]", i) + 1);
    else if (p[i] === "]") return i;
  }
  return -1;
}

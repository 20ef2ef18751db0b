/**
 * The look-around that scripts use with grep -P, said as groups of the linear-time engine: `A\KB`, a leading `(?<=A)` and a trailing `(?=C)`. What is
 * reported is the group B. Any other look-around, lazy and possessive repetition and back-references are not simulated.
 */
export interface PerlParts {
  readonly before: string;
  readonly match: string;
  readonly after: string;
  /** characters of `before` that may belong to an earlier match, too: those of a look-behind, not those in front of \K */
  readonly back: number;
}

const REFUSED = /\(\?(?:[=!>]|<[=!])|\\[1-9]|\\[KGRXhHvV]|[*+?}][+?]/;

/** null: not simulated */
export function perlParts(pattern: string): PerlParts | null {
  let match = pattern;
  let before = "";
  let after = "";
  let back = 0;
  const behind = /^\(\?<=((?:[^()\\|*+?{}[\]]|\\.)*)\)/.exec(match);
  if (behind !== null) {
    before = behind[1]!;
    back = before.replace(/\\./g, "x").length;
    match = match.slice(behind[0].length);
  } else {
    const cut = /^((?:[^\\]|\\[^K])*)\\K/.exec(match);
    if (cut !== null) {
      before = cut[1]!;
      match = match.slice(cut[0].length);
    }
  }
  const ahead = /\(\?=((?:[^()\\|]|\\.)*)\)$/.exec(match);
  if (ahead !== null) {
    after = ahead[1]!;
    match = match.slice(0, ahead.index);
  }
  const parts = [before, match, after];
  if (parts.some((p) => REFUSED.test(p))) return null;
  // \K and look-around belong to one branch of an alternation only
  if (pattern !== match && parts.some((p) => outside(p).includes("|"))) return null;
  return { before, match, after, back };
}

/** A pattern without its groups, sets and escapes. */
function outside(p: string): string {
  let s = p.replace(/\\./g, "").replace(/\[[^\]]*\]/g, "");
  for (let last = ""; last !== s;) {
    last = s;
    s = s.replace(/\([^()]*\)/g, "");
  }
  return s;
}

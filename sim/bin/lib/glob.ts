/** Shell patterns for file names (fnmatch(3)): * ? [set], backslash. Matching is linear in pattern times text. */

/** One element of a pattern: a test for a character, or a star. */
type Element = "star" | ((c: string) => boolean);

const CLASS: Readonly<Record<string, RegExp>> = {
  alpha: /\p{L}/u,
  digit: /[0-9]/,
  alnum: /[\p{L}\p{N}]/u,
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9A-Fa-f]/,
  print: /[^\x00-\x1f\x7f]/,
  graph: /[^\x00-\x20\x7f]/,
  cntrl: /[\x00-\x1f\x7f]/,
};

function parse(pattern: string, fold: boolean): Element[] {
  const p = Array.from(pattern);
  const elements: Element[] = [];
  const same = (a: string, b: string): boolean => (fold ? a.toLowerCase() === b.toLowerCase() : a === b);
  for (let i = 0; i < p.length; i++) {
    const c = p[i]!;
    if (c === "*") elements.push("star");
    else if (c === "?") elements.push(() => true);
    else if (c === "\\" && i + 1 < p.length) {
      const lit = p[++i]!;
      elements.push((x) => same(x, lit));
    } else if (c === "[") {
      let k = i + 1;
      const not = p[k] === "!" || p[k] === "^";
      if (not) k++;
      const tests: ((x: string) => boolean)[] = [];
      for (let first = true; k < p.length && (p[k] !== "]" || first); first = false) {
        if (p[k] === "[" && p[k + 1] === ":") {
          const end = p.indexOf(":", k + 2);
          const re = end > 0 && p[end + 1] === "]" ? CLASS[p.slice(k + 2, end).join("")] : undefined;
          if (re !== undefined) {
            tests.push((x) => re.test(x));
            k = end + 2;
            continue;
          }
        }
        if (p[k] === "\\" && k + 1 < p.length) k++;
        const from = p[k]!;
        if (p[k + 1] === "-" && k + 2 < p.length && p[k + 2] !== "]") {
          const to = p[k + 2]!;
          tests.push(
            (x) =>
              (x >= from && x <= to) ||
              (fold && ((x.toLowerCase() >= from && x.toLowerCase() <= to) || (x.toUpperCase() >= from && x.toUpperCase() <= to))),
          );
          k += 3;
        } else {
          tests.push((x) => same(x, from));
          k++;
        }
      }
      if (k >= p.length) {
        elements.push((x) => x === "[");
      } else {
        elements.push((x) => tests.some((t) => t(x)) !== not);
        i = k;
      }
    } else elements.push((x) => same(x, c));
  }
  return elements;
}

/** Does the whole text match? `/` is an ordinary character. */
export function globMatch(pattern: string, text: string, fold = false): boolean {
  const e = parse(pattern, fold);
  const s = Array.from(text);
  let i = 0;
  let j = 0;
  let star = -1;
  let mark = 0;
  while (i < s.length) {
    const x = e[j];
    if (x === "star") {
      star = j++;
      mark = i;
    } else if (x !== undefined && x(s[i]!)) {
      i++;
      j++;
    } else if (star >= 0) {
      j = star + 1;
      i = ++mark;
    } else return false;
  }
  while (e[j] === "star") j++;
  return j === e.length;
}

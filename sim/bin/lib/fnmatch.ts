/** Shell patterns over whole words, as fnmatch(3) without flags: * ? [set] and \\ — in linear time for each star. */

export function fnmatch(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starP = -1;
  let starT = 0;
  while (t < text.length) {
    const step = p < pattern.length ? matchOne(pattern, p, text[t]!) : 0;
    if (step > 0) {
      p += step;
      t++;
    } else if (pattern[p] === "*") {
      starP = p++;
      starT = t;
    } else if (starP >= 0) {
      p = starP + 1;
      t = ++starT;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** The pattern characters that the one character takes up, 0 when it does not fit. */
function matchOne(pattern: string, p: number, c: string): number {
  const k = pattern[p]!;
  if (k === "?") return 1;
  if (k === "*") return 0;
  if (k === "\\" && p + 1 < pattern.length) return pattern[p + 1] === c ? 2 : 0;
  if (k === "[") {
    const end = pattern.indexOf("]", p + 2);
    if (end < 0) return c === "[" ? 1 : 0;
    let set = pattern.slice(p + 1, end);
    const not = set.startsWith("!") || set.startsWith("^");
    if (not) set = set.slice(1);
    let hit = false;
    for (let i = 0; i < set.length; i++) {
      if (set[i + 1] === "-" && i + 2 < set.length) {
        if (c >= set[i]! && c <= set[i + 2]!) hit = true;
        i += 2;
      } else if (set[i] === c) hit = true;
    }
    return hit !== not ? end - p + 1 : 0;
  }
  return k === c ? 1 : 0;
}

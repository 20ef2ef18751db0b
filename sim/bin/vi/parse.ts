/** What the keys typed so far mean in normal and visual mode: a whole command, the beginning of one, or nothing. */

export interface Command {
  readonly register: string;
  readonly count: number | null;
  readonly key: string;
  /** the character that r f t m ' q and so on take */
  readonly char: string;
  /** for operators: the motion; the operator's own key for dd and the like */
  readonly motion: string;
}

const TAKES_CHAR = "fFtTrm'`q@";
const OPERATORS: readonly string[] = ["d", "c", "y", ">", "<", "=", "g~", "gu", "gU", "!"];
const PREFIXES = "gzZ";

function isChar(key: string): boolean {
  return key === "enter" || key === "tab" || Array.from(key).length === 1;
}
function charOf(key: string): string {
  return key === "enter" ? "\n" : key === "tab" ? "\t" : key;
}

/** Reads a number; 0 alone is a motion. */
function number(keys: readonly string[], i: number): readonly [number | null, number] {
  let text = "";
  while (i < keys.length && /^[0-9]$/.test(keys[i]!) && (text !== "" || keys[i] !== "0")) text += keys[i++]!;
  return [text === "" ? null : Math.min(Number(text), 1_000_000), i];
}

/** The command, "more" when keys are missing, "none" when there is no such command. `visual`: operators act at once. */
export function parseKeys(keys: readonly string[], visual: boolean): Command | "more" | "none" {
  let i = 0;
  let register = "";
  let count: number | null;
  [count, i] = number(keys, i);
  if (keys[i] === '"') {
    if (i + 1 >= keys.length) return "more";
    register = keys[i + 1]!;
    if (!/^[a-zA-Z0-9"_+*]$/.test(register)) return "none";
    if (register === '"' || register === "+" || register === "*") register = "";
    i += 2;
    const [again, next] = number(keys, i);
    i = next;
    if (again !== null) count = (count ?? 1) * again;
  }
  if (i >= keys.length) return "more";
  let key = keys[i++]!;
  if (PREFIXES.includes(key)) {
    if (i >= keys.length) return "more";
    key += keys[i++]!;
  }
  const base = { register, key, char: "", motion: "" };
  if (visual && (key === "i" || key === "a")) {
    if (i >= keys.length) return "more";
    return { ...base, count, key: `${key}${keys[i]!}` };
  }
  if (OPERATORS.includes(key) && !visual) {
    const [n, next] = number(keys, i);
    i = next;
    if (n !== null) count = (count ?? 1) * n;
    if (i >= keys.length) return "more";
    let m = keys[i++]!;
    if ((m === "g" || m === "i" || m === "a") && i >= keys.length) return "more";
    if (m === "g" || m === "i" || m === "a") m += keys[i++]!;
    if (TAKES_CHAR.includes(m) && m !== key) {
      if (i >= keys.length) return "more";
      return isChar(keys[i]!) ? { ...base, count, motion: m, char: charOf(keys[i]!) } : "none";
    }
    const own = key.length === 2 ? key[1]! : key;
    return { ...base, count, motion: m === own || (key.length === 2 && m === key) ? key : m };
  }
  if (key.length === 1 && TAKES_CHAR.includes(key)) {
    if (i >= keys.length) return "more";
    return isChar(keys[i]!) ? { ...base, count, char: charOf(keys[i]!) } : "none";
  }
  return { ...base, count };
}

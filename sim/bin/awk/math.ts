/** awk's arithmetic and its substitutions, apart from any state. */
import type { Regex } from "../lib/regex.ts";
import { AwkRuntimeError } from "./value.ts";

export function arith(op: string, a: number, b: number): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0) throw new AwkRuntimeError("division by zero");
      return a / b;
    case "%":
      if (b === 0) throw new AwkRuntimeError("division by zero in %");
      return a % b;
    default: {
      // whole exponents by multiplication: exact, and the same everywhere
      if (!Number.isInteger(b) || Math.abs(b) > 1024) return a ** b;
      let r = 1;
      for (let i = 0; i < Math.abs(b); i++) r *= a;
      return b < 0 ? 1 / r : r;
    }
  }
}

/** sub and gsub: & is what matched, \& an ampersand. */
export function substitute(text: string, re: Regex, replacement: string, all: boolean): { result: string; count: number } {
  let result = "";
  let at = 0;
  let count = 0;
  let lastEnd = -1;
  for (let from = 0; from <= text.length;) {
    const m = re.exec(text, from);
    if (m === null) break;
    const [start, end] = [m[0]!, m[1]!];
    // no empty match right behind a match
    if (end > start || start !== lastEnd) {
      count++;
      result += text.slice(at, start);
      for (let i = 0; i < replacement.length; i++) {
        const c = replacement[i]!;
        if (c === "\\" && (replacement[i + 1] === "&" || replacement[i + 1] === "\\")) result += replacement[++i];
        else if (c === "&") result += text.slice(start, end);
        else result += c;
      }
      at = lastEnd = end;
      if (!all) break;
    }
    from = end > start ? end : end + 1;
  }
  return { result: result + text.slice(at), count };
}

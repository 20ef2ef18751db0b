/**
 * The conversions of printf(3) that utilities need (printf, seq, awk, date, stat, find): flags, width, precision, and
 * d i o u x X c s e E f F g G a(no). Numbers are doubles; whole ones beyond 2^53 come as bigint.
 */

export interface Conversion {
  readonly flags: string;
  readonly width: number;
  /** -1: none */
  readonly precision: number;
  readonly type: string;
}

/** Pads a finished text to the width. */
export function padded(text: string, c: Conversion, zeros: boolean): string {
  const n = Array.from(text).length;
  if (n >= c.width) return text;
  if (c.flags.includes("-")) return text + " ".repeat(c.width - n);
  if (!zeros) return " ".repeat(c.width - n) + text;
  const sign = /^(?:[-+ ]?0[xX]|[-+ ])/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(c.width - n) + text.slice(sign.length);
}

export function formatString(text: string, c: Conversion): string {
  return padded(c.precision >= 0 ? Array.from(text).slice(0, c.precision).join("") : text, c, false);
}

/** %d %i %u %o %x %X */
export function formatInteger(value: bigint, c: Conversion): string {
  const negative = value < 0n;
  let digits: string;
  let sign = "";
  if (c.type === "d" || c.type === "i") {
    digits = (negative ? -value : value).toString();
    sign = negative ? "-" : c.flags.includes("+") ? "+" : c.flags.includes(" ") ? " " : "";
  } else {
    const unsigned = BigInt.asUintN(64, value);
    digits = unsigned.toString(c.type === "o" ? 8 : c.type === "u" ? 10 : 16);
    if (c.flags.includes("#") && c.type === "o" && !digits.startsWith("0")) digits = `0${digits}`;
    if (c.flags.includes("#") && (c.type === "x" || c.type === "X") && unsigned !== 0n) sign = "0x";
  }
  if (c.precision >= 0) digits = c.precision === 0 && value === 0n ? "" : digits.padStart(c.precision, "0");
  const text = sign + digits;
  return padded(c.type === "X" ? text.toUpperCase() : text, c, c.flags.includes("0") && c.precision < 0);
}

/** %e %E %f %F %g %G */
export function formatFloat(value: number, c: Conversion): string {
  const upper = c.type >= "A" && c.type <= "Z";
  const sign = value < 0 || Object.is(value, -0) ? "-" : c.flags.includes("+") ? "+" : c.flags.includes(" ") ? " " : "";
  const v = Math.abs(value);
  let body: string;
  if (!Number.isFinite(v)) {
    body = Number.isNaN(v) ? "nan" : "inf";
    return padded((Number.isNaN(v) ? "" : sign) + (upper ? body.toUpperCase() : body), c, false);
  }
  const precision = c.precision < 0 ? 6 : c.precision;
  const type = c.type.toLowerCase();
  if (type === "f") body = fixed(v, precision);
  else if (type === "e") body = exponential(v, precision);
  else body = general(v, precision === 0 ? 1 : precision, c.flags.includes("#"));
  if (c.flags.includes("#") && precision === 0 && !body.includes(".")) body += ".";
  return padded(sign + (upper ? body.toUpperCase() : body), c, c.flags.includes("0"));
}

/** Exact decimals, also where toFixed gives up (1e21 and above) or is asked for more than 100 digits. */
function fixed(v: number, precision: number): string {
  if (v >= 1e21) {
    const whole = BigInt(v).toString();
    return precision > 0 ? `${whole}.${"0".repeat(precision)}` : whole;
  }
  const exact = Math.min(precision, 100);
  return v.toFixed(exact) + "0".repeat(precision - exact);
}

function exponential(v: number, precision: number): string {
  const [mantissa, exponent] = v.toExponential(Math.min(precision, 100)).split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

function general(v: number, precision: number, keepZeros: boolean): string {
  const p = Math.min(precision, 100);
  const exponent = v === 0 ? 0 : Number(v.toExponential(p - 1).split("e")[1]);
  let text = exponent < -4 || exponent >= p ? exponential(v, p - 1) : fixed(v, Math.max(p - 1 - exponent, 0));
  if (!keepZeros && text.includes(".")) text = text.replace(/\.?0+(?=e|$)/, "");
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/**
 * The escape at text[i] (behind its backslash), as printf and echo -e read it: [what it stands for, next index].
 * Octal and hex give one byte, as a character below 256. null: not an escape; "stop" for \c.
 */
export function escapeAt(text: string, i: number, zeroOctal: boolean): readonly [string, number] | "stop" | null {
  const c = text[i];
  if (c === undefined) return null;
  if (c === "c") return "stop";
  const known = ESCAPES[c];
  if (known !== undefined) return [known, i + 1];
  const take = (pattern: RegExp, from: number, base: number): readonly [string, number] | null => {
    const m = pattern.exec(text.slice(from, from + 8));
    return m === null ? null : [base === 0 ? m[0] : String.fromCodePoint(Number.parseInt(m[0], base)), from + m[0].length];
  };
  if (c === "x") return take(/^[0-9a-fA-F]{1,2}/, i + 1, 16);
  if (c === "u") return take(/^[0-9a-fA-F]{1,4}/, i + 1, 16);
  if (c === "U") return take(/^[0-9a-fA-F]{1,8}/, i + 1, 16);
  if (zeroOctal) return c === "0" ? (take(/^[0-7]{1,3}/, i + 1, 8) ?? ["\0", i + 1]) : null;
  return c >= "0" && c <= "7" ? take(/^[0-7]{1,3}/, i, 8) : null;
}

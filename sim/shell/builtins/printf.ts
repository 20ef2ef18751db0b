/** printf: C's formats over 64-bit integers and doubles, with %b %q %(strftime)T and arguments that start over. */
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { backslashQuote, isName } from "../vars.ts";
import { strftime } from "../../core/calendar.ts";
import { ansiCText, toBytes } from "../expand/text.ts";
import { type Builtin, fail, options, out, usage } from "./util.ts";

const FORMAT = /%([-+ #0']*)(\*|[0-9]+)?(?:\.(\*|-?[0-9]*))?(?:hh|h|ll|l|L|j|z|t)?(\([^)]*\)T|[^])?/y;

interface State {
  readonly args: readonly string[];
  at: number;
  status: number;
}

export const printf: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "v:");
  if (typeof o === "number") return o;
  if (o.rest.length === 0) return yield* usage(sh, "printf");
  const varName = o.flags.get("v");
  if (varName !== undefined && !isName(varName.replace(/\[[^]+\]$/, "")))
    return yield* fail(sh, "printf", `\`${varName}': not a valid identifier`, 2);
  const st: State = { args: o.rest.slice(1), at: 0, status: 0 };
  let text = "";
  for (;;) {
    const before = st.at;
    const r = yield* once(sh, o.rest[0]!, st);
    text += r.text;
    if (r.stop || st.at >= st.args.length || st.at === before) break;
    yield* sh.work(4);
    if (text.length > 65536 && varName === undefined) {
      if ((yield* out(sh, "printf", text)) !== 0) return 1;
      text = "";
    }
  }
  if (varName !== undefined) {
    const m = /^([^[]+)\[([^]*)\]$/.exec(varName);
    if (m) sh.setElem(m[1]!, m[2]!, text);
    else sh.set(varName, text);
    return st.status;
  }
  return (yield* out(sh, "printf", text)) || st.status;
};

function* once(sh: Shell, fmt: string, st: State): Call<{ text: string; stop: boolean }> {
  let text = "";
  let i = 0;
  while (i < fmt.length) {
    const pct = fmt.indexOf("%", i);
    const lit = ansiCText(fmt.slice(i, pct < 0 ? fmt.length : pct), "format");
    text += lit.text;
    if (pct < 0) break;
    if (fmt[pct + 1] === "%") {
      text += "%";
      i = pct + 2;
      continue;
    }
    FORMAT.lastIndex = pct;
    const m = FORMAT.exec(fmt)!;
    i = pct + m[0].length;
    const conv = m[4];
    if (conv === undefined) {
      yield* sh.warn(`printf: \`${fmt.slice(pct)}': missing format character`);
      st.status = 1;
      return { text, stop: true };
    }
    let flags = m[1]!;
    let width = m[2] === undefined ? 0 : m[2] === "*" ? yield* integer(sh, st, next(st)) : Number(m[2]);
    if (width < 0) {
      flags += "-";
      width = -width;
    }
    const prec = m[3] === undefined ? -1 : m[3] === "*" ? yield* integer(sh, st, next(st)) : Number(m[3] === "" ? 0 : m[3]);
    const r = yield* convert(sh, st, conv, flags, Math.min(width, 1_000_000), Math.min(prec, 1_000_000));
    if (r === null) {
      yield* sh.warn(`printf: \`${conv}': invalid format character`);
      st.status = 1;
      return { text, stop: true };
    }
    text += r.text;
    if (r.stop) return { text, stop: true };
  }
  return { text, stop: false };
}

/** The next argument; undefined when they have run out. */
function next(st: State): string | undefined {
  return st.at < st.args.length ? st.args[st.at++] : (st.at++, undefined);
}

function* integer(sh: Shell, st: State, arg: string | undefined): Call<number> {
  return Number(yield* bigint(sh, st, arg));
}

const MAX = (1n << 63n) - 1n;

function* bigint(sh: Shell, st: State, arg: string | undefined, unsigned = false): Call<bigint> {
  if (arg === undefined || arg === "") return 0n;
  if (arg[0] === "'" || arg[0] === '"') return BigInt(arg.codePointAt(1) ?? 0);
  const m = /^[ \t\n]*([-+]?)(0[xX][0-9a-fA-F]+|[0-9]+)/.exec(arg);
  let v = 0n;
  let used = 0;
  if (m) {
    let digits = m[2]!;
    used = m[0].length;
    if (/^0[0-9]/.test(digits)) {
      const oct = /^[0-7]+/.exec(digits)![0];
      used -= digits.length - oct.length;
      digits = "0o" + oct;
    }
    v = BigInt(digits);
    if (m[1] === "-") v = -v;
  }
  if (used < arg.length) {
    yield* sh.warn(`printf: ${arg}: invalid ${/^0[0-7]*[89]/.test(arg) ? "octal number" : "number"}`);
    st.status = 1;
  }
  const top = unsigned ? (1n << 64n) - 1n : MAX;
  if (v > top || v < -MAX - 1n) {
    yield* sh.warn(`printf: warning: ${arg}: Numerical result out of range`);
    st.status = 0;
    return v > 0n ? top : -MAX - 1n;
  }
  return v;
}

function* float(sh: Shell, st: State, arg: string | undefined): Call<number> {
  if (arg === undefined || arg === "") return 0;
  if (arg[0] === "'" || arg[0] === '"') return arg.codePointAt(1) ?? 0;
  const m = /^[ \t]*([-+]?(?:inf(?:inity)?|nan|0[xX][0-9a-fA-F]+|[0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?))/i.exec(
    arg,
  );
  if (!m || m[0].length < arg.length) {
    yield* sh.warn(`printf: ${arg}: invalid number`);
    st.status = 1;
  }
  if (!m) return 0;
  const s = m[1]!.toLowerCase();
  if (s.includes("inf")) return s.startsWith("-") ? -Infinity : Infinity;
  if (s.includes("nan")) return Number.NaN;
  return Number(s);
}

function pad(s: string, flags: string, width: number, sign = "", zero = false): string {
  // widths count bytes
  const n = toBytes(s).length + sign.length;
  if (n >= width) return sign + s;
  if (flags.includes("-")) return sign + s + " ".repeat(width - n);
  if (zero) return sign + "0".repeat(width - n) + s;
  return " ".repeat(width - n) + sign + s;
}

function* convert(
  sh: Shell,
  st: State,
  conv: string,
  flags: string,
  width: number,
  prec: number,
): Call<{ text: string; stop: boolean } | null> {
  const whole = (text: string, stop = false): { text: string; stop: boolean } => ({ text, stop });
  if (conv.endsWith("T") && conv.startsWith("(")) {
    const arg = next(st);
    yield* sh.clock();
    const now = Math.floor(sh.realNow / 1e9);
    const v = arg === undefined ? -1 : yield* integer(sh, st, arg);
    const sec = v === -1 ? now : v === -2 ? Math.floor(sh.startTime / 1e9) + now - Math.floor(sh.now / 1e9) : v;
    return whole(pad(strftime(conv.slice(1, -2) || "%X", sec), flags, width));
  }
  switch (conv) {
    case "s": {
      const s = next(st) ?? "";
      return whole(pad(prec >= 0 ? [...s].slice(0, prec).join("") : s, flags, width));
    }
    case "c":
      return whole(pad([...(next(st) ?? "")][0] ?? "", flags, width));
    case "b": {
      const r = ansiCText(next(st) ?? "", "b");
      return whole(pad(prec >= 0 ? [...r.text].slice(0, prec).join("") : r.text, flags, width), r.stop);
    }
    case "q":
    case "Q": {
      const s = next(st) ?? "";
      return whole(pad(backslashQuote(conv === "Q" && prec >= 0 ? s.slice(0, prec) : s), flags, width));
    }
    case "d":
    case "i": {
      const v = yield* bigint(sh, st, next(st));
      const sign = v < 0n ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
      let digits = String(v < 0n ? -v : v);
      if (prec >= 0) digits = prec === 0 && v === 0n ? "" : digits.padStart(prec, "0");
      return whole(pad(digits, flags, width, sign, flags.includes("0") && prec < 0));
    }
    case "u":
    case "o":
    case "x":
    case "X": {
      const v = BigInt.asUintN(64, yield* bigint(sh, st, next(st), true));
      let digits = v.toString(conv === "u" ? 10 : conv === "o" ? 8 : 16);
      if (prec >= 0) digits = prec === 0 && v === 0n ? "" : digits.padStart(prec, "0");
      let lead = "";
      if (flags.includes("#") && v !== 0n) {
        if (conv === "o") digits = "0" + digits;
        else if (conv !== "u") lead = "0" + conv;
      }
      const s = pad(digits, flags, width, lead, flags.includes("0") && prec < 0);
      return whole(conv === "X" ? s.toUpperCase() : s);
    }
    case "f":
    case "F":
    case "e":
    case "E":
    case "g":
    case "G":
    case "a":
    case "A": {
      const v = yield* float(sh, st, next(st));
      const neg = v < 0 || Object.is(v, -0);
      const sign = neg ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
      const s = Number.isFinite(v) ? floatText(Math.abs(v), conv, prec, flags.includes("#")) : Number.isNaN(v) ? "nan" : "inf";
      return whole(pad(/[FEGA]/.test(conv) ? s.toUpperCase() : s, flags, width, sign, flags.includes("0") && Number.isFinite(v)));
    }
    case "n":
      return whole("");
    default:
      return null;
  }
}

/** Digits of a non-negative double. toFixed is exact to 100 digits, which is more than is asked for in practice. */
function floatText(v: number, conv: string, prec: number, alt: boolean): string {
  const p = Math.min(prec < 0 ? 6 : prec, 100);
  switch (conv.toLowerCase()) {
    case "f":
      return fixed(v, p) + (alt && p === 0 ? "." : "");
    case "e":
      return exponential(v, p);
    case "g": {
      const digits = p === 0 ? 1 : p;
      const e = v === 0 ? 0 : Number(v.toExponential(Math.min(digits - 1, 100)).split("e")[1]);
      let s = e < -4 || e >= digits ? exponential(v, digits - 1) : fixed(v, Math.max(0, digits - 1 - e));
      if (!alt && s.includes(".")) {
        const [mant, exp] = s.split("e");
        s = mant!.replace(/\.?0+$/, "") + (exp === undefined ? "" : `e${exp}`);
      }
      return s;
    }
    default:
      return hexFloat(v, prec);
  }
}

/** Exactly rounded, ties to even on the binary value, as printf does and toFixed (ties up) does not. */
function fixed(v: number, p: number): string {
  if (v >= 1e21) return BigInt(v).toString() + (p > 0 ? "." + "0".repeat(p) : "");
  const s = v.toFixed(p);
  // a tie only exists when the value is exactly half way: then the longer exact expansion ends in 5
  const exact = v.toFixed(Math.min(100, p + 30));
  const tail = exact.slice(exact.indexOf(".") + 1 + p);
  if (/^50*$/.test(tail)) {
    const down = p === 0 ? exact.slice(0, exact.indexOf(".")) : exact.slice(0, exact.indexOf(".") + 1 + p);
    const lastDigit = Number(down[down.length - 1]);
    if (lastDigit % 2 === 0) return down;
  }
  return s;
}

function exponential(v: number, p: number): string {
  const [mant, exp] = v.toExponential(Math.min(p, 100)).split("e");
  const e = Number(exp);
  return `${mant}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
}

/** %a of an x86 long double, normalised to one hex digit 8…f before the point. */
function hexFloat(v: number, prec: number): string {
  if (v === 0) return "0x0p+0";
  let e = 0;
  let m = v;
  while (m >= 16) {
    m /= 2;
    e++;
  }
  while (m < 8) {
    m *= 2;
    e--;
  }
  let s = `0x${Math.floor(m).toString(16)}`;
  let frac = m - Math.floor(m);
  let digits = "";
  while (frac > 0 && digits.length < 16) {
    frac *= 16;
    digits += Math.floor(frac).toString(16);
    frac -= Math.floor(frac);
  }
  if (prec >= 0) digits = digits.padEnd(prec, "0").slice(0, prec);
  if (digits !== "") s += `.${digits}`;
  return `${s}p${e < 0 ? "-" : "+"}${Math.abs(e)}`;
}

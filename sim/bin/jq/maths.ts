/** jq's functions of C's <math.h> that JavaScript has, too. Rounding of the last digit is the platform's for powers and logarithms; those of Bessel and gamma are left out. */
type Maths = (...x: readonly number[]) => number;

/** To even where it stands in the middle, as nearbyint(3). */
function nearest(x: number): number {
  const f = Math.floor(x);
  const d = x - f;
  return d < 0.5 ? f : d > 0.5 ? f + 1 : f % 2 === 0 ? f : f + 1;
}

const exponent = (x: number): number => {
  const a = Math.abs(x);
  let e = Math.floor(Math.log2(a));
  while (2 ** e > a) e--;
  while (2 ** (e + 1) <= a) e++;
  return e;
};

const TABLE: ReadonlyMap<string, Maths> = new Map<string, Maths>([
  ["floor/0", (x) => Math.floor(x!)],
  ["ceil/0", (x) => Math.ceil(x!)],
  ["round/0", (x) => (x! < 0 ? -Math.round(-x!) : Math.round(x!))],
  ["trunc/0", (x) => Math.trunc(x!)],
  ["rint/0", (x) => nearest(x!)],
  ["nearbyint/0", (x) => nearest(x!)],
  ["fabs/0", (x) => Math.abs(x!)],
  ["sqrt/0", (x) => Math.sqrt(x!)],
  ["cbrt/0", (x) => Math.cbrt(x!)],
  ["exp/0", (x) => Math.exp(x!)],
  ["exp2/0", (x) => 2 ** x!],
  ["exp10/0", (x) => 10 ** x!],
  ["pow10/0", (x) => 10 ** x!],
  ["expm1/0", (x) => Math.expm1(x!)],
  ["log/0", (x) => Math.log(x!)],
  ["log2/0", (x) => Math.log2(x!)],
  ["log10/0", (x) => Math.log10(x!)],
  ["log1p/0", (x) => Math.log1p(x!)],
  ["logb/0", (x) => exponent(x!)],
  ["significand/0", (x) => (x === 0 ? 0 : x! / 2 ** exponent(x!))],
  ["sin/0", (x) => Math.sin(x!)],
  ["cos/0", (x) => Math.cos(x!)],
  ["tan/0", (x) => Math.tan(x!)],
  ["asin/0", (x) => Math.asin(x!)],
  ["acos/0", (x) => Math.acos(x!)],
  ["atan/0", (x) => Math.atan(x!)],
  ["sinh/0", (x) => Math.sinh(x!)],
  ["cosh/0", (x) => Math.cosh(x!)],
  ["tanh/0", (x) => Math.tanh(x!)],
  ["asinh/0", (x) => Math.asinh(x!)],
  ["acosh/0", (x) => Math.acosh(x!)],
  ["atanh/0", (x) => Math.atanh(x!)],
  ["pow/2", (x, y) => x! ** y!],
  ["atan2/2", (x, y) => Math.atan2(x!, y!)],
  ["fmin/2", (x, y) => Math.min(x!, y!)],
  ["fmax/2", (x, y) => Math.max(x!, y!)],
  ["fmod/2", (x, y) => x! % y!],
  ["hypot/2", (x, y) => Math.hypot(x!, y!)],
  ["copysign/2", (x, y) => (y! < 0 || Object.is(y, -0) ? -Math.abs(x!) : Math.abs(x!))],
  ["fdim/2", (x, y) => Math.max(0, x! - y!)],
  ["ldexp/2", (x, y) => x! * 2 ** y!],
  ["scalb/2", (x, y) => x! * 2 ** y!],
  ["scalbln/2", (x, y) => x! * 2 ** y!],
  ["fma/3", (x, y, z) => x! * y! + z!],
]);

export const maths = (key: string): Maths | null => TABLE.get(key) ?? null;
export const mathsNames: readonly string[] = Array.from(TABLE.keys());

/** In jq 1.6, not here. */
export const mathsNotSimulated: ReadonlySet<string> = new Set(
  "drem/2 erf/0 erfc/0 frexp/0 gamma/0 j0/0 j1/0 jn/2 lgamma/0 lgamma_r/0 modf/0 nextafter/2 nexttoward/2 remainder/2 tgamma/0 y0/0 y1/0 yn/2 modulemeta/0 get_jq_origin/0 get_prog_origin/0".split(
    " ",
  ),
);

/** The table of measurements, and the goals that each is held against. */

/** A time against another's, or a rate: how many times as fast we are. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly other: string;
  /** the figure that counts: a ratio (more is better) or, with `most`, an amount (less is better); null: not measured */
  readonly figure: number | null;
  /** its unit: "×", "ms" … */
  readonly unit: string;
  readonly most?: boolean;
  readonly must: number;
  readonly stretch: number | null;
}

function verdict(r: Row): string {
  if (r.figure === null) return "not measured";
  const reaches = (goal: number): boolean => (r.most ? r.figure! <= goal : r.figure! >= goal);
  if (r.stretch !== null && reaches(r.stretch)) return "stretch";
  return reaches(r.must) ? "met" : "missed";
}

export function number(n: number): string {
  const digits = n >= 100 ? 0 : n >= 10 ? 1 : n >= 1 ? 2 : 3;
  const [whole, rest] = n.toFixed(digits).split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest ? `${grouped}.${rest}` : grouped;
}
export const ms = (n: number): string => `${number(n)} ms`;

/** A Markdown table, its columns aligned. */
export function markdown(rows: readonly Row[]): string {
  const goal = (r: Row, g: number | null): string => (g === null ? "" : `${r.most ? "≤" : "≥"} ${number(g)} ${r.unit}`);
  const cells = rows.map((r) => [
    r.what,
    r.ours,
    r.other,
    r.figure === null ? "–" : `${number(r.figure)} ${r.unit}`,
    goal(r, r.must),
    goal(r, r.stretch),
    verdict(r),
  ]);
  const head = ["what", "ours", "the other", "figure", "must", "stretch", "verdict"];
  const width = head.map((h, i) => Math.max(h.length, ...cells.map((c) => c[i]!.length)));
  const line = (c: readonly string[]): string => `| ${c.map((x, i) => x.padEnd(width[i]!)).join(" | ")} |`;
  return [line(head), `| ${width.map((w) => "-".repeat(w)).join(" | ")} |`, ...cells.map(line)].join("\n");
}

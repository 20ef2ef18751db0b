/**
 * Tables as util-linux' libsmartcols prints them: columns as wide as their widest cell, one blank apart; raw (blanks escaped, no alignment);
 * JSON. Left out: truncation to the width of a terminal.
 */
export interface Column {
  readonly name: string;
  readonly right?: boolean;
  /** JSON: the value is a number */
  readonly number?: boolean;
}

export interface TableLayout {
  readonly headings: boolean;
  readonly raw: boolean;
}

/** Cells are texts; an empty one is null in JSON. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[], layout: TableLayout): string {
  const head = columns.map((c) => c.name);
  const all = layout.headings ? [head, ...rows] : rows;
  if (layout.raw) return all.map((r) => `${r.map((cell) => cell.replaceAll(" ", "\\x20")).join(" ")}\n`).join("");
  // the heading counts for the width even where it is not shown
  const widths = columns.map((c, i) => Math.max(c.name.length, ...rows.map((r) => r[i]!.length)));
  const last = columns.length - 1;
  return all
    .map((r) => {
      const cells = r.map((cell, i) => (columns[i]!.right ? cell.padStart(widths[i]!) : i === last ? cell : cell.padEnd(widths[i]!)));
      return `${cells.join(" ")}\n`;
    })
    .join("");
}

/** {"name": [{…},{…}]} in the layout of libsmartcols. */
export function tableJson(name: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const objects = rows.map((r) => {
    const members = r.map((cell, i) => {
      const value = cell === "" ? "null" : columns[i]!.number ? cell : JSON.stringify(cell);
      return `         "${columns[i]!.name.toLowerCase()}": ${value}`;
    });
    return `{\n${members.join(",\n")}\n      }`;
  });
  return `{\n   "${name}": [\n      ${objects.join(",")}\n   ]\n}\n`;
}

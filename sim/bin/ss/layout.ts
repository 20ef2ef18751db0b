/**
 * ss' table (render() of iproute2 6.1's misc/ss.c): columns as wide as their widest cell, each with its own delimiter in front;
 * what -i and -m add stands on a line of its own below.
 */
interface ColumnSpec {
  readonly head: string;
  readonly right: boolean;
  readonly delimiter: string;
}
const COLUMNS: readonly ColumnSpec[] = [
  { head: "Netid", right: false, delimiter: "" },
  { head: "State", right: false, delimiter: " " },
  { head: "Recv-Q", right: false, delimiter: " " },
  { head: "Send-Q", right: false, delimiter: " " },
  { head: "Local Address:", right: true, delimiter: " " },
  { head: "Port", right: false, delimiter: "" },
  { head: "Peer Address:", right: true, delimiter: " " },
  { head: "Port", right: false, delimiter: "" },
];

export interface SsRow {
  /** Netid, State, Recv-Q, Send-Q, local address with its colon, port, peer's address with its colon, port */
  readonly cells: readonly [string, string, string, string, string, string, string, string];
  /** users, timer and the like, each with a blank in front */
  readonly process: string;
  /** memory and TCP information; "" none */
  readonly below: string;
}

interface SsLayout {
  readonly netid: boolean;
  readonly state: boolean;
  readonly header: boolean;
  /** -O: no second line */
  readonly oneline: boolean;
}

export function ssTable(rows: readonly SsRow[], l: SsLayout): string {
  const shown = COLUMNS.map((_, i) => (i === 0 ? l.netid : i === 1 ? l.state : true));
  const width = COLUMNS.map((c, i) => Math.max(l.header ? c.head.length : 0, ...rows.map((r) => r.cells[i]!.length)));
  const tail = (r: SsRow): number => r.process.length + (r.below === "" ? 0 : r.below.length + 1);
  const last = Math.max(l.header ? "Process".length : 0, ...rows.map(tail));
  const line = (cells: readonly string[]): string => {
    let s = "";
    for (let i = 0; i < COLUMNS.length; i++) {
      if (!shown[i]) continue;
      const c = COLUMNS[i]!;
      if (s !== "") s += c.delimiter;
      s += c.right ? cells[i]!.padStart(width[i]!) : cells[i]!.padEnd(width[i]!);
    }
    return s;
  };
  let out = l.header ? `${line(COLUMNS.map((c) => c.head))}${"Process".padEnd(last)}\n` : "";
  for (const r of rows) {
    const below = r.below === "" ? "" : l.oneline ? ` ${r.below}` : `\n\t${r.below}`;
    out += `${line(r.cells)}${r.process}${below}${" ".repeat(Math.max(0, last - tail(r)))}\n`;
  }
  return out;
}

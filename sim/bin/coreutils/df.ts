/** df: file systems and their room. Those of a lab live in memory; the sizes shown are nominal, the same for each. */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { canonicalPath } from "../lib/canonical.ts";
import { gnuCommand, quotef, type Tool } from "../lib/gnu.ts";
import { humanSize } from "../lib/mode.ts";
import { fileSystemOf, type Mounted, mountTable } from "../lib/mounts.ts";
import type { GivenOption } from "../lib/options.ts";

/** KiB, and files */
const SIZE = 64 * 1024;
const USED = 8 * 1024;
const FILES = 10_000;
const FILES_USED = 1_250;
const PSEUDO = ["proc", "sysfs", "devpts", "nsfs"];

/** The rows to show: those of the files named, or all real ones, each once. */
function* chosen(t: Tool, options: readonly GivenOption[], operands: readonly string[]): Call<readonly Mounted[]> {
  const has = (n: string): boolean => options.some((o) => o.name === n);
  const types = options.filter((o) => o.name === "-t").map((o) => o.value!);
  const not = options.filter((o) => o.name === "-x").map((o) => o.value!);
  const table = yield* mountTable(t.sys);
  let rows: readonly Mounted[] = table;
  if (operands.length > 0) {
    const found: Mounted[] = [];
    for (const file of operands) {
      const path = yield* canonicalPath(t.sys, file, "none");
      if (typeof path === "number") {
        yield* t.warn(`${quotef(file)}: ${strerror(path)}`);
        continue;
      }
      const m = fileSystemOf(table, path);
      if (m !== null) found.push(m);
    }
    rows = found;
  } else if (!has("-a")) rows = table.filter((m) => !PSEUDO.includes(m.type) && !m.target.startsWith("/run/netns"));
  return rows.filter((m) => (types.length === 0 || types.includes(m.type)) && !not.includes(m.type));
}

const df = gnuCommand({
  name: "df",
  usage: ["[OPTION]... [FILE]..."],
  summary: "report file system space usage",
  description: ["The file systems of a lab live in memory; their sizes are nominal."],
  options: [
    { names: ["-a", "--all"], help: "pseudo file systems, too" },
    { names: ["-h", "--human-readable"], help: "sizes such as 1K 234M" },
    { names: ["-H", "--si"], help: "the same with powers of 1000" },
    { names: ["-i", "--inodes"], help: "inodes instead of blocks" },
    { names: ["-k"], help: "in KiB (default)" },
    { names: ["-l", "--local"], help: "only local file systems; all are" },
    { names: ["-m"], help: "in MiB" },
    { names: ["--no-sync"], help: "(nothing)" },
    { names: ["-P", "--portability"], help: "POSIX format" },
    { names: ["--sync"], help: "(nothing)" },
    { names: ["-t", "--type"], arg: "TYPE", help: "only this type" },
    { names: ["-T", "--print-type"], help: "the type, too" },
    { names: ["--total"], help: "a grand total" },
    { names: ["-x", "--exclude-type"], arg: "TYPE", help: "not this type" },
    { names: ["-v"], help: "(nothing)" },
    { names: ["-B", "--block-size"], arg: "SIZE", help: "unit of sizes", notModelled: true },
    { names: ["-F", "--output"], arg: "[LIST]", help: "which columns", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const unit = options.findLast((o) => ["-h", "-H", "-k", "-m"].includes(o.name))?.name ?? "-k";
    const rows = yield* chosen(t, options, operands);
    if (rows.length === 0) return t.status > 0 ? t.status : yield* t.die("no file systems processed");
    const show = (kib: number): string =>
      unit === "-h"
        ? humanSize(kib * 1024, 1024)
        : unit === "-H"
          ? humanSize(kib * 1024, 1000)
          : String(unit === "-m" ? Math.ceil(kib / 1024) : kib);
    const files = (n: number): string => (unit === "-h" ? humanSize(n, 1024) : unit === "-H" ? humanSize(n, 1000) : String(n));
    const people = unit === "-h" || unit === "-H";
    const size = people
      ? "Size"
      : has("-P")
        ? unit === "-m"
          ? "1048576-blocks"
          : "1024-blocks"
        : unit === "-m"
          ? "1M-blocks"
          : "1K-blocks";
    const head = has("-i")
      ? ["Inodes", "IUsed", "IFree", "IUse%"]
      : [size, "Used", people && !has("-P") ? "Avail" : "Available", has("-P") ? "Capacity" : "Use%"];
    const type = has("-T");
    const cells = (n: number): string[] =>
      has("-i")
        ? [files(FILES * n), files(FILES_USED * n), files((FILES - FILES_USED) * n), "13%"]
        : [show(SIZE * n), show(USED * n), show((SIZE - USED) * n), "13%"];
    const none = has("-i") ? ["0", "0", "0", "-"] : ["0", "0", "0", "-"];
    const table = [["Filesystem", ...(type ? ["Type"] : []), ...head, "Mounted on"]];
    const real = rows.filter((m) => !PSEUDO.includes(m.type));
    for (const m of rows) table.push([m.source, ...(type ? [m.type] : []), ...(PSEUDO.includes(m.type) ? none : cells(1)), m.target]);
    if (has("--total")) table.push(["total", ...(type ? ["-"] : []), ...cells(real.length), "-"]);
    const n = table[0]!.length;
    const least = (i: number): number => (i === 0 ? 14 : i === n - 2 ? 4 : i >= n - 5 ? 5 : 4);
    const widths = table[0]!.map((_, i) => Math.max(least(i), ...table.map((r) => r[i]!.length)));
    const cell = (c: string, i: number): string =>
      i === n - 1 ? c : i === 0 || (type && i === 1) ? c.padEnd(widths[i]!) : c.padStart(widths[i]!);
    for (const r of table) yield* t.out.print(`${r.map(cell).join(" ")}\n`);
    return t.status;
  },
});

export const dfCommands = [df];

/** findmnt of util-linux 2.38: the mounts as a tree, a list, raw, pairs or JSON. */
import type { Call, Command } from "../../kernel/abi.ts";
import { canonicalPath } from "../lib/canonical.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import type { GivenOption } from "../lib/options.ts";
import { tableJson, tableText } from "../lib/scols.ts";
import { mountAt, type MountRow, readMounts } from "./table.ts";

const COLUMNS: Readonly<Record<string, (r: MountRow) => string>> = {
  TARGET: (r) => r.target,
  SOURCE: (r) => r.source,
  FSTYPE: (r) => r.fstype,
  OPTIONS: (r) => r.options,
  ID: (r) => String(r.id),
  PARENT: (r) => String(r.parent),
};

/** Each mount below its parent, with the lines of the tree in front. */
function tree(rows: readonly MountRow[]): { row: MountRow; lead: string }[] {
  const out: { row: MountRow; lead: string }[] = [];
  const add = (row: MountRow, lead: string, below: string): void => {
    out.push({ row, lead });
    const children = rows.filter((r) => r.parent === row.id);
    children.forEach((c, i) => {
      const last = i === children.length - 1;
      add(c, `${below}${last ? "└─" : "├─"}`, `${below}${last ? "  " : "│ "}`);
    });
  };
  for (const r of rows) if (!rows.some((x) => x.id === r.parent)) add(r, "", "");
  return out;
}

function* chosen(t: Tool, options: readonly GivenOption[], operands: readonly string[]): Call<readonly MountRow[] | null> {
  const all = yield* readMounts(t.sys);
  const types = options.findLast((o) => o.name === "-t")?.value?.split(",") ?? null;
  const source = options.findLast((o) => o.name === "-S")?.value ?? (operands.length === 2 ? operands[0]! : null);
  const exact = options.findLast((o) => o.name === "-M")?.value ?? (operands.length > 0 ? operands[operands.length - 1]! : null);
  const within = options.findLast((o) => o.name === "-T")?.value ?? null;
  let rows = types === null ? all : all.filter((r) => types.includes(r.fstype));
  if (source !== null) rows = rows.filter((r) => r.source === source);
  if (within !== null) {
    let path = yield* canonicalPath(t.sys, within, "none");
    if (typeof path === "number") return null;
    while (path !== "/" && mountAt(all, path) === null) path = path.slice(0, path.lastIndexOf("/")) || "/";
    const at: string = path;
    rows = rows.filter((r) => r === mountAt(all, at));
  }
  if (exact !== null) {
    const path = yield* canonicalPath(t.sys, exact, "all");
    rows = rows.filter((r) => r.target === path || (operands.length === 1 && r.source === exact));
  }
  return rows;
}

const findmnt = gnuCommand({
  name: "findmnt",
  pkg: "util-linux 2.38.1-5+deb12u3",
  version: "findmnt from util-linux 2.38.1",
  usage: ["[options]", "[options] <device> | <mountpoint>", "[options] <device> <mountpoint>"],
  summary: "find a filesystem",
  description: ["Columns: TARGET SOURCE FSTYPE OPTIONS ID PARENT."],
  options: [
    { names: ["-J", "--json"], help: "print JSON" },
    { names: ["-l", "--list"], help: "a list, not a tree" },
    { names: ["-M", "--mountpoint"], arg: "<dir>", help: "the mount on that place" },
    { names: ["-n", "--noheadings"], help: "no heading" },
    { names: ["-o", "--output"], arg: "<list>", help: "which columns" },
    { names: ["-P", "--pairs"], help: 'NAME="value" pairs' },
    { names: ["-r", "--raw"], help: "columns are not aligned" },
    { names: ["-S", "--source"], arg: "<string>", help: "by source" },
    { names: ["-t", "--types"], arg: "<list>", help: "only these types" },
    { names: ["-T", "--target"], arg: "<path>", help: "the mount that a file is on" },
    { names: ["-u", "--notruncate"], help: "whole texts; they always are" },
    {
      names: ["-A", "--all", "-a", "--ascii", "-b", "--bytes", "-C", "--nocanonicalize", "-c", "--canonicalize", "-D", "--df"],
      help: "",
      notModelled: true,
    },
    {
      names: ["-d", "--direction", "-e", "--evaluate", "-F", "--tab-file", "-f", "--first-only", "-i", "--invert", "-k", "--kernel"],
      help: "",
      notModelled: true,
    },
    {
      names: ["-N", "--task", "-O", "--options", "-p", "--poll", "-R", "--submounts", "-s", "--fstab", "-U", "--uniq", "-v", "--nofsroot"],
      help: "",
      notModelled: true,
    },
    {
      names: [
        "-m",
        "--mtab",
        "-w",
        "--timeout",
        "-x",
        "--verify",
        "--deleted",
        "--output-all",
        "--pseudo",
        "--real",
        "--shadowed",
        "--tree",
        "--vfs-all",
      ],
      help: "",
      notModelled: true,
    },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length > 2) return yield* t.usage("bad usage");
    const names = (options.findLast((o) => o.name === "-o")?.value ?? "TARGET,SOURCE,FSTYPE,OPTIONS").toUpperCase().split(",");
    const unknown = names.find((n) => COLUMNS[n] === undefined);
    if (unknown !== undefined) return yield* t.die(`unknown column: ${unknown}`);
    const rows = yield* chosen(t, options, operands);
    if (rows === null || rows.length === 0) return 1;
    const columns = names.map((name) => ({ name }));
    const cells = (r: MountRow): string[] => names.map((n) => COLUMNS[n]!(r));
    if (has("-J")) yield* t.out.print(tableJson("filesystems", columns, rows.map(cells)));
    else if (has("-P")) for (const r of rows) yield* t.out.print(`${names.map((n) => `${n}="${COLUMNS[n]!(r)}"`).join(" ")}\n`);
    else {
      const narrowed = rows.length === 1 || has("-l") || has("-r") || options.some((o) => ["-t", "-S"].includes(o.name));
      const lined = narrowed ? rows.map((row) => ({ row, lead: "" })) : tree(rows);
      const table = lined.map(({ row, lead }) => names.map((n) => (n === "TARGET" ? lead : "") + COLUMNS[n]!(row)));
      yield* t.out.print(tableText(columns, table, { headings: !has("-n"), raw: has("-r") }));
    }
    return 0;
  },
});

export const commands: readonly Command[] = [findmnt];

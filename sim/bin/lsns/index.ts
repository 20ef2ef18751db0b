/**
 * lsns of util-linux 2.38: the namespaces that processes are in, read from /proc/PID/ns. Each is shown by its process with the lowest pid. Left out:
 * relations of namespaces to one another (-T, PNS, ONS).
 */
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { exit, type Io, lines, program, readText } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";
import { type Column, tableJson, tableText } from "../lib/scols.ts";
import { readUsers, type User, userName } from "../lib/users.ts";

const options: readonly OptionSpec[] = [
  { names: ["-J", "--json"], help: "print JSON" },
  { names: ["-l", "--list"], help: "no tree in the last column" },
  { names: ["-n", "--noheadings"], help: "no heading" },
  { names: ["-o", "--output"], arg: "list", help: "which columns" },
  { names: ["--output-all"], help: "all columns" },
  { names: ["-p", "--task"], arg: "pid", help: "only the namespaces of that process" },
  { names: ["-r", "--raw"], help: "columns are not aligned" },
  { names: ["-u", "--notruncate"], help: "whole texts; they always are" },
  { names: ["-W", "--nowrap"], help: "one line for a namespace; it always is" },
  { names: ["-t", "--type"], arg: "name", help: "only that type: mnt, net, ipc, user, pid, uts, cgroup, time" },
  { names: ["-T", "--tree"], arg: "[relation]", help: "namespaces below one another", notModelled: true },
  { names: ["-h", "--help"], help: "help" },
  { names: ["-V", "--version"], help: "the version" },
];

const TYPES = ["mnt", "net", "ipc", "user", "pid", "uts", "cgroup", "time"];

const COLUMNS: readonly Column[] = [
  { name: "NS", right: true, number: true },
  { name: "TYPE" },
  { name: "PATH" },
  { name: "NPROCS", right: true, number: true },
  { name: "PID", right: true, number: true },
  { name: "PPID", right: true, number: true },
  { name: "COMMAND" },
  { name: "UID", right: true, number: true },
  { name: "USER" },
  { name: "NETNSID", right: true },
  { name: "NSFS" },
];

interface Task {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly command: string;
  readonly ns: ReadonlyMap<string, number>;
}

interface Namespace {
  readonly ino: number;
  readonly type: string;
  /** by pid */
  readonly tasks: Task[];
}

function* readTask(sys: Sys, pid: number): Call<Task | null> {
  const ns = new Map<string, number>();
  for (const type of TYPES) {
    const link = yield* sys.readlink(`/proc/${pid}/ns/${type}`);
    const m = typeof link === "string" ? /:\[(\d+)\]$/.exec(link) : null;
    if (m !== null) ns.set(type, Number(m[1]));
  }
  const stat = yield* readText(sys, `/proc/${pid}/stat`);
  const owner = yield* sys.stat(`/proc/${pid}`);
  const cmdline = yield* readText(sys, `/proc/${pid}/cmdline`);
  if (typeof stat === "number" || typeof owner === "number") return null;
  const comm = /\((.*)\)/.exec(stat)?.[1] ?? "";
  const command = typeof cmdline === "string" && cmdline !== "" ? cmdline.replace(/\0+$/, "").replaceAll("\0", " ") : comm;
  const ppid = Number(/\) \S+ (\d+)/.exec(stat)?.[1] ?? 0);
  return { pid, ppid, uid: owner.uid, command, ns };
}

function* readTasks(sys: Sys): Call<readonly Task[]> {
  const names = yield* sys.readdir("/proc");
  if (typeof names === "number") return [];
  const out: Task[] = [];
  for (const { name } of names) {
    if (!/^\d+$/.test(name)) continue;
    const t = yield* readTask(sys, Number(name));
    if (t !== null) out.push(t);
  }
  return out.sort((a, b) => a.pid - b.pid);
}

function collect(tasks: readonly Task[], types: readonly string[]): Namespace[] {
  const found = new Map<string, Namespace>();
  for (const t of tasks)
    for (const type of types) {
      const ino = t.ns.get(type);
      if (ino === undefined) continue;
      const key = `${type}${ino}`;
      const ns = found.get(key);
      if (ns === undefined) found.set(key, { ino, type, tasks: [t] });
      else ns.tasks.push(t);
    }
  return Array.from(found.values()).sort((a, b) => a.ino - b.ino);
}

/** Where namespaces are mounted (`ip netns add`), by inode. */
function* nsfsMounts(sys: Sys): Call<ReadonlyMap<number, readonly string[]>> {
  const text = yield* readText(sys, "/proc/self/mountinfo");
  const out = new Map<number, string[]>();
  if (typeof text === "number") return out;
  for (const line of lines(text)) {
    const [, , , , point = ""] = line.split(" ");
    if (!line.includes(" - nsfs ")) continue;
    const st = yield* sys.stat(point);
    if (typeof st === "number") continue;
    const list = out.get(st.ino);
    if (list === undefined) out.set(st.ino, [point]);
    else list.push(point);
  }
  return out;
}

/** The id under which the caller's network namespace knows another. */
function* netnsid(sys: Sys, pid: number): Call<string> {
  const fd = yield* sys.open(`/proc/${pid}/ns/net`, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return "";
  const r = yield* sys.rtnetlink({ type: "RTM_GETNSID", ref: { fd } });
  yield* sys.close(fd);
  const id = r.ok ? (r.nsids?.[0]?.nsid ?? -1) : -1;
  return id >= 0 ? String(id) : "unassigned";
}

/** Prefixes of the last column: a namespace hangs below that of its process' parent, where that one is shown too. */
function tree(list: readonly Namespace[]): { order: readonly Namespace[]; prefix: ReadonlyMap<Namespace, string> } {
  const leads = new Map<number, Namespace>();
  for (const ns of list) leads.set(ns.tasks[0]!.pid, ns);
  const children = new Map<Namespace | null, Namespace[]>();
  for (const ns of list) {
    const above = leads.get(ns.tasks[0]!.ppid) ?? null;
    children.set(above, [...(children.get(above) ?? []), ns]);
  }
  const order: Namespace[] = [];
  const prefix = new Map<Namespace, string>();
  const walk = (above: Namespace | null, indent: string): void => {
    const below = children.get(above) ?? [];
    for (const [i, ns] of below.entries()) {
      const last = i === below.length - 1;
      order.push(ns);
      prefix.set(ns, above === null ? "" : indent + (last ? "└─" : "├─"));
      walk(ns, above === null ? "" : indent + (last ? "  " : "│ "));
    }
  };
  walk(null, "");
  return { order, prefix };
}

function* cell(
  sys: Sys,
  ns: Namespace,
  column: string,
  users: readonly User[],
  mounts: ReadonlyMap<number, readonly string[]>,
): Call<string> {
  const lead = ns.tasks[0]!;
  switch (column) {
    case "NS":
      return String(ns.ino);
    case "TYPE":
      return ns.type;
    case "PATH":
      return `/proc/${lead.pid}/ns/${ns.type}`;
    case "NPROCS":
      return String(ns.tasks.length);
    case "PID":
      return String(lead.pid);
    case "PPID":
      return String(lead.ppid);
    case "COMMAND":
      return lead.command;
    case "UID":
      return String(lead.uid);
    case "USER":
      return userName(users, lead.uid);
    case "NETNSID":
      return ns.type === "net" ? yield* netnsid(sys, lead.pid) : "";
    default:
      return (mounts.get(ns.ino) ?? []).join(",");
  }
}

interface Wanted {
  readonly types: readonly string[];
  readonly pid: number | null;
  readonly columns: readonly Column[];
}

function chooseColumns(list: string | null, all: boolean, net: boolean): readonly Column[] {
  const names = all
    ? COLUMNS.map((c) => c.name)
    : list === null
      ? ["NS", "TYPE", "NPROCS", "PID", "USER", ...(net ? ["NETNSID", "NSFS"] : []), "COMMAND"]
      : list.split(",").map((n) => n.toUpperCase());
  return names.map((name) => {
    if (name === "PNS" || name === "ONS") exit(64, `hop: lsns: column ${name} is not simulated\n`);
    return COLUMNS.find((c) => c.name === name) ?? exit(1, `lsns: unknown column: ${name.toLowerCase()}\n`);
  });
}

function* main(io: Io, argv: readonly string[]): Call<number> {
  const { sys } = io;
  const { options: given, operands, error } = parseOptions(options, argv);
  if (error !== null) return yield* optionError(sys, "lsns", error, "Try 'lsns --help' for more information.\n", 1);
  const value = (name: string): string | null => given.findLast((g) => g.name === name)?.value ?? null;
  const has = (name: string): boolean => given.some((g) => g.name === name);
  if (has("-h")) {
    const columns = COLUMNS.map((c) => `${c.name.padStart(12)}\n`).join("");
    yield* io.out.print(
      `\nUsage:\n lsns [options] [<namespace>]\n\nList system namespaces.\n\nOptions:\n${optionHelp(options)}\nAvailable output columns:\n${columns}`,
    );
    return 0;
  }
  if (has("-V")) {
    yield* io.out.print("lsns from util-linux 2.38.1\n");
    return 0;
  }
  const type = value("-t");
  if (type !== null && !TYPES.includes(type)) exit(1, `lsns: unknown namespace type: ${type}\n`);
  const pid = value("-p");
  if (pid !== null && !/^\d+$/.test(pid)) exit(1, `lsns: invalid PID argument: '${pid}'\n`);
  const [ino] = operands;
  if (ino !== undefined && !/^\d+$/.test(ino)) exit(1, `lsns: invalid namespace argument: '${ino}'\n`);
  const columns = chooseColumns(value("-o"), has("--output-all"), type === "net");
  const wanted: Wanted = { types: type === null ? TYPES : [type], pid: pid === null ? null : Number(pid), columns };
  const { list, rows } = yield* table(sys, wanted, has("-l") || has("-r") || has("-J"));
  if (ino !== undefined) return yield* oneNamespace(io, Number(ino), list);
  const text = has("-J") ? tableJson("namespaces", columns, rows) : tableText(columns, rows, { headings: !has("-n"), raw: has("-r") });
  if (rows.length > 0) yield* io.out.print(text);
  return 0;
}

function* table(sys: Sys, w: Wanted, flat: boolean): Call<{ list: readonly Namespace[]; rows: readonly string[][] }> {
  const all = collect(yield* readTasks(sys), w.types);
  const list = w.pid === null ? all : all.filter((ns) => ns.tasks.some((t) => t.pid === w.pid));
  const { order, prefix } = flat ? { order: list, prefix: new Map<Namespace, string>() } : tree(list);
  const users = yield* readUsers(sys);
  const mounts = yield* nsfsMounts(sys);
  const rows: string[][] = [];
  for (const ns of order) {
    const row: string[] = [];
    for (const c of w.columns)
      row.push((c.name === "COMMAND" ? (prefix.get(ns) ?? "") : "") + (yield* cell(sys, ns, c.name, users, mounts)));
    rows.push(row);
  }
  return { list, rows };
}

/** With a namespace named: the processes in it. */
function* oneNamespace(io: Io, ino: number, list: readonly Namespace[]): Call<number> {
  const ns = list.find((n) => n.ino === ino);
  if (ns === undefined) exit(1, `lsns: not found namespace: ${ino}\n`);
  const users = yield* readUsers(io.sys);
  const columns: readonly Column[] = [{ name: "PID", right: true }, { name: "PPID", right: true }, { name: "USER" }, { name: "COMMAND" }];
  const rows = ns.tasks.map((t) => [String(t.pid), String(t.ppid), userName(users, t.uid), t.command]);
  yield* io.out.print(tableText(columns, rows, { headings: true, raw: false }));
  return 0;
}

export const commands: readonly Command[] = [
  {
    name: "lsns",
    paths: ["/usr/bin/lsns"],
    pkg: "util-linux 2.38.1-5+deb12u3",
    main: program(main),
    options,
    man: {
      summary: "list namespaces",
      synopsis: ["lsns [options] [namespace]"],
      description: [
        "Lists the namespaces in which there are processes, each with its number, how many processes are in it and the one with the lowest pid. For network namespaces (-t net) it also tells where one is mounted, which is how `ip netns` names it.",
        "A namespace that nothing but a mount keeps alive is not listed: ip netns shows those.",
      ],
      examples: [
        { cmd: "lsns -t net", what: "network namespaces" },
        { cmd: "lsns -p $$", what: "the namespaces of this shell" },
      ],
      seeAlso: ["ip-netns(8)", "nsenter(1)", "unshare(1)"],
    },
  },
];

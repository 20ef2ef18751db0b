/** stat, du, df: what files are and how much room they take. Blocks of 4 KiB, as ext4 has them. */
import { strerror } from "../../core/result.ts";
import type { Call, Stat } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { gnuCommand, quoteaf, type Tool } from "../lib/gnu.ts";
import { lines, readText } from "../lib/io.ts";
import { strftime } from "../../core/calendar.ts";
import { groupName, readGroups, readUsers, userName } from "../lib/users.ts";
import { blocksOf } from "./ls.ts";
import { humanSize, modeText } from "./mode.ts";

function typeName(st: Stat): string {
  const names: Readonly<Record<number, string>> = {
    [S_IF.DIR]: "directory",
    [S_IF.LNK]: "symbolic link",
    [S_IF.CHR]: "character special file",
    [S_IF.BLK]: "block special file",
    [S_IF.IFO]: "fifo",
    [S_IF.SOCK]: "socket",
  };
  return names[st.mode & S_IF.MT] ?? (st.size === 0 ? "regular empty file" : "regular file");
}

function stamp(ns: number): string {
  const s = Math.floor(ns / 1e9);
  return strftime("%Y-%m-%d %H:%M:%S.%N %z", s, ns - s * 1e9);
}

const stat = gnuCommand({
  name: "stat",
  usage: ["[OPTION]... FILE..."],
  summary: "display file or file system status",
  description: [
    "Formats of -c: %n name, %s size, %F type, %a mode, %A mode as text, %u %U owner, %g %G group, %i inode, %h links, %b blocks, %x %y %z times, %X %Y %Z in seconds, %N name with link.",
  ],
  options: [
    { names: ["-L", "--dereference"], help: "follow links" },
    { names: ["-c", "--format"], arg: "FORMAT", help: "use this format" },
    { names: ["--printf"], arg: "FORMAT", help: "the same with escapes and without a newline" },
    { names: ["-t", "--terse"], help: "one line of numbers", notModelled: true },
    { names: ["-f", "--file-system"], help: "the file system's status", notModelled: true },
    { names: ["--cached"], arg: "MODE", help: "use of caches", notModelled: true },
  ],
  *main(t, options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    const users = yield* readUsers(t.sys);
    const groups = yield* readGroups(t.sys);
    const chosen = options.filter((o) => o.name === "-c" || o.name === "--printf").pop();
    for (const file of operands) {
      const st = options.some((o) => o.name === "-L") ? yield* t.sys.stat(file) : yield* t.sys.lstat(file);
      if (typeof st === "number") {
        yield* t.warn(`cannot statx ${quoteaf(file)}: ${strerror(st)}`);
        continue;
      }
      const link = (st.mode & S_IF.MT) === S_IF.LNK ? yield* t.sys.readlink(file) : null;
      const named = typeof link === "string" ? `${quoteaf(file)} -> ${quoteaf(link)}` : quoteaf(file);
      const blocks = blocksOf(st) * 2;
      const fields: Readonly<Record<string, string>> = {
        n: file,
        N: named,
        s: String(st.size),
        F: typeName(st),
        a: (st.mode & 0o7777).toString(8),
        A: modeText(st.mode),
        f: st.mode.toString(16),
        u: String(st.uid),
        U: userName(users, st.uid),
        g: String(st.gid),
        G: groupName(groups, st.gid),
        i: String(st.ino),
        h: String(st.nlink),
        b: String(blocks),
        B: "512",
        o: "4096",
        d: String(st.dev),
        x: stamp(st.atime),
        y: stamp(st.mtime),
        z: stamp(st.ctime),
        w: "-",
        W: "0",
        X: String(Math.floor(st.atime / 1e9)),
        Y: String(Math.floor(st.mtime / 1e9)),
        Z: String(Math.floor(st.ctime / 1e9)),
      };
      if (chosen !== undefined) {
        let text = chosen.value!.replace(/%([-0-9]*)([a-zA-Z%])/g, (_, flags: string, c: string) => {
          const v = c === "%" ? "%" : (fields[c] ?? "?");
          return flags.startsWith("-") ? v.padEnd(Number(flags.slice(1) || 0)) : v.padStart(Number(flags || 0));
        });
        if (chosen.name === "--printf") text = text.replace(/\\([nt\\"])/g, (_, c: string) => (c === "n" ? "\n" : c === "t" ? "\t" : c));
        yield* t.out.print(text + (chosen.name === "-c" ? "\n" : ""));
        continue;
      }
      const mode = `(${(st.mode & 0o7777).toString(8).padStart(4, "0")}/${modeText(st.mode)})`;
      yield* t.out.print(`  File: ${typeof link === "string" ? `${file} -> ${link}` : file}\n`);
      yield* t.out.print(`  Size: ${String(st.size).padEnd(10)}\tBlocks: ${String(blocks).padEnd(10)} IO Block: 4096   ${typeName(st)}\n`);
      yield* t.out.print(`Device: ${Math.floor(st.dev / 256)},${st.dev % 256}\tInode: ${String(st.ino).padEnd(11)} Links: ${st.nlink}\n`);
      yield* t.out.print(
        `Access: ${mode}  Uid: (${String(st.uid).padStart(5)}/${userName(users, st.uid).padStart(8)})   Gid: (${String(st.gid).padStart(5)}/${groupName(groups, st.gid).padStart(8)})\n`,
      );
      yield* t.out.print(`Access: ${stamp(st.atime)}\nModify: ${stamp(st.mtime)}\nChange: ${stamp(st.ctime)}\n Birth: -\n`);
    }
    return t.status;
  },
});

const du = gnuCommand({
  name: "du",
  usage: ["[OPTION]... [FILE]..."],
  summary: "estimate file space usage",
  options: [
    { names: ["-a", "--all"], help: "files, too" },
    { names: ["-b", "--bytes"], help: "sizes in bytes, not room taken" },
    { names: ["-c", "--total"], help: "a grand total" },
    { names: ["-d", "--max-depth"], arg: "N", help: "no deeper than N" },
    { names: ["-h", "--human-readable"], help: "sizes such as 1K 234M" },
    { names: ["-k"], help: "in KiB (default)" },
    { names: ["-s", "--summarize"], help: "only the total of each FILE" },
    { names: ["-x", "--one-file-system"], help: "stay on one file system", notModelled: true },
    { names: ["-m"], help: "in MiB", notModelled: true },
    { names: ["--exclude"], arg: "PATTERN", help: "leave files out", notModelled: true },
    { names: ["--apparent-size"], help: "sizes, not room taken", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const depthText = options.filter((o) => o.name === "-d").pop()?.value ?? null;
    if (depthText !== null && !/^[0-9]+$/.test(depthText)) yield* t.usage(`invalid maximum depth ‘${depthText}’`);
    const max = has("-s") ? 0 : depthText === null ? Number.MAX_SAFE_INTEGER : Number(depthText);
    const show = (bytes: number): string => (has("-h") ? humanSize(bytes, 1024) : String(has("-b") ? bytes : Math.ceil(bytes / 1024)));
    const size = (st: Stat): number => (has("-b") ? st.size : blocksOf(st) * 1024);
    const visit = function* (path: string, depth: number): Call<number> {
      const st = yield* t.sys.lstat(path);
      if (typeof st === "number") {
        yield* t.warn(`cannot access ${quoteaf(path)}: ${strerror(st)}`);
        return 0;
      }
      let total = size(st);
      const dir = (st.mode & S_IF.MT) === S_IF.DIR;
      if (dir) {
        const rows = yield* t.sys.readdir(path);
        if (typeof rows === "number") yield* t.warn(`cannot read directory ${quoteaf(path)}: ${strerror(rows)}`);
        else
          for (const r of rows)
            if (r.name !== "." && r.name !== "..")
              total += yield* visit(path.endsWith("/") ? path + r.name : `${path}/${r.name}`, depth + 1);
      }
      if ((dir || has("-a") || depth === 0) && depth <= max) yield* t.out.print(`${show(total)}\t${path}\n`);
      return total;
    };
    let sum = 0;
    for (const path of operands.length > 0 ? operands : ["."]) sum += yield* visit(path, 0);
    if (has("-c")) yield* t.out.print(`${show(sum)}\ttotal\n`);
    return t.status;
  },
});

function* mounts(t: Tool): Call<readonly (readonly string[])[]> {
  const text = yield* readText(t.sys, "/proc/mounts");
  return typeof text === "number" ? [] : lines(text).map((l) => l.split(" "));
}

const df = gnuCommand({
  name: "df",
  usage: ["[OPTION]... [FILE]..."],
  summary: "report file system space usage",
  description: ["The file systems of a lab live in memory; their sizes are nominal."],
  options: [
    { names: ["-h", "--human-readable"], help: "sizes such as 1K 234M" },
    { names: ["-k"], help: "in KiB (default)" },
    { names: ["-T", "--print-type"], help: "the type, too" },
    { names: ["-a", "--all"], help: "pseudo file systems, too", notModelled: true },
    { names: ["-i", "--inodes"], help: "inodes instead of blocks", notModelled: true },
    { names: ["-t", "--type"], arg: "TYPE", help: "only this type", notModelled: true },
    { names: ["-x", "--exclude-type"], arg: "TYPE", help: "not this type", notModelled: true },
    { names: ["-P", "--portability"], help: "POSIX format", notModelled: true },
    { names: ["--total"], help: "a grand total", notModelled: true },
  ],
  *main(t, options) {
    const human = options.some((o) => o.name === "-h");
    const types = options.some((o) => o.name === "-T");
    const total = 64 * 1024;
    const used = 8 * 1024;
    const rows = (yield* mounts(t)).filter(
      (m) => !["proc", "sysfs", "devpts", "nsfs"].includes(m[2] ?? "") && !(m[0] ?? "").startsWith("/run/netns"),
    );
    const show = (kib: number): string => (human ? humanSize(kib * 1024, 1024) : String(kib));
    const table = [
      ["Filesystem", ...(types ? ["Type"] : []), human ? "Size" : "1K-blocks", "Used", human ? "Avail" : "Available", "Use%", "Mounted on"],
    ];
    for (const m of rows) table.push([m[0]!, ...(types ? [m[2]!] : []), show(total), show(used), show(total - used), "13%", m[1]!]);
    const n = table[0]!.length;
    const widths = table[0]!.map((_, i) =>
      Math.max(i === 0 ? 14 : i === n - 2 ? 4 : i >= n - 5 ? 5 : 4, ...table.map((r) => r[i]!.length)),
    );
    for (const r of table)
      yield* t.out.print(
        `${r.map((c, i) => (i === n - 1 ? c : i === 0 || (types && i === 1) ? c.padEnd(widths[i]!) : c.padStart(widths[i]!))).join(" ")}\n`,
      );
    return 0;
  },
});

export const statCommands = [stat, du, df];

/** stat, du: what files are and how much room they take. Blocks of 4 KiB, as ext4 has them. */
import { strerror } from "../../core/result.ts";
import type { Call, Stat } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { globMatch } from "../lib/glob.ts";
import { gnuCommand, quoteaf } from "../lib/gnu.ts";
import { sizeOf } from "./sizes.ts";
import { strftime } from "../../core/calendar.ts";
import { groupName, readGroups, readUsers, userName } from "../lib/users.ts";
import { blocksOf, humanSize, modeText } from "../lib/mode.ts";

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
    { names: ["-t", "--terse"], help: "one line of numbers" },
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
      if (options.some((o) => o.name === "-t")) {
        const cells = [
          st.size,
          blocks,
          st.mode.toString(16),
          st.uid,
          st.gid,
          st.dev.toString(16),
          st.ino,
          st.nlink,
          0,
          0,
          fields["X"],
          fields["Y"],
          fields["Z"],
          0,
          4096,
        ];
        yield* t.out.print(`${file} ${cells.join(" ")}\n`);
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
    { names: ["-0", "--null"], help: "end lines with NUL" },
    { names: ["--apparent-size"], help: "sizes, not room taken" },
    { names: ["--exclude"], arg: "PATTERN", help: "leave files out" },
    { names: ["-L", "--dereference"], help: "follow links" },
    { names: ["-D", "-H", "--dereference-args"], help: "follow links on the command line" },
    { names: ["-P", "--no-dereference"], help: "follow no links (default)" },
    { names: ["-l", "--count-links"], help: "count a file with several names each time" },
    { names: ["-m"], help: "in MiB" },
    { names: ["-S", "--separate-dirs"], help: "directories without what is in directories below" },
    { names: ["--si"], help: "like -h with powers of 1000" },
    { names: ["-t", "--threshold"], arg: "SIZE", help: "only what is at least that large; negative: at most" },
    { names: ["-x", "--one-file-system"], help: "stay on one file system" },
    { names: ["-B", "--block-size"], arg: "SIZE", help: "unit of sizes", notModelled: true },
    { names: ["--files0-from"], arg: "F", help: "file names from F", notModelled: true },
    { names: ["--inodes"], help: "count inodes", notModelled: true },
    { names: ["--time", "--time-style"], arg: "[WORD]", help: "times", notModelled: true },
    { names: ["-X", "--exclude-from"], arg: "FILE", help: "patterns from a file", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const depthText = options.filter((o) => o.name === "-d").pop()?.value ?? null;
    if (depthText !== null && !/^[0-9]+$/.test(depthText)) yield* t.usage(`invalid maximum depth ‘${depthText}’`);
    const max = has("-s") ? 0 : depthText === null ? Number.MAX_SAFE_INTEGER : Number(depthText);
    if (has("-s") && has("-a")) yield* t.usage("cannot both summarize and show all entries");
    const limitText = options.findLast((o) => o.name === "-t")?.value ?? null;
    const limit = limitText === null ? 0 : sizeOf(limitText.replace(/^-/, ""));
    if (limit === null) return yield* t.die(`invalid -t argument '${limitText}'`);
    const bytes = has("-b") || has("--apparent-size");
    const end = has("-0") ? "\0" : "\n";
    const excluded = options.filter((o) => o.name === "--exclude").map((o) => o.value!);
    const unit = options.findLast((o) => ["-b", "-k", "-m", "-h", "--si"].includes(o.name))?.name ?? "-k";
    const show = (n: number): string =>
      unit === "-h"
        ? humanSize(n, 1024)
        : unit === "--si"
          ? humanSize(n, 1000)
          : String(Math.ceil(n / { "-b": 1, "-k": 1024, "-m": 1048576 }[unit]!));
    const size = (st: Stat): number => (bytes ? st.size : blocksOf(st) * 1024);
    const seen = new Set<string>();
    const follow = options.findLast((o) => ["-L", "-P", "-D"].includes(o.name))?.name ?? "-P";
    const visit = function* (path: string, depth: number, dev: number): Call<number> {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (excluded.some((p) => globMatch(p, name, false) || globMatch(p, path, false))) return 0;
      const st = follow === "-L" || (follow === "-D" && depth === 0) ? yield* t.sys.stat(path) : yield* t.sys.lstat(path);
      if (typeof st === "number") {
        yield* t.warn(`cannot access ${quoteaf(path)}: ${strerror(st)}`);
        return 0;
      }
      if (has("-x") && depth > 0 && st.dev !== dev) return 0;
      const dir = (st.mode & S_IF.MT) === S_IF.DIR;
      if (!dir && st.nlink > 1 && !has("-l")) {
        const key = `${st.dev}:${st.ino}`;
        if (seen.has(key)) return 0;
        seen.add(key);
      }
      let total = size(st);
      let below = 0;
      if (dir) {
        const rows = yield* t.sys.readdir(path);
        if (typeof rows === "number") yield* t.warn(`cannot read directory ${quoteaf(path)}: ${strerror(rows)}`);
        else
          for (const r of rows) {
            if (r.name === "." || r.name === "..") continue;
            const n = yield* visit(path.endsWith("/") ? path + r.name : `${path}/${r.name}`, depth + 1, st.dev);
            if (r.type === S_IF.DIR) below += n;
            else total += n;
          }
      }
      const shown = has("-S") ? total : total + below;
      const wanted = limitText === null || (limitText.startsWith("-") ? shown <= limit : shown >= limit);
      if ((dir || has("-a") || depth === 0) && depth <= max && wanted) yield* t.out.print(`${show(shown)}\t${path}${end}`);
      return total + below;
    };
    let sum = 0;
    for (const path of operands.length > 0 ? operands : ["."]) sum += yield* visit(path, 0, 0);
    if (has("-c")) yield* t.out.print(`${show(sum)}\ttotal${end}`);
    return t.status;
  },
});

export const statCommands = [stat, du];

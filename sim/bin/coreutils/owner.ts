/** chmod, chown, chgrp: permissions and owners, of single files and of trees. */
import { strerror } from "../../core/result.ts";
import type { Call, OptionSpec, Stat } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, type Tool } from "../lib/gnu.ts";
import { modeText, type ModeChange, parseMode } from "../lib/mode.ts";
import type { GivenOption } from "../lib/options.ts";
import { groupName, readGroups, readUsers, userName } from "../lib/users.ts";

const isDir = (st: Stat): boolean => (st.mode & S_IF.MT) === S_IF.DIR;

/** --preserve-root: is it / itself? Says so then. */
function* isRootDir(t: Tool, file: string): Call<boolean> {
  if (file.replace(/\/+$/, "") !== "") return false;
  yield* t.warn("it is dangerous to operate recursively on '/'");
  yield* t.warn("use --no-preserve-root to override this failsafe");
  return true;
}

const TREE_OPTIONS = [
  { names: ["-c", "--changes"], help: "say what is changed" },
  { names: ["-f", "--silent", "--quiet"], help: "no error messages" },
  { names: ["-v", "--verbose"], help: "say what is done with each file" },
  { names: ["-R", "--recursive"], help: "with all that is below" },
  { names: ["--reference"], arg: "RFILE", help: "take it from this file" },
  { names: ["--preserve-root"], help: "with -R, refuse to go through /" },
  { names: ["--no-preserve-root"], help: "do not treat / specially (default)" },
];

/** Every path of a tree, parents first. */
function* walk(
  t: Tool,
  path: string,
  visit: (path: string, st: Stat) => Call<void>,
  failed: (path: string, errno: number) => Call<void>,
  recursive: boolean,
): Call<void> {
  const st = yield* t.sys.stat(path);
  if (typeof st === "number") return yield* failed(path, st);
  yield* visit(path, st);
  if (!recursive || !isDir(st)) return;
  const rows = yield* t.sys.readdir(path);
  if (typeof rows === "number") return yield* t.warn(`cannot read directory ${quoteaf(path)}: ${strerror(rows)}`);
  for (const r of rows) {
    if (r.name === "." || r.name === ".." || r.type === S_IF.LNK) continue;
    yield* walk(t, path.endsWith("/") ? path + r.name : `${path}/${r.name}`, visit, failed, true);
  }
}

const chmod = gnuCommand({
  name: "chmod",
  usage: ["[OPTION]... MODE[,MODE]... FILE...", "[OPTION]... OCTAL-MODE FILE...", "[OPTION]... --reference=RFILE FILE..."],
  summary: "change the mode of each FILE to MODE",
  description: ["MODE is octal, or [ugoa...][-+=][rwxXst...] with commas between."],
  // -w and the like are modes
  rewrite: (args) => {
    const i = args.findIndex((a) => /^-[rwxXstugo]+([-+=,].*)?$/.test(a));
    return i < 0 || args.slice(0, i).includes("--")
      ? args
      : [
          ...args.slice(0, i),
          ...args.slice(i + 1).filter((a) => a === "-R" || a === "-v"),
          "--",
          args[i]!,
          ...args.slice(i + 1).filter((a) => a !== "-R" && a !== "-v"),
        ];
  },
  options: TREE_OPTIONS,
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const ref = options.filter((o) => o.name === "--reference").pop()?.value ?? null;
    let files = operands;
    let change: ModeChange | null;
    if (ref !== null) {
      const st = yield* t.sys.stat(ref);
      if (typeof st === "number") return yield* t.die(`failed to get attributes of ${quoteaf(ref)}: ${strerror(st)}`);
      change = () => st.mode & 0o7777;
    } else {
      if (operands.length === 0) yield* t.usage("missing operand");
      change = parseMode(operands[0]!);
      files = operands.slice(1);
      if (files.length === 0) yield* t.usage(`missing operand after ${quote(operands[0]!)}`);
      if (change === null) yield* t.usage(`invalid mode: ${quote(operands[0]!)}`);
    }
    const umask = yield* t.sys.umask(0);
    yield* t.sys.umask(umask);
    const octal = (m: number): string => (m & 0o7777).toString(8).padStart(4, "0");
    for (const file of files) {
      if (has("--preserve-root") && has("-R") && (yield* isRootDir(t, file))) continue;
      yield* walk(
        t,
        file,
        function* (path, st) {
          const mode = change!(st.mode, umask);
          const r = yield* t.sys.chmod(path, mode);
          if (r < 0) {
            if (has("-f")) t.status = 1;
            else yield* t.warn(`changing permissions of ${quoteaf(path)}: ${strerror(r)}`);
          } else if ((st.mode & 0o7777) !== mode && (has("-v") || has("-c"))) {
            yield* t.out.print(
              `mode of ${quoteaf(path)} changed from ${octal(st.mode)} (${modeText(st.mode).slice(1)}) to ${octal(mode)} (${modeText(mode).slice(1)})\n`,
            );
          } else if (has("-v")) yield* t.out.print(`mode of ${quoteaf(path)} retained as ${octal(mode)} (${modeText(mode).slice(1)})\n`);
        },
        function* (path, errno) {
          if (has("-f")) t.status = 1;
          else yield* t.warn(`cannot access ${quoteaf(path)}: ${strerror(errno)}`);
        },
        has("-R"),
      );
    }
    return t.status;
  },
});

function* ownerOf(t: Tool, text: string): Call<{ uid: number; gid: number }> {
  const m = /^([^:.]*)(?:([:.])(.*))?$/.exec(text)!;
  let uid = -1;
  let gid = -1;
  if (m[1] !== "") {
    const u = (yield* readUsers(t.sys)).find((x) => x.name === m[1]);
    if (u === undefined && !/^[0-9]+$/.test(m[1]!))
      return yield* t.die(`invalid ${m[2] !== undefined && m[3] === "" ? "spec" : "user"}: ${quote(text)}`);
    uid = u?.uid ?? Number(m[1]);
    if (m[2] === ".") yield* t.warn(`warning: '.' should be ':': ${quote(text)}`, 0);
    if (m[2] !== undefined && m[3] === "") gid = u?.gid ?? -1;
  }
  if (m[3]) gid = yield* groupOf(t, m[3], text);
  return { uid, gid };
}

function* groupOf(t: Tool, name: string, text: string): Call<number> {
  const g = (yield* readGroups(t.sys)).find((x) => x.name === name);
  if (g === undefined && !/^[0-9]+$/.test(name)) return yield* t.die(`invalid group: ${quote(text)}`);
  return g?.gid ?? Number(name);
}

interface Ownership {
  readonly uid: number;
  readonly gid: number;
}

/** chown and chgrp at work. `from`: only files that belong to these (-1: anybody). */
function* changeOwner(
  t: Tool,
  files: readonly string[],
  to: Ownership,
  from: Ownership,
  has: (n: string) => boolean,
  group: boolean,
): Call<number> {
  const users = yield* readUsers(t.sys);
  const groups = yield* readGroups(t.sys);
  // ":root" has an empty owner, which is shown
  const colon = !group && to.uid < 0 && to.gid >= 0;
  const shown = (uid: number, gid: number): string => {
    const names = [uid < 0 ? (colon ? "" : null) : userName(users, uid), gid < 0 ? null : groupName(groups, gid)];
    return names.filter((x) => x !== null).join(":");
  };
  const what = group ? "group" : "ownership";
  for (const file of files) {
    if (has("--preserve-root") && has("-R") && (yield* isRootDir(t, file))) continue;
    yield* walk(
      t,
      file,
      function* (path, st) {
        if ((from.uid >= 0 && from.uid !== st.uid) || (from.gid >= 0 && from.gid !== st.gid)) return;
        const r = yield* t.sys.chown(path, to.uid, to.gid);
        if (r < 0) {
          if (has("-f")) t.status = 1;
          else yield* t.warn(`changing ${what} of ${quoteaf(path)}: ${strerror(r)}`);
          return;
        }
        const changed = (to.uid >= 0 && to.uid !== st.uid) || (to.gid >= 0 && to.gid !== st.gid);
        const now = shown(to.uid, to.gid);
        const before = shown(to.uid < 0 && !colon ? -1 : st.uid, to.gid < 0 ? -1 : st.gid);
        if (changed && (has("-c") || has("-v"))) yield* t.out.print(`changed ${what} of ${quoteaf(path)} from ${before} to ${now}\n`);
        else if (has("-v"))
          yield* t.out.print(now === "" ? `ownership of ${quoteaf(path)} retained\n` : `${what} of ${quoteaf(path)} retained as ${now}\n`);
      },
      function* (path, errno) {
        if (has("-f")) t.status = 1;
        else yield* t.warn(`cannot access ${quoteaf(path)}: ${strerror(errno)}`);
      },
      has("-R"),
    );
  }
  return t.status;
}

const OWNER_OPTIONS: readonly OptionSpec[] = [
  ...TREE_OPTIONS,
  { names: ["--dereference"], help: "change what a link leads to (default)" },
  { names: ["-P"], help: "with -R, do not follow links (default)" },
  { names: ["-h", "--no-dereference"], help: "change links themselves", notModelled: true },
  { names: ["-H"], help: "with -R, follow links on the command line", notModelled: true },
  { names: ["-L"], help: "with -R, follow all links", notModelled: true },
];
const NOBODY: Ownership = { uid: -1, gid: -1 };

/** What --reference says; null without it. */
function* reference(t: Tool, options: readonly GivenOption[]): Call<Ownership | null> {
  const ref = options.findLast((o) => o.name === "--reference")?.value ?? null;
  if (ref === null) return null;
  const st = yield* t.sys.stat(ref);
  if (typeof st === "number") return yield* t.die(`failed to get attributes of ${quoteaf(ref)}: ${strerror(st)}`);
  return { uid: st.uid, gid: st.gid };
}

const chown = gnuCommand({
  name: "chown",
  usage: ["[OPTION]... [OWNER][:[GROUP]] FILE...", "[OPTION]... --reference=RFILE FILE..."],
  summary: "change the owner and/or group of each FILE to OWNER and/or GROUP",
  options: [...OWNER_OPTIONS, { names: ["--from"], arg: "CURRENT", help: "only files of this owner and group" }],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const ref = yield* reference(t, options);
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length === 1 && ref === null) yield* t.usage(`missing operand after ${quote(operands[0]!)}`);
    const text = options.findLast((o) => o.name === "--from")?.value ?? null;
    const from = text === null ? NOBODY : yield* ownerOf(t, text);
    if (ref !== null) return yield* changeOwner(t, operands, ref, from, has, false);
    return yield* changeOwner(t, operands.slice(1), yield* ownerOf(t, operands[0]!), from, has, false);
  },
});

const chgrp = gnuCommand({
  name: "chgrp",
  usage: ["[OPTION]... GROUP FILE...", "[OPTION]... --reference=RFILE FILE..."],
  summary: "change the group of each FILE to GROUP",
  options: OWNER_OPTIONS,
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const ref = yield* reference(t, options);
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length === 1 && ref === null) yield* t.usage(`missing operand after ${quote(operands[0]!)}`);
    if (ref !== null) return yield* changeOwner(t, operands, { uid: -1, gid: ref.gid }, NOBODY, has, true);
    const gid = operands[0] === "" ? -1 : yield* groupOf(t, operands[0]!, operands[0]!);
    return yield* changeOwner(t, operands.slice(1), { uid: -1, gid }, NOBODY, has, true);
  },
});

export const ownerCommands = [chmod, chown, chgrp];

/** arch, logname, sync, link, unlink, mkfifo, pathchk: one system call or check each. */
import { Errno, strerror } from "../../core/result.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf } from "../lib/gnu.ts";
import { readUsers } from "../lib/users.ts";
import { parseMode } from "../lib/mode.ts";

const arch = gnuCommand({
  name: "arch",
  usage: ["[OPTION]..."],
  summary: "print machine architecture",
  options: [],
  *main(t, _options, operands) {
    if (operands.length > 0) yield* t.usage(`extra operand ${quote(operands[0]!)}`);
    yield* t.out.print(`${(yield* t.sys.uname()).machine}\n`);
    return 0;
  },
});

const logname = gnuCommand({
  name: "logname",
  usage: ["[OPTION]"],
  summary: "print the user's login name",
  options: [],
  *main(t, _options, operands) {
    if (operands.length > 0) yield* t.usage(`extra operand ${quote(operands[0]!)}`);
    // whoever owns the terminal logged in on it
    const tty = yield* t.sys.ttyname(0);
    const st = typeof tty === "string" ? yield* t.sys.stat(tty) : tty;
    const user = typeof st === "number" ? undefined : (yield* readUsers(t.sys)).find((u) => u.uid === st.uid);
    if (user === undefined) return yield* t.die("no login name");
    yield* t.out.print(`${user.name}\n`);
    return 0;
  },
});

const sync = gnuCommand({
  name: "sync",
  usage: ["[OPTION] [FILE]..."],
  summary: "synchronize cached writes to persistent storage",
  options: [
    { names: ["-d", "--data"], help: "only the data of the files" },
    { names: ["-f", "--file-system"], help: "the file systems of the files" },
  ],
  *main(t, options, operands) {
    if (options.length > 0 && operands.length === 0) {
      if (options.some((o) => o.name === "-d")) yield* t.die("--data needs at least one argument");
    }
    if (options.some((o) => o.name === "-d") && options.some((o) => o.name === "-f"))
      yield* t.die("cannot specify both --data and --file-system");
    for (const file of operands) {
      const fd = yield* t.sys.open(file, O.RDONLY | O.NONBLOCK | O.CLOEXEC, 0);
      if (fd < 0) yield* t.warn(`error opening ${quoteaf(file)}: ${strerror(fd)}`);
      else yield* t.close(fd);
    }
    return t.status;
  },
});

const link = gnuCommand({
  name: "link",
  usage: ["FILE1 FILE2", "OPTION"],
  summary: "create a link to a file",
  options: [],
  *main(t, _options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length === 1) yield* t.usage(`missing operand after ${quote(operands[0]!)}`);
    if (operands.length > 2) yield* t.usage(`extra operand ${quote(operands[2]!)}`);
    const r = yield* t.sys.link(operands[0]!, operands[1]!);
    if (r < 0) return yield* t.die(`cannot create link ${quoteaf(operands[1]!)} to ${quoteaf(operands[0]!)}: ${strerror(r)}`);
    return 0;
  },
});

const unlink = gnuCommand({
  name: "unlink",
  usage: ["FILE", "OPTION"],
  summary: "remove a file",
  options: [],
  *main(t, _options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length > 1) yield* t.usage(`extra operand ${quote(operands[1]!)}`);
    const r = yield* t.sys.unlink(operands[0]!);
    if (r < 0) return yield* t.die(`cannot unlink ${quoteaf(operands[0]!)}: ${strerror(r)}`);
    return 0;
  },
});

const mkfifo = gnuCommand({
  name: "mkfifo",
  usage: ["[OPTION]... NAME..."],
  summary: "create named pipes (FIFOs) with the given NAMEs",
  options: [
    { names: ["-m", "--mode"], arg: "MODE", help: "permission bits, as for chmod" },
    { names: ["-Z", "--context"], arg: "[CTX]", help: "security context", notModelled: true },
  ],
  *main(t, options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    const text = options.filter((o) => o.name === "-m").pop()?.value ?? null;
    const change = text === null ? null : parseMode(text);
    if (text !== null && change === null) yield* t.die("invalid mode");
    for (const name of operands) {
      const r = yield* t.sys.mkfifo(name, 0o666);
      if (r < 0) yield* t.warn(`cannot create fifo ${quoteaf(name)}: ${strerror(r)}`);
      else if (change !== null) yield* t.sys.chmod(name, change(0o666, 0));
    }
    return t.status;
  },
});

const pathchk = gnuCommand({
  name: "pathchk",
  usage: ["[OPTION]... NAME..."],
  summary: "diagnose invalid or unportable file names",
  options: [
    { names: ["-p"], help: "check for most POSIX systems" },
    { names: ["-P"], help: "no empty names, no leading -" },
    { names: ["--portability"], help: "both" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length === 0) yield* t.usage("missing operand");
    const portable = has("-p") || has("--portability");
    for (const name of operands) {
      const parts = name.split("/");
      const odd = /[^A-Za-z0-9._/-]/.exec(name)?.[0];
      const long = parts.find((p) => p.length > (portable ? 14 : 255));
      if ((has("-P") || has("--portability")) && parts.some((p) => p.startsWith("-")))
        yield* t.warn(`leading '-' in a component of file name ${quoteaf(name)}`);
      else if ((portable || has("-P")) && name === "") yield* t.warn("empty file name");
      else if (portable && odd !== undefined) yield* t.warn(`nonportable character ${quote(odd)} in file name ${quoteaf(name)}`);
      else if (name.length > (portable ? 255 : 4095))
        yield* t.warn(`limit ${portable ? 255 : 4095} exceeded by length ${name.length} of file name ${quoteaf(name)}`);
      else if (long !== undefined)
        yield* t.warn(`limit ${portable ? 14 : 255} exceeded by length ${long.length} of file name component ${quote(long)}`);
      else if (!portable) {
        const st = yield* t.sys.lstat(name);
        const parent = name.slice(0, Math.max(1, name.lastIndexOf("/")));
        const up = typeof st === "number" && name.includes("/") ? yield* t.sys.stat(parent) : null;
        if (
          typeof st === "number" &&
          (name === "" || st === -Errno.ENOTDIR || (up !== null && typeof up !== "number" && (up.mode & S_IF.MT) !== S_IF.DIR))
        )
          yield* t.fileError(name, st);
      }
    }
    return t.status;
  },
});

export const smallCommands = [arch, logname, sync, link, unlink, mkfifo, pathchk];

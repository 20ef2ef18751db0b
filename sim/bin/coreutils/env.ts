/** env, printenv, nohup, nice: the surroundings of a program. id, whoami, groups, users of the machine. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { O, Sig } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, type Tool } from "../lib/gnu.ts";
import { err } from "../lib/io.ts";
import { execvp } from "../lib/exec.ts";
import { type Group, groupName, readGroups, readUsers, userName } from "../lib/users.ts";

/** Replaces the program, or says why not and gives the status shells use: 127 not found, 126 found but not executable. */
function* become(t: Tool, argv: readonly string[], env: ReadonlyMap<string, string>): Call<number> {
  yield* t.out.flush();
  const r = yield* execvp(t.sys, argv, env);
  yield* t.warn(`${t.name === "nohup" ? "failed to run command " : ""}${quote(argv[0]!)}: ${strerror(r)}`);
  return r === -Errno.ENOENT ? 127 : 126;
}

/** The words of env -S: blanks separate, quotes and backslashes as in its man page, ${NAME} from the environment. A text is what is wrong. */
function splitWords(text: string, vars: ReadonlyMap<string, string>): string[] | string {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "\\") {
      const n = text[++i];
      if (n === undefined) return "invalid backslash at end of string in -S";
      if (quoted === "'" && n !== "'" && n !== "\\") word = `${word ?? ""}\\${n}`;
      else if (n === "c") {
        if (quoted === '"') return `'\\c' must not appear in double-quoted -S string`;
        break;
      } else if (n === "_" && quoted === "") {
        if (word !== null) words.push(word);
        word = null;
      } else {
        const known: Readonly<Record<string, string>> = {
          f: "\f",
          n: "\n",
          r: "\r",
          t: "\t",
          v: "\v",
          _: " ",
          "#": "#",
          $: "$",
          '"': '"',
          "'": "'",
          "\\": "\\",
        };
        if (known[n] === undefined) return `invalid sequence '\\${n}' in -S`;
        word = (word ?? "") + known[n];
      }
    } else if (quoted !== "" ? c === quoted : c === "'" || c === '"') {
      quoted = quoted === "" ? c : "";
      word ??= "";
    } else if (quoted === "" && /\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (quoted === "" && c === "#" && word === null) break;
    else if (c === "$" && quoted !== "'") {
      const m = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}/.exec(text.slice(i));
      if (m === null) return `only \${VARNAME} expansion is supported, error at: ${text.slice(i)}`;
      word = (word ?? "") + (vars.get(m[1]!) ?? "");
      i += m[0].length - 1;
    } else word = (word ?? "") + c;
  }
  if (quoted !== "") return "no terminating quote in -S string";
  if (word !== null) words.push(word);
  return words;
}

/** -S "a b" c becomes a b c; what cannot be split stays, for main to complain about. */
function splitStrings(args: readonly string[]): readonly string[] {
  for (let i = 0; i < args.length; i++) {
    const a = args[i]!;
    const m = /^(-[iv0]*)S(.*)$/s.exec(a) ?? /^(--)split-string=(.*)$/s.exec(a);
    const apart = m !== null && m[2] === "" && !a.startsWith("--split-string=");
    if (m === null) {
      if (!a.startsWith("-") || a === "-" || a === "--") return args;
      if (a === "-u" || a === "-C" || a === "--unset" || a === "--chdir") i++;
      continue;
    }
    const text = apart ? args[i + 1] : m[2];
    if (text === undefined || /\$\{/.test(text)) return args;
    const words = splitWords(text, new Map());
    if (typeof words === "string") return args;
    // main shows how it was split only where it is asked to; -vS keeps its words together for that
    if (/v/.test(m[1]!) || args.slice(0, i).some((x) => /^-[a-z0]*v|^--debug$/.test(x))) return args;
    const head = m[1] === "-" || m[1] === "--" ? [] : [m[1]!];
    return [...args.slice(0, i), ...head, ...splitStrings([...words, ...args.slice(i + (apart ? 2 : 1))])];
  }
  return args;
}

const env = gnuCommand({
  name: "env",
  usage: ["[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]"],
  summary: "set each NAME to VALUE in the environment and run COMMAND",
  usageStatus: 125,
  posix: true,
  options: [
    { names: ["-i", "--ignore-environment"], help: "begin with an empty environment" },
    { names: ["-0", "--null"], help: "end each line with NUL" },
    { names: ["-u", "--unset"], arg: "NAME", help: "remove a variable" },
    { names: ["-C", "--chdir"], arg: "DIR", help: "change to DIR first" },
    { names: ["-S", "--split-string"], arg: "S", help: "split S into words; for #! lines" },
    { names: ["-v", "--debug"], help: "say what is done" },
    { names: ["--block-signal"], arg: "[SIG]", help: "block signals", notModelled: true },
    { names: ["--default-signal"], arg: "[SIG]", help: "reset signals", notModelled: true },
    { names: ["--ignore-signal"], arg: "[SIG]", help: "ignore signals", notModelled: true },
    { names: ["--list-signal-handling"], help: "list what is not default", notModelled: true },
  ],
  rewrite: splitStrings,
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const say = function* (text: string): Call<void> {
      if (has("-v")) yield* err(t.sys, `${text}\n`);
    };
    const unsplit = options.find((o) => o.name === "-S");
    if (unsplit !== undefined) {
      const wrong = splitWords(unsplit.value!, new Map());
      return typeof wrong === "string" ? yield* t.die(wrong, 125) : yield* t.notSimulated(has("-v") ? "-v with -S" : "a variable in -S");
    }
    let words = operands;
    let clear = has("-i");
    if (words[0] === "-") {
      clear = true;
      words = words.slice(1);
    }
    const vars = new Map(clear ? [] : yield* t.sys.getenv());
    if (clear) yield* say("cleaning environ");
    for (const o of options) {
      if (o.name !== "-u") continue;
      yield* say(`unset:    ${o.value}`);
      if (o.value === "" || o.value!.includes("="))
        return yield* t.die(`cannot unset ${quoteaf(o.value!)}: ${strerror(Errno.EINVAL)}`, 125);
      vars.delete(o.value!);
    }
    while (words.length > 0 && words[0]!.includes("=")) {
      const eq = words[0]!.indexOf("=");
      yield* say(`setenv:   ${words[0]}`);
      vars.set(words[0]!.slice(0, eq), words[0]!.slice(eq + 1));
      words = words.slice(1);
    }
    const dir = options.filter((o) => o.name === "-C").pop()?.value ?? null;
    if (dir !== null) {
      if (words.length === 0) yield* t.usage("must specify command with --chdir (-C)");
      yield* say(`chdir:    ${quoteaf(dir)}`);
      const r = yield* t.sys.chdir(dir);
      if (r < 0) return yield* t.die(`cannot change directory to ${quoteaf(dir)}: ${strerror(r)}`, 125);
    }
    if (words.length === 0) {
      for (const [k, v] of vars) yield* t.out.print(`${k}=${v}${has("-0") ? "\0" : "\n"}`);
      return 0;
    }
    if (has("-0")) yield* t.usage("cannot specify --null (-0) with command");
    yield* say(`executing: ${words[0]}`);
    for (let i = 0; i < words.length; i++) yield* say(`   arg[${i}]= ${quote(words[i]!)}`);
    return yield* become(t, words, vars);
  },
});

const printenv = gnuCommand({
  name: "printenv",
  usage: ["[OPTION]... [VARIABLE]..."],
  summary: "print the values of the specified environment VARIABLE(s)",
  usageStatus: 2,
  posix: true,
  options: [{ names: ["-0", "--null"], help: "end each line with NUL" }],
  *main(t, options, operands) {
    const vars = yield* t.sys.getenv();
    const end = options.length > 0 ? "\0" : "\n";
    if (operands.length === 0) for (const [k, v] of vars) yield* t.out.print(`${k}=${v}${end}`);
    let status = 0;
    for (const name of operands) {
      const v = vars.get(name);
      if (v === undefined) status = 1;
      else yield* t.out.print(v + end);
    }
    return status;
  },
});

const nohup = gnuCommand({
  name: "nohup",
  usage: ["COMMAND [ARG]...", "OPTION"],
  summary: "run COMMAND, ignoring hangup signals",
  usageStatus: 125,
  posix: true,
  options: [],
  *main(t, _options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    const { sys } = t;
    const inTty = (yield* sys.isatty(0)) === 1;
    const outTty = (yield* sys.isatty(1)) === 1;
    const errTty = (yield* sys.isatty(2)) === 1;
    if (inTty) {
      const fd = yield* sys.open("/dev/null", O.WRONLY, 0);
      yield* sys.dup2(fd, 0);
      yield* sys.close(fd);
      if (!outTty && !errTty) yield* t.warn("ignoring input", 0);
    }
    if (outTty) {
      let name = "nohup.out";
      let fd = yield* sys.open(name, O.WRONLY | O.CREAT | O.APPEND, 0o600);
      if (fd < 0) {
        name = `${(yield* sys.getenv()).get("HOME") ?? ""}/nohup.out`;
        fd = yield* sys.open(name, O.WRONLY | O.CREAT | O.APPEND, 0o600);
        if (fd < 0) return yield* t.die(`failed to open ${quoteaf(name)}: ${strerror(fd)}`, 125);
      }
      yield* sys.dup2(fd, 1);
      yield* sys.close(fd);
      yield* t.warn(`${inTty ? "ignoring input and " : ""}appending output to ${quoteaf(name)}`, 0);
    }
    if (errTty) yield* sys.dup2(1, 2);
    yield* sys.sigaction(Sig.HUP, "ignore");
    return yield* become(t, operands, yield* sys.getenv());
  },
});

const nice = gnuCommand({
  name: "nice",
  usage: ["[OPTION] [COMMAND [ARG]...]"],
  summary: "run COMMAND with an adjusted niceness",
  usageStatus: 125,
  posix: true,
  options: [{ names: ["-n", "--adjustment"], arg: "N", help: "add N to the niceness", notModelled: true }],
  *main(t, _options, operands) {
    if (operands.length === 0) {
      yield* t.out.print("0\n");
      return 0;
    }
    return yield* t.notSimulated("a niceness");
  },
});

function* groupsOf(sys: Sys, name: string, gid: number): Call<number[]> {
  const extra = (yield* readGroups(sys)).filter((g) => g.members.includes(name) && g.gid !== gid).map((g) => g.gid);
  return [gid, ...extra];
}

const id = gnuCommand({
  name: "id",
  usage: ["[OPTION]... [USER]..."],
  summary: "print user and group information for each specified USER, or (when USER omitted) for the current process",
  options: [
    { names: ["-a"], help: "(nothing)" },
    { names: ["-g", "--group"], help: "print only the group" },
    { names: ["-G", "--groups"], help: "print all groups" },
    { names: ["-n", "--name"], help: "names instead of numbers, with -ugG" },
    { names: ["-r", "--real"], help: "real instead of effective, with -ugG" },
    { names: ["-u", "--user"], help: "print only the user" },
    { names: ["-z", "--zero"], help: "NUL instead of blanks and newlines, with -ugG" },
    { names: ["-Z", "--context"], help: "security context", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const only = ["-u", "-g", "-G"].filter(has);
    if (only.length > 1) yield* t.die('cannot print "only" of more than one choice');
    if ((has("-n") || has("-r")) && only.length === 0) yield* t.die("cannot print only names or real IDs in default format");
    if (has("-z") && only.length === 0) yield* t.die("option --zero not permitted in default format");
    const end = has("-z") ? "\0" : "\n";
    const users = yield* readUsers(t.sys);
    const groups: readonly Group[] = yield* readGroups(t.sys);
    for (const who of operands.length > 0 ? operands : [null]) {
      const cred = yield* t.sys.getcred();
      let uid = cred.uid;
      let gid = cred.gid;
      let all: readonly number[] = [gid, ...cred.groups.filter((g) => g !== gid)];
      if (who !== null) {
        const u = users.find((x) => x.name === who || (/^\+?[0-9]+$/.test(who) && x.uid === Number(who)));
        if (u === undefined) {
          yield* t.warn(`${quote(who)}: no such user`);
          continue;
        }
        uid = u.uid;
        gid = u.gid;
        all = yield* groupsOf(t.sys, u.name, gid);
      }
      const named = (n: number, name: string): string => (name === String(n) ? String(n) : `${n}(${name})`);
      if (only[0] === "-u") yield* t.out.print(`${has("-n") ? userName(users, uid) : uid}${end}`);
      else if (only[0] === "-g") yield* t.out.print(`${has("-n") ? groupName(groups, gid) : gid}${end}`);
      else if (only[0] === "-G") {
        const names = all.map((g) => (has("-n") ? groupName(groups, g) : String(g)));
        // between users of -z another NUL
        yield* t.out.print(names.join(has("-z") ? "\0" : " ") + end + (has("-z") && operands.length > 1 ? "\0" : ""));
      } else
        yield* t.out.print(
          `uid=${named(uid, userName(users, uid))} gid=${named(gid, groupName(groups, gid))} groups=${all.map((g) => named(g, groupName(groups, g))).join(",")}\n`,
        );
    }
    return t.status;
  },
});

const whoami = gnuCommand({
  name: "whoami",
  usage: ["[OPTION]..."],
  summary: "print the user name associated with the current effective user ID",
  options: [],
  *main(t, _options, operands) {
    if (operands.length > 0) yield* t.usage(`extra operand ${quote(operands[0]!)}`);
    const { uid } = yield* t.sys.getcred();
    const u = (yield* readUsers(t.sys)).find((x) => x.uid === uid);
    if (u === undefined) return yield* t.die(`cannot find name for user ID ${uid}`);
    yield* t.out.print(`${u.name}\n`);
    return 0;
  },
});

const groups = gnuCommand({
  name: "groups",
  usage: ["[OPTION]... [USERNAME]..."],
  summary: "print group memberships for each USERNAME or, if no USERNAME is specified, for the current process",
  options: [],
  *main(t, _options, operands) {
    const users = yield* readUsers(t.sys);
    const list = yield* readGroups(t.sys);
    if (operands.length === 0) {
      const c = yield* t.sys.getcred();
      yield* t.out.print(`${[c.gid, ...c.groups.filter((g) => g !== c.gid)].map((g) => groupName(list, g)).join(" ")}\n`);
    }
    for (const name of operands) {
      const u = users.find((x) => x.name === name);
      if (u === undefined) {
        yield* t.warn(`${quote(name)}: no such user`);
        continue;
      }
      yield* t.out.print(`${name} : ${(yield* groupsOf(t.sys, name, u.gid)).map((g) => groupName(list, g)).join(" ")}\n`);
    }
    return t.status;
  },
});

export const envCommands = [env, printenv, nohup, nice, id, whoami, groups];

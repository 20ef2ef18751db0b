/**
 * `sudo` (1.9.13): runs a command as another user, root by default. It is a set-user-id program. Members of the group
 * sudo may do everything without a password; nobody else may do anything. /etc/sudoers is not read; its defaults in Debian
 * (env_reset, secure_path) hold. The command takes sudo's place, so there is no sudo process above it.
 */
import { strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { groupsOf, readGroups, readUsers, type User } from "../lib/users.ts";
import { err, exit, type Io, notSimulated, program } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";
import { getaddrinfo } from "../lib/resolve.ts";
import { notModelled } from "../lib/not-modelled.ts";

const SECURE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** env_keep of the default policy, as far as terminals here have them */
const KEPT = /^(TERM|COLORTERM|COLORS|DISPLAY|HOSTNAME|LS_COLORS|PS1|PS2|XAUTHORITY|LANG|LANGUAGE|LC_.*|TZ)$/;

const options: readonly OptionSpec[] = [
  { names: ["-u", "--user"], arg: "USER", help: "run the command as USER" },
  { names: ["-g", "--group"], arg: "GROUP", help: "run the command with GROUP as its group" },
  { names: ["-n", "--non-interactive"], help: "never ask for anything" },
  { names: ["-i", "--login"], help: "run a login shell" },
  { names: ["-s", "--shell"], help: "run a shell" },
  { names: ["-E", "--preserve-env"], arg: "[LIST]", help: "keep the environment" },
  { names: ["-H", "--set-home"], help: "set HOME to the target user's" },
  { names: ["-b", "--background"], help: "run the command in the background" },
  { names: ["-k", "--reset-timestamp"], help: "forget the password given" },
  { names: ["-K", "--remove-timestamp"], help: "forget it for good" },
  { names: ["-v", "--validate"], help: "check that sudo is allowed" },
  { names: ["-l", "--list"], help: "list what is allowed" },
  { names: ["-S", "--stdin"], help: "read the password from standard input (none is needed)" },
  { names: ["-p", "--prompt"], arg: "PROMPT", help: "prompt for the password (none is needed)" },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-h", "--help"], help: "this help" },
  { names: ["-A", "--askpass"], help: "ask with a helper program", notModelled: true },
  { names: ["-B", "--bell"], help: "ring the bell", notModelled: true },
  { names: ["-C", "--close-from"], arg: "NUM", help: "close descriptors", notModelled: true },
  { names: ["-D", "--chdir"], arg: "DIR", help: "change the directory", notModelled: true },
  { names: ["-e", "--edit"], help: "edit files", notModelled: true },
  { names: ["-N", "--no-update"], help: "do not update the time stamp", notModelled: true },
  { names: ["-P", "--preserve-groups"], help: "keep the groups", notModelled: true },
  { names: ["-R", "--chroot"], arg: "DIR", help: "change the root directory", notModelled: true },
  { names: ["-r", "--role"], arg: "ROLE", help: "SELinux role", notModelled: true },
  { names: ["-T", "--command-timeout"], arg: "TIME", help: "end the command after a time", notModelled: true },
  { names: ["-t", "--type"], arg: "TYPE", help: "SELinux type", notModelled: true },
  { names: ["-U", "--other-user"], arg: "USER", help: "list for another user", notModelled: true },
  ...notModelled("sudo"),
];

const USAGE = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-nS] [-u user]
usage: sudo -l [-nS] [-u user]
usage: sudo [-bEHnS] [-g group] [-u user] [VAR=value] [-i|-s] [<command>]
`;

const BUILTINS = [
  "cd",
  "alias",
  "bg",
  "fg",
  "export",
  "source",
  "umask",
  "ulimit",
  "unset",
  "set",
  "exit",
  "eval",
  "exec",
  "history",
  "jobs",
  "read",
  "wait",
  "shift",
  "trap",
];

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const parsed = parseOptions(options, args, { posix: true });
  if (parsed.error) return yield* optionError(sys, "sudo", parsed.error, USAGE, 1);
  const has = (name: string): boolean => parsed.options.some((o) => o.name === name);
  const last = (name: string): string | null => parsed.options.findLast((o) => o.name === name)?.value ?? null;
  if (has("-h")) {
    yield* io.out.print(`sudo - execute a command as another user\n\n${USAGE}\nOptions:\n${optionHelp(options)}`);
    return 0;
  }
  if (has("-V")) {
    yield* io.out.print("Sudo version 1.9.13p3\n");
    return 0;
  }
  const people = yield* readUsers(sys);
  const cred = yield* sys.getcred();
  const ruid = cred.ruid ?? cred.uid;
  const me = people.find((p) => p.uid === ruid);
  if (me === undefined) return exit(1, `sudo: you do not exist in the passwd database\n`);
  const target = findUser(people, last("-u") ?? "root");
  if (target === null) return exit(1, `sudo: unknown user ${last("-u")}\nsudo: error initializing audit plugin sudoers_audit\n`);
  let gid: number | null = null;
  if (has("-g")) {
    const name = last("-g")!;
    const g = (yield* readGroups(sys)).find((x) => x.name === name || `#${x.gid}` === name);
    if (g === undefined) exit(1, `sudo: unknown group ${name}\nsudo: error initializing audit plugin sudoers_audit\n`);
    gid = g!.gid;
  }
  yield* warnHost(sys);
  const only = has("-k") || has("-K") || has("-v") || has("-l");
  const words = [...parsed.operands];
  const vars: [string, string][] = [];
  while (words.length > 0 && /^[A-Za-z_][A-Za-z0-9_]*=/.test(words[0]!)) {
    const w = words.shift()!;
    vars.push([w.slice(0, w.indexOf("=")), w.slice(w.indexOf("=") + 1)]);
  }
  const shell = has("-i") || has("-s");
  if (!shell && words.length === 0 && !only) return exit(1, USAGE);
  if ((has("-k") || has("-K")) && words.length === 0) return 0;
  if (me.uid !== 0 && !(yield* maySudo(sys, me))) return exit(1, `${me.name} is not in the sudoers file.\n`);
  if (has("-v")) return 0;
  if (has("-l")) {
    if (words.length > 0) return yield* notSimulated(sys, "sudo", "option -l with a command");
    const host = (yield* sys.uname()).nodename;
    yield* io.out.print(
      `Matching Defaults entries for ${me.name} on ${host}:\n    env_reset, mail_badpass,\n    secure_path=${SECURE_PATH.replaceAll(":", "\\:")},\n    use_pty\n\n` +
        `User ${me.name} may run the following commands on ${host}:\n    (ALL : ALL) ${me.uid === 0 ? "" : "NOPASSWD: "}ALL\n`,
    );
    return 0;
  }
  const env = environment(yield* sys.getenv(), me, target, has("-E"), has("-i"));
  for (const [k, v] of vars) env.set(k, v);
  const shellPath = has("-i") ? target.shell : ((yield* sys.getenv()).get("SHELL") ?? target.shell);
  let path: string;
  let argv: readonly string[];
  if (shell) {
    path = shellPath === "" ? "/bin/sh" : shellPath;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const script = words.map(quoteForShell).join(" ");
    argv = [has("-i") ? `-${name}` : path, ...(words.length > 0 ? ["-c", script] : [])];
  } else {
    const found = yield* search(sys, words[0]!, env.get("PATH")!);
    if (found === null) {
      yield* err(sys, `sudo: ${words[0]}: command not found\n`);
      if (BUILTINS.includes(words[0]!)) {
        yield* err(
          sys,
          `sudo: "${words[0]}" is a shell built-in command, it cannot be run directly.\nsudo: the -s option may be used to run a privileged shell.\nsudo: the -D option may be used to run a command in a specific directory.\n`,
        );
      }
      return 1;
    }
    path = found;
    argv = words;
  }
  env.set("SUDO_COMMAND", [path, ...argv.slice(1)].join(" "));
  env.set("SUDO_USER", me.name);
  env.set("SUDO_UID", String(me.uid));
  env.set("SUDO_GID", String(me.gid));
  yield* io.out.flush();
  const groups = target.uid === 0 ? [0] : yield* groupsOf(sys, target);
  if (has("-b")) {
    const child: { path: string; argv: readonly string[]; env: Map<string, string>; uid: number; gid: number; groups: readonly number[] } =
      { path, argv, env, uid: target.uid, gid: gid ?? target.gid, groups };
    const pid = yield* sys.spawn({
      main: background,
      argv: [JSON.stringify([child.path, child.uid, child.gid, child.groups]), ...argv],
      env,
      comm: "sudo",
      pgid: 0,
    });
    return pid < 0 ? exit(1, `sudo: unable to fork: ${strerror(pid)}\n`) : 0;
  }
  if (has("-i")) yield* sys.chdir(target.home);
  yield* sys.setcred({ uid: target.uid, gid: gid ?? target.gid, groups });
  const r = yield* sys.execve(path, argv, env);
  return exit(1, `sudo: unable to execute ${path}: ${strerror(r)}\n`);
}

/** The child of -b: argv[0] says what to run and as whom. */
function* background(sys: Sys, argv: readonly string[]): Call<number> {
  const [path, uid, gid, groups] = JSON.parse(argv[0]!) as [string, number, number, number[]];
  yield* sys.setcred({ uid, gid, groups });
  const r = yield* sys.execve(path, argv.slice(1), yield* sys.getenv());
  yield* err(sys, `sudo: unable to execute ${path}: ${strerror(r)}\n`);
  return 1;
}

function findUser(people: readonly User[], name: string): User | null {
  if (/^#[0-9]+$/.test(name)) {
    const uid = Number(name.slice(1));
    return people.find((p) => p.uid === uid) ?? { name, uid, gid: uid, home: "/", shell: "/bin/sh" };
  }
  return people.find((p) => p.name === name) ?? null;
}

function* maySudo(sys: Sys, me: User): Call<boolean> {
  return (yield* readGroups(sys)).some((g) => g.name === "sudo" && (g.members.includes(me.name) || g.gid === me.gid));
}

/** sudo looks its own host name up and warns when it cannot. */
function* warnHost(sys: Sys): Call<void> {
  const host = (yield* sys.uname()).nodename;
  const r = yield* getaddrinfo(sys, host, 0);
  if (typeof r === "string") yield* err(sys, `sudo: unable to resolve host ${host}: ${r}\n`);
}

/** The new environment: what env_reset keeps, then the target user's. */
function environment(old: ReadonlyMap<string, string>, me: User, target: User, preserve: boolean, login: boolean): Map<string, string> {
  const env = new Map<string, string>();
  for (const [k, v] of old) if (preserve || KEPT.test(k)) env.set(k, v);
  env.set("PATH", SECURE_PATH);
  if (!preserve || login) {
    env.set("MAIL", `/var/mail/${target.name}`);
    env.set("LOGNAME", target.name);
    env.set("USER", target.name);
    env.set("HOME", target.home);
    env.set("SHELL", login ? target.shell : me.uid === 0 ? (old.get("SHELL") ?? target.shell) : target.shell);
  }
  return env;
}

/** The command's path: as given, or found in the secure path; null when it is nowhere or not executable. */
function* search(sys: Sys, word: string, path: string): Call<string | null> {
  const candidates = word.includes("/") ? [word] : path.split(":").map((d) => `${d}/${word}`);
  for (const c of candidates) {
    const st = yield* sys.stat(c);
    if (typeof st === "number" || (st.mode & 0o170000) !== 0o100000 || (st.mode & 0o111) === 0) continue;
    return c;
  }
  return null;
}

/** As sudo passes words to a shell: all but letters, digits, _ - and $ with a backslash. */
function quoteForShell(word: string): string {
  return word.replace(/[^A-Za-z0-9_\-$]/g, (c) => `\\${c}`);
}

export const commands: readonly Command[] = [
  {
    name: "sudo",
    paths: ["/usr/bin/sudo", "/bin/sudo"],
    pkg: "sudo 1.9.13p3-1",
    main: program(main),
    options,
    man: {
      summary: "run a command as root or another user",
      synopsis: ["sudo [-u USER] [VAR=VALUE] COMMAND [ARGUMENT]...", "sudo -i | -s [COMMAND]", "sudo -l"],
      description: [
        "sudo runs the command with the rights of root, or of USER. Members of the group sudo may do so; in this course no password is asked for.",
        "The environment is reset and PATH is the secure path of /etc/sudoers. A redirection such as `sudo echo 1 > file` is done by your own shell before sudo runs: use `echo 1 | sudo tee file`.",
      ],
      examples: [
        { cmd: "sudo ip link set eth0 up", what: "what only root may do" },
        { cmd: "sudo -i", what: "a root shell" },
      ],
      seeAlso: ["ip(8)", "sysctl(8)"],
    },
  },
];

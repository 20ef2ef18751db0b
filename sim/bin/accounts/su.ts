/**
 * su of util-linux 2.38 and nologin: another user's shell. Root becomes anyone; others would need a password, and nobody
 * has one, so they are asked and refused. The shell takes su's place, so there is no su process above it.
 */
import { strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { err } from "../lib/io.ts";
import { groupsOf, readGroups, readUsers, type User } from "../lib/users.ts";

const ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const USER_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games";

/** Asks for the password as login(1) does, without echo. No answer is right. */
function* refuse(t: Tool): Call<never> {
  yield* err(t.sys, "Password: ");
  const tty = yield* t.sys.tcgetattr(0);
  if (typeof tty !== "number") yield* t.sys.tcsetattr(0, { ...tty, echo: false });
  yield* t.read(0, 1024);
  if (typeof tty !== "number") yield* t.sys.tcsetattr(0, tty);
  yield* err(t.sys, "\n");
  yield* t.sys.nanosleep(2 * SEC);
  return yield* t.die("Authentication failure");
}

function environment(old: ReadonlyMap<string, string>, u: User, shell: string, login: boolean, keep: boolean): Map<string, string> {
  const env = new Map<string, string>(login ? Array.from(old).filter(([k]) => k === "TERM") : old);
  if (login || !keep) {
    env.set("HOME", u.home);
    env.set("SHELL", shell);
    if (login || u.uid !== 0) {
      env.set("USER", u.name);
      env.set("LOGNAME", u.name);
    }
  }
  if (login) {
    env.set("PATH", u.uid === 0 ? ROOT_PATH : USER_PATH);
    env.set("MAIL", `/var/mail/${u.name}`);
  }
  return env;
}

const su = gnuCommand({
  name: "su",
  pkg: "util-linux 2.38.1-5+deb12u3",
  version: "su from util-linux 2.38.1",
  usage: ["[options] [-] [<user> [<argument>...]]"],
  summary: "change the effective user ID and group ID to that of <user>",
  description: [
    "Without <user> it is root. Nobody on these machines has a password, so only root gets further; others use sudo.",
    "With - the shell is a login shell: a fresh environment, and the user's home directory.",
  ],
  examples: [{ cmd: "su - ann", what: "a login shell as ann" }],
  options: [
    { names: ["-m", "-p", "--preserve-environment"], help: "do not reset environment variables" },
    { names: ["-w", "--whitelist-environment"], arg: "<list>", help: "keep these variables", notModelled: true },
    { names: ["-g", "--group"], arg: "<group>", help: "the primary group, for root" },
    { names: ["-G", "--supp-group"], arg: "<group>", help: "a supplementary group, for root" },
    { names: ["-l", "--login"], help: "a login shell; - is the same" },
    { names: ["-c", "--command"], arg: "<command>", help: "one command for the shell" },
    { names: ["--session-command"], arg: "<command>", help: "the same" },
    { names: ["-f", "--fast"], help: "pass -f to the shell", notModelled: true },
    { names: ["-s", "--shell"], arg: "<shell>", help: "run this shell" },
    { names: ["-P", "--pty"], help: "a terminal of its own", notModelled: true },
    { names: ["-h"], help: "print this help and end" },
    { names: ["-V"], help: "print the version and end" },
  ],
  rewrite: (args) => args.map((a) => (a === "-h" ? "--help" : a === "-V" ? "--version" : a)),
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const last = (n: string): string | null => options.findLast((o) => o.name === n)?.value ?? null;
    const dash = operands[0] === "-";
    const [name, ...args] = dash ? operands.slice(1) : operands;
    const login = dash || has("-l");
    const user = (yield* readUsers(t.sys)).find((u) => u.name === (name ?? "root"));
    if (user === undefined) return yield* t.die(`user ${name} does not exist or the user entry does not contain all the required fields`);
    const cred = yield* t.sys.getcred();
    if ((cred.ruid ?? cred.uid) !== 0) {
      if (has("-g") || has("-G")) yield* t.die("only root can specify alternative groups");
      return yield* refuse(t);
    }
    const groups = yield* readGroups(t.sys);
    const gids: number[] = [];
    for (const o of options) {
      if (o.name !== "-g" && o.name !== "-G") continue;
      const g = groups.find((x) => x.name === o.value);
      if (g === undefined) return yield* t.die(`group ${o.value} does not exist`);
      gids.push(g.gid);
    }
    const keep = has("-m") && !login;
    const old = yield* t.sys.getenv();
    const shell = last("-s") ?? (keep ? old.get("SHELL") : undefined) ?? (user.shell || "/bin/sh");
    const env = environment(old, user, shell, login, keep);
    const command = last("-c") ?? last("--session-command");
    const base = shell.slice(shell.lastIndexOf("/") + 1);
    const argv = [login ? `-${base}` : base, ...(command === null ? [] : ["-c", command]), ...args];
    yield* t.out.flush();
    yield* t.sys.setcred({
      uid: user.uid,
      gid: gids[0] ?? user.gid,
      groups: gids.length > 0 ? gids : yield* groupsOf(t.sys, user),
    });
    if (login) {
      const r = yield* t.sys.chdir(user.home);
      if (r < 0) yield* t.warn(`warning: cannot change directory to ${user.home}: ${strerror(r)}`, 0);
      else env.set("PWD", user.home);
    }
    const r = yield* t.sys.execve(shell, argv, env);
    return yield* t.die(`failed to execute ${shell}: ${strerror(r)}`, 127);
  },
});

const nologin = gnuCommand({
  name: "nologin",
  paths: ["/usr/sbin/nologin"],
  pkg: "login 1:4.13+dfsg1-1+deb12u1",
  usage: [""],
  summary: "politely refuse a login",
  options: [],
  bare: true,
  *main(t) {
    yield* t.out.print("This account is currently not available.\n");
    return 1;
  },
});

const passwd = gnuCommand({
  name: "passwd",
  pkg: "passwd 1:4.13+dfsg1-1+deb12u1",
  usage: ["[options] [LOGIN]"],
  summary: "change user password",
  description: ["There are no passwords on these machines; passwd knows who exists, and no more."],
  usageStatus: 2,
  options: [
    { names: ["-a", "--all", "-d", "--delete", "-e", "--expire", "-k", "--keep-tokens", "-l", "--lock"], help: "", notModelled: true },
    { names: ["-q", "--quiet", "-S", "--status", "-u", "--unlock"], help: "", notModelled: true },
    {
      names: ["-i", "--inactive", "-n", "--mindays", "-r", "--repository", "-R", "--root", "-w", "--warndays", "-x", "--maxdays"],
      arg: "N",
      help: "",
      notModelled: true,
    },
  ],
  *main(t, _options, operands) {
    if (operands.length > 1) yield* t.usage("too many arguments");
    const name = operands[0];
    if (name !== undefined && !(yield* readUsers(t.sys)).some((u) => u.name === name)) return yield* t.die(`user '${name}' does not exist`);
    return yield* t.notSimulated("changing a password");
  },
});

export const suCommands = [su, nologin, passwd];

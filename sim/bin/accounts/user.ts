/** useradd, usermod and userdel of shadow 4.13: people of the machine. Nobody has a password, nothing expires. */
import type { Call, OptionSpec } from "../../kernel/abi.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { exit } from "../lib/io.ts";
import { removeTree } from "../lib/tree.ts";
import type { GivenOption } from "../lib/options.ts";
import {
  type Accounts,
  addMember,
  byName,
  findGroup,
  freeId,
  goodName,
  members,
  openAccounts,
  removeMember,
  saveAccounts,
} from "./files.ts";

const PKG = "passwd 1:4.13+dfsg1-1+deb12u1";

const last = (options: readonly GivenOption[], n: string): string | null => options.findLast((o) => o.name === n)?.value ?? null;

/** A wrong command line: what the real ones answer with their usage. */
function* usage(t: Tool, form: string): Call<never> {
  yield* t.sys.write(2, Uint8Array.from(Array.from(`Usage: ${t.name} ${form}\n`, (c) => c.charCodeAt(0))));
  return exit(2);
}

/** The groups of -G; each must exist. */
function* groupList(t: Tool, a: Accounts, text: string): Call<string[]> {
  const words = text.split(",").filter((w) => w !== "");
  for (const w of words) if (findGroup(a, w) === undefined) yield* t.die(`group '${w}' does not exist`, 6);
  return words;
}

const NOT_MODELLED_ADD: readonly OptionSpec[] = [
  { names: ["-D", "--defaults"], help: "defaults for new accounts", notModelled: true },
  { names: ["-e", "--expiredate"], arg: "DATE", help: "when the account ends", notModelled: true },
  { names: ["-f", "--inactive"], arg: "DAYS", help: "days after the password ended", notModelled: true },
  { names: ["-k", "--skel"], arg: "DIR", help: "what new homes hold", notModelled: true },
  { names: ["-K", "--key"], arg: "KEY=VALUE", help: "another default", notModelled: true },
  { names: ["-p", "--password"], arg: "PASSWORD", help: "the encrypted password", notModelled: true },
  { names: ["-P", "--prefix"], arg: "DIR", help: "another /etc", notModelled: true },
  { names: ["-R", "--root"], arg: "DIR", help: "another root directory", notModelled: true },
  { names: ["-Z", "--selinux-user"], arg: "USER", help: "SELinux user", notModelled: true },
  { names: ["-b", "--base-dir"], arg: "DIR", help: "where homes are", notModelled: true },
  { names: ["-F", "--add-subids-for-system", "--btrfs-subvolume-home"], help: "", notModelled: true },
];

const useradd = gnuCommand({
  name: "useradd",
  paths: ["/usr/sbin/useradd"],
  pkg: PKG,
  usage: ["[options] LOGIN"],
  summary: "create a new user",
  description: ["The user has no password: root becomes it with su or sudo. A home directory is made only with -m."],
  examples: [{ cmd: "useradd -m -s /bin/bash ann", what: "a user with a home and bash" }],
  usageStatus: 2,
  options: [
    { names: ["--badname"], help: "any name will do" },
    { names: ["-c", "--comment"], arg: "COMMENT", help: "the full name" },
    { names: ["-d", "--home-dir"], arg: "HOME_DIR", help: "the home directory" },
    { names: ["-g", "--gid"], arg: "GROUP", help: "the primary group" },
    { names: ["-G", "--groups"], arg: "GROUPS", help: "further groups, with commas between" },
    { names: ["-h"], help: "print this help and end" },
    { names: ["-l", "--no-log-init"], help: "(nothing: there is no lastlog)" },
    { names: ["-m", "--create-home"], help: "make the home directory" },
    { names: ["-M", "--no-create-home"], help: "do not (default)" },
    { names: ["-N", "--no-user-group"], help: "no group of its own: users is the primary one" },
    { names: ["-o", "--non-unique"], help: "the UID may be in use" },
    { names: ["-r", "--system"], help: "a system account, UID below 1000" },
    { names: ["-s", "--shell"], arg: "SHELL", help: "the login shell (/bin/sh)" },
    { names: ["-u", "--uid"], arg: "UID", help: "the UID" },
    { names: ["-U", "--user-group"], help: "a group of its own (default)" },
    ...NOT_MODELLED_ADD,
  ],
  rewrite: (args) => args.map((a) => (a === "-h" ? "--help" : a)),
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length !== 1) return yield* usage(t, "[options] LOGIN");
    const name = operands[0]!;
    if (!goodName(name) && !has("--badname")) return yield* t.die(`invalid user name '${name}': use --badname to ignore`, 3);
    const a = yield* openAccounts(t, 1);
    const g = last(options, "-g");
    if (g !== null && findGroup(a, g) === undefined) return yield* t.die(`group '${g}' does not exist`, 6);
    const groups = yield* groupList(t, a, last(options, "-G") ?? "");
    if (byName(a.passwd, name) !== undefined) return yield* t.die(`user '${name}' already exists`, 9);
    const own = g === null && !has("-N");
    if (own && byName(a.group, name) !== undefined)
      return yield* t.die(`group ${name} exists - if you want to add this user to that group, use -g.`, 9);
    const wanted = last(options, "-u");
    if (wanted !== null && !/^[0-9]+$/.test(wanted)) return yield* t.die(`invalid user ID '${wanted}'`, 3);
    const uid = wanted ?? String(freeId(a.passwd, has("-r")));
    if (!has("-o") && a.passwd.some((f) => f[2] === uid)) return yield* t.die(`UID ${uid} is not unique`, 4);
    // the group takes the user's number where it is free
    const gid = !own ? findGroup(a, g ?? "users")![2]! : a.group.some((f) => f[2] === uid) ? String(freeId(a.group, has("-r"))) : uid;
    const home = last(options, "-d") ?? `/home/${name}`;
    a.passwd.push([name, "x", uid, gid, last(options, "-c") ?? "", home, last(options, "-s") ?? "/bin/sh"]);
    if (own) a.group.push([name, "x", gid, ""]);
    addMember(a, name, groups);
    yield* saveAccounts(t, a);
    if (has("-m") && typeof (yield* t.sys.stat(home)) === "number") {
      const r = yield* t.sys.mkdir(home, 0o755);
      if (r < 0) return yield* t.die(`cannot create directory ${home}`, 12);
      yield* t.sys.chmod(home, 0o755);
      yield* t.sys.chown(home, Number(uid), Number(gid));
    }
    return 0;
  },
});

const usermod = gnuCommand({
  name: "usermod",
  paths: ["/usr/sbin/usermod"],
  pkg: PKG,
  usage: ["[options] LOGIN"],
  summary: "modify a user account",
  examples: [{ cmd: "usermod -aG sudo ann", what: "let her use sudo (from the next login on)" }],
  usageStatus: 2,
  options: [
    { names: ["-a", "--append"], help: "with -G, stay in the other groups" },
    { names: ["-b", "--badname"], help: "any name will do" },
    { names: ["-c", "--comment"], arg: "COMMENT", help: "the full name" },
    { names: ["-d", "--home"], arg: "HOME_DIR", help: "the home directory" },
    { names: ["-g", "--gid"], arg: "GROUP", help: "the primary group" },
    { names: ["-G", "--groups"], arg: "GROUPS", help: "the further groups" },
    { names: ["-h"], help: "print this help and end" },
    { names: ["-l", "--login"], arg: "NEW_LOGIN", help: "the name" },
    { names: ["-m", "--move-home"], help: "with -d, move what is in the old home" },
    { names: ["-o", "--non-unique"], help: "the UID may be in use" },
    { names: ["-r", "--remove"], help: "with -G, leave only these groups" },
    { names: ["-s", "--shell"], arg: "SHELL", help: "the login shell" },
    { names: ["-u", "--uid"], arg: "UID", help: "the UID" },
    { names: ["-e", "--expiredate"], arg: "DATE", help: "when the account ends", notModelled: true },
    { names: ["-f", "--inactive"], arg: "DAYS", help: "days after the password ended", notModelled: true },
    { names: ["-L", "--lock"], help: "lock the password", notModelled: true },
    { names: ["-U", "--unlock"], help: "unlock it", notModelled: true },
    { names: ["-p", "--password"], arg: "PASSWORD", help: "the encrypted password", notModelled: true },
    { names: ["-P", "--prefix"], arg: "DIR", help: "another /etc", notModelled: true },
    { names: ["-R", "--root"], arg: "DIR", help: "another root directory", notModelled: true },
    {
      names: ["-v", "--add-subuids", "-V", "--del-subuids", "-w", "--add-subgids", "-W", "--del-subgids"],
      arg: "RANGE",
      help: "",
      notModelled: true,
    },
    { names: ["-Z", "--selinux-user"], arg: "USER", help: "SELinux user", notModelled: true },
  ],
  rewrite: (args) => args.map((a) => (a === "-h" ? "--help" : a)),
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length !== 1) return yield* usage(t, "[options] LOGIN");
    for (const [o, needs] of [
      ["-a", "-G"],
      ["-r", "-G"],
      ["-m", "-d"],
    ] as const)
      if (has(o) && !has(needs)) {
        yield* t.warn(`${o} flag is only allowed with the ${needs} flag`, 2);
        return yield* usage(t, "[options] LOGIN");
      }
    const a = yield* openAccounts(t, 1);
    const row = byName(a.passwd, operands[0]!);
    if (row === undefined) return yield* t.die(`user '${operands[0]}' does not exist`, 6);
    const old = Array.from(row);
    const name = last(options, "-l") ?? old[0]!;
    if (name !== old[0] && byName(a.passwd, name) !== undefined) return yield* t.die(`user '${name}' already exists`, 9);
    if (!goodName(name) && !has("-b")) return yield* t.die(`invalid user name '${name}': use --badname to ignore`, 3);
    const g = last(options, "-g");
    if (g !== null && findGroup(a, g) === undefined) return yield* t.die(`group '${g}' does not exist`, 6);
    const groups = yield* groupList(t, a, last(options, "-G") ?? "");
    const uid = last(options, "-u");
    if (uid !== null && !/^[0-9]+$/.test(uid)) return yield* t.die(`invalid user ID '${uid}'`, 3);
    if (uid !== null && !has("-o") && uid !== old[2] && a.passwd.some((f) => f[2] === uid))
      return yield* t.die(`UID '${uid}' already exists`, 4);
    row[0] = name;
    row[2] = uid ?? old[2]!;
    row[3] = g === null ? old[3]! : findGroup(a, g)![2]!;
    row[4] = last(options, "-c") ?? old[4]!;
    row[5] = last(options, "-d") ?? old[5]!;
    row[6] = last(options, "-s") ?? old[6]!;
    for (const x of a.group)
      if (members(x).includes(old[0]!))
        x[3] = members(x)
          .map((m) => (m === old[0] ? name : m))
          .join(",");
    if (has("-G")) {
      const named = (x: readonly string[]): boolean => groups.some((w) => w === x[0] || w === x[2]);
      if (has("-r")) removeMember(a, name, (x) => !named(x));
      else {
        if (!has("-a")) removeMember(a, name, named);
        addMember(a, name, groups);
      }
    }
    yield* saveAccounts(t, a);
    if (has("-m") && row[5] !== old[5]) {
      const r = yield* t.sys.rename(old[5]!, row[5]!);
      if (r < 0) return yield* t.die(`cannot rename directory ${old[5]} to ${row[5]}`, 12);
    }
    if (uid !== null) yield* t.sys.chown(row[5]!, Number(row[2]), Number(row[3]));
    return 0;
  },
});

const userdel = gnuCommand({
  name: "userdel",
  paths: ["/usr/sbin/userdel"],
  pkg: PKG,
  usage: ["[options] LOGIN"],
  summary: "delete a user account",
  usageStatus: 2,
  options: [
    { names: ["-f", "--force"], help: "even when logged in" },
    { names: ["-h"], help: "print this help and end" },
    { names: ["-r", "--remove"], help: "the home directory and mail, too" },
    { names: ["-P", "--prefix"], arg: "DIR", help: "another /etc", notModelled: true },
    { names: ["-R", "--root"], arg: "DIR", help: "another root directory", notModelled: true },
    { names: ["-Z", "--selinux-user"], help: "SELinux mapping", notModelled: true },
  ],
  rewrite: (args) => args.map((a) => (a === "-h" ? "--help" : a)),
  *main(t, options, operands) {
    if (operands.length !== 1) return yield* usage(t, "[options] LOGIN");
    const a = yield* openAccounts(t, 1);
    const name = operands[0]!;
    const row = byName(a.passwd, name);
    if (row === undefined) return yield* t.die(`user '${name}' does not exist`, 6);
    a.passwd.splice(a.passwd.indexOf(row), 1);
    removeMember(a, name, () => false);
    // the group of the same name goes, unless others need it
    const own = a.group.findIndex((g) => g[0] === name && g[2] === row[3] && members(g).length === 0);
    if (own >= 0 && !a.passwd.some((f) => f[3] === row[3])) a.group.splice(own, 1);
    yield* saveAccounts(t, a);
    if (!options.some((o) => o.name === "-r")) return 0;
    if ((yield* t.sys.unlink(`/var/mail/${name}`)) < 0) yield* t.warn(`${name} mail spool (/var/mail/${name}) not found`, 0);
    const r = yield* removeTree(t.sys, row[5]!);
    if (r < 0) yield* t.warn(`${name} home directory (${row[5]}) not found`, 0);
    return 0;
  },
});

export const userCommands = [useradd, usermod, userdel];

/** groupadd, groupmod and groupdel of shadow 4.13. */
import { gnuCommand } from "../lib/gnu.ts";
import { byName, freeId, goodName, openAccounts, saveAccounts } from "./files.ts";

const PKG = "passwd 1:4.13+dfsg1-1+deb12u1";
const REST = [
  { names: ["-P", "--prefix"], arg: "DIR", help: "another /etc", notModelled: true as const },
  { names: ["-R", "--root"], arg: "DIR", help: "another root directory", notModelled: true as const },
];
const HELP = { names: ["-h"], help: "print this help and end" };
const helpLetter = (args: readonly string[]): string[] => args.map((a) => (a === "-h" ? "--help" : a));

const groupadd = gnuCommand({
  name: "groupadd",
  paths: ["/usr/sbin/groupadd"],
  pkg: PKG,
  usage: ["[options] GROUP"],
  summary: "create a new group",
  usageStatus: 2,
  rewrite: helpLetter,
  options: [
    { names: ["-f", "--force"], help: "no error when the group exists; another GID when it is in use" },
    { names: ["-g", "--gid"], arg: "GID", help: "the GID" },
    HELP,
    { names: ["-o", "--non-unique"], help: "the GID may be in use" },
    { names: ["-r", "--system"], help: "a system group, GID below 1000" },
    { names: ["-U", "--users"], arg: "USERS", help: "its members" },
    { names: ["-K", "--key"], arg: "KEY=VALUE", help: "another default", notModelled: true },
    { names: ["-p", "--password"], arg: "PASSWORD", help: "the encrypted password", notModelled: true },
    ...REST,
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length !== 1) return yield* t.usage("wrong number of arguments");
    const name = operands[0]!;
    if (!goodName(name)) return yield* t.die(`'${name}' is not a valid group name`, 3);
    const a = yield* openAccounts(t, 10);
    if (byName(a.group, name) !== undefined) return has("-f") ? 0 : yield* t.die(`group '${name}' already exists`, 9);
    const given = options.findLast((o) => o.name === "-g")?.value ?? null;
    if (given !== null && !/^[0-9]+$/.test(given)) return yield* t.die(`invalid group ID '${given}'`, 3);
    const taken = given !== null && a.group.some((g) => g[2] === given) && !has("-o");
    if (taken && !has("-f")) return yield* t.die(`GID '${given}' already exists`, 4);
    const gid = given === null || taken ? String(freeId(a.group, has("-r"))) : given;
    a.group.push([name, "x", gid, options.findLast((o) => o.name === "-U")?.value ?? ""]);
    yield* saveAccounts(t, a);
    return 0;
  },
});

const groupmod = gnuCommand({
  name: "groupmod",
  paths: ["/usr/sbin/groupmod"],
  pkg: PKG,
  usage: ["[options] GROUP"],
  summary: "modify a group definition",
  usageStatus: 2,
  rewrite: helpLetter,
  options: [
    { names: ["-a", "--append"], help: "with -U, keep the other members" },
    { names: ["-g", "--gid"], arg: "GID", help: "the GID" },
    HELP,
    { names: ["-n", "--new-name"], arg: "NEW_GROUP", help: "the name" },
    { names: ["-o", "--non-unique"], help: "the GID may be in use" },
    { names: ["-U", "--users"], arg: "USERS", help: "its members" },
    { names: ["-p", "--password"], arg: "PASSWORD", help: "the encrypted password", notModelled: true },
    ...REST,
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const last = (n: string): string | null => options.findLast((o) => o.name === n)?.value ?? null;
    if (operands.length !== 1) return yield* t.usage("wrong number of arguments");
    const a = yield* openAccounts(t, 10);
    const row = byName(a.group, operands[0]!);
    if (row === undefined) return yield* t.die(`group '${operands[0]}' does not exist`, 6);
    const name = last("-n") ?? row[0]!;
    if (!goodName(name)) return yield* t.die(`invalid group name '${name}'`, 3);
    if (name !== row[0] && byName(a.group, name) !== undefined) return yield* t.die(`group '${name}' already exists`, 9);
    const gid = last("-g") ?? row[2]!;
    if (!/^[0-9]+$/.test(gid)) return yield* t.die(`invalid group ID '${gid}'`, 3);
    if (gid !== row[2] && !has("-o") && a.group.some((g) => g[2] === gid)) return yield* t.die(`GID '${gid}' already exists`, 4);
    // those whose primary group it is follow
    for (const f of a.passwd) if (f[3] === row[2]) f[3] = gid;
    row[0] = name;
    row[2] = gid;
    const users = last("-U");
    if (users !== null) row[3] = has("-a") && row[3] !== "" ? `${row[3]},${users}` : users;
    yield* saveAccounts(t, a);
    return 0;
  },
});

const groupdel = gnuCommand({
  name: "groupdel",
  paths: ["/usr/sbin/groupdel"],
  pkg: PKG,
  usage: ["[options] GROUP"],
  summary: "delete a group",
  usageStatus: 2,
  rewrite: helpLetter,
  options: [{ names: ["-f", "--force"], help: "even if it is somebody's primary group" }, HELP, ...REST],
  *main(t, options, operands) {
    if (operands.length !== 1) return yield* t.usage("wrong number of arguments");
    const a = yield* openAccounts(t, 10);
    const row = byName(a.group, operands[0]!);
    if (row === undefined) return yield* t.die(`group '${operands[0]}' does not exist`, 6);
    const user = a.passwd.find((f) => f[3] === row[2]);
    if (user !== undefined && options.length === 0) return yield* t.die(`cannot remove the primary group of user '${user[0]}'`, 8);
    a.group.splice(a.group.indexOf(row), 1);
    yield* saveAccounts(t, a);
    return 0;
  },
});

export const groupCommands = [groupadd, groupmod, groupdel];

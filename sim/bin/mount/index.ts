/**
 * mount, umount and mountpoint of util-linux 2.38: bind mounts, tmpfs, sysfs again, and the list. There are no disks to
 * mount and no /etc/fstab entries; read-only mounts, moving and propagation are not modelled.
 */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { canonicalPath } from "../lib/canonical.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { lines, readText } from "../lib/io.ts";
import type { GivenOption } from "../lib/options.ts";
import { commands as findmnt } from "./findmnt.ts";
import { mountAt, readMounts } from "./table.ts";

const PKG = "mount 2.38.1-5+deb12u3";
/** What mount(8) says below the reason. */
const HINT = "\n       dmesg(1) may have more information after failed mount system call.";

function* fail(t: Tool, text: string): Call<number> {
  yield* t.warn(text, 32);
  return 32;
}

/** mount and umount are set-user-id programs: who called them counts. */
function* isRoot(t: Tool): Call<boolean> {
  const cred = yield* t.sys.getcred();
  return (cred.ruid ?? cred.uid) === 0;
}

function* list(t: Tool, types: string | null): Call<number> {
  const wanted = types === null ? null : types.split(",");
  for (const r of yield* readMounts(t.sys))
    if (wanted === null || wanted.includes(r.fstype)) yield* t.out.print(`${r.source} on ${r.target} type ${r.fstype} (${r.options})\n`);
  return 0;
}

/** The words of all -o, without those that only say how it is anyway. */
function optionWords(options: readonly GivenOption[]): string[] {
  return options
    .filter((o) => o.name === "-o")
    .flatMap((o) => o.value!.split(","))
    .filter((w) => w !== "" && w !== "defaults");
}

function* mountOne(t: Tool, options: readonly GivenOption[], source: string, target: string): Call<number> {
  const has = (n: string): boolean => options.some((o) => o.name === n);
  const words = optionWords(options);
  const bind = has("-B") || words.includes("bind");
  const recursive = has("-R") || words.includes("rbind");
  const type = options.findLast((o) => o.name === "-t")?.value ?? null;
  for (const w of ["ro", "remount", "loop", "move", "private", "shared", "slave", "unbindable"])
    if (words.includes(w)) return yield* t.notSimulated(`option -o ${w}`);
  if (recursive) return yield* t.notSimulated("a recursive bind mount");
  if (!(yield* isRoot(t))) return yield* fail(t, `${target}: must be superuser to use mount.${HINT}`);
  if (typeof (yield* t.sys.stat(target)) === "number") return yield* fail(t, `${target}: mount point does not exist.${HINT}`);
  let r: number;
  if (bind) {
    if (typeof (yield* t.sys.stat(source)) === "number")
      return yield* fail(t, `${target}: special device ${source} does not exist.${HINT}`);
    r = yield* t.sys.mount_bind(source, target);
  } else if (type === "tmpfs") r = yield* t.sys.mount_tmpfs(source, target, words.join(","));
  else if (type === "sysfs" && target.replace(/\/+$/, "") === "/sys") r = yield* t.sys.mount_sysfs();
  else if (type === "sysfs" || type === "proc") return yield* t.notSimulated(`another ${type} on ${target}`);
  else return yield* fail(t, `${target}: special device ${source} does not exist.${HINT}`);
  if (r === -Errno.ENOTDIR) return yield* fail(t, `${target}: mount point is not a directory.${HINT}`);
  if (r === -Errno.EINVAL) return yield* t.notSimulated(`option -o ${words.join(",")}`);
  if (r < 0) return yield* fail(t, `${target}: mount(2) system call failed: ${strerror(r)}.${HINT}`);
  if (has("-v")) yield* t.out.print(`mount: ${source} ${bind ? "bound" : "mounted"} on ${target}.\n`);
  return 0;
}

const mount = gnuCommand({
  name: "mount",
  pkg: PKG,
  version: "mount from util-linux 2.38.1 (libmount 2.38.1: selinux, smack, btrfs, namespaces, assert, debug)",
  usage: ["[-l] [-t <types>]", "[options] <source> <directory>"],
  summary: "mount a filesystem",
  description: [
    "Without operands the mounts are listed. A lab's machine can bind a directory or file to another place (--bind), mount a tmpfs, and mount sysfs on /sys again, which then shows the network namespace of whoever did it.",
  ],
  examples: [
    { cmd: "mount -t tmpfs tmpfs /mnt", what: "an empty file system in memory" },
    { cmd: "mount --bind /etc/netns/red/hosts /etc/hosts", what: "another file in this one's place" },
  ],
  seeAlso: ["umount(8)", "findmnt(8)"],
  options: [
    { names: ["-B", "--bind"], help: "show a directory or file at another place, too" },
    { names: ["-l", "--show-labels"], help: "labels in the list; there are none" },
    { names: ["-n", "--no-mtab"], help: "(nothing)" },
    { names: ["-o", "--options"], arg: "<list>", help: "bind; for tmpfs size=, mode=, nr_inodes=, nosuid, nodev, noexec, noatime" },
    { names: ["-t", "--types"], arg: "<list>", help: "tmpfs or sysfs; for the list, only these types" },
    { names: ["-v", "--verbose"], help: "say what is done" },
    { names: ["--source"], arg: "<src>", help: "what to mount" },
    { names: ["--target"], arg: "<target>", help: "where to mount it" },
    { names: ["--make-rslave", "--make-slave"], help: "new namespaces get our mounts, not we theirs: so it is here anyway" },
    { names: ["-a", "--all"], help: "all of fstab", notModelled: true },
    { names: ["-c", "--no-canonicalize"], help: "paths as they are", notModelled: true },
    { names: ["-f", "--fake"], help: "only pretend", notModelled: true },
    { names: ["-F", "--fork"], help: "one process a device", notModelled: true },
    { names: ["-T", "--fstab"], arg: "<path>", help: "another fstab", notModelled: true },
    { names: ["-i", "--internal-only"], help: "no helpers", notModelled: true },
    { names: ["-m", "--mkdir"], arg: "[<mode>]", help: "make the mount point", notModelled: true },
    { names: ["-L", "--label"], arg: "<label>", help: "device by label", notModelled: true },
    { names: ["-U", "--uuid"], arg: "<uuid>", help: "device by UUID", notModelled: true },
    { names: ["-M", "--move"], help: "move a mount", notModelled: true },
    { names: ["-N", "--namespace"], arg: "<ns>", help: "in another namespace", notModelled: true },
    { names: ["-r", "--read-only"], help: "read-only", notModelled: true },
    { names: ["-R", "--rbind"], help: "bind with what is mounted below", notModelled: true },
    { names: ["-s"], help: "tolerate sloppy options", notModelled: true },
    { names: ["-w", "--rw", "--read-write"], help: "read-write, as it is anyway" },
    {
      names: ["--make-private", "--make-rprivate", "--make-shared", "--make-rshared", "--make-unbindable", "--make-runbindable"],
      help: "propagation",
      notModelled: true,
    },
    {
      names: ["--onlyonce", "--options-mode", "--options-source", "--options-source-force", "--target-prefix"],
      help: "",
      notModelled: true,
    },
  ],
  *main(t, options, operands) {
    const last = (n: string): string | null => options.findLast((o) => o.name === n)?.value ?? null;
    if (options.some((o) => o.name === "--make-rslave")) return 0;
    const words = [
      ...(last("--source") === null ? [] : [last("--source")!]),
      ...operands,
      ...(last("--target") === null ? [] : [last("--target")!]),
    ];
    const bind = options.some((o) => o.name === "-B");
    if (words.length === 0 && !bind && optionWords(options).length === 0) return yield* list(t, last("-t"));
    if (words.length > 2 || words.length === 0) return yield* t.usage("bad usage");
    if (words.length === 2) return yield* mountOne(t, options, words[0]!, words[1]!);
    if (bind) return yield* fail(t, `${words[0]}: mount(2) system call failed: ${strerror(-Errno.ENOENT)}.${HINT}`);
    const fstab = yield* readText(t.sys, "/etc/fstab");
    const entry = (typeof fstab === "number" ? [] : lines(fstab))
      .filter((l) => !l.startsWith("#"))
      .map((l) => l.trim().split(/\s+/))
      .find((f) => f[1] === words[0] || f[0] === words[0]);
    if (entry === undefined || entry.length < 4) {
      yield* t.warn(`${words[0]}: can't find in /etc/fstab.`);
      return 1;
    }
    const given = (name: string, value: string): GivenOption => ({ name, given: name, value });
    return yield* mountOne(t, [...options, given("-t", entry[2]!), given("-o", entry[3]!)], entry[0]!, entry[1]!);
  },
});

/** Takes off the mount on a place and, with `below`, those that hang on it. */
function* takeOff(t: Tool, target: string, below: boolean): Call<number> {
  if (below) {
    const rows = yield* readMounts(t.sys);
    for (const r of Array.from(rows).reverse()) if (r.target.startsWith(`${target}/`)) yield* t.sys.umount(r.target);
  }
  return yield* t.sys.umount(target);
}

const umount = gnuCommand({
  name: "umount",
  pkg: PKG,
  version: "umount from util-linux 2.38.1 (libmount 2.38.1: selinux, smack, btrfs, namespaces, assert, debug)",
  usage: ["[options] <source> | <directory>"],
  summary: "unmount filesystems",
  options: [
    { names: ["-l", "--lazy"], help: "with what is mounted below it" },
    { names: ["-n", "--no-mtab"], help: "(nothing)" },
    { names: ["-q", "--quiet"], help: "no word about what is not mounted" },
    { names: ["-R", "--recursive"], help: "with what is mounted below it" },
    { names: ["-v", "--verbose"], help: "say what is done" },
    { names: ["-a", "--all"], help: "all", notModelled: true },
    { names: ["-A", "--all-targets"], help: "everywhere in this namespace", notModelled: true },
    { names: ["-c", "--no-canonicalize"], help: "paths as they are", notModelled: true },
    { names: ["-d", "--detach-loop"], help: "the loop device, too", notModelled: true },
    { names: ["-f", "--force"], help: "force", notModelled: true },
    { names: ["-i", "--internal-only"], help: "no helpers", notModelled: true },
    { names: ["-N", "--namespace"], arg: "<ns>", help: "in another namespace", notModelled: true },
    { names: ["-O", "--test-opts"], arg: "<list>", help: "only with these options", notModelled: true },
    { names: ["-r", "--read-only"], help: "else read-only", notModelled: true },
    { names: ["-t", "--types"], arg: "<list>", help: "only these types", notModelled: true },
    { names: ["--fake"], help: "only pretend", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length === 0) return yield* t.usage("bad usage");
    for (const word of operands) {
      const path = yield* canonicalPath(t.sys, word, "none");
      if (typeof path === "number") {
        if (!has("-q")) yield* t.warn(`${word}: no mount point specified.`, 32);
        t.status = 32;
        continue;
      }
      if (!(yield* isRoot(t))) {
        yield* t.warn(`${word}: must be superuser to unmount.`, 32);
        continue;
      }
      const r = yield* takeOff(t, path, has("-R") || has("-l"));
      if (r === 0) {
        if (has("-v")) {
          yield* t.out.flush();
          yield* t.warn(`${word} unmounted`, 0);
        }
      } else if (r === -Errno.EINVAL) {
        if (!has("-q")) yield* t.warn(`${word}: not mounted.`, 32);
        t.status = 32;
      } else yield* t.warn(r === -Errno.EBUSY ? `${word}: target is busy.` : `${word}: umount failed: ${strerror(r)}.`, 32);
    }
    return t.status;
  },
});

const mountpoint = gnuCommand({
  name: "mountpoint",
  pkg: "util-linux 2.38.1-5+deb12u3",
  version: "mountpoint from util-linux 2.38.1",
  usage: ["[-qd] </path/to/directory>"],
  summary: "check whether a directory or file is a mountpoint",
  options: [
    { names: ["-q", "--quiet"], help: "only the exit status" },
    { names: ["--nofollow"], help: "do not follow a symbolic link" },
    { names: ["-d", "--fs-devno"], help: "print the device's numbers" },
    { names: ["-x", "--devno"], help: "print a block device's numbers", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length !== 1) return yield* t.usage("bad usage");
    const st = has("--nofollow") ? yield* t.sys.lstat(operands[0]!) : yield* t.sys.stat(operands[0]!);
    if (typeof st === "number") {
      if (has("-q")) return 1;
      return yield* t.die(`${operands[0]}: ${strerror(st)}`);
    }
    const path = has("--nofollow") && (st.mode & S_IF.MT) === S_IF.LNK ? "" : yield* canonicalPath(t.sys, operands[0]!, "none");
    const found = typeof path === "string" && mountAt(yield* readMounts(t.sys), path) !== null;
    if (has("-d") && found) yield* t.out.print(`${Math.floor(st.dev / 256)}:${st.dev % 256}\n`);
    else if (!has("-q")) yield* t.out.print(`${operands[0]} is ${found ? "" : "not "}a mountpoint\n`);
    return found ? 0 : 32;
  },
});

export const commands: readonly Command[] = [mount, umount, mountpoint, ...findmnt];

/** `unshare` (util-linux 2.38): runs a program in new namespaces: network, mount, UTS (host name). The others are not modelled. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec } from "../../kernel/abi.ts";
import { exit, execvpe, type Io, program } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";

const options: readonly OptionSpec[] = [
  { names: ["-n", "--net"], arg: "[FILE]", help: "a new network namespace, kept by FILE" },
  { names: ["-m", "--mount"], arg: "[FILE]", help: "a new mount namespace" },
  { names: ["-u", "--uts"], arg: "[FILE]", help: "a new UTS namespace (host name)" },
  { names: ["-h", "--help"], help: "this help" },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-i", "--ipc"], arg: "[FILE]", help: "a new IPC namespace", notModelled: true },
  { names: ["-p", "--pid"], arg: "[FILE]", help: "a new PID namespace", notModelled: true },
  { names: ["-U", "--user"], arg: "[FILE]", help: "a new user namespace", notModelled: true },
  { names: ["-C", "--cgroup"], arg: "[FILE]", help: "a new cgroup namespace", notModelled: true },
  { names: ["-T", "--time"], arg: "[FILE]", help: "a new time namespace", notModelled: true },
  { names: ["-f", "--fork"], help: "fork before running the program", notModelled: true },
  { names: ["-r", "--map-root-user"], help: "map the user to root", notModelled: true },
  { names: ["-c", "--map-current-user"], help: "map the user to itself", notModelled: true },
  { names: ["--map-user"], arg: "UID", help: "map the user", notModelled: true },
  { names: ["--map-group"], arg: "GID", help: "map the group", notModelled: true },
  { names: ["--map-auto", "--map-users", "--map-groups"], help: "map ranges of ids", notModelled: true },
  { names: ["--kill-child"], arg: "[SIGNAL]", help: "kill the child when unshare dies", notModelled: true },
  { names: ["--mount-proc"], arg: "[DIR]", help: "mount /proc", notModelled: true },
  { names: ["--propagation"], arg: "MODE", help: "propagation of mounts", notModelled: true },
  { names: ["--setgroups"], arg: "WHAT", help: "setgroups in user namespaces", notModelled: true },
  { names: ["--keep-caps"], help: "keep capabilities", notModelled: true },
  { names: ["-R", "--root"], arg: "DIR", help: "set the root directory", notModelled: true },
  { names: ["-w", "--wd"], arg: "DIR", help: "set the working directory", notModelled: true },
  { names: ["-S", "--setuid"], arg: "UID", help: "set the user id", notModelled: true },
  { names: ["-G", "--setgid"], arg: "GID", help: "set the group id", notModelled: true },
  { names: ["--monotonic", "--boottime"], arg: "OFFSET", help: "offset of clocks", notModelled: true },
];
const KINDS: Readonly<Record<string, "net" | "mnt" | "uts">> = { "-n": "net", "-m": "mnt", "-u": "uts" };

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const parsed = parseOptions(options, args, { posix: true });
  if (parsed.error) return yield* optionError(sys, "unshare", parsed.error, "Try 'unshare --help' for more information.\n", 1);
  let keep: string | null = null;
  const kinds: ("net" | "mnt" | "uts")[] = [];
  for (const o of parsed.options) {
    if (o.name === "-h") {
      yield* io.out.print(
        `\nUsage:\n unshare [options] [<program> [<argument>...]]\n\nRun a program with some namespaces unshared from the parent.\n\nOptions:\n${optionHelp(options)}`,
      );
      return 0;
    }
    if (o.name === "-V") {
      yield* io.out.print("unshare from util-linux 2.38.1\n");
      return 0;
    }
    kinds.push(KINDS[o.name]!);
    if (o.value === null) continue;
    if (o.name !== "-n") exit(64, `hop: unshare: option ${o.given} with a file is not simulated\n`);
    keep = o.value;
  }
  for (const kind of kinds) {
    const r = yield* sys.unshare(kind);
    if (r < 0) exit(1, `unshare: unshare failed: ${strerror(r)}\n`);
  }
  if (keep !== null) {
    const source = `/proc/${yield* sys.getpid()}/ns/net`;
    const r = yield* sys.mount_bind(source, keep);
    if (r < 0) exit(1, `unshare: mount ${source} on ${keep} failed: ${strerror(r)}\n`);
  }
  yield* io.out.flush();
  const env = yield* sys.getenv();
  const cmd = parsed.operands;
  const shell = env.get("SHELL") ?? "/bin/sh";
  const r = cmd.length > 0 ? yield* execvpe(sys, cmd, env) : yield* sys.execve(shell, [`-${shell.slice(shell.lastIndexOf("/") + 1)}`], env);
  return exit(r === -Errno.ENOENT ? 127 : 126, `unshare: failed to execute ${cmd[0] ?? shell}: ${strerror(r)}\n`);
}

export const commands: readonly Command[] = [
  {
    name: "unshare",
    paths: ["/usr/bin/unshare", "/bin/unshare"],
    pkg: "util-linux 2.38.1-5",
    main: program(main),
    options,
    man: {
      summary: "run a program in new namespaces",
      synopsis: ["unshare [-n[FILE]] [-m] [-u] [PROGRAM [ARGUMENT]...]"],
      description: [
        "unshare makes new namespaces and runs the program (or a shell) in them. In a new network namespace there is only lo, and it is down.",
        "The namespace lives as long as a process is in it, or as long as FILE is mounted: `unshare --net=/run/netns/red true` is much like `ip netns add red`, provided the file exists.",
      ],
      examples: [{ cmd: "unshare -n ip link", what: "the links of a fresh network namespace" }],
      seeAlso: ["nsenter(1)", "ip(8)"],
    },
  },
];

/** `nsenter` (util-linux 2.38): runs a program in another network namespace. The other kinds of namespaces are not modelled. */
import { strerror, Errno } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { exit, execvpe, type Io, program } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";
import { netnsNames } from "../lib/rtnl.ts";

const options: readonly OptionSpec[] = [
  { names: ["-t", "--target"], arg: "PID", help: "take the namespaces from that process" },
  { names: ["-n", "--net"], arg: "[FILE]", help: "enter the network namespace" },
  { names: ["-F", "--no-fork"], help: "do not fork before running the program" },
  { names: ["-h", "--help"], help: "this help" },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-a", "--all"], help: "enter all namespaces", notModelled: true },
  { names: ["-m", "--mount"], arg: "[FILE]", help: "enter the mount namespace", notModelled: true },
  { names: ["-u", "--uts"], arg: "[FILE]", help: "enter the UTS namespace", notModelled: true },
  { names: ["-i", "--ipc"], arg: "[FILE]", help: "enter the IPC namespace", notModelled: true },
  { names: ["-p", "--pid"], arg: "[FILE]", help: "enter the PID namespace", notModelled: true },
  { names: ["-C", "--cgroup"], arg: "[FILE]", help: "enter the cgroup namespace", notModelled: true },
  { names: ["-U", "--user"], arg: "[FILE]", help: "enter the user namespace", notModelled: true },
  { names: ["-T", "--time"], arg: "[FILE]", help: "enter the time namespace", notModelled: true },
  { names: ["-S", "--setuid"], arg: "UID", help: "set the user id", notModelled: true },
  { names: ["-G", "--setgid"], arg: "GID", help: "set the group id", notModelled: true },
  { names: ["--preserve-credentials"], help: "keep the ids", notModelled: true },
  { names: ["-r", "--root"], arg: "[DIR]", help: "set the root directory", notModelled: true },
  { names: ["-w", "--wd"], arg: "[DIR]", help: "set the working directory", notModelled: true },
  { names: ["-W", "--wdns"], arg: "DIR", help: "set the working directory in the namespace", notModelled: true },
  { names: ["-Z", "--follow-context"], help: "set the SELinux context", notModelled: true },
];

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const parsed = parseOptions(options, args, { posix: true });
  if (parsed.error) return yield* optionError(sys, "nsenter", parsed.error, "Try 'nsenter --help' for more information.\n", 1);
  let target: string | null = null;
  let net = false;
  let file: string | null = null;
  for (const o of parsed.options) {
    if (o.name === "-h") {
      yield* io.out.print(
        `\nUsage:\n nsenter [options] [<program> [<argument>...]]\n\nRun a program with namespaces of other processes.\n\nOptions:\n${optionHelp(options)}`,
      );
      return 0;
    }
    if (o.name === "-V") {
      yield* io.out.print("nsenter from util-linux 2.38.1\n");
      return 0;
    }
    if (o.name === "-t") {
      target = o.value!;
      if (!/^[0-9]+$/.test(target)) exit(1, `nsenter: failed to parse pid: '${target}'\n`);
    } else if (o.name === "-n") {
      net = true;
      if (o.value !== null) file = o.value;
    }
  }
  if (net) yield* enter(sys, file, target);
  yield* io.out.flush();
  return yield* become(sys, "nsenter", parsed.operands);
}

function* enter(sys: Sys, file: string | null, target: string | null): Call<void> {
  if (file === null && target === null) exit(1, "nsenter: neither filename nor target pid supplied for ns/net\n");
  const path = file ?? `/proc/${target}/ns/net`;
  const fd = yield* sys.open(path, O.RDONLY, 0);
  if (fd < 0) exit(1, `nsenter: cannot open ${path}: ${strerror(fd)}\n`);
  const r = yield* sys.setns(fd);
  if (r < 0) exit(1, `nsenter: reassociate to namespace 'ns/net' failed: ${strerror(r)}\n`);
  yield* sys.close(fd);
}

/** Becomes the program, or the user's shell without one. 127 when it is not there, 126 when it cannot run. */
function* become(sys: Sys, tool: string, words: readonly string[]): Call<number> {
  const env = yield* sys.getenv();
  const cmd = words.length > 0 ? words : [env.get("SHELL") ?? "/bin/sh"];
  const r =
    words.length > 0 ? yield* execvpe(sys, cmd, env) : yield* sys.execve(cmd[0]!, [`-${cmd[0]!.slice(cmd[0]!.lastIndexOf("/") + 1)}`], env);
  return exit(r === -Errno.ENOENT ? 127 : 126, `${tool}: failed to execute ${cmd[0]}: ${strerror(r)}\n`);
}

export const commands: readonly Command[] = [
  {
    name: "nsenter",
    paths: ["/usr/bin/nsenter", "/bin/nsenter"],
    pkg: "util-linux 2.38.1-5",
    main: program(main),
    options,
    man: {
      summary: "run a program in the network namespace of another process",
      synopsis: ["nsenter -t PID -n [PROGRAM [ARGUMENT]...]", "nsenter --net=FILE [PROGRAM [ARGUMENT]...]"],
      description: [
        "nsenter changes to the network namespace of a process (-t PID -n) or of a file such as /run/netns/red (--net=FILE) and runs the program there; without a program, a shell.",
        "Unlike `ip netns exec` it leaves the mount namespace alone, so /etc/netns/NAME has no effect.",
      ],
      examples: [{ cmd: "nsenter --net=/run/netns/red ip addr", what: "the addresses in the namespace red" }],
      seeAlso: ["ip(8)", "unshare(1)"],
    },
    complete: function* (sys, argv) {
      const last = argv[argv.length - 1] ?? "";
      if (!last.startsWith("--net=")) return [];
      return (yield* netnsNames(sys)).map((n) => `--net=/run/netns/${n}`).filter((w) => w.startsWith(last));
    },
  },
];

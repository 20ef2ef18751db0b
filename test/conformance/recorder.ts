/**
 * Runs a scenario on the real kernel and records what every command printed. Needs Linux and root. The commands run in one
 * shell, in network, mount, host name and process namespaces of their own, on a throw-away overlay of the root file
 * system (CONFORMANCE_ROOT=DIR: of that one); nothing of it remains.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { splitCommands } from "../../sim/shell/steps.ts";
import { parseHeader, stripDirectives, type Golden, type Step } from "./scenario.ts";

const COMMAND_LIMIT_S = 10;
const SCENARIO_LIMIT_S = 60;
/** nobody types faster, and the kernel finishes link changes in the background */
const MIN_PACE_S = 0.1;

/** The world of README.md: host lab, root in an empty /root, only lo and that down, files of its own in /etc. */
const ENTER = `
set -e
mount --make-rprivate /
mkdir "$CTL/layers" && mount -t tmpfs layers "$CTL/layers"
mkdir "$CTL/layers/upper" "$CTL/layers/work" "$CTL/layers/root"
mount -t overlay root -o "lowerdir=$ROOTFS,upperdir=$CTL/layers/upper,workdir=$CTL/layers/work" "$CTL/layers/root"
cd "$CTL/layers/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs -o mode=755 run run && mkdir -p run/lock run/sudo
mount -t tmpfs -o mode=1777 tmp tmp
mount -t tmpfs -o mode=700 home root
mkdir -p ctl && mount --bind "$CTL" ctl
hostname lab
rm -rf etc/hosts etc/resolv.conf etc/hostname etc/netns
printf '127.0.0.1\\tlocalhost\\n127.0.1.1\\tlab\\n' > etc/hosts
echo lab > etc/hostname
: > etc/resolv.conf
unset CTL ROOTFS OLDPWD
exec chroot . /bin/bash --norc -c "$1" bash
`;

/** Reads numbers from descriptor 9, runs the command of that number, answers "number status" on descriptor 8. */
const LOOP = `
cd /root
unset OLDPWD
__status() { return "$1"; }
__last=0
echo ready >&8
while IFS= read -r __n <&9; do
  __text=$(</ctl/cmd.$__n)
  __status $__last
  eval "$__text" >/ctl/out.$__n 2>/ctl/err.$__n </dev/null 9<&- 8>&-
  __last=$?
  echo "$__n $__last" >&8
done
`;

/** Records one scenario script. Rejects with one line when a command or the scenario takes too long or the shell ends. */
export async function record(script: string): Promise<Golden> {
  const header = parseHeader(script);
  const ctl = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "hop-record-"));
  chmodSync(ctl, 0o755);
  const shell = start(ctl);
  const lines = createInterface({ input: shell.stdout });
  const steps: Step[] = [];
  const began = Date.now();
  try {
    const answers = reader(lines, shell);
    if ((await answers(COMMAND_LIMIT_S)) !== "ready") throw new Error("the recording shell did not start");
    for (const [n, { cmd: text }] of splitCommands(script).entries()) {
      const { cmd, cmp } = stripDirectives(text);
      writeFileSync(join(ctl, `cmd.${n}`), cmd);
      shell.stdin.write(`${n}\n`);
      const left = SCENARIO_LIMIT_S - (Date.now() - began) / 1000;
      const answer = await answers(Math.max(0.001, Math.min(COMMAND_LIMIT_S, left)));
      if (answer === null) throw new Error(`the shell ended in command ${n + 1}: ${cmd}`);
      const all = [...header.defaults, ...cmp];
      const read = (part: string): string => readFileSync(join(ctl, `${part}.${n}`), "utf8");
      steps.push({
        cmd,
        ...(all.length > 0 ? { cmp: all } : {}),
        stdout: read("out"),
        stderr: read("err"),
        code: Number(answer.split(" ")[1]),
      });
      await new Promise((r) => setTimeout(r, Math.max(header.pace, MIN_PACE_S) * 1000));
    }
  } finally {
    const ended = new Promise((r) => shell.once("exit", r));
    shell.kill("SIGKILL"); // takes the first process of its pid namespace with it, and so everything
    await ended;
    rmSync(ctl, { recursive: true, force: true });
  }
  return { format: 1, title: header.title, tags: header.tags, pace: header.pace, steps };
}

function start(ctl: string): ChildProcessWithoutNullStreams {
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    USER: "root",
    LOGNAME: "root",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    TZ: "UTC",
    TERM: "dumb",
    CTL: ctl,
    ROOTFS: process.env.CONFORMANCE_ROOT ?? "/",
  };
  const unshare = ["--net", "--mount", "--uts", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
  return spawn("unshare", [...unshare, "bash", "--norc", "-c", `exec 9<&0 8>&1; ${ENTER}`, "bash", LOOP], {
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Next line of the shell within a time limit in seconds; null when it ended; rejects when it took too long. */
function reader(lines: Interface, shell: ChildProcessWithoutNullStreams): (seconds: number) => Promise<string | null> {
  const queue: (string | null)[] = [];
  let waiting: ((l: string | null) => void) | null = null;
  const give = (l: string | null): void => {
    if (waiting) {
      const w = waiting;
      waiting = null;
      w(l);
    } else queue.push(l);
  };
  lines.on("line", give);
  shell.once("exit", () => give(null));
  shell.stdin.on("error", () => {});
  shell.stderr.pipe(process.stderr);
  return (seconds) =>
    new Promise((resolve, reject) => {
      const ready = queue.shift();
      if (ready !== undefined) return resolve(ready);
      const t = setTimeout(() => {
        waiting = null;
        reject(new Error("time limit"));
      }, seconds * 1000);
      waiting = (l) => {
        clearTimeout(t);
        resolve(l);
      };
    });
}

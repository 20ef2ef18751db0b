import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { makeRig, testCommand } from "../testing/rig.ts";
import { TimerKind } from "../core/scheduler.ts";
import { bug } from "../core/result.ts";
import { FdTable } from "./fd.ts";
import { O } from "./abi.ts";
import { createWorld } from "./world.ts";

const hello = testCommand("hello", function* (sys, argv) {
  yield* sys.write(1, utf8(`hello ${argv.slice(1).join(" ")}\n`));
  return 3;
});
const cat = testCommand("cat", function* (sys, argv) {
  let fd = 0;
  if (argv[1] !== undefined) {
    fd = yield* sys.open(argv[1], O.RDONLY, 0);
    if (fd < 0) return -fd;
  }
  for (;;) {
    const b = yield* sys.read(fd, 65536);
    if (typeof b === "number") return -b;
    if (b.length === 0) return 0;
    const r = yield* sys.write(1, b);
    if (r < 0) return 1;
  }
});
const ls = testCommand("ls", function* (sys, argv) {
  const d = yield* sys.readdir(argv[1] ?? ".");
  if (typeof d === "number") return -d;
  yield* sys.write(1, utf8(d.map((e) => `${e.name}\n`).join("")));
  return 0;
});

describe("world", () => {
  it("runs a program and gives its output and exit status", () => {
    const rig = makeRig({ commands: [hello] });
    const r = rig.run(["hello", "a", "b"]);
    expect(r).toMatchObject({ stdout: "hello a b\n", stderr: "", code: 3 });
    expect(r.now).toBeGreaterThan(300_000);
  });
  it("has a file system from an image, with the host's own files", () => {
    const rig = makeRig({ commands: [cat, ls], users: ["ann"] });
    expect(rig.run(["cat", "/etc/hosts"]).stdout).toBe("127.0.0.1\tlocalhost\n127.0.1.1\tlab\n");
    expect(rig.run(["cat"], { stdin: "x\n" }).stdout).toBe("x\n");
    expect(rig.run(["ls", "/bin"]).stdout).toBe("ls\ncat\n");
    expect(rig.run(["ls", "/run"]).stdout).toBe("user\nlock\n");
    expect(rig.run(["ls", "/home"]).stdout).toBe("ann\n");
    expect(fromUtf8(rig.machine.readFile("/etc/passwd")!)).toContain("ann:x:1000:1000::/home/ann:/bin/bash\n");
    expect(rig.run(["cat", "/proc/self/comm"]).stdout).toBe("cat\n");
    expect(rig.run(["ls", "/sys/class/net"]).stdout).toBe("lo\n");
    expect(rig.run(["cat", "/sys/class/net/lo/mtu"]).stdout).toBe("65536\n");
    expect(rig.run(["cat", "/proc/self/status"]).stdout).toContain("Uid:\t0\t0\t0\t0\n");
    expect(rig.run(["cat", "/proc/mounts"]).stdout.split("\n")[0]).toBe("/dev/vda1 / ext4 rw,relatime,errors=remount-ro 0 0");
  });

  it("gives each machine its own copy of what it changes", () => {
    const world = createWorld({ seed: 1, commands: [hello] });
    const a = world.addMachine({ name: "a" });
    const b = world.addMachine({ name: "b" });
    const text = (m: typeof a, path: string): string => fromUtf8(m.readFile(path) ?? utf8("-"));
    a.writeFile("/etc/issue", "changed\n");
    a.writeFile("/opt/deep/down/file", "new\n");
    expect([text(a, "/etc/issue"), text(b, "/etc/issue"), text(a, "/opt/deep/down/file"), text(b, "/opt/deep/down/file")]).toEqual([
      "changed\n",
      "Debian GNU/Linux 12 \\n \\l\n\n",
      "new\n",
      "-",
    ]);
    expect([text(a, "/etc/hostname"), text(b, "/etc/hostname")]).toEqual(["a\n", "b\n"]);
  });

  it("runs a program from a copy of its file", () => {
    const rig = makeRig({ commands: [hello] });
    rig.machine.writeFile("/root/mine", rig.machine.readFile("/bin/hello")!, 0o755);
    expect(rig.run(["/root/mine", "x"]).stdout).toBe("hello x\n");
    rig.machine.writeFile("/root/not-executable", rig.machine.readFile("/bin/hello")!);
    expect(() => rig.run(["/root/not-executable"])).toThrow("-13");
  });

  it("stands still after an engine bug, and says so", () => {
    const world = createWorld({ seed: 1, commands: [] });
    const seen: string[] = [];
    world.onFault = (f) => seen.push(f.what);
    world.sched.on(TimerKind.SESSION, () => bug("impossible"));
    world.sched.arm(TimerKind.SESSION, {}, 100);
    expect(world.run(1000, 10)).toBe("idle");
    expect(world.run(2000, 10)).toBe("idle");
    expect([seen, world.dead, world.now]).toEqual([["impossible"], true, 100]);
  });

  it("ends output to the host at its limit with SIGPIPE", () => {
    const yes = testCommand("yes", function* (sys) {
      for (;;) yield* sys.write(1, utf8("y\n"));
    });
    const { machine, world } = makeRig({ commands: [yes] });
    const sink = machine.hostSink(101);
    const fds = new FdTable();
    fds.set(1, sink, false);
    const root = machine.account("root")!;
    const p = machine.spawnInit({ path: "/bin/yes", argv: ["yes"], env: new Map(), cred: machine.credentials(root), cwd: "/", fds });
    world.run(1e9, 100_000);
    expect(typeof p === "number" ? p : p.status).toEqual({ kind: "signaled", value: 13 });
    expect([sink.take().length, sink.overflowed]).toEqual([101, true]);
  });
});

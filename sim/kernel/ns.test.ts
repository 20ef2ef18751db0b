import { describe, expect, it } from "vitest";
import { utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import { SEC } from "../core/time.ts";
import { makeRig, type Rig, testCommand } from "../testing/rig.ts";
import { type Call, O, type Prog, type Sys } from "./abi.ts";

const ENV = new Map<string, string>();

function* say(sys: Sys, v: unknown): Call<void> {
  yield* sys.write(1, utf8(`${JSON.stringify(v)}\n`));
}
function start(main: Prog): { rig: Rig; out: unknown[] } {
  const rig = makeRig({ commands: [testCommand("t", main)] });
  const r = rig.run(["t"], { limit: 100 });
  expect(r.stderr).toBe("");
  return {
    rig,
    out: r.stdout
      .trimEnd()
      .split("\n")
      .map((l) => JSON.parse(l) as unknown),
  };
}
/** `ip netns add NAME`, in a process of its own */
function* netnsAdd(sys: Sys, name: string): Call<void> {
  const pid = yield* sys.spawn({
    main: function* (s) {
      yield* s.mkdir("/run/netns", 0o755);
      const fd = yield* s.open(`/run/netns/${name}`, O.CREAT | O.EXCL, 0);
      yield* s.close(fd);
      yield* s.unshare("net");
      return -(yield* s.mount_bind("/proc/self/ns/net", `/run/netns/${name}`));
    },
    argv: ["ip"],
    env: ENV,
  });
  yield* sys.wait4(pid, {});
}

describe("network namespaces", () => {
  it("live while a process, a mount or a descriptor refers to them, and go a moment later", () => {
    const { rig, out } = start(function* (sys) {
      yield* netnsAdd(sys, "red");
      const fd = yield* sys.open("/run/netns/red", O.RDONLY, 0);
      const mine = yield* sys.readlink("/proc/self/ns/net");
      yield* say(sys, [yield* sys.setns(fd), (yield* sys.readlink("/proc/self/ns/net")) !== mine]);
      yield* say(sys, [
        yield* sys.unlink("/run/netns/red"),
        yield* sys.umount("/run/netns/red"),
        yield* sys.umount("/run/netns/red"),
        yield* sys.unlink("/run/netns/red"),
      ]);
      yield* sys.nanosleep(SEC);
      const d = yield* sys.readdir("/sys/class/net");
      yield* say(sys, typeof d === "number" ? d : d.map((e) => e.name));
      return 0;
    });
    expect(out).toEqual([[0, true], [-Errno.EBUSY, 0, -Errno.EINVAL, 0], ["lo"]]);
    expect(rig.world.net.namespaces.size).toBe(2);
    rig.advance(1);
    expect(rig.world.net.namespaces.size).toBe(1);
  });

  it("are kept by the file below /run/netns alone, and known by its name", () => {
    const { rig, out } = start(function* (sys) {
      yield* netnsAdd(sys, "blue");
      const fd = yield* sys.open("/run/netns/blue", O.RDONLY, 0);
      const s = yield* sys.fstat(fd);
      yield* sys.setns(fd);
      yield* say(sys, [(yield* sys.readlink("/proc/self/ns/net")) === `net:[${typeof s === "number" ? s : s.ino}]`, yield* sys.setns(1)]);
      return 0;
    });
    expect(out).toEqual([[true, -Errno.EINVAL]]);
    rig.advance(1);
    expect([...rig.world.net.namespaces.values()].map((n) => n.alias)).toEqual(["", "blue"]);
  });
});

describe("mount namespaces", () => {
  it("hide what is mounted in a copy, and show what the original mounts later", () => {
    const { out } = start(function* (sys) {
      yield* sys.mkdir("/tmp/a", 0o755);
      yield* sys.mkdir("/tmp/b", 0o755);
      const write = function* (path: string): Call<void> {
        yield* sys.close(yield* sys.open(path, O.CREAT, 0o644));
      };
      yield* write("/tmp/a/in-a");
      yield* write("/etc/extra");
      const list: Prog = function* (s, argv) {
        yield* s.unshare("mnt");
        const c = yield* s.mount_bind("/etc/extra", "/etc/hosts");
        yield* s.chdir("/tmp/b");
        yield* s.nanosleep(2 * SEC);
        const d = yield* s.readdir(".");
        const e = yield* s.readdir("/tmp/b");
        const h = yield* s.stat("/etc/hosts");
        yield* say(s, [
          argv[0],
          c,
          [d, e].map((x) => (typeof x === "number" ? x : x.map((y) => y.name))),
          typeof h === "number" ? h : h.size,
        ]);
        return 0;
      };
      const pid = yield* sys.spawn({ main: list, argv: ["copy"], env: ENV });
      yield* sys.nanosleep(SEC);
      yield* sys.mount_bind("/tmp/a", "/tmp/b");
      yield* sys.wait4(pid, {});
      const h = yield* sys.stat("/etc/hosts");
      yield* sys.chdir("/tmp/b");
      const up = yield* sys.getcwd();
      yield* sys.chdir("..");
      yield* say(sys, [
        typeof h === "number" ? h : h.size > 0,
        up,
        yield* sys.getcwd(),
        yield* sys.umount("/tmp/b"),
        yield* sys.readdir("/tmp/b"),
      ]);
      return 0;
    });
    expect(out).toEqual([
      ["copy", 0, [[], ["in-a"]], 0],
      [true, "/tmp/b", "/tmp", 0, []],
    ]);
  });
  it("refuse a directory over a file", () => {
    const { out } = start(function* (sys) {
      yield* say(sys, [
        yield* sys.mount_bind("/etc", "/etc/hosts"),
        yield* sys.mount_bind("/nope", "/tmp"),
        yield* sys.umount("/tmp/none"),
      ]);
      return 0;
    });
    expect(out).toEqual([[-Errno.ENOTDIR, -Errno.ENOENT, -Errno.ENOENT]]);
  });
});

describe("host names", () => {
  it("are a namespace of their own after unshare", () => {
    const { out } = start(function* (sys) {
      const pid = yield* sys.spawn({
        main: function* (s) {
          yield* s.unshare("uts");
          yield* s.sethostname("inner");
          yield* say(s, (yield* s.uname()).nodename);
          return 0;
        },
        argv: ["u"],
        env: ENV,
      });
      yield* sys.wait4(pid, {});
      yield* say(sys, (yield* sys.uname()).nodename);
      return 0;
    });
    expect(out).toEqual(["inner", "lab"]);
  });
});

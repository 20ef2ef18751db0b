import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import { makeRig, type RunOptions, testCommand } from "../testing/rig.ts";
import { type Call, O, type Prog, type Stat, type Sys } from "./abi.ts";

function out(main: Prog, o: RunOptions = {}): unknown[] {
  const r = makeRig({ commands: [testCommand("t", main)], users: ["ann", "bob"] }).run(["t"], { limit: 100, ...o });
  expect(r.stderr).toBe("");
  return r.stdout === ""
    ? []
    : r.stdout
        .trimEnd()
        .split("\n")
        .map((l) => JSON.parse(l) as unknown);
}
function* say(sys: Sys, v: unknown): Call<void> {
  yield* sys.write(1, utf8(`${JSON.stringify(v)}\n`));
}
function* put(sys: Sys, path: string, text: string, flags: number = O.CREAT | O.TRUNC | O.WRONLY): Call<number> {
  const fd = yield* sys.open(path, flags, 0o666);
  if (fd < 0) return fd;
  const n = yield* sys.write(fd, utf8(text));
  yield* sys.close(fd);
  return n;
}
function* get(sys: Sys, path: string): Call<string | number> {
  const fd = yield* sys.open(path, O.RDONLY, 0);
  if (fd < 0) return fd;
  let s = "";
  for (;;) {
    const b = yield* sys.read(fd, 4096);
    if (typeof b === "number") return b;
    if (b.length === 0) break;
    s += fromUtf8(b);
  }
  yield* sys.close(fd);
  return s;
}
function* st(sys: Sys, path: string): Call<Stat> {
  const s = yield* sys.stat(path);
  if (typeof s === "number") throw new Error(`stat ${path}: ${s}`);
  return s;
}
function* names(sys: Sys, path: string): Call<string[] | number> {
  const d = yield* sys.readdir(path);
  return typeof d === "number" ? d : d.map((e) => e.name);
}

describe("files", () => {
  it("are written, appended, truncated, sought and read", () => {
    const r = out(function* (sys) {
      yield* put(sys, "/tmp/f", "hello\n");
      yield* put(sys, "/tmp/f", "more\n", O.WRONLY | O.APPEND);
      yield* say(sys, yield* get(sys, "/tmp/f"));
      const fd = yield* sys.open("/tmp/f", O.RDWR, 0);
      yield* say(sys, [
        yield* sys.lseek(fd, 2, "set"),
        yield* sys.write(fd, utf8("LL")),
        yield* sys.lseek(fd, -1, "end"),
        yield* sys.lseek(fd, -100, "cur"),
      ]);
      yield* sys.ftruncate(fd, 4);
      yield* say(sys, yield* get(sys, "/tmp/f"));
      yield* sys.lseek(fd, 8, "set");
      yield* sys.write(fd, utf8("x"));
      yield* say(sys, yield* get(sys, "/tmp/f"));
      return 0;
    });
    expect(r).toEqual(["hello\nmore\n", [2, 2, 10, -Errno.EINVAL], "heLL", "heLL\0\0\0\0x"]);
  });

  it("share one offset after dup, have their own after open", () => {
    const r = out(function* (sys) {
      yield* put(sys, "/tmp/f", "abcdef");
      const a = yield* sys.open("/tmp/f", O.RDONLY, 0);
      const b = yield* sys.dup(a, 10);
      const c = yield* sys.open("/proc/self/fd/3", O.RDONLY, 0);
      for (const fd of [a, b, c]) {
        const d = yield* sys.read(fd, 2);
        yield* say(sys, [fd, typeof d === "number" ? d : fromUtf8(d)]);
      }
      return 0;
    });
    expect(r).toEqual([
      [3, "ab"],
      [10, "cd"],
      [4, "ab"],
    ]);
  });

  it("answer with the kernel's errors", () => {
    const r = out(function* (sys) {
      yield* put(sys, "/tmp/f", "x");
      yield* sys.symlink("loop", "/tmp/loop");
      yield* say(sys, [
        yield* sys.open("/tmp/none", O.RDONLY, 0),
        yield* sys.open("", O.RDONLY, 0),
        yield* sys.open("/tmp/f/x", O.RDONLY, 0),
        yield* sys.open("/tmp/f/", O.RDONLY, 0),
        yield* sys.open("/tmp", O.WRONLY, 0),
        yield* sys.open("/tmp/f", O.CREAT | O.EXCL, 0),
        yield* sys.open("/tmp/new/", O.CREAT | O.WRONLY, 0),
        yield* sys.open("/tmp/loop", O.RDONLY, 0),
        yield* sys.open("/tmp/f", O.DIRECTORY, 0),
        yield* sys.open(`/tmp/${"x".repeat(300)}`, O.CREAT, 0),
        yield* sys.open("/proc/new", O.CREAT | O.WRONLY, 0),
        yield* sys.open("/sys/new", O.CREAT | O.WRONLY, 0),
      ]);
      return 0;
    });
    const { ENOENT, ENOTDIR, EISDIR, EEXIST, ELOOP, ENAMETOOLONG, EACCES } = Errno;
    expect(r).toEqual([
      [ENOENT, ENOENT, ENOTDIR, ENOTDIR, EISDIR, EEXIST, EISDIR, ELOOP, ENOTDIR, ENAMETOOLONG, ENOENT, EACCES].map((e) => -e),
    ]);
  });

  it("make what a dangling link points to", () => {
    expect(
      out(function* (sys) {
        yield* sys.mkdir("/tmp/d", 0o777);
        yield* sys.symlink("d/real", "/tmp/link");
        yield* put(sys, "/tmp/link", "via link");
        yield* say(sys, [yield* get(sys, "/tmp/d/real"), yield* sys.readlink("/tmp/link"), yield* sys.open("/tmp/link", O.NOFOLLOW, 0)]);
        return 0;
      }),
    ).toEqual([["via link", "d/real", -Errno.ELOOP]]);
  });

  it("live on while open after their name is gone", () => {
    expect(
      out(function* (sys) {
        yield* put(sys, "/tmp/f", "data");
        const fd = yield* sys.open("/tmp/f", O.RDONLY, 0);
        yield* sys.unlink("/tmp/f");
        const b = yield* sys.read(fd, 10);
        yield* say(sys, [
          yield* sys.access("/tmp/f", 0),
          typeof b === "number" ? b : fromUtf8(b),
          yield* sys.readlink(`/proc/self/fd/${fd}`),
        ]);
        return 0;
      }),
    ).toEqual([[-Errno.ENOENT, "data", "/tmp/f (deleted)"]]);
  });

  it("cannot fill more than 64 MB or 10,000 names; deleting makes room", () => {
    const r = out(function* (sys) {
      const fd = yield* sys.open("/tmp/big", O.CREAT | O.WRONLY, 0o600);
      const mb = new Uint8Array(1024 * 1024);
      let n = 0;
      while ((yield* sys.write(fd, mb)) > 0) n++;
      yield* say(sys, n);
      yield* sys.close(fd);
      yield* sys.unlink("/tmp/big");
      yield* say(sys, yield* put(sys, "/tmp/small", "x"));
      let files = 0;
      while ((yield* sys.mkfifo(`/tmp/n${files}`, 0o600)) === 0) files++;
      yield* say(sys, files);
      return 0;
    });
    expect(r).toEqual([64, 1, 9999]);
  });
});

describe("names", () => {
  it("link, rename and remove as Linux does", () => {
    const r = out(function* (sys) {
      yield* put(sys, "/tmp/a", "A");
      yield* say(sys, [
        yield* sys.link("/tmp/a", "/tmp/b"),
        (yield* st(sys, "/tmp/b")).nlink,
        yield* sys.link("/tmp", "/tmp/c"),
        yield* sys.link("/tmp/a", "/root/a"),
      ]);
      yield* sys.mkdir("/tmp/d", 0o777);
      yield* sys.mkdir("/tmp/d/e", 0o777);
      yield* say(sys, [
        yield* sys.rename("/tmp/a", "/tmp/d"),
        yield* sys.rename("/tmp/d", "/tmp/a"),
        yield* sys.rename("/tmp/d", "/tmp/d/e/f"),
        yield* sys.rename("/tmp/a", "/tmp/d/a"),
        yield* sys.rename("/tmp/d", "/tmp/dd"),
      ]);
      yield* say(sys, [yield* names(sys, "/tmp"), yield* names(sys, "/tmp/dd"), (yield* st(sys, "/tmp/dd")).nlink]);
      yield* say(sys, [
        yield* sys.rmdir("/tmp/dd"),
        yield* sys.unlink("/tmp/dd"),
        yield* sys.rmdir("/tmp/b"),
        yield* sys.rmdir("/tmp/dd/e"),
        yield* sys.rmdir("/tmp/dd/."),
        yield* sys.rmdir("/proc"),
        yield* sys.mkdir("/", 0),
      ]);
      return 0;
    });
    const { EXDEV, EPERM, EISDIR, ENOTDIR, EINVAL, ENOTEMPTY, EBUSY, EEXIST } = Errno;
    expect(r).toEqual([
      [0, 2, -EPERM, -EXDEV],
      [-EISDIR, -ENOTDIR, -EINVAL, 0, 0],
      [["dd", "b"], ["a", "e"], 3],
      [-ENOTEMPTY, -EISDIR, -ENOTDIR, 0, -EINVAL, -EBUSY, -EEXIST],
    ]);
  });

  it("lead through dots and links to the physical directory", () => {
    expect(
      out(function* (sys) {
        yield* sys.chdir("/var/run/../tmp/.");
        const a = yield* sys.getcwd();
        yield* sys.chdir("/bin/../..");
        const b = yield* sys.getcwd();
        yield* sys.chdir("/etc/network/interfaces.d");
        const c = yield* sys.getcwd();
        yield* say(sys, [a, b, c, yield* sys.chdir("/etc/hosts"), yield* sys.chdir("../../..")]);
        return 0;
      }),
    ).toEqual([["/tmp", "/", "/etc/network/interfaces.d", -Errno.ENOTDIR, 0]]);
  });
});

describe("permissions", () => {
  it("bind a user, not root", () => {
    const r = out(
      function* (sys) {
        yield* say(sys, [
          yield* put(sys, "/etc/x", ""),
          yield* put(sys, "/etc/hosts", ""),
          yield* sys.chdir("/root"),
          yield* names(sys, "/root"),
          yield* put(sys, "mine", "ok"),
          yield* sys.mkdir("/tmp/m", 0o700),
          yield* sys.chmod("/etc/hosts", 0o777),
          yield* sys.chown("mine", 0, 0),
          yield* sys.chown("mine", -1, 27),
          yield* sys.access("/etc/hosts", 4),
          yield* sys.access("/etc/hosts", 2),
          yield* sys.mount_bind("/tmp", "/tmp"),
        ]);
        const s = yield* st(sys, "mine");
        yield* say(sys, [s.uid, s.gid, (s.mode & 0o7777).toString(8), (yield* st(sys, "/tmp/m")).mode.toString(8)]);
        return 0;
      },
      { user: "ann" },
    );
    const { EACCES, EPERM } = Errno;
    expect(r).toEqual([
      [-EACCES, -EACCES, -EACCES, -EACCES, 2, 0, -EPERM, -EPERM, 0, 0, -EACCES, -EPERM],
      [1000, 27, "644", "40700"],
    ]);
  });

  it("keep others' files in /tmp from being deleted", () => {
    const rig = makeRig({
      users: ["ann", "bob"],
      commands: [
        testCommand("make", function* (sys) {
          return (yield* put(sys, "/tmp/f", "x")) === 1 ? 0 : 1;
        }),
        testCommand("del", function* (sys) {
          return -(yield* sys.unlink("/tmp/f"));
        }),
      ],
    });
    expect(rig.run(["make"], { user: "ann" }).code).toBe(0);
    expect(rig.run(["del"], { user: "bob" }).code).toBe(Errno.EPERM);
    expect(rig.run(["del"], { user: "ann" }).code).toBe(0);
  });

  it("apply the umask", () => {
    expect(
      out(function* (sys) {
        const old = yield* sys.umask(0o077);
        yield* put(sys, "/tmp/f", "");
        yield* sys.mkdir("/tmp/d", 0o777);
        yield* say(sys, [old, (yield* st(sys, "/tmp/f")).mode & 0o777, (yield* st(sys, "/tmp/d")).mode & 0o777]);
        return 0;
      }),
    ).toEqual([[0o022, 0o600, 0o700]]);
  });
});

describe("devices", () => {
  it("behave", () => {
    const r = out(function* (sys) {
      const zero = yield* sys.open("/dev/zero", O.RDONLY, 0);
      const z = yield* sys.read(zero, 5);
      const rnd = yield* sys.open("/dev/urandom", O.RDONLY, 0);
      const x = yield* sys.read(rnd, 8);
      yield* say(sys, [
        yield* get(sys, "/dev/null"),
        yield* put(sys, "/dev/null", "gone"),
        typeof z === "number" ? z : [...z],
        typeof x === "number" ? x : x.length,
        yield* put(sys, "/dev/full", "x"),
        yield* sys.open("/dev/tty", O.RDWR, 0),
      ]);
      yield* put(sys, "/dev/stdout", '"direct"\n', O.WRONLY);
      return 0;
    });
    expect(r[1]).toBe("direct");
    expect(r[0]).toEqual(["", 4, [0, 0, 0, 0, 0], 8, -Errno.ENOSPC, -Errno.ENXIO]);
  });
});

describe("proc", () => {
  it("shows processes", () => {
    const r = out(function* (sys) {
      yield* sys.chdir("/tmp");
      yield* say(sys, [
        yield* get(sys, "/proc/self/comm"),
        yield* get(sys, "/proc/self/cmdline"),
        yield* sys.readlink("/proc/self/cwd"),
        yield* sys.readlink("/proc/self/exe"),
        yield* sys.readlink("/proc/self"),
        yield* sys.readlink("/proc/self/fd/0"),
        yield* sys.readlink("/proc/1/ns/net"),
        yield* get(sys, "/proc/1/comm"),
        yield* get(sys, "/proc/999/comm"),
      ]);
      const stat = yield* get(sys, "/proc/self/stat");
      yield* say(sys, String(stat).trimEnd().split(" ").length);
      return 0;
    });
    const [comm, cmd, cwd, exe, self, fd0, ns, init, none] = r[0] as string[];
    expect([comm, cmd, cwd, exe, self, init, none]).toEqual(["t\n", "t\0", "/tmp", "/usr/bin/t", "2", "systemd\n", -Errno.ENOENT]);
    expect(fd0).toMatch(/^pipe:\[\d+\]$/);
    expect(ns).toMatch(/^net:\[40265\d{5}\]$/);
    expect(r[1]).toBe(52);
  });
  it("keeps a user's environment and descriptors private", () => {
    const r = out(
      function* (sys) {
        yield* say(sys, [
          yield* get(sys, "/proc/1/environ"),
          yield* names(sys, "/proc/1/fd"),
          yield* names(sys, "/proc/self/fd"),
          yield* sys.readlink("/proc/1/ns/net"),
        ]);
        return 0;
      },
      { user: "ann" },
    );
    expect(r).toEqual([[-Errno.EACCES, -Errno.EACCES, ["0", "1", "2"], -Errno.EACCES]]);
  });
  it("has the machine's settings", () => {
    const r = out(function* (sys) {
      yield* say(sys, [
        yield* get(sys, "/proc/sys/kernel/hostname"),
        yield* put(sys, "/proc/sys/kernel/hostname", "other\n", O.WRONLY),
        (yield* sys.uname()).nodename,
        yield* get(sys, "/proc/uptime"),
        yield* put(sys, "/proc/sys/kernel/ostype", "x", O.WRONLY),
      ]);
      return 0;
    });
    expect(r).toEqual([["lab\n", 6, "other", "0.00 0.00\n", -Errno.EACCES]]);
  });
});

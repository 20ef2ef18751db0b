import { describe, expect, it } from "vitest";
import { utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import { SEC } from "../core/time.ts";
import { makeRig, type Rig, testCommand } from "../testing/rig.ts";
import { type Call, type Command, type Prog, Sig, type Sys } from "./abi.ts";

const ENV = new Map<string, string>();
const exits = testCommand("exits", function* (sys, argv) {
  yield* sys.tick(1);
  return Number(argv[1]);
});
const id = testCommand("id", function* (sys) {
  const c = yield* sys.getcred();
  yield* sys.write(1, utf8(JSON.stringify(c)));
  return 0;
});
const args = testCommand("args", function* (sys, argv) {
  yield* sys.write(1, utf8(JSON.stringify(argv)));
  return 0;
});

function rig(main: Prog, more: readonly Command[] = [], users: readonly string[] = []): Rig {
  return makeRig({ commands: [testCommand("t", main), exits, id, args, ...more], users });
}
function out(main: Prog): string {
  const r = rig(main).run(["t"], { limit: 100 });
  expect(r.stderr).toBe("");
  return r.stdout;
}
function* say(sys: Sys, v: unknown): Call<void> {
  yield* sys.write(1, utf8(`${JSON.stringify(v)}\n`));
}
const lines = (s: string): unknown[] =>
  s
    .trimEnd()
    .split("\n")
    .map((l) => JSON.parse(l) as unknown);
const child = (main: Prog): { main: Prog; argv: string[]; env: typeof ENV } => ({ main, argv: ["c"], env: ENV });

describe("wait", () => {
  it("tells exit statuses, of any child, one child or none", () => {
    const r = lines(
      out(function* (sys) {
        const a = yield* sys.spawn({ main: null, path: "/usr/bin/exits", argv: ["exits", "7"], env: ENV });
        const b = yield* sys.spawn({ main: null, path: "/usr/bin/exits", argv: ["exits", "300"], env: ENV });
        yield* say(sys, yield* sys.wait4(b, {}));
        yield* say(sys, yield* sys.wait4(-1, {}));
        yield* say(sys, yield* sys.wait4(-1, {}));
        yield* say(sys, yield* sys.wait4(a, { nohang: true }));
        return 0;
      }),
    );
    expect(r).toEqual([{ pid: 4, kind: "exited", value: 44 }, { pid: 3, kind: "exited", value: 7 }, -Errno.ECHILD, -Errno.ECHILD]);
  });

  it("sees stops and continuations only when asked", () => {
    const r = lines(
      out(function* (sys) {
        const c = yield* sys.spawn(
          child(function* (s) {
            yield* s.nanosleep(SEC);
            return 5;
          }),
        );
        yield* sys.kill(c, Sig.STOP);
        yield* say(sys, yield* sys.wait4(-1, { nohang: true }));
        yield* say(sys, yield* sys.wait4(-1, { untraced: true }));
        yield* say(sys, yield* sys.wait4(-1, { untraced: true, nohang: true }));
        yield* sys.nanosleep(2 * SEC);
        yield* sys.kill(c, Sig.CONT);
        yield* say(sys, yield* sys.wait4(-1, { continued: true, nohang: true }));
        yield* say(sys, yield* sys.wait4(-1, {}));
        return 0;
      }),
    );
    expect(r).toEqual([
      null,
      { pid: 3, kind: "stopped", value: Sig.STOP },
      null,
      { pid: 3, kind: "continued", value: Sig.CONT },
      { pid: 3, kind: "exited", value: 5 },
    ]);
  });

  it("keeps a zombie until then; orphans go to init and leave nothing", () => {
    const r = lines(
      out(function* (sys) {
        const c = yield* sys.spawn(
          child(function* (s) {
            yield* s.spawn(
              child(function* (g) {
                yield* g.nanosleep(SEC);
                yield* say(g, yield* g.getppid());
                return 0;
              }),
            );
            return 0;
          }),
        );
        yield* sys.nanosleep(SEC / 2);
        yield* say(sys, yield* sys.kill(c, 0));
        yield* sys.wait4(c, {});
        yield* say(sys, yield* sys.kill(c, 0));
        yield* sys.nanosleep(SEC);
        const d = yield* sys.readdir("/proc");
        yield* say(sys, typeof d === "number" ? d : d.filter((e) => /^\d+$/.test(e.name)).map((e) => e.name));
        return 0;
      }),
    );
    expect(r).toEqual([0, -Errno.ESRCH, 1, ["1", "2"]]);
  });

  it("is interrupted by a caught signal", () => {
    const r = lines(
      out(function* (sys) {
        yield* sys.sigaction(Sig.ALRM, "catch");
        yield* sys.spawn(
          child(function* (s) {
            yield* s.nanosleep(10 * SEC);
            return 0;
          }),
        );
        yield* sys.alarm(SEC);
        yield* say(sys, yield* sys.wait4(-1, {}));
        yield* say(sys, yield* sys.nanosleep(SEC));
        yield* say(sys, yield* sys.sigtake());
        yield* say(sys, yield* sys.nanosleep(SEC));
        return 0;
      }),
    );
    expect(r).toEqual([-Errno.EINTR, -Errno.EINTR, [Sig.ALRM], 0]);
  });
});

describe("signals", () => {
  it("end a process by default, wherever it is", () => {
    const r = lines(
      out(function* (sys) {
        const busy = yield* sys.spawn(
          child(function* (s) {
            for (;;) yield* s.tick(2);
          }),
        );
        const asleep = yield* sys.spawn(
          child(function* (s) {
            yield* s.pause();
            return 0;
          }),
        );
        yield* sys.nanosleep(SEC);
        yield* sys.kill(busy, Sig.TERM);
        yield* sys.kill(asleep, Sig.INT);
        yield* say(sys, yield* sys.wait4(busy, {}));
        yield* say(sys, yield* sys.wait4(asleep, {}));
        return 0;
      }),
    );
    expect(r).toEqual([
      { pid: 3, kind: "signaled", value: Sig.TERM },
      { pid: 4, kind: "signaled", value: Sig.INT },
    ]);
  });

  it("can be ignored and caught, but not KILL and STOP", () => {
    const r = lines(
      out(function* (sys) {
        yield* say(sys, yield* sys.sigaction(Sig.KILL, "ignore"));
        yield* say(sys, yield* sys.sigaction(Sig.TERM, "catch"));
        yield* sys.sigaction(Sig.INT, "ignore");
        const me = yield* sys.getpid();
        yield* sys.kill(me, Sig.INT);
        yield* sys.kill(me, Sig.TERM);
        yield* sys.kill(me, Sig.TERM);
        yield* say(sys, yield* sys.tick(1));
        yield* say(sys, yield* sys.sigtake());
        yield* say(sys, yield* sys.tick(1));
        yield* say(sys, yield* sys.sigaction(Sig.TERM, "default"));
        return 0;
      }),
    );
    expect(r).toEqual([-Errno.EINVAL, "default", -Errno.EINTR, [Sig.TERM], 0, "catch"]);
  });

  it("reach a whole group; a stopped process is killed only by KILL", () => {
    const r = lines(
      out(function* (sys) {
        const spin: Prog = function* (s) {
          for (;;) yield* s.tick(2);
        };
        const a = yield* sys.spawn({ ...child(spin), pgid: 0 });
        const b = yield* sys.spawn({ ...child(spin), pgid: a });
        yield* sys.kill(-a, Sig.STOP);
        yield* sys.nanosleep(SEC);
        yield* sys.kill(a, Sig.TERM);
        yield* sys.kill(b, Sig.KILL);
        yield* say(sys, yield* sys.wait4(b, {}));
        yield* say(sys, yield* sys.wait4(a, { nohang: true }));
        yield* sys.kill(a, Sig.CONT);
        yield* say(sys, yield* sys.wait4(a, {}));
        yield* say(sys, yield* sys.kill(-a, Sig.TERM));
        return 0;
      }),
    );
    expect(r).toEqual([{ pid: 4, kind: "signaled", value: Sig.KILL }, null, { pid: 3, kind: "signaled", value: Sig.TERM }, -Errno.ESRCH]);
  });

  it("may not be sent to other people's processes", () => {
    const g = rig(
      function* (sys) {
        yield* sys.setcred({ uid: 1000, gid: 1000, groups: [1000] });
        yield* say(sys, [
          yield* sys.kill(1, Sig.TERM),
          yield* sys.setcred({ uid: 0, gid: 0, groups: [] }),
          yield* sys.unshare("net"),
          yield* sys.sethostname("x"),
        ]);
        return 0;
      },
      [],
      ["ann"],
    );
    expect(lines(g.run(["t"]).stdout)).toEqual([[-Errno.EPERM, -Errno.EPERM, -Errno.EPERM, -Errno.EPERM]]);
  });
});

describe("programs", () => {
  it("are found by path, with the kernel's errors", () => {
    const g = rig(function* (sys) {
      for (const path of ["/nope", "/etc", "/etc/hosts", "/tmp/text", "/tmp/badinterp", "/tmp/script"])
        yield* say(sys, yield* sys.spawn({ main: null, path, argv: ["x", "arg"], env: ENV }));
      yield* sys.wait4(-1, {});
      return 0;
    });
    g.machine.writeFile("/tmp/text", "no interpreter here\n", 0o755);
    g.machine.writeFile("/tmp/badinterp", "#!/no/such\n", 0o755);
    g.machine.writeFile("/tmp/script", "#! /usr/bin/args  -a b \n", 0o755);
    const r = g.run(["t"]).stdout;
    expect(lines(r)).toEqual([
      -Errno.ENOENT,
      -Errno.EACCES,
      -Errno.EACCES,
      -Errno.ENOEXEC,
      -Errno.ENOENT,
      3,
      ["/usr/bin/args", "-a b", "/tmp/script", "arg"],
    ]);
  });

  it("replace one another with execve, keeping pid and open files", () => {
    const g = rig(function* (sys) {
      yield* sys.fcntl_cloexec(2, true);
      const e = yield* sys.execve("/nope", ["x"], ENV);
      if (e !== -Errno.ENOENT) return 1;
      yield* sys.execve("/bin/args", ["args", "new"], ENV);
      return 2;
    });
    expect(g.run(["t"])).toMatchObject({ stdout: '["args","new"]', code: 0 });
  });

  it("run as root when they are set-user-id, and remember the person", () => {
    const g = rig(
      function* (sys) {
        yield* sys.execve("/usr/bin/sudo", ["sudo"], ENV);
        return 1;
      },
      [testCommand("sudo", id.main)],
      ["ann"],
    );
    expect(JSON.parse(g.run(["t"], { user: "ann" }).stdout)).toMatchObject({ uid: 0, ruid: 1000 });
    expect(JSON.parse(g.run(["id"], { user: "ann" }).stdout)).toEqual({ uid: 1000, gid: 1000, groups: [1000, 27] });
  });

  it("that break end with status 70 and a message, and harm nobody else", () => {
    const g = rig(function* (sys) {
      yield* sys.tick(1);
      throw new TypeError("x is not a function");
    });
    expect(g.run(["t"])).toMatchObject({ stderr: "hop: t: internal error: TypeError: x is not a function\n", code: 70 });
    expect(g.world.faults).toHaveLength(1);
    expect(g.run(["exits", "3"]).code).toBe(3);
  });

  it("cannot be more than 256: a fork bomb fails and can be killed", () => {
    const g = rig(function* (sys) {
      yield* sys.setsid();
      const bomb: Prog = function* (s) {
        for (;;) {
          const c = yield* s.spawn(child(bomb));
          if (c === -Errno.EAGAIN) yield* s.pause();
        }
      };
      yield* sys.spawn({ ...child(bomb), pgid: 0 });
      yield* sys.nanosleep(SEC);
      yield* say(sys, yield* sys.spawn(child(bomb)));
      yield* sys.kill(-3, Sig.KILL);
      yield* sys.nanosleep(SEC);
      yield* sys.wait4(3, {});
      yield* say(sys, yield* sys.wait4(-1, { nohang: true }));
      return 0;
    });
    expect(lines(g.run(["t"], { limit: 10 }).stdout)).toEqual([-Errno.EAGAIN, -Errno.ECHILD]);
    expect(g.machine.procs.size).toBe(1);
  });

  it("leave room for other sessions when one has its 256", () => {
    const bomb: Prog = function* (s) {
      while ((yield* s.spawn(child(bomb))) !== -Errno.EAGAIN);
      yield* s.pause();
      return 0;
    };
    const forks = testCommand("forks", function* (sys) {
      const c = yield* sys.spawn({ main: null, path: "/usr/bin/exits", argv: ["exits", "5"], env: ENV });
      yield* say(sys, yield* sys.wait4(c, {}));
      return 0;
    });
    const g = rig(bomb, [forks]);
    expect(g.run(["t"], { limit: 2 }).code).toBe(-1);
    expect(g.machine.procs.size).toBe(1 + 256);
    expect(JSON.parse(g.run(["forks"]).stdout)).toMatchObject({ kind: "exited", value: 5 });
  });

  it("have at most 1024 descriptors", () => {
    const r = lines(
      out(function* (sys) {
        let fd = 0;
        let n = 0;
        while ((fd = yield* sys.dup(1, 0)) >= 0) n++;
        yield* say(sys, [fd, n]);
        return 0;
      }),
    );
    expect(r).toEqual([[-Errno.EMFILE, 1021]]);
  });

  it("share the CPU fairly", () => {
    const r = lines(
      out(function* (sys) {
        const count: Prog = function* (s) {
          let n = 0;
          const end = (yield* s.clock_gettime("monotonic")) + SEC / 100;
          while ((yield* s.clock_gettime("monotonic")) < end) n++;
          return Math.floor(n / 100);
        };
        yield* sys.spawn(child(count));
        yield* sys.spawn(child(count));
        const a = yield* sys.wait4(-1, {});
        const b = yield* sys.wait4(-1, {});
        yield* say(
          sys,
          [a, b].map((w) => (w && typeof w !== "number" ? w.value : -1)),
        );
        return 0;
      }),
    );
    const [a, b] = r[0] as [number, number];
    expect(Math.abs(a - b)).toBeLessThanOrEqual(1);
  });
});

describe("time", () => {
  it("is used up on one CPU: two processes take twice as long as one", () => {
    const r = lines(
      out(function* (sys) {
        const spin: Prog = function* (s) {
          for (let i = 0; i < 1000; i++) yield* s.tick(10);
          return 0;
        };
        for (const n of [1, 2]) {
          const t0 = yield* sys.clock_gettime("monotonic");
          for (let i = 0; i < n; i++) yield* sys.spawn(child(spin));
          for (let i = 0; i < n; i++) yield* sys.wait4(-1, {});
          yield* say(sys, Math.round(((yield* sys.clock_gettime("monotonic")) - t0) / 1e6));
        }
        const t = yield* sys.times();
        yield* say(sys, [Math.round(t.childUser / 1e6), Math.round(t.childSystem / 1e6), t.user < 1e6, t.system > 5000]);
        return 0;
      }),
    );
    expect(r).toEqual([10, 20, [30, 0, true, true]]);
  });
  it("passes on a pipe between two processes: every step costs", () => {
    const r = lines(
      out(function* (sys) {
        const a = yield* sys.pipe(0);
        const b = yield* sys.pipe(0);
        if (typeof a === "number" || typeof b === "number") return 1;
        const echo: Prog = function* (s) {
          for (;;) {
            const d = yield* s.read(0, 1);
            if (typeof d === "number" || d.length === 0) return 0;
            yield* s.write(1, d);
          }
        };
        yield* sys.spawn({
          ...child(echo),
          fds: new Map([
            [0, a[0]],
            [1, b[1]],
          ]),
        });
        const t0 = yield* sys.clock_gettime("monotonic");
        for (let i = 0; i < 1000; i++) {
          yield* sys.write(a[1], utf8("x"));
          yield* sys.read(b[0], 1);
        }
        const us = ((yield* sys.clock_gettime("monotonic")) - t0) / 1000;
        yield* say(sys, us >= 6000 && us < 9000 ? "ok" : us);
        return 0;
      }),
    );
    expect(r).toEqual(["ok"]);
  });
});

import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import { MS, NEVER, SEC } from "../core/time.ts";
import { makeRig, testCommand } from "../testing/rig.ts";
import { O, type Prog, Sig } from "./abi.ts";

/** runs a program and gives what it wrote */
function run(main: Prog): { stdout: string; stderr: string; code: number } {
  return makeRig({ commands: [testCommand("t", main)] }).run(["t"], { limit: 100 });
}

describe("pipes", () => {
  it("hold 64 KiB; a writer waits for a reader", () => {
    const r = run(function* (sys) {
      const p = yield* sys.pipe(O.NONBLOCK);
      if (typeof p === "number") return 1;
      let total = 0;
      for (;;) {
        const n = yield* sys.write(p[1], new Uint8Array(10_000));
        if (n < 0) {
          yield* sys.write(1, utf8(`${n} after ${total}`));
          return 0;
        }
        total += n;
      }
    });
    expect(r.stdout).toBe(`${-Errno.EAGAIN} after 65536`);
  });

  it("pass more than they hold between two processes", () => {
    const r = run(function* (sys) {
      const p = yield* sys.pipe(0);
      if (typeof p === "number") return 1;
      yield* sys.spawn({
        main: function* (s) {
          const n = yield* s.write(1, new Uint8Array(200_000).fill(65));
          return n === 200_000 ? 0 : 1;
        },
        argv: ["w"],
        env: new Map(),
        fds: new Map([[1, p[1]]]),
      });
      yield* sys.close(p[1]);
      let n = 0;
      let reads = 0;
      for (;;) {
        const b = yield* sys.read(p[0], 1_000_000);
        if (typeof b === "number") return 2;
        if (b.length === 0) break;
        n += b.length;
        reads++;
      }
      const w = yield* sys.wait4(-1, {});
      yield* sys.write(1, utf8(`${n} ${reads > 3} ${JSON.stringify(w)}`));
      return 0;
    });
    expect(r.stdout).toMatch(/^200000 true \{"pid":\d+,"kind":"exited","value":0\}$/);
  });

  it("give SIGPIPE to a writer without readers, EPIPE when it is ignored", () => {
    const writer: Prog = function* (s) {
      for (;;) {
        const n = yield* s.write(1, utf8("y\n"));
        if (n < 0) return -n;
      }
    };
    const r = run(function* (sys) {
      for (const how of ["default", "ignore"] as const) {
        const p = yield* sys.pipe(0);
        if (typeof p === "number") return 1;
        yield* sys.spawn({ main: writer, argv: ["yes"], env: new Map(), fds: new Map([[1, p[1]]]), sigs: [[Sig.PIPE, how]] });
        yield* sys.close(p[1]);
        yield* sys.read(p[0], 2);
        yield* sys.close(p[0]);
        const w = yield* sys.wait4(-1, {});
        if (w === null || typeof w === "number") return 2;
        yield* sys.write(1, utf8(`${w.kind} ${w.value};`));
      }
      return 0;
    });
    expect(r.stdout).toBe(`signaled ${Sig.PIPE};exited ${Errno.EPIPE};`);
  });

  it("write up to PIPE_BUF bytes whole or not at all", () => {
    const r = run(function* (sys) {
      const p = yield* sys.pipe(O.NONBLOCK);
      if (typeof p === "number") return 1;
      yield* sys.write(p[1], new Uint8Array(65_000));
      const small = yield* sys.write(p[1], new Uint8Array(1_000));
      const large = yield* sys.write(p[1], new Uint8Array(5_000));
      yield* sys.write(1, utf8(`${small} ${large}`));
      return 0;
    });
    expect(r.stdout).toBe(`${-Errno.EAGAIN} 536`);
  });

  it("are watched by poll, with hang-up and time-out", () => {
    const r = run(function* (sys) {
      const p = yield* sys.pipe(0);
      if (typeof p === "number") return 1;
      const t0 = yield* sys.clock_gettime("monotonic");
      const none = yield* sys.poll([{ fd: p[0], read: true }], 50 * MS);
      const t1 = yield* sys.clock_gettime("monotonic");
      yield* sys.spawn({
        main: function* (s) {
          yield* s.nanosleep(SEC);
          yield* s.write(1, utf8("x"));
          return 0;
        },
        argv: ["w"],
        env: new Map(),
        fds: new Map([[1, p[1]]]),
      });
      yield* sys.close(p[1]);
      const some = yield* sys.poll(
        [
          { fd: p[0], read: true },
          { fd: 99, read: true },
        ],
        0,
      );
      const data = yield* sys.poll([{ fd: p[0], read: true }], NEVER);
      yield* sys.read(p[0], 10);
      yield* sys.wait4(-1, {});
      const hup = yield* sys.poll([{ fd: p[0], read: true }], NEVER);
      yield* sys.write(1, utf8(JSON.stringify([none, Math.round((t1 - t0) / MS), some, data, hup])));
      return 0;
    });
    const bad = { fd: 99, read: false, write: false, hup: false, err: true };
    expect(JSON.parse(r.stdout)).toEqual([
      [],
      50,
      [bad],
      [{ fd: 3, read: true, write: false, hup: false, err: false }],
      [{ fd: 3, read: false, write: false, hup: true, err: false }],
    ]);
  });

  it("have names: opening a FIFO waits for the other side", () => {
    const r = run(function* (sys) {
      yield* sys.mkfifo("/tmp/f", 0o600);
      yield* sys.spawn({
        main: function* (s) {
          yield* s.nanosleep(SEC);
          const fd = yield* s.open("/tmp/f", O.WRONLY, 0);
          yield* s.write(fd, utf8("through"));
          return 0;
        },
        argv: ["w"],
        env: new Map(),
        fds: new Map(),
      });
      const nobody = yield* sys.open("/tmp/f", O.WRONLY | O.NONBLOCK, 0);
      const fd = yield* sys.open("/tmp/f", O.RDONLY, 0);
      const a = yield* sys.read(fd, 100);
      yield* sys.wait4(-1, {});
      const b = yield* sys.read(fd, 100);
      if (typeof a === "number" || typeof b === "number") return 1;
      yield* sys.write(1, utf8(`${nobody} ${fromUtf8(a)} ${b.length}`));
      return 0;
    });
    expect(r.stdout).toBe(`${-Errno.ENXIO} through 0`);
  });

  it("can be opened again through /dev/fd", () => {
    const r = run(function* (sys) {
      const p = yield* sys.pipe(0);
      if (typeof p === "number") return 1;
      yield* sys.write(p[1], utf8("data"));
      const fd = yield* sys.open(`/dev/fd/${p[0]}`, O.RDONLY, 0);
      const b = yield* sys.read(fd, 100);
      const name = yield* sys.readlink(`/proc/self/fd/${fd}`);
      if (typeof b === "number") return 1;
      yield* sys.write(1, utf8(`${fromUtf8(b)} ${name}`));
      return 0;
    });
    expect(r.stdout).toMatch(/^data pipe:\[\d+\]$/);
  });
});

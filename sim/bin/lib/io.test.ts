import { describe, expect, it } from "vitest";
import { fromUtf8 } from "../../core/bytes.ts";
import { makeRig, testCommand } from "../../testing/rig.ts";
import { err, exit, LineReader, out, program } from "./io.ts";

const run = (main: Parameters<typeof program>[0], stdin = "") =>
  makeRig({ commands: [testCommand("t", program(main))] }).run(["t", "a"], { stdin });

describe("program", () => {
  it("gives the arguments and the status of its body", () => {
    expect(
      run(function* (io, args) {
        yield* io.out.print(`${io.name} ${args.join()}`);
        return 300;
      }),
    ).toMatchObject({ stdout: "t a", code: 44 });
  });
  it("ends by exit, with -1 as 255, and flushes what was printed", () => {
    expect(
      run(function* (io) {
        yield* io.out.print("before");
        return exit(-1, "bad\n");
      }),
    ).toMatchObject({ stdout: "before", stderr: "bad\n", code: 255 });
  });
});

describe("Out", () => {
  it("writes whole blocks of 4 KiB while it runs and the rest at the end", () => {
    const sizes = testCommand("t", function* (sys) {
      const [r, w] = (yield* sys.pipe(0)) as readonly [number, number];
      const pid = yield* sys.spawn({
        main: program(function* (io) {
          for (let i = 0; i < 100; i++) yield* io.out.print("x".repeat(99) + "\n");
          yield* err(io.sys, "late\n");
          return 0;
        }),
        argv: ["c"],
        env: new Map(),
        fds: new Map([
          [1, w],
          [2, 2],
        ]),
      });
      yield* sys.close(w);
      const got: number[] = [];
      for (;;) {
        const b = yield* sys.read(r, 65536);
        if (typeof b === "number" || b.length === 0) break;
        got.push(b.length);
      }
      yield* sys.wait4(pid, {});
      yield* out(sys, got.join());
      return 0;
    });
    const sum = makeRig({ commands: [sizes] })
      .run(["t"])
      .stdout.split(",")
      .map(Number);
    expect(sum.reduce((a, b) => a + b, 0)).toBe(10000);
    expect(sum[0]! % 4096).toBe(0);
  });
});

describe("LineReader", () => {
  it("gives lines without their newline, and tells whether the last one had one", () => {
    expect(
      run(function* (io) {
        const r = new LineReader(io.sys, 0);
        for (;;) {
          const l = yield* r.next();
          if (l === null || typeof l === "number") break;
          yield* io.out.print(`[${fromUtf8(l)}]${r.newline}`);
        }
        return 0;
      }, "one\n\ntwo").stdout,
    ).toBe("[one]true[]true[two]false");
  });
});

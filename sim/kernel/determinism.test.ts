import { describe, expect, it } from "vitest";
import { utf8 } from "../core/bytes.ts";
import { MS, SEC } from "../core/time.ts";
import { testCommand } from "../testing/rig.ts";
import type { Prog } from "./abi.ts";
import { createWorld, type World } from "./world.ts";

const ENV = new Map<string, string>();

/** processes that compete, talk through a pipe, draw random numbers and write to a terminal */
const busy: Prog = function* (sys) {
  const p = yield* sys.pipe(0);
  if (typeof p === "number") return 1;
  const work: Prog = function* (s) {
    for (let i = 0; i < 50; i++) {
      yield* s.tick((yield* s.getrandom()) % 50);
      yield* s.write(1, utf8(`${i}:${(yield* s.getrandom()) % 1000}\n`));
      yield* s.nanosleep((yield* s.getrandom()) % MS);
    }
    return 0;
  };
  for (let i = 0; i < 3; i++) yield* sys.spawn({ main: work, argv: ["w"], env: ENV, fds: new Map([[1, p[1]]]) });
  yield* sys.close(p[1]);
  for (;;) {
    const b = yield* sys.read(p[0], 100);
    if (typeof b === "number" || b.length === 0) return 0;
    yield* sys.write(1, b);
  }
};

function play(seed: number, slice: number): { digest: string; shown: string; now: number } {
  const world: World = createWorld({ seed, commands: [testCommand("bash", busy)] });
  let shown = "";
  const ttys = ["a", "b"].map((name) => {
    const m = world.addMachine({ name });
    const tty = m.openTty({ cols: 80, rows: 24 });
    m.login(tty, "root");
    return tty;
  });
  for (let t = 1; t <= 20; t++) {
    while (world.run((t * SEC) / 100, slice) === "budget") for (const tty of ttys) shown += tty.drain();
    ttys[t % 2]!.input(utf8("typed\r"));
  }
  while (world.run(SEC, slice) === "budget");
  for (const tty of ttys) shown += tty.drain();
  return { digest: world.digest.toString(), shown: [...shown].sort().join(""), now: world.now };
}

describe("the same world", () => {
  it("comes out the same however it is sliced", () => {
    const whole = play(7, 10_000);
    expect(play(7, 1)).toEqual(whole);
    expect(play(7, 37)).toEqual(whole);
    expect(whole.shown.length).toBeGreaterThan(1000);
  });
  it("differs with the seed", () => {
    expect(play(8, 10_000).digest).not.toBe(play(7, 10_000).digest);
  });
});

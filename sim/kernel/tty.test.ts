import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import { SEC } from "../core/time.ts";
import { makeRig, type Rig, type Terminal, testCommand } from "../testing/rig.ts";
import { O, type Call, type Prog, Sig, type Sys, type Termios } from "./abi.ts";
import { SANE } from "./tty.ts";

const ENV = new Map<string, string>();

/** a terminal on which `main` is the login shell */
function terminal(main: Prog): { rig: Rig; term: Terminal } {
  const rig = makeRig({ commands: [testCommand("bash", main)] });
  return { rig, term: rig.login() };
}
/** shows each thing that it reads, in angle brackets */
const reader: Prog = function* (sys) {
  for (;;) {
    const b = yield* sys.read(0, 4096);
    if (typeof b === "number") return -b;
    yield* sys.write(1, utf8(`<${JSON.stringify(fromUtf8(b))}>`));
    if (b.length === 0) return 9;
  }
};
const inMode = (t: Partial<Termios>): Prog =>
  function* (sys) {
    yield* sys.tcsetattr(0, { ...SANE, ...t });
    return yield* reader(sys, []);
  };

describe("cooked mode", () => {
  const table: readonly (readonly [what: string, typed: string, shown: string])[] = [
    ["echoes and hands over a line at Enter", "ab\r", 'ab\r\n<"ab\\n">'],
    ["erases a character", "abc\x7fd\r", 'abc\b \bd\r\n<"abd\\n">'],
    ["erases nothing on an empty line", "\x7fa\r", 'a\r\n<"a\\n">'],
    ["erases a character of several bytes as one", "aé\x7f\r", 'aé\b \b\r\n<"a\\n">'],
    ["erases both cells of a wide character", "가\x7f\r", '가\b \b\b \b\r\n<"\\n">'],
    ["erases both columns of a control character", "\x01\x7f\r", '^A\b \b\b \b\r\n<"\\n">'],
    ["erases a tab back to where it began", "ab\t\x7f\r", `ab\t${"\b".repeat(6)}\r\n<"ab\\n">`],
    ["erases a word", "one two\x17\r", `one two${"\b \b".repeat(3)}\r\n<"one \\n">`],
    ["erases a word and what follows it", "one-two \x17\r", `one-two ${"\b \b".repeat(4)}\r\n<"one-\\n">`],
    ["kills a line", "abc\x15d\r", `abc${"\b \b".repeat(3)}d\r\n<"d\\n">`],
    ["kills a line with a tab in it", "a\tb\x15c\r", `a\tb\b \b${"\b".repeat(7)}\b \bc\r\n<"c\\n">`],
    ["takes the next character literally", "a\x16\x03\r", 'a^\b^C\r\n<"a\\u0003\\n">'],
    ["shows a line again", "ab\x12c\r", 'ab^R\r\nabc\r\n<"abc\\n">'],
    ["hands over an unfinished line at ^D", "ab\x04c\r", 'abc\r\n<"ab"><"c\\n">'],
    ["ends the file at ^D on an empty line", "\x04", '<"">'],
    ["turns carriage returns into newlines", "a\nb\r", 'a\r\nb\r\n<"a\\n"><"b\\n">'],
  ];
  for (const [what, typed, shown] of table) {
    it(what, () => {
      const { term } = terminal(reader);
      expect(term.type(typed)).toBe(shown);
    });
  }

  it("reads a long line in pieces", () => {
    const { term } = terminal(function* (sys) {
      for (let i = 0; i < 3; i++) {
        const b = yield* sys.read(0, 2);
        if (typeof b === "number") return 1;
        yield* sys.write(1, utf8(`<${fromUtf8(b).trim()}>`));
      }
      return 0;
    });
    expect(term.type("abcd\r")).toBe("abcd\r\n<ab><cd><>");
  });

  it("stops output at ^S and goes on at ^Q", () => {
    const { term } = terminal(function* (sys) {
      for (let i = 0; ; i++) {
        yield* sys.write(1, utf8(`${i} `));
        yield* sys.nanosleep(SEC);
      }
    });
    expect(term.text).toBe("0 ");
    expect(term.type("\x13", 5)).toBe("");
    expect(term.type("\x11", 0.2)).toBe("1 ");
  });

  it("bounds a line at 4095 bytes and rings the bell beyond", () => {
    const { term } = terminal(reader);
    const out = term.type(`${"x".repeat(4100)}\r`, 2);
    expect(out).toContain(`${"x".repeat(4095)}${"\x07".repeat(5)}\r\n`);
    expect(out.match(/x/g)).toHaveLength(2 * 4095);
  });
});

describe("other modes", () => {
  it("cbreak: every character at once, signals work", () => {
    const { term } = terminal(inMode({ icanon: false, echo: false }));
    expect(term.type("a")).toBe('<"a">');
    expect(term.type("\x7f\x04")).toBe('<"\x7f\\u0004">');
    term.type("\x03");
    expect(term.shell.status).toEqual({ kind: "signaled", value: Sig.INT });
  });
  it("raw: nothing is special, output is not processed", () => {
    const { term } = terminal(inMode({ icanon: false, echo: false, isig: false, icrnl: false, ixon: false, opost: false }));
    expect(term.type("\r\x03\x1a\x13\x16\x7f")).toBe('<"\\r\\u0003\\u001a\\u0013\\u0016\x7f">');
  });
  it("no echo: a password", () => {
    const { term } = terminal(inMode({ echo: false }));
    expect(term.type("secret\r")).toBe('<"secret\\n">');
  });
  it("keeps what was typed ahead when the mode changes", () => {
    const { term } = terminal(function* (sys) {
      yield* sys.nanosleep(2 * SEC);
      yield* sys.tcsetattr(0, { ...SANE, icanon: false, echo: false });
      return yield* reader(sys, []);
    });
    term.type("line\rpart");
    expect(term.wait(3)).toBe('<"line\\npart">');
  });
  it("vmin 0 with vtime gives up after so many tenths of a second", () => {
    const { term } = terminal(function* (sys) {
      yield* sys.tcsetattr(0, { ...SANE, icanon: false, vmin: 0, vtime: 5 });
      const t0 = yield* sys.clock_gettime("monotonic");
      const b = yield* sys.read(0, 10);
      const t1 = yield* sys.clock_gettime("monotonic");
      yield* sys.write(1, utf8(`${typeof b === "number" ? b : b.length} ${Math.round((t1 - t0) / 1e7)}`));
      return 0;
    });
    expect(term.wait(1)).toBe("0 50");
  });
});

describe("output", () => {
  it("keeps characters whole whose bytes come apart", () => {
    const { term } = terminal(function* (sys) {
      const b = utf8("가나");
      yield* sys.write(1, b.slice(0, 2));
      yield* sys.nanosleep(SEC / 10);
      yield* sys.write(1, b.slice(2, 4));
      yield* sys.write(1, b.slice(4));
      yield* sys.write(1, Uint8Array.from([0xff, 65, 10]));
      yield* sys.pause();
      return 0;
    });
    expect(term.text).toBe("가나\ufffdA\r\n");
  });
  it("takes time: a flood is paced, and the host may hold it", () => {
    const { rig, term } = terminal(function* (sys) {
      for (;;) yield* sys.write(1, utf8("y\n".repeat(512)));
    });
    const before = term.text.length;
    expect(before / 0.5).toBeGreaterThan(1_000_000);
    expect(before / 0.5).toBeLessThan(3_000_000);
    term.tty.setHeld(true);
    term.wait();
    rig.advance(1);
    expect(term.tty.hasOutput).toBe(false);
    term.tty.setHeld(false);
    expect(term.wait(0.01).length).toBeGreaterThan(4000);
  });
  it("drains in pieces without cutting a pair in two", () => {
    const { term } = terminal(function* (sys) {
      yield* sys.pause();
      return 0;
    });
    term.tty.write(utf8("a😀b"));
    expect(term.tty.drain(2)).toBe("a");
    expect(term.tty.drain(2)).toBe("😀");
    expect(term.tty.drain()).toBe("b");
  });
});

function* job(sys: Sys, main: Prog, fg: boolean): Call<number> {
  return yield* sys.spawn({ main, argv: ["job"], env: ENV, pgid: 0, ...(fg ? { foreground: 0 } : {}), sigs: [[Sig.TTOU, "default"]] });
}

describe("job control", () => {
  it("^C, ^\\ and ^Z go to the foreground group only", () => {
    const seen: unknown[] = [];
    const { term } = terminal(function* (sys) {
      yield* sys.sigaction(Sig.TTOU, "ignore");
      for (let i = 0; i < 3; i++) {
        const c = yield* job(
          sys,
          function* (s) {
            yield* s.pause();
            return 0;
          },
          true,
        );
        seen.push(yield* sys.wait4(c, { untraced: true }));
        yield* sys.tcsetpgrp(0, yield* sys.getpid());
      }
      return yield* reader(sys, []);
    });
    expect(term.type("junk\x03")).toBe("junk^C");
    expect(term.type("\x1c")).toBe("^\\");
    expect(term.type("\x1a")).toBe("^Z");
    expect(seen).toEqual([
      { pid: 3, kind: "signaled", value: Sig.INT },
      { pid: 4, kind: "signaled", value: Sig.QUIT },
      { pid: 5, kind: "stopped", value: Sig.TSTP },
    ]);
    expect(term.type("still here\r")).toBe('still here\r\n<"still here\\n">');
  });

  it("a background job that reads stops, and reads on in the foreground", () => {
    const seen: unknown[] = [];
    const { term } = terminal(function* (sys) {
      yield* sys.sigaction(Sig.TTOU, "ignore");
      const c = yield* job(sys, reader, false);
      seen.push(yield* sys.wait4(c, { untraced: true }));
      yield* sys.tcsetpgrp(0, c);
      yield* sys.kill(-c, Sig.CONT);
      seen.push(yield* sys.wait4(c, { untraced: true }));
      return 0;
    });
    expect(seen).toEqual([{ pid: 3, kind: "stopped", value: Sig.TTIN }]);
    expect(term.type("x\r")).toBe('x\r\n<"x\\n">');
    term.type("\x04");
    expect(seen[1]).toEqual({ pid: 3, kind: "exited", value: 9 });
  });

  it("a background job may write, but not under tostop and not change modes", () => {
    const seen: unknown[] = [];
    terminal(function* (sys) {
      yield* sys.sigaction(Sig.TTOU, "ignore");
      const c = yield* job(
        sys,
        function* (s) {
          yield* s.write(1, utf8("out"));
          yield* s.tcsetattr(0, SANE);
          return 0;
        },
        false,
      );
      seen.push(yield* sys.wait4(c, { untraced: true }));
      yield* sys.tcsetattr(0, { ...SANE, tostop: true });
      const d = yield* job(
        sys,
        function* (s) {
          yield* s.write(1, utf8("out"));
          return 0;
        },
        false,
      );
      seen.push(yield* sys.wait4(d, { untraced: true }));
      return 0;
    });
    expect(seen).toEqual([
      { pid: 3, kind: "stopped", value: Sig.TTOU },
      { pid: 4, kind: "stopped", value: Sig.TTOU },
    ]);
  });

  it("resizing sends SIGWINCH to the foreground", () => {
    const { term } = terminal(function* (sys) {
      yield* sys.sigaction(Sig.WINCH, "catch");
      for (;;) {
        yield* sys.pause();
        yield* sys.sigtake();
        const w = yield* sys.winsize(0);
        if (typeof w !== "number") yield* sys.write(1, utf8(`${w.cols}x${w.rows} `));
      }
    });
    term.tty.resize({ cols: 100, rows: 30 });
    expect(term.wait()).toBe("100x30 ");
    term.tty.resize({ cols: 100, rows: 30 });
    expect(term.wait()).toBe("");
  });

  it("closing the terminal hangs up the shell and its foreground job; reads end, writes fail", () => {
    const seen: unknown[] = [];
    const { rig, term } = terminal(function* (sys) {
      yield* sys.sigaction(Sig.HUP, "catch");
      yield* sys.sigaction(Sig.TTOU, "ignore");
      const c = yield* job(
        sys,
        function* (s) {
          yield* s.pause();
          return 0;
        },
        true,
      );
      seen.push(yield* sys.wait4(c, {}));
      seen.push(yield* sys.sigtake());
      seen.push(yield* sys.wait4(c, {}));
      const b = yield* sys.read(0, 10);
      seen.push(typeof b === "number" ? b : b.length, yield* sys.write(1, utf8("x")), yield* sys.open("/dev/tty", O.RDWR, 0));
      return 0;
    });
    rig.machine.closeTty(term.tty);
    rig.advance(1);
    expect(seen).toEqual([-Errno.EINTR, [Sig.HUP], { pid: 3, kind: "signaled", value: Sig.HUP }, 0, -Errno.EIO, -Errno.ENXIO]);
    expect(rig.machine.procs.size).toBe(1);
  });

  it("a stopped job whose shell is gone is hung up and continued", () => {
    const { rig } = terminal(function* (sys) {
      const c = yield* job(
        sys,
        function* (s) {
          yield* s.pause();
          return 0;
        },
        false,
      );
      yield* sys.kill(c, Sig.STOP);
      yield* sys.wait4(c, { untraced: true });
      return 0;
    });
    rig.advance(1);
    expect(rig.machine.procs.size).toBe(1);
  });

  it("/dev/tty is the controlling terminal", () => {
    const { term } = terminal(function* (sys) {
      const fd = yield* sys.open("/dev/tty", O.RDWR, 0);
      yield* sys.write(fd, utf8(`${yield* sys.ttyname(0)} ${yield* sys.isatty(fd)}`));
      yield* sys.pause();
      return 0;
    });
    expect(term.text).toBe("/dev/pts/0 1");
  });
});

describe("login", () => {
  it("starts the user's shell at home with a clean environment", () => {
    const rig = makeRig({
      users: ["ann"],
      commands: [
        testCommand("bash", function* (sys, argv) {
          const env = yield* sys.getenv();
          yield* sys.write(
            1,
            utf8(JSON.stringify([argv, yield* sys.getcwd(), (yield* sys.getcred()).uid, Object.fromEntries(env), yield* sys.tcgetpgrp(0)])),
          );
          yield* sys.pause();
          return 0;
        }),
      ],
    });
    const t = rig.login("ann", 300);
    expect(JSON.parse(t.text)).toEqual([
      ["-bash"],
      "/home/ann",
      1000,
      {
        HOME: "/home/ann",
        USER: "ann",
        LOGNAME: "ann",
        SHELL: "/bin/bash",
        PATH: "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",
        LANG: "C.UTF-8",
        PWD: "/home/ann",
        TERM: "xterm-256color",
      },
      2,
    ]);
  });
});

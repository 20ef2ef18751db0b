/** The line editor at a terminal: keystrokes in, screen out. The screen is a small model of a terminal, so what is checked is what a person would see. */
import { beforeEach, describe, expect, it } from "vitest";
import { makeRig, type Terminal, testCommand } from "../../testing/rig.ts";
import { shellCommands } from "../index.ts";
import { wcwidth } from "../../kernel/wcwidth.ts";

/** Enough of a VT100 for what the editor writes. */
class Model {
  rows: string[][] = [[]];
  row = 0;
  col = 0;
  wrapPending = false;
  bells = 0;
  readonly cols: number;
  constructor(cols: number) {
    this.cols = cols;
  }
  private line(): string[] {
    while (this.rows.length <= this.row) this.rows.push([]);
    return this.rows[this.row]!;
  }
  write(s: string): void {
    for (let i = 0; i < s.length;) {
      const c = s[i]!;
      const esc = /^\x1b\[([?\d;]*)([A-Za-z])/.exec(s.slice(i));
      if (esc) {
        i += esc[0].length;
        this.control(esc[1]!, esc[2]!);
        continue;
      }
      const ch = String.fromCodePoint(s.codePointAt(i)!);
      i += ch.length;
      if (c === "\r") {
        this.col = 0;
        this.wrapPending = false;
      } else if (c === "\n") {
        this.row++;
        this.wrapPending = false;
        this.line();
      } else if (c === "\b") {
        this.col = Math.max(0, this.col - 1);
        this.wrapPending = false;
      } else if (c === "\x07") this.bells++;
      else this.put(ch);
    }
  }
  private put(ch: string): void {
    const w = wcwidth(ch.codePointAt(0)!);
    if (w === 0) {
      const l = this.line();
      if (this.col > 0) l[this.col - 1] = (l[this.col - 1] ?? "") + ch;
      return;
    }
    if (this.wrapPending || this.col + w > this.cols) {
      this.row++;
      this.col = 0;
      this.wrapPending = false;
    }
    const l = this.line();
    while (l.length < this.col) l.push(" ");
    l[this.col] = ch;
    if (w === 2) l[this.col + 1] = "";
    this.col += w;
    if (this.col >= this.cols) {
      this.col = this.cols - 1;
      this.wrapPending = true;
    }
  }
  private control(p: string, f: string): void {
    const n = Number(p.split(";")[0] || 1);
    this.wrapPending = false;
    if (f === "A") this.row = Math.max(0, this.row - n);
    else if (f === "B") this.row = Math.min(this.rows.length - 1, this.row + n);
    else if (f === "C") this.col = Math.min(this.cols - 1, this.col + n);
    else if (f === "D") this.col = Math.max(0, this.col - n);
    else if (f === "K") this.line().length = Math.min(this.line().length, this.col);
    else if (f === "J" && p !== "2") {
      this.line().length = Math.min(this.line().length, this.col);
      this.rows.length = this.row + 1;
    } else if (f === "J") this.rows = [[]];
    else if (f === "H") this.row = this.col = 0;
  }
  text(): string[] {
    return this.rows.map((r) => r.join("").trimEnd());
  }
  get last(): string {
    return this.rows[this.rows.length - 1]!.join("");
  }
}

let screen: Model;
let term: Terminal;

function open(cols = 80): void {
  const rig = makeRig({
    commands: [
      ...shellCommands,
      testCommand("sleep", function* (sys, argv) {
        yield* sys.nanosleep(Number(argv[1]) * 1e9);
        return 0;
      }),
      testCommand("cat", function* (sys) {
        for (;;) {
          const d = yield* sys.read(0, 100);
          if (typeof d === "number" || d.length === 0) return 0;
          yield* sys.write(1, d);
        }
      }),
      {
        ...testCommand("fake", function* (sys) {
          yield* sys.tick(1);
          return 0;
        }),
        options: [
          { names: ["--alpha"], help: "" },
          { names: ["--beta"], help: "" },
          { names: ["--bad"], help: "", notModelled: true },
        ],
        *complete(sys, argv) {
          yield* sys.tick(1);
          return argv.length === 2 ? ["eth0", "eth1", "lo"] : [];
        },
      },
    ],
  });
  screen = new Model(cols);
  term = rig.login("root", cols, 24);
  screen.write(term.text);
}
function type(keys: string, seconds = 0.2): Model {
  screen.write(term.type(keys, seconds));
  return screen;
}
/** What is on the prompt's line after the prompt. */
function line(): string {
  return screen.last.replace(/^.*?# /, "");
}

beforeEach(() => open());

describe("editing", () => {
  const cases: [name: string, keys: string, line: string][] = [
    ["inserts where the cursor is", "helo\x1b[Dl", "hello"],
    ["C-a C-e", "b\x01a\x05c", "abc"],
    ["C-b C-f and arrows", "ac\x02b\x06d", "abcd"],
    ["Home and End", "b\x1b[Ha\x1b[Fc", "abc"],
    ["C-d and Delete delete forward", "xaby\x01\x04\x1b[C\x1b[C\x1b[3~", "ab"],
    ["Backspace and C-h", "abxy\x7f\x08", "ab"],
    ["C-k and C-y", "one two\x01\x1bf\x0b\x01\x19", " twoone"],
    ["C-u kills to the beginning", "one two\x15\x19!", "one two!"],
    ["C-w kills to a blank, kills in a row join", "a b/c d\x17\x17\x19", "a b/c d"],
    ["M-d and M-DEL", "one two three\x01\x1bd\x05\x1b\x7f", " two "],
    ["M-b M-f", "aa bb\x1bbX\x1bfY", "aa XbbY"],
    ["M-y takes the kill before", "one\x15two\x15\x19\x1by", "one"],
    ["C-t swaps characters", "ab\x14", "ba"],
    ["M-t swaps words", "one two\x1bt", "two one"],
    ["M-u M-l M-c", "aa BB cc\x01\x1bu\x1bl\x1bc", "AA bb Cc"],
    ["C-_ undoes", "abc\x17\x1f", "abc"],
    ["M-r reverts", "echo a\x17b\x1br", ""],
    ["C-v takes the next key as it is", "a\x16\x03b", "a^Cb"],
    ["bracketed paste keeps newlines", "\x1b[200~echo a\nb\x1b[201~", "b"],
    ["Korean, wide by two", "한글\x1b[D\x7f국", "국글"],
    ["jamo are one cluster", "\u1112\u1161\u11ab!\x1b[D\x7f", "!"],
    ["combining marks go with their letter", "e\u0301x\x1b[D\x7f", "x"],
    ["M-3 repeats a key", "abcdef\x1b3\x02X", "abcXdef"],
    ["M-2 M-0 types twenty", "\x1b2\x1b0z", "z".repeat(20)],
    ["M-- turns it round", "abc def\x01\x1bf\x1b-\x1bd", " def"],
    ["C-] and M-C-] look for a character", "a-b-c\x01\x1d-X\x05\x1b\x1d-Y", "aX-bY-c"],
    ["C-@ and C-x C-x change places with the mark", "ab\x00cd\x18\x18X", "abXcd"],
    ["M-\\\\ deletes blanks around", "a   b\x1b[D\x1b\\", "ab"],
    ["C-x Backspace kills to the beginning", "one two\x1bb\x18\x7f", "two"],
    ["C-x C-u undoes", "abc\x17\x18\x15", "abc"],
    ["unknown sequences do nothing", "a\x1b[24~b\x1a\x1c", "ab"],
  ];
  for (const [name, keys, want] of cases)
    it(name, () => {
      type(keys);
      expect(line()).toBe(want);
    });

  it("draws a line longer than the screen, and deletes over the wrap", () => {
    open(20);
    type("echo " + "x".repeat(40));
    const rows = screen.text();
    expect(rows.join("")).toContain("x".repeat(40));
    expect(rows).toHaveLength(3);
    type("\x7f".repeat(40));
    expect(screen.text()).toEqual(["root@lab:~# echo"]);
    expect(screen.col).toBe(17);
  });
  it("keeps a wide character whole at the right edge", () => {
    open(16);
    // the prompt takes 12 cells: 4 are left, so one 한 and an x leave one cell
    type("a한b글c");
    expect(screen.text()).toEqual(["root@lab:~# a한b", "글c"].map((s) => s));
    type("\x01Z");
    expect(screen.text().join("")).toContain("Za한b글c");
  });
  it("fills the last column exactly and goes on in the next row", () => {
    open(16);
    type("abcd");
    expect([screen.row, screen.col]).toEqual([1, 0]);
    type("e");
    expect(screen.text()).toEqual(["root@lab:~# abcd", "e"]);
    type("\x7f\x7f");
    expect(screen.text()).toEqual(["root@lab:~# abc"]);
  });
  it("redraws after a resize", () => {
    type("echo " + "y".repeat(30));
    screen = new Model(30);
    term.tty.resize({ cols: 30, rows: 24 });
    screen.write("x\n"); // the terminal wrapped the old text by itself
    type("");
    expect(screen.text().join("")).toContain("y".repeat(30));
  });
});

describe("history", () => {
  beforeEach(() => {
    type("echo first\r");
    type("echo second\r");
  });
  it("Up, Down, C-p, C-n, keeping the unfinished line", () => {
    type("unfin\x1b[A");
    expect(line()).toBe("echo second");
    type("\x10");
    expect(line()).toBe("echo first");
    type("\x1b[B\x0e");
    expect(line()).toBe("unfin");
  });
  it("C-r finds backwards, again, and runs", () => {
    type("\x12ech");
    expect(screen.last).toContain("(reverse-i-search)`ech': echo second");
    type("\x12");
    expect(screen.last).toContain("echo first");
    type("\r");
    expect(screen.text().filter((l) => l === "first")).toHaveLength(2);
  });
  it("C-r without a match says so; C-g gives the line back", () => {
    type("draft\x12zzz");
    expect(screen.last).toContain("(failed reverse-i-search)`zzz'");
    type("\x07");
    expect(line()).toBe("draft");
  });
  it("!! !$ !n ^a^b are expanded and shown", () => {
    type("!!\r");
    expect(screen.text().filter((l) => l === "second")).toHaveLength(2);
    type("echo /!$/\r");
    expect(screen.text()).toContain("/second/");
    type("!1\r");
    expect(screen.text().filter((l) => l === "first")).toHaveLength(2);
    type("^first^third\r");
    expect(screen.text()).toContain("third");
    type("!nosuch\r");
    expect(screen.text().join("\n")).toContain("!nosuch: event not found");
  });
  it("[!x], ${!x} and $! are the shell's own", () => {
    type("echo [!x] $!.\r");
    expect(screen.text()).toContain("[!x] .");
    type("v=HOME; echo ${!v}\r");
    expect(screen.text()).toContain("/root");
  });
  it("M-. brings the last argument, further back each time", () => {
    type("x \x1b.");
    expect(line()).toBe("x second");
    type("\x1b.");
    expect(line()).toBe("x first");
  });
  it("is kept in ~/.bash_history when the shell ends", () => {
    type("exit\r");
    expect(term.shell.status).not.toBeNull();
    open();
  });
});

describe("completion", () => {
  it("completes a command and adds a blank", () => {
    type("slee\t");
    expect(line()).toBe("sleep ");
  });
  it("completes a path and marks directories", () => {
    type("echo /et\t");
    expect(line()).toBe("echo /etc/");
    type("host\t");
    expect(line()).toMatch(/^echo \/etc\/host/);
  });
  it("rings, then lists in columns at the second Tab", () => {
    type("fake eth\t");
    expect(screen.bells).toBeGreaterThan(0);
    type("\t\t");
    expect(screen.text().join("\n")).toMatch(/eth0 +eth1/);
    expect(line()).toBe("fake eth");
  });
  it("offers the options of a command, without those that are not simulated", () => {
    type("fake --a\t");
    expect(line()).toBe("fake --alpha ");
    type("\x15fake --b\t");
    expect(line()).toBe("fake --beta ");
  });
  it("completes variables and users", () => {
    type("echo $HOSTN\t");
    expect(line()).toBe("echo $HOSTNAME ");
    type("\x15echo ~roo\t");
    expect(line()).toBe("echo ~root/");
  });
  it("quotes what needs it", () => {
    type("cd /tmp; : > 'a file'\r");
    type("cat a\t");
    expect(line()).toBe("cat a\\ file ");
  });
  it("asks before a long list", () => {
    type("for i in {1..120}; do : > /tmp/f$i; done\r", 2);
    type("cat /tmp/f\t\t");
    expect(screen.last).toContain("Display all 120 possibilities? (y or n)");
    type("n");
    expect(line()).toBe("cat /tmp/f");
  });
});

describe("ends of a line", () => {
  it("C-c drops the line and sets $? to 130", () => {
    type("echo no\x03");
    expect(screen.text().at(-2)).toContain("echo no^C");
    type("echo $?\r");
    expect(screen.text()).toContain("130");
  });
  it("C-c runs a trap that was set, and still drops the line", () => {
    type("trap 'echo caught' INT\r");
    type("echo no\x03");
    expect(screen.text().at(-3)).toContain("echo no^Ccaught");
    expect(line()).toBe("");
  });
  it("C-s holds the terminal until C-q, as stty ixon says", () => {
    type("\x13");
    type("echo held\r");
    expect(screen.text()).not.toContain("held");
    type("\x11");
    expect(screen.text()).toContain("held");
  });
  it("C-d on an empty line logs out", () => {
    type("\x04");
    expect(screen.text().join("\n")).toContain("\nlogout");
    expect(term.shell.status).not.toBeNull();
  });
  it("asks for more with PS2", () => {
    type("for i in 1 2\r");
    expect(screen.last).toBe("> ");
    type("do echo n$i\r");
    type("done\r");
    expect(screen.text()).toEqual(expect.arrayContaining(["n1", "n2"]));
    type('echo "a\rb"\r');
    expect(screen.text()).toContain("b");
    type("cat <<E\rdoc\rE\r");
    expect(screen.text()).toContain("doc");
    type("echo x\\\ry\r");
    expect(screen.text()).toContain("xy");
  });
  it("C-c in PS2 gives the whole command up", () => {
    type("if true\rthen\r\x03echo ok\r");
    expect(screen.text()).toContain("ok");
    type("\x1b[A\x1b[A");
    expect(screen.text().slice(-2).join("\n")).toMatch(/if true\nthen$/);
  });
  it("what is typed while a command runs is the next command", () => {
    type("sleep 1\r");
    type("echo ahead\r");
    expect(screen.text()).not.toContain("ahead");
    type("", 2);
    expect(screen.text()).toContain("ahead");
  });
});

describe("across lines", () => {
  it("keeps the kill ring", () => {
    type("echo killed\x15\r");
    expect(type("\x19") && line()).toBe("echo killed");
  });
  it("M-# makes a comment of the line", () => {
    expect(type("rm x\x1b#").text().join("\n")).toContain("#rm x");
  });
  it("M-p finds what begins so, M-1 M-. takes that word of the line before", () => {
    type("echo one two\r");
    type("set -o\r");
    type("ec\x1bp");
    expect(line()).toBe("echo one two");
    type("\x05\x15ls \x1b1\x1b.");
    expect(line()).toBe("ls -o");
  });
  it("C-o runs a line of history and brings the next", () => {
    type("echo a\r");
    type("echo b\r");
    type("\x1b[A\x1b[A\x0f");
    expect(line()).toBe("echo b");
  });
  it("C-x C-e takes the line to an editor and runs what it saved", () => {
    type("ed() { echo 'echo edited' > $1; }; EDITOR=ed\r");
    expect(type("echo x\x18\x05").text().join("\n")).toMatch(/edited$/m);
  });
});

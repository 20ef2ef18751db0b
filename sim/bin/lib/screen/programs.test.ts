/** Full-screen programs in a terminal: leaving, stopping and coming back, signals, hostile input. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScreenTerminal } from "../../../../test/support/screens.ts";
import { programs } from "../../../lab/programs.ts";

const NUMBERS = Array.from({ length: 60 }, (_, i) => `${i + 1}\n`).join("");
const PROMPT = "root@lab:~#";

describe("full-screen programs", () => {
  for (const cmd of ["less f", "vi f", "nano f", "man ls", "watch date", "top"]) {
    it(`${cmd}: stops, comes back and paints again`, async () => {
      const t = await ScreenTerminal.open(programs, 60, 12, { f: NUMBERS });
      const before = await t.type(`${cmd}\r`);
      const stopped = await t.type(cmd.startsWith("nano") ? "\x14\x1a" : "\x1a");
      expect(stopped.rows.join("\n")).toContain("Stopped");
      const back = await t.type("fg\r");
      const body = (rows: readonly string[]): string => rows.slice(cmd === "top" ? 5 : 1, 5).join("\n");
      if (cmd !== "top" && !cmd.startsWith("watch")) expect(body(back.rows)).toBe(body(before.rows));
      const quit = { vi: ":q\r", nano: "\x18", watch: "\x03" }[cmd.split(" ")[0]!] ?? "q";
      const end = await t.type(quit);
      expect(end.rows.filter((r) => r !== "").at(-1)).toBe(PROMPT);
      const after = await t.type("stty; echo ok\r");
      expect(after.rows.join("\n")).toContain("-brkint -imaxbel iutf8\nok");
    });
  }
  it("ends with the terminal as it was when it is killed", async () => {
    const t = await ScreenTerminal.open(programs, 60, 12, { f: NUMBERS });
    for (const cmd of ["less f", "vi f", "nano f", "watch date", "top"]) {
      await t.type(`${cmd}\r`);
      t.rig.run(["pkill", cmd.split(" ")[0]!]);
      const s = await t.type("\rstty; echo ok\r", 1);
      expect(s.rows.join("\n"), cmd).toContain("-brkint -imaxbel iutf8\nok");
    }
  });
  it("reads a pipe only as far as it shows it", async () => {
    const t = await ScreenTerminal.open(programs, 40, 8);
    await t.type("yes | head -c 3000000 | tee copy | less\r", 1);
    await t.type("q", 1);
    const n = Number(/^(\d+)/.exec((await t.type("clear; wc -c copy\r")).rows.find((r) => r.includes(" copy")) ?? "")?.[1]);
    expect(n).toBeGreaterThan(0);
    expect(n).toBeLessThan(400_000);
  });
  it("opens large and binary files, in small windows too", async () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) & 255);
    const t = await ScreenTerminal.open(programs, 20, 5, { big: `${"0123456789".repeat(50_000)}\n${"line\n".repeat(100_000)}` });
    t.rig.machine.writeFile("/root/bin", bytes);
    for (const [cmd, keys] of [
      ["less big", "G10000gq"],
      ["less -f bin", "Ggq"],
      ["vi big", "G$gg$:q!\r"],
      ["vi bin", "Gxu:w out\r:q!\r"],
      ["nano big", "\x1b/\x05\x1b\\\x05\x18"],
      ["nano -N bin", "\x1b/\x1b\\\x18"],
    ] as const) {
      await t.type(`clear; ${cmd}\r`, 2);
      const end = await t.type(keys, 2);
      expect(end.rows.filter((r) => r !== "").at(-1), cmd).toBe(PROMPT);
    }
    // a last line without a newline gets one; nothing else changes
    const out = t.rig.machine.readFile("/root/out")!;
    expect(Buffer.compare(Buffer.from(out.subarray(0, bytes.length)), Buffer.from(bytes))).toBe(0);
  });
  it("survives any keys in any size", async () => {
    const key = fc.oneof(
      fc.constantFrom(
        "\x1b",
        "\x1b[A",
        "\x1b[B",
        "\x1b[C",
        "\x1b[D",
        "\x1b[5~",
        "\x1b[6~",
        "\r",
        "\x7f",
        "\x17",
        "\x0b",
        "\x15",
        "\x1bu",
        "\x1be",
        "\x1c",
        "\x1f",
        "한",
        "👩‍👩‍👧",
        "\t",
      ),
      fc.constantFrom(
        "d",
        "y",
        "c",
        "w",
        "b",
        "e",
        "p",
        "P",
        "u",
        "x",
        "v",
        "V",
        "G",
        "gg",
        "i",
        "A",
        "o",
        ".",
        "J",
        "~",
        "%",
        "n",
        "/a\r",
        ":s/1/x/g\r",
        ":%d\r",
        "5",
        "f1",
        "r",
        "R",
        ">",
        "<",
        "diw",
        "ci(",
        "\x12",
        "\x06",
        "\x02",
        ":set nu\r",
      ),
      fc.string({ unit: "binary-ascii", maxLength: 4 }).map((s) => s.replace(/[\x03\x04\x1a\x1c]/g, "")),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("vi f", "nano f", "less f"),
        fc.array(key, { maxLength: 40 }),
        fc.integer({ min: 4, max: 60 }),
        fc.integer({ min: 2, max: 20 }),
        async (cmd, keys, cols, rows) => {
          const t = await ScreenTerminal.open(programs, cols, rows, { f: `${NUMBERS}한글 (a) "b" [c]\n\ttab\n` });
          await t.type(`${cmd}\r`);
          await t.type(keys.join(""), 3);
          await t.resize(Math.max(4, cols - 3), rows + 1);
        },
      ),
      { seed: 3, numRuns: 25 },
    );
  });
});

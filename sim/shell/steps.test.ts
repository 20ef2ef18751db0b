/** Splitting scripts into commands, and the step loop of `hop run`. */
import { describe, expect, it } from "vitest";
import { isIncomplete, splitCommands } from "./steps.ts";

describe("splitCommands", () => {
  const cases: [string, string, string[]][] = [
    [
      "one command a line, blanks and comments left out",
      "# title: x\n\nip link\n# c\n  ip addr  # cmp: sort\n",
      ["ip link", "  ip addr  # cmp: sort"],
    ],
    ["here-documents", "cat <<E\na\nE\necho b", ["cat <<E\na\nE", "echo b"]],
    ["<<- and quoted delimiters, two in one line", "cat <<-'E' <<F\n\ta\n\tE\nb\nF\nx", ["cat <<-'E' <<F\n\ta\n\tE\nb\nF", "x"]],
    ["a here-document inside a loop", "for i in 1; do\ncat <<E\n$i\nE\ndone\nx", ["for i in 1; do\ncat <<E\n$i\nE\ndone", "x"]],
    ["a trailing backslash", "ip link \\\n add\nx", ["ip link \\\n add", "x"]],
    ["an escaped backslash is none", "echo a\\\\\nx", ["echo a\\\\", "x"]],
    ["open quotes", "echo 'a\nb'\necho \"c\nd\"\nx", ["echo 'a\nb'", 'echo "c\nd"', "x"]],
    [
      "loops, ifs, functions, braces",
      "for i in 1 2\ndo\necho $i\ndone\nf() {\n:\n}\nif a\nthen b\nfi",
      ["for i in 1 2\ndo\necho $i\ndone", "f() {\n:\n}", "if a\nthen b\nfi"],
    ],
    ["operators at the end of a line", "a &&\nb |\nc\nd", ["a &&\nb |\nc", "d"]],
    ["a syntax error is a command of its own", "echo a; fi\necho b", ["echo a; fi", "echo b"]],
    ["`for` alone is wrong, `for i` goes on", "for\nfor i\nin a; do :; done", ["for", "for i\nin a; do :; done"]],
    ["unfinished at the end", "if true; then\necho", ["if true; then\necho"]],
    ["substitutions over lines", "x=$(echo a\necho b)\ny=`a\nb`\nz", ["x=$(echo a\necho b)", "y=`a\nb`", "z"]],
    ["arithmetic over lines", "echo $((1 +\n2))\nx", ["echo $((1 +\n2))", "x"]],
    ["CRLF", "a\r\nb\r\n", ["a", "b"]],
  ];
  for (const [name, text, want] of cases) it(name, () => expect(splitCommands(text).map((s) => s.cmd)).toEqual(want));

  it("tells the line each begins on", () => {
    expect(splitCommands("\na\n# c\nb \\\nc\nd").map((s) => s.line)).toEqual([2, 4, 6]);
  });
  it("wrong is not unfinished", () => {
    for (const t of ["fi", "echo )", "a | | b", "done", "case", "{ }", "echo >"]) expect([t, isIncomplete(t)]).toEqual([t, false]);
    for (const t of ["if", "while true", "{ echo", "( a", "echo $(", "case x in", "f()", "a ||", "[[ a &&", "cat <<E"])
      expect([t, isIncomplete(t)]).toEqual([t, true]);
  });
});

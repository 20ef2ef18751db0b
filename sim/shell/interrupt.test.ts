/** Ctrl-C in an interactive shell, where a list, a loop or a function is under way. As the real bash 5.2 in a pseudo-terminal. */
import { expect, it } from "vitest";
import { programs } from "../lab/programs.ts";
import { makeRig } from "../testing/rig.ts";

function after(command: string): string {
  const t = makeRig({ commands: programs }).login();
  t.type(`${command}\r`, 0.3);
  return (t.type("\x03", 0.3) + t.wait(3)).replace(/\x1b\[[\d;?]*[A-Za-z]/g, "");
}
const GIVEN_UP = "^C\r\nroot@lab:~# ";

it.each([
  "sleep 1; echo hi; sleep 1; echo there",
  "sleep 1 && echo a || echo b",
  "f() { sleep 1; echo f; }; f; echo g",
  "eval 'sleep 1; echo e'",
  "(sleep 1; echo s); echo t",
  "{ sleep 1; echo br; }",
  "sleep 1 | cat; echo p",
  "while :; do sleep 1; done; echo l",
  "f() { sleep 1; }; while :; do f; done",
])("gives up all of: %s", (command) => {
  expect(after(command)).toBe(GIVEN_UP);
});

it("takes the other branch of an if whose condition was interrupted", () => {
  expect(after("if sleep 1; then echo a; else echo b; fi")).toBe("^C\r\nb\r\nroot@lab:~# ");
});

it("undoes redirections on the way back to the prompt", () => {
  expect(after("f() { while :; do :; done; }; f 2>/dev/null")).toBe(GIVEN_UP);
});

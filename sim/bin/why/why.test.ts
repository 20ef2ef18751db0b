import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { makeRig } from "../../testing/rig.ts";
import { commands } from "../registry.ts";

describe("without a session", () => {
  const rig = makeRig({ commands: [...shellCommands, ...commands] });
  it("lab says that there is none", () =>
    expect(rig.run("lab goal")).toMatchObject({ stdout: "", stderr: "lab: there is no lab on this machine\n", code: 1 }));
  it("lab knows its words", () =>
    expect([rig.run("lab frobnicate").code, rig.run("lab plug").code, rig.run("lab --help").code]).toEqual([2, 2, 0]));
  it("why refuses what is no packet number", () =>
    expect(rig.run("why x")).toMatchObject({ stderr: "why: not a packet number: 'x'\n", code: 2 }));
  it("man shows a page of 80 columns, and knows what it has not", () => {
    const page = rig.run("man ping").stdout;
    expect(page.startsWith("PING(8)")).toBe(true);
    for (const section of ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "NOT SIMULATED", "EXAMPLES", "SEE ALSO"])
      expect(page).toContain(`\n${section}\n`);
    expect(page.split("\n").every((l) => l.length <= 80)).toBe(true);
    expect(rig.run("man nosuch")).toMatchObject({ stderr: "No manual entry for nosuch\n", code: 16 });
    expect(rig.run("whatis ls").stdout).toBe("ls (1)               - list directory contents\n");
    expect(rig.run("apropos zzzz")).toMatchObject({ stderr: "zzzz: nothing appropriate.\n", code: 16 });
  });
});

describe("loops that never end can be ended", () => {
  const rig = makeRig({ commands: [...shellCommands, ...commands] });
  it.each([
    "awk 'BEGIN{while(1);}'",
    "awk 'function f(){return 1} BEGIN{for(;;)f()}'",
    "sed ':a;ba' /etc/passwd",
    "yes >/dev/null",
    "tail -f /etc/passwd >/dev/null",
    "cat /dev/zero | tr a b >/dev/null",
  ])("%s", (cmd) => {
    const r = rig.run(`timeout 0.3 bash -c "${cmd.replaceAll('"', '\\"')}"; echo $?`, { limit: 20 });
    expect(r.stdout).toBe("124\n");
  });
  it("yes | head ends", () => expect(rig.run("yes | head -2").stdout).toBe("y\ny\n"));
});

it("ps sees what runs", () => {
  const rig = makeRig({ commands: [...shellCommands, ...commands] });
  expect(
    rig.run(
      "sleep 50 & sleep 60 & pgrep -c sleep; pkill -xf 'sleep 50'; wait %1 2>/dev/null; pgrep -a sleep | cut -d' ' -f2-; killall sleep; wait; pgrep sleep; echo $?",
    ).stdout,
  ).toBe("2\nsleep 60\n1\n");
});

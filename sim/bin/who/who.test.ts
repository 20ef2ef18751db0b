/** who and users: one line a terminal, in coreutils' columns. */
import { expect, it } from "vitest";
import { programs } from "../../lab/programs.ts";
import { makeRig } from "../../testing/rig.ts";

it("lists the sessions of terminals", () => {
  const rig = makeRig({ commands: programs, users: ["ann"] });
  expect(rig.run("who; users").stdout).toBe("");
  rig.login("ann");
  rig.login("root");
  expect(rig.run("users").stdout).toBe("ann root\n");
  expect(rig.run("who").stdout).toMatch(/^ann {6}pts\/0 {8}\d{4}-\d\d-\d\d \d\d:\d\d\nroot {5}pts\/1 {8}\d{4}-\d\d-\d\d \d\d:\d\d\n$/);
  expect(rig.run("who -q").stdout).toBe("ann root\n# users=2\n");
});

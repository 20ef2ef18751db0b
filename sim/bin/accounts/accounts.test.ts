/** getent, useradd, usermod, userdel, groupadd, groupmod, groupdel, su against recordings of the real ones. */
import { expect, it } from "vitest";
import { makeRig } from "../../testing/rig.ts";
import { replay } from "../../testing/golden.ts";
import { programs } from "../../lab/programs.ts";
import golden from "./testdata/accounts.golden.json" with { type: "json" };

it("changes and shows accounts as the real ones", () => {
  const { ours, real } = replay(programs, golden.steps);
  expect(ours).toEqual(real);
});

it("lets only root become somebody else", () => {
  const rig = makeRig({ commands: programs, users: ["ann"] });
  const r = rig.run(["su", "-c", "id"], { user: "ann", stdin: "secret\n" });
  expect([r.stdout, r.stderr, r.code]).toEqual(["", "Password: \nsu: Authentication failure\n", 1]);
  expect(rig.run(["useradd", "eve"], { user: "ann" }).stderr).toBe(
    "useradd: Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.\n",
  );
});

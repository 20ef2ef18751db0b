/** pstree's drawing follows psmisc 23.6's, seen on a real machine: one line for a chain, ┬ ├ └ for brothers, N*[…] for equal leaves. */
import { expect, it } from "vitest";
import { programs } from "../../lab/programs.ts";
import { makeRig } from "../../testing/rig.ts";

it("draws children below their parent and equal leaves once", () => {
  const rig = makeRig({ commands: programs });
  const script = "sleep 5 & sleep 5 & pstree $$; pstree -A $$; pstree -c $$; kill %1 %2";
  expect(rig.run(["bash", "-c", script]).stdout.split("\n")).toEqual([
    "bash─┬─pstree",
    "     └─2*[sleep]",
    "bash-+-pstree",
    "     `-2*[sleep]",
    "bash─┬─pstree",
    "     ├─sleep",
    "     └─sleep",
    "",
  ]);
});

it("knows who is asked for", () => {
  const rig = makeRig({ commands: programs });
  expect(rig.run(["pstree", "nosuch"])).toMatchObject({ stderr: "No such user name: nosuch\n", code: 1 });
});

/** mount, umount, mountpoint and findmnt against recordings of util-linux 2.38.1. */
import { expect, it } from "vitest";
import { makeRig } from "../../testing/rig.ts";
import { replay } from "../../testing/golden.ts";
import { programs } from "../../lab/programs.ts";
import golden from "./testdata/mount.golden.json" with { type: "json" };

it("mounts, lists and takes off as the real ones", () => {
  const { ours, real } = replay(programs, golden.steps);
  expect(ours).toEqual(real);
});

it("shows the mounts of a machine as a tree", () => {
  const rig = makeRig({ commands: programs });
  const rows = rig.run("findmnt -o TARGET,FSTYPE").stdout.split("\n");
  expect(rows[0]).toMatch(/^TARGET +FSTYPE$/);
  expect(rows[1]).toMatch(/^\/ +ext4$/);
  expect(rows[2]).toMatch(/^├─\/sys +sysfs$/);
});

it("limits a tmpfs to its size", () => {
  const rig = makeRig({ commands: programs });
  const r = rig.run("mkdir /m; mount -t tmpfs -o size=8k t /m; head -c 20000 /dev/zero >/m/x; umount /m; ls /m");
  expect([r.stdout, r.stderr]).toEqual(["", "head: write error: No space left on device\n"]);
});

it("lets only root mount, though the programs are set-user-id", () => {
  const rig = makeRig({ commands: programs, users: ["ann"] });
  const r = rig.run("mount -t tmpfs t /mnt; echo $?; umount /tmp; echo $?; mount | head -1", { user: "ann" });
  expect(r.stdout).toMatch(/^32\n32\n\/dev\/vda1 on \/ type ext4 /);
  expect(r.stderr).toMatch(/^mount: \/mnt: must be superuser to use mount\.\n.*\numount: \/tmp: must be superuser to unmount\.\n$/);
});

import { describe, expect, it } from "vitest";
import { fromUtf8 } from "../../core/bytes.ts";
import type { Command, Sys } from "../../kernel/abi.ts";
import { makeRig, testCommand } from "../../testing/rig.ts";
import { out, program } from "../lib/io.ts";
import { commands as sudo } from "./index.ts";

/** Tells who it runs as, its arguments and its environment. */
const probe = testCommand("probe", function* (sys: Sys, argv) {
  const c = yield* sys.getcred();
  const env = yield* sys.getenv();
  yield* out(
    sys,
    `${JSON.stringify({ argv, uid: c.uid, gid: c.gid, ruid: c.ruid ?? c.uid, cwd: yield* sys.getcwd(), env: Object.fromEntries(env) })}\n`,
  );
  return 3;
});
const commands: readonly Command[] = [...sudo, probe];
const rig = () => makeRig({ commands, users: ["ann"] });

describe("sudo", () => {
  it("runs a command as root, with the secure path and a clean environment", () => {
    const r = rig().run(["sudo", "FOO=bar", "probe", "a b"], { user: "ann" });
    expect(r.code).toBe(3);
    const p = JSON.parse(r.stdout);
    expect(p).toMatchObject({ argv: ["probe", "a b"], uid: 0, gid: 0, ruid: 0 });
    expect(p.env).toMatchObject({
      FOO: "bar",
      HOME: "/root",
      USER: "root",
      LOGNAME: "root",
      SUDO_USER: "ann",
      SUDO_COMMAND: "/usr/bin/probe a b",
    });
    expect(p.env.PATH).toBe("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  });
  it("runs as another user with -u", () => {
    const p = JSON.parse(rig().run(["sudo", "-u", "ann", "probe"]).stdout);
    expect([p.uid, p.ruid, p.env.HOME]).toEqual([1000, 1000, "/home/ann"]);
  });
  it.each([
    [["nosuch"], "sudo: nosuch: command not found\n"],
    [["/etc/hosts"], "sudo: /etc/hosts: command not found\n"],
    [["-u", "nope", "probe"], "sudo: unknown user nope\nsudo: error initializing audit plugin sudoers_audit\n"],
    [
      ["cd", "/"],
      'sudo: cd: command not found\nsudo: "cd" is a shell built-in command, it cannot be run directly.\nsudo: the -s option may be used to run a privileged shell.\nsudo: the -D option may be used to run a command in a specific directory.\n',
    ],
  ])("complains about %j", (words, stderr) => {
    expect(rig().run(["sudo", ...words])).toMatchObject({ code: 1, stdout: "", stderr });
  });
  it("refuses people outside the group sudo", () => {
    const r = makeRig({ commands, users: ["ann"] });
    const group = r.run(["sudo", "-u", "nobody", "sudo", "probe"]);
    expect(group).toMatchObject({ code: 1, stderr: "nobody is not in the sudoers file.\n" });
  });
  it("knows what it does not do", () => {
    expect(rig().run(["sudo", "-e", "x"])).toMatchObject({ code: 64, stderr: "hop: sudo: option -e is not simulated\n" });
    expect(rig().run(["sudo", "-Z", "x"]).stderr).toMatch(/^sudo: invalid option -- 'Z'\nusage:/);
  });
});

describe("program", () => {
  it("flushes output after what exit says on standard error", () => {
    const cmd = testCommand(
      "t",
      program(function* (io) {
        yield* io.out.print("out");
        return fromUtf8(new Uint8Array()).length;
      }),
    );
    expect(makeRig({ commands: [cmd] }).run(["t"])).toMatchObject({ code: 0, stdout: "out" });
  });
});

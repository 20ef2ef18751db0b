import { describe, expect, it } from "vitest";
import { makeRig } from "../testing/rig.ts";
import { commands, notYet } from "./registry.ts";

describe("the registry", () => {
  it("has one command for each name and path", () => {
    const names = commands.map((c) => c.name);
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
    const paths = commands.flatMap((c) => c.paths);
    expect(paths.filter((p, i) => paths.indexOf(p) !== i)).toEqual([]);
  });

  it("has a manual page and a package for each", () => {
    for (const c of commands)
      expect([c.name, c.man.summary !== "", c.man.synopsis.length > 0, c.pkg !== ""]).toEqual([c.name, true, true, true]);
  });

  it.each(["8 ip", "8 ping", "8 tcpdump", "8 sysctl", "1 traceroute", "1 ls"])("has the page `man %s` where Debian has it", (words) => {
    expect(makeRig({ commands }).run(["man", ...words.split(" ")]).code).toBe(0);
  });

  it("names other pages as name(section)", () => {
    expect(
      commands.flatMap((c) => (c.man.seeAlso ?? []).filter((n) => !/^[a-z0-9.-]+\([1-8]\)$/.test(n)).map((n) => `${c.name}: ${n}`)),
    ).toEqual([]);
  });
});

describe("a tool that is not there yet", () => {
  it("says so", () => {
    const rig = makeRig({ commands });
    expect(notYet.length).toBeGreaterThan(50);
    for (const c of notYet)
      expect(rig.run([c.name, "x"])).toMatchObject({ code: 64, stdout: "", stderr: `hop: ${c.name} is not simulated yet\n` });
  });
});

describe("an option that is not simulated", () => {
  // stty looks for a terminal first
  it.each(
    commands
      .filter((c) => c.name !== "stty" && !notYet.includes(c) && c.options.some((o) => o.notModelled))
      .map((c) => [c.name, c] as const),
  )("%s", (_, c) => {
    const rig = makeRig({ commands });
    for (const o of c.options) {
      if (!o.notModelled) continue;
      for (const name of o.names) {
        if (!name.startsWith("-")) continue;
        const arg = o.arg === undefined || o.arg.startsWith("[") ? [] : ["1"];
        const r = rig.run([c.name, name, ...arg, "x"]);
        expect([c.name, name, r.code, r.stderr.split("\n")[0]]).toEqual([
          c.name,
          name,
          64,
          expect.stringMatching(/^hop: .* is not simulated$/),
        ]);
      }
    }
  });
});

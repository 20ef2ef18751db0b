/**
 * Manual page, --help and Tab completion of every program come from its one option table: what the table has stands in
 * all three, and nothing that is not simulated is offered.
 */
import { describe, expect, it } from "vitest";
import { notYet } from "../bin/registry.ts";
import type { Command } from "../kernel/abi.ts";
import { makeRig } from "../testing/rig.ts";
import { programs } from "./programs.ts";

const real = programs.filter((c) => !notYet.includes(c));
const rig = makeRig({ commands: programs });

/** Real tools whose help text, recorded word for word, leaves some of their options out; or that have no --help. */
const HELP_OF_ITS_OWN = new Set([
  "awk",
  "bash",
  "bridge",
  "brctl",
  "clear",
  "ethtool",
  "hostname",
  "dnsdomainname",
  "ifconfig",
  "ip",
  "mii-tool",
  "nc",
  "netstat",
  "route",
  "sh",
  "socat",
  "tcpdump",
  "tracepath",
]);

function names(c: Command): string[] {
  return c.options.filter((o) => !o.notModelled).flatMap((o) => [...o.names]);
}

describe("one table per program", () => {
  it.each(real.map((c) => [c.name, c] as const))("%s: its manual page has its options", (_, c) => {
    const r = rig.run(["man", c.name], { limit: 20 });
    expect([c.name, r.code, r.stderr]).toEqual([c.name, 0, ""]);
    expect(names(c).filter((n) => !r.stdout.includes(n))).toEqual([]);
  });

  it.each(real.filter((c) => !HELP_OF_ITS_OWN.has(c.name)).map((c) => [c.name, c] as const))("%s: so has its help", (_, c) => {
    const r = rig.run([c.name, "--help"], { limit: 20 });
    const text = r.stdout + r.stderr;
    const missing = c.options
      .filter((o) => !o.notModelled && !o.names.some((n) => text.includes(n) || n === "--help"))
      .map((o) => o.names[0]);
    expect([c.name, missing]).toEqual([c.name, []]);
  });

  it("Tab offers exactly them", () => {
    const t = rig.login("root", 200, 100);
    for (const c of real) {
      const long = names(c).filter((n) => n.startsWith("--"));
      if (long.length < 2 || c.paths.length === 0) continue;
      t.type(`${c.name} --\t\t`, 0.1);
      const shown = t.type("", 0.1) + t.text;
      expect([c.name, long.filter((n) => !shown.includes(n))]).toEqual([c.name, []]);
      const refused = c.options.filter((o) => o.notModelled).flatMap((o) => o.names.filter((n) => n.startsWith("--")));
      const lines = shown.split(/\s+/);
      expect([c.name, refused.filter((n) => !long.includes(n) && lines.includes(n))]).toEqual([c.name, []]);
      t.type("\x03", 0.1);
      t.text = "";
    }
  });
});

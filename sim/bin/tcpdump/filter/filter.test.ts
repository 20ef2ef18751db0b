import { describe, expect, it } from "vitest";
import { parseIp4, parseIp6 } from "../../../wire/addr.ts";
import { LINKTYPE_ETHERNET } from "../../../wire/pcap.ts";
import golden from "../../../wire/testdata/tcpdump.json" with { type: "json" };
import { testFrames } from "../../../wire/testdata/frames.ts";
import { FilterError } from "./ast.ts";
import { matches } from "./eval.ts";
import type { FilterEnv } from "./gen.ts";
import { compileFilter } from "./parse.ts";

const hosts = golden.hosts.split("\n").map((l) => l.split(/\s+/));
const env: FilterEnv = {
  linkType: LINKTYPE_ETHERNET,
  netmask: 0,
  offline: true,
  host: (name) => hosts.filter((h) => h.slice(1).includes(name)).map((h) => parseIp4(h[0]!) ?? parseIp6(h[0]!)!),
};
// frames that end inside ARP are left out: there the result depends on how libpcap's optimiser ordered the loads
const frames = testFrames().filter((f) => f.wireLen === f.bytes.length && f.name !== "arp short" && f.name !== "header only arp");

describe("a load past the captured bytes", () => {
  it("rejects the packet, negated or not", () => {
    const cut = { frame: frames[0]!.bytes.slice(0, 20), wireLen: 42, linkType: LINKTYPE_ETHERNET, outbound: false };
    expect(matches(compileFilter("arp[24:4] = 0", env), cut)).toBe(false);
    expect(matches(compileFilter("not arp[24:4] = 0", env), cut)).toBe(false);
    expect(matches(compileFilter("arp", env), cut)).toBe(true);
  });
});

describe("the direction", () => {
  it("is known in a live capture", () => {
    const live = { ...env, offline: false };
    const p = { frame: frames[0]!.bytes, wireLen: 42, linkType: LINKTYPE_ETHERNET, outbound: true };
    expect(matches(compileFilter("outbound", live), p)).toBe(true);
    expect(matches(compileFilter("inbound and arp", live), p)).toBe(false);
  });
});

describe("filters let pass what tcpdump's let pass", () => {
  for (const f of golden.filters as { filter: string; error?: string; passes?: number[] }[]) {
    it(f.filter, () => {
      let actual: { error?: string; passes?: string[] };
      try {
        const filter = compileFilter(f.filter, env);
        const passing = frames.filter((x) =>
          matches(filter, { frame: x.bytes, wireLen: x.wireLen, linkType: LINKTYPE_ETHERNET, outbound: false }),
        );
        actual = { passes: passing.map((x) => x.name) };
      } catch (e) {
        if (!(e instanceof FilterError)) throw e;
        actual = { error: `tcpdump: ${e.message}` };
      }
      expect(actual).toEqual(
        f.error !== undefined
          ? { error: f.error }
          : { passes: f.passes!.map((i) => golden.names[i]!).filter((n) => frames.some((x) => x.name === n)) },
      );
    });
  }
});

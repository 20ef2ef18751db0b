import { describe, expect, it } from "vitest";
import { Prng } from "../core/prng.ts";
import { parseIp4, parseIp6 } from "./addr.ts";
import { LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL2 } from "./pcap.ts";
import { newPrintState, printPacket, type DumpKind, type PrintNames, type PrintOptions } from "./print.ts";
import golden from "./testdata/tcpdump.json" with { type: "json" };
import { asSll2, testFrames } from "./testdata/frames.ts";

interface Run {
  flags: string;
  link: string;
  packets: (string | null)[];
}
const frames = testFrames();
const key = (a: number | Uint8Array): string => (typeof a === "number" ? String(a) : a.join("."));
const hosts = new Map<string, string>();
for (const line of golden.hosts.split("\n")) {
  const [addr, name] = line.split(/\s+/);
  if (addr && name) hosts.set(key(parseIp4(addr) ?? parseIp6(addr)!), name);
}
const names: PrintNames = { host: (a) => hosts.get(key(a)) ?? null, ifname: (i) => (i === 1 ? "lo" : null) };

function options(flags: string): { opts: PrintOptions; dump: DumpKind | null } {
  const count = (c: string): number =>
    flags
      .split(" ")
      .filter((f) => f.startsWith("-"))
      .join("")
      .split(c).length - 1;
  const dump = /-(xx?|XX?|AA?)\b/.exec(flags);
  return {
    opts: {
      n: count("n") > 0,
      N: count("N") > 0,
      e: count("e") > 0,
      v: count("v"),
      q: count("q"),
      S: count("S") > 0,
      dump: dump !== null,
      names,
    },
    dump: dump ? (dump[1] as DumpKind) : null,
  };
}

describe("printPacket prints what tcpdump 4.99.3 printed", () => {
  it("for the frames that were recorded", () => {
    expect(frames.map((f) => f.name)).toEqual(golden.names);
  });
  for (const run of golden.runs as Run[]) {
    it(`with ${run.flags || "no options"} on ${run.link}`, () => {
      const { opts, dump } = options(run.flags);
      const state = newPrintState();
      const link = run.link === "sll2" ? LINKTYPE_LINUX_SLL2 : LINKTYPE_ETHERNET;
      const wrong: string[] = [];
      run.packets.forEach((expected, i) => {
        const f = run.link === "sll2" ? asSll2(frames[i]!, i) : frames[i]!;
        if (f === null || expected === null) return;
        const actual = printPacket(f.bytes, f.wireLen, link, opts, state, dump);
        if (actual !== expected) wrong.push(`${f.name}\n${JSON.stringify(expected)} expected\n${JSON.stringify(actual)} printed`);
      });
      expect(wrong.join("\n")).toBe("");
    });
  }
});

describe("printPacket never throws", () => {
  it("for every frame cut at every length", () => {
    const { opts } = options("-e -vvv");
    for (const f of frames.slice(
      0,
      golden.names.findIndex((n) => n.includes("cut at")),
    )) {
      const state = newPrintState();
      for (let n = 0; n <= Math.min(f.bytes.length, 120); n++) {
        printPacket(f.bytes.slice(0, n), f.wireLen, LINKTYPE_ETHERNET, opts, state);
        printPacket(f.bytes.slice(0, n), f.wireLen, LINKTYPE_LINUX_SLL2, opts, state);
      }
    }
  });

  it("for frames with bytes changed at random", () => {
    const rng = new Prng(1, "print.test");
    const { opts } = options("-e -vvv");
    for (let i = 0; i < 20_000; i++) {
      const b = frames[rng.below(frames.length)]!.bytes.slice();
      for (let k = 0; k <= rng.below(4) && b.length > 0; k++) b[rng.below(b.length)] = rng.below(256);
      printPacket(b, b.length + rng.below(3), rng.below(2) === 0 ? LINKTYPE_ETHERNET : LINKTYPE_LINUX_SLL2, opts, newPrintState());
    }
  });
});

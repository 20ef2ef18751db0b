import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitsOf, contains, factsOf, fmtCidr, fmtIp4, hostsOf, kindOf, lengthFor, networkOf, overlap, readCidr, whole } from "./cidr.ts";

const prefix = fc.record({ addr: fc.nat(0xffffffff), len: fc.nat(32) });
const value = (text: string): { addr: number; len: number } => {
  const read = readCidr(text);
  if (!read.ok) throw new Error(`${text}: ${read.why.key}`);
  return read.value;
};
const why = (text: string): string => {
  const read = readCidr(text);
  return read.ok ? "read" : read.why.key;
};

describe("reading what was typed", () => {
  it("takes the ways people write a prefix", () => {
    for (const text of ["10.1.2.3/24", " 10.1.2.3 / 24 ", "10.1.2.3 255.255.255.0", "10.1.2.3/255.255.255.0", "１０.1.2.3／24"])
      expect(fmtCidr(value(text))).toBe("10.1.2.3/24");
  });
  it("says the one thing that is wrong", () => {
    expect(why("")).toBe("cidr.bad.empty");
    expect(why("10.1.2.3")).toBe("cidr.bad.noLength");
    expect(why("10.1.2.3/33")).toBe("cidr.bad.tooLong");
    expect(why("10.1.2.3/x")).toBe("cidr.bad.length");
    expect(why("10.1.2.3/255.0.255.0")).toBe("cidr.bad.mask");
    expect(why("10.1.304.3/8")).toBe("cidr.bad.octet");
    expect(why("10.1.010.3/8")).toBe("cidr.bad.zero");
    expect(why("10.1..3/8")).toBe("cidr.bad.gap");
    expect(why("10.1.3/8")).toBe("cidr.bad.parts");
    expect(why("10.1.a.3/8")).toBe("cidr.bad.notNumber");
    expect(why("fe80::1/64")).toBe("cidr.bad.ip6");
    expect(why("10.1.2.3/24 10.2.0.0/16")).toBe("cidr.bad.more");
  });
  it("reads back what it writes, and never throws", () => {
    fc.assert(
      fc.property(prefix, fc.string(), (p, s) => {
        expect(value(fmtCidr(p))).toEqual(p);
        readCidr(s);
      }),
    );
  });
});

describe("facts of a prefix", () => {
  it("counts hosts by RFC 3021 at the small end", () => {
    expect([24, 30, 31, 32].map(hostsOf)).toEqual([254, 2, 2, 1]);
    expect(factsOf(value("192.0.2.4/31"))).toMatchObject({ broadcast: null, hosts: 2, first: value("192.0.2.4/32").addr });
    expect(factsOf(value("192.0.2.4/32"))).toMatchObject({ broadcast: null, hosts: 1, size: 1 });
  });
  it("finds network, broadcast, first and last host", () => {
    const f = factsOf(value("192.168.108.77/26"));
    expect([f.mask, f.network, f.first, f.last, f.broadcast!].map(fmtIp4)).toEqual([
      "255.255.255.192",
      "192.168.108.64",
      "192.168.108.65",
      "192.168.108.126",
      "192.168.108.127",
    ]);
  });
  it("holds for every prefix: the ends are in it, the bits agree, hosts lie between", () => {
    fc.assert(
      fc.property(prefix, (p) => {
        const f = factsOf(p);
        expect(bitsOf(f.network).slice(0, p.len)).toBe(bitsOf(p.addr).slice(0, p.len));
        expect(bitsOf(f.network).slice(p.len)).toMatch(/^0*$/);
        if (f.broadcast !== null) expect(bitsOf(f.broadcast).slice(p.len)).toMatch(/^1*$/);
        expect(f.last - f.first + 1).toBe(f.hosts);
        expect(contains(p, { addr: f.first, len: 32 }) && contains(p, { addr: f.last, len: 32 })).toBe(true);
      }),
    );
  });
  it("two prefixes overlap when the shorter holds the other's network address, and only then", () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        const len = Math.min(a.len, b.len);
        expect(overlap(a, b)).toBe(networkOf({ addr: a.addr, len }) === networkOf({ addr: b.addr, len }));
        expect(overlap(a, b)).toBe(overlap(whole(b), whole(a)));
      }),
    );
  });
  it("gives n machines the smallest network that holds them", () => {
    expect([1, 2, 3, 6, 7, 30, 31, 110, 254, 255].map(lengthFor)).toEqual([32, 31, 29, 29, 28, 27, 26, 25, 24, 23]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (n) => {
        const len = lengthFor(n);
        expect(hostsOf(len)).toBeGreaterThanOrEqual(n);
        if (len < 32) expect(hostsOf(len + 1)).toBeLessThan(n);
      }),
    );
  });
});

describe("what an address is for", () => {
  it.each([
    ["10.200.3.4/16", "cidr.kind.private", false],
    ["172.31.255.1/24", "cidr.kind.private", false],
    ["172.32.0.1/24", "cidr.kind.public", false],
    ["192.168.0.1/8", "cidr.kind.private", true],
    ["100.64.1.1/24", "cidr.kind.shared", false],
    ["127.0.0.1/8", "cidr.kind.loopback", false],
    ["169.254.1.1/32", "cidr.kind.linkLocal", false],
    ["224.0.0.1/32", "cidr.kind.multicast", false],
    ["255.255.255.255/32", "cidr.kind.broadcast", false],
    ["250.0.0.1/32", "cidr.kind.reserved", false],
    ["8.8.8.8/32", "cidr.kind.public", false],
    ["203.0.113.9/24", "cidr.kind.documentation", false],
  ])("%s is %s", (text, key, beyond) => expect(kindOf(value(text))).toMatchObject({ key, beyond }));
});

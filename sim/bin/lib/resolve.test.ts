import { describe, expect, it } from "vitest";
import { makeRig, testCommand } from "../../testing/rig.ts";
import { out } from "./io.ts";
import { fmtAddr, getaddrinfo, inetAton, nameOf, parseHosts } from "./resolve.ts";

const gai = testCommand("gai", function* (sys, argv) {
  yield* out(sys, JSON.stringify(yield* getaddrinfo(sys, argv[1]!, Number(argv[2]) as 0 | 2 | 10)));
  return 0;
});
const ask = (name: string, family: number) => JSON.parse(makeRig({ commands: [gai] }).run(["gai", name, String(family)]).stdout);

describe("inetAton", () => {
  it.each([
    ["1.2.3.4", 0x01020304],
    ["127.1", 0x7f000001],
    ["0x7f.1", 0x7f000001],
    ["010.0.0.1", 0x08000001],
    ["256", 256],
    ["1.2.3", 0x01020003],
    ["4294967295", 0xffffffff],
    ["4294967296", null],
    ["999.1.1.1", null],
    ["1.2.3.256", null],
    ["1.2.3.4.5", null],
    ["08", null],
    ["", null],
    ["1.", null],
  ])("%s", (text, n) => expect(inetAton(text)).toBe(n));
});

describe("getaddrinfo", () => {
  it.each([
    ["nope", 0, "Temporary failure in name resolution"],
    ["", 0, "Name or service not known"],
    ["127.0.0.1", 10, "Address family for hostname not supported"],
    ["::1", 2, "Address family for hostname not supported"],
    ["fe80::1%nope", 0, "Name or service not known"],
    ["999.1.1.1", 0, "Temporary failure in name resolution"],
  ])("%s for family %d: %s", (name, family, text) => expect(ask(name, family)).toBe(text));
  it("reads /etc/hosts", () => expect(ask("lab", 0)).toEqual({ addrs: [{ family: 2, addr: 0x7f000101 }], canonical: "lab" }));
  it("reads the zone of a link-local address", () => expect(ask("fe80::1%lo", 0).addrs[0].scopeId).toBe(1));
});

describe("hosts", () => {
  it("gives the first name of an address, without comments", () => {
    const hosts = parseHosts("# c\n10.0.0.1 one uno # x\n\n::1\tsix\nbad name\n10.0.0.2\n");
    expect(hosts.map((h) => [fmtAddr(h.addr), h.names])).toEqual([
      ["10.0.0.1", ["one", "uno"]],
      ["::1", ["six"]],
    ]);
    expect(nameOf(hosts, new Uint8Array([10, 0, 0, 1]))).toBe("one");
    expect(nameOf(hosts, new Uint8Array([10, 0, 0, 3]))).toBe(null);
  });
});

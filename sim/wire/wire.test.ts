import { describe, expect, it } from "vitest";
import {
  fmtIp4,
  fmtIp6,
  inPrefix6,
  lenOfMask,
  linkLocalFromMac,
  maskOf,
  networkOf6,
  parseIp4,
  parseIp6,
  parsePrefix4,
  parsePrefix6,
  solicitedNode,
} from "./addr.ts";
import { checksum, updateChecksum } from "./checksum.ts";
import { icmpCheck } from "./icmp4.ts";
import { icmp6Check } from "./icmp6.ts";
import { buildIp4, Ip4Bad, ip4Check, ip4DecrementTtl, ip4SetTos, ip4Ttl, IP_DF } from "./ipv4.ts";
import { fmtMac, macOfMulticast4, macOfMulticast6, parseMac } from "./mac.ts";
import { ndCheck, ndFindOption, NdOpt, ND_NS_LEN, NdBad } from "./ndp.ts";
import { tcpCheck4 } from "./tcp.ts";
import { UdpBad, udpCheck4, udpCheck6 } from "./udp.ts";
import { PCAP_FILE_HLEN, pcapFileHeader, pcapRecord, readPcapHeader, readPcapRecord } from "./pcap.ts";
import { testFrames } from "./testdata/frames.ts";

describe("IPv4 addresses", () => {
  it("are read strictly as dotted quads", () => {
    expect(parseIp4("10.0.0.1")).toBe(0x0a000001);
    expect(parseIp4("255.255.255.255")).toBe(0xffffffff);
    for (const bad of [
      "",
      "10",
      "10.0.0",
      "10.0.0.256",
      "10.0.0.01",
      "10.0.0.1.",
      "1.2.3.4.5",
      " 1.2.3.4",
      "1.2.3.4 ",
      "a.b.c.d",
      "1..2.3",
      "-1.2.3.4",
      "0x1.2.3.4",
    ])
      expect(parseIp4(bad)).toBeNull();
    expect(parseIp4("0.0.0.0")).toBe(0);
  });
  it("and prefixes are printed as they were read", () => {
    expect(fmtIp4(0xfffefdfc)).toBe("255.254.253.252");
    expect(parsePrefix4("10.1.2.3/24")).toEqual({ addr: 0x0a010203, len: 24 });
    expect(parsePrefix4("10.1.2.3")).toEqual({ addr: 0x0a010203, len: 32 });
    for (const bad of ["10.1.2.3/33", "10.1.2.3/", "10.1.2.3/-1", "10.1.2/24", "10.1.2.3/a"]) expect(parsePrefix4(bad)).toBeNull();
  });
  it("have masks of 0 to 32 bits", () => {
    for (let len = 0; len <= 32; len++) expect(lenOfMask(maskOf(len))).toBe(len);
    expect(lenOfMask(0xff00ff00)).toBe(-1);
  });
});

describe("IPv6 addresses", () => {
  it("are printed as inet_ntop prints them", () => {
    for (const [given, shown] of [
      ["::", "::"],
      ["::1", "::1"],
      ["1::", "1::"],
      ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
      ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
      ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
      ["0:0:1::", "0:0:1::"],
      ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
      ["::10.0.0.1", "::10.0.0.1"],
      ["::ffff:0:10.0.0.1", "::ffff:0:a00:1"],
      ["::1:2", "::0.1.0.2"],
      ["1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"],
      ["fe80::0001", "fe80::1"],
    ] as const)
      expect(fmtIp6(parseIp6(given)!)).toBe(shown);
  });
  it("that inet_pton refuses are refused", () => {
    for (const bad of [
      "",
      ":",
      ":::",
      "1",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1::2::3",
      "12345::",
      "1:2:3:4:5:6:7:",
      ":1:2:3:4:5:6:7",
      "::1.2.3",
      "::1.2.3.4.5",
      "g::",
      "1:2:3:4:5:6:7:1.2.3.4",
      "::1%lo",
      "1:2:3:4:5:6:7:8::",
    ])
      expect(parseIp6(bad)).toBeNull();
  });
  it("derive link-local and solicited-node addresses", () => {
    const ll = linkLocalFromMac(parseMac("02:00:00:00:00:0a")!);
    expect(fmtIp6(ll)).toBe("fe80::ff:fe00:a");
    expect(fmtIp6(solicitedNode(ll))).toBe("ff02::1:ff00:a");
    expect(fmtMac(macOfMulticast6(solicitedNode(ll)))).toBe("33:33:ff:00:00:0a");
  });
  it("match prefixes bit by bit", () => {
    const p = parsePrefix6("2001:db8:8000::/33")!;
    expect(inPrefix6(parseIp6("2001:db8:ffff::1")!, p.addr, p.len)).toBe(true);
    expect(inPrefix6(parseIp6("2001:db8:7fff::1")!, p.addr, p.len)).toBe(false);
    expect(fmtIp6(networkOf6(parseIp6("2001:db8:ffff::1")!, 33))).toBe("2001:db8:8000::");
  });
});

describe("Ethernet addresses", () => {
  it("are read and printed", () => {
    expect(fmtMac(parseMac("2:0:0:A:bC:0f")!)).toBe("02:00:00:0a:bc:0f");
    for (const bad of ["", "02:00:00:00:00", "02:00:00:00:00:00:00", "02-00-00-00-00-00", "g2:00:00:00:00:00", "002:00:00:00:00:00"])
      expect(parseMac(bad)).toBeNull();
    expect(fmtMac(macOfMulticast4(0xefffffff))).toBe("01:00:5e:7f:ff:ff");
  });
});

describe("checksums", () => {
  it("sum as RFC 1071's example does", () => {
    expect(checksum(new Uint8Array([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), 0, 8)).toBe(0x220d);
    expect(checksum(new Uint8Array([1]), 0, 1)).toBe(0xfeff);
  });
  it("updated incrementally equal those computed afresh, for every TTL and TOS", () => {
    const b = new Uint8Array(20);
    for (let ttl = 1; ttl < 256; ttl++) {
      buildIp4(b, 0, 0, 84, ttl * 257, IP_DF, ttl, 1, 0x0a000001 + ttl, 0x0a000002);
      ip4DecrementTtl(b, 0);
      expect(ip4Ttl(b, 0)).toBe(ttl - 1);
      expect(checksum(b, 0, 20)).toBe(0);
      ip4SetTos(b, 0, ttl);
      expect(checksum(b, 0, 20)).toBe(0);
    }
    expect(updateChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0x0000); // RFC 1624 §4
  });
});

describe("builders and checks agree", () => {
  const frame = (name: string): Uint8Array => testFrames().find((f) => f.name === name)!.bytes;
  it("on good frames", () => {
    expect(ip4Check(frame("echo request"), 14, 84)).toBe(0);
    expect(icmpCheck(frame("echo request"), 34, 64)).toBe(0);
    expect(udpCheck4(frame("udp"), 34, 40, 0x0a000001, 0x0a000002)).toBe(0);
    expect(tcpCheck4(frame("tcp syn"), 34, 40, 0x0a000001, 0x0a000002)).toBe(0);
    expect(icmp6Check(frame("ns"), 54, 32, 14)).toBe(0);
    expect(udpCheck6(frame("udp6"), 54, 12, 14)).toBe(0);
    expect(ndCheck(frame("ns"), 54, 32, ND_NS_LEN)).toBe(0);
    expect(ndFindOption(frame("ns"), 54, 32, ND_NS_LEN, NdOpt.SOURCE_LL_ADDR)).toBe(78);
  });
  it("on bad ones", () => {
    expect(ip4Check(frame("bad header checksum"), 14, 36)).toBe(Ip4Bad.CHECKSUM);
    expect(ip4Check(frame("version 5"), 14, 36)).toBe(Ip4Bad.VERSION);
    expect(ip4Check(frame("header length 4"), 14, 36)).toBe(Ip4Bad.IHL);
    expect(ip4Check(frame("echo request"), 14, 50)).toBe(Ip4Bad.TOTAL_LENGTH);
    expect(ip4Check(frame("echo request"), 14, 19)).toBe(Ip4Bad.TRUNCATED);
    expect(udpCheck4(frame("udp bad checksum"), 34, 13, 0x0a000001, 0x0a000002)).toBe(UdpBad.CHECKSUM);
    expect(udpCheck4(frame("udp no checksum"), 34, 13, 0x0a000001, 0x0a000002)).toBe(0);
    expect(udpCheck6(frame("udp6 no checksum"), 54, 12, 14)).toBe(UdpBad.CHECKSUM);
    expect(ndCheck(frame("nd option of length 0"), 54, 32, ND_NS_LEN)).toBe(NdBad.OPTION);
  });
});

describe("pcap files", () => {
  it("give back what was written", () => {
    const data = new Uint8Array([1, 2, 3, 4]);
    const file = new Uint8Array([...pcapFileHeader(1), ...pcapRecord(1767225600, 123456, data, 98)]);
    const h = readPcapHeader(file);
    if (typeof h === "string") throw new Error(h);
    expect(h).toMatchObject({ linkType: 1, snaplen: 262144, bigEndian: false });
    const p = readPcapRecord(file, h, PCAP_FILE_HLEN);
    expect(p).toEqual({ sec: 1767225600, usec: 123456, frame: data, wireLen: 98, next: file.length });
    expect(readPcapRecord(file, h, file.length)).toBeNull();
  });
  it("are read big-endian and in nanoseconds", () => {
    const be = new Uint8Array([
      0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0x0b, 0xb8, 0, 0, 0, 1, 0, 0,
      0, 9, 77,
    ]);
    const h = readPcapHeader(be);
    if (typeof h === "string") throw new Error(h);
    expect(readPcapRecord(be, h, PCAP_FILE_HLEN)).toMatchObject({ sec: 5, usec: 3, wireLen: 9, frame: new Uint8Array([77]) });
  });
  it("that are hostile give libpcap's words", () => {
    const head = pcapFileHeader(1);
    expect(readPcapHeader(new Uint8Array(0))).toBe("truncated dump file; tried to read 4 file header bytes, only got 0");
    expect(readPcapHeader(head.slice(0, 20))).toBe("truncated dump file; tried to read 24 file header bytes, only got 16");
    expect(readPcapHeader(new Uint8Array(24).fill(7))).toBe("unknown file format");
    const h = readPcapHeader(head);
    if (typeof h === "string") throw new Error(h);
    const rec = pcapRecord(1, 2, new Uint8Array(60), 60);
    expect(readPcapRecord(new Uint8Array([...head, ...rec.slice(0, 10)]), h, PCAP_FILE_HLEN)).toBe(
      "truncated dump file; tried to read 16 header bytes, only got 10",
    );
    expect(readPcapRecord(new Uint8Array([...head, ...rec.slice(0, 40)]), h, PCAP_FILE_HLEN)).toBe(
      "truncated dump file; tried to read 60 captured bytes, only got 24",
    );
    rec[11] = 0x7f;
    expect(readPcapRecord(new Uint8Array([...head, ...rec]), h, PCAP_FILE_HLEN)).toMatch(
      /^invalid packet capture length [0-9]+, bigger than snaplen of 262144$/,
    );
  });
});

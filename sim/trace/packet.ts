/**
 * One line about a packet from the first bytes that a record kept (network header on): who sent it to whom, and what it
 * is. For lists and pictures; the full printers are wire/print.
 */
import { u16, u32 } from "../core/bytes.ts";
import { fmtIp4, fmtIp6 } from "../wire/addr.ts";

export type ProtocolName = "ARP" | "ICMP" | "ICMPv6" | "UDP" | "TCP" | "IPv6" | "Other";

export interface PacketSummary {
  readonly protocol: ProtocolName;
  readonly src: string;
  readonly dst: string;
  /** "echo request id 3 seq 1 ttl 64" */
  readonly info: string;
  readonly reply: boolean;
  readonly error: boolean;
}

const UNKNOWN: PacketSummary = { protocol: "Other", src: "", dst: "", info: "", reply: false, error: false };

const UNREACH: readonly string[] = [
  "net unreachable",
  "host unreachable",
  "protocol unreachable",
  "port unreachable",
  "fragmentation needed",
  "source route failed",
];

/** `protocol` is the EtherType; `h` begins at the network header and may be cut short. Never throws. */
export function summarise(protocol: number, h: Uint8Array): PacketSummary {
  if (protocol === 0x0806 && h.length >= 28) return arp(h);
  if (protocol === 0x0800 && h.length >= 20) return ip4(h);
  if (protocol === 0x86dd && h.length >= 40) return ip6(h);
  return { ...UNKNOWN, info: protocol ? `EtherType 0x${protocol.toString(16).padStart(4, "0")}` : "" };
}

function arp(h: Uint8Array): PacketSummary {
  const reply = u16(h, 6) === 2;
  const src = fmtIp4(u32(h, 14));
  const dst = fmtIp4(u32(h, 24));
  return { protocol: "ARP", src, dst, info: reply ? `${src} is here` : `who has ${dst}`, reply, error: false };
}

function ip4(h: Uint8Array): PacketSummary {
  const o = (h[0]! & 15) * 4;
  const base = { src: fmtIp4(u32(h, 12)), dst: fmtIp4(u32(h, 16)), reply: false, error: false };
  const ttl = `ttl ${h[8]}`;
  if ((u16(h, 6) & 0x1fff) !== 0)
    return { ...base, protocol: transportName(h[9]!), info: `fragment at ${(u16(h, 6) & 0x1fff) * 8} ${ttl}` };
  if (h[9] === 1 && h.length >= o + 8) {
    const type = h[o]!;
    if (type === 8 || type === 0)
      return {
        ...base,
        protocol: "ICMP",
        info: `echo ${type === 8 ? "request" : "reply"} id ${u16(h, o + 4)} seq ${u16(h, o + 6)} ${ttl}`,
        reply: type === 0,
      };
    const what =
      type === 3
        ? (UNREACH[h[o + 1]!] ?? `unreachable code ${h[o + 1]}`)
        : type === 11
          ? "time exceeded"
          : type === 5
            ? "redirect"
            : `type ${type}`;
    return { ...base, protocol: "ICMP", info: `${what} ${ttl}`, error: type === 3 || type === 11 || type === 12 };
  }
  if ((h[9] === 17 || h[9] === 6) && h.length >= o + 4)
    return { ...base, protocol: transportName(h[9]!), info: `port ${u16(h, o)} to ${u16(h, o + 2)} ${ttl}` };
  return { ...base, protocol: transportName(h[9]!), info: `protocol ${h[9]} ${ttl}` };
}

function transportName(proto: number): ProtocolName {
  return proto === 1 ? "ICMP" : proto === 6 ? "TCP" : proto === 17 ? "UDP" : "Other";
}

const ICMP6: Readonly<Record<number, string>> = {
  1: "destination unreachable",
  2: "packet too big",
  3: "time exceeded",
  128: "echo request",
  129: "echo reply",
  133: "router solicitation",
  134: "router advertisement",
  135: "neighbour solicitation",
  136: "neighbour advertisement",
  143: "multicast listener report",
};

function ip6(h: Uint8Array): PacketSummary {
  const base = { src: fmtIp6(h.slice(8, 24)), dst: fmtIp6(h.slice(24, 40)), reply: false, error: false };
  const hops = `hop limit ${h[7]}`;
  let next = h[6]!;
  let o = 40;
  if (next === 0 && h.length >= 48) {
    next = h[40]!;
    o += 8 * (h[41]! + 1);
  }
  if (next === 58 && h.length > o) {
    const type = h[o]!;
    return {
      ...base,
      protocol: "ICMPv6",
      info: `${ICMP6[type] ?? `type ${type}`} ${hops}`,
      reply: type === 129 || type === 136,
      error: type < 128,
    };
  }
  if ((next === 17 || next === 6) && h.length >= o + 4)
    return { ...base, protocol: next === 17 ? "UDP" : "TCP", info: `port ${u16(h, o)} to ${u16(h, o + 2)} ${hops}` };
  return { ...base, protocol: "IPv6", info: `next header ${next} ${hops}` };
}

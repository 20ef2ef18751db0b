/**
 * Meaning of the primitives (libpcap's gencode.c): host, net, port, protocol and link tests as trees of field tests, for Ethernet
 * and LINUX_SLL2. Invariant: like libpcap, `tcp[…]`, ports of IPv4 look only at first fragments, and IPv6 extension headers other than
 * a fragment header are not followed.
 */
import { parseMac } from "../../../wire/mac.ts";
import { LINKTYPE_LINUX_SLL2, LINKTYPE_RAW } from "../../../wire/pcap.ts";
import { IpProto } from "../../../wire/ipv4.ts";
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, ETH_P_RARP } from "../../../wire/eth.ts";
import { and, Base, FilterError, not, NotModelled, or, type Node, type RelOp } from "./ast.ts";

/** What the compiler asks the machine. */
export interface FilterEnv {
  readonly linkType: number;
  /** netmask of the device, for `ip broadcast`; 0 where unknown */
  readonly netmask: number;
  /** reading a file: there is no direction */
  readonly offline: boolean;
  host(name: string): readonly (number | Uint8Array)[];
}

export type Proto = string;
export type Dir = "" | "src" | "dst" | "or" | "and";
export type AddrKind = "" | "host" | "net" | "port" | "portrange" | "proto" | "protochain" | "gateway";

export interface Quals {
  readonly proto: Proto;
  readonly dir: Dir;
  readonly addr: AddrKind;
}

const NET_TYPES: Readonly<Record<string, number>> = {
  ip: ETH_P_IP,
  arp: ETH_P_ARP,
  rarp: ETH_P_RARP,
  ip6: ETH_P_IPV6,
  atalk: 0x809b,
  aarp: 0x80f3,
  decnet: 0x6003,
  lat: 0x6004,
  sca: 0x6007,
  moprc: 0x6002,
  mopdl: 0x6001,
};
const V4_PROTOS: Readonly<Record<string, number>> = { icmp: IpProto.ICMP, igmp: IpProto.IGMP, igrp: 9, vrrp: 112, carp: 112 };
const BOTH_PROTOS: Readonly<Record<string, number>> = {
  tcp: IpProto.TCP,
  udp: IpProto.UDP,
  sctp: IpProto.SCTP,
  pim: 103,
  ah: IpProto.AH,
  esp: IpProto.ESP,
};

export function isProtoName(word: string): boolean {
  return (
    word === "ether" ||
    word === "icmp6" ||
    word === "stp" ||
    word in NET_TYPES ||
    word in V4_PROTOS ||
    word in BOTH_PROTOS ||
    UNMODELLED.has(word)
  );
}
const UNMODELLED = new Set(["iso", "esis", "isis", "clnp", "ipx", "netbeui", "radio", "llc"]);

export class Gen {
  readonly env: FilterEnv;
  /** bytes of VLAN tags named so far: later tests look behind them, as libpcap's do */
  shift = 0;

  constructor(env: FilterEnv) {
    this.env = env;
  }

  private get sll2(): boolean {
    return this.env.linkType === LINKTYPE_LINUX_SLL2;
  }
  private get raw(): boolean {
    return this.env.linkType === LINKTYPE_RAW;
  }
  field(base: Base, off: number, size: 1 | 2 | 4, value: number, op: RelOp = "=", mask = 0xffffffff): Node {
    return { k: "field", f: { base, shift: this.shift, off, size, mask: mask >>> 0 }, op, value: value >>> 0 };
  }

  linkType(type: number): Node {
    if (this.raw) {
      // no link header: the version nibble tells IPv4 and IPv6 apart, nothing else is there
      if (type !== ETH_P_IP && type !== ETH_P_IPV6) return { k: "const", value: false };
      return this.field(Base.NET, 0, 1, type === ETH_P_IP ? 0x40 : 0x60, "=", 0xf0);
    }
    if (type <= 1500 && !this.sll2) {
      // 802.2: a length, and the service access point
      return and(this.field(Base.LINK, 12, 2, 1500, "<="), this.field(Base.LINK, 14, 1, type));
    }
    if (this.sll2) return this.shift > 0 ? this.field(Base.LINK, 18, 2, type) : this.field(Base.LINK, 0, 2, type);
    return this.field(Base.LINK, 12, 2, type);
  }

  /** `ip proto 1` and the like. */
  ipProto(v: number, version: 4 | 6): Node {
    if (version === 4) return and(this.linkType(ETH_P_IP), this.field(Base.NET, 9, 1, v));
    const direct = this.field(Base.NET, 6, 1, v);
    const fragment = and(this.field(Base.NET, 6, 1, IpProto.FRAGMENT), this.field(Base.NET, 40, 1, v));
    return and(this.linkType(ETH_P_IPV6), or(direct, fragment));
  }
  private anyIpProto(v: number): Node {
    return or(this.ipProto(v, 4), this.ipProto(v, 6));
  }

  /** A protocol name alone. */
  abbreviation(name: string): Node {
    if (name === "ether") throw new FilterError("link layer applied in wrong context");
    if (name in NET_TYPES) return this.linkType(NET_TYPES[name]!);
    if (name in V4_PROTOS) return this.ipProto(V4_PROTOS[name]!, 4);
    if (name in BOTH_PROTOS) return this.anyIpProto(BOTH_PROTOS[name]!);
    if (name === "icmp6") return this.ipProto(IpProto.ICMPV6, 6);
    if (name === "stp") return this.linkType(0x42);
    throw new NotModelled(`filter keyword '${name}'`);
  }

  /** Number after `proto`. */
  proto(v: number, q: Quals): Node {
    if (q.dir !== "") throw new FilterError("direction applied to 'proto'");
    if (q.proto === "") return this.anyIpProto(v);
    if (q.proto === "ip") return this.ipProto(v, 4);
    if (q.proto === "ip6") return this.ipProto(v, 6);
    if (q.proto === "ether") return this.linkType(v);
    throw new FilterError(`'${q.proto} proto' is bogus`);
  }

  private directions(dir: Dir, src: Node, dst: Node): Node {
    if (dir === "src") return src;
    if (dir === "dst") return dst;
    return dir === "and" ? and(src, dst) : or(src, dst);
  }

  host4(addr: number, mask: number, q: Quals, what: string): Node {
    const at = (type: number, src: number, dst: number): Node => {
      const one = (off: number): Node => this.field(Base.NET, off, 4, addr, "=", mask);
      return and(this.linkType(type), this.directions(q.dir, one(src), one(dst)));
    };
    switch (q.proto) {
      case "":
        return or(or(at(ETH_P_IP, 12, 16), at(ETH_P_ARP, 14, 24)), at(ETH_P_RARP, 14, 24));
      case "ip":
        return at(ETH_P_IP, 12, 16);
      case "arp":
        return at(ETH_P_ARP, 14, 24);
      case "rarp":
        return at(ETH_P_RARP, 14, 24);
      case "ether":
        throw new FilterError(`link-layer modifier applied to ip ${what}`);
      default:
        throw new FilterError(`'${q.proto}' modifier applied to ip ${what}`);
    }
  }

  host6(addr: Uint8Array, len: number, q: Quals, what: string): Node {
    if (q.proto !== "" && q.proto !== "ip6")
      throw new FilterError(
        q.proto === "ether" ? `link-layer modifier applied to ip6 ${what}` : `'${q.proto}' modifier applied to ip6 ${what}`,
      );
    const one = (off: number): Node => {
      let n: Node | null = null;
      for (let i = 0; i < 4; i++) {
        const bits = Math.max(0, Math.min(32, len - 32 * i));
        if (bits === 0) continue;
        const mask = (0xffffffff << (32 - bits)) >>> 0;
        const word = ((addr[4 * i]! << 24) | (addr[4 * i + 1]! << 16) | (addr[4 * i + 2]! << 8) | addr[4 * i + 3]!) >>> 0;
        n = and(n, this.field(Base.NET, off + 4 * i, 4, word, "=", mask));
      }
      return n ?? { k: "const", value: true };
    };
    return and(this.linkType(ETH_P_IPV6), this.directions(q.dir, one(8), one(24)));
  }

  mac(text: string, q: Quals): Node {
    if (q.proto !== "ether" || (q.addr !== "host" && q.addr !== "")) throw new FilterError("ethernet address used in non-ether expression");
    if (this.sll2 || this.raw)
      throw new FilterError("ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel");
    const digits = text.replace(/[.:-]/g, " ").split(" ");
    const b = digits.length === 6 ? parseMac(digits.join(":")) : parseMac((digits.join("").match(/../g) ?? []).join(":"));
    if (b === null) throw new FilterError("malloc");
    return this.directions(q.dir, this.macAt(6, b), this.macAt(0, b));
  }
  private macAt(off: number, b: Readonly<Uint8Array>): Node {
    const keep = this.shift;
    this.shift = 0; // addresses stand before any tag
    const low = this.field(Base.LINK, off + 2, 4, ((b[2]! << 24) | (b[3]! << 16) | (b[4]! << 8) | b[5]!) >>> 0);
    const n = and(low, this.field(Base.LINK, off, 2, (b[0]! << 8) | b[1]!));
    this.shift = keep;
    return n;
  }

  /** Ports lo..hi of TCP, UDP and SCTP, or of one of them. */
  ports(lo: number, hi: number, q: Quals, kind: "port" | "portrange"): Node {
    if (q.proto !== "" && q.proto !== "tcp" && q.proto !== "udp" && q.proto !== "sctp")
      throw new FilterError(`illegal qualifier of '${kind}'`);
    if (lo > 65535) throw new FilterError(`illegal port number ${lo} > 65535`);
    if (hi > 65535) throw new FilterError(`illegal port number ${hi} > 65535`);
    const protos = q.proto === "" ? [IpProto.TCP, IpProto.UDP, IpProto.SCTP] : [BOTH_PROTOS[q.proto]!];
    const at = (base: Base, off: number): Node =>
      lo === hi ? this.field(base, off, 2, lo) : and(this.field(base, off, 2, lo, ">="), this.field(base, off, 2, hi, "<="));
    const proto = (off: number): Node => protos.map((p) => this.field(Base.NET, off, 1, p)).reduce((a, b) => or(a, b));
    const v6 = and(and(this.linkType(ETH_P_IPV6), proto(6)), this.directions(q.dir, at(Base.NET, 40), at(Base.NET, 42)));
    const v4 = and(
      and(and(this.linkType(ETH_P_IP), proto(9)), this.firstFragment()),
      this.directions(q.dir, at(Base.TRANSPORT, 0), at(Base.TRANSPORT, 2)),
    );
    return or(v6, v4);
  }
  private firstFragment(): Node {
    return this.field(Base.NET, 6, 2, 0, "=", 0x1fff);
  }

  /** What must hold for `proto[…]`, and where its bytes stand. */
  accessor(name: string): { base: Base; extra: number; check: Node | null } {
    if (name === "ether") return { base: Base.LINK, extra: 0, check: null };
    if (name in NET_TYPES) return { base: Base.NET, extra: 0, check: this.linkType(NET_TYPES[name]!) };
    if (name === "icmp6")
      return { base: Base.NET, extra: 40, check: and(this.linkType(ETH_P_IPV6), this.field(Base.NET, 6, 1, IpProto.ICMPV6)) };
    const p = V4_PROTOS[name] ?? BOTH_PROTOS[name];
    if (p === undefined || name === "ah" || name === "esp")
      throw name === "ah" || name === "esp"
        ? new FilterError("unsupported index operation")
        : new NotModelled(`filter keyword '${name}[]'`);
    return { base: Base.TRANSPORT, extra: 0, check: and(this.ipProto(p, 4), this.firstFragment()) };
  }

  broadcast(proto: string): Node {
    if (proto === "" || proto === "ether") {
      if (this.sll2) throw new FilterError("not a broadcast link");
      return this.macAt(0, new Uint8Array([255, 255, 255, 255, 255, 255]));
    }
    if (proto !== "ip") throw new FilterError("only link-layer/IP broadcast filters supported");
    const hostMask = ~this.env.netmask >>> 0;
    const dst = (value: number): Node => this.field(Base.NET, 16, 4, value, "=", hostMask);
    return and(this.linkType(ETH_P_IP), or(dst(0), dst(hostMask)));
  }

  multicast(proto: string): Node {
    if (proto === "ip") return and(this.linkType(ETH_P_IP), this.field(Base.NET, 16, 1, 224, ">="));
    if (proto === "ip6") return and(this.linkType(ETH_P_IPV6), this.field(Base.NET, 24, 1, 255));
    if (proto !== "" && proto !== "ether")
      throw new FilterError("only IP multicast filters supported on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel");
    if (this.sll2)
      throw new FilterError("link-layer multicast filters supported only on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel");
    const keep = this.shift;
    this.shift = 0;
    const n = this.field(Base.LINK, 0, 1, 0, "!=", 1);
    this.shift = keep;
    return n;
  }

  /** `vlan` or `vlan N`: matches a tag, and moves what comes later behind it. */
  vlan(id: number | null): Node {
    if (this.raw) throw new FilterError("no VLAN support for Raw IP");
    if (id !== null && id > 4095) throw new FilterError(`VLAN tag ${id} greater than maximum 4095`);
    const tag = or(or(this.linkType(0x8100), this.linkType(0x88a8)), this.linkType(0x9100));
    const n = id === null ? tag : and(tag, this.field(Base.NET, 0, 2, id, "=", 0x0fff));
    this.shift += 4;
    return n;
  }

  direction(outbound: boolean): Node {
    if (this.env.offline) throw new FilterError("inbound/outbound not supported on Ethernet when reading savefiles");
    const n: Node = { k: "outbound" };
    return outbound ? n : not(n);
  }
}

/**
 * The grammar of pcap-filter(7). `and` and `or` bind alike and to the left, `not` tighter; an address without qualifiers takes those of the
 * one before it (`port 53 or 80`). Errors in libpcap's words.
 */
import { parseIp6, maskOf } from "../../../wire/addr.ts";
import { PROTOCOL_NAMES, TCP_SERVICES, UDP_SERVICES } from "../../../wire/services.ts";
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, ETH_P_RARP } from "../../../wire/eth.ts";
import { and, FilterError, not, NotModelled, or, type Arith, type BinOp, type Node, type RelOp } from "./ast.ts";
import { Gen, isProtoName, type AddrKind, type Dir, type FilterEnv, type Quals } from "./gen.ts";
import { syntaxError, tokens, type Token } from "./lex.ts";
import { rejectsAll } from "./reject.ts";

/** The expression as a tree, null for an empty one. Throws FilterError or NotModelled. */
export function compileFilter(text: string, env: FilterEnv): Node | null {
  const p = new Parser(tokens(text), env);
  if (p.atEnd()) return null;
  const n = p.expression();
  if (!p.atEnd()) syntaxError();
  if (rejectsAll(n)) throw new FilterError("expression rejects all packets");
  return n;
}

const UNSET: Quals = { proto: "undefined", dir: "", addr: "" };
const RELATIONS = new Set(["=", "!=", ">", "<", ">=", "<="]);
/** operators by rising precedence */
const LEVELS: readonly (readonly BinOp[])[] = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];
const KINDS = new Set<string>(["host", "net", "port", "portrange", "proto", "protochain", "gateway"]);
const UNMODELLED = new Set([
  "mpls",
  "pppoed",
  "pppoes",
  "geneve",
  "lane",
  "llc",
  "oam",
  "metac",
  "byte",
  "type",
  "subtype",
  "dir",
  "protochain",
  "rnr",
  "rulenum",
  "action",
  "reason",
  "ifindex",
]);

interface Value {
  readonly arith: Arith;
  /** what must hold for its loads */
  readonly check: Node | null;
}

class Parser {
  private readonly toks: readonly Token[];
  private at = 0;
  private readonly gen: Gen;
  private readonly env: FilterEnv;

  constructor(toks: readonly Token[], env: FilterEnv) {
    this.toks = toks;
    this.env = env;
    this.gen = new Gen(env);
  }

  atEnd(): boolean {
    return this.at >= this.toks.length;
  }
  private peek(): Token | null {
    return this.toks[this.at] ?? null;
  }
  private word(): string | null {
    const t = this.peek();
    return t !== null && t.k === "word" ? t.t : null;
  }
  private take(word: string): boolean {
    if (this.word() !== word) return false;
    this.at++;
    return true;
  }
  private expect(word: string): void {
    if (!this.take(word)) syntaxError();
  }

  expression(): Node {
    let [left, quals] = this.term();
    for (;;) {
      const op = this.word();
      if (op !== "and" && op !== "or") return left;
      this.at++;
      let right: Node;
      if (this.startsId()) right = this.id(quals);
      else [right, quals] = this.term();
      left = op === "and" ? and(left, right) : or(left, right);
    }
  }

  /** An address, number or name stands here, perhaps behind `not`; a number may also begin an arithmetic relation. */
  private startsId(): boolean {
    let i = this.at;
    while (this.toks[i]?.k === "word" && (this.toks[i] as { t: string }).t === "not") i++;
    const t = this.toks[i];
    if (t === undefined || t.k === "word") return false;
    if (t.k !== "num") return true;
    const after = this.toks[i + 1];
    return !(after?.k === "word" && (RELATIONS.has(after.t) || LEVELS.some((l) => (l as readonly string[]).includes(after.t))));
  }

  /** A term, and the qualifiers it leaves for a following bare address. */
  private term(): [Node, Quals] {
    if (this.take("not")) {
      const [n, q] = this.term();
      return [not(n), q];
    }
    const relation = this.relation();
    if (relation !== null) return [relation, UNSET];
    if (this.take("(")) {
      const n = this.expression();
      this.expect(")");
      return [n, UNSET];
    }
    return this.primitive();
  }

  private primitive(): [Node, Quals] {
    const first = this.word();
    if (first === null) syntaxError();
    switch (first) {
      case "broadcast":
        this.at++;
        return [this.gen.broadcast(""), UNSET];
      case "multicast":
        this.at++;
        return [this.gen.multicast(""), UNSET];
      case "less":
      case "greater":
        this.at++;
        return [{ k: "len", op: first === "less" ? "<=" : ">=", value: this.number() }, UNSET];
      case "inbound":
      case "outbound":
        this.at++;
        return [this.gen.direction(first === "outbound"), UNSET];
      case "vlan": {
        this.at++;
        const t = this.peek();
        if (t !== null && t.k === "num") {
          this.at++;
          return [this.gen.vlan(t.v), UNSET];
        }
        return [this.gen.vlan(null), UNSET];
      }
      case "ifname":
      case "on":
        throw new FilterError("ifname supported only on PF linktype");
      default:
        if (UNMODELLED.has(first)) throw new NotModelled(`filter keyword '${first}'`);
        return this.qualified();
    }
  }

  private qualified(): [Node, Quals] {
    let proto = "";
    let dir: Dir = "";
    let addr: AddrKind = "";
    const name = this.word();
    if (name !== null && isProtoName(name)) {
      proto = name;
      this.at++;
      const next = this.word();
      if (next === "broadcast" || next === "multicast") {
        this.at++;
        return [next === "broadcast" ? this.gen.broadcast(proto) : this.gen.multicast(proto), UNSET];
      }
    }
    const d = this.word();
    if (d === "src" || d === "dst") {
      this.at++;
      dir = d;
      const op = this.word();
      const other = this.toks[this.at + 1];
      if ((op === "or" || op === "and") && other?.k === "word" && other.t === (d === "src" ? "dst" : "src")) {
        this.at += 2;
        dir = op;
      }
    }
    const kind = this.word();
    if (kind !== null && KINDS.has(kind)) {
      this.at++;
      addr = kind as AddrKind;
    }
    if (dir === "" && addr === "") {
      const next = this.peek();
      if (proto === "" || (next !== null && next.k !== "word")) syntaxError();
      return [this.gen.abbreviation(proto), { proto, dir, addr }];
    }
    if (addr === "gateway") throw new FilterError("'gateway' not supported in this configuration");
    if (addr === "protochain") throw new NotModelled("filter keyword 'protochain'");
    const q: Quals = { proto, dir, addr };
    return [this.id(q), q];
  }

  /** An address or name, or several in parentheses, under the qualifiers. */
  private id(q: Quals): Node {
    if (this.take("not")) return not(this.id(q));
    if (this.take("(")) {
      let left = this.id(q);
      for (;;) {
        const op = this.word();
        if (op !== "and" && op !== "or") break;
        this.at++;
        const right = this.id(q);
        left = op === "and" ? and(left, right) : or(left, right);
      }
      this.expect(")");
      return left;
    }
    const t = this.peek();
    if (t === null || t.k === "word") syntaxError();
    this.at++;
    if (q === UNSET) syntaxError();
    switch (t.k) {
      case "num":
        return this.numberId(t.v, q);
      case "hid":
        return this.dotted(t.t, q);
      case "hid6":
        return this.v6(t.t, q);
      case "eid":
        return this.gen.mac(t.t, q);
      case "id":
        return this.named(t.t, q);
    }
  }

  private numberId(v: number, q: Quals): Node {
    if (this.word() === "/" && (q.addr === "net" || q.addr === "host" || q.addr === "")) {
      return this.dotted(String(v), q);
    }
    switch (q.addr) {
      case "port":
        return this.gen.ports(v, v, q, "port");
      case "portrange":
        return this.gen.ports(v, v, q, "portrange");
      case "proto":
        return this.gen.proto(v, q);
      default: {
        if (q.proto === "ether") throw new FilterError("illegal link layer address");
        let addr = v;
        let mask = 0xffffffff;
        if (q.addr === "net")
          while (addr !== 0 && addr < 0x1000000) {
            addr = (addr << 8) >>> 0;
            mask = (mask << 8) >>> 0;
          }
        return this.gen.host4(addr, mask, q, q.addr === "net" ? "net" : "host");
      }
    }
  }

  private dotted(text: string, q: Quals): Node {
    const parts = text.split(".").map(Number);
    if (parts.some((n) => n > 255)) throw new FilterError(`invalid IPv4 address '${text}'`);
    let addr = 0;
    for (let i = 0; i < 4; i++) addr = addr * 256 + (parts[i] ?? 0);
    let len = 8 * parts.length;
    let mask = maskOf(len);
    if (this.take("/")) {
      len = this.number();
      if (len > 32) throw new FilterError("mask length must be <= 32");
      mask = maskOf(len);
      if ((addr & ~mask) !== 0) throw new FilterError(`non-network bits set in "${text}/${len}"`);
      if (q.addr !== "net") throw new FilterError("Mask syntax for networks only");
    } else if (this.take("mask")) {
      const t = this.peek();
      if (t === null || t.k !== "hid") syntaxError();
      this.at++;
      const m = t.t.split(".").map(Number);
      if (m.some((n) => n > 255)) throw new FilterError(`invalid IPv4 address '${t.t}'`);
      mask = 0;
      for (let i = 0; i < 4; i++) mask = mask * 256 + (m[i] ?? 0);
      if ((addr & ~mask) !== 0) throw new FilterError(`non-network bits set in "${text} mask ${t.t}"`);
      if (q.addr !== "net") throw new FilterError("Mask syntax for networks only");
    }
    if (q.addr === "port" || q.addr === "portrange" || q.addr === "proto") throw new FilterError(`'${q.addr}' modifier applied to ip host`);
    if (q.proto === "ether") throw new FilterError("illegal link layer address");
    return this.gen.host4(addr >>> 0, mask >>> 0, q, q.addr === "net" ? "net" : "host");
  }

  private v6(text: string, q: Quals): Node {
    const addr = parseIp6(text)!;
    let len = 128;
    if (this.take("/")) {
      len = this.number();
      if (len > 128) throw new FilterError("mask length must be <= 128");
      for (let i = 0; i < 128; i++) {
        if (i >= len && (addr[i >> 3]! & (0x80 >> (i & 7))) !== 0) throw new FilterError(`non-network bits set in "${text}/${len}"`);
      }
    }
    if (q.addr === "port" || q.addr === "portrange" || q.addr === "proto")
      throw new FilterError(`'${q.addr}' modifier applied to ip6 host`);
    if (len !== 128 && q.addr !== "net") throw new FilterError("Mask syntax for networks only");
    return this.gen.host6(addr, len, q, q.addr === "net" ? "net" : "host");
  }

  private named(name: string, q: Quals): Node {
    switch (q.addr) {
      case "port": {
        this.gen.ports(0, 0, q, "port"); // complains about the qualifier first
        const s = serviceByName(name);
        if (s === null) throw new FilterError(`unknown port '${name}'`);
        return this.gen.ports(s.port, s.port, { ...q, proto: this.transport(q.proto, s.proto, `port '${name}'`) }, "port");
      }
      case "portrange": {
        this.gen.ports(0, 0, q, "portrange");
        const dash = name.indexOf("-");
        const lo = dash < 0 ? null : serviceByName(name.slice(0, dash));
        const hi = dash < 0 ? null : serviceByName(name.slice(dash + 1));
        if (lo === null || hi === null) throw new FilterError(`unknown port in range '${name}'`);
        const proto = this.transport(q.proto, lo.proto === hi.proto ? lo.proto : "", `port in range '${name}'`);
        return this.gen.ports(Math.min(lo.port, hi.port), Math.max(lo.port, hi.port), { ...q, proto }, "portrange");
      }
      case "proto":
        return this.gen.proto(protoByName(name, q.proto), q);
      case "net":
        throw new FilterError(`unknown network '${name}'`);
      default: {
        if (q.proto === "ether") throw new FilterError(`unknown ether host '${name}'`);
        const found = this.env.host(name);
        let n: Node | null = null;
        for (const a of found) {
          if (typeof a === "number" ? q.proto === "ip6" : q.proto !== "" && q.proto !== "ip6") continue;
          n = or(n, typeof a === "number" ? this.gen.host4(a, 0xffffffff, q, "host") : this.gen.host6(a, 128, q, "host"));
        }
        if (n === null)
          throw new FilterError(found.length === 0 ? `unknown host '${name}'` : `unknown host '${name}' for specified address family`);
        return n;
      }
    }
  }

  /** A service that exists for one transport only stands for that transport. */
  private transport(asked: string, has: string, what: string): string {
    if (asked !== "" && asked !== "sctp" && has !== "" && asked !== has) throw new FilterError(`${what} is ${has}`);
    return asked === "" ? has : asked;
  }

  private number(): number {
    const t = this.peek();
    if (t === null || t.k !== "num") syntaxError();
    this.at++;
    return t.v;
  }

  // ---- arithmetic

  /** A relation between two values, or null (nothing taken) where none stands here. */
  private relation(): Node | null {
    const from = this.at;
    const a = this.value(0);
    if (a !== null) {
      const op = this.word();
      if (op !== null && RELATIONS.has(op)) {
        this.at++;
        const b = this.value(0);
        if (b === null) syntaxError();
        const check = a.check === null ? b.check : b.check === null ? a.check : and(a.check, b.check);
        return { k: "rel", op: op as RelOp, a: a.arith, b: b.arith, check };
      }
    }
    this.at = from;
    return null;
  }

  private value(level: number): Value | null {
    if (level === LEVELS.length) return this.factor();
    let left = this.value(level + 1);
    if (left === null) return null;
    for (;;) {
      const op = this.word();
      if (op === null || !(LEVELS[level] as readonly string[]).includes(op)) return left;
      this.at++;
      const right = this.value(level + 1);
      if (right === null) return null;
      if ((op === "/" || op === "%") && right.arith.k === "num" && right.arith.value === 0)
        throw new FilterError(op === "/" ? "division by zero" : "modulus by zero");
      // the right operand's protocol is not checked: so it is in libpcap 1.10.3
      left = { arith: { k: "bin", op: op as BinOp, a: left.arith, b: right.arith }, check: left.check };
    }
  }

  private factor(): Value | null {
    const t = this.peek();
    if (t === null) return null;
    if (t.k === "num") {
      this.at++;
      return { arith: { k: "num", value: t.v }, check: null };
    }
    if (t.k !== "word") return null;
    if (t.t === "len") {
      this.at++;
      return { arith: { k: "len" }, check: null };
    }
    if (t.t === "-") {
      this.at++;
      const v = this.factor();
      return v === null ? null : { arith: { k: "neg", a: v.arith }, check: v.check };
    }
    if (t.t === "(") {
      this.at++;
      const v = this.value(0);
      return v !== null && this.take(")") ? v : null;
    }
    const next = this.toks[this.at + 1];
    if (!isProtoName(t.t) || next?.k !== "word" || next.t !== "[") return null;
    this.at += 2;
    const index = this.value(0);
    if (index === null) syntaxError();
    const size = this.take(":") ? this.number() : 1;
    this.expect("]");
    if (size !== 1 && size !== 2 && size !== 4) throw new FilterError("data size must be 1, 2, or 4");
    const acc = this.gen.accessor(t.t);
    const check: Node | null = index.check === null ? acc.check : acc.check === null ? index.check : and(index.check, acc.check);
    return { arith: { k: "load", base: acc.base, shift: this.gen.shift, extra: acc.extra, at: index.arith, size }, check };
  }
}

/** Port and transport ("" for both) of a service name or number. */
function serviceByName(name: string): { readonly port: number; readonly proto: "" | "tcp" | "udp" } | null {
  if (/^[0-9]+$/.test(name)) return Number(name) > 65535 ? null : { port: Number(name), proto: "" };
  const port = (m: ReadonlyMap<number, string>): number => {
    for (const [p, n] of m) if (n === name) return p;
    return -1;
  };
  const tcp = port(TCP_SERVICES);
  const udp = port(UDP_SERVICES);
  if (tcp < 0) return udp < 0 ? null : { port: udp, proto: "udp" };
  return { port: tcp, proto: udp === tcp ? "" : "tcp" };
}

const ETHER_PROTOS: Readonly<Record<string, number>> = {
  ip: ETH_P_IP,
  ip6: ETH_P_IPV6,
  arp: ETH_P_ARP,
  rarp: ETH_P_RARP,
  atalk: 0x809b,
  aarp: 0x80f3,
  decnet: 0x6003,
  lat: 0x6004,
  loopback: 0x9000,
  stp: 0x42,
};

function protoByName(name: string, qualifier: string): number {
  if (qualifier === "ether") {
    const v = ETHER_PROTOS[name];
    if (v === undefined) throw new FilterError(`unknown ether proto '${name}'`);
    return v;
  }
  for (const [v, n] of PROTOCOL_NAMES) if (n === name) return v;
  throw new FilterError(`unknown ip proto '${name}'`);
}

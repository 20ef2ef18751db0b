/** Sockets of the UDP addresses: made with their options, bound, and named by host and port as socat resolves them. */
import { put32 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { UDP_SERVICES } from "../../wire/services.ts";
import { AF, type Call, IPPROTO, type RecvMeta, SOCK, type SockAddr, type Sys } from "../../kernel/abi.ts";
import { getaddrinfo } from "../lib/resolve.ts";
import { BUFFER } from "./log.ts";
import type { Open } from "./open.ts";
import { fmtSock, move, quoted } from "./stream.ts";

/** The family that the keyword names ("UDP4"), that pf= or -4/-6 ask for, or 0. */
export function familyOf(o: Open): 0 | 2 | 10 {
  if (o.keyword.startsWith("UDP4")) return 2;
  if (o.keyword.startsWith("UDP6")) return 10;
  const pf = o.opts.text("pf");
  if (pf !== null) return /6/.test(pf) ? 10 : 2;
  return o.prefer;
}

/** parseport: a number (of which the low 16 bits count) or a service of /etc/services. */
export function* port(o: Open, text: string): Call<number> {
  const digits = /^[0-9]+/.exec(text)?.[0];
  if (digits === undefined) {
    for (const [n, name] of UDP_SERVICES) if (name === text) return n;
    return yield* o.log.error(`cannot resolve service ${quoted(`${text}/17`)}`);
  }
  if (digits.length < text.length)
    yield* o.log.error(`parseport(${quoted(text)}, 17): extra trailing data ${quoted(text.slice(digits.length))}`);
  return Number(digits) & 0xffff;
}

export function* resolve(o: Open, host: string, portText: string | null): Call<SockAddr> {
  const family = familyOf(o);
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const p = portText === null ? 0 : yield* port(o, portText);
  const r = yield* getaddrinfo(o.sys, bare, family);
  if (typeof r === "string" || r.addrs.length === 0)
    return yield* o.log.error(
      `getaddrinfo(${quoted(bare)}, "NULL", {1,${family},2,17}, {}): ${typeof r === "string" ? r : "Name or service not known"}`,
    );
  const a = r.addrs[0]!;
  return a.family === 2 ? { family: 2, addr: a.addr, port: p } : { family: 10, addr: a.addr, port: p, scopeId: a.scopeId };
}

function any(family: 2 | 10, p: number): SockAddr {
  return family === 2 ? { family: 2, addr: 0, port: p } : { family: 10, addr: new Uint8Array(16), port: p, scopeId: 0 };
}

/** A socket with the options that count before binding; bound where bind=, sourceport= or `listen` ask for it. */
export function* makeSocket(o: Open, family: 2 | 10, listen: number | null, reuse: boolean): Call<number> {
  const { sys, log, opts } = o;
  const fd = yield* move(sys, yield* sys.socket(family === 2 ? AF.INET : AF.INET6, SOCK.DGRAM, IPPROTO.UDP));
  if (fd < 0) yield* log.error(`socket(${family}, 2, 17): ${strerror(fd)}`);
  const set = function* (name: string, opt: Parameters<typeof sys.setsockopt>[1], value: number | string | null): Call<void> {
    if (value === null) return;
    const r = yield* sys.setsockopt(fd, opt, value);
    if (r < 0) yield* log.error(`setsockopt(${fd}, ${name}): ${strerror(r)}`);
  };
  if (reuse || opts.has("reuseaddr")) yield* set("SO_REUSEADDR", "SO_REUSEADDR", 1);
  if (opts.has("broadcast")) yield* set("SO_BROADCAST", "SO_BROADCAST", 1);
  yield* set("SO_BINDTODEVICE", "SO_BINDTODEVICE", opts.text("so-bindtodevice"));
  yield* set("SO_RCVBUF", "SO_RCVBUF", opts.number("rcvbuf"));
  yield* set("SO_SNDBUF", "SO_SNDBUF", opts.number("sndbuf"));
  yield* set("SO_MARK", "SO_MARK", opts.number("mark"));
  yield* set("IP_TTL", "IP_TTL", opts.number("ttl"));
  yield* set("IP_TOS", "IP_TOS", opts.number("tos"));
  const local = yield* localAddress(o, family, listen);
  if (local !== null) {
    const r = yield* sys.bind(fd, local);
    if (r < 0) yield* log.error(`bind(${fd}, {${fmtSock(local)}}, ${family === 2 ? 16 : 28}): ${strerror(r)}`);
  }
  yield* join4(o, fd);
  yield* join6(o, fd);
  return fd;
}

const hex = (n: number): string => `0x${n.toString(16).padStart(8, "0")}`;

/** ip-add-membership=GROUP:DEVICE, GROUP:ADDRESS or GROUP:ADDRESS:DEVICE; a device by name or number. */
function* join4(o: Open, fd: number): Call<void> {
  const text = o.opts.text("ip-add-membership");
  if (text === null) return;
  const [group = "", second, third] = text.split(":");
  if (second === undefined) return yield* o.log.error(`syntax in option ${text}: missing ':'`);
  const of = function* (host: string): Call<number> {
    const r = yield* getaddrinfo(o.sys, host, 2);
    if (typeof r !== "string" && r.addrs[0]?.family === 2) return r.addrs[0].addr;
    return yield* o.log.error(
      `getaddrinfo(${quoted(host)}, "NULL", {1,2,2,0}, {}): ${typeof r === "string" ? r : "Name or service not known"}`,
    );
  };
  const mreqn = new Uint8Array(12);
  put32(mreqn, 0, yield* of(group));
  let ifindex = yield* deviceIndex(o.sys, third ?? second);
  if (third !== undefined || ifindex === 0) put32(mreqn, 4, yield* of(second));
  if (third !== undefined && ifindex === 0) return yield* o.log.error(`interface ${quoted(third)} not found`);
  mreqn[8] = ifindex & 255;
  mreqn[9] = ifindex >>> 8;
  const r = yield* o.sys.setsockopt(fd, "IP_ADD_MEMBERSHIP", mreqn);
  const le = (at: number): string => hex((mreqn[at]! | (mreqn[at + 1]! << 8) | (mreqn[at + 2]! << 16) | (mreqn[at + 3]! << 24)) >>> 0);
  if (r < 0) yield* o.log.error(`setsockopt(${fd}, 0, 35, {${le(0)},${le(4)},${ifindex}}, 12): ${strerror(r)}`);
}

/** ipv6-join-group=[GROUP]:DEVICE */
function* join6(o: Open, fd: number): Call<void> {
  const text = o.opts.text("ipv6-join-group");
  if (text === null) return;
  const m = /^(\[[^\]]*\]|[^:]*):(.*)$/.exec(text);
  if (m === null) return yield* o.log.error(`syntax in option ${text}: missing ':'`);
  const a = yield* resolve(o, m[1]!, null);
  const ifindex = yield* deviceIndex(o.sys, m[2]!);
  if (a.family !== 10) return yield* o.log.error(`syntax in option ${text}: no IPv6 address`);
  if (ifindex === 0) return yield* o.log.error(`interface ${quoted(m[2]!)} not found`);
  const mreq = new Uint8Array(20);
  mreq.set(a.addr);
  mreq[16] = ifindex & 255;
  mreq[17] = ifindex >>> 8;
  const r = yield* o.sys.setsockopt(fd, "IPV6_JOIN_GROUP", mreq);
  if (r < 0) yield* o.log.error(`setsockopt(${fd}, 41, 20, {…,${ifindex}}, 20): ${strerror(r)}`);
}

/** if_nametoindex, or a number; 0 none */
function* deviceIndex(sys: Sys, name: string): Call<number> {
  if (/^[0-9]+$/.test(name)) return Number(name);
  const r = yield* sys.rtnetlink({ type: "RTM_GETLINK", name });
  return (r.ok && r.links?.[0]?.ifindex) || 0;
}

/** bind=HOST, bind=:PORT, bind=HOST:PORT; sourceport= fills the port in where bind= has none. */
function* localAddress(o: Open, family: 2 | 10, listen: number | null): Call<SockAddr | null> {
  const text = o.opts.text("bind");
  const source = o.opts.text("sourceport");
  let p = listen;
  if (source !== null && p === null) p = yield* port(o, source);
  if (text === null) return p === null ? null : any(family, p);
  const m = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(text);
  const host = m?.[1] ?? text;
  if (m?.[2] !== undefined && m[2] !== "" && listen === null) p = yield* port(o, m[2]);
  if (host === "") return any(family, p ?? 0);
  const a = yield* resolve(o, host, null);
  return a.family === 2 || a.family === 10 ? { ...a, port: p ?? 0 } : a;
}

/** The next datagram; signals are seen to meanwhile. */
export function* receive(o: Open, fd: number, max: number): Call<RecvMeta> {
  for (;;) {
    const m = yield* o.sys.recvfrom(fd, max, {});
    if (typeof m !== "number") return m;
    if (m === -Errno.EINTR) yield* o.log.signals();
    else return yield* o.log.error(`read(${fd}, ${BUFFER}, ${max}): ${strerror(m)}`);
  }
}

export function samePeer(a: SockAddr | null, b: SockAddr): boolean {
  if (a === null || a.family !== b.family) return false;
  if (a.family === 2 && b.family === 2) return a.addr === b.addr && a.port === b.port;
  return a.family === 10 && b.family === 10 && a.port === b.port && a.addr.every((x, i) => x === b.addr[i]);
}

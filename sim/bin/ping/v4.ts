/** Echo over IPv4: requests out, replies and errors in. On a raw socket the IP header comes along, on a ping socket not. */
import { Errno } from "../../core/result.ts";
import { u32 } from "../../core/bytes.ts";
import { addr4, bytes4, nameOf, type HostsEntry } from "../lib/resolve.ts";
import type { Call, SockAddr } from "../../kernel/abi.ts";
import { fmtIp4 } from "../../wire/addr.ts";
import { checksum } from "../../wire/checksum.ts";
import { buildIcmpEcho, IcmpType, parseIcmp } from "../../wire/icmp4.ts";
import { ECHO_HLEN, type Family, fillData, type Ping, type Received } from "./session.ts";
import { icmp4Text } from "./texts.ts";

/** ICMP_FILTER: a bit set is a type not wanted */
export const FILTER_FIRST = ~((1 << 0) | (1 << 3) | (1 << 4) | (1 << 5) | (1 << 11) | (1 << 12));
/** once an error came through the error queue its raw copy is not wanted any more */
const FILTER_LATER = ~((1 << 0) | (1 << 4) | (1 << 5));

const IPOPT_RR = 7;
const IPOPT_TS = 68;

/** State of one run; `hosts` null: print addresses only. */
export function family4(dst: number, hosts: readonly HostsEntry[] | null): Family {
  let filtered = false;
  let lastRoute = "";
  const to: SockAddr = { family: 2, addr: dst, port: 0 };
  const show = (addr: number): string => {
    const name = hosts === null ? null : nameOf(hosts, bytes4(addr));
    return name === null ? fmtIp4(addr) : `${name} (${fmtIp4(addr)})`;
  };

  return {
    *send(p: Ping, seq: number): Call<number> {
      const b = new Uint8Array(ECHO_HLEN + p.cfg.dataLen);
      fillData(b, p.cfg, yield* p.io.sys.clock_gettime("realtime"));
      buildIcmpEcho(b, 0, IcmpType.ECHO, p.ident, seq, p.cfg.dataLen);
      const r = yield* p.io.sys.sendto(p.fd, b, to, 0);
      return r < 0 ? r : 0;
    },

    *receive(p: Ping, m: Received): Call<boolean> {
      let data = m.data;
      let options = data.subarray(0, 0);
      if (p.raw) {
        const hlen = (data[0]! & 15) * 4;
        if (data.length < hlen + ECHO_HLEN || hlen < 20) {
          if (p.cfg.verbose) yield* p.complain(`packet too short (${data.length} bytes) from ${show(addr4(m.source))}`);
          return false;
        }
        options = data.subarray(20, hlen);
        data = data.subarray(hlen);
      }
      const icmp = parseIcmp(data);
      if (icmp === null) return false;
      const badSum = p.raw && checksum(data, 0, data.length) !== 0;
      if (icmp.type === IcmpType.ECHOREPLY) {
        if (p.raw && icmp.id !== p.ident) return false;
        const from = addr4(m.source);
        const tail = options.length > 0 && !p.cfg.flood ? routeText(options) : "";
        yield* p.reply(m, show(from), data, icmp.seq, badSum, !p.anySource && from !== dst, tail);
        return true;
      }
      if (![3, 4, 5, 11, 12].includes(icmp.type) || data.length < ECHO_HLEN + 20 + ECHO_HLEN) return false;
      // an error about one of our requests, quoted behind the header
      const inner = ECHO_HLEN + (data[ECHO_HLEN]! & 15) * 4;
      const quoted = parseIcmp(data, inner);
      if (u32(data, ECHO_HLEN + 16) !== dst || quoted === null || quoted.type !== IcmpType.ECHO || quoted.id !== p.ident) return false;
      if (icmp.type !== IcmpType.SOURCE_QUENCH && icmp.type !== IcmpType.REDIRECT) {
        p.stats.acknowledge(quoted.seq);
        return true;
      }
      if (p.cfg.quiet || p.cfg.flood) return false;
      yield* p.stamp();
      const from = show(addr4(m.source));
      yield* p.io.out.print(
        `From ${from}: icmp_seq=${quoted.seq} ${badSum ? "(BAD CHECKSUM)" : ""}${icmp4Text(icmp.type, icmp.code, 0, show(icmp.rest))}\n`,
      );
      yield* p.io.out.flush();
      return false;
    },

    *receiveError(p: Ping): Call<number> {
      const m = yield* p.io.sys.recvfrom(p.fd, 512, { errqueue: true });
      if (typeof m === "number") return m === -Errno.EAGAIN || m === -Errno.EINTR ? -1 : 0;
      const e = m.err;
      if (e === null) return 0;
      if (e.origin === "local") {
        yield* p.localError(e.errno, `mtu=${e.info}`);
        return -1;
      }
      const quoted = parseIcmp(m.data);
      if (
        quoted === null ||
        m.from?.family !== 2 ||
        m.from.addr !== dst ||
        quoted.type !== IcmpType.ECHO ||
        (p.raw && quoted.id !== p.ident)
      )
        return 0;
      p.stats.acknowledge(quoted.seq);
      if (p.raw && !filtered) {
        filtered = true;
        yield* p.io.sys.setsockopt(p.fd, "ICMP_FILTER", FILTER_LATER);
      }
      p.stats.errors++;
      const offender = e.offender?.family === 2 ? show(e.offender.addr) : "0.0.0.0";
      yield* p.printError(offender, quoted.seq, icmp4Text(e.type, e.code, e.info, ""));
      return 1;
    },
  };

  /** What a reply's options say: a record route (or "(same route)" when it did not change), timestamps. */
  function routeText(options: Uint8Array): string {
    let out = "";
    for (let i = 0; i < options.length && options[i] !== 0;) {
      if (options[i] === 1) {
        out += "\nNOP";
        i++;
        continue;
      }
      const len = options[i + 1] ?? 0;
      if (len < 2) break;
      if (options[i] === IPOPT_RR) out += recordedRoute(options, i, len);
      else if (options[i] === IPOPT_TS) out += timestamps(options, i, len);
      else out += `\nunknown option ${options[i]!.toString(16)}`;
      i += len;
    }
    return out;
  }

  function recordedRoute(options: Uint8Array, i: number, len: number): string {
    const used = Math.min(options[i + 2]! - 1, len);
    let lines = "";
    for (let k = i + 3; k + 4 <= i + used; k += 4) lines += `${lines === "" ? "" : "\t"}${show(u32(options, k))}\n`;
    if (lines === "") return "";
    if (lines === lastRoute) return "\t(same route)";
    lastRoute = lines;
    return `\nRR: \t${lines}`;
  }

  /** The first time as it is, the others as differences; bit 31 marks a clock that does not count from midnight. */
  function timestamps(options: Uint8Array, i: number, len: number): string {
    let left = Math.min(options[i + 2]!, len) - 5;
    if (left <= 0) return "";
    const flags = options[i + 3]!;
    let at = i + 4;
    let standard = 0;
    let other = 0;
    let out = "\nTS: ";
    while (left > 0) {
      if ((flags & 15) !== 0) {
        const a = u32(options, at);
        out += `\t${a === 0 ? "0.0.0.0" : show(a)}`;
        at += 4;
        left -= 4;
        if (left <= 0) break;
      }
      const t = u32(options, at);
      at += 4;
      left -= 4;
      const ms = t & 0x7fffffff;
      if (t >= 0x80000000) {
        out += other === 0 ? `\t${ms} absolute not-standard` : `\t${ms - other} not-standard`;
        other = ms;
      } else {
        out += standard === 0 ? `\t${ms} absolute` : `\t${ms - standard}`;
        standard = ms;
      }
      out += "\n";
    }
    return flags >> 4 !== 0 ? `${out}Unrecorded hops: ${flags >> 4}\n` : out;
  }
}

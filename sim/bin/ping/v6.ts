/** Echo over IPv6: requests out, replies and errors in. Raw ICMPv6 sockets give no IP header; the kernel does the checksum. */
import { Errno } from "../../core/result.ts";
import { equalBytes } from "../../core/bytes.ts";
import { nameOf, type HostsEntry } from "../lib/resolve.ts";
import type { Call, SockAddr } from "../../kernel/abi.ts";
import { fmtIp6, isLinkLocal6, isMulticast6 } from "../../wire/addr.ts";
import { Icmp6Type, parseIcmp6 } from "../../wire/icmp6.ts";
import { put16 } from "../../core/bytes.ts";
import { ECHO_HLEN, type Family, fillData, type Ping, type Received } from "./session.ts";
import { icmp6Text } from "./texts.ts";

/** `devices`: names by ifindex, for the zone behind link-local addresses; `hosts` null: print addresses only. */
export function family6(
  dst: Uint8Array,
  scopeId: number,
  devices: ReadonlyMap<number, string>,
  hosts: readonly HostsEntry[] | null,
): Family {
  const to: SockAddr = { family: 10, addr: dst, port: 58, scopeId };
  const show = (addr: Uint8Array, scope: number): string => {
    const text = showIp6(addr, scope, devices);
    const name = hosts === null ? null : nameOf(hosts, addr);
    return name === null ? text : `${name} (${text})`;
  };

  return {
    *send(p: Ping, seq: number): Call<number> {
      const b = new Uint8Array(ECHO_HLEN + p.cfg.dataLen);
      fillData(b, p.cfg, yield* p.io.sys.clock_gettime("realtime"));
      b[0] = Icmp6Type.ECHO_REQUEST;
      put16(b, 4, p.ident);
      put16(b, 6, seq);
      const r = yield* p.io.sys.sendto(p.fd, b, to, 0);
      return r < 0 ? r : 0;
    },

    *receive(p: Ping, m: Received): Call<boolean> {
      const icmp = parseIcmp6(m.data);
      if (icmp === null) return false;
      if (icmp.type === Icmp6Type.ECHO_REPLY) {
        const id = (m.data[4]! << 8) | m.data[5]!;
        const seq = (m.data[6]! << 8) | m.data[7]!;
        if (p.raw && id !== p.ident) return false;
        yield* p.reply(m, show(m.source, m.scopeId), m.data, seq, false, !p.anySource && !equalBytes(m.source, dst), "");
        return true;
      }
      return false;
    },

    *receiveError(p: Ping): Call<number> {
      const m = yield* p.io.sys.recvfrom(p.fd, 512, { errqueue: true });
      if (typeof m === "number") return m === -Errno.EAGAIN || m === -Errno.EINTR ? -1 : 0;
      const e = m.err;
      if (e === null) return 0;
      if (e.origin === "local") {
        yield* p.localError(e.errno, `mtu: ${e.info}`);
        return -1;
      }
      const b = m.data;
      if (b.length < ECHO_HLEN || b[0] !== Icmp6Type.ECHO_REQUEST || m.from?.family !== 10 || !equalBytes(m.from.addr, dst)) return 0;
      if (p.raw && ((b[4]! << 8) | b[5]!) !== p.ident) return 0;
      const seq = (b[6]! << 8) | b[7]!;
      p.stats.acknowledge(seq);
      p.stats.errors++;
      const offender = e.offender?.family === 10 ? show(e.offender.addr, e.offender.scopeId) : "::";
      yield* p.printError(offender, seq, icmp6Text(e.type, e.code, e.info));
      return 1;
    },
  };
}

/** An address as getnameinfo prints it: with %DEVICE when it is link-local and the device is known. */
export function showIp6(addr: Uint8Array, scope: number, devices: ReadonlyMap<number, string>): string {
  const linkLocal = isLinkLocal6(addr) || (isMulticast6(addr) && ((addr[1]! & 15) === 1 || (addr[1]! & 15) === 2));
  if (scope === 0 || !linkLocal) return fmtIp6(addr);
  return `${fmtIp6(addr)}%${devices.get(scope) ?? scope}`;
}

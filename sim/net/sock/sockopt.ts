/** setsockopt and getsockopt of IPv4 sockets: SOL_SOCKET and SOL_IP options (sk_setsockopt, do_ip_setsockopt). */
import { Errno } from "../../core/result.ts";
import { socketOptions } from "../ip/options.ts";
import { u32 } from "../../core/bytes.ts";
import { type InetSock, sockError, sockMtu } from "./inet.ts";
import type { Sock } from "./socket.ts";
import { membership4 } from "./membership.ts";

const TIMEOUTS = ["SO_RCVTIMEO", "SO_SNDTIMEO"];

/** Options that every socket has. null: not one of them. */
export function setSocketOption(sk: InetSock, opt: string, value: number | string | Uint8Array): number | null {
  switch (opt) {
    case "SO_BINDTODEVICE": {
      if (typeof value === "number") return -Errno.EINVAL;
      const name = typeof value === "string" ? value : String.fromCharCode(...value).replace(/\0.*$/, "");
      if (sk.boundDev !== 0 && !sk.cred.netRaw) return -Errno.EPERM;
      if (name === "") {
        sk.boundDev = 0;
        return 0;
      }
      const dev = sk.ns.devByName(name);
      if (!dev) return -Errno.ENODEV;
      sk.boundDev = dev.ifindex;
      return 0;
    }
    case "SO_BROADCAST":
      sk.broadcast = num(value) !== 0;
      return 0;
    case "SO_REUSEADDR":
      sk.reuseaddr = num(value) !== 0;
      return 0;
    case "SO_RCVBUF":
      // the kernel doubles what is asked for, for its own overhead
      sk.rcvbuf = Math.max(2 * Math.min(num(value), sk.ns.sysctl.core.rmem_max), 2304);
      return 0;
    case "SO_SNDBUF":
      sk.sndbuf = Math.max(2 * Math.min(num(value), sk.ns.sysctl.core.wmem_max), 4608);
      return 0;
    case "SO_MARK":
      if (!sk.cred.netAdmin && !sk.cred.netRaw) return -Errno.EPERM;
      sk.mark = num(value) >>> 0;
      return 0;
    case "SO_PRIORITY":
      if ((num(value) < 0 || num(value) > 6) && !sk.cred.netAdmin && !sk.cred.netRaw) return -Errno.EPERM;
      sk.priority = num(value);
      return 0;
    case "SO_ERROR":
      return -Errno.ENOPROTOOPT;
  }
  if (TIMEOUTS.includes(opt)) return 0; // the caller of recvfrom passes its timeout itself
  return null;
}

function num(v: number | string | Uint8Array): number {
  return typeof v === "number" ? v : typeof v === "string" ? 0 : v.length >= 4 ? u32(v, 0) : (v[0] ?? 0);
}

export function inetSetsockopt(sk0: Sock, opt: string, value: number | string | Uint8Array): number {
  const sk = sk0 as InetSock;
  const common = setSocketOption(sk, opt, value);
  if (common !== null) return common;
  switch (opt) {
    case "IP_TTL": {
      const v = num(value);
      if (v !== -1 && (v < 1 || v > 255)) return -Errno.EINVAL;
      sk.ttl = v;
      return 0;
    }
    case "IP_TOS":
      sk.tos = num(value) & 0xff;
      return 0;
    case "IP_MTU_DISCOVER":
      if (num(value) < 0 || num(value) > 5) return -Errno.EINVAL;
      sk.pmtudisc = num(value);
      return 0;
    case "IP_RECVERR":
      sk.recverr = num(value) !== 0;
      if (!sk.recverr) sk.errq.length = 0;
      return 0;
    case "IP_RECVTTL":
      return 0; // every received datagram carries its TTL
    case "IP_HDRINCL":
      if (sk.type !== 3) return -Errno.ENOPROTOOPT;
      sk.hdrincl = num(value) !== 0;
      return 0;
    case "IP_MULTICAST_TTL": {
      const v = num(value);
      if (v < -1 || v > 255) return -Errno.EINVAL;
      sk.mcTtl = v === -1 ? 1 : v;
      return 0;
    }
    case "IP_MULTICAST_IF": {
      const v = num(value);
      if (v !== 0 && !sk.ns.devs.has(v)) return -Errno.EADDRNOTAVAIL;
      sk.mcIf = v;
      return 0;
    }
    case "IP_ADD_MEMBERSHIP":
    case "IP_DROP_MEMBERSHIP":
      if (!(value instanceof Uint8Array)) return -Errno.EINVAL;
      return membership4(sk.ns, sk.memberships, value, opt === "IP_ADD_MEMBERSHIP");
    case "IP_OPTIONS": {
      if (!(value instanceof Uint8Array)) return -Errno.EINVAL;
      const o = socketOptions(sk.ns, value);
      if (typeof o === "number") return o;
      sk.options = o;
      return 0;
    }
    case "IP_FREEBIND":
      sk.freebind = num(value) !== 0;
      return 0;
  }
  return -Errno.ENOPROTOOPT;
}

export function inetGetsockopt(sk0: Sock, opt: string): number {
  const sk = sk0 as InetSock;
  switch (opt) {
    case "SO_ERROR":
      return -sockError(sk);
    case "SO_RCVBUF":
      return sk.rcvbuf;
    case "SO_SNDBUF":
      return sk.sndbuf;
    case "SO_BROADCAST":
      return sk.broadcast ? 1 : 0;
    case "SO_MARK":
      return sk.mark;
    case "SO_PRIORITY":
      return sk.priority;
    case "SO_BINDTODEVICE":
      return sk.boundDev;
    case "IP_TTL":
      return sk.ttl < 0 ? sk.ns.sysctl.ipv4.ip_default_ttl : sk.ttl;
    case "IP_TOS":
      return sk.tos;
    case "IP_MTU_DISCOVER":
      return sk.pmtudisc;
    case "IP_RECVERR":
      return sk.recverr ? 1 : 0;
    case "IP_HDRINCL":
      return sk.hdrincl ? 1 : 0;
    case "IP_MULTICAST_TTL":
      return sk.mcTtl;
    case "IP_MTU":
      return sockMtu(sk);
  }
  return -Errno.ENOPROTOOPT;
}

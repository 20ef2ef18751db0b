/** IPv6's place in the stack: a namespace's state, socket creation, and the registration of all that with a NetWorld. */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { ETH_P_IPV6 } from "../../wire/eth.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { fragsClear } from "../ip/inet-fragment.ts";
import { igmpTimer } from "../ip/igmp.ts";
import { lifetimeTimer4 } from "../ip/inetaddr.ts";
import { InDevice } from "../ip/state.ts";
import { NeighTable } from "../neigh/state.ts";
import { neighTableClear } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { raw6Socket } from "../sock/raw6.ts";
import type { Sock, SockCred } from "../sock/socket.ts";
import { udp6Socket } from "../sock/udp6.ts";
import { tcpSocket } from "../tcp/socket.ts";
import type { NetWorld } from "../world.ts";
import { lifetimeTimer6 } from "./addr6.ts";
import { ip6Notifier, ip6SysctlChange } from "./addrconf.ts";
import { addrconfTimer } from "./dad.ts";
import { icmp6Send } from "./icmp6-send.ts";
import { fib6Gc } from "./fib6.ts";
import { DEFAULT_RULES6 } from "./lookup6.ts";
import { mldGroupTimer, mldTimer } from "./mld.ts";
import { ND_OPS } from "./ndisc.ts";
import { ip6Rcv } from "./rcv.ts";
import { type Inet6Dev, type Inet6Ifaddr, Ip6Ns, type McGroup } from "./state.ts";

function ip6NsInit(ns: NetNs): void {
  const rng = ns.net.prng(`${ns.label}/ip6`);
  ns.ip6 = new Ip6Ns(ns, new NeighTable(ns, 10, ND_OPS, rng.split("neigh")), { icmp6Send }, rng, DEFAULT_RULES6);
}

function ip6NsExit(ns: NetNs): void {
  neighTableClear(ns.ip6.nd);
  fragsClear(ns.ip6.frags);
}

/** Puts IPv6 into the world's tables, after IPv4: timers that both use are answered here by the owner's type. */
export function ip6Register(net: NetWorld): void {
  net.protocols.set(ETH_P_IPV6, ip6Rcv);
  net.notifiers.push(ip6Notifier);
  net.sysctlListeners.push(ip6SysctlChange);
  net.nsInit.push(ip6NsInit);
  net.nsExit.push(ip6NsExit);
  net.sockFamilies.set(10, inet6Socket);
  net.sched.on(TimerKind.ADDRCONF, (o: Inet6Ifaddr | Inet6Dev) => addrconfTimer(o));
  net.sched.on(TimerKind.FIB6_GC, (ns: NetNs) => fib6Gc(ns));
  net.sched.on(TimerKind.MCAST_GROUP, (g: McGroup) => mldGroupTimer(g));
  net.sched.on(TimerKind.MCAST, (o: InDevice | Inet6Dev, arg: number) => (o instanceof InDevice ? igmpTimer(o) : mldTimer(o, arg)));
  net.sched.on(TimerKind.ADDR_LIFETIME, (o: InDevice | Inet6Dev) => (o instanceof InDevice ? lifetimeTimer4(o) : lifetimeTimer6(o)));
}

/** inet6_create: socket(AF_INET6, type, protocol). ICMPv6 datagram sockets are not here. */
function inet6Socket(ns: NetNs, type: number, protocol: number, cred: SockCred): Sock | number {
  switch (type) {
    case 1:
      return protocol === 0 || protocol === IpProto.TCP ? tcpSocket(ns, cred, 10) : -Errno.EPROTONOSUPPORT;
    case 3:
      return raw6Socket(ns, protocol, cred);
    case 2:
      if (protocol === 0 || protocol === IpProto.UDP) return udp6Socket(ns, cred);
      return protocol === IpProto.ICMPV6 ? -Errno.EACCES : -Errno.EPROTONOSUPPORT;
    default:
      return -Errno.ESOCKTNOSUPPORT;
  }
}

/**
 * Adding and removing addresses of a device (__inet_insert_ifa, __inet_del_ifa of net/ipv4/devinet.c), with primary and
 * secondary ones and promotion, and lifetimes.
 */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { SEC } from "../../core/time.ts";
import { fibAddIfaddr, fibDelIfaddr, fibDisableIp } from "../fib/frontend.ts";
import { type RtnlReply, RTNL_OK, rtnlError } from "../rtnl/messages.ts";
import { IfaF } from "../rtnl/messages.ts";
import { in4 } from "../sysctl-conf.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { ifaMatch } from "./devinet.ts";
import { type InDevice, INFINITE_LIFETIME, type InIfaddr } from "./state.ts";

function announce(indev: InDevice, ifa: InIfaddr): void {
  const ns = indev.dev.ns;
  ns.ip4.gen++;
  ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.EV_ADDR, Verdict.EVENT, 0, null, indev.dev.ifindex, ifa.local);
  ns.net.changed(ns, "addr", ifa, !indev.addrs.includes(ifa));
}

/** Puts an address into its device's list and its routes into the tables. An address of 0.0.0.0 is accepted and ignored. */
export function inetInsertIfa(ifa: InIfaddr): RtnlReply {
  const indev = ifa.indev;
  if (ifa.local === 0) return RTNL_OK;
  ifa.flags &= ~IfaF.SECONDARY;
  let lastPrimary = 0;
  for (let i = 0; i < indev.addrs.length; i++) {
    const other = indev.addrs[i]!;
    if ((other.flags & IfaF.SECONDARY) === 0 && ifa.scope <= other.scope) lastPrimary = i + 1;
    if (other.prefixLen === ifa.prefixLen && ifaMatch(other.address, ifa)) {
      if (other.local === ifa.local) return rtnlError(Errno.EEXIST, "ipv4: Address already assigned");
      if (other.scope !== ifa.scope) return rtnlError(Errno.EINVAL, "ipv4: Invalid scope value");
      ifa.flags |= IfaF.SECONDARY;
    }
  }
  indev.addrs.splice((ifa.flags & IfaF.SECONDARY) !== 0 ? indev.addrs.length : lastPrimary, 0, ifa);
  indev.dev.settingsFixed = true;
  announce(indev, ifa);
  fibAddIfaddr(ifa);
  armLifetime(indev);
  return RTNL_OK;
}

/** Takes an address away: a primary one takes its secondaries along, unless promote_secondaries lets the first follow it. */
export function inetDelIfa(ifa: InIfaddr): void {
  const indev = ifa.indev;
  const list = indev.addrs;
  const sameSubnet = (o: InIfaddr): boolean => o.prefixLen === ifa.prefixLen && ifaMatch(ifa.address, o);
  let promote: InIfaddr | null = null;
  if ((ifa.flags & IfaF.SECONDARY) === 0) {
    for (let i = list.indexOf(ifa) + 1; i < list.length;) {
      const o = list[i]!;
      if ((o.flags & IfaF.SECONDARY) === 0 || !sameSubnet(o)) {
        i++;
        continue;
      }
      if (in4.promoteSecondaries(indev.dev)) {
        promote = o;
        break;
      }
      list.splice(i, 1);
      announce(indev, o);
      fibDelIfaddr(o, null);
    }
    if (promote) for (let i = list.indexOf(promote); i < list.length; i++) if (sameSubnet(list[i]!)) fibDelIfaddr(list[i]!, ifa);
  }
  list.splice(list.indexOf(ifa), 1);
  announce(indev, ifa);
  addressGone(ifa);
  if (!promote) return;
  const rest = list.slice(list.indexOf(promote) + 1).filter(sameSubnet);
  promote.flags &= ~IfaF.SECONDARY;
  // it moves behind the last primary that may stand before it
  list.splice(list.indexOf(promote), 1);
  let at = 0;
  for (let i = 0; i < list.length; i++) if ((list[i]!.flags & IfaF.SECONDARY) === 0 && ifa.scope <= list[i]!.scope) at = i + 1;
  list.splice(at, 0, promote);
  announce(indev, promote);
  fibAddIfaddr(promote);
  for (const o of rest) fibAddIfaddr(o);
}

/** fib_inetaddr_event NETDEV_DOWN: a device without any address no longer speaks IP. */
function addressGone(ifa: InIfaddr): void {
  const dev = ifa.indev.dev;
  fibDelIfaddr(ifa, null);
  if (ifa.indev.addrs.length === 0) fibDisableIp(dev.ns, dev, "down", true);
}

// ---------------------------------------------------------------- lifetimes

function ends(ifa: InIfaddr): number {
  return ifa.validLft === INFINITE_LIFETIME ? Infinity : ifa.tstamp + ifa.validLft * SEC;
}
function deprecates(ifa: InIfaddr): number {
  return ifa.preferredLft === INFINITE_LIFETIME || (ifa.flags & IfaF.DEPRECATED) !== 0 ? Infinity : ifa.tstamp + ifa.preferredLft * SEC;
}

/** Arms the device's timer for the next address that ends or becomes deprecated (check_lifetime). */
export function armLifetime(indev: InDevice): void {
  const sched = indev.dev.ns.net.sched;
  sched.cancel(indev.lifetimeTimer);
  indev.lifetimeTimer = null;
  let next = Infinity;
  for (const ifa of indev.addrs) if ((ifa.flags & IfaF.PERMANENT) === 0) next = Math.min(next, ends(ifa), deprecates(ifa));
  if (next !== Infinity) indev.lifetimeTimer = sched.arm(TimerKind.ADDR_LIFETIME, indev, next - sched.now);
}

/** TimerKind.ADDR_LIFETIME, IPv4's part */
export function lifetimeTimer4(indev: InDevice): void {
  indev.lifetimeTimer = null;
  const now = indev.dev.ns.net.now;
  for (const ifa of indev.addrs.slice()) {
    if ((ifa.flags & IfaF.PERMANENT) !== 0 || !indev.addrs.includes(ifa)) continue;
    if (now >= ends(ifa)) inetDelIfa(ifa);
    else if (now >= deprecates(ifa)) {
      ifa.flags |= IfaF.DEPRECATED;
      announce(indev, ifa);
    }
  }
  armLifetime(indev);
}

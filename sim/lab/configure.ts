/**
 * Sets up a machine's network as its boot scripts would: through rtnetlink and /proc/sys, never around them. What a lab
 * file asks for and the stack refuses is a mistake in the lab file and ends in bug().
 */
import { bug, strerror } from "../core/result.ts";
import { fmtIp4, parseIp4 } from "../wire/addr.ts";
import { parseMac } from "../wire/mac.ts";
import { put32 } from "../core/bytes.ts";
import type { Machine } from "../kernel/machine.ts";
import { rtnetlink } from "../kernel/sys-sock.ts";
import { IFF, NlmF, Nud, RtProt, RtScope, RtTable, RtType, type RtnlRequest, type RtnlReply } from "../net/rtnl/messages.ts";
import { sysctlWrite } from "../net/sysctl.ts";
import type { AddressSpec, FaultOp, RouteSpec } from "./manifest.ts";

function must(machine: Machine, what: string, reply: RtnlReply): void {
  if (!reply.ok) bug(`${machine.name}: ${what}: ${reply.extack ?? strerror(reply.errno)}`);
}
/** As a program of root's would, in the machine's first namespace. */
function rtnlAsRoot(machine: Machine, req: RtnlRequest): RtnlReply {
  return rtnetlink(machine.init, req);
}
function ask(machine: Machine, what: string, req: RtnlRequest): void {
  must(machine, what, rtnlAsRoot(machine, req));
}

/** An IPv4 address as four bytes. */
function bytes4(addr: number): Uint8Array {
  const b = new Uint8Array(4);
  put32(b, 0, addr);
  return b;
}

export function ifindexOf(machine: Machine, dev: string): number {
  return machine.rootNs.devByName(dev)?.ifindex ?? bug(`${machine.name} has no interface ${dev}`);
}

export function setLink(machine: Machine, dev: string, up: boolean): void {
  ask(machine, `link ${dev}`, {
    type: "RTM_NEWLINK",
    flags: 0,
    ifindex: ifindexOf(machine, dev),
    attrs: { flags: up ? IFF.UP : 0, change: IFF.UP },
  });
}

export function splitCidr(cidr: string): { addr: number; len: number } {
  const [a, l = "32"] = cidr.split("/");
  const addr = parseIp4(a!);
  const len = Number(l);
  if (addr === null || !Number.isInteger(len) || len < 0 || len > 32) return bug(`not an address with a prefix length: ${cidr}`);
  return { addr, len };
}
function maskOf(len: number): number {
  return len === 0 ? 0 : (0xffffffff << (32 - len)) >>> 0;
}

/** Adds an address with its broadcast, as `ip addr add … brd +` and DHCP clients do. */
export function addAddress(machine: Machine, dev: string, spec: AddressSpec): void {
  const { addr, len } = splitCidr(spec.cidr);
  const local = bytes4(addr);
  ask(machine, `address ${spec.cidr}`, {
    type: "RTM_NEWADDR",
    flags: NlmF.CREATE | NlmF.REPLACE,
    addr: {
      family: 2,
      ifindex: ifindexOf(machine, dev),
      prefixlen: len,
      local,
      address: local,
      scope: RtScope.UNIVERSE,
      ...(len < 31 ? { broadcast: bytes4((addr | ~maskOf(len)) >>> 0) } : {}),
      ...(spec.metric ? { metric: spec.metric } : {}),
      ...(spec.dynamicSec ? { validLft: spec.dynamicSec, preferredLft: spec.dynamicSec } : {}),
    },
  });
}

/** Takes the address away again; one that is not there is no error. */
export function delAddress(machine: Machine, dev: string, cidr: string): void {
  const { addr, len } = splitCidr(cidr);
  rtnlAsRoot(machine, {
    type: "RTM_DELADDR",
    addr: { family: 2, ifindex: ifindexOf(machine, dev), prefixlen: len, local: bytes4(addr), address: bytes4(addr) },
  });
}

function destination(to: string): { dst: Uint8Array | null; dstLen: number } {
  if (to === "default") return { dst: null, dstLen: 0 };
  const { addr, len } = splitCidr(to);
  const dst = (addr & maskOf(len)) >>> 0;
  return { dst: bytes4(dst), dstLen: len };
}

/** Adds or replaces a route, as `ip route replace` does. */
export function addRoute(machine: Machine, r: RouteSpec): void {
  const via = r.via === undefined ? null : parseIp4(r.via);
  if (r.via !== undefined && via === null) bug(`${machine.name}: not an address: ${r.via}`);
  ask(machine, `route ${r.to}`, {
    type: "RTM_NEWROUTE",
    flags: NlmF.CREATE | NlmF.REPLACE,
    route: {
      family: 2,
      ...destination(r.to),
      tos: 0,
      table: RtTable.MAIN,
      protocol: RtProt.BOOT,
      scope: via === null ? RtScope.LINK : RtScope.UNIVERSE,
      type: RtType.UNICAST,
      flags: 0,
      ...(via === null ? {} : { gateway: bytes4(via) }),
      ...(r.dev === undefined ? {} : { oif: ifindexOf(machine, r.dev) }),
      ...(r.metric === undefined ? {} : { priority: r.metric }),
    },
  });
}

export function delRoute(machine: Machine, to: string): void {
  ask(machine, `route ${to}`, {
    type: "RTM_DELROUTE",
    route: {
      family: 2,
      ...destination(to),
      tos: 0,
      table: RtTable.MAIN,
      protocol: RtProt.UNSPEC,
      scope: RtScope.NOWHERE,
      type: RtType.UNSPEC,
      flags: 0,
    },
  });
}

/** Writes a sysctl by its dotted name. */
export function setSysctl(machine: Machine, key: string, value: string): void {
  const path = key.replaceAll(".", "/").replace(/^net\//, "");
  const r = sysctlWrite(machine.rootNs, path, value, { netAdmin: true });
  if (r < 0) bug(`${machine.name}: sysctl ${key}: ${strerror(r)}`);
}

/** Carries out one typed patch of a challenge. */
export function applyFault(machine: Machine, op: FaultOp): void {
  switch (op.op) {
    case "route.add":
      return addRoute(machine, op);
    case "route.del":
      return delRoute(machine, op.to);
    case "addr.set": {
      for (const a of machine.rootNs.devByName(op.dev)?.ip4?.addrs.slice() ?? [])
        delAddress(machine, op.dev, `${fmtIp4(a.local)}/${a.prefixLen}`);
      return addAddress(machine, op.dev, { cidr: op.cidr });
    }
    case "sysctl.set":
      return setSysctl(machine, op.key, op.value);
    case "link.set":
      return setLink(machine, op.dev, op.up);
    case "neigh.add": {
      const mac = parseMac(op.mac);
      const ip = parseIp4(op.ip);
      if (!mac || ip === null) bug(`${machine.name}: not a neighbour: ${op.ip} ${op.mac}`);
      return ask(machine, `neighbour ${op.ip}`, {
        type: "RTM_NEWNEIGH",
        flags: NlmF.CREATE | NlmF.REPLACE,
        neigh: { family: 2, ifindex: ifindexOf(machine, op.dev), dst: bytes4(ip!), lladdr: mac!, state: Nud.PERMANENT, flags: 0 },
      });
    }
    case "file.write":
      if (machine.writeFile(op.path, op.text) < 0) bug(`${machine.name}: cannot write ${op.path}`);
  }
}

/** Forgets all IPv4 neighbours that were learned. */
export function flushNeighbours(machine: Machine): void {
  const r = rtnlAsRoot(machine, { type: "RTM_GETNEIGH", family: 2 });
  if (!r.ok) return;
  for (const n of r.neighs ?? []) {
    if (n.state & (Nud.PERMANENT | Nud.NOARP) || !n.dst) continue;
    rtnlAsRoot(machine, { type: "RTM_DELNEIGH", neigh: { family: 2, ifindex: n.ifindex, dst: n.dst, state: 0, flags: 0 } });
  }
}

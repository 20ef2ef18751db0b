import { describe, expect, it } from "vitest";
import { Errno } from "../../core/result.ts";
import { addNs, frame, linkDel, mac, makeNet, ROOT, run, send, up, wire, type Rig } from "../../testing/net.ts";
import { devClose } from "../dev/core.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import type { NetAddr, NetRecv, Sock } from "./socket.ts";
import { closeSocket, createSocket } from "./table.ts";

const RAW = 3;
const DGRAM = 2;
const ALL = 3;
const PROTO = 0x88b5;

function setup(): { rig: Rig; a: NetDevice; b: NetDevice } {
  const rig = makeNet();
  const [a, b] = wire(addNs(rig, "a"), "v0", addNs(rig, "b"), "v1");
  run(rig);
  return { rig, a, b };
}
function open(ns: NetNs, type: number, protocol: number): Sock {
  const sk = createSocket(ns, 17, type, protocol, ROOT);
  if (typeof sk === "number") throw new Error(`socket: ${sk}`);
  return sk;
}
function ll(dev: NetDevice | null, protocol: number, addr: Uint8Array = new Uint8Array(0)): NetAddr {
  return { family: 17, ifindex: dev ? dev.ifindex : 0, protocol, hatype: 0, pkttype: 0, addr };
}
function take(sk: Sock, max = 65536): NetRecv {
  const m = sk.ops.recv(sk, max, false);
  if (typeof m === "number") throw new Error(`recv: ${m}`);
  return m;
}
function lladdr(m: NetRecv): { readonly pkttype: number; readonly addr: Uint8Array } {
  if (m.from?.family !== 17) throw new Error("no link-layer address");
  return m.from;
}
const pktType = (m: NetRecv): number => lladdr(m).pkttype;

describe("packet socket", () => {
  it("needs CAP_NET_RAW and a type that exists", () => {
    const { a } = setup();
    expect(createSocket(a.ns, 17, RAW, ALL, { ...ROOT, netRaw: false })).toBe(-Errno.EPERM);
    expect(createSocket(a.ns, 17, 1, ALL, ROOT)).toBe(-Errno.ESOCKTNOSUPPORT);
    expect(createSocket(a.ns, 99, RAW, ALL, ROOT)).toBe(-Errno.EAFNOSUPPORT);
  });

  it("sees what comes and what goes, each with its direction; the sender does not see its own", () => {
    const { rig, a, b } = setup();
    const s = open(b.ns, RAW, ALL);
    const sender = open(b.ns, RAW, ALL);
    const f = frame(b.addr, a.addr);
    send(a, f);
    run(rig);
    const m = take(s);
    expect([m.data, pktType(m), m.ifindex, m.tstamp]).toEqual([f, 0, b.ifindex, rig.sched.now - 10_000_000 + 2_000]);
    expect(m.from).toMatchObject({ ifindex: b.ifindex, protocol: PROTO, hatype: 1, addr: a.addr });
    take(sender);
    expect(sender.ops.sendto(sender, f, ll(b, PROTO), 0)).toBe(60);
    expect(pktType(take(s))).toBe(4);
    expect(sender.ops.recv(sender, 100, false)).toBe(-Errno.EAGAIN);
    run(rig);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("bound to one protocol sees no outgoing frames, bound to one device only its frames", () => {
    const { rig, a, b } = setup();
    const one = open(b.ns, RAW, PROTO);
    const other = open(b.ns, RAW, 0x1234);
    const onLo = open(b.ns, RAW, ALL);
    expect(onLo.ops.bind(onLo, ll(b.ns.loopback, ALL))).toBe(0);
    send(b, frame(a.addr, b.addr));
    send(a, frame(b.addr, a.addr));
    run(rig);
    expect(pktType(take(one))).toBe(0);
    expect(one.ops.recv(one, 1, false)).toBe(-Errno.EAGAIN);
    expect(other.ops.recv(other, 1, false)).toBe(-Errno.EAGAIN);
    expect(onLo.ops.recv(onLo, 1, false)).toBe(-Errno.ENETDOWN); // lo is down: the bind said 0, the error comes now
    expect(onLo.ops.recv(onLo, 1, false)).toBe(-Errno.EAGAIN);
  });

  it("SOCK_DGRAM leaves the header out and builds it", () => {
    const { rig, a, b } = setup();
    const s = open(b.ns, DGRAM, PROTO);
    const c = open(a.ns, DGRAM, PROTO);
    expect(c.ops.bind(c, ll(a, PROTO))).toBe(0);
    expect(c.ops.sendto(c, new Uint8Array([1, 2, 3]), ll(a, PROTO, b.addr), 0)).toBe(3);
    run(rig);
    const m = take(s);
    expect([m.data, pktType(m), lladdr(m).addr]).toEqual([new Uint8Array([1, 2, 3]), 0, a.addr]);
    expect(c.ops.getsockname(c)).toMatchObject({ family: 17, ifindex: a.ifindex, protocol: PROTO, hatype: 1, addr: a.addr });
  });

  it("truncates to the caller's buffer and tells the full length", () => {
    const { rig, a, b } = setup();
    const s = open(b.ns, RAW, ALL);
    send(a, frame(b.addr, a.addr));
    run(rig);
    const m = take(s, 20);
    expect([m.data.length, m.fullLength]).toEqual([20, 60]);
  });

  it("drops and counts when its buffer is full", () => {
    const { rig, a, b } = setup();
    const s = open(b.ns, RAW, ALL);
    s.ops.setsockopt(s, "SO_RCVBUF", 2000);
    expect(s.ops.getsockopt(s, "SO_RCVBUF")).toBe(4000);
    for (let i = 0; i < 10; i++) send(a, frame(b.addr, a.addr));
    run(rig);
    expect(s.ops.getsockopt(s, "PACKET_STATISTICS")).toBe(4);
    expect(s.ops.getsockopt(s, "PACKET_STATISTICS")).toBe(0);
    for (let i = 0; i < 6; i++) take(s);
    expect(s.ops.recv(s, 1, false)).toBe(-Errno.EAGAIN);
  });

  it("refuses what the kernel refuses", () => {
    const { a } = setup();
    const s = open(a.ns, RAW, ALL);
    const f = frame(mac("02:00:00:00:00:01"), a.addr);
    expect(s.ops.bind(s, { family: 2, addr: 0, port: 0 })).toBe(-Errno.EINVAL);
    expect(s.ops.bind(s, { ...ll(null, ALL), ifindex: 77 } as NetAddr)).toBe(-Errno.ENODEV);
    expect(s.ops.sendto(s, f, null, 0)).toBe(-Errno.ENXIO);
    expect(s.ops.sendto(s, new Uint8Array(13), ll(a, PROTO), 0)).toBe(-Errno.EINVAL);
    expect(s.ops.sendto(s, new Uint8Array(1519), ll(a, PROTO), 0)).toBe(-Errno.EMSGSIZE);
    devClose(a);
    expect(s.ops.sendto(s, f, ll(a, PROTO), 0)).toBe(-Errno.ENETDOWN);
    expect(s.ops.connect(s, ll(a, PROTO))).toBe(-Errno.EOPNOTSUPP);
  });

  it("hears ENETDOWN when its device goes down, listens again when it is back, and survives its death", () => {
    const { rig, a, b } = setup();
    const s = open(b.ns, RAW, ALL);
    s.ops.bind(s, ll(b, ALL));
    let woken = 0;
    s.wq.add({ wakeup: () => woken++ });
    devClose(b);
    expect([woken, s.ops.poll(s).err, s.ops.getsockopt(s, "SO_ERROR"), s.ops.getsockopt(s, "SO_ERROR")]).toEqual([
      1,
      true,
      Errno.ENETDOWN,
      0,
    ]);
    up(b);
    run(rig);
    send(a, frame(b.addr, a.addr));
    run(rig);
    take(s);
    linkDel(b.ns, "v1");
    expect(s.ops.recv(s, 1, false)).toBe(-Errno.ENETDOWN);
    closeSocket(s);
    expect(b.ns.socks.all.size).toBe(0);
  });

  it("makes its device promiscuous until it is closed", () => {
    const { b } = setup();
    const s = open(b.ns, RAW, ALL);
    s.ops.bind(s, ll(b, ALL));
    s.ops.setsockopt(s, "PACKET_PROMISC", 1);
    s.ops.setsockopt(s, "PACKET_PROMISC", 1);
    expect(b.promiscuity).toBe(1);
    closeSocket(s);
    expect([b.promiscuity, b.taps.length, b.ns.socks.taps.length]).toEqual([0, 0, 0]);
  });
});

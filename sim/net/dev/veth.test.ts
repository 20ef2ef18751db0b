import { describe, expect, it } from "vitest";
import { SEC, US } from "../../core/time.ts";
import {
  addNs,
  drops,
  frame,
  linkDel,
  link,
  linkSet,
  links,
  mac,
  makeNet,
  received,
  run,
  send,
  story,
  up,
  watch,
  wire,
} from "../../testing/net.ts";
import { IFF, IfOper } from "../rtnl/messages.ts";
import { devClose } from "./core.ts";
import { createVethPair } from "./veth.ts";

const UP = { flags: IFF.UP, change: IFF.UP };
const DOWN = { flags: 0, change: IFF.UP };
const BCAST = mac("ff:ff:ff:ff:ff:ff");
const FROM = mac("02:00:00:00:00:01");

describe("veth", () => {
  it("carries a frame to the peer in 2 µs and counts both ends", () => {
    const rig = makeNet();
    const [a, b] = wire(addNs(rig, "a"), "v0", addNs(rig, "b"), "v1");
    run(rig);
    const seen = watch(b);
    const t0 = rig.sched.now;
    const f = frame(b.addr, FROM);
    expect(send(a, f)).toBe(0);
    expect(seen).toEqual([]);
    run(rig);
    expect(seen).toEqual([{ at: t0 + 2 * US, bytes: f, pktType: 0 }]);
    expect([a.stats.txPackets, a.stats.txBytes, b.stats.rxPackets, b.stats.rxBytes]).toEqual([1, 60, 1, 60]);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("keeps the order of frames and takes 2 µs for each", () => {
    const rig = makeNet();
    const [a, b] = wire(addNs(rig, "a"), "v0", addNs(rig, "b"), "v1");
    run(rig);
    const seen = watch(b);
    for (let i = 0; i < 5; i++) send(a, frame(b.addr, FROM, new Uint8Array([i])));
    run(rig);
    expect(seen.map((s) => s.bytes[14])).toEqual([0, 1, 2, 3, 4]);
    expect(seen[4]!.at - seen[0]!.at).toBe(8 * US);
  });

  it("takes the mark off between namespaces and leaves it within one", () => {
    for (const same of [true, false]) {
      const rig = makeNet();
      const nsA = addNs(rig, "a");
      const [a, b] = wire(nsA, "v0", same ? nsA : addNs(rig, "b"), "v1");
      run(rig);
      let mark = -1;
      rig.net.protocols.set(0x88b5, (skb) => {
        mark = skb.mark;
        rig.net.liveSkbs--;
      });
      rig.net.wireListeners.push((_f, _t, skb) => (skb.mark = 7));
      send(a, frame(b.addr, FROM));
      run(rig);
      expect(mark).toBe(same ? 7 : 0);
    }
  });

  it("shows a pair of one namespace with the peer's index first, without carrier", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    createVethPair(ns, "veth0", ns, "veth1");
    const rows = links(ns);
    expect(rows.map((r) => [r.ifindex, r.name, r.link, r.linkNetnsid])).toEqual([
      [1, "lo", 0, null],
      [2, "veth1", 3, null],
      [3, "veth0", 2, null],
    ]);
    expect(rows.slice(1).map((r) => [r.operstate, r.qdisc, r.flags])).toEqual([
      [IfOper.DOWN, "noop", IFF.BROADCAST | IFF.MULTICAST],
      [IfOper.DOWN, "noop", IFF.BROADCAST | IFF.MULTICAST],
    ]);
  });

  it("is LOWERLAYERDOWN alone and UP together; carrier changes count creation", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    createVethPair(ns, "veth0", ns, "veth1");
    linkSet(ns, "veth0", UP);
    expect([link(ns, "veth0").operstate, link(ns, "veth0").flags & (IFF.RUNNING | IFF.LOWER_UP), link(ns, "veth0").qdisc]).toEqual([
      IfOper.LOWERLAYERDOWN,
      0,
      "noqueue",
    ]);
    expect(link(ns, "veth1").operstate).toBe(IfOper.DOWN);
    linkSet(ns, "veth1", UP);
    run(rig);
    for (const r of links(ns).slice(1)) {
      expect([r.operstate, r.flags, r.stats.carrierChanges]).toEqual([
        IfOper.UP,
        IFF.BROADCAST | IFF.MULTICAST | IFF.UP | IFF.RUNNING | IFF.LOWER_UP,
        2,
      ]);
    }
  });

  it("drops and counts tx at the sender and rx at a peer that is down", () => {
    const rig = makeNet();
    const nsA = addNs(rig, "a");
    const nsB = addNs(rig, "b");
    const [a, b] = wire(nsA, "e0", nsB, "e0"); // same index: the change is not urgent, the queue stays open for a moment
    run(rig);
    devClose(b);
    send(a, frame(b.addr, FROM));
    expect([a.stats.txDropped, a.stats.txPackets, b.stats.rxDropped]).toEqual([1, 0, 1]);
    run(rig, 2 * SEC);
    expect(send(a, frame(b.addr, FROM))).toBe(2); // NET_XMIT_CN from noop_qdisc
    expect([a.stats.txDropped, b.stats.rxDropped]).toEqual([2, 1]);
    expect(drops(rig)).toEqual(["VETH LINK_DOWN", "TX_DROP QDISC_DROP"]);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("drops frames that are too long for the peer", () => {
    const rig = makeNet();
    const [a, b] = wire(addNs(rig, "a"), "v0", addNs(rig, "b"), "v1");
    run(rig);
    b.mtu = 100;
    send(a, frame(b.addr, FROM, new Uint8Array(105)));
    send(a, frame(b.addr, FROM, new Uint8Array(104)));
    run(rig);
    expect(drops(rig)[0]).toBe("VETH PKT_TOO_BIG");
    expect(b.stats.rxPackets).toBe(1);
  });

  it("holds at most 1,000 frames for the peer", () => {
    const rig = makeNet();
    const [a, b] = wire(addNs(rig, "a"), "v0", addNs(rig, "b"), "v1");
    run(rig);
    for (let i = 0; i < 1001; i++) send(a, frame(b.addr, FROM));
    expect([a.stats.txDropped, b.stats.rxDropped]).toEqual([1, 1]);
    run(rig);
    expect(b.stats.rxPackets).toBe(1000);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("goes with its peer, and frames on their way are dropped with a reason", () => {
    const rig = makeNet();
    const nsA = addNs(rig, "a");
    const nsB = addNs(rig, "b");
    const [a, b] = wire(nsA, "v0", nsB, "v1");
    run(rig);
    send(a, frame(b.addr, FROM));
    expect(rig.net.liveSkbs).toBe(1);
    expect(linkDel(nsA, "v0")).toBe("");
    expect([nsA.devByName("v0"), nsB.devByName("v1"), rig.net.liveSkbs]).toEqual([null, null, 0]);
    expect(drops(rig)).toEqual(["RX DEV_READY"]);
    run(rig);
  });

  it("tells the whole story of an unhandled frame", () => {
    const rig = makeNet();
    const [a, b] = wire(addNs(rig, "a"), "v0", addNs(rig, "b"), "v1");
    run(rig);
    send(a, frame(BCAST, FROM));
    run(rig);
    expect(story(rig, 1)).toEqual(["SEND", "XMIT", "VETH", "RX", "RX drop UNHANDLED_PROTO"]);
    expect(b.stats.rxDropped).toBe(1);
    watch(b); // a tap for every protocol counts as a receiver, as in Linux
    send(a, frame(BCAST, FROM));
    run(rig);
    expect(b.stats.rxDropped).toBe(1);
  });

  it("classifies by destination", () => {
    const rig = makeNet();
    const [a, b] = wire(addNs(rig, "a"), "v0", addNs(rig, "b"), "v1");
    run(rig);
    const seen = watch(b);
    for (const d of [b.addr, BCAST, mac("01:00:5e:00:00:01"), mac("02:99:00:00:00:00")]) send(a, frame(d, FROM));
    run(rig);
    expect(seen.map((s) => s.pktType)).toEqual([0, 1, 2, 3]);
  });
});

describe("moving a veth end", () => {
  it("loses what is on the way, its settings and its queue, and keeps its index where that is free", () => {
    const rig = makeNet();
    const main = addNs(rig, "main");
    const box = addNs(rig, "box");
    const [a, b] = wire(main, "v0", main, "v1");
    run(rig);
    b.conf4 = { ...b.conf4, rp_filter: 2 };
    send(a, frame(b.addr, FROM));
    expect(linkSet(main, "v1", { netns: { fd: 0 } }, [box])).toBe("");
    run(rig);
    expect([b.ns, b.ifindex, b.qdisc, b.conf4.rp_filter, b.flags & IFF.UP, rig.net.liveSkbs]).toEqual([box, 2, "noop", 0, 0, 0]);
    expect(link(box, "v1")).toMatchObject({ link: 3, linkNetnsid: 0, operstate: IfOper.DOWN });
    expect(link(main, "v0")).toMatchObject({ link: 2, linkNetnsid: 0, operstate: IfOper.DOWN });
    linkSet(box, "v1", UP);
    run(rig);
    expect(received(watch(b))).toEqual([]);
    expect(link(main, "v0").operstate).toBe(IfOper.UP);
    linkSet(main, "v0", DOWN);
  });

  it("takes the next free index when its own is taken, and refuses a name that is there", () => {
    const rig = makeNet();
    const x = addNs(rig, "x");
    const y = addNs(rig, "y");
    createVethPair(x, "v0", x, "v1");
    createVethPair(y, "v0", y, "w1");
    expect(linkSet(x, "v0", { netns: { fd: 0 } }, [y])).toBe("errno 17: An interface with the same name exists in the target netns");
    expect(linkSet(x, "v0", { netns: { fd: 0 }, name: "w0" }, [y])).toBe("");
    expect(link(y, "w0").ifindex).toBe(4);
    expect(linkSet(x, "v1", { netns: { fd: 0 }, newIfindex: 3 }, [y])).toBe("errno 16: The ifindex 3 is not available in the target netns");
    expect(linkSet(x, "lo", { netns: { fd: 0 } }, [y])).toBe("errno 22: The interface netns is immutable");
  });

  it("same-index pairs: a dump still says UP for a moment, asking for the one link does not", () => {
    const rig = makeNet();
    const nsA = addNs(rig, "a");
    const nsB = addNs(rig, "b");
    const [a, b] = wire(nsA, "e0", nsB, "e0");
    expect([a.ifindex, b.ifindex]).toEqual([2, 2]);
    run(rig);
    devClose(b);
    run(rig, SEC / 10);
    const row = links(nsA)[1]!;
    expect([row.operstate, row.flags & IFF.RUNNING, row.flags & IFF.LOWER_UP]).toEqual([IfOper.UP, IFF.RUNNING, 0]);
    expect(link(nsA, "e0").operstate).toBe(IfOper.DOWN);
    up(b);
    run(rig, 2 * SEC);
    devClose(b);
    run(rig, 2 * SEC);
    expect(links(nsA)[1]!.operstate).toBe(IfOper.DOWN);
  });
});

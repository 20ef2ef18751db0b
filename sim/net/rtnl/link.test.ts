import { describe, expect, it } from "vitest";
import { addNs, errorOf, link, linkAdd, linkDel, links, linkSet, mac, makeNet, rtnl, run } from "../../testing/net.ts";
import { createVethPair } from "../dev/veth.ts";
import { destroyNetNs } from "../index.ts";
import type { NetNs } from "../netns.ts";
import { IFF, IfOper, type LinkAttrs, NlmF } from "./messages.ts";

const veth = (name: string, peer: LinkAttrs = {}, more: LinkAttrs = {}): LinkAttrs => ({ kind: "veth", name, peer, ...more });
const names = (ns: NetNs): string[] => links(ns).map((r) => `${r.ifindex}:${r.name}`);

/** Errors recorded on Linux 6.18 with iproute2's requests. */
describe("ip link add", () => {
  const cases: readonly [what: string, attrs: LinkAttrs, error: string][] = [
    ["same name twice in one pair", veth("veth0", { name: "veth0" }), "errno 17"],
    ["a name that is there", veth("have0", { name: "x" }), "errno 17"],
    ["a peer's name that is there", veth("x", { name: "have1" }), "errno 17"],
    ["a name too long", veth("verylongnameforaveth", { name: "v1" }), "errno 34: Attribute failed policy validation"],
    ["an unknown kind", { kind: "nosuchtype", name: "foo" }, "errno 95: Unknown device type"],
    ["no kind", { name: "foo" }, "errno 95: Unknown device type"],
    ["a template that is none", veth("a%s"), "errno 22"],
    ["a peer's template that is none", veth("x1", { name: "y%s" }), "errno 22"],
    ["an MTU too small", veth("x2", {}, { mtu: 20 }), "errno 22"],
    ["a peer's MTU too small", veth("x2", { name: "y2", mtu: 20 }), "errno 22"],
    ["a group address", veth("x2", {}, { address: mac("01:00:00:00:00:01") }), "errno 99"],
    ["a zero address", veth("x2", {}, { address: mac("00:00:00:00:00:00") }), "errno 99"],
    ["a peer's group address", veth("x2", { address: mac("01:00:00:00:00:01") }), "errno 99"],
    ["a peer that shall be up before it has its other end", veth("x2", { flags: IFF.UP, change: IFF.UP }), "errno 107"],
    ["too many queues", veth("x2", {}, { numTxQueues: 5000 }), "errno 22: Invalid number of transmit queues"],
  ];
  it.each(cases)("refuses %s", (_what, attrs, error) => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    createVethPair(ns, "have0", ns, "have1");
    const before = links(ns).length;
    expect(linkAdd(ns, attrs)).toBe(error);
    expect(links(ns)).toHaveLength(before); // nothing half made
  });

  it("finds names: veth0 and veth1, the next free ones, and templates", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    expect(linkAdd(ns, { kind: "veth" })).toBe("");
    expect(linkAdd(ns, { kind: "veth" })).toBe("");
    expect(linkAdd(ns, veth("a%d", { name: "b%d" }))).toBe("");
    expect(linkAdd(ns, veth("a%d", { name: "b%d" }))).toBe("");
    expect(names(ns)).toEqual(["1:lo", "2:veth0", "3:veth1", "4:veth2", "5:veth3", "6:b0", "7:a0", "8:b1", "9:a1"]);
  });

  it("gives wished indices, the peer's only together with the device's own", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    const add = (ifindex: number, attrs: LinkAttrs): string =>
      errorOf(rtnl(ns, { type: "RTM_NEWLINK", flags: NlmF.CREATE | NlmF.EXCL, ifindex, attrs }));
    expect(add(77, veth("x2", { name: "y2", newIfindex: 78 }))).toBe("");
    expect(add(77, veth("x3", { name: "y3" }))).toBe("errno 17");
    expect(add(0, veth("x3", { name: "y3", newIfindex: 80 }))).toBe("");
    expect(names(ns)).toEqual(["1:lo", "2:y3", "3:x3", "77:x2", "78:y2"]);
  });

  it("makes both ends in other namespaces, each with its own numbering", () => {
    const rig = makeNet();
    const main = addNs(rig, "main");
    const a = addNs(rig, "a");
    const b = addNs(rig, "b");
    expect(
      linkAdd(
        main,
        { kind: "veth", name: "e0", netns: { fd: 0 }, address: mac("02:00:00:00:00:0a"), peer: { name: "e0", netns: { fd: 1 } } },
        [a, b],
      ),
    ).toBe("");
    expect([names(main), names(a), names(b)]).toEqual([["1:lo"], ["1:lo", "2:e0"], ["1:lo", "2:e0"]]);
    expect(link(a, "e0")).toMatchObject({ link: 2, linkNetnsid: 0, address: mac("02:00:00:00:00:0a") });
    expect(linkAdd(main, veth("x", { name: "y" }, { netns: { fd: 9 } }))).toBe("errno 22");
    expect(linkAdd(main, veth("x", { name: "y" }, { netns: { pid: 9 } }))).toBe("errno 3");
  });

  it("brings it up, sets MTU, queue length and group at once", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    linkAdd(ns, veth("x", { name: "y", txqlen: 7 }, { mtu: 1400, group: 5, flags: IFF.UP, change: IFF.UP }));
    // the change of carrier at birth is not urgent: a dump right now still says UNKNOWN
    expect(links(ns).map((r) => r.operstate)).toEqual([IfOper.DOWN, IfOper.DOWN, IfOper.UNKNOWN]);
    run(rig);
    expect(link(ns, "x")).toMatchObject({ mtu: 1400, group: 5, operstate: IfOper.LOWERLAYERDOWN });
    expect(link(ns, "y")).toMatchObject({ mtu: 1500, txqlen: 7, operstate: IfOper.DOWN });
  });

  it("puts a new device under its master, and makes nothing when that fails", () => {
    const ns = addNs(makeNet(), "a");
    linkAdd(ns, { kind: "bridge", name: "br0" });
    expect(linkAdd(ns, veth("x", { name: "y" }, { master: 2 }))).toBe("");
    expect([link(ns, "x").master, link(ns, "x").slaveKind, link(ns, "y").master]).toEqual([2, "bridge", 0]);
    expect(linkAdd(ns, veth("p", { name: "q" }, { master: 3 }))).toBe("errno 95");
    expect(names(ns)).toEqual(["1:lo", "2:br0", "3:y", "4:x"]);
  });

  it("is for those with CAP_NET_ADMIN", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    const nobody = { uid: 1000, netAdmin: false };
    expect(errorOf(rtnl(ns, { type: "RTM_NEWLINK", flags: NlmF.CREATE, ifindex: 0, attrs: veth("x") }, [], nobody))).toBe("errno 1");
    expect(errorOf(rtnl(ns, { type: "RTM_DELLINK", ifindex: 77 }, [], nobody))).toBe("errno 1");
    expect(errorOf(rtnl(ns, { type: "RTM_GETLINK" }, [], nobody))).toBe("");
  });
});

describe("ip link set", () => {
  function two(): NetNs {
    const ns = addNs(makeNet(), "a");
    createVethPair(ns, "v0", ns, "v1");
    return ns;
  }
  const cases: readonly [what: string, attrs: LinkAttrs, error: string][] = [
    ["an MTU too small", { mtu: 20 }, "errno 22: mtu less than device minimum"],
    ["an MTU too large", { mtu: 70000 }, "errno 22: mtu greater than device maximum"],
    ["a short address", { address: new Uint8Array(3) }, "errno 22"],
    ["a group address", { address: mac("01:00:00:00:00:01") }, "errno 99"],
    ["a name that is there", { name: "v1" }, "errno 17"],
    ["a carrier of its own", { carrier: false }, "errno 95"],
    ["protodown", { protodown: true }, "errno 95: Protodown not supported by device"],
    ["a master that is none", { master: 3 }, "errno 95"],
    ["a master that is not there", { master: 99 }, "errno 22"],
    ["options of another kind", { kind: "bridge", data: { priority: 1 } }, "errno 95"],
  ];
  it.each(cases)("refuses %s", (_what, attrs, error) => {
    expect(linkSet(two(), "v0", attrs)).toBe(error);
  });

  it("changes address, name, alias, queue and flags, up or down", () => {
    const ns = two();
    linkSet(ns, "v0", { flags: IFF.UP, change: IFF.UP });
    expect(linkSet(ns, "v0", { address: mac("02:00:00:00:00:aa") })).toBe("");
    expect(linkSet(ns, "v0", { name: "wan0" })).toBe("");
    expect(linkSet(ns, "wan0", { alias: "uplink", txqlen: 500, flags: IFF.NOARP | IFF.PROMISC, change: IFF.NOARP | IFF.PROMISC })).toBe("");
    expect(link(ns, "wan0")).toMatchObject({
      address: mac("02:00:00:00:00:aa"),
      alias: "uplink",
      txqlen: 500,
      promiscuity: 1,
      flags: IFF.UP | IFF.BROADCAST | IFF.MULTICAST | IFF.NOARP | IFF.PROMISC,
    });
    linkSet(ns, "wan0", { flags: 0, change: IFF.PROMISC });
    expect(link(ns, "wan0")).toMatchObject({ promiscuity: 0, flags: IFF.UP | IFF.BROADCAST | IFF.MULTICAST | IFF.NOARP });
  });

  it("stops where it fails, with what came before already done", () => {
    const ns = two();
    expect(linkSet(ns, "v0", { mtu: 1400, name: "v1", alias: "never" })).toBe("errno 17");
    expect(link(ns, "v0")).toMatchObject({ mtu: 1400, alias: "" });
  });

  it("sets a whole group", () => {
    const ns = two();
    linkSet(ns, "v0", { group: 5 });
    expect(errorOf(rtnl(ns, { type: "RTM_NEWLINK", flags: 0, ifindex: 0, attrs: { group: 5, flags: IFF.UP, change: IFF.UP } }))).toBe("");
    expect([link(ns, "v0").flags & IFF.UP, link(ns, "v1").flags & IFF.UP]).toEqual([1, 0]);
    expect(errorOf(rtnl(ns, { type: "RTM_DELLINK", ifindex: 0, group: 5 }))).toBe("");
    expect(names(ns)).toEqual(["1:lo"]);
    expect(errorOf(rtnl(ns, { type: "RTM_DELLINK", ifindex: 0, group: 5 }))).toBe("errno 19");
  });

  it("dormant mode keeps a link from being UP until user space says so", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    createVethPair(ns, "v0", ns, "v1");
    linkSet(ns, "v0", { linkmode: 1, flags: IFF.UP, change: IFF.UP });
    linkSet(ns, "v1", { flags: IFF.UP, change: IFF.UP });
    run(rig);
    expect(link(ns, "v0").operstate).toBe(IfOper.DORMANT);
    linkSet(ns, "v0", { operstate: IfOper.UP });
    expect(link(ns, "v0").operstate).toBe(IfOper.UP);
  });

  it("knows alternative names", () => {
    const ns = two();
    const prop = (type: "RTM_NEWLINKPROP" | "RTM_DELLINKPROP", altname: string): string => errorOf(rtnl(ns, { type, ifindex: 3, altname }));
    expect([
      prop("RTM_NEWLINKPROP", "foo"),
      prop("RTM_NEWLINKPROP", "foo"),
      prop("RTM_NEWLINKPROP", "v1"),
      prop("RTM_NEWLINKPROP", "a/b"),
    ]).toEqual(["", "errno 17", "errno 17", "errno 22"]);
    expect(link(ns, "foo").name).toBe("v0");
    expect([prop("RTM_DELLINKPROP", "bar"), prop("RTM_DELLINKPROP", "foo")]).toEqual(["errno 2", ""]);
  });
});

describe("ip link del", () => {
  it("refuses loopback and what is not there", () => {
    const ns = addNs(makeNet(), "a");
    expect([linkDel(ns, "lo"), linkDel(ns, "nope")]).toEqual(["errno 95", "errno 19"]);
  });
});

describe("loopback", () => {
  it("is UNKNOWN when up, and takes an MTU and an address of any size", () => {
    const ns = addNs(makeNet(), "a");
    linkSet(ns, "lo", { flags: IFF.UP, change: IFF.UP });
    expect(link(ns, "lo")).toMatchObject({
      ifindex: 1,
      type: "loopback",
      mtu: 65536,
      qdisc: "noqueue",
      operstate: IfOper.UNKNOWN,
      minMtu: 0,
      maxMtu: 0,
      flags: IFF.UP | IFF.LOOPBACK | IFF.RUNNING | IFF.LOWER_UP,
    });
    expect([
      linkSet(ns, "lo", { mtu: 20 }),
      linkSet(ns, "lo", { mtu: 100000 }),
      linkSet(ns, "lo", { address: mac("02:00:00:00:00:02") }),
    ]).toEqual(["", "", ""]);
  });
});

describe("namespace ids", () => {
  it("come when a namespace is first spoken of: after a pair was made across, and when a device moves there", () => {
    const rig = makeNet();
    const main = addNs(rig, "main");
    const red = addNs(rig, "red");
    const blue = addNs(rig, "blue");
    const ids = (ns: NetNs): number[] => {
      const r = rtnl(ns, { type: "RTM_GETNSID" });
      return r.ok ? r.nsids!.map((x) => x.nsid) : [];
    };
    expect(ids(main)).toEqual([]);
    linkAdd(main, veth("veth0", { name: "veth1", netns: { fd: 0 } }), [red]);
    expect(ids(main)).toEqual([0]);
    createVethPair(main, "x", main, "y");
    linkSet(main, "y", { netns: { fd: 0 } }, [blue]);
    expect(ids(main)).toEqual([0, 1]);
    const set = (fd: number, nsid: number): string =>
      errorOf(rtnl(main, { type: "RTM_NEWNSID", ref: { fd }, nsid }, [red, blue, addNs(rig, "c")]));
    expect([set(0, 42), set(2, 0), set(2, 7), set(9, 3)]).toEqual([
      "errno 17: Peer netns already has a nsid assigned",
      "errno 17: The specified nsid is already used",
      "",
      "errno 22: Peer netns reference is invalid",
    ]);
    destroyNetNs(red);
    expect(ids(main)).toEqual([1, 7]);
    expect(main.devByName("veth0")).toBe(null);
  });
});

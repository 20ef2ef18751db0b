/** Random rtnetlink requests, sane and senseless: each gets a reply, nothing throws, dumps stay readable, and no packet stays behind. */
import { expect, it, vi } from "vitest";
import { SEC } from "../../sim/core/time.ts";
import type { NetNs } from "../../sim/net/netns.ts";
import { type LinkAttrs, NlmF, type RtnlRequest } from "../../sim/net/rtnl/messages.ts";
import { addNs, makeNet, rtnl, run } from "../../sim/testing/net.ts";
import { Draw, seeds } from "./draw.ts";

vi.setConfig({ testTimeout: 600_000 });
const ROUNDS = 500;
const NAMES = ["lo", "a", "b", "c", "d", "br0", "x".repeat(15), "x".repeat(16), "", "a b", "all", "default", "../x"];
const KINDS = ["veth", "bridge", "dummy", "vlan", "nonsense", ""];

class Requests {
  private readonly d: Draw;
  private readonly ns: NetNs;
  constructor(d: Draw, ns: NetNs) {
    this.d = d;
    this.ns = ns;
  }
  private num(): number {
    return this.d.of([
      0,
      1,
      2,
      3,
      24,
      32,
      33,
      64,
      100,
      128,
      129,
      253,
      254,
      255,
      256,
      1024,
      65535,
      65536,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32 - 1,
    ]);
  }
  private ifindex(): number {
    const all = [...this.ns.devs.keys()];
    return this.d.chance(85) && all.length > 0 ? this.d.of(all) : this.d.of([0, 999, 2 ** 31]);
  }
  private flags(): number {
    return this.d.of([
      0,
      NlmF.CREATE,
      NlmF.CREATE | NlmF.EXCL,
      NlmF.CREATE | NlmF.REPLACE,
      NlmF.REPLACE,
      NlmF.CREATE | NlmF.APPEND,
      NlmF.EXCL,
    ]);
  }
  private family(): 2 | 10 {
    return this.d.of([2, 10]);
  }
  private addr(family: number): Uint8Array {
    const d = this.d;
    if (d.chance(4)) return d.bytes(d.of([0, 1, 3, 5, 15, 17]));
    if (family === 2)
      return d.of([
        Uint8Array.of(10, 0, d.below(3), d.below(4)),
        Uint8Array.of(d.of([0, 127, 169, 224, 255]), d.below(256), d.below(2), 1),
        new Uint8Array(4),
        d.bytes(4),
      ]);
    const b = d.bytes(16);
    b.set(
      d.of([
        [0xfe, 0x80, 0, 0, 0, 0, 0, 0],
        [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0],
        [0xff, 2, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
      ]),
    );
    return b;
  }
  private attrs(depth = 0): LinkAttrs {
    const { d } = this;
    return clean({
      name: d.maybe(() => d.of(NAMES), 60),
      address: d.maybe(() => (d.chance(90) ? Uint8Array.of(d.of([2, 2, 2, 1, 0]), ...d.bytes(5)) : d.bytes(d.below(9))), 20),
      mtu: d.maybe(() => this.num(), 20),
      txqlen: d.maybe(() => this.num(), 10),
      alias: d.maybe(() => d.of(["", "text", "x".repeat(300)]), 10),
      group: d.maybe(() => this.num(), 10),
      master: d.maybe(() => this.ifindex(), 15),
      link: d.maybe(() => this.ifindex(), 10),
      netns: d.maybe(() => ({ fd: d.below(3) }), 8),
      newIfindex: d.maybe(() => this.num(), 5),
      flags: d.maybe(() => d.of([0, 1, 1, 0x100, 0x1001]), 50),
      change: d.maybe(() => d.of([1, 1, 0x101, 0xffffffff]), 50),
      kind: d.maybe(() => d.of(KINDS), 50),
      peer: depth === 0 ? d.maybe(() => this.attrs(1), 40) : undefined,
      addrGenMode: d.maybe(() => d.of(["eui64", "none", "stable_secret", "random"] as const), 5),
      altnames: d.maybe(() => [d.of(NAMES)], 5),
    });
  }
  next(): RtnlRequest {
    const { d } = this;
    const family = this.family();
    const route = (): Extract<RtnlRequest, { type: "RTM_NEWROUTE" }>["route"] =>
      clean({
        family,
        dst: d.chance(20) ? null : this.addr(family),
        dstLen: this.num(),
        tos: d.of([0, 0, 16, 255]),
        table: d.of([254, 254, 255, 0, 100, 2 ** 32 - 1]),
        protocol: this.num() & 255,
        scope: d.of([0, 0, 253, 254, 255, 200]),
        type: d.below(13),
        flags: d.of([0, 0, 4, 16]),
        src: d.maybe(() => this.addr(family), 5),
        srcLen: d.maybe(() => this.num(), 5),
        prefsrc: d.maybe(() => this.addr(family), 20),
        priority: d.maybe(() => this.num(), 40),
        gateway: d.maybe(() => this.addr(family), 50),
        gatewayFamily: d.maybe(() => this.family(), 5),
        oif: d.maybe(() => this.ifindex(), 60),
        multipath: d.maybe(
          () =>
            Array.from({ length: d.below(4) }, () => ({
              gateway: d.chance(50) ? this.addr(family) : null,
              gatewayFamily: family,
              ifindex: this.ifindex(),
              flags: d.of([0, 4]),
              weight: d.of([0, 1, 255]),
            })),
          10,
        ),
        metrics: d.maybe(() => ({ [d.of(["mtu", "advmss", "hoplimit", "lock"])]: this.num() }), 10),
      });
    const neigh = (): Extract<RtnlRequest, { type: "RTM_NEWNEIGH" }>["neigh"] =>
      clean({
        family: d.of([2, 10, 7] as const),
        ifindex: this.ifindex(),
        dst: d.maybe(() => this.addr(family), 90),
        lladdr: d.maybe(() => d.bytes(d.of([6, 6, 6, 0, 5])), 70),
        state: d.of([0, 1, 2, 4, 8, 16, 32, 64, 128, 255]),
        flags: d.of([0, 0, 2, 4, 8, 16, 255]),
        vlan: d.maybe(() => this.num(), 5),
      });
    const addr = (): Extract<RtnlRequest, { type: "RTM_NEWADDR" }>["addr"] =>
      clean({
        family,
        ifindex: this.ifindex(),
        prefixlen: d.chance(70) ? d.of([24, 32, 8, 64, 0]) : this.num(),
        local: d.maybe(() => this.addr(family), 90),
        address: d.maybe(() => this.addr(family), 60),
        broadcast: d.maybe(() => this.addr(family), 20),
        label: d.maybe(() => d.of(NAMES), 10),
        scope: d.maybe(() => this.num() & 255, 20),
        flags: d.maybe(() => d.of([0, 2, 0x200, 0x80, 0xffff]), 20),
        validLft: d.maybe(() => this.num(), 20),
        preferredLft: d.maybe(() => this.num(), 20),
        metric: d.maybe(() => this.num(), 20),
      });
    const rule = (): Extract<RtnlRequest, { type: "RTM_NEWRULE" }>["rule"] =>
      clean({
        family,
        priority: d.maybe(() => this.num(), 60),
        table: d.maybe(() => this.num(), 60),
        src: d.maybe(() => this.addr(family)),
        srcLen: d.maybe(() => this.num()),
        iifname: d.maybe(() => d.of(NAMES)),
        fwmark: d.maybe(() => this.num()),
        action: d.of(["lookup", "blackhole", "unreachable", "prohibit", "goto", "nop"] as const),
      });
    const all: (() => RtnlRequest)[] = [
      () => ({ type: "RTM_NEWLINK", flags: this.flags(), ifindex: d.chance(60) ? 0 : this.ifindex(), attrs: this.attrs() }),
      () => ({
        type: "RTM_NEWLINK",
        flags: NlmF.CREATE | NlmF.EXCL,
        ifindex: 0,
        attrs: { kind: "veth", name: d.of(NAMES), peer: { name: d.of(NAMES) } },
      }),
      () => ({ type: "RTM_NEWLINK", flags: 0, ifindex: this.ifindex(), attrs: { flags: d.below(2), change: 1 } }),
      () => ({ type: "RTM_DELLINK", ifindex: d.chance(70) ? this.ifindex() : 0, ...clean({ name: d.maybe(() => d.of(NAMES)) }) }),
      () => ({ type: d.of(["RTM_NEWLINKPROP", "RTM_DELLINKPROP"] as const), ifindex: this.ifindex(), altname: d.of(NAMES) }),
      () => ({ type: "RTM_NEWADDR", flags: this.flags(), addr: addr() }),
      () => ({ type: "RTM_NEWADDR", flags: this.flags(), addr: addr() }),
      () => ({ type: "RTM_DELADDR", addr: addr() }),
      () => ({ type: "RTM_NEWROUTE", flags: this.flags(), route: route() }),
      () => ({ type: "RTM_NEWROUTE", flags: this.flags(), route: route() }),
      () => ({ type: "RTM_DELROUTE", route: route() }),
      () => ({
        type: "RTM_GETROUTE",
        dump: false,
        family,
        get: clean({
          dst: this.addr(family),
          src: d.maybe(() => this.addr(family)),
          oif: d.maybe(() => this.ifindex()),
          iif: d.maybe(() => this.ifindex()),
          mark: d.maybe(() => this.num()),
          fibmatch: d.maybe(() => true),
        }),
      }),
      () => ({ type: "RTM_NEWNEIGH", flags: this.flags(), neigh: neigh() }),
      () => ({ type: "RTM_DELNEIGH", neigh: neigh() }),
      () => ({ type: "RTM_GETNEIGH_ONE", family, ifindex: this.ifindex(), dst: this.addr(family) }),
      () => ({ type: "RTM_NEWRULE", flags: this.flags(), rule: rule() }),
      () => ({ type: "RTM_DELRULE", rule: rule() }),
      () => ({ type: "RTM_NEWNSID", ref: { fd: d.below(3) }, nsid: d.of([-1, 0, 1, 7, 2 ** 31]) }),
      ...DUMPS.map((r) => () => r),
    ];
    return d.of(all)();
  }
}

const DUMPS: readonly RtnlRequest[] = [
  { type: "RTM_GETLINK" },
  { type: "RTM_GETADDR", family: 0 },
  { type: "RTM_GETROUTE", dump: true, family: 0 },
  { type: "RTM_GETNEIGH", family: 0 },
  { type: "RTM_GETNEIGH", family: 7 },
  { type: "RTM_GETRULE", family: 0 },
  { type: "RTM_GETNSID" },
];

/** An object without the members that are undefined. */
function clean<T extends object>(o: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

it.each(seeds(6, 1500))("seed %i", (seed) => {
  const d = new Draw(seed, "rtnetlink");
  const rig = makeNet(seed);
  const spaces = [addNs(rig, "a", { ipv6: true, initial: true }), addNs(rig, "b", { ipv6: true })];
  for (let i = 0; i < ROUNDS; i++) {
    const ns = d.of(spaces);
    const req = new Requests(d, ns).next();
    try {
      const r = rtnl(ns, req, spaces);
      if (!r.ok) expect(r.errno).toBeGreaterThan(0);
      if (d.chance(10)) run(rig, d.below(2 * SEC));
    } catch (e) {
      throw new Error(`round ${i}: ${JSON.stringify(req)}`, { cause: e });
    }
  }
  for (const ns of spaces) for (const dump of DUMPS) expect(rtnl(ns, dump, spaces).ok).toBe(true);
  run(rig, 120 * SEC);
  // what is still under way is asked to end
  for (const ns of spaces)
    for (const dev of [...ns.devs.values()])
      rtnl(ns, { type: "RTM_NEWLINK", flags: 0, ifindex: dev.ifindex, attrs: { flags: 0, change: 1 } });
  run(rig, 120 * SEC);
  expect(rig.net.liveSkbs).toBe(0);
});

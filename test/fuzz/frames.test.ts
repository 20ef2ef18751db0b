/**
 * Hostile frames: whatever comes in by a device, the stack neither throws nor keeps a packet. Frames are the printers' test frames, changed,
 * cut, lengthened and addressed to the receiver, into a namespace that forwards, bridges and has both families.
 */
import { expect, it, vi } from "vitest";
import { SEC } from "../../sim/core/time.ts";
import { createBridge, enslave } from "../../sim/net/dev/bridge/bridge.ts";
import { netifRx } from "../../sim/net/dev/rx.ts";
import type { NetDevice } from "../../sim/net/dev/device.ts";
import { allocSkb, birth, skbPut } from "../../sim/net/skb.ts";
import { addNs, makeNet, type Rig, rtnl, run, up, wire } from "../../sim/testing/net.ts";
import { Sites } from "../../sim/trace/sites.ts";
import { summarise } from "../../sim/trace/packet.ts";
import { A, IA, IB, testFrames } from "../../sim/wire/testdata/frames.ts";
import { Draw, seeds } from "./draw.ts";

vi.setConfig({ testTimeout: 600_000 });
const FRAMES = testFrames()
  .map((f) => f.bytes)
  .filter((b) => b.length > 14);
const ROUNDS = 400;

function ip(n: number): Uint8Array {
  return Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
}

/** One of the frames, damaged in up to four places. */
function damaged(d: Draw, to: NetDevice): Uint8Array {
  let b = Uint8Array.from(d.of(FRAMES));
  if (d.chance(70)) b.set(d.chance(80) ? to.addr : d.chance(50) ? new Uint8Array(6).fill(255) : A, 0);
  for (let n = d.below(5); n > 0; n--) {
    const at = d.below(Math.min(b.length, 80));
    switch (d.below(5)) {
      case 0:
        b[at] = d.below(256);
        break;
      case 1:
        b[at]! ^= 1 << d.below(8);
        break;
      case 2:
        b = b.slice(0, Math.max(14, d.below(b.length + 1)));
        break;
      case 3:
        b = Uint8Array.from([...b, ...d.bytes(d.below(64))]);
        break;
      default:
        b[Math.min(b.length - 1, 12 + d.below(30))] = d.of([0, 1, 4, 6, 17, 58, 0x45, 0x46, 0x60, 0x86, 255]);
    }
  }
  return b;
}

function receive(dev: NetDevice, bytes: Uint8Array): void {
  const skb = allocSkb(dev.ns.net, bytes.length);
  skb.buf.set(bytes, skbPut(skb, bytes.length));
  skb.dev = dev;
  birth(skb, dev.ns, Sites.SEND, 0, bytes.length);
  netifRx(skb);
}

function network(seed: number): { rig: Rig; devices: NetDevice[] } {
  const rig = makeNet(seed);
  const a = addNs(rig, "a", { ipv6: true, initial: true });
  const b = addNs(rig, "b", { ipv6: true });
  const [x, y] = wire(a, "x", b, "y");
  const [p, q] = wire(a, "p", b, "q");
  const br = createBridge(a, "br0");
  up(br);
  enslave(br, p);
  const address = (ns: typeof a, dev: NetDevice, n: number): void => {
    const r = rtnl(ns, {
      type: "RTM_NEWADDR",
      flags: 0x600,
      addr: { family: 2, ifindex: dev.ifindex, prefixlen: 24, local: ip(n), address: ip(n) },
    });
    if (!r.ok) throw new Error(`no address: ${r.errno}`);
  };
  address(a, x, IB);
  address(a, br, IA + 256);
  address(b, y, IA);
  a.sysctl.conf4All = { ...a.sysctl.conf4All, forwarding: 1 };
  for (const dev of a.devs.values()) dev.conf4 = { ...dev.conf4, forwarding: 1 };
  run(rig, 3 * SEC);
  return { rig, devices: [x, p, y, q] };
}

it.each(seeds(4, 2000))("seed %i", (seed) => {
  const d = new Draw(seed, "frames");
  const { rig, devices } = network(seed);
  for (let i = 0; i < ROUNDS; i++) {
    const dev = d.of(devices);
    const bytes = damaged(d, dev);
    try {
      receive(dev, bytes);
      if (d.chance(30)) run(rig, d.below(SEC / 10));
    } catch (e) {
      throw new Error(`round ${i}: ${Array.from(bytes, (v) => v.toString(16).padStart(2, "0")).join("")}`, { cause: e });
    }
  }
  // reassembly gives up after 30 s, an address is asked for three times
  run(rig, 90 * SEC);
  expect(rig.net.liveSkbs).toBe(0);
});

it.each(seeds(2, 100))("summaries of damaged bytes do not throw, seed %i", (seed) => {
  const d = new Draw(seed, "summary");
  for (let i = 0; i < 2000; i++) {
    const b = d.of(FRAMES).slice(14);
    for (let n = d.below(4); n > 0; n--) b[d.below(b.length)] = d.below(256);
    summarise(d.of([0x0800, 0x0806, 0x86dd, 0x88b5]), b.slice(0, d.below(b.length + 1)));
  }
});

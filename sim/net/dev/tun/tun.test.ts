/** tun and tap: who may attach, what is read and written, and what becomes of packets that nobody reads. */
import { describe, expect, it } from "vitest";
import { Errno } from "../../../core/result.ts";
import { addNs, makeNet, run, send, up } from "../../../testing/net.ts";
import { buildIp4, IpProto } from "../../../wire/ipv4.ts";
import { ETH_P_IP } from "../../../wire/eth.ts";
import type { NetDevice } from "../device.ts";
import { tunRead, tunWrite } from "./io.ts";
import { TunF } from "./flags.ts";
import { tunDetach, tunPriv, TunQueue, tunSetIff } from "./tun.ts";

const ROOT = { uid: 0, gid: 0, groups: [0], netAdmin: true };
const USER = { uid: 1000, gid: 1000, groups: [1000, 44], netAdmin: false };

function attach(flags: number): { dev: NetDevice; q: TunQueue; rig: ReturnType<typeof makeNet>; ns: NetDevice["ns"] } {
  const rig = makeNet();
  const ns = addNs(rig, "a");
  const q = new TunQueue();
  expect(tunSetIff(ns, q, "", flags, ROOT)).toBe(0);
  return { dev: q.dev!, q, rig, ns };
}
function packet(): Uint8Array {
  const b = new Uint8Array(28);
  buildIp4(b, 0, 0, 28, 1, 0, 64, IpProto.UDP, 0x0a000001, 0x0a000002);
  return b;
}

describe("attaching", () => {
  it("makes a device of the next free name, and takes it away with its last file", () => {
    const { dev, q, ns } = attach(TunF.TUN | TunF.NO_PI);
    expect([dev.name, dev.type, dev.hardHeaderLen, dev.mtu, dev.carrier]).toEqual(["tun0", "none", 0, 1500, true]);
    tunDetach(q);
    expect(ns.devByName("tun0")).toBeNull();
  });
  it("keeps a persistent one, without carrier", () => {
    const { dev, q, ns } = attach(TunF.TAP | TunF.NO_PI);
    tunPriv(dev).flags |= TunF.PERSIST;
    tunDetach(q);
    expect([ns.devByName("tap0") === dev, dev.carrier]).toEqual([true, false]);
  });
  it("asks for the right kind, one file, the same number of queues, and permission", () => {
    const { dev, ns } = attach(TunF.TAP | TunF.NO_PI);
    const again = (flags: number, cred = ROOT): number => tunSetIff(ns, new TunQueue(), "tap0", flags, cred);
    expect(again(TunF.TUN)).toBe(-Errno.EINVAL);
    expect(again(TunF.TAP)).toBe(-Errno.EBUSY);
    expect(again(TunF.TAP | TunF.EXCL)).toBe(-Errno.EBUSY);
    expect(again(TunF.TAP | TunF.MULTI_QUEUE)).toBe(-Errno.EINVAL);
    expect(again(TunF.TAP, USER)).toBe(-Errno.EPERM);
    tunPriv(dev).owner = 1000;
    expect(again(TunF.TAP, USER)).toBe(-Errno.EBUSY);
    tunPriv(dev).group = 45;
    expect(again(TunF.TAP, USER)).toBe(-Errno.EPERM);
    expect(tunSetIff(ns, new TunQueue(), "new0", TunF.TAP, USER)).toBe(-Errno.EPERM);
    expect(tunSetIff(ns, new TunQueue(), "new0", 0, ROOT)).toBe(-Errno.EINVAL);
  });
});

describe("reading and writing", () => {
  it("carries packets without a header, or with flags and EtherType in front", () => {
    for (const pi of [false, true]) {
      const { dev, q, rig } = attach(pi ? TunF.TUN : TunF.TUN | TunF.NO_PI);
      up(dev);
      run(rig);
      expect(tunRead(q, 100)).toBeNull();
      send(dev, packet());
      const got = tunRead(q, 100) as Uint8Array;
      expect([...got.subarray(0, pi ? 4 : 0)]).toEqual(pi ? [0, 0, got[2], got[3]] : []);
      expect(got.subarray(pi ? 4 : 0)).toEqual(packet());
      expect([dev.stats.txPackets, dev.stats.txBytes]).toEqual([1, 28]);
    }
  });
  it("refuses what is no packet, and everything while the device is down", () => {
    const { dev, q, rig } = attach(TunF.TUN | TunF.NO_PI);
    expect(tunWrite(q, packet())).toBe(-Errno.EIO);
    up(dev);
    expect(tunWrite(q, Uint8Array.of(0x10, 0))).toBe(-Errno.EINVAL);
    expect(dev.stats.rxDropped).toBe(1);
    expect(tunWrite(q, packet())).toBe(28);
    run(rig);
    expect([dev.stats.rxPackets, rig.net.liveSkbs]).toEqual([1, 0]);
    tunDetach(q);
    expect(tunWrite(q, packet())).toBe(-Errno.EBADFD);
    expect(tunRead(q, 10)).toBe(-Errno.EBADFD);
  });
  it("drops what does not fit into the queue of a file that nobody reads", () => {
    const { dev, q, rig } = attach(TunF.TUN | TunF.NO_PI);
    up(dev);
    run(rig);
    dev.txqlen = 2;
    q.ring.length = 0;
    for (let i = 0; i < 3; i++) send(dev, packet());
    expect([q.ring.length, dev.stats.txDropped, rig.net.liveSkbs]).toEqual([2, 1, 0]);
    expect(q.ring[0]!.proto === 0 || q.ring[0]!.proto === ETH_P_IP).toBe(true);
  });
});

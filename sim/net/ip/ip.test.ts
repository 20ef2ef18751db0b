import { describe, expect, it } from "vitest";
import { addNs, makeNet, rtnl, run, wire, type Rig } from "../../testing/net.ts";
import { MS, SEC } from "../../core/time.ts";
import { parseIp4, parsePrefix4 } from "../../wire/addr.ts";
import { buildIcmpEcho, IcmpType } from "../../wire/icmp4.ts";
import type { NetNs } from "../netns.ts";
import { NlmF, RtScope } from "../rtnl/messages.ts";
import { bytes4 } from "../rtnl/addr.ts";
import { createSocket } from "../sock/table.ts";
import type { NetRecv, Sock } from "../sock/socket.ts";
import { devOpen } from "../dev/core.ts";

const CRED = { uid: 0, gid: 0, netRaw: true, netAdmin: true, groups: [0] };
const a = (t: string): number => parseIp4(t)!;

function addr(ns: NetNs, dev: string, text: string): string {
  const p = parsePrefix4(text)!;
  const r = rtnl(ns, {
    type: "RTM_NEWADDR",
    flags: NlmF.CREATE | NlmF.EXCL,
    addr: { family: 2, ifindex: ns.devByName(dev)!.ifindex, prefixlen: p.len, local: bytes4(p.addr) },
  });
  return r.ok ? "" : `${r.errno} ${r.extack}`;
}
function via(ns: NetNs, dst: string, gw: string): string {
  const p = parsePrefix4(dst)!;
  const r = rtnl(ns, {
    type: "RTM_NEWROUTE",
    flags: NlmF.CREATE | NlmF.EXCL,
    route: {
      family: 2,
      dst: bytes4(p.addr),
      dstLen: p.len,
      tos: 0,
      table: 254,
      protocol: 3,
      scope: RtScope.UNIVERSE,
      type: 1,
      flags: 0,
      gateway: bytes4(a(gw)),
    },
  });
  return r.ok ? "" : `${r.errno} ${r.extack}`;
}
function raw(ns: NetNs): Sock {
  const s = createSocket(ns, 2, 3, 1, CRED);
  if (typeof s === "number") throw new Error(`socket ${s}`);
  return s;
}
function echo(sk: Sock, to: string, seq = 1, len = 56): number {
  const b = new Uint8Array(8 + len);
  buildIcmpEcho(b, 0, IcmpType.ECHO, 77, seq, len);
  return sk.ops.sendto(sk, b, { family: 2, addr: a(to), port: 0 }, 0);
}
/** types of the ICMP messages that a raw socket got, with TTL and sender's last byte */
function got(sk: Sock): string[] {
  const out: string[] = [];
  for (;;) {
    const r = sk.ops.recv(sk, 65536, false);
    if (typeof r === "number") return out;
    out.push(say(r));
  }
}
function say(r: NetRecv): string {
  const h = (r.data[0]! & 15) * 4;
  const from = r.from!.family === 2 ? r.from!.addr & 255 : -1;
  return `${r.data[h]}/${r.data[h + 1]} from .${from} ttl ${r.data[8]} len ${r.data.length}`;
}

function three(): { rig: Rig; n1: NetNs; r: NetNs; n2: NetNs } {
  const rig = makeNet();
  const n1 = addNs(rig, "n1");
  const r = addNs(rig, "r");
  const n2 = addNs(rig, "n2");
  for (const ns of [n1, r, n2]) devOpen(ns.loopback);
  wire(n1, "e0", r, "ra");
  wire(n2, "e0", r, "rb");
  addr(n1, "e0", "10.1.0.2/24");
  addr(r, "ra", "10.1.0.1/24");
  addr(r, "rb", "10.2.0.1/24");
  addr(n2, "e0", "10.2.0.2/24");
  for (const d of r.devs.values()) d.conf4.forwarding = 1;
  run(rig, 2 * SEC);
  return { rig, n1, r, n2 };
}

describe("two hosts and a router", () => {
  it("answers a neighbour's ping with TTL 64", () => {
    const { rig, n1 } = three();
    const s = raw(n1);
    expect(echo(s, "10.1.0.1")).toBe(64);
    run(rig, 10 * MS);
    expect(got(s)).toEqual(["0/0 from .1 ttl 64 len 84"]);
    run(rig, 200 * SEC);
    expect(rig.net.liveSkbs).toBe(0);
  });
  it("has no way without a route, and needs one back", () => {
    const { rig, n1, n2 } = three();
    const s = raw(n1);
    expect(echo(s, "10.2.0.2")).toBe(-101);
    expect(via(n1, "0.0.0.0/0", "10.1.0.1")).toBe("");
    expect(echo(s, "10.2.0.2")).toBe(64);
    run(rig, SEC);
    expect(got(s)).toEqual([]);
    expect(via(n2, "0.0.0.0/0", "10.2.0.1")).toBe("");
    expect(echo(s, "10.2.0.2")).toBe(64);
    run(rig, SEC);
    expect(got(s)).toEqual(["0/0 from .2 ttl 63 len 84"]);
    run(rig, 200 * SEC);
    expect(rig.net.liveSkbs).toBe(0);
  });
});

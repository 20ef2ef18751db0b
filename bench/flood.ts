/** Sends small UDP datagrams from one machine of the two-networks lab to the other, over the router, one every 20 µs of virtual time. */
import { TimerKind } from "../sim/core/scheduler.ts";
import { SEC, US } from "../sim/core/time.ts";
import type { LabWorld } from "../sim/lab/build.ts";
import { addRoute } from "../sim/lab/configure.ts";
import type { Sock } from "../sim/net/sock/socket.ts";
import { createSocket } from "../sim/net/sock/table.ts";
import { parseIp4 } from "../sim/wire/addr.ts";

const EVERY = 20 * US;
const PORT = 9000;
const CRED = { uid: 0, gid: 0, netRaw: true, netAdmin: true, groups: [0] };
const PAYLOAD = new Uint8Array(18);

export interface Flood {
  readonly sent: number;
  /** virtual time by which everything has arrived */
  readonly until: number;
  arrived(): number;
}

function udp(lw: LabWorld, machine: string): Sock {
  const sk = createSocket(lw.machine(machine).rootNs, 2, 2, 17, CRED);
  if (typeof sk === "number") throw new Error(`socket: ${sk}`);
  return sk;
}

export function floodThroughRouter(lw: LabWorld, count: number): Flood {
  const value = (name: string): string => lw.params.get(name)!;
  addRoute(lw.machine("network01"), { to: value("netB"), via: value("routerA") });
  const from = udp(lw, "network01");
  const to = udp(lw, "network02");
  to.ops.bind(to, { family: 2, addr: 0, port: PORT });
  const dst = { family: 2, addr: parseIp4(value("hostB"))!, port: PORT } as const;
  let left = count;
  let got = 0;
  const drain = (): void => {
    while (typeof to.ops.recv(to, 64, false) !== "number") got++;
  };
  const { sched } = lw.world;
  sched.on(TimerKind.SESSION, () => {
    drain();
    if (left === 0) return;
    left--;
    from.ops.sendto(from, PAYLOAD, dst, 0);
    sched.arm(TimerKind.SESSION, from, EVERY);
  });
  sched.arm(TimerKind.SESSION, from, 0);
  return {
    sent: count,
    until: lw.world.now + count * EVERY + SEC,
    arrived: () => {
      drain();
      return got;
    },
  };
}

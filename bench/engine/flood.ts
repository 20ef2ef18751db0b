/**
 * Sends small UDP datagrams over the path that scripts/path.sh builds, host – bridge – router – bridge – host, one every 5 µs of
 * virtual time, through sockets of the stack. The flight recorder is on, as it always is.
 */
import { TimerKind } from "../../sim/core/scheduler.ts";
import { SEC, US } from "../../sim/core/time.ts";
import { plainLab } from "../../sim/lab/plain.ts";
import type { NetNs } from "../../sim/net/netns.ts";
import type { Sock } from "../../sim/net/sock/socket.ts";
import { createSocket } from "../../sim/net/sock/table.ts";
import { parseIp4 } from "../../sim/wire/addr.ts";
import { run } from "./index.ts";

const EVERY = 5 * US;
const PORT = 9000;
const PAYLOAD = new Uint8Array(18);
const CRED = { uid: 0, gid: 0, netRaw: true, netAdmin: true, groups: [0] };
const AF_INET = 2;
const AF_PACKET = 17;
const ETH_P_ALL = 3;

export class Flood {
  private readonly lw = plainLab(1);
  private readonly from: Sock;
  private readonly to: Sock;
  private readonly taps: Sock[] = [];
  private left = 0;
  private arrived = 0;
  private captured = 0;

  /** `capture`: a packet socket in each namespace sees every frame of every device. */
  constructor(script: string, capture: boolean) {
    const built = run(this.lw, script);
    if (!built.stdout.includes("1 received")) throw new Error(`the path does not work: ${built.stdout}${built.stderr}`);
    this.from = this.socket("h1", AF_INET, 2, 17);
    this.to = this.socket("h2", AF_INET, 2, 17);
    this.to.ops.bind(this.to, { family: AF_INET, addr: 0, port: PORT });
    if (capture) for (const name of ["h1", "b1", "r", "b2", "h2"]) this.taps.push(this.socket(name, AF_PACKET, 3, ETH_P_ALL));
    this.lw.world.sched.on(TimerKind.SESSION, () => this.step());
  }

  private socket(name: string, family: number, type: number, protocol: number): Sock {
    const ns: NetNs | undefined = [...this.lw.world.net.namespaces.values()].find((n) => n.alias === name);
    const sk = createSocket(ns!, family, type, protocol, CRED);
    if (typeof sk === "number") throw new Error(`socket: ${sk}`);
    return sk;
  }

  private drain(sk: Sock): number {
    let n = 0;
    while (typeof sk.ops.recv(sk, 65_536, false) !== "number") n++;
    return n;
  }

  private step(): void {
    this.arrived += this.drain(this.to);
    for (const t of this.taps) this.captured += this.drain(t);
    if (this.left-- <= 0) return;
    this.from.ops.sendto(this.from, PAYLOAD, { family: AF_INET, addr: parseIp4("10.2.0.1")!, port: PORT }, 0);
    this.lw.world.sched.arm(TimerKind.SESSION, this, EVERY);
  }

  /** Sends `count` and waits for the last: how many arrived, and how many frames were captured. */
  send(count: number): { readonly arrived: number; readonly captured: number } {
    const { world } = this.lw;
    this.arrived = this.captured = 0;
    this.left = count;
    world.sched.arm(TimerKind.SESSION, this, 0);
    const until = world.now + count * EVERY + SEC;
    while (world.run(until, 100_000) === "budget");
    this.left = 0;
    this.step();
    return { arrived: this.arrived, captured: this.captured };
  }
}

/**
 * Frames that go round in a loop of bridges without STP. Ethernet has no TTL, so on a real machine they go round as fast as the CPU
 * can; here they would take all of the wall clock's time. So a frame carries the ports that it came in by; when it comes back to a
 * bridge it has gone round, which names the loop's ports, and from then on it goes on at a pace: LOOP_COPY of virtual time for each
 * copy that the bridge may make. Few wait for their turn, the others are dropped (BRIDGE_LOOP_LIMIT). The storm lasts until the loop
 * is cut, as in reality, and other frames are not held up.
 *
 * sim: Linux has no such pace. Not seen: a loop through a tunnel, or through a program that holds a tap.
 */
import { TimerKind } from "../../../core/scheduler.ts";
import { SEC, US } from "../../../core/time.ts";
import { DropReason } from "../../../trace/reasons.ts";
import { Sites } from "../../../trace/sites.ts";
import { dropSkb, type Skb } from "../../skb.ts";
import type { NetWorld } from "../../world.ts";
import type { NetDevice } from "../device.ts";
import type { BridgeHop, BridgePort, LoopedFrame } from "./types.ts";

/** A copy over a cable is 3 events, and a host may answer it: 5,000 copies a second stay below 50,000 events. */
const LOOP_COPY = 200 * US;
const MAX_HELD = 32;
/** so many looped frames, none further than QUIET from the one before, are a storm */
const STORM = 16;
const QUIET = SEC;

/**
 * Notes that the frame came in by `port`. True when it went round, here or before: then this took it over, and lets it on later
 * (TimerKind.BR_LOOP) or ends it.
 */
export function brHoldLooped(port: BridgePort, skb: Skb): boolean {
  const path = skb.bridgePath;
  let visit = path;
  while (visit && visit.port.br !== port.br) visit = visit.prev;
  if (path && visit) {
    skb.bridgePath = ring(port, path, visit);
    seen(port.dev.ns.net, skb.bridgePath);
  } else {
    skb.bridgePath = { port, prev: path, round: path !== null && path.round };
    if (!skb.bridgePath.round) return false;
  }
  hold(port, skb, visit !== null);
  return true;
}

/** The round alone: `port` and the steps since the bridge was last visited at `visit`. */
function ring(port: BridgePort, newest: BridgeHop, visit: BridgeHop): BridgeHop {
  let r: BridgeHop = { port, prev: null, round: true };
  for (let h = newest; h !== visit; h = h.prev!) r = { port: h.port, prev: r, round: true };
  return r;
}

/** `onRound`: at a bridge of the loop. Those elsewhere, which die out, leave half of the places to them. */
function hold(port: BridgePort, skb: Skb, onRound: boolean): void {
  const { ns } = port.dev;
  const { net } = ns;
  const loop = net.bridgeLoop;
  if (loop.held >= (onRound ? MAX_HELD : MAX_HELD / 2)) {
    dropSkb(skb, ns, Sites.BR_INPUT, DropReason.BRIDGE_LOOP_LIMIT, loop.info, port.dev.ifindex, port.state);
    return;
  }
  const at = Math.max(loop.free, net.now);
  loop.free = at + port.br.ports.length * LOOP_COPY;
  loop.held++;
  net.sched.arm(TimerKind.BR_LOOP, { port, skb } satisfies LoopedFrame, at - net.now);
}

function seen(net: NetWorld, path: BridgeHop): void {
  const loop = net.bridgeLoop;
  if (net.now - loop.last > QUIET) {
    loop.frames = 0;
    loop.ports.clear();
  }
  loop.frames++;
  loop.last = net.now;
  const before = loop.ports.size;
  for (let h: BridgeHop | null = path; h; h = h.prev) loop.ports.add(h.port);
  if (loop.ports.size !== before) loop.info = { ports: [...loop.ports].map((p) => `${p.dev.ns.machine}:${p.dev.name}`) };
}

/** The ports by which frames go round now; none when nothing storms. */
export function loopedPorts(net: NetWorld): readonly NetDevice[] {
  const loop = net.bridgeLoop;
  return loop.frames >= STORM && net.now - loop.last <= QUIET ? [...loop.ports].map((p) => p.dev) : [];
}

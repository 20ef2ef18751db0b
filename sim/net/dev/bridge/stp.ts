/**
 * The spanning tree (net/bridge/br_stp.c, 802.1D-1998 §8): which bridge is the root, which port leads there, which ports are
 * designated and forward, the others block. Without STP every port counts as designated and forwards at once; the same
 * functions run, so that switching it on finds consistent data.
 *
 * Left out: rapid spanning tree (Linux has it only in a daemon), the jitter that Linux adds to hello and hold times.
 */
import { type Timer, TimerKind } from "../../../core/scheduler.ts";
import { MS, SEC } from "../../../core/time.ts";
import { eqMac } from "../../../wire/mac.ts";
import { buildConfigBpdu, buildTcnBpdu, type ConfigBpdu } from "../../../wire/stp.ts";
import { IFF } from "../../rtnl/messages.ts";
import { KERN, printk } from "../../printk.ts";
import { carrierOff, carrierOn, linkChanged } from "../linkwatch.ts";
import { sendBpdu } from "./bpdu.ts";
import { type Bridge, type BridgePort, BR_STATE_NAMES, BrState, StpTimer } from "./types.ts";

/** a port sends no two BPDUs closer than this */
const HOLD_TIME = SEC;
/** what a bridge adds to the age of what it passes on */
const MESSAGE_AGE_INCREMENT = 4 * MS;

// ---------------------------------------------------------------- comparing

/** Identifiers compare as the bytes they are: lower is better. */
export function compareId(a: Readonly<Uint8Array>, b: Readonly<Uint8Array>): number {
  for (let i = 0; i < 8; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

export function bridgeIdOf(priority: number, addr: Readonly<Uint8Array>): Uint8Array {
  const id = new Uint8Array(8);
  id[0] = priority >>> 8;
  id[1] = priority & 255;
  id.set(addr as Uint8Array, 2);
  return id;
}

export function priorityOf(br: Bridge): number {
  return (br.bridgeId[0]! << 8) | br.bridgeId[1]!;
}

export function portIdOf(priority: number, no: number): number {
  return ((priority & 0x3f) << 10) | no;
}

export function isRoot(br: Bridge): boolean {
  return compareId(br.bridgeId, br.designatedRoot) === 0;
}

function isDesignated(p: BridgePort): boolean {
  return p.designatedPort === p.portId && compareId(p.designatedBridge, p.br.bridgeId) === 0;
}

export function portByNo(br: Bridge, no: number): BridgePort | null {
  return br.ports.find((p) => p.no === no) ?? null;
}

// ---------------------------------------------------------------- timers

export function stopTimer(x: Bridge | BridgePort, which: StpTimer): void {
  const net = ("br" in x ? x.br : x).dev.ns.net;
  net.sched.cancel(x.timers[which] ?? null);
  x.timers[which] = null;
}

export function startTimer(x: Bridge | BridgePort, which: StpTimer, delay: number): void {
  stopTimer(x, which);
  x.timers[which] = ("br" in x ? x.br : x).dev.ns.net.sched.arm(TimerKind.BR_STP, x, delay, which);
}

/** Seconds until it fires, 0 when it does not run. */
export function timerLeft(x: Bridge | BridgePort, which: StpTimer): number {
  const t: Timer | null = x.timers[which] ?? null;
  const now = ("br" in x ? x.br : x).dev.ns.net.now;
  if (which === StpTimer.FORWARD_DELAY && !t && "br" in x) return Math.max(x.forwardDelayUntil - now, 0) / SEC;
  return t?.live ? (t.at - now) / SEC : 0;
}

// ---------------------------------------------------------------- sending

/** br_transmit_config: at most one a second and port. */
export function transmitConfig(p: BridgePort): void {
  const br = p.br;
  if (p.timers[StpTimer.HOLD]?.live) {
    p.configPending = true;
    return;
  }
  const now = br.dev.ns.net.now;
  const root = portByNo(br, br.rootPort);
  const messageAge = isRoot(br) || !root ? 0 : now - root.designatedAge + MESSAGE_AGE_INCREMENT;
  if (messageAge >= br.maxAge) return;
  const m: ConfigBpdu = {
    topologyChange: br.topologyChange,
    topologyChangeAck: p.topologyChangeAck,
    root: br.designatedRoot,
    rootPathCost: br.rootPathCost,
    bridgeId: br.bridgeId,
    portId: p.portId,
    messageAge,
    maxAge: br.maxAge,
    helloTime: br.helloTime,
    forwardDelay: br.forwardDelay,
  };
  if (br.stp) sendBpdu(p, buildConfigBpdu(br.groupAddr, p.dev.addr, m));
  p.topologyChangeAck = false;
  p.configPending = false;
  if (br.stp) startTimer(p, StpTimer.HOLD, HOLD_TIME);
}

/** br_transmit_tcn: by the root port. */
export function transmitTcn(br: Bridge): void {
  const p = portByNo(br, br.rootPort);
  if (p && br.stp) sendBpdu(p, buildTcnBpdu(br.groupAddr, p.dev.addr));
}

/** br_config_bpdu_generation */
export function generateConfigs(br: Bridge): void {
  for (const p of br.ports) if (p.state !== BrState.DISABLED && isDesignated(p)) transmitConfig(p);
}

// ---------------------------------------------------------------- roles

/** br_root_selection and br_designated_port_selection */
export function configurationUpdate(br: Bridge): void {
  let root: BridgePort | null = null;
  for (const p of br.ports) {
    if (!betterRootPort(p, root)) continue;
    if (p.flags.root_block) blockRootPort(p);
    else root = p;
  }
  br.rootPort = root ? root.no : 0;
  br.designatedRoot = root ? root.designatedRoot : br.bridgeId;
  br.rootPathCost = root ? root.designatedCost + root.pathCost : 0;
  for (const p of br.ports) if (p.state !== BrState.DISABLED && shouldBeDesignated(p)) becomeDesignated(p);
}

/** br_should_become_root_port */
function betterRootPort(p: BridgePort, best: BridgePort | null): boolean {
  if (p.state === BrState.DISABLED || isDesignated(p)) return false;
  if (compareId(p.br.bridgeId, p.designatedRoot) <= 0) return false;
  if (!best) return true;
  const d =
    compareId(p.designatedRoot, best.designatedRoot) ||
    p.designatedCost + p.pathCost - (best.designatedCost + best.pathCost) ||
    compareId(p.designatedBridge, best.designatedBridge) ||
    p.designatedPort - best.designatedPort ||
    p.portId - best.portId;
  return d < 0;
}

/** br_root_port_block: a port that may not lead to the root listens for as long as it hears of a better one. */
function blockRootPort(p: BridgePort): void {
  printk(p.br.dev.ns, KERN.NOTICE, `${p.br.dev.name}: port ${p.no}(${p.dev.name}) tried to become root port (blocked)`);
  setState(p, BrState.LISTENING);
  if (p.br.forwardDelay > 0) startTimer(p, StpTimer.FORWARD_DELAY, p.br.forwardDelay);
}

function shouldBeDesignated(p: BridgePort): boolean {
  const br = p.br;
  if (isDesignated(p) || compareId(p.designatedRoot, br.designatedRoot) !== 0) return true;
  const d = br.rootPathCost - p.designatedCost || compareId(br.bridgeId, p.designatedBridge) || p.portId - p.designatedPort;
  return d < 0;
}

export function becomeDesignated(p: BridgePort): void {
  const br = p.br;
  p.designatedRoot = br.designatedRoot;
  p.designatedCost = br.rootPathCost;
  p.designatedBridge = br.bridgeId;
  p.designatedPort = p.portId;
}

/** br_become_root_bridge */
export function becomeRoot(br: Bridge): void {
  br.maxAge = br.bridgeMaxAge;
  br.helloTime = br.bridgeHelloTime;
  br.forwardDelay = br.bridgeForwardDelay;
  detectTopologyChange(br);
  stopTimer(br, StpTimer.TCN);
  if (!(br.dev.flags & IFF.UP)) return;
  generateConfigs(br);
  if (br.stp) startTimer(br, StpTimer.HELLO, br.helloTime);
}

// ---------------------------------------------------------------- states

/** br_set_state, with its line in the kernel log */
export function setState(p: BridgePort, state: BrState): void {
  p.state = state;
  portLog(p, `entered ${BR_STATE_NAMES[state]} state`);
}

export function portLog(p: BridgePort, what: string): void {
  const { dev } = p.br;
  printk(dev.ns, KERN.INFO, `${dev.name}: port ${p.no}(${p.dev.name}) ${what}`);
}

/** br_port_state_selection: by role; the bridge has carrier while a port forwards. */
export function selectStates(br: Bridge): void {
  let live = 0;
  for (const p of br.ports) {
    if (p.state === BrState.DISABLED) continue;
    if (p.no === br.rootPort) {
      p.configPending = false;
      p.topologyChangeAck = false;
      makeForwarding(p);
    } else if (isDesignated(p)) {
      stopTimer(p, StpTimer.MESSAGE_AGE);
      makeForwarding(p);
    } else {
      p.configPending = false;
      p.topologyChangeAck = false;
      makeBlocking(p);
    }
    if (p.state === BrState.FORWARDING) live++;
  }
  if (live === 0) carrierOff(br.dev);
  else carrierOn(br.dev);
}

/** br_make_forwarding: with STP by way of listening and learning, each for the forward delay. */
function makeForwarding(p: BridgePort): void {
  const br = p.br;
  if (p.state !== BrState.BLOCKING) return;
  if (!br.stp || br.forwardDelay === 0) {
    setState(p, BrState.FORWARDING);
    detectTopologyChange(br);
    stopTimer(p, StpTimer.FORWARD_DELAY);
    p.forwardDelayUntil = br.dev.ns.net.now + br.forwardDelay;
  } else {
    setState(p, BrState.LISTENING);
    startTimer(p, StpTimer.FORWARD_DELAY, br.forwardDelay);
  }
  linkChanged(p.dev);
}

function makeBlocking(p: BridgePort): void {
  if (p.state === BrState.BLOCKING) return;
  if (p.state === BrState.FORWARDING || p.state === BrState.LEARNING) detectTopologyChange(p.br);
  setState(p, BrState.BLOCKING);
  stopTimer(p, StpTimer.FORWARD_DELAY);
  p.forwardDelayUntil = 0;
  linkChanged(p.dev);
}

/** br_topology_change_detection: the root tells everybody, another bridge tells the root. */
export function detectTopologyChange(br: Bridge): void {
  if (!br.stp) return;
  printk(br.dev.ns, KERN.INFO, `${br.dev.name}: topology change detected, ${isRoot(br) ? "propagating" : "sending tcn bpdu"}`);
  if (isRoot(br)) {
    setTopologyChange(br, true);
    startTimer(br, StpTimer.TOPOLOGY_CHANGE, br.bridgeForwardDelay + br.bridgeMaxAge);
  } else if (!br.topologyChangeDetected) {
    transmitTcn(br);
    startTimer(br, StpTimer.TCN, br.bridgeHelloTime);
  }
  br.topologyChangeDetected = true;
}

/** __br_set_topology_change: while it lasts, the forwarding database ages by the forward delay (twice that is shown). */
export function setTopologyChange(br: Bridge, on: boolean): void {
  if (br.topologyChange === on) return;
  if (br.stp) br.ageingTime = on ? 2 * br.forwardDelay : br.bridgeAgeingTime;
  br.topologyChange = on;
}

// ---------------------------------------------------------------- settings (br_stp_if.c)

/** br_stp_change_bridge_id: a new MAC in the identifier. */
export function changeId(br: Bridge, addr: Readonly<Uint8Array>): void {
  const old = br.bridgeId;
  const was = isRoot(br);
  const id = bridgeIdOf(priorityOf(br), addr);
  br.bridgeId = id;
  br.dev.addr = addr.slice();
  const renamed = (x: Readonly<Uint8Array>): Readonly<Uint8Array> =>
    eqMac(x as Uint8Array, 2, old as Uint8Array, 2) ? bridgeIdOf((x[0]! << 8) | x[1]!, addr) : x;
  for (const p of br.ports) {
    p.designatedBridge = renamed(p.designatedBridge);
    p.designatedRoot = renamed(p.designatedRoot);
  }
  settle(br, was);
}

/** br_stp_set_bridge_priority, 0..65535 */
export function setBridgePriority(br: Bridge, priority: number): void {
  const was = isRoot(br);
  const id = bridgeIdOf(priority, br.bridgeId.subarray(2));
  for (const p of br.ports) if (p.state !== BrState.DISABLED && isDesignated(p)) p.designatedBridge = id;
  br.bridgeId = id;
  settle(br, was);
}

/** br_stp_set_port_priority, 0..63 */
export function setPortPriority(p: BridgePort, priority: number): void {
  const id = portIdOf(priority, p.no);
  if (isDesignated(p)) p.designatedPort = id;
  p.portId = id;
  p.priority = priority;
  if (compareId(p.br.bridgeId, p.designatedBridge) === 0 && p.portId < p.designatedPort) {
    becomeDesignated(p);
    selectStates(p.br);
  }
}

/** br_stp_set_path_cost, 1..65535 */
export function setPathCost(p: BridgePort, cost: number): void {
  p.adminCost = true;
  p.pathCost = cost;
  configurationUpdate(p.br);
  selectStates(p.br);
}

/** br_stp_set_enabled. A forward delay beyond what STP allows is brought into its range. */
export function setStp(br: Bridge, on: boolean): void {
  if (on === br.stp) return;
  if (on) {
    const d = br.bridgeForwardDelay;
    if (d < 2 * SEC || d > 30 * SEC) setForwardDelay(br, d < 2 * SEC ? 2 * SEC : 30 * SEC);
  }
  br.stp = on;
  selectStates(br);
  if (on && br.dev.flags & IFF.UP) startTimer(br, StpTimer.HELLO, br.helloTime);
}

/** __br_set_forward_delay: the bridge's wish, and what counts while it is the root. */
export function setForwardDelay(br: Bridge, delay: number): void {
  br.bridgeForwardDelay = delay;
  if (isRoot(br)) br.forwardDelay = delay;
}

/** After the identifier changed: roles, states, and perhaps a new root. */
function settle(br: Bridge, wasRoot: boolean): void {
  configurationUpdate(br);
  selectStates(br);
  if (isRoot(br) && !wasRoot) becomeRoot(br);
}

// ---------------------------------------------------------------- ports and the bridge coming and going

/** br_stp_enable_port */
export function enablePort(p: BridgePort): void {
  p.portId = portIdOf(p.priority, p.no);
  becomeDesignated(p);
  setState(p, BrState.BLOCKING);
  p.topologyChangeAck = false;
  p.configPending = false;
  selectStates(p.br);
  linkChanged(p.dev);
}

/** br_stp_disable_port, without what becomes of the forwarding database (port.ts). */
export function stopPort(p: BridgePort): void {
  const br = p.br;
  const was = isRoot(br);
  becomeDesignated(p);
  setState(p, BrState.DISABLED);
  p.topologyChangeAck = false;
  p.configPending = false;
  p.forwardDelayUntil = 0;
  for (const t of [StpTimer.MESSAGE_AGE, StpTimer.FORWARD_DELAY, StpTimer.HOLD]) stopTimer(p, t);
  settle(br, was);
}

/** br_stp_enable_bridge, before its ports */
export function startBridge(br: Bridge): void {
  if (br.stp) startTimer(br, StpTimer.HELLO, br.helloTime);
  generateConfigs(br);
}

/** br_stp_disable_bridge, after its ports */
export function stopBridge(br: Bridge): void {
  setTopologyChange(br, false);
  br.topologyChangeDetected = false;
  for (const t of [StpTimer.HELLO, StpTimer.TCN, StpTimer.TOPOLOGY_CHANGE]) stopTimer(br, t);
}

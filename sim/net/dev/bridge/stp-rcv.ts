/**
 * What makes the spanning tree move: BPDUs that arrive (br_stp_bpdu.c, br_received_config_bpdu) and timers that run out
 * (br_stp_timer.c).
 */
import { hex } from "../../../core/bytes.ts";
import { bug } from "../../../core/result.ts";
import { DropReason } from "../../../trace/reasons.ts";
import { Sites } from "../../../trace/sites.ts";
import { eqMac, fmtMac } from "../../../wire/mac.ts";
import { type ConfigBpdu, LLC_SAP_BSPAN, parseBpdu } from "../../../wire/stp.ts";
import { KERN, printk } from "../../printk.ts";
import { IFF } from "../../rtnl/messages.ts";
import { consumeSkb, dropSkb, PacketType, type Skb } from "../../skb.ts";
import { carrierOn, linkChanged } from "../linkwatch.ts";
import { disablePort, portOf } from "./port.ts";
import {
  becomeDesignated,
  becomeRoot,
  compareId,
  configurationUpdate,
  detectTopologyChange,
  generateConfigs,
  isRoot,
  portLog,
  selectStates,
  setState,
  setTopologyChange,
  startTimer,
  stopTimer,
  transmitConfig,
  transmitTcn,
} from "./stp.ts";
import { type Bridge, type BridgePort, BrState, StpTimer } from "./types.ts";

const LLC_HLEN = 3;

/** llc_rcv, for length-framed frames: only the spanning tree's service access point is open. Takes the skb over. */
export function llcRcv(skb: Skb): void {
  const dev = skb.dev!;
  const b = skb.buf;
  const o = skb.data;
  const port = portOf(dev);
  if (skb.pktType === PacketType.OTHERHOST || skb.len < LLC_HLEN || b[o] !== LLC_SAP_BSPAN || b[o + 1] !== LLC_SAP_BSPAN || !port) {
    dropSkb(skb, dev.ns, Sites.RX, DropReason.UNHANDLED_PROTO, null, dev.ifindex, skb.protocol);
    return;
  }
  const br = port.br;
  const heard = parseBpdu(b, o + LLC_HLEN, skb.tail);
  const mine = eqMac(b, skb.mac, br.groupAddr as Uint8Array, 0);
  const listens = br.stp && (br.dev.flags & IFF.UP) !== 0 && port.state !== BrState.DISABLED && mine;
  if (!heard || !listens) {
    dropSkb(skb, dev.ns, Sites.BPDU_RCV, DropReason.NOT_SPECIFIED, null, dev.ifindex, port.state);
    return;
  }
  if (port.flags.guard) {
    dropSkb(skb, dev.ns, Sites.BPDU_RCV, DropReason.BRIDGE_BPDU_GUARD, null, dev.ifindex, port.state);
    printk(br.dev.ns, KERN.NOTICE, `${br.dev.name}: BPDU received on blocked port ${port.no}(${dev.name})`);
    disablePort(port);
    return;
  }
  consumeSkb(skb, dev.ns, Sites.BPDU_RCV, null, dev.ifindex, heard === "tcn" ? 1 : 0);
  if (heard === "tcn") receivedTcn(port);
  else if (heard.messageAge <= heard.maxAge) receivedConfig(port, heard);
}

/** br_received_config_bpdu */
function receivedConfig(p: BridgePort, m: ConfigBpdu): void {
  const br = p.br;
  if (!supersedes(p, m)) {
    if (p.designatedPort === p.portId && compareId(p.designatedBridge, br.bridgeId) === 0) transmitConfig(p);
    return;
  }
  const was = isRoot(br);
  record(p, m);
  configurationUpdate(br);
  selectStates(br);
  if (!isRoot(br) && was) {
    stopTimer(br, StpTimer.HELLO);
    if (br.topologyChangeDetected) {
      stopTimer(br, StpTimer.TOPOLOGY_CHANGE);
      transmitTcn(br);
      startTimer(br, StpTimer.TCN, br.bridgeHelloTime);
    }
  }
  if (p.no !== br.rootPort) return;
  br.maxAge = m.maxAge;
  br.helloTime = m.helloTime;
  br.forwardDelay = m.forwardDelay;
  setTopologyChange(br, m.topologyChange);
  generateConfigs(br);
  if (!m.topologyChangeAck) return;
  br.topologyChangeDetected = false;
  stopTimer(br, StpTimer.TCN);
}

/** br_supersedes_port_info: does the BPDU tell of something better than what the port knows, or the same again? */
function supersedes(p: BridgePort, m: ConfigBpdu): boolean {
  const d = compareId(m.root, p.designatedRoot) || m.rootPathCost - p.designatedCost || compareId(m.bridgeId, p.designatedBridge);
  if (d !== 0) return d < 0;
  return compareId(m.bridgeId, p.br.bridgeId) !== 0 || m.portId <= p.designatedPort;
}

/** br_record_config_information */
function record(p: BridgePort, m: ConfigBpdu): void {
  p.designatedRoot = m.root;
  p.designatedCost = m.rootPathCost;
  p.designatedBridge = m.bridgeId;
  p.designatedPort = m.portId;
  p.designatedAge = p.br.dev.ns.net.now - m.messageAge;
  startTimer(p, StpTimer.MESSAGE_AGE, m.maxAge - m.messageAge);
}

/** br_received_tcn_bpdu */
function receivedTcn(p: BridgePort): void {
  if (p.designatedPort !== p.portId || compareId(p.designatedBridge, p.br.bridgeId) !== 0) return;
  portLog(p, "received tcn bpdu");
  detectTopologyChange(p.br);
  p.topologyChangeAck = true;
  transmitConfig(p);
}

/** The timer's function (TimerKind.BR_STP); `which` says whose: the first three are a bridge's. */
export function stpTimer(owner: Bridge | BridgePort, which: number): void {
  owner.timers[which] = null;
  if ("br" in owner) portTimer(owner, which as StpTimer);
  else bridgeTimer(owner, which as StpTimer);
}

function bridgeTimer(br: Bridge, which: StpTimer): void {
  const up = (br.dev.flags & IFF.UP) !== 0;
  switch (which) {
    case StpTimer.HELLO:
      if (!up) return;
      generateConfigs(br);
      if (br.stp) startTimer(br, StpTimer.HELLO, br.helloTime);
      return;
    case StpTimer.TCN:
      if (!up || isRoot(br)) return;
      transmitTcn(br);
      startTimer(br, StpTimer.TCN, br.bridgeHelloTime);
      return;
    case StpTimer.TOPOLOGY_CHANGE:
      br.topologyChangeDetected = false;
      setTopologyChange(br, false);
      return;
    default:
      bug(`bridge timer ${which}`);
  }
}

function portTimer(p: BridgePort, which: StpTimer): void {
  const br = p.br;
  switch (which) {
    case StpTimer.MESSAGE_AGE: {
      printk(
        br.dev.ns,
        KERN.INFO,
        `${br.dev.name}: neighbor ${hex(p.designatedBridge.subarray(0, 2))}.${fmtMac(p.designatedBridge as Uint8Array, 2)} lost on port ${p.no}(${p.dev.name})`,
      );
      if (p.state === BrState.DISABLED) return;
      const was = isRoot(br);
      becomeDesignated(p);
      configurationUpdate(br);
      selectStates(br);
      if (isRoot(br) && !was) becomeRoot(br);
      return;
    }
    case StpTimer.FORWARD_DELAY:
      forwardDelayOver(p);
      return;
    case StpTimer.HOLD:
      if (p.configPending) transmitConfig(p);
      return;
    default:
      bug(`port timer ${which}`);
  }
}

/** br_forward_delay_timer_expired: listening, learning, forwarding */
function forwardDelayOver(p: BridgePort): void {
  const br = p.br;
  if (p.state === BrState.LISTENING) {
    setState(p, BrState.LEARNING);
    startTimer(p, StpTimer.FORWARD_DELAY, br.forwardDelay);
  } else if (p.state === BrState.LEARNING) {
    setState(p, BrState.FORWARDING);
    if (br.ports.some((q) => q.state !== BrState.DISABLED && compareId(q.designatedBridge, br.bridgeId) === 0)) detectTopologyChange(br);
    carrierOn(br.dev);
  }
  linkChanged(p.dev);
}

/**
 * Spanning tree BPDUs of 802.1D-1998: configuration and topology change notification, behind an 802.2 header with SAP 0x42.
 * Bridge identifiers are 8 bytes: priority, then MAC. Times on the wire are in units of 1/256 s, here in ns.
 */
import { put16, put32, u16, u32 } from "../core/bytes.ts";
import { SEC } from "../core/time.ts";
import { putMac } from "./eth.ts";

export const LLC_SAP_BSPAN = 0x42;
/** destination, source, length, DSAP, SSAP, control */
export const BPDU_OFF = 17;
const CONFIG_LENGTH = 35;
const TCN_LENGTH = 4;
const TCN = 0x80;
const FLAG_TC = 0x01;
const FLAG_TCA = 0x80;

export interface ConfigBpdu {
  readonly topologyChange: boolean;
  readonly topologyChangeAck: boolean;
  readonly root: Readonly<Uint8Array>;
  readonly rootPathCost: number;
  readonly bridgeId: Readonly<Uint8Array>;
  readonly portId: number;
  readonly messageAge: number;
  readonly maxAge: number;
  readonly helloTime: number;
  readonly forwardDelay: number;
}

function header(dst: Readonly<Uint8Array>, src: Readonly<Uint8Array>, length: number): Uint8Array {
  const b = new Uint8Array(BPDU_OFF + length);
  putMac(b, 0, dst);
  putMac(b, 6, src);
  put16(b, 12, 3 + length);
  b[14] = LLC_SAP_BSPAN;
  b[15] = LLC_SAP_BSPAN;
  b[16] = 3; // unnumbered information
  return b;
}

function ticks(ns: number): number {
  return Math.floor((ns * 256) / SEC) & 0xffff;
}

/** A complete frame. */
export function buildConfigBpdu(dst: Readonly<Uint8Array>, src: Readonly<Uint8Array>, m: ConfigBpdu): Uint8Array {
  const b = header(dst, src, CONFIG_LENGTH);
  const o = BPDU_OFF;
  b[o + 4] = (m.topologyChange ? FLAG_TC : 0) | (m.topologyChangeAck ? FLAG_TCA : 0);
  b.set(m.root as Uint8Array, o + 5);
  put32(b, o + 13, m.rootPathCost);
  b.set(m.bridgeId as Uint8Array, o + 17);
  put16(b, o + 25, m.portId);
  put16(b, o + 27, ticks(m.messageAge));
  put16(b, o + 29, ticks(m.maxAge));
  put16(b, o + 31, ticks(m.helloTime));
  put16(b, o + 33, ticks(m.forwardDelay));
  return b;
}

export function buildTcnBpdu(dst: Readonly<Uint8Array>, src: Readonly<Uint8Array>): Uint8Array {
  const b = header(dst, src, TCN_LENGTH);
  b[BPDU_OFF + 3] = TCN;
  return b;
}

/** What stands at `off` (behind the 802.2 header); null: no BPDU of 802.1D, or cut short. */
export function parseBpdu(b: Readonly<Uint8Array>, off: number, end: number): ConfigBpdu | "tcn" | null {
  if (end - off < TCN_LENGTH || u16(b as Uint8Array, off) !== 0 || b[off + 2] !== 0) return null;
  if (b[off + 3] === TCN) return "tcn";
  if (b[off + 3] !== 0 || end - off < CONFIG_LENGTH) return null;
  const buf = b as Uint8Array;
  const time = (at: number): number => Math.floor((u16(buf, at) * SEC) / 256);
  return {
    topologyChange: (buf[off + 4]! & FLAG_TC) !== 0,
    topologyChangeAck: (buf[off + 4]! & FLAG_TCA) !== 0,
    root: buf.slice(off + 5, off + 13),
    rootPathCost: u32(buf, off + 13),
    bridgeId: buf.slice(off + 17, off + 25),
    portId: u16(buf, off + 25),
    messageAge: time(off + 27),
    maxAge: time(off + 29),
    helloTime: time(off + 31),
    forwardDelay: time(off + 33),
  };
}

/**
 * TCP options: read from a segment (tcp_parse_options), and laid out as Linux lays them out (tcp_options_write): on a SYN
 * MSS, SACK permitted with the time stamps, window scale; later NOP NOP time stamps, NOP NOP SACK blocks.
 */
import { put16, put32, u16, u32 } from "../../core/bytes.ts";
import { TCP_HLEN, TcpOpt, tcpHlen } from "../../wire/tcp.ts";
import { MS } from "../../core/time.ts";
import type { NetNs } from "../netns.ts";
import { TcpOptions, type TcpSock } from "./state.ts";

const TS_ALIGNED = 12;
const MAX_OPTIONS = 40;

/** The time stamp clock: ms, from a start of the connection's own. */
export function tsClock(ns: NetNs, offset: number): number {
  return (Math.floor(ns.net.now / MS) + offset) >>> 0;
}

/** Reads the options of the segment at `at`. Lengths that do not fit end the reading, as in Linux. */
function parseTcpOptions(b: Uint8Array, at: number, syn: boolean, o: TcpOptions): void {
  const end = at + tcpHlen(b, at);
  let i = at + TCP_HLEN;
  while (i < end) {
    const kind = b[i]!;
    if (kind === TcpOpt.EOL) return;
    if (kind === TcpOpt.NOP) {
      i++;
      continue;
    }
    const len = i + 1 < end ? b[i + 1]! : 0;
    if (len < 2 || i + len > end) return;
    if (kind === TcpOpt.MSS && len === 4 && syn) o.mss = u16(b, i + 2);
    else if (kind === TcpOpt.WSCALE && len === 3 && syn) o.wscale = Math.min(b[i + 2]!, 14);
    else if (kind === TcpOpt.SACKOK && len === 2 && syn) o.sackOk = true;
    else if (kind === TcpOpt.TIMESTAMP && len === 10) {
      o.sawTs = true;
      o.tsval = u32(b, i + 2);
      o.tsecr = u32(b, i + 6);
    } else if (kind === TcpOpt.SACK && len >= 10 && (len - 2) % 8 === 0 && !syn)
      for (let k = i + 2; k < i + len; k += 4) o.sacks.push(u32(b, k));
    i += len;
  }
}

/** Options of a SYN or SYN+ACK. wscale -1: none. */
export function synOptions(mss: number, ts: { val: number; ecr: number } | null, sackOk: boolean, wscale: number): Uint8Array {
  const out = new Uint8Array(4 + (ts ? TS_ALIGNED : sackOk ? 4 : 0) + (wscale >= 0 ? 4 : 0));
  out[0] = TcpOpt.MSS;
  out[1] = 4;
  put16(out, 2, mss);
  let i = 4;
  if (ts) {
    out[i] = sackOk ? TcpOpt.SACKOK : TcpOpt.NOP;
    out[i + 1] = sackOk ? 2 : TcpOpt.NOP;
    out[i + 2] = TcpOpt.TIMESTAMP;
    out[i + 3] = 10;
    put32(out, i + 4, ts.val);
    put32(out, i + 8, ts.ecr);
    i += TS_ALIGNED;
  } else if (sackOk) {
    out.set([TcpOpt.NOP, TcpOpt.NOP, TcpOpt.SACKOK, 2], i);
    i += 4;
  }
  if (wscale >= 0) out.set([TcpOpt.NOP, TcpOpt.WSCALE, 3, wscale], i);
  return out;
}

/** NOP NOP and the time stamps alone, as TIME-WAIT answers carry them. */
export function tsOption(val: number, ecr: number): Uint8Array {
  const out = new Uint8Array(TS_ALIGNED);
  out.set([TcpOpt.NOP, TcpOpt.NOP, TcpOpt.TIMESTAMP, 10]);
  put32(out, 4, val);
  put32(out, 8, ecr);
  return out;
}

/** Bytes that every segment of an established connection spends on options, without SACK blocks. */
export function fixedOptions(sk: TcpSock): number {
  return sk.tsOk ? TS_ALIGNED : 0;
}

/** Options of a segment of an established connection; the duplicate told (D-SACK) is forgotten afterwards. */
export function establishedOptions(sk: TcpSock): Uint8Array | null {
  const ts = sk.tsOk ? TS_ALIGNED : 0;
  const blocks = sk.sackOk ? (sk.dsack ? [sk.dsack, ...sk.selAcks] : sk.selAcks) : [];
  const n = Math.min(blocks.length, Math.floor((MAX_OPTIONS - ts - 4) / 8));
  const len = ts + (n > 0 ? 4 + 8 * n : 0);
  if (len === 0) return null;
  const out = new Uint8Array(len);
  if (ts !== 0) {
    out.set([TcpOpt.NOP, TcpOpt.NOP, TcpOpt.TIMESTAMP, 10]);
    put32(out, 4, tsClock(sk.ns, sk.tsOffset));
    put32(out, 8, sk.tsRecent);
  }
  if (n > 0) {
    out.set([TcpOpt.NOP, TcpOpt.NOP, TcpOpt.SACK, 2 + 8 * n], ts);
    for (let i = 0; i < n; i++) {
      put32(out, ts + 4 + 8 * i, blocks[i]!.start);
      put32(out, ts + 8 + 8 * i, blocks[i]!.end);
    }
    sk.dsack = null;
  }
  return out;
}

/** The options of a received segment. */
export function optionsOf(b: Uint8Array, at: number, syn: boolean): TcpOptions {
  const o = new TcpOptions();
  parseTcpOptions(b, at, syn, o);
  return o;
}

/** The fields of a received segment, read once. */
import { u16, u32 } from "../../core/bytes.ts";
import { TCP_FIN, TCP_OFF_ACK, TCP_OFF_FLAGS, TCP_OFF_SEQ, TCP_OFF_WIN, TCP_SYN, tcpHlen } from "../../wire/tcp.ts";
import type { Skb } from "../skb.ts";

export interface TcpHdr {
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  /** not scaled */
  readonly window: number;
  /** where the data begins in the buffer */
  readonly data: number;
  readonly len: number;
  /** the sequence number after data, SYN and FIN */
  readonly end: number;
}

export function tcpHdr(skb: Skb): TcpHdr {
  const { buf, transport: at } = skb;
  const flags = buf[at + TCP_OFF_FLAGS]!;
  const data = at + tcpHlen(buf, at);
  const len = skb.tail - data;
  const seq = u32(buf, at + TCP_OFF_SEQ);
  const span = len + ((flags & TCP_SYN) !== 0 ? 1 : 0) + ((flags & TCP_FIN) !== 0 ? 1 : 0);
  return { seq, ack: u32(buf, at + TCP_OFF_ACK), flags, window: u16(buf, at + TCP_OFF_WIN), data, len, end: (seq + span) >>> 0 };
}

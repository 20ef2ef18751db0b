/**
 * What the packet printers write into: the bytes with their end, the options, the text so far. Reading past the end of the
 * captured bytes throws TRUNCATED, which print.ts catches once and turns into " [|protocol]", so printers need no checks of their own.
 */
import { hex } from "../../core/bytes.ts";
import { fmtIp4, fmtIp6 } from "../addr.ts";
import { fmtMac, isBroadcastMac } from "../mac.ts";
import { TCP_SERVICES, UDP_SERVICES } from "../services.ts";
import { OUI_NAMES } from "./names.ts";

/** Thrown by the readers of Out; caught by printPacket. A dump after it shows the frame from its first byte. */
export const TRUNCATED: unique symbol = Symbol("truncated");
/** Thrown where a printer notices by itself that bytes are missing: a dump still leaves the link-level header out. */
export const NOTICED: unique symbol = Symbol("noticed");

/** Who knows names. All null: numbers are shown. */
export interface PrintNames {
  /** name of an address (IPv4 number or 16 bytes), as getnameinfo would find it */
  host(addr: number | Uint8Array): string | null;
  /** name of an interface by index, for LINUX_SLL2 */
  ifname(index: number): string | null;
}

export interface PrintOptions {
  /** -n: addresses, ports and protocols as numbers */
  readonly n: boolean;
  /** -N: host names without their domain */
  readonly N: boolean;
  /** -e: link-level header */
  readonly e: boolean;
  /** number of -v: 0..3 */
  readonly v: number;
  /** number of -q */
  readonly q: number;
  /** -S: absolute TCP sequence numbers */
  readonly S: boolean;
  /** a dump of the whole packet follows (-x, -X, -A): unknown payload is not dumped inside the line */
  readonly dump: boolean;
  readonly names: PrintNames;
}

/** Where a TCP conversation's numbers began: tcpdump prints later ones relative to it. One per run of tcpdump. */
export interface TcpConversation {
  seq: number;
  ack: number;
}
export type PrintState = Map<string, TcpConversation>;
export function newPrintState(): PrintState {
  return new Map();
}

/** A printer of a packet that starts at `off` and says it is `length` bytes long. */
export type Printer = (o: Out, off: number, length: number) => void;
/** Printers of packets within packets (tunnels, quoted packets in ICMP errors): known by print.ts, so that files need not import each other in circles. */
export interface InnerPrinters {
  readonly ether: Printer;
  readonly ip4: Printer;
  readonly ip6: Printer;
}

export class Out {
  readonly buf: Uint8Array;
  readonly opts: PrintOptions;
  readonly inner: InnerPrinters;
  readonly state: PrintState;
  /** end of the bytes that may be looked at: end of the capture or of the enclosing packet */
  end: number;
  /** the protocol named when the packet turns out to be truncated */
  proto = "";
  /** length of the link-level header, which dumps leave out */
  linkHlen = 0;
  text = "";

  constructor(buf: Uint8Array, opts: PrintOptions, state: PrintState, inner: InnerPrinters) {
    this.buf = buf;
    this.inner = inner;
    this.opts = opts;
    this.state = state;
    this.end = buf.length;
  }

  put(text: string): void {
    this.text += text;
  }
  /** Are n bytes there at off? */
  has(off: number, n: number): boolean {
    return off + n <= this.end;
  }
  /** Ends the packet as truncated unless n bytes are there. */
  need(off: number, n: number): void {
    if (off + n > this.end) throw NOTICED;
  }
  u8(off: number): number {
    if (off + 1 > this.end) throw TRUNCATED;
    return this.buf[off]!;
  }
  u16(off: number): number {
    if (off + 2 > this.end) throw TRUNCATED;
    return (this.buf[off]! << 8) | this.buf[off + 1]!;
  }
  u24(off: number): number {
    return (this.u8(off) << 16) | this.u16(off + 1);
  }
  u32(off: number): number {
    if (off + 4 > this.end) throw TRUNCATED;
    return ((this.buf[off]! << 24) | (this.buf[off + 1]! << 16) | (this.buf[off + 2]! << 8) | this.buf[off + 3]!) >>> 0;
  }

  private named(addr: number | Uint8Array): string | null {
    if (this.opts.n) return null;
    const name = this.opts.names.host(addr);
    if (name === null || !this.opts.N) return name;
    const dot = name.indexOf(".");
    return dot < 0 ? name : name.slice(0, dot);
  }
  ip4(off: number): string {
    const a = this.u32(off);
    return this.named(a) ?? fmtIp4(a);
  }
  ip6(off: number): string {
    this.u8(off + 15);
    return this.ip6Of(this.buf.slice(off, off + 16));
  }
  ip6Of(a: Uint8Array): string {
    return this.named(a) ?? fmtIp6(a);
  }
  mac(off: number): string {
    this.need(off, 6);
    if (this.opts.n) return fmtMac(this.buf, off);
    if (isBroadcastMac(this.buf, off)) return "Broadcast";
    return `${fmtMac(this.buf, off)} (oui ${OUI_NAMES.get((this.buf[off]! << 16) | (this.buf[off + 1]! << 8) | this.buf[off + 2]!) ?? "Unknown"})`;
  }
  /** A link-level address of any length: only 6 bytes have names. */
  lladdr(off: number, len: number): string {
    if (len === 6) return this.mac(off);
    if (len === 0) return "<empty>";
    this.need(off, len);
    return hex(this.buf.subarray(off, off + len), ":");
  }
  tcpPort(port: number): string {
    return (this.opts.n ? undefined : TCP_SERVICES.get(port)) ?? String(port);
  }
  udpPort(port: number): string {
    return (this.opts.n ? undefined : UDP_SERVICES.get(port)) ?? String(port);
  }
}

/** Names of set bits, joined: tcpdump's bittok2str. */
export function bits(table: readonly (readonly [number, string])[], none: string, value: number, sep = ", "): string {
  const set = table.filter(([bit]) => (value & bit) === bit).map(([, name]) => name);
  return set.length > 0 ? set.join(sep) : none;
}

/**
 * One packet as tcpdump 4.99.3 prints it, from its bytes: by link type, truncated or not, without the time stamp. Protocols are in
 * print/, one file each; names that are not decoded there are listed in their headers.
 */
import { LINKTYPE_LINUX_SLL2, LINKTYPE_RAW } from "./pcap.ts";
import { asciiDump, hexAsciiDump, hexDump } from "./print/hexdump.ts";
import { printIp4 } from "./print/ip4.ts";
import { printIp6 } from "./print/ip6.ts";
import { printEther, printRaw, printSll2 } from "./print/link.ts";
import { type InnerPrinters, NOTICED, Out, TRUNCATED, type PrintOptions, type PrintState } from "./print/out.ts";

export { SLL2_HLEN } from "./print/link.ts";
export { newPrintState, type PrintNames, type PrintOptions, type PrintState } from "./print/out.ts";

/** -x, -X and -A; the doubled forms include the link-level header. */
export type DumpKind = "x" | "xx" | "X" | "XX" | "A" | "AA";

const INNER: InnerPrinters = { ether: printEther, ip4: printIp4, ip6: printIp6 };

/**
 * The packet's text, without a newline at its end; several lines with -v. `frame` holds the captured bytes, `wireLen` says how
 * many there were. Never throws, whatever the bytes.
 */
export function printPacket(
  frame: Uint8Array,
  wireLen: number,
  linkType: number,
  opts: PrintOptions,
  state: PrintState,
  dump: DumpKind | null = null,
): string {
  const o = new Out(frame, opts, state, INNER);
  try {
    if (linkType === LINKTYPE_LINUX_SLL2) printSll2(o, 0, wireLen);
    else if (linkType === LINKTYPE_RAW) printRaw(o, wireLen);
    else printEther(o, 0, wireLen);
  } catch (e) {
    if (e !== TRUNCATED && e !== NOTICED) throw e;
    if (e === TRUNCATED) o.linkHlen = 0;
    o.put(` [|${o.proto}]`);
  }
  return dump === null ? o.text : o.text + dumpText(frame, o.linkHlen, dump);
}

function dumpText(frame: Uint8Array, linkHlen: number, dump: DumpKind): string {
  const off = dump.length > 1 ? 0 : linkHlen;
  const len = frame.length - off;
  if (len <= 0 && dump.length === 1) return "";
  if (dump === "A" || dump === "AA") return asciiDump(frame, off, len);
  return dump === "X" || dump === "XX" ? hexAsciiDump(frame, off, len, "\n\t") : hexDump(frame, off, len, "\n\t");
}

/** Dumps: hex, hex with ASCII, ASCII alone. Lines of 16 bytes; each begins with `indent`, which holds its newline. */
import { hex } from "../../core/bytes.ts";

function words(b: Uint8Array, off: number, end: number): string {
  let s = "";
  for (let i = off; i < end; i += 2) s += ` ${hex(b.subarray(i, Math.min(i + 2, end)))}`;
  return s;
}
function address(n: number): string {
  return `0x${n.toString(16).padStart(4, "0")}: `;
}
function isGraph(c: number): boolean {
  return c > 32 && c < 127;
}

export function hexDump(b: Uint8Array, off: number, len: number, indent: string): string {
  let s = "";
  for (let i = 0; i < len; i += 16) s += indent + address(i) + words(b, off + i, off + Math.min(i + 16, len));
  return s;
}

export function hexAsciiDump(b: Uint8Array, off: number, len: number, indent: string): string {
  let s = "";
  for (let i = 0; i < len; i += 16) {
    const end = off + Math.min(i + 16, len);
    let text = "";
    for (let k = off + i; k < end; k++) text += isGraph(b[k]!) ? String.fromCharCode(b[k]!) : ".";
    s += `${indent}${address(i)}${words(b, off + i, end).padEnd(40)}  ${text}`;
  }
  return s;
}

/** -A: printable characters, tabs, newlines; CR before LF is dropped, anything else is a dot. */
export function asciiDump(b: Uint8Array, off: number, len: number): string {
  let s = "\n";
  for (let i = off; i < off + len; i++) {
    const c = b[i]!;
    if (c === 13) {
      if (i + 1 < off + len && b[i + 1] !== 10) s += ".";
    } else s += isGraph(c) || c === 9 || c === 32 || c === 10 ? String.fromCharCode(c) : ".";
  }
  return s;
}

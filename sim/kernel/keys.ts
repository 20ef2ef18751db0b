/**
 * Bytes from a terminal in raw mode → keys. Meta is ESC before a character; escape sequences are those of xterm. Shared by
 * the shell's line editor and full-screen programs. Whether an ESC stands alone only time tells: flush() says it does.
 */
import { fromUtf8 } from "../core/bytes.ts";

/** "a", "C-a", "M-b", "up", "C-left", "esc", "paste-begin"…; plain text as itself. */
export interface Key {
  readonly name: string;
  /** text to insert, for plain characters */
  readonly text: string;
}

const FINAL: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  Z: "S-tab",
};
const TILDE: Readonly<Record<string, string>> = {
  "1": "home",
  "2": "insert",
  "3": "delete",
  "4": "end",
  "5": "pageup",
  "6": "pagedown",
  "7": "home",
  "8": "end",
  "15": "f5",
  "17": "f6",
  "18": "f7",
  "19": "f8",
  "20": "f9",
  "21": "f10",
  "23": "f11",
  "24": "f12",
  "200": "paste-begin",
  "201": "paste-end",
};

/** Collects bytes until they make a key. */
export class KeyDecoder {
  private bytes: number[] = [];

  /** True: more bytes are needed to know the key. */
  get pending(): boolean {
    return this.bytes.length > 0;
  }

  /** The key that this byte completes, or null. */
  push(b: number): Key | null {
    this.bytes.push(b);
    const k = this.decode();
    if (k !== null) this.bytes = [];
    return k;
  }
  /** Nothing followed in time: ESC was a key of its own, and what came after it, too. */
  flush(): Key[] {
    const s = this.bytes;
    this.bytes = [];
    const keys: Key[] = [];
    for (const b of s) {
      const k = b === 27 ? { name: "esc", text: "\x1b" } : plain([b]);
      if (k !== null) keys.push(k);
    }
    return keys;
  }
  reset(): void {
    this.bytes = [];
  }

  private decode(): Key | null {
    const s = this.bytes;
    if (s[0] !== 27) return plain(s);
    if (s.length === 1) return null;
    if (s[1] === 0x5b || s[1] === 0x4f) {
      if (s.length === 2) return null;
      const last = s[s.length - 1]!;
      // parameters 0x30–0x3f, intermediates 0x20–0x2f, then a final byte
      if (last < 0x40 || last > 0x7e) return s.length > 16 || last < 0x20 ? { name: "unknown", text: "" } : null;
      const params = String.fromCharCode(...s.slice(2, -1));
      return { name: sequence(params, String.fromCharCode(last)), text: "" };
    }
    if (s[1] === 27) {
      // ESC ESC [ D: Meta with an arrow
      if (s.length === 2) return null;
      if (s[2] !== 0x5b && s[2] !== 0x4f) return { name: "unknown", text: "" };
      if (s.length === 3) return null;
      return { name: `M-${FINAL[String.fromCharCode(s[3]!)] ?? "unknown"}`, text: "" };
    }
    const inner = plain(s.slice(1));
    return inner === null ? null : { name: `M-${inner.name}`, text: "" };
  }
}

function sequence(params: string, final: string): string {
  const p = params.split(";");
  const base = final === "~" ? (TILDE[p[0]!] ?? "unknown") : (FINAL[final] ?? "unknown");
  const mod = Number(p[1] ?? 1) - 1;
  if (base === "unknown" || !(mod > 0)) return base;
  return `${mod & 4 ? "C-" : ""}${mod & 2 ? "M-" : ""}${base}`;
}

function plain(s: readonly number[]): Key | null {
  const b = s[0]!;
  if (b < 128) {
    const ch = String.fromCharCode(b);
    if (b === 127) return { name: "backspace", text: "" };
    if (b === 9) return { name: "tab", text: "\t" };
    if (b === 13) return { name: "enter", text: "\n" };
    if (b === 0) return { name: "C-@", text: "" };
    if (b < 27) return { name: `C-${String.fromCharCode(b + 96)}`, text: ch };
    if (b < 32) return { name: `C-${String.fromCharCode(b + 64)}`, text: ch };
    return { name: ch, text: ch };
  }
  const need = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc0 ? 2 : 1;
  if (s.length < need) return null;
  const text = fromUtf8(Uint8Array.from(s));
  return { name: text, text };
}

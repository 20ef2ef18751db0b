/** Where packets go: printed lines with their time stamps, records of a pcap file, or a mere count. */
import { strftime } from "../../core/calendar.ts";
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { pcapFileHeader, pcapRecord } from "../../wire/pcap.ts";
import { newPrintState, printPacket, type PrintNames, type PrintOptions } from "../../wire/print.ts";
import { Out, type Io } from "../lib/io.ts";
import { fail, type Config } from "./options.ts";

/** A packet as it was captured or read. */
export interface Captured {
  readonly frame: Uint8Array;
  readonly wireLen: number;
  /** seconds since 1970 and microseconds */
  readonly sec: number;
  readonly usec: number;
}

/** S_ERR_ND_WRITE_FILE */
const EXIT_WRITE = 14;

export class Sink {
  private readonly io: Io;
  private readonly cfg: Config;
  private readonly linkType: number;
  private readonly printOptions: PrintOptions;
  private readonly state = newPrintState();
  private file: Out | null = null;
  private before: Captured | null = null;
  /** packets taken so far */
  packets = 0;

  constructor(io: Io, cfg: Config, linkType: number, names: PrintNames) {
    this.io = io;
    this.cfg = cfg;
    this.linkType = linkType;
    this.printOptions = { n: cfg.n, N: cfg.N, e: cfg.e, v: cfg.v, q: cfg.q, S: cfg.S, dump: cfg.dump !== null, names };
    if (cfg.lineBuffered || (cfg.packetBuffered && cfg.writeFile === null)) io.out.buffering("line");
  }

  /** Opens the file of -w and writes its header; `snaplen` is that of the source. */
  *open(snaplen: number): Call<void> {
    const path = this.cfg.writeFile;
    if (path === null) return;
    let fd = 1;
    if (path !== "-") {
      fd = yield* this.io.sys.open(path, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o644);
      if (fd < 0) yield* fail(this.io, `${path}: ${strerror(fd)}`);
    }
    this.file = new Out(this.io.sys, fd);
    this.file.buffering("full");
    yield* this.file.write(pcapFileHeader(this.linkType, snaplen));
    if (this.cfg.packetBuffered) yield* this.file.flush();
  }

  *packet(p: Captured): Call<void> {
    this.packets++;
    if (this.file !== null) {
      yield* this.file.write(pcapRecord(p.sec, p.usec, p.frame, p.wireLen));
      if (this.cfg.packetBuffered) yield* this.file.flush();
      if (this.file.error < 0) yield* fail(this.io, `Unable to write output: ${strerror(this.file.error)}`, EXIT_WRITE);
    }
    if (!this.cfg.print || this.cfg.countOnly) return;
    const number = this.cfg.number ? `${String(this.packets).padStart(5)}  ` : "";
    yield* this.io.out.print(
      `${number}${this.stamp(p)}${printPacket(p.frame, p.wireLen, this.linkType, this.printOptions, this.state, this.cfg.dump)}\n`,
    );
    yield* this.check();
  }

  /** Ends the program where standard output cannot be written any more. */
  *check(): Call<void> {
    if (this.io.out.error < 0) yield* fail(this.io, `Unable to write output: ${strerror(this.io.out.error)}`, EXIT_WRITE);
  }

  *close(): Call<void> {
    if (this.file === null) return;
    yield* this.file.flush();
    if (this.file.fd !== 1) yield* this.io.sys.close(this.file.fd);
  }

  private stamp(p: Captured): string {
    const micros = String(p.usec).padStart(6, "0");
    switch (this.cfg.t) {
      case 0:
        return `${clock(p.sec % 86400)}.${micros} `;
      case 1:
        return "";
      case 2:
        return `${p.sec}.${micros} `;
      case 4:
        return `${strftime("%Y-%m-%d %H:%M:%S", p.sec)}.${micros} `;
      default: {
        const from = this.before ?? p;
        if (this.cfg.t === 3 || this.before === null) this.before = p;
        const d = (p.sec - from.sec) * 1_000_000 + p.usec - from.usec;
        const abs = Math.abs(d);
        return `${d < 0 ? "-" : " "}${clock(Math.floor(abs / 1_000_000))}.${String(abs % 1_000_000).padStart(6, "0")} `;
      }
    }
  }
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
/** HH:MM:SS of seconds, in UTC. */
function clock(s: number): string {
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

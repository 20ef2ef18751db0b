/** Character devices other than terminals: /dev/null, zero, full, random, urandom. */
import { Errno } from "../core/result.ts";
import type { Loc } from "../fs/mount.ts";
import { Rdev } from "../fs/devfs.ts";
import type { DevNode } from "../fs/vfs.ts";
import { File } from "./fd.ts";
import type { Process } from "./process.ts";

const EMPTY = new Uint8Array(0);
/** how much one read of an endless device gives */
const CHUNK = 131_072;

export class MemDevFile extends File {
  private readonly dev: DevNode;
  constructor(node: DevNode, flags: number, loc: Loc | null) {
    super(flags, loc);
    this.dev = node;
  }
  node(): DevNode {
    return this.dev;
  }
  override read(p: Process, n: number): Uint8Array {
    if (this.dev.rdev === Rdev.NULL) return EMPTY;
    const size = Math.min(n, CHUNK);
    if (this.dev.rdev === Rdev.ZERO || this.dev.rdev === Rdev.FULL) return new Uint8Array(size);
    return p.machine.rng.bytes(size);
  }
  override write(_p: Process, data: Uint8Array, from: number): number {
    return this.dev.rdev === Rdev.FULL ? -Errno.ENOSPC : data.length - from;
  }
  override seek(): number {
    return 0;
  }
}

export function isMemDev(rdev: number): boolean {
  return rdev === Rdev.NULL || rdev === Rdev.ZERO || rdev === Rdev.FULL || rdev === Rdev.RANDOM || rdev === Rdev.URANDOM;
}

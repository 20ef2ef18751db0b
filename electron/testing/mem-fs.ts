/**
 * A disk in memory that can fail and lose power. What was not synced is lost at a power cut, or survives in part: files keep any
 * prefix of the writes since their last sync, the last of them perhaps torn, and names changed since the folder's last sync may be old or new.
 */
import type { Fs, OpenFile } from "../fs.ts";

type Change = (bytes: Uint8Array) => Uint8Array;

interface Inode {
  /** what reads see */
  bytes: Uint8Array;
  /** what is on the disk, and the changes that are not, in order */
  synced: Uint8Array;
  since: Change[];
}

const write =
  (part: Uint8Array, offset: number): Change =>
  (bytes) => {
    const next = new Uint8Array(Math.max(bytes.length, offset + part.length));
    next.set(bytes);
    next.set(part, offset);
    return next;
  };
const resize =
  (size: number): Change =>
  (bytes) =>
    Uint8Array.from({ length: size }, (_, i) => bytes[i] ?? 0);
const applied = (bytes: Uint8Array, changes: readonly Change[]): Uint8Array => changes.reduce((b, change) => change(b), bytes);

export class PowerCut extends Error {}

export class MemFs implements Fs {
  names = new Map<string, Inode>();
  private durable = new Map<string, Inode>();
  /** operations done */
  calls = 0;
  /** number of the operation that fails, and how */
  failAt = Infinity;
  failWith: "EIO" | "ENOSPC" | "power" = "EIO";
  /** an operation that fails may have done its work */
  failAfter = false;
  /** how many operations fail from failAt on */
  failCount = 1;
  private dead = false;

  private step(work: () => void): Promise<void> {
    if (this.dead) return Promise.reject(new PowerCut());
    const n = this.calls++;
    const fails = n >= this.failAt && n < this.failAt + this.failCount;
    if (!fails || this.failAfter) work();
    if (!fails) return Promise.resolve();
    if (this.failWith === "power") {
      this.dead = true;
      return Promise.reject(new PowerCut());
    }
    return Promise.reject(Object.assign(new Error(this.failWith), { code: this.failWith }));
  }

  makeDir(): Promise<void> {
    return this.step(() => {});
  }
  async read(path: string): Promise<Uint8Array | null> {
    let bytes: Uint8Array | null = null;
    await this.step(() => (bytes = this.names.get(path)?.bytes ?? null));
    return bytes;
  }
  async open(path: string): Promise<OpenFile> {
    await this.step(() => {
      if (!this.names.has(path)) this.names.set(path, { bytes: new Uint8Array(), synced: new Uint8Array(), since: [] });
    });
    const inode = this.names.get(path)!;
    const change = (how: Change): void => {
      inode.bytes = how(inode.bytes);
      inode.since.push(how);
    };
    return {
      writeAt: (bytes, offset) => {
        const half = bytes.subarray(0, bytes.length >> 1);
        // a disk that is full takes what it can
        if (this.calls === this.failAt && !this.failAfter && half.length > 0) change(write(half, offset));
        return this.step(() => change(write(bytes, offset)));
      },
      truncate: (size) => this.step(() => change(resize(size))),
      sync: () => {
        const settle = (): void => {
          inode.synced = applied(inode.synced, inode.since);
          inode.since = [];
        };
        // as Linux does it: after a failed sync the pages count as clean and no later sync writes them
        if (this.calls === this.failAt && this.failWith === "EIO" && !this.failAfter) inode.since = [];
        return this.step(settle);
      },
      close: () => Promise.resolve(),
    };
  }
  rename(from: string, to: string): Promise<void> {
    return this.step(() => {
      const inode = this.names.get(from);
      if (!inode) throw new Error(`no ${from}`);
      this.names.delete(from);
      this.names.set(to, inode);
    });
  }
  remove(path: string): Promise<void> {
    return this.step(() => void this.names.delete(path));
  }
  syncDir(): Promise<void> {
    return this.step(() => void (this.durable = new Map(this.names)));
  }

  /** The disk as it may be found after the power came back, for each choice of what survived. */
  afterPowerCut(): readonly MemFs[] {
    const disks: MemFs[] = [];
    for (const names of [this.durable, this.names]) {
      for (const survive of ["nothing", "everything", "half", "torn"] as const) {
        const disk = new MemFs();
        for (const [path, inode] of names) {
          const bytes = surviving(inode, survive);
          const copy: Inode = { bytes, synced: bytes, since: [] };
          disk.names.set(path, copy);
          disk.durable.set(path, copy);
        }
        disks.push(disk);
      }
    }
    return disks;
  }
}

function surviving({ synced, since }: Inode, how: "nothing" | "everything" | "half" | "torn"): Uint8Array {
  if (how === "nothing") return synced;
  if (how === "everything") return applied(synced, since);
  const half = applied(synced, since.slice(0, (since.length + 1) >> 1));
  if (how === "half" || since.length === 0) return half;
  // the new length with old bytes, or nothing, in the last part of it
  return half.map((b, i) => (i >= half.length - 100 && i >= Math.min(synced.length, half.length - 100) ? (synced[i] ?? 0) : b));
}

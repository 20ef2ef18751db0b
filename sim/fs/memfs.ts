/**
 * The file system in memory: what ext4, tmpfs and the root image are in a lab. Contents are immutable values shared with
 * the base image until the first write (copy on write), so a machine costs little until it differs.
 *
 * Invariants: a directory's Map is in order of creation and is listed newest first, as tmpfs does (ext4's order is that
 * of a hash); sb.bytes and sb.files count what was written on top of the image and never exceed the limits. An image's
 * file may be longer than its data: the rest is zeros. Left out: holes elsewhere, preallocation, locks.
 */
import { Errno } from "../core/result.ts";
import { DirNode, FT, Inode, LinkNode, type FsCtx, type FsEntry, type SuperBlock } from "./vfs.ts";

/** A regular file. */
export class FileNode extends Inode {
  private data: Uint8Array;
  private length: number;
  /** does `data` belong to someone else too? */
  private shared: boolean;
  /** file capability cap_net_raw, as Debian gives ping */
  capNetRaw = false;
  /** bytes that count against the file system's limit */
  private counted = 0;

  constructor(sb: SuperBlock, perm: number, data: Uint8Array = EMPTY, size: number = data.length) {
    super(sb, FT.REG | perm);
    this.data = data;
    this.length = size;
    this.shared = true;
  }
  override get size(): number {
    return this.length;
  }
  /** a copy of up to n bytes from off; empty at the end */
  readAt(off: number, n: number): Uint8Array {
    if (off >= this.length || n <= 0) return EMPTY;
    const end = Math.min(this.length, off + n);
    if (end <= this.data.length) return this.data.slice(off, end);
    const out = new Uint8Array(end - off);
    if (off < this.data.length) out.set(this.data.subarray(off));
    return out;
  }
  /** the content without the zeros that an image's file may end in; not to be written to */
  bytes(): Uint8Array {
    return this.data.subarray(0, this.length);
  }
  /** number of bytes written, or -ENOSPC */
  writeAt(off: number, src: Uint8Array): number {
    const end = off + src.length;
    if (end > this.length) {
      const err = this.account(end);
      if (err !== 0) return err;
    }
    this.own(end);
    this.data.set(src, off);
    if (end > this.length) this.length = end;
    this.touchModified();
    return src.length;
  }
  truncate(size: number): number {
    const err = this.account(size);
    if (err !== 0) return err;
    if (size === 0) {
      this.data = EMPTY;
      this.shared = true;
    } else {
      this.own(size);
      if (size < this.length) this.data.fill(0, size, this.length);
    }
    this.length = size;
    this.touchModified();
    return 0;
  }
  /** gives back what it counted for, when its last name and last open file are gone */
  drop(): void {
    this.sb.bytes -= this.counted;
    this.counted = 0;
  }
  private account(size: number): number {
    const more = size - this.counted;
    if (more > 0 && this.sb.bytes + more > this.sb.maxBytes) return -Errno.ENOSPC;
    this.sb.bytes += more;
    this.counted = size;
    return 0;
  }
  private own(need: number): void {
    if (!this.shared && need <= this.data.length) return;
    let cap = Math.max(need, this.length);
    if (cap > this.data.length) cap = Math.max(cap, 64, Math.min(this.data.length * 2, this.data.length + 1024 * 1024));
    const fresh = new Uint8Array(cap);
    fresh.set(this.data.subarray(0, this.length));
    this.data = fresh;
    this.shared = false;
  }
}

const EMPTY = new Uint8Array(0);

export class SymlinkNode extends LinkNode {
  readonly to: string;
  constructor(sb: SuperBlock, to: string) {
    super(sb);
    this.to = to;
  }
  target(): string {
    return this.to;
  }
  override get size(): number {
    return this.to.length;
  }
}

export class MemDir extends DirNode {
  protected readonly map = new Map<string, Inode>();

  lookup(_ctx: FsCtx, name: string): Inode | number {
    return this.get(name) ?? -Errno.ENOENT;
  }
  get(name: string): Inode | undefined {
    return this.map.get(name);
  }
  list(_ctx: FsCtx): FsEntry[] {
    const out: FsEntry[] = [];
    for (const [name, node] of this.map) out.push({ name, ino: node.ino, type: node.type });
    return out.reverse(); // tmpfs lists the newest first
  }
  get empty(): boolean {
    return this.map.size === 0;
  }
  override insert(name: string, node: Inode): number {
    if (this.sb.files >= this.sb.maxFiles) return -Errno.ENOSPC;
    this.sb.files++;
    this.put(name, node);
    this.touchModified();
    return 0;
  }
  override remove(name: string): number {
    const node = this.get(name);
    if (!node) return -Errno.ENOENT;
    this.map.delete(name);
    if (node instanceof DirNode) {
      this.nlink--;
      node.nlink = 0;
    } else node.nlink--;
    node.ctime = this.sb.clock.realtime();
    this.sb.files--;
    this.touchModified();
    return 0;
  }
  protected put(name: string, node: Inode): void {
    this.map.set(name, node);
    if (node instanceof DirNode) {
      node.parent = this;
      node.name = name;
      this.nlink++;
    }
  }
}

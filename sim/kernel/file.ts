/** Open regular files, directories and generated files (procfs, sysfs). */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import type { FileNode } from "../fs/memfs.ts";
import type { Loc } from "../fs/mount.ts";
import type { DirNode, FsCtx, Inode, TextNode } from "../fs/vfs.ts";
import { O } from "./abi.ts";
import { File } from "./fd.ts";
import type { Process } from "./process.ts";

export class RegFile extends File {
  private readonly file: FileNode;
  constructor(node: FileNode, flags: number, loc: Loc | null) {
    super(flags, loc);
    this.file = node;
  }
  node(): FileNode {
    return this.file;
  }
  override read(_p: Process, n: number): Uint8Array {
    const out = this.file.readAt(this.offset, n);
    this.offset += out.length;
    return out;
  }
  override write(_p: Process, data: Uint8Array, from: number): number {
    if ((this.flags & O.APPEND) !== 0) this.offset = this.file.size;
    const r = this.file.writeAt(this.offset, from === 0 ? data : data.subarray(from));
    if (r > 0) this.offset += r;
    return r;
  }
  override seek(offset: number, whence: "set" | "cur" | "end"): number {
    const at = offset + (whence === "set" ? 0 : whence === "cur" ? this.offset : this.file.size);
    if (at < 0) return -Errno.EINVAL;
    this.offset = at;
    return at;
  }
  protected override release(): void {
    if (this.file.nlink === 0) this.file.drop();
  }
}

export class DirFile extends File {
  private readonly dir: DirNode;
  constructor(node: DirNode, flags: number, loc: Loc) {
    super(flags, loc);
    this.dir = node;
  }
  node(): DirNode {
    return this.dir;
  }
  override read(): number {
    return -Errno.EISDIR;
  }
  override seek(): number {
    return 0;
  }
}

/** A file of procfs or sysfs: its text is made at the first read, and again after going back to the start. */
export class TextFile extends File {
  private readonly text: TextNode;
  private readonly ctx: FsCtx;
  private content: Uint8Array | null = null;

  constructor(node: TextNode, flags: number, loc: Loc | null, ctx: FsCtx) {
    super(flags, loc);
    this.text = node;
    this.ctx = ctx;
  }
  node(): Inode {
    return this.text;
  }
  override read(_p: Process, n: number): Uint8Array | number {
    if (!this.content || this.offset === 0) {
      const t = this.text.read(this.ctx);
      if (typeof t === "number") return t;
      this.content = utf8(t);
    }
    const out = this.content.slice(this.offset, this.offset + n);
    this.offset += out.length;
    return out;
  }
  override write(_p: Process, data: Uint8Array, from: number): number {
    const r = this.text.write(this.ctx, fromUtf8(data, from));
    this.content = null;
    return r < 0 ? r : data.length - from;
  }
  override seek(offset: number, whence: "set" | "cur" | "end"): number {
    if (whence === "end") return -Errno.EINVAL;
    const at = offset + (whence === "cur" ? this.offset : 0);
    if (at < 0) return -Errno.EINVAL;
    this.offset = at;
    return at;
  }
}

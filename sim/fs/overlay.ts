/**
 * A writable tree over a shared read-only image (overlayfs as a container host uses it). A directory takes its image
 * entries over when it is first touched; file contents stay shared until written (memfs.ts). After that there is no
 * difference between what came from the image and what was made later, so no whiteouts are needed.
 */
import { FileNode, MemDir, SymlinkNode } from "./memfs.ts";
import type { DirNode, FsCtx, FsEntry, Inode, SuperBlock } from "./vfs.ts";

export interface ImageDir {
  readonly kind: "dir";
  readonly mode: number;
  readonly children: Map<string, ImageEntry>;
}
export interface ImageFile {
  readonly kind: "file";
  readonly mode: number;
  readonly data: Uint8Array;
  /** bytes; what is beyond data is zeros */
  readonly size: number;
  readonly capNetRaw: boolean;
}
export interface ImageLink {
  readonly kind: "link";
  readonly to: string;
}
export type ImageEntry = ImageDir | ImageFile | ImageLink;

export class OverlayDir extends MemDir {
  private lower: ImageDir | null;

  constructor(sb: SuperBlock, lower: ImageDir, parent: DirNode | null, name: string) {
    super(sb, lower.mode, parent, name);
    this.lower = lower;
    for (const e of lower.children.values()) if (e.kind === "dir") this.nlink++;
  }
  override lookup(ctx: FsCtx, name: string): Inode | number {
    this.takeOver();
    return super.lookup(ctx, name);
  }
  override get(name: string): Inode | undefined {
    this.takeOver();
    return super.get(name);
  }
  override list(ctx: FsCtx): FsEntry[] {
    this.takeOver();
    return super.list(ctx);
  }
  override get empty(): boolean {
    this.takeOver();
    return super.empty;
  }
  override insert(name: string, node: Inode): number {
    this.takeOver();
    return super.insert(name, node);
  }
  private takeOver(): void {
    const lower = this.lower;
    if (!lower) return;
    this.lower = null;
    for (const [name, e] of lower.children) this.map.set(name, instantiate(this.sb, e, this, name));
  }
}

function instantiate(sb: SuperBlock, e: ImageEntry, parent: DirNode, name: string): Inode {
  if (e.kind === "dir") return new OverlayDir(sb, e, parent, name);
  if (e.kind === "link") return new SymlinkNode(sb, e.to);
  const f = new FileNode(sb, e.mode, e.data, e.size);
  f.capNetRaw = e.capNetRaw;
  return f;
}

/**
 * Computed files: a tree described by specs and made into nodes as paths are walked, as procfs and sysfs are. Nothing is
 * kept, so what a directory holds may differ from caller to caller and from moment to moment.
 */
import { fnv1a } from "../core/hash.ts";
import { Errno } from "../core/result.ts";
import type { Loc } from "./mount.ts";
import { DirNode, FT, type FsCtx, type FsEntry, type Inode, LinkNode, MagicLink, type SuperBlock, TextNode } from "./vfs.ts";

export type Spec =
  | {
      readonly kind: "dir";
      readonly mode?: number;
      readonly uid?: number;
      readonly list: (ctx: FsCtx) => readonly string[];
      readonly child: (ctx: FsCtx, name: string) => Spec | null;
    }
  | {
      readonly kind: "text";
      readonly mode: number;
      readonly uid?: number;
      readonly read: (ctx: FsCtx) => string | number;
      readonly write?: (ctx: FsCtx, text: string) => number;
    }
  | {
      readonly kind: "link";
      readonly uid?: number;
      readonly target: (ctx: FsCtx) => string | number;
      readonly follow?: (ctx: FsCtx) => Loc | number;
    };

/** A directory whose entries do not change. */
export function fixedDir(entries: ReadonlyMap<string, Spec>, mode = 0o555): Spec {
  const names = [...entries.keys()];
  return { kind: "dir", mode, list: () => names, child: (_ctx, name) => entries.get(name) ?? null };
}

export function textSpec(read: (ctx: FsCtx) => string | number, mode = 0o444): Spec {
  return { kind: "text", mode, read };
}

/** The root directory of such a tree. `createError`: what making a file there answers. */
export function synthRoot(sb: SuperBlock, spec: Spec, createError: number): DirNode {
  return new SynthDir(sb, spec as DirSpec, null, "", "", createError);
}

type DirSpec = Extract<Spec, { kind: "dir" }>;
type TextSpec = Extract<Spec, { kind: "text" }>;
type LinkSpec = Extract<Spec, { kind: "link" }>;

const TYPE = { dir: FT.DIR, text: FT.REG, link: FT.LNK } as const;

class SynthDir extends DirNode {
  private readonly spec: DirSpec;
  private readonly path: string;
  private readonly createError: number;

  constructor(sb: SuperBlock, spec: DirSpec, parent: DirNode | null, name: string, path: string, createError: number) {
    super(sb, spec.mode ?? 0o555, parent, name, inoOf(path));
    this.spec = spec;
    this.path = path;
    this.createError = createError;
    this.uid = this.gid = spec.uid ?? 0;
  }
  lookup(ctx: FsCtx, name: string): Inode | number {
    const s = this.spec.child(ctx, name);
    if (!s) return -Errno.ENOENT;
    const path = `${this.path}/${name}`;
    if (s.kind === "dir") return new SynthDir(this.sb, s, this, name, path, this.createError);
    const node =
      s.kind === "text"
        ? new SynthText(this.sb, s, inoOf(path))
        : s.follow
          ? new SynthMagic(this.sb, s, inoOf(path))
          : new SynthLink(this.sb, s, inoOf(path));
    node.uid = node.gid = s.uid ?? 0;
    return node;
  }
  list(ctx: FsCtx): FsEntry[] {
    const out: FsEntry[] = [];
    for (const name of this.spec.list(ctx)) {
      const s = this.spec.child(ctx, name);
      if (s) out.push({ name, ino: inoOf(`${this.path}/${name}`), type: TYPE[s.kind] });
    }
    return out;
  }
  override insert(): number {
    return this.createError;
  }
  override get size(): number {
    return 0;
  }
}

class SynthText extends TextNode {
  private readonly spec: TextSpec;
  constructor(sb: SuperBlock, spec: TextSpec, ino: number) {
    super(sb, spec.mode, ino);
    this.spec = spec;
  }
  read(ctx: FsCtx): string | number {
    return this.spec.read(ctx);
  }
  override write(ctx: FsCtx, text: string): number {
    return this.spec.write ? this.spec.write(ctx, text) : -Errno.EACCES;
  }
}

class SynthLink extends LinkNode {
  private readonly spec: LinkSpec;
  constructor(sb: SuperBlock, spec: LinkSpec, ino: number) {
    super(sb, ino);
    this.spec = spec;
  }
  target(ctx: FsCtx): string | number {
    return this.spec.target(ctx);
  }
}

class SynthMagic extends MagicLink {
  private readonly spec: LinkSpec;
  constructor(sb: SuperBlock, spec: LinkSpec, ino: number) {
    super(sb, ino);
    this.spec = spec;
  }
  target(ctx: FsCtx): string | number {
    return this.spec.target(ctx);
  }
  follow(ctx: FsCtx): Loc | number {
    return this.spec.follow!(ctx);
  }
}

function inoOf(path: string): number {
  return path === "" ? 1 : (fnv1a(path) | 1) >>> 0;
}

/**
 * /sys as far as network tools read it: /sys/class/net with one directory an interface of the namespace it was mounted from. The
 * values come from the kernel (kernel/sysinfo.ts). Left out: every other class, kobjects' events, module parameters.
 */
import { Errno } from "../core/result.ts";
import { fixedDir, type Spec, synthRoot } from "./synth.ts";
import type { DirNode, FsCtx, SuperBlock } from "./vfs.ts";

export interface SysSource {
  /** interface names in the namespace it shows */
  interfaces(ctx: FsCtx): readonly string[];
  /** bus path of a physical card ("pci0000:00/0000:00:05.0"), null for virtual interfaces */
  busPath(ctx: FsCtx, name: string): string | null;
  /** attribute files, relative to the interface's directory: "mtu", "statistics/rx_bytes" */
  attributes(ctx: FsCtx, name: string): readonly string[];
  read(ctx: FsCtx, name: string, attribute: string): string | number;
  /** -EACCES where an attribute cannot be written */
  write(ctx: FsCtx, name: string, attribute: string, text: string): number;
  /** permission bits of an attribute file */
  mode(attribute: string): number;
  /** symbolic links among the attributes, by path: where they point */
  links(ctx: FsCtx, name: string): ReadonlyMap<string, string>;
}

export function buildSys(sb: SuperBlock, src: SysSource): DirNode {
  const classNet: Spec = {
    kind: "dir",
    mode: 0o755,
    list: (ctx) => [...src.interfaces(ctx)].sort(),
    child: (ctx, name) =>
      src.interfaces(ctx).includes(name) ? { kind: "link", target: (c) => `../../devices/${devicePath(src, c, name)}` } : null,
  };
  const devices: Spec = pathDir(src, "");
  const root = fixedDir(
    new Map<string, Spec>([
      ["class", fixedDir(new Map([["net", classNet]]), 0o755)],
      ["devices", devices],
      ["kernel", fixedDir(new Map(), 0o755)],
    ]),
    0o555,
  );
  return synthRoot(sb, root, -Errno.EACCES);
}

function devicePath(src: SysSource, ctx: FsCtx, name: string): string {
  return `${src.busPath(ctx, name) ?? "virtual"}/net/${name}`;
}

/** /sys/devices: directories on the way to the interfaces' */
function pathDir(src: SysSource, prefix: string): Spec {
  return {
    kind: "dir",
    mode: 0o755,
    list: (ctx) => {
      const seen = new Set<string>();
      for (const name of src.interfaces(ctx)) {
        const p = devicePath(src, ctx, name);
        if (p.startsWith(prefix)) seen.add(p.slice(prefix.length).split("/")[0]!);
      }
      return [...seen];
    },
    child: (ctx, part) => {
      const path = prefix + part;
      for (const name of src.interfaces(ctx)) {
        const p = devicePath(src, ctx, name);
        if (p === path) return attributeDir(src, name, "");
        if (p.startsWith(`${path}/`)) return pathDir(src, `${path}/`);
      }
      return null;
    },
  };
}

function attributeDir(src: SysSource, name: string, prefix: string): Spec {
  return {
    kind: "dir",
    mode: 0o755,
    list: (ctx) => {
      const seen = new Set<string>();
      for (const a of [...src.attributes(ctx, name), ...src.links(ctx, name).keys()])
        if (a.startsWith(prefix)) seen.add(a.slice(prefix.length).split("/")[0]!);
      // a bridge has its directory of ports even without any
      if (prefix === "" && seen.has("bridge")) seen.add("brif");
      return [...seen];
    },
    child: (ctx, part) => {
      const path = prefix + part;
      if (src.links(ctx, name).has(path)) return { kind: "link", target: (c) => src.links(c, name).get(path) ?? -Errno.ENOENT };
      if (path === "brif" && src.attributes(ctx, name).includes("bridge/bridge_id")) return attributeDir(src, name, "brif/");
      for (const a of src.attributes(ctx, name)) {
        if (a === path) {
          return {
            kind: "text",
            mode: src.mode(path),
            read: (c) => src.read(c, name, path),
            write: (c, text) => src.write(c, name, path, text),
          };
        }
        if (a.startsWith(`${path}/`)) return attributeDir(src, name, `${path}/`);
      }
      return null;
    },
  };
}

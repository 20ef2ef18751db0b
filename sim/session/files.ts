/**
 * Files of a machine as the editor pane beside a terminal reads and writes them: as the person whom the machine's terminals log
 * in as, with that person's permissions, or with sudo as root. Text only, at most MAX_TEXT characters. A write follows open(2)
 * with O_CREAT and O_TRUNC; directories are not made. What fails changes nothing, and fails the same when it is replayed.
 */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import { FileNode } from "../fs/memfs.ts";
import { DirNode, MAY, permission, TextNode } from "../fs/vfs.ts";
import { resolve, resolveCreate, type Walker } from "../fs/walk.ts";
import type { Machine } from "../kernel/machine.ts";
import type { LabWorld } from "../lab/build.ts";
import type { FileProblem, LabAction } from "./protocol.ts";

export const MAX_TEXT = 500_000;
const NEW_FILE = 0o644;

export interface FileText {
  readonly text: string | null;
  readonly problem: FileProblem | null;
  /** may the person write there without sudo? */
  readonly writable: boolean;
}

const cannot = (problem: FileProblem, writable = false): FileText => ({ text: null, problem, writable });

export function readText(lw: LabWorld, machine: string, path: string, sudo: boolean): FileText {
  const at = place(lw, machine, path, sudo);
  if (typeof at === "string") return cannot(at);
  const { m, w } = at;
  const loc = resolve(w, path, true);
  if (typeof loc === "number") return loc === -Errno.ENOENT ? missing(at, path) : cannot(problemOf(loc));
  const { node } = loc;
  if (node instanceof DirNode) return cannot("directory");
  if (!(node instanceof FileNode || node instanceof TextNode)) return cannot("not text");
  const writable = !at.locked && permission(w.ctx.cred, node, MAY.WRITE) === 0;
  if (permission(w.ctx.cred, node, MAY.READ) !== 0) return cannot("permission", writable);
  if (node.size > MAX_TEXT) return cannot("too large", writable);
  const read = node instanceof FileNode ? node.readAt(0, node.size) : node.read({ ...w.ctx, caller: m.init });
  if (typeof read === "number") return cannot(problemOf(read));
  const text = typeof read === "string" ? read : fromUtf8(read);
  // what does not come back byte for byte would be spoilt by saving it
  if (typeof read !== "string" && !same(utf8(text), read)) return cannot("not text", writable);
  return text.includes("\0") ? cannot("not text", writable) : { text, problem: null, writable };
}

/** A file that is not there is a new one where its directory is. */
function missing(at: Place, path: string): FileText {
  const parent = resolveCreate(at.w, path);
  if (typeof parent === "number" || !(parent.dir.node instanceof DirNode)) return cannot("no directory");
  return cannot("no file", !at.locked && permission(at.w.ctx.cred, parent.dir.node, MAY.WRITE | MAY.EXEC) === 0);
}

export type Edit = Extract<LabAction, { do: "edit" }>;

/** What keeps the text from being written, as far as it can be told beforehand; null: nothing. */
export function mayWrite(lw: LabWorld, edit: Edit): FileProblem | null {
  const write = writer(lw, edit);
  return typeof write === "string" ? write : null;
}

/** Writes the whole text; null when it is written. */
export function writeText(lw: LabWorld, edit: Edit): FileProblem | null {
  const write = writer(lw, edit);
  if (typeof write === "string") return write;
  const result = write();
  return result < 0 ? problemOf(result) : null;
}

/** What does the writing, with 0 or more or -errno as its result; or why nothing can. */
function writer(lw: LabWorld, { machine, path, text, sudo }: Edit): FileProblem | (() => number) {
  const at = place(lw, machine, path, sudo);
  if (typeof at === "string") return at;
  if (at.locked) return "locked";
  if (text.length > MAX_TEXT) return "too large";
  const { ctx } = at.w;
  const loc = resolve(at.w, path, true);
  if (typeof loc === "number") return loc === -Errno.ENOENT ? creator(at, path, text) : problemOf(loc);
  const { node } = loc;
  if (node instanceof DirNode) return "directory";
  const err = permission(ctx.cred, node, MAY.WRITE);
  if (err !== 0) return problemOf(err);
  if (node instanceof TextNode) return (node.mode & 0o222) === 0 ? "permission" : () => node.write({ ...ctx, caller: at.m.init }, text);
  return node instanceof FileNode ? () => replace(node, utf8(text)) : "not text";
}

function creator({ w }: Place, path: string, text: string): FileProblem | (() => number) {
  const parent = resolveCreate(w, path);
  if (typeof parent === "number" || !(parent.dir.node instanceof DirNode)) return "no directory";
  if (parent.slash) return "directory";
  const dir = parent.dir.node;
  const err = permission(w.ctx.cred, dir, MAY.WRITE | MAY.EXEC);
  if (err !== 0) return problemOf(err);
  return () => {
    const node = new FileNode(dir.sb, NEW_FILE);
    node.uid = w.ctx.cred.uid;
    node.gid = w.ctx.cred.gid;
    const inserted = dir.insert(parent.name, node);
    return inserted < 0 ? inserted : node.writeAt(0, utf8(text));
  };
}

/** All or nothing: where the disk is full, the file stays as it was. */
function replace(node: FileNode, data: Uint8Array): number {
  const before = node.readAt(0, node.size);
  node.truncate(0);
  const wrote = node.writeAt(0, data);
  if (wrote < 0) node.writeAt(0, before);
  return wrote;
}

interface Place {
  readonly m: Machine;
  readonly w: Walker;
  readonly locked: boolean;
}

function place(lw: LabWorld, machine: string, path: string, sudo: boolean): Place | FileProblem {
  const m = lw.world.machines.get(machine);
  const spec = lw.lab.machines.find((x) => x.name === machine);
  if (!m || !spec || spec.kind === "switch") return "no machine";
  if (!path.startsWith("/")) return "not absolute";
  const account = m.account(sudo ? "root" : (spec.users?.[0] ?? "root"));
  if (!account) return "permission";
  const root = m.rootWalker;
  const locked = (spec.locked ?? false) || (lw.challenge?.access.locked ?? []).includes(machine);
  return { m, w: { ...root, ctx: { ...root.ctx, cred: m.credentials(account) } }, locked };
}

function problemOf(error: number): FileProblem {
  switch (-error) {
    case Errno.EACCES:
    case Errno.EPERM:
      return "permission";
    case Errno.ENOENT:
    case Errno.ENOTDIR:
      return "no directory";
    case Errno.EISDIR:
      return "directory";
    case Errno.ENOSPC:
      return "full";
    default:
      return "refused";
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

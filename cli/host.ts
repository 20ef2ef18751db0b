/** Files of the host: scripts and copies in, copies out. What cannot be read or written is BadInput. */
import { lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { TextDecoder } from "node:util";
import { BadInput } from "./args.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or directory",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is no directory",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

function because(what: string, file: string, e: unknown): BadInput {
  const { code, message } = e as NodeJS.ErrnoException;
  return new BadInput(`cannot ${what} ${file}: ${REASONS[code ?? ""] ?? message}`);
}

export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (e) {
    throw because("read", file, e);
  }
}

/** A script's text. Not one: a file with NUL bytes, or one that is not UTF-8. */
export function readScript(file: string | undefined): string {
  if (file === undefined) throw new BadInput("no script was named; see hop --help");
  const bytes = readBytes(file);
  if (bytes.includes(0)) throw new BadInput(`${file} is no script: it is a binary file`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadInput(`${file} is no script: it is not UTF-8 text`);
  }
}

/** Could a file be written there? Asked before a run, so that a mistake shows at once. */
export function checkTarget(file: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw Object.assign(new Error("directory"), { code: "EISDIR" });
    if (!statSync(dirname(file)).isDirectory()) throw Object.assign(new Error("no directory"), { code: "ENOTDIR" });
  } catch (e) {
    throw because("write", file, e);
  }
}

/** Writes all files or none: each is written beside its place first, and moved there when all were. */
export function writeAll(files: readonly { readonly path: string; readonly data: Uint8Array }[]): void {
  const moves: { from: string; to: string }[] = [];
  let now = "";
  try {
    for (const { path, data } of files) {
      now = path;
      const there = lstatSync(path, { throwIfNoEntry: false });
      if (there && !there.isFile()) {
        writeFileSync(path, data); // a device, a pipe, a link: not to be replaced
        continue;
      }
      const from = `${path}.${process.pid}.part`;
      moves.push({ from, to: path });
      writeFileSync(from, data);
    }
    for (const m of moves) {
      now = m.to;
      renameSync(m.from, m.to);
    }
  } catch (e) {
    for (const m of moves) rmSync(m.from, { force: true });
    throw because("write", now, e);
  }
}

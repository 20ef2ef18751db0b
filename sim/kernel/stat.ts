/** From inodes to what stat(2) tells. */
import type { Inode } from "../fs/vfs.ts";
import type { Stat } from "./abi.ts";

export function statOf(node: Inode): Stat {
  return {
    dev: node.sb.dev,
    ino: node.ino,
    mode: node.mode,
    nlink: node.nlink,
    uid: node.uid,
    gid: node.gid,
    size: node.size,
    atime: node.atime,
    mtime: node.mtime,
    ctime: node.ctime,
    rdev: node.rdev,
  };
}

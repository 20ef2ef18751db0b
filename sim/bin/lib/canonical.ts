/** realpath(3): a path without links, "." and "..". */
import { Errno } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";

/**
 * The canonical absolute path. `missing`: how many parts need not exist: "none" all must, "last" the last may be missing,
 * "all" any may. -errno when it cannot be had.
 */
export function* canonicalPath(sys: Sys, path: string, missing: "none" | "last" | "all", noLinks = false): Call<string | number> {
  if (path === "") return -Errno.ENOENT;
  const todo = path.split("/").filter((p) => p !== "");
  let at = path.startsWith("/") ? "" : (yield* sys.getcwd()).replace(/\/$/, "");
  let links = 0;
  while (todo.length > 0) {
    const part = todo.shift()!;
    if (part === ".") continue;
    if (part === "..") {
      at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
      continue;
    }
    const next = `${at}/${part}`;
    const st = yield* sys.lstat(next);
    if (typeof st === "number") {
      if (missing === "all" || (missing === "last" && st === -Errno.ENOENT && todo.every((p) => p === "."))) {
        at = next;
        continue;
      }
      return st;
    }
    if ((st.mode & S_IF.MT) === S_IF.LNK && !noLinks) {
      if (++links > 40) return -Errno.ELOOP;
      const target = yield* sys.readlink(next);
      if (typeof target === "number") return target;
      if (target.startsWith("/")) at = "";
      todo.unshift(...target.split("/").filter((p) => p !== ""));
      continue;
    }
    if ((st.mode & S_IF.MT) !== S_IF.DIR && todo.length > 0 && missing !== "all") return -Errno.ENOTDIR;
    at = next;
  }
  if (path.endsWith("/") && missing === "none") {
    const st = yield* sys.stat(at === "" ? "/" : at);
    if (typeof st !== "number" && (st.mode & S_IF.MT) !== S_IF.DIR) return -Errno.ENOTDIR;
  }
  return at === "" ? "/" : at;
}

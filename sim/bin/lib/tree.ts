/** Removing a file or a directory with all that is in it. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";

/** 0 or -errno of the last step; what could be removed is gone. */
export function* removeTree(sys: Sys, path: string): Call<number> {
  const st = yield* sys.lstat(path);
  if (typeof st === "number") return st;
  if ((st.mode & S_IF.MT) !== S_IF.DIR) return yield* sys.unlink(path);
  const rows = yield* sys.readdir(path);
  if (typeof rows === "number") return rows;
  for (const r of rows) if (r.name !== "." && r.name !== "..") yield* removeTree(sys, `${path}/${r.name}`);
  return yield* sys.rmdir(path);
}

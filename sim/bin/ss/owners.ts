/** Whose a socket is: inode → `("nc",pid=28,fd=3)`, several with commas, from the links of /proc/PID/fd. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { readText } from "../lib/io.ts";

export function* findOwners(sys: Sys): Call<ReadonlyMap<number, string>> {
  const map = new Map<number, string>();
  const procs = yield* sys.readdir("/proc");
  for (const p of typeof procs === "number" ? [] : procs) {
    if (!/^[0-9]+$/.test(p.name)) continue;
    const fds = yield* sys.readdir(`/proc/${p.name}/fd`);
    if (typeof fds === "number") continue;
    let comm: string | null = null;
    for (const f of fds) {
      const to = f.name.startsWith(".") ? 0 : yield* sys.readlink(`/proc/${p.name}/fd/${f.name}`);
      const m = typeof to === "string" ? /^socket:\[([0-9]+)\]$/.exec(to) : null;
      if (m === null) continue;
      if (comm === null) {
        const text: string | number = yield* readText(sys, `/proc/${p.name}/comm`);
        comm = typeof text === "number" ? "" : text.replace(/\n$/, "");
      }
      const ino = Number(m[1]);
      const one = `("${comm}",pid=${p.name},fd=${f.name})`;
      const had = map.get(ino);
      map.set(ino, had === undefined ? one : `${had},${one}`);
    }
  }
  return map;
}

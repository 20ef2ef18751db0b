/** The processes there are, as ps and top read them from /proc: stat, status and cmdline of each. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { readText } from "./io.ts";

export interface Proc {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly uid: number;
  readonly gid: number;
  readonly comm: string;
  readonly args: string;
  readonly state: string;
  /** "pts/0" or "?" */
  readonly tty: string;
  readonly ttyNr: number;
  readonly tpgid: number;
  /** clock ticks (1/100 s) */
  readonly time: number;
  readonly start: number;
  readonly vsz: number;
  readonly rss: number;
}

/** All processes, by /proc/PID/stat, status and cmdline. */
export function* processes(sys: Sys): Call<readonly Proc[]> {
  const rows = yield* sys.readdir("/proc");
  const list: Proc[] = [];
  if (typeof rows === "number") return list;
  for (const r of rows) {
    if (!/^[0-9]+$/.test(r.name)) continue;
    const stat = yield* readText(sys, `/proc/${r.name}/stat`);
    if (typeof stat === "number") continue;
    const m = /^([0-9]+) \(([^]*)\) (\S) (.*)/.exec(stat);
    if (m === null) continue;
    const f = m[4]!.split(" ").map(Number);
    const status = yield* readText(sys, `/proc/${r.name}/status`);
    const id = (key: string): number =>
      Number(new RegExp(`^${key}:\\s+([0-9]+)`, "m").exec(typeof status === "number" ? "" : status)?.[1] ?? 0);
    const cmdline = yield* readText(sys, `/proc/${r.name}/cmdline`);
    const ttyNr = f[3] ?? 0;
    list.push({
      pid: Number(m[1]),
      comm: m[2]!,
      state: m[3]!,
      ppid: f[0] ?? 0,
      pgid: f[1] ?? 0,
      sid: f[2] ?? 0,
      ttyNr,
      tty: ttyNr >> 8 === 136 ? `pts/${ttyNr & 255}` : "?",
      tpgid: f[4] ?? -1,
      time: (f[10] ?? 0) + (f[11] ?? 0),
      start: f[18] ?? 0,
      vsz: Math.floor((f[19] ?? 0) / 1024),
      rss: (f[20] ?? 0) * 4,
      uid: id("Uid"),
      gid: id("Gid"),
      args: typeof cmdline === "number" || cmdline === "" ? `[${m[2]}]` : cmdline.replace(/\0+$/, "").replaceAll("\0", " "),
    });
  }
  return list.sort((a, b) => a.pid - b.pid);
}

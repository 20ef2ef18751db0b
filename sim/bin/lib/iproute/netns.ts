/** `-n NAME` of iproute2's tools, and `ip netns exec` (netns_switch). */
import { strerror } from "../../../core/result.ts";
import { type Call, O, type Sys } from "../../../kernel/abi.ts";
import { err } from "../io.ts";

export const NETNS_RUN_DIR = "/run/netns";

/** netns_switch: 0, or the text of what went wrong. */
export function* netnsSwitch(sys: Sys, name: string): Call<string | null> {
  const fd = yield* sys.open(`${NETNS_RUN_DIR}/${name}`, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return `Cannot open network namespace "${name}": ${strerror(fd)}\n`;
  const r = yield* sys.setns(fd);
  yield* sys.close(fd);
  if (r < 0) return `setting the network namespace "${name}" failed: ${strerror(r)}\n`;
  const u = yield* sys.unshare("mnt");
  if (u < 0) return `unshare failed: ${strerror(u)}\n`;
  yield* sys.mount_sysfs();
  const own = yield* sys.readdir(`/etc/netns/${name}`);
  if (typeof own === "number") return null;
  for (const e of own) {
    if (e.name === "." || e.name === "..") continue;
    const from = `/etc/netns/${name}/${e.name}`;
    const to = `/etc/${e.name}`;
    const b = yield* sys.mount_bind(from, to);
    if (b < 0) yield* err(sys, `Bind ${from} -> ${to} failed: ${strerror(b)}\n`);
  }
  return null;
}

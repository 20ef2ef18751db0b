/** What iproute2's tools say of the kernel's errors, and their map of devices (ll_map.c). */
import { strerror } from "../../../core/result.ts";
import type { Call, Sys } from "../../../kernel/abi.ts";
import { IFF, type LinkRow } from "../../../net/rtnl/messages.ts";

/** What iproute2 prints for an error of the kernel, with its newline. */
export function kernelError(errno: number, extack: string | null): string {
  if (extack !== null && extack !== "") return `Error: ${extack}${extack.endsWith(".") ? "" : "."}\n`;
  return `RTNETLINK answers: ${strerror(errno)}\n`;
}

/** ll_map: names, indices and flags of the devices of one namespace; filled by one dump, then by single look-ups. */
export class LinkMap {
  private readonly sys: Sys;
  private readonly byIndex = new Map<number, LinkRow>();
  private loaded = false;

  constructor(sys: Sys) {
    this.sys = sys;
  }

  *load(): Call<void> {
    if (this.loaded) return;
    this.loaded = true;
    const r = yield* this.sys.rtnetlink({ type: "RTM_GETLINK" });
    if (r.ok) this.remember(r.links ?? []);
  }
  remember(rows: readonly LinkRow[]): void {
    for (const l of rows) this.byIndex.set(l.ifindex, l);
  }
  drop(ifindex: number): void {
    this.byIndex.delete(ifindex);
  }
  forget(): void {
    this.byIndex.clear();
    this.loaded = false;
  }

  /** ll_name_to_index: by name, alternative name, or "ifN" for a number that need not exist. 0 when there is none. */
  *index(name: string): Call<number> {
    for (const l of this.byIndex.values()) if (l.name === name || l.altnames.includes(name)) return l.ifindex;
    if (name === "") return 0;
    const r = yield* this.sys.rtnetlink({ type: "RTM_GETLINK", name });
    if (r.ok && r.links !== undefined && r.links.length > 0) {
      this.remember(r.links);
      return r.links[0]!.ifindex;
    }
    const m = /^if([0-9]+)/.exec(name);
    return m === null ? 0 : Number.parseInt(m[1]!, 10);
  }

  get(ifindex: number): LinkRow | null {
    return this.byIndex.get(ifindex) ?? null;
  }
  /** ll_index_to_name, after load(): "*" for 0, "ifN" for what is not there */
  name(ifindex: number): string {
    if (ifindex === 0) return "*";
    return this.byIndex.get(ifindex)?.name ?? `if${ifindex}`;
  }
  isUp(ifindex: number): boolean {
    const l = this.byIndex.get(ifindex);
    // ll_index_to_flags gives -1, all flags, for what is not there
    return l === undefined || (l.flags & IFF.UP) !== 0;
  }
}

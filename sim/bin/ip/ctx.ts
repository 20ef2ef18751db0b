/**
 * What every object of `ip` works with: the options given before it, the printer, the link map and requests to the
 * kernel with iproute2's way of reporting what it answers.
 */
import { strerror } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import type { LinkRow, RtnlReply, RtnlRequest } from "../../net/rtnl/messages.ts";
import { IFF } from "../../net/rtnl/messages.ts";
import { err, exit, type Io } from "../lib/io.ts";
import type { Family } from "./args.ts";
import { Names } from "./names.ts";
import { Printer } from "./print.ts";

export interface Options {
  family: Family;
  stats: number;
  details: number;
  oneline: boolean;
  brief: boolean;
  json: boolean;
  pretty: boolean;
  color: boolean;
  numeric: boolean;
  human: boolean;
  iec: boolean;
  resolve: boolean;
  force: boolean;
  all: boolean;
  loops: number;
}

export class Ctx {
  readonly io: Io;
  readonly sys: Sys;
  readonly opts: Options;
  readonly names: Names;
  readonly links: LinkMap;

  constructor(io: Io, opts: Options) {
    this.io = io;
    this.sys = io.sys;
    this.opts = opts;
    this.names = new Names(io.sys, opts.numeric);
    this.links = new LinkMap(io.sys);
  }

  printer(): Printer {
    return new Printer(this.opts.json, this.opts.pretty, this.opts.oneline, this.opts.color);
  }

  /** Hands what was printed to standard output. */
  *flush(p: Printer): Call<void> {
    yield* this.io.out.print(p.take());
  }
  *finish(p: Printer): Call<void> {
    yield* this.io.out.print(p.end());
  }

  *err(text: string): Call<void> {
    yield* err(this.sys, text);
  }

  /** rtnl_talk: the reply, or what the kernel said on standard error and null. */
  *talk(req: RtnlRequest): Call<Extract<RtnlReply, { ok: true }> | null> {
    const r = yield* this.sys.rtnetlink(req);
    if (r.ok) return r;
    refuse(r.extack);
    yield* this.err(kernelError(r.errno, r.extack));
    return null;
  }

  /** A dump. An error of the kernel ends the program ("Dump terminated", status 1). */
  *dump(req: RtnlRequest): Call<Extract<RtnlReply, { ok: true }>> {
    const r = yield* this.sys.rtnetlink(req);
    if (r.ok) return r;
    return exit(1, `${kernelError(r.errno, r.extack)}Dump terminated\n`);
  }
}

/** What the stack itself does not model comes back with its own "hop: …" text. */
function refuse(extack: string | null): void {
  if (extack !== null && extack.startsWith("hop: ")) exit(64, `hop: ip: ${extack.slice(5)}\n`);
}

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

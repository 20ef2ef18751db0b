/** What every object of `bridge` works with: the options given before it, device names, requests to the kernel. */
import type { Call, Sys } from "../../kernel/abi.ts";
import type { RtnlReply, RtnlRequest } from "../../net/rtnl/messages.ts";
import { err, exit, type Io } from "../lib/io.ts";
import { CommandFailed } from "../lib/iproute/args.ts";
import { kernelError, LinkMap } from "../lib/iproute/links.ts";
import { Printer } from "../lib/iproute/print.ts";

export interface Options {
  stats: boolean;
  details: boolean;
  oneline: boolean;
  timestamp: boolean;
  json: boolean;
  pretty: boolean;
  color: boolean;
  force: boolean;
}

export class Ctx {
  readonly io: Io;
  readonly sys: Sys;
  readonly opts: Options;
  readonly links: LinkMap;

  constructor(io: Io, opts: Options) {
    this.io = io;
    this.sys = io.sys;
    this.opts = opts;
    this.links = new LinkMap(io.sys);
  }

  printer(): Printer {
    return new Printer(this.opts.json, this.opts.pretty, this.opts.oneline, this.opts.color);
  }
  *finish(p: Printer): Call<void> {
    yield* this.io.out.print(p.end());
  }

  /** rtnl_talk; what the kernel refuses ends the command, with `code` as its status. */
  *talk(req: RtnlRequest, code = -1): Call<Extract<RtnlReply, { ok: true }>> {
    const r = yield* this.sys.rtnetlink(req);
    if (r.ok) return r;
    if (r.extack !== null && r.extack.startsWith("hop: ")) exit(64, `hop: bridge: ${r.extack.slice(5)}\n`);
    return failed(kernelError(r.errno, r.extack), code);
  }

  /** The device of that name; "bridge" and the like go into the complaint. */
  *device(name: string, what = ""): Call<number> {
    const i = yield* this.links.index(name);
    return i === 0 ? failed(`Cannot find ${what}device "${name}"\n`) : i;
  }

  *err(text: string): Call<void> {
    yield* err(this.sys, text);
  }
}

/** A command that failed: a batch names its line and may go on. */
export function failed(text: string, code = -1): never {
  throw new CommandFailed(code, text);
}

export function notModelled(what: string): never {
  return exit(64, `hop: bridge: ${what} is not simulated\n`);
}

/** parse_on_off: the complaint's status is -EINVAL. */
export function onOff(key: string, word: string): boolean {
  if (word !== "on" && word !== "off") failed(`Error: argument of "${key}" must be one of "off", "on", not "${word}"\n`, -22);
  return word === "on";
}

/** atoi(3) */
export function atoi(text: string): number {
  const m = /^\s*([+-]?\d+)/.exec(text);
  return m === null ? 0 : Number(m[1]) | 0;
}

/**
 * What every object of `ip` works with: the options given before it, the printer, the link map and requests to the
 * kernel with iproute2's way of reporting what it answers.
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import type { NexthopObjectRow, RtnlEvent, RtnlReply, RtnlRequest } from "../../net/rtnl/messages.ts";
import { err, exit, type Io } from "../lib/io.ts";
import type { Family } from "./args.ts";
import { Names } from "./names.ts";
import { kernelError, LinkMap } from "../lib/iproute/links.ts";
import { Printer } from "../lib/iproute/print.ts";

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
  /** show what the kernel makes of requests */
  echo: boolean;
  loops: number;
  /** of the lines of `ip monitor` */
  timestamp: "none" | "long" | "short";
}

export class Ctx {
  readonly io: Io;
  readonly sys: Sys;
  readonly opts: Options;
  readonly names: Names;
  readonly links: LinkMap;
  /** what the kernel told of requests, with -echo */
  readonly echoed: RtnlEvent[] = [];
  /** nexthop objects that routes name, as far as they were asked for */
  readonly nexthops = new Map<number, NexthopObjectRow>();

  /** `names`: those that an earlier line of a batch file has read already */
  constructor(io: Io, opts: Options, names: Names = new Names(io.sys, opts.numeric)) {
    this.io = io;
    this.sys = io.sys;
    this.opts = opts;
    this.names = names;
    this.links = new LinkMap(io.sys);
  }

  *learnNexthop(id: number): Call<void> {
    if (this.nexthops.has(id)) return;
    const r = yield* this.sys.rtnetlink({ type: "RTM_GETNEXTHOP", id });
    for (const o of (r.ok && r.nexthopObjects) || []) this.nexthops.set(o.id, o);
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
    const r = yield* this.sys.rtnetlink(this.opts.echo ? { ...req, echo: true } : req);
    if (r.ok) {
      this.echoed.push(...(r.events ?? []));
      return r;
    }
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

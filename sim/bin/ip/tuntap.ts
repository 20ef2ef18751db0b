/**
 * `ip tuntap`: persistent tun and tap devices (iptuntap.c of iproute2 6.1). Adding opens /dev/net/tun, makes the device, has it
 * kept and closes the file. Words after `show` are not looked at, as in the real one.
 */
import { strerror } from "../../core/result.ts";
import { type Call, O, TUN } from "../../kernel/abi.ts";
import { exit, readText } from "../lib/io.ts";
import { readGroups, readUsers } from "../lib/users.ts";
import { Args, duparg2, fail, invarg, matches, validIfname } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";

const DEVICE = "/dev/net/tun";

interface Wish {
  name: string;
  flags: number;
  uid: number;
  gid: number;
}

export function* doTuntap(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined) return yield* show(ctx);
  if (matches(cmd, "add")) return yield* add(ctx, rest);
  if (matches(cmd, "delete")) return yield* del(ctx, rest);
  if (matches(cmd, "show") || matches(cmd, "lst") || matches(cmd, "list")) return yield* show(ctx);
  if (matches(cmd, "help")) usage("tuntap");
  return exit(-1, `Command "${cmd}" is unknown, try "ip tuntap help".\n`);
}

/** parse_args; deleting knows no user and group. */
function* parse(ctx: Ctx, args: Args, owners: boolean): Call<Wish> {
  const w: Wish = { name: "", flags: TUN.NO_PI, uid: -1, gid: -1 };
  for (; args.more; args.at++) {
    const word = args.word;
    if (matches(word, "mode")) {
      const mode = args.next();
      const bit = matches(mode, "tun") ? TUN.TUN : matches(mode, "tap") ? TUN.TAP : exit(-1, `Unknown tunnel mode "${mode}"\n`);
      if (((w.flags & (TUN.TUN | TUN.TAP)) | bit) === (TUN.TUN | TUN.TAP)) exit(-1, "You managed to ask for more than one tunnel mode.\n");
      w.flags |= bit;
    } else if (owners && matches(word, "user")) w.uid = yield* userId(ctx, args.next());
    else if (owners && matches(word, "group")) w.gid = yield* groupId(ctx, args.next());
    else if (matches(word, "pi")) w.flags &= ~TUN.NO_PI;
    else if (matches(word, "one_queue")) w.flags |= TUN.ONE_QUEUE;
    else if (matches(word, "vnet_hdr")) w.flags |= TUN.VNET_HDR;
    else if (matches(word, "multi_queue")) w.flags |= TUN.MULTI_QUEUE;
    else if (matches(word, "dev")) {
      w.name = args.next();
      if (!validIfname(w.name)) invarg('"dev" not a valid ifname', w.name);
    } else {
      if (matches(word, "name")) args.next();
      else if (matches(word, "help")) usage("tuntap");
      if (w.name !== "") duparg2("name", args.word);
      w.name = args.word;
      if (!validIfname(w.name)) invarg('"name" not a valid ifname', w.name);
    }
  }
  if ((w.flags & (TUN.TUN | TUN.TAP)) === 0) fail("You failed to specify a tunnel mode\n");
  return w;
}

function* userId(ctx: Ctx, word: string): Call<number> {
  if (/^[0-9]+$/.test(word)) return Number(word);
  return (yield* readUsers(ctx.sys)).find((u) => u.name === word)?.uid ?? exit(-1, `invalid user "${word}"\n`);
}

function* groupId(ctx: Ctx, word: string): Call<number> {
  if (/^[0-9]+$/.test(word)) return Number(word);
  return (yield* readGroups(ctx.sys)).find((g) => g.name === word)?.gid ?? exit(-1, `invalid group "${word}"\n`);
}

function* open(ctx: Ctx, wish: Wish, flags: number): Call<number> {
  const fd = yield* ctx.sys.open(DEVICE, O.RDWR, 0);
  if (fd < 0) fail(`open: ${strerror(fd)}\n`);
  const r = yield* ctx.sys.tunctl(fd, { op: "TUNSETIFF", name: wish.name, flags });
  if (typeof r === "number") fail(`ioctl(TUNSETIFF): ${strerror(r)}\n`);
  return fd;
}

function* add(ctx: Ctx, args: Args): Call<number> {
  const w = yield* parse(ctx, args, true);
  const fd = yield* open(ctx, w, w.flags | TUN.EXCL);
  const { tunctl } = ctx.sys;
  if (w.uid >= 0) yield* tunctl(fd, { op: "TUNSETOWNER", id: w.uid });
  if (w.gid >= 0) yield* tunctl(fd, { op: "TUNSETGROUP", id: w.gid });
  yield* tunctl(fd, { op: "TUNSETPERSIST", on: true });
  yield* ctx.sys.close(fd);
  ctx.links.forget();
  return 0;
}

/** The device is attached to (made, if it is not there), told not to stay, and let go. */
function* del(ctx: Ctx, args: Args): Call<number> {
  const w = yield* parse(ctx, args, false);
  const fd = yield* open(ctx, w, w.flags);
  yield* ctx.sys.tunctl(fd, { op: "TUNSETPERSIST", on: false });
  yield* ctx.sys.close(fd);
  ctx.links.forget();
  return 0;
}

/** print_tuntap: what a device is, by the words of its flags. */
function flagWords(flags: number): string[] {
  const out = [(flags & TUN.TUN) !== 0 ? "tun" : "tap"];
  if ((flags & TUN.NO_PI) === 0) out.push("pi");
  if ((flags & TUN.ONE_QUEUE) !== 0) out.push("one_queue");
  if ((flags & TUN.VNET_HDR) !== 0) out.push("vnet_hdr");
  if ((flags & TUN.MULTI_QUEUE) !== 0) out.push("multi_queue");
  if ((flags & TUN.PERSIST) !== 0) out.push("persist");
  // iproute2 takes NO_PI for a bit that has to do with filters
  if ((flags & TUN.NO_PI) === 0) out.push("filter");
  return out;
}

function* show(ctx: Ctx): Call<number> {
  const p = ctx.printer();
  p.begin();
  const r = yield* ctx.dump({ type: "RTM_GETLINK" });
  for (const l of r.links ?? []) {
    if (l.kind !== "tun") continue;
    const flags = yield* attribute(ctx, l.name, "tun_flags");
    if (flags === null) continue;
    const owner = (yield* attribute(ctx, l.name, "owner")) ?? -1;
    const group = (yield* attribute(ctx, l.name, "group")) ?? -1;
    p.openObject();
    p.color("ifname", "ifname", l.name, l.name);
    p.fp(":");
    p.openArray("flags");
    for (const w of flagWords(flags)) p.any(null, w, ` ${w}`);
    p.closeArray();
    if (owner !== -1) p.any("user", owner, ` user ${owner}`);
    if (group !== -1) p.any("group", group, ` group ${group}`);
    p.fp("\n");
    if (ctx.opts.details > 0) {
      p.openArray("processes", "\tAttached to processes:");
      for (const [name, pid] of yield* holders(ctx, l.name)) {
        p.json("name", name);
        p.json("pid", pid);
        p.fp(`${name}(${pid})`);
      }
      p.closeArray();
      p.fp("\n");
    }
    p.closeObject();
  }
  yield* ctx.finish(p);
  return 0;
}

function* attribute(ctx: Ctx, dev: string, name: string): Call<number | null> {
  const path = `/sys/class/net/${dev}/${name}`;
  const t = yield* readText(ctx.sys, path);
  if (typeof t !== "number") return Number(t.trim());
  yield* ctx.err(`fopen ${path}: ${strerror(t)}\n`);
  return null;
}

/** show_processes: who has /dev/net/tun open on this device, by /proc/PID/fd and fdinfo. */
function* holders(ctx: Ctx, dev: string): Call<readonly (readonly [string, number])[]> {
  const out: (readonly [string, number])[] = [];
  const procs = yield* ctx.sys.readdir("/proc");
  if (typeof procs === "number") return out;
  for (const { name: pid } of procs) {
    if (!/^[0-9]+$/.test(pid)) continue;
    const fds = yield* ctx.sys.readdir(`/proc/${pid}/fd`);
    if (typeof fds === "number") continue;
    for (const { name: fd } of fds) {
      if ((yield* ctx.sys.readlink(`/proc/${pid}/fd/${fd}`)) !== DEVICE) continue;
      const info = yield* readText(ctx.sys, `/proc/${pid}/fdinfo/${fd}`);
      if (typeof info === "number" || /^iff:\t(.*)$/m.exec(info)?.[1] !== dev) continue;
      const comm = yield* readText(ctx.sys, `/proc/${pid}/comm`);
      if (typeof comm !== "number") out.push([comm.trimEnd(), Number(pid)]);
    }
  }
  return out;
}

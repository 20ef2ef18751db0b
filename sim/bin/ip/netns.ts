/**
 * `ip netns` and the switch of `ip -n NAME` (ipnetns.c, namespace.c of iproute2 6.1). A named namespace is a file below
 * /run/netns with the namespace mounted on it; entering one also takes a mount namespace of its own, with a fresh /sys and the
 * files of /etc/netns/NAME mounted over those of /etc.
 */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Stat, Sys } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import type { NsidRow } from "../../net/rtnl/messages.ts";
import { err, execvpe, exit } from "../lib/io.ts";
import { netnsNames } from "../lib/rtnl.ts";
import { fail, Args, getInteger, invarg, matches, notModelled } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";
import { NETNS_RUN_DIR, netnsSwitch } from "../lib/iproute/netns.ts";
import { nsidMap, nsidOfName } from "./netnsid.ts";

export function* doNetns(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = words.slice(1);
  if (cmd === undefined) return yield* list(ctx);
  if (!ctx.opts.all && rest.length > 0 && invalidName(rest[0]!)) exit(-1, `Invalid netns name "${rest[0]}"\n`);
  if (matches(cmd, "list") || matches(cmd, "show") || matches(cmd, "lst")) return yield* list(ctx);
  if (matches(cmd, "list-id")) return yield* listId(ctx, new Args(rest));
  if (matches(cmd, "help")) usage("netns");
  if (matches(cmd, "add")) return yield* add(ctx, rest, true);
  if (matches(cmd, "set")) return yield* set(ctx, rest);
  if (matches(cmd, "delete")) return yield* del(ctx, rest);
  if (matches(cmd, "identify")) return yield* identify(ctx, rest);
  if (matches(cmd, "pids")) return yield* pids(ctx, rest);
  if (matches(cmd, "exec")) return yield* exec(ctx, rest);
  if (matches(cmd, "monitor")) notModelled("netns monitor");
  if (matches(cmd, "attach")) return yield* add(ctx, rest, false);
  return exit(-1, `Command "${cmd}" is unknown, try "ip netns help".\n`);
}

function invalidName(name: string): boolean {
  return name === "" || name.length > 255 || name.includes("/") || name === "." || name === "..";
}

function need(rest: readonly string[], n: number, text: string): void {
  if (rest.length < n) fail(`${text}\n`);
}

// ---------------------------------------------------------------- list

function* list(ctx: Ctx): Call<number> {
  // netns_map_init: asks for all of them once before it asks for each
  yield* nsidMap(ctx);
  // before the first namespace there is no directory, and no empty list either
  if (typeof (yield* ctx.sys.stat(NETNS_RUN_DIR)) === "number") return 0;
  const p = ctx.printer();
  p.begin();
  for (const name of yield* netnsNames(ctx.sys)) {
    p.openObject();
    p.any("name", name, name);
    const id = yield* nsidOfName(ctx, name);
    if (id >= 0) p.any("id", id, ` (id: ${id})`);
    p.fp("\n");
    p.closeObject();
  }
  yield* ctx.finish(p);
  return 0;
}

function* listId(ctx: Ctx, args: Args): Call<number> {
  let nsid: number | undefined;
  let targetNsid: number | undefined;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w !== "target-nsid" && w !== "nsid") usage("netns");
    const n = getInteger(args.next());
    if (n === null || n < 0) invarg(`"${w}" value is invalid`, args.word);
    if (w === "nsid") nsid = n!;
    else targetNsid = n!;
  }
  const of = targetNsid === undefined ? {} : { targetNsid };
  let rows: readonly NsidRow[] = [];
  if (nsid === undefined) {
    const r = yield* ctx.dump({ type: "RTM_GETNSID", ...of });
    rows = r.nsids ?? [];
  } else {
    const r = yield* ctx.talk({ type: "RTM_GETNSID", nsid, ...of });
    if (r === null) return 2;
    rows = r.nsids ?? [];
    // without a target the kernel repeats the id
    if (targetNsid === undefined) rows = rows.map(() => ({ nsid: nsid, currentNsid: null }));
  }
  const names = yield* nsidMap(ctx);
  const p = ctx.printer();
  p.begin();
  for (const row of rows) {
    p.openObject();
    if (row.nsid < 0) p.fp("nsid unassigned ");
    else p.any("nsid", row.nsid, `nsid ${row.nsid} `);
    const here = row.currentNsid ?? row.nsid;
    if (row.currentNsid !== null) {
      if (here < 0) p.fp("current-nsid unassigned ");
      else p.any("current-nsid", here, `current-nsid ${here} `);
    }
    const name = here < 0 ? undefined : names.get(here);
    if (name !== undefined) p.any("name", name, `(iproute2 netns name: ${name})`);
    p.fp("\n");
    p.closeObject();
  }
  yield* ctx.finish(p);
  return 0;
}

// ---------------------------------------------------------------- add, delete, set

function* add(ctx: Ctx, rest: readonly string[], create: boolean): Call<number> {
  const { sys } = ctx;
  let source = "/proc/self/ns/net";
  if (create) need(rest, 1, "No netns name specified");
  else {
    need(rest, 2, "No netns name and PID specified");
    const pid = getInteger(rest[1]!);
    if (pid === null || pid === 0) fail(`Invalid PID: ${rest[1]}\n`);
    source = `/proc/${pid}/ns/net`;
  }
  const name = rest[0]!;
  const path = `${NETNS_RUN_DIR}/${name}`;
  const made = yield* sys.mkdir(NETNS_RUN_DIR, 0o755);
  if (made < 0 && made !== -Errno.EEXIST) fail(`mkdir ${NETNS_RUN_DIR} failed: ${strerror(made)}\n`);
  const fd = yield* sys.open(path, O.RDONLY | O.CREAT | O.EXCL, 0);
  if (fd < 0) fail(`Cannot create namespace file "${path}": ${strerror(fd)}\n`);
  yield* sys.close(fd);
  // netns_save: the lines of a batch file that follow are about this namespace again
  const saved = yield* sys.open("/proc/self/ns/net", O.RDONLY, 0);
  if (saved < 0) fail(`Cannot open init namespace: ${strerror(saved)}\n`);
  if (create) {
    const u = yield* sys.unshare("net");
    if (u < 0) {
      yield* sys.unlink(path);
      fail(`Failed to create a new network namespace "${name}": ${strerror(u)}\n`);
    }
  }
  const b = yield* sys.mount_bind(source, path);
  yield* sys.setns(saved);
  yield* sys.close(saved);
  if (b < 0) {
    yield* sys.unlink(path);
    fail(`Bind ${source} -> ${path} failed: ${strerror(b)}\n`);
  }
  return 0;
}

function* del(ctx: Ctx, rest: readonly string[]): Call<number> {
  if (!ctx.opts.all) {
    need(rest, 1, "No netns name specified");
    return yield* remove(ctx, rest[0]!);
  }
  for (const name of yield* netnsNames(ctx.sys)) if ((yield* remove(ctx, name)) !== 0) return 1;
  return 0;
}

function* remove(ctx: Ctx, name: string): Call<number> {
  const path = `${NETNS_RUN_DIR}/${name}`;
  yield* ctx.sys.umount(path);
  const r = yield* ctx.sys.unlink(path);
  if (r >= 0) return 0;
  yield* ctx.err(`Cannot remove namespace file "${path}": ${strerror(r)}\n`);
  return 1;
}

function* set(ctx: Ctx, rest: readonly string[]): Call<number> {
  need(rest, 1, "No netns name specified");
  need(rest, 2, "No nsid specified");
  let nsid = -1;
  if (rest[1] !== "auto") {
    const n = getInteger(rest[1]!);
    if (n === null) invarg('Invalid "netnsid" value', rest[1]!);
    if (n < 0) invarg('"netnsid" value should be >= 0', rest[1]!);
    nsid = n;
  }
  const fd = yield* ctx.sys.open(`${NETNS_RUN_DIR}/${rest[0]}`, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) fail(`Cannot open network namespace "${rest[0]}": ${strerror(fd)}\n`);
  const r = yield* ctx.talk({ type: "RTM_NEWNSID", ref: { fd }, nsid });
  yield* ctx.sys.close(fd);
  return r === null ? 2 : 0;
}

// ---------------------------------------------------------------- who is where

function* identify(ctx: Ctx, rest: readonly string[]): Call<number> {
  const { sys } = ctx;
  const pid = rest[0] ?? "self";
  if (rest.length > 1) fail("extra arguments specified\n");
  if (pid !== "self" && !/^[0-9]+$/.test(pid)) fail(`Specified string '${pid}' is not a pid\n`);
  const st = yield* sys.stat(`/proc/${pid}/ns/net`);
  if (typeof st === "number") fail(`Cannot open network namespace: ${strerror(st)}\n`);
  let found = "";
  for (const name of yield* netnsNames(sys)) {
    const s = yield* sys.stat(`${NETNS_RUN_DIR}/${name}`);
    if (typeof s !== "number" && sameFile(s, st as Stat)) found = name;
  }
  yield* ctx.io.out.print(`${found}\n`);
  return 0;
}

function sameFile(a: Stat, b: Stat): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

function* pids(ctx: Ctx, rest: readonly string[]): Call<number> {
  const { sys } = ctx;
  need(rest, 1, "No netns name specified");
  if (rest.length > 1) fail("extra arguments specified\n");
  const st = yield* sys.stat(`${NETNS_RUN_DIR}/${rest[0]}`);
  if (typeof st === "number") fail(`Cannot open network namespace: ${strerror(st)}\n`);
  const procs = yield* sys.readdir("/proc");
  if (typeof procs === "number") fail(`Open of /proc failed: ${strerror(procs)}\n`);
  for (const e of procs as readonly { name: string }[]) {
    if (!/^[0-9]+$/.test(e.name)) continue;
    const s = yield* sys.stat(`/proc/${e.name}/ns/net`);
    if (typeof s !== "number" && sameFile(s, st as Stat)) yield* ctx.io.out.print(`${e.name}\n`);
  }
  return 0;
}

// ---------------------------------------------------------------- exec

function* exec(ctx: Ctx, rest: readonly string[]): Call<number> {
  const { sys, io, opts } = ctx;
  if (!opts.all) need(rest, 1, "No netns name specified");
  const cmd = opts.all ? rest : rest.slice(1);
  need(cmd, 1, "No command specified");
  if (!opts.all) {
    const bad = yield* netnsSwitch(sys, rest[0]!);
    if (bad !== null) exit(-1, bad);
    yield* io.out.flush();
    return yield* cmdExec(sys, cmd);
  }
  for (const name of yield* netnsNames(sys)) {
    yield* io.out.print(`\nnetns: ${name}\n`);
    yield* io.out.flush();
    const pid = yield* sys.spawn({ main: inNetns, argv: [name, ...cmd], env: yield* sys.getenv(), comm: "ip" });
    if (pid < 0) fail(`fork: ${strerror(pid)}\n`);
    for (;;) {
      const w = yield* sys.wait4(pid, {});
      if (w !== -Errno.EINTR) break;
    }
  }
  return 0;
}

/** The child of -all exec: argv[0] is the namespace, the rest the command. */
function* inNetns(sys: Sys, argv: readonly string[]): Call<number> {
  const bad = yield* netnsSwitch(sys, argv[0]!);
  if (bad !== null) {
    yield* err(sys, bad);
    return 255;
  }
  return yield* cmdExec(sys, argv.slice(1));
}

/** cmd_exec: becomes the command, or says why not. */
function* cmdExec(sys: Sys, cmd: readonly string[]): Call<number> {
  const r = yield* execvpe(sys, cmd, yield* sys.getenv());
  yield* err(sys, `exec of "${cmd[0]}" failed: ${strerror(r)}\n`);
  return 1;
}

/**
 * `brctl` of bridge-utils 1.7.1: the older tool for Ethernet bridges. It asks and sets through the same kernel interface as
 * `ip` and `bridge` here; texts and exit statuses are its own.
 */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, ManPage, OptionSpec, Sys } from "../../kernel/abi.ts";
import { IFF, type LinkAttrs, type LinkRow, NlmF, type RtnlRequest } from "../../net/rtnl/messages.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { getoptMessage, parseOptions } from "../lib/options.ts";
import { linkByName } from "../lib/rtnl.ts";
import { bridgeNames, show, showmacs, showstp } from "./show.ts";

const IFNAMSIZ = 16;

interface Verb {
  readonly name: string;
  /** arguments that must be there; more are not looked at unless the verb takes many */
  readonly nargs: number;
  /** as the usage lists it: name, arguments and what it does */
  readonly form: string;
  readonly main: (io: Io, args: readonly string[]) => Call<number>;
}

// ---------------------------------------------------------------- requests and errors

/** 0, or the errno that the kernel answered. What is not simulated ends the program. */
function* ask(sys: Sys, req: RtnlRequest): Call<number> {
  const r = yield* sys.rtnetlink(req);
  if (r.ok) return 0;
  if (r.extack !== null && r.extack.startsWith("hop: ")) exit(64, `hop: brctl: ${r.extack.slice(5)}\n`);
  return r.errno;
}

function change(ifindex: number, attrs: LinkAttrs): RtnlRequest {
  return { type: "RTM_NEWLINK", flags: 0, ifindex, attrs };
}

function complain(text: string): never {
  return exit(1, `${text}\n`);
}

function* mustBeBridge(sys: Sys, name: string): Call<LinkRow> {
  return (yield* linkByName(sys, name)) ?? complain(`bridge ${name} does not exist!`);
}

/** Sets one value of a bridge; `what` begins the complaint. */
function* setBridge(io: Io, name: string, what: string, key: string, value: number): Call<number> {
  const l = yield* linkByName(io.sys, name);
  const e =
    l === null
      ? Errno.ENODEV
      : l.kind !== "bridge"
        ? Errno.EOPNOTSUPP
        : yield* ask(io.sys, change(l.ifindex, { kind: "bridge", data: { [key]: value } }));
  return e === 0 ? 0 : complain(`set ${what} failed: ${strerror(e)}`);
}

/** Sets one value of a port, whatever bridge it belongs to: the errno. Only where that fails the bridge is looked at. */
function* setPort(io: Io, br: string, name: string, key: string, value: number | boolean): Call<number> {
  const l = yield* linkByName(io.sys, name);
  if (l === null) return Errno.ENODEV;
  const e = l.slaveKind === "bridge" ? yield* ask(io.sys, change(l.ifindex, { slaveData: { [key]: value } })) : Errno.ENOENT;
  if (e === 0) return 0;
  const bridge = yield* linkByName(io.sys, br);
  return bridge === null ? Errno.ENODEV : bridge.kind === "bridge" ? e : Errno.EOPNOTSUPP;
}

/** sscanf with %lf: a number at the beginning. */
function real(text: string, bad: string): number {
  const m = /^\s*([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)/i.exec(text);
  return m === null ? complain(bad) : Number(m[1]);
}
/** sscanf with %i: decimal, octal or hexadecimal. */
function integer(text: string, bad: string): number {
  const m = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
  if (m === null) return complain(bad);
  const d = m[2]!;
  const n = /^0[xX]/.test(d) ? Number(d) : d.length > 1 && d.startsWith("0") ? Number.parseInt(d, 8) : Number(d);
  return m[1] === "-" ? -n : n;
}
function onOff(word: string): boolean {
  if (["on", "yes", "1"].includes(word)) return true;
  return ["off", "no", "0"].includes(word) ? false : complain("expect on/off for argument");
}

// ---------------------------------------------------------------- bridges and ports

function* addbr(io: Io, [given]: readonly string[]): Call<number> {
  const name = given!.slice(0, IFNAMSIZ - 1);
  const e =
    name === ""
      ? Errno.EINVAL
      : yield* ask(io.sys, {
          type: "RTM_NEWLINK",
          flags: NlmF.CREATE | NlmF.EXCL,
          ifindex: 0,
          attrs: { name, kind: "bridge" },
        });
  if (e === Errno.EEXIST) complain(`device ${given} already exists; can't create bridge with the same name`);
  return e === 0 ? 0 : complain(`add bridge failed: ${strerror(e)}`);
}

function* delbr(io: Io, [name]: readonly string[]): Call<number> {
  const l = yield* linkByName(io.sys, name!);
  if (l === null) complain(`bridge ${name} doesn't exist; can't delete it`);
  if (l!.kind === "bridge" && l!.flags & IFF.UP) complain(`bridge ${name} is still up; can't delete it`);
  const e = l!.kind === "bridge" ? yield* ask(io.sys, { type: "RTM_DELLINK", ifindex: l!.ifindex }) : Errno.EPERM;
  return e === 0 ? 0 : complain(`can't delete bridge ${name}: ${strerror(e)}`);
}

function* addif(io: Io, [br, ...devs]: readonly string[]): Call<number> {
  for (const name of devs) {
    const dev = (yield* linkByName(io.sys, name)) ?? complain(`interface ${name} does not exist!`);
    const bridge = yield* mustBeBridge(io.sys, br!);
    const e =
      bridge.kind !== "bridge"
        ? Errno.EOPNOTSUPP
        : dev.master !== 0
          ? Errno.EBUSY
          : yield* ask(io.sys, change(dev.ifindex, { master: bridge.ifindex }));
    if (e === Errno.EBUSY) complain(`device ${name} is already a member of a bridge; can't add it to bridge ${br}.`);
    if (e === Errno.ELOOP) complain(`device ${name} is a bridge device itself; can't add a bridge device to a bridge device.`);
    if (e !== 0) complain(`can't add ${name} to bridge ${br}: ${strerror(e)}`);
  }
  return 0;
}

function* delif(io: Io, [br, ...devs]: readonly string[]): Call<number> {
  for (const name of devs) {
    const dev = (yield* linkByName(io.sys, name)) ?? complain(`interface ${name} does not exist!`);
    const bridge = yield* mustBeBridge(io.sys, br!);
    const e =
      bridge.kind !== "bridge"
        ? Errno.EOPNOTSUPP
        : dev.master !== bridge.ifindex
          ? Errno.EINVAL
          : yield* ask(io.sys, change(dev.ifindex, { master: 0 }));
    if (e === Errno.EINVAL) complain(`device ${name} is not a port of ${br}`);
    if (e !== 0) complain(`can't delete ${name} from ${br}: ${strerror(e)}`);
  }
  return 0;
}

function* hairpin(io: Io, [br, port, word]: readonly string[]): Call<number> {
  const on = onOff(word!);
  if ((yield* linkByName(io.sys, port!)) === null) complain(`interface ${port} does not exist!`);
  yield* mustBeBridge(io.sys, br!);
  const e = yield* setPort(io, br!, port!, "hairpin", on);
  return e === 0 ? 0 : complain(`can't set ${port} to hairpin on bridge ${br}: ${strerror(e)}`);
}

/** A time in seconds, kept by the kernel in 1/100 s. */
function setTime(what: string, bad: string, key: string) {
  return function* (io: Io, [br, text]: readonly string[]): Call<number> {
    return yield* setBridge(io, br!, what, key, Math.trunc(real(text!, bad) * 100));
  };
}

function setPortNumber(what: string, bad: string, key: string) {
  return function* (io: Io, [br, port, text]: readonly string[]): Call<number> {
    const e = yield* setPort(io, br!, port!, key, integer(text!, bad));
    return e === 0 ? 0 : complain(`set ${what} failed: ${strerror(e)}`);
  };
}

const VERBS: readonly Verb[] = [
  { name: "addbr", nargs: 1, form: "addbr     \t<bridge>\t\tadd bridge", main: addbr },
  { name: "delbr", nargs: 1, form: "delbr     \t<bridge>\t\tdelete bridge", main: delbr },
  { name: "addif", nargs: 2, form: "addif     \t<bridge> <device>\tadd interface to bridge", main: addif },
  { name: "delif", nargs: 2, form: "delif     \t<bridge> <device>\tdelete interface from bridge", main: delif },
  { name: "hairpin", nargs: 3, form: "hairpin   \t<bridge> <port> {on|off}\tturn hairpin on/off", main: hairpin },
  {
    name: "setageing",
    nargs: 2,
    form: "setageing \t<bridge> <time>\t\tset ageing time",
    main: setTime("ageing time", "bad ageing time value", "ageing_time"),
  },
  {
    name: "setbridgeprio",
    nargs: 2,
    form: "setbridgeprio\t<bridge> <prio>\t\tset bridge priority",
    main: function* (io, [br, text]) {
      return yield* setBridge(io, br!, "bridge priority", "priority", integer(text!, "bad priority") & 0xffff);
    },
  },
  {
    name: "setfd",
    nargs: 2,
    form: "setfd     \t<bridge> <time>\t\tset bridge forward delay",
    main: setTime("forward delay", "bad forward delay value", "forward_delay"),
  },
  {
    name: "sethello",
    nargs: 2,
    form: "sethello  \t<bridge> <time>\t\tset hello time",
    main: setTime("hello timer", "bad hello timer value", "hello_time"),
  },
  {
    name: "setmaxage",
    nargs: 2,
    form: "setmaxage \t<bridge> <time>\t\tset max message age",
    main: setTime("max age", "bad max age value", "max_age"),
  },
  {
    name: "setpathcost",
    nargs: 3,
    form: "setpathcost\t<bridge> <port> <cost>\tset path cost",
    main: setPortNumber("path cost", "bad path cost value", "cost"),
  },
  {
    name: "setportprio",
    nargs: 3,
    form: "setportprio\t<bridge> <port> <prio>\tset port priority",
    main: setPortNumber("port priority", "bad path priority value", "priority"),
  },
  { name: "show", nargs: 0, form: "show      \t[ <bridge> ]\t\tshow a list of bridges", main: show },
  { name: "showmacs", nargs: 1, form: "showmacs  \t<bridge>\t\tshow a list of mac addrs", main: showmacs },
  { name: "showstp", nargs: 1, form: "showstp   \t<bridge>\t\tshow bridge stp info", main: showstp },
  {
    name: "stp",
    nargs: 2,
    form: "stp       \t<bridge> {on|off}\tturn stp on/off",
    main: function* (io, [br, word]) {
      return yield* setBridge(io, br!, "stp status", "stp_state", onOff(word!) ? 1 : 0);
    },
  },
];

const USAGE = `Usage: brctl [commands]\ncommands:\n${VERBS.map((v) => `\t${v.form}\n`).join("")}`;

// ---------------------------------------------------------------- the command

const options: readonly OptionSpec[] = [
  { names: ["-h", "--help"], help: "list the commands" },
  { names: ["-V", "--version"], help: "print the version" },
];

function* main(io: Io, args: readonly string[]): Call<number> {
  const parsed = parseOptions(options, args);
  for (const o of parsed.options) {
    yield* io.out.print(o.name === "-h" ? USAGE : "bridge-utils, 1.7\n");
    return 0;
  }
  if (parsed.error) {
    yield* err(io.sys, `${getoptMessage(io.name, parsed.error)}\nUnknown option '?'\n`);
    yield* io.out.print(USAGE);
    return 1;
  }
  const [word, ...rest] = parsed.operands;
  const verb = VERBS.find((v) => v.name === word);
  if (word === undefined || verb === undefined) {
    if (word !== undefined) yield* err(io.sys, `never heard of command [${word}]\n`);
    yield* io.out.print(USAGE);
    return 1;
  }
  if (rest.length < verb.nargs) {
    yield* io.out.print(`Incorrect number of arguments for command\nUsage: brctl ${verb.form.replace(/^(\S+) *\t/, "$1 ")}\n`);
    return 1;
  }
  return yield* verb.main(io, rest);
}

const man: ManPage = {
  summary: "set up and show Ethernet bridges",
  synopsis: ["brctl [ COMMAND [ ARGUMENTS ] ]"],
  description: [
    "brctl makes bridges (addbr, delbr), gives them ports (addif, delif) and shows them: `brctl show` all bridges with their ports, `brctl showmacs` which MAC address was seen on which port, `brctl showstp` the spanning tree. Times are in seconds.",
    "Everything that brctl does can be done with `ip link` and `bridge` as well, and more; new scripts use those.",
  ],
  examples: [
    { cmd: "brctl addbr br0", what: "a bridge without ports" },
    { cmd: "brctl addif br0 veth1", what: "makes veth1 a port of it" },
    { cmd: "brctl stp br0 on", what: "ports then listen and learn before they forward" },
    { cmd: "brctl showmacs br0", what: "which address is behind which port number" },
  ],
  seeAlso: ["bridge(8)", "ip(8)"],
};

function* complete(sys: Sys, argv: readonly string[]): Call<readonly string[]> {
  const last = argv[argv.length - 1] ?? "";
  let words: readonly string[] = VERBS.map((v) => v.name);
  if (argv.length === 3) words = yield* bridgeNames(sys);
  else if (argv.length > 3) {
    const links = (yield* sys.rtnetlink({ type: "RTM_GETLINK" })) as { readonly links?: readonly LinkRow[] };
    words = argv[1] === "stp" ? ["on", "off"] : (links.links ?? []).map((l) => l.name);
  }
  return words.filter((w) => w.startsWith(last)).sort();
}

const brctl: Command = {
  name: "brctl",
  paths: ["/usr/sbin/brctl", "/sbin/brctl"],
  pkg: "bridge-utils 1.7.1-1",
  main: program(main),
  options,
  man,
  complete,
};

export const commands: readonly Command[] = [brctl];

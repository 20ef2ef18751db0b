/** The table of address keywords (`socat -h` lists them), and opening one or a pair "A!!B". */
import type { Call, Sys } from "../../kernel/abi.ts";
import { parseAddress, splitDual } from "./address.ts";
import type { Log } from "./log.ts";
import type { Open, Then } from "./open.ts";
import { openExec } from "./open-exec.ts";
import { openCreate, openFd, openGopen, openNumber, openOpen, openPipe, openStdio } from "./open-fd.ts";
import { openTun } from "./open-tun.ts";
import { openConnect, openDatagram, openListen, openRecv, openRecvfrom } from "./open-udp.ts";
import { Group, Options } from "./options.ts";
import { Dir, type Stream } from "./stream.ts";

interface Keyword {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** as `socat -h` prints it after the name */
  readonly form: string;
  readonly params: readonly [number, number];
  readonly groups: number;
  /** exactly one of the two: some addresses run what follows once per client */
  readonly open?: (o: Open) => Call<Stream>;
  readonly serve?: (o: Open, then: Then) => Call<number>;
}

const ANY_NUMBER = 99;
const { FD, OPEN, NAMED, SOCKET, IP, CHILD, INTERFACE, TUN, EXEC } = Group;
const UDP = FD | SOCKET | IP;

const KEYWORDS: readonly Keyword[] = [
  { name: "CREATE", aliases: ["CREAT"], form: ":<filename>", params: [1, ANY_NUMBER], groups: FD | NAMED, open: openCreate },
  { name: "EXEC", form: ":<command-line>", params: [1, ANY_NUMBER], groups: FD | EXEC, open: openExec },
  { name: "FD", form: ":<num>", params: [1, 1], groups: FD, open: openFd },
  { name: "GOPEN", form: ":<filename>", params: [1, ANY_NUMBER], groups: FD | NAMED | OPEN, open: openGopen },
  { name: "OPEN", aliases: ["FILE"], form: ":<filename>", params: [1, ANY_NUMBER], groups: FD | NAMED | OPEN, open: openOpen },
  { name: "PIPE", aliases: ["FIFO", "ECHO"], form: "[:<filename>]", params: [0, 1], groups: FD | NAMED | OPEN, open: openPipe },
  { name: "STDERR", form: "", params: [0, 0], groups: FD, open: (o) => openNumber(o, 2, "stderr") },
  { name: "STDIN", form: "", params: [0, 0], groups: FD, open: (o) => openNumber(o, 0, "stdin") },
  { name: "STDIO", form: "", params: [0, 0], groups: FD, open: openStdio },
  { name: "STDOUT", form: "", params: [0, 0], groups: FD, open: (o) => openNumber(o, 1, "stdout") },
  { name: "SYSTEM", aliases: ["SHELL"], form: ":<shell-command>", params: [1, ANY_NUMBER], groups: FD | EXEC, open: openExec },
  { name: "TUN", form: "[:<ip-addr>/<bits>]", params: [0, 1], groups: FD | OPEN | NAMED | INTERFACE | TUN, open: openTun },
  ...["UDP", "UDP4", "UDP6"].flatMap((udp): Keyword[] => [
    { name: `${udp}-CONNECT`, aliases: [udp], form: ":<host>:<port>", params: [2, 2], groups: UDP, open: openConnect },
    { name: `${udp}-DATAGRAM`, aliases: [`${udp}-DGRAM`], form: ":<host>:<port>", params: [2, 2], groups: UDP, open: openDatagram },
    { name: `${udp}-LISTEN`, aliases: [`${udp}-L`], form: ":<port>", params: [1, 1], groups: UDP | CHILD, serve: openListen },
    { name: `${udp}-RECV`, form: ":<port>", params: [1, 1], groups: UDP, open: openRecv },
    { name: `${udp}-RECVFROM`, form: ":<port>", params: [1, 1], groups: UDP | CHILD, serve: openRecvfrom },
    { name: `${udp}-SENDTO`, form: ":<host>:<port>", params: [2, 2], groups: UDP, open: openDatagram },
  ]),
];

const BY_NAME = new Map<string, Keyword>();
for (const k of KEYWORDS) for (const n of [k.name, ...(k.aliases ?? [])]) BY_NAME.set(n, k);

/** Keywords of the real socat whose protocols are not here. TCP comes with its own stack. */
const NOT_MODELLED =
  /^(TCP[46]?(-CONNECT|-LISTEN|-L)?|SCTP[46]?(-CONNECT|-LISTEN)?|(UNIX|LOCAL|ABSTRACT)(-CLIENT|-CONNECT|-LISTEN|-L|-RECV|-RECVFROM|-SENDTO)?|(OPENSSL|SSL)(-\S+)?|SOCKS4A?|SOCKS|PROXY(-CONNECT)?|PTY|IP[46]?(-DATAGRAM|-DGRAM|-RECV|-RECVFROM|-SENDTO)|IP[46]?|INTERFACE|IF|VSOCK(-\S+)?|VSOCK|READLINE|SOCKET-\S+|SENDTO|UDP6?LITE\S*)$/;

/** How addresses are opened: what they share. */
export interface OpenContext {
  readonly sys: Sys;
  readonly log: Log;
  readonly prefer: 0 | 2 | 10;
  readonly blksize: number;
  readonly checkGroups: boolean;
}

/** Opens an address in that direction and goes on with it. */
export function* withAddress(c: OpenContext, text: string, dir: Dir, then: Then): Call<number> {
  const parts = splitDual(text);
  if (parts.length === 1) return yield* single(c, text, dir, then);
  if (dir !== Dir.BOTH) return yield* single(c, dir === Dir.READ ? parts[0]! : parts[1]!, dir, then);
  return yield* single(c, parts[0]!, Dir.READ, (r) =>
    single(c, parts[1]!, Dir.WRITE, (w) =>
      then({
        rfd: r.rfd,
        wfd: w.wfd,
        read: r.read,
        write: w.write,
        shut: w.shut,
        ready: r.ready,
        ignoreEof: r.ignoreEof,
        child: r.child ?? w.child,
        *close() {
          if (r.close) yield* r.close();
          if (w.close) yield* w.close();
        },
      }),
    ),
  );
}

function* single(c: OpenContext, text: string, dir: Dir, then: Then): Call<number> {
  const { log } = c;
  const a = parseAddress(text);
  let word = a.keyword.toUpperCase();
  let params = a.params;
  if (word === "-") word = "STDIO";
  else if (!BY_NAME.has(word) && params.length === 0 && /^[0-9]+$/.test(word)) [params, word] = [[word], "FD"];
  else if (!BY_NAME.has(word) && a.keyword.includes("/")) [params, word] = [[a.head], "GOPEN"];
  const k = BY_NAME.get(word);
  if (k === undefined) {
    if (NOT_MODELLED.test(word)) log.notSimulated(`address ${word}`);
    return yield* log.error(`unknown device/address "${a.keyword}"`);
  }
  const [least, most] = k.params;
  if (params.length < least || params.length > most) {
    const should = most === ANY_NUMBER || least === most ? String(least) : k.name === "TUN" ? "0 or 1" : String(most);
    yield* log.error(`${a.keyword}: wrong number of parameters (${params.length} instead of ${should})`);
  }
  const opts = new Options(log);
  yield* opts.read(a, k.groups, c.checkGroups);
  const o: Open = { sys: c.sys, log, keyword: canonical(k, word), params, opts, dir, prefer: c.prefer, blksize: c.blksize };
  if (k.serve) return yield* k.serve(o, then);
  return yield* then(yield* k.open!(o));
}

function canonical(k: Keyword, word: string): string {
  return k.aliases?.includes(word) ? k.name : word;
}

/** The addresses as -h lists them. */
export function addressHelp(): string {
  return KEYWORDS.map((k) => `      ${k.name.toLowerCase()}${k.form}\n`)
    .sort()
    .join("");
}

export function addressWords(): readonly string[] {
  return KEYWORDS.map((k) => `${k.name}${k.form.startsWith(":") ? ":" : ""}`);
}

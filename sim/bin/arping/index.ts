/**
 * arping of iputils 20221126: ARP requests from a packet socket, and who answers. The first is a broadcast, the rest go to
 * whoever answered (unless -b). -D asks whether an address is taken, -U and -A announce one's own.
 */
import { put16, put32, u16, u32 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import type { Call, Command, OptionSpec, SockAddr } from "../../kernel/abi.ts";
import { AF, Sig, SOCK } from "../../kernel/abi.ts";
import { fmtIp4, parseIp4 } from "../../wire/addr.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";
import { getaddrinfo } from "../lib/resolve.ts";
import { notModelled } from "../lib/not-modelled.ts";

const options: readonly OptionSpec[] = [
  { names: ["-f"], help: "quit at the first reply" },
  { names: ["-q"], help: "no output" },
  { names: ["-b"], help: "always broadcast" },
  { names: ["-D"], help: "duplicate address detection" },
  { names: ["-U"], help: "announce the own address by requests" },
  { names: ["-A"], help: "announce the own address by replies" },
  { names: ["-V"], help: "print the version" },
  { names: ["-c"], arg: "<count>", help: "how many packets to send" },
  { names: ["-w"], arg: "<timeout>", help: "seconds to wait in all" },
  { names: ["-i"], arg: "<interval>", help: "seconds between packets; default 1" },
  { names: ["-I"], arg: "<device>", help: "device to use" },
  { names: ["-s"], arg: "<source>", help: "source address" },
  ...notModelled("arping"),
];
const USAGE = `\nUsage:\n  arping [options] <destination>\n\nOptions:\n${optionHelp(options)}  <destination>               name or address\n\nFor more details see arping(8).\n`;

const ETH_P_IP = 0x0800;
const ETH_P_ARP = 0x0806;
const IFF_UP = 1;
const IFF_LOOPBACK = 8;
const IFF_NOARP = 0x80;

function* fail(io: Io, text: string, code = 2): Call<never> {
  yield* io.out.flush();
  yield* err(io.sys, `arping: ${text}\n`);
  return exit(code);
}

function* number(io: Io, text: string, min: number, max: number): Call<number> {
  if (!/^[-+]?[0-9]+$/.test(text)) yield* fail(io, `invalid argument: '${text}'`, 1);
  const n = Number(text);
  if (n < min || n > max) yield* fail(io, `invalid argument: '${text}': out of range: ${min} <= value <= ${max}`, 1);
  return n;
}

function macText(b: Uint8Array): string {
  return Array.from(b, (x) => x.toString(16).padStart(2, "0").toUpperCase()).join(":");
}

interface Device {
  readonly name: string;
  readonly ifindex: number;
  readonly flags: number;
}

/** The device asked for, or the only one that could be meant. */
function* findDevice(io: Io, name: string | null, quiet: boolean): Call<Device> {
  const r = yield* io.sys.rtnetlink({ type: "RTM_GETLINK" });
  const links = r.ok ? (r.links ?? []) : [];
  if (name !== null) {
    const l = links.find((x) => x.name === name);
    if (l === undefined) return yield* fail(io, `Device ${name} not available.`);
    const refuse = function* (why: string): Call<never> {
      if (!quiet) yield* io.out.print(`Interface "${name}" is ${why}\n`);
      return exit(2);
    };
    if ((l.flags & IFF_UP) === 0) yield* refuse("down");
    if ((l.flags & (IFF_NOARP | IFF_LOOPBACK)) !== 0) yield* refuse("not ARPable");
    return l;
  }
  const addrs = yield* io.sys.rtnetlink({ type: "RTM_GETADDR", family: 2 });
  const usable = links.filter(
    (l) =>
      (l.flags & IFF_UP) !== 0 &&
      (l.flags & (IFF_NOARP | IFF_LOOPBACK)) === 0 &&
      addrs.ok &&
      (addrs.addrs ?? []).some((a) => a.ifindex === l.ifindex),
  );
  if (usable.length !== 1) return yield* fail(io, "Suitable device could not be determined. Please, use option -I.");
  return usable[0]!;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys, out } = io;
  const parsed = parseOptions(options, args, { shortOnly: true });
  const has = (n: string): boolean => parsed.options.some((o) => o.name === n);
  let count = -1;
  let timeout = 0;
  let interval = 1;
  let device: string | null = null;
  let sourceText: string | null = null;
  for (const { name, value } of parsed.options) {
    if (name === "-c") count = yield* number(io, value!, 1, 2147483647);
    else if (name === "-w") timeout = yield* number(io, value!, 0, 2147483647);
    else if (name === "-i") interval = yield* number(io, value!, 0, 2147483647);
    else if (name === "-I") device = value!;
    else if (name === "-s") sourceText = value!;
    else if (name === "-V") {
      yield* out.print("arping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n");
      return 0;
    }
  }
  if (parsed.error !== null) return yield* optionError(sys, "arping", parsed.error, USAGE, 2);
  if (parsed.operands.length !== 1) {
    yield* err(sys, USAGE);
    return 2;
  }
  const quiet = has("-q");
  const dad = has("-D");
  const unsolicited = has("-U") || has("-A");
  const quitFirst = has("-f") || dad;
  const fd = yield* sys.socket(AF.PACKET, SOCK.DGRAM, 0);
  if (fd < 0) return yield* fail(io, `socket: ${strerror(fd)}`);
  const dev = yield* findDevice(io, device, quiet);

  const targetText = parsed.operands[0]!;
  let target = parseIp4(targetText);
  if (target === null) {
    const found = yield* getaddrinfo(sys, targetText, 2);
    if (typeof found === "string") return yield* fail(io, `${targetText}: ${found}`);
    target = found.addrs[0]!.family === 2 ? found.addrs[0]!.addr : 0;
  }
  let source = 0;
  if (sourceText !== null) {
    const s = parseIp4(sourceText);
    if (s === null) return yield* fail(io, `invalid source ${sourceText}`);
    source = s;
  }
  if (!dad && unsolicited && source === 0) source = target;
  if (!dad || source !== 0) {
    // a UDP socket finds the source address, or proves that the one given is ours
    const probe = yield* sys.socket(AF.INET, SOCK.DGRAM, 0);
    if (probe < 0) return yield* fail(io, `socket: ${strerror(probe)}`);
    const bound = yield* sys.setsockopt(probe, "SO_BINDTODEVICE", dev.name);
    if (bound < 0) yield* fail(io, `WARNING: interface ${dev.name}: ${strerror(bound)}`);
    if (source !== 0) {
      const r = yield* sys.bind(probe, { family: 2, addr: source, port: 0 });
      if (r < 0) return yield* fail(io, `bind: ${strerror(r)}`);
    } else {
      yield* sys.setsockopt(probe, "SO_DONTROUTE", 1);
      const r = yield* sys.connect(probe, { family: 2, addr: target, port: 1025 });
      if (r < 0) {
        if (r !== -Errno.EHOSTUNREACH && r !== -Errno.ENETUNREACH) return yield* fail(io, `connect: ${strerror(r)}`);
        return yield* fail(io, `connect: ${strerror(r)}`);
      }
      const self = yield* sys.getsockname(probe);
      if (typeof self !== "number" && self.family === 2) source = self.addr;
    }
    yield* sys.close(probe);
  }
  const none = new Uint8Array(0);
  let r = yield* sys.bind(fd, { family: 17, ifindex: dev.ifindex, protocol: ETH_P_ARP, hatype: 0, pkttype: 0, addr: none });
  if (r < 0) return yield* fail(io, `bind: ${strerror(r)}`);
  const self = yield* sys.getsockname(fd);
  const me = typeof self !== "number" && self.family === 17 ? self.addr : none;
  if (me.length === 0) {
    if (!quiet) yield* out.print(`Interface "${dev.name}" is not ARPable (no ll address)\n`);
    return 2;
  }
  if (!quiet) yield* out.print(`ARPING ${fmtIp4(target)} from ${fmtIp4(source)} ${dev.name}\n`);
  for (const s of [Sig.INT, Sig.QUIT, Sig.TERM]) yield* sys.sigaction(s, "catch");

  const broadcast = new Uint8Array(6).fill(255);
  let to = broadcast;
  let sent = 0;
  let broadcasts = 0;
  let received = 0;
  const finish = function* (): Call<number> {
    if (!quiet) {
      let s = `Sent ${sent} probes (${broadcasts} broadcast(s))\nReceived ${received} response(s)`;
      if (requests > 0 || copies > 0)
        s += ` (${requests > 0 ? `${requests} request(s)` : ""}${copies > 0 ? `${requests > 0 ? ", " : ""}${copies} broadcast(s)` : ""})`;
      yield* out.print(`${s}\n`);
      yield* out.flush();
    }
    if (dad) return received > 0 ? 1 : 0;
    if (unsolicited) return 0;
    return received > 0 ? 0 : 1;
  };
  let requests = 0;
  let copies = 0;
  let lastSent = 0;
  const begin = yield* sys.clock_gettime("monotonic");
  let nextSend = begin;
  const deadline = timeout > 0 ? begin + timeout * SEC : 0;
  for (;;) {
    for (const sig of yield* sys.sigtake()) {
      if (sig === Sig.QUIT) {
        yield* err(sys, `${sent}/${received} packets\n`);
        continue;
      }
      return yield* finish();
    }
    const now = yield* sys.clock_gettime("monotonic");
    // at the deadline a last probe goes out, for the interval's timer is looked at first
    if (now >= nextSend) {
      if (count === 0) return yield* finish();
      const b = new Uint8Array(28);
      put16(b, 0, 1);
      put16(b, 2, ETH_P_IP);
      b[4] = 6;
      b[5] = 4;
      put16(b, 6, has("-A") ? 2 : 1);
      b.set(me, 8);
      put32(b, 14, source);
      b.set(has("-A") ? me : to, 18);
      put32(b, 24, target);
      const dst: SockAddr = { family: 17, ifindex: dev.ifindex, protocol: ETH_P_ARP, hatype: 1, pkttype: 0, addr: to };
      lastSent = now;
      r = yield* sys.sendto(fd, b, dst, 0);
      if (r >= 0) {
        sent++;
        if (to === broadcast) broadcasts++;
      } else if (r === -Errno.ENETDOWN) return yield* fail(io, `sendto: ${strerror(r)}`);
      if (count > 0) count--;
      nextSend += Math.max(interval, 0) * SEC;
      if (interval === 0) nextSend = lastSent + 1;
    }
    if (deadline > 0 && now >= deadline) return yield* finish();
    const until = deadline > 0 ? Math.min(nextSend, deadline) : nextSend;
    const wait = until - (yield* sys.clock_gettime("monotonic"));
    if (wait <= 0) continue;
    const m = yield* sys.recvfrom(fd, 4096, { timeout: wait });
    if (typeof m === "number") {
      if (m === -Errno.ENETDOWN) return yield* fail(io, `recvfrom: ${strerror(m)}`);
      continue;
    }
    if (m.from?.family !== 17) continue;
    // only to us, to everybody or to all of a group; and only IPv4 over Ethernet
    if (m.from.pkttype > 2 || m.data.length < 28 || u16(m.data, 2) !== ETH_P_IP || m.data[4] !== 6 || m.data[5] !== 4) continue;
    const op = u16(m.data, 6);
    if (op !== 1 && op !== 2) continue;
    const [sha, spa, tha, tpa] = [m.data.subarray(8, 14), u32(m.data, 14), m.data.subarray(18, 24), u32(m.data, 24)];
    if (spa !== target) continue;
    const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((x, i) => x === b[i]);
    if (!dad) {
      if (tpa !== source || !same(tha, me)) continue;
    } else {
      // somebody else uses it, or asks for it too
      if (same(sha, me) || (source !== 0 && tpa !== source)) continue;
    }
    if (!quiet) {
      const now2 = yield* sys.clock_gettime("monotonic");
      const us = Math.floor((now2 - lastSent) / 1000);
      yield* out.print(
        `${m.from.pkttype === 0 ? "Unicast" : "Broadcast"} ${op === 2 ? "reply" : "request"} from ${fmtIp4(spa)} [${macText(sha)}]` +
          `${tpa !== source ? ` for ${fmtIp4(tpa)}` : ""}${!same(tha, me) && !dad ? ` for [${macText(tha)}]` : ""} ` +
          `${us >= 0 ? ` ${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, "0")}ms` : " UNSOLICITED?"}\n`,
      );
      yield* out.flush();
    }
    received++;
    if (m.from.pkttype !== 0) copies++;
    if (op === 1) requests++;
    if (quitFirst || (timeout > 0 && count === 0 && received === sent)) return yield* finish();
    if (!has("-b")) to = sha.slice();
  }
}

export const commands: readonly Command[] = [
  {
    name: "arping",
    paths: ["/usr/bin/arping"],
    pkg: "iputils-arping 3:20221126-1+deb12u1",
    main: program(main),
    options,
    man: {
      summary: "send ARP REQUEST to a neighbour host",
      synopsis: ["arping [-AbDfqUV] [-c count] [-w deadline] [-i interval] [-s source] [-I interface] {destination}"],
      description: [
        "arping asks the local network who has an IPv4 address and prints the MAC address of each answer. It works below IP: a firewall does not stop it, and it reaches no further than the own network.",
        "Exit status: 0 when somebody answered, 1 when nobody did; with -D the other way round.",
      ],
      examples: [
        { cmd: "arping -c 3 -I eth0 10.0.0.2", what: "is it there, and with which MAC address?" },
        { cmd: "arping -D -c 2 -I eth0 10.0.0.7", what: "is this address free?" },
      ],
      seeAlso: ["ping(8)", "ip-neighbour(8)", "arp(8)"],
    },
  },
];

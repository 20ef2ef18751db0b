/** The command line: tcpdump's options with their limits and complaints. */
import type { Call, OptionSpec } from "../../kernel/abi.ts";
import { err, exit, notSimulated, type Io } from "../lib/io.ts";
import { getoptMessage, parseOptions } from "../lib/options.ts";
import type { DumpKind } from "../../wire/print.ts";
import { MAXIMUM_SNAPLEN } from "../../wire/pcap.ts";
import { USAGE, VERSION } from "./texts.ts";
import { notModelled } from "../lib/not-modelled.ts";

export const options: readonly OptionSpec[] = [
  { names: ["-i", "--interface"], arg: "INTERFACE", help: "capture on this interface, or on any" },
  { names: ["-n"], help: "show addresses and ports as numbers" },
  { names: ["-N"], help: "leave the domain off host names" },
  { names: ["-e"], help: "show the link-level header" },
  { names: ["-c"], arg: "COUNT", help: "stop after so many packets" },
  { names: ["--count"], help: "with -r: print only how many packets there are" },
  { names: ["-w"], arg: "FILE", help: "write the packets to a pcap file (- is standard output)" },
  { names: ["-r"], arg: "FILE", help: "read packets from a pcap file (- is standard input)" },
  { names: ["--print"], help: "with -w: print the packets too" },
  { names: ["-v"], help: "more about each packet; up to three times" },
  { names: ["-q"], help: "less about each packet" },
  { names: ["-t"], help: "time stamps: none, and with more t: seconds, difference, date, since the first" },
  { names: ["-x"], help: "dump the packet in hex; twice with the link-level header" },
  { names: ["-X"], help: "dump the packet in hex and ASCII; twice with the link-level header" },
  { names: ["-A"], help: "dump the packet in ASCII" },
  { names: ["-l"], help: "write each line at once" },
  { names: ["-U", "--packet-buffered"], help: "write each packet at once" },
  { names: ["-s", "--snapshot-length"], arg: "BYTES", help: "keep so many bytes of each packet" },
  { names: ["-S", "--absolute-tcp-sequence-numbers"], help: "show TCP sequence numbers as they are" },
  { names: ["-p", "--no-promiscuous-mode"], help: "leave the interface out of promiscuous mode" },
  { names: ["-Q", "--direction"], arg: "in|out|inout", help: "only packets of that direction" },
  { names: ["-D", "--list-interfaces"], help: "list the interfaces" },
  { names: ["-L", "--list-data-link-types"], help: "list the link types of the interface" },
  { names: ["-O", "--no-optimize"], help: "do not optimise the filter" },
  { names: ["-#", "--number"], help: "number the packets" },
  { names: ["-h", "--help"], help: "show the usage" },
  { names: ["--version"], help: "show the version" },
  { names: ["-a"], help: "names for addresses; the default, kept for old scripts" },
  { names: ["-b"], help: "AS numbers in asdot notation", notModelled: true },
  { names: ["-B", "--buffer-size"], arg: "KIB", help: "size of the capture buffer", notModelled: true },
  { names: ["-C"], arg: "FILE_SIZE", help: "start a new file at this size", notModelled: true },
  { names: ["-d"], help: "show the compiled filter", notModelled: true },
  { names: ["-E"], arg: "SECRET", help: "decrypt ESP", notModelled: true },
  { names: ["-f"], help: "foreign addresses as numbers", notModelled: true },
  { names: ["-F"], arg: "FILE", help: "read the filter from a file", notModelled: true },
  { names: ["-G"], arg: "SECONDS", help: "start a new file after so long", notModelled: true },
  { names: ["-H"], help: "look for mesh headers", notModelled: true },
  { names: ["-I", "--monitor-mode"], help: "monitor mode", notModelled: true },
  { names: ["--immediate-mode"], help: "deliver packets at once, as this simulator always does" },
  { names: ["-j", "--time-stamp-type"], arg: "TYPE", help: "kind of time stamp", notModelled: true },
  { names: ["-J", "--list-time-stamp-types"], help: "list kinds of time stamps", notModelled: true },
  { names: ["--time-stamp-precision"], arg: "PRECISION", help: "precision of time stamps", notModelled: true },
  { names: ["--micro"], help: "microseconds", notModelled: true },
  { names: ["--nano"], help: "nanoseconds", notModelled: true },
  { names: ["-K", "--dont-verify-checksums"], help: "do not verify checksums", notModelled: true },
  { names: ["-m"], arg: "MODULE", help: "load a MIB module", notModelled: true },
  { names: ["-M"], arg: "SECRET", help: "secret of TCP-MD5", notModelled: true },
  { names: ["-T"], arg: "TYPE", help: "read packets as this type", notModelled: true },
  { names: ["-u"], help: "undecoded NFS handles", notModelled: true },
  { names: ["-V"], arg: "FILE", help: "read file names from a file", notModelled: true },
  { names: ["-W"], arg: "COUNT", help: "number of files", notModelled: true },
  { names: ["-y", "--linktype"], arg: "TYPE", help: "link type to capture with", notModelled: true },
  { names: ["-z"], arg: "COMMAND", help: "run on finished files", notModelled: true },
  { names: ["-Z", "--relinquish-privileges"], arg: "USER", help: "become this user", notModelled: true },
  ...notModelled("tcpdump"),
];

export interface Config {
  readonly device: string | null;
  readonly readFile: string | null;
  readonly writeFile: string | null;
  /** packets are printed: without -w, or with --print */
  readonly print: boolean;
  readonly n: boolean;
  readonly N: boolean;
  readonly e: boolean;
  readonly v: number;
  readonly q: number;
  readonly S: boolean;
  /** number of -t, 0..5 */
  readonly t: number;
  readonly dump: DumpKind | null;
  /** 0: no limit */
  readonly count: number;
  readonly countOnly: boolean;
  readonly lineBuffered: boolean;
  readonly packetBuffered: boolean;
  readonly snaplen: number;
  readonly promiscuous: boolean;
  readonly direction: "in" | "out" | "inout";
  readonly listDevices: boolean;
  readonly listLinkTypes: boolean;
  readonly number: boolean;
  readonly filter: string;
}

/** `tcpdump: TEXT`, and the end. */
export function* fail(io: Io, text: string, code = 1): Call<never> {
  yield* err(io.sys, `${io.name}: ${text}\n`);
  return exit(code);
}

function dumpKind(count: (name: string) => number): DumpKind | null {
  for (const k of ["X", "x", "A"] as const) {
    const n = count(`-${k}`);
    if (n > 0) return (n > 1 ? k + k : k) as DumpKind;
  }
  return null;
}

/** Reads the arguments; ends the program on -h, --version and mistakes. */
export function* readOptions(io: Io, args: readonly string[]): Call<Config> {
  const parsed = parseOptions(options, args);
  const given = new Map<string, number>();
  const values = new Map<string, string>();
  for (const o of parsed.options) {
    given.set(o.name, (given.get(o.name) ?? 0) + 1);
    if (o.value !== null) values.set(o.name, o.value);
    if (o.name === "-h") {
      yield* io.out.print(VERSION + USAGE);
      exit(0);
    }
    if (o.name === "--version") {
      yield* io.out.print(VERSION);
      exit(0);
    }
    if (o.name === "-c" && !(/^\s*[-+]?[0-9]+$/.test(o.value!) && Number(o.value) > 0)) yield* fail(io, `invalid packet count ${o.value!}`);
    if (o.name === "-s" && !(/^[0-9]+$/.test(o.value!) && Number(o.value) <= MAXIMUM_SNAPLEN))
      yield* fail(io, `invalid snaplen ${o.value!} (must be >= 0 and <= ${MAXIMUM_SNAPLEN})`);
    if (o.name === "-Q" && o.value !== "in" && o.value !== "out" && o.value !== "inout")
      yield* fail(io, `unknown capture direction \`${o.value!}'`);
  }
  if (parsed.error !== null) {
    if (parsed.error.kind === "not-modelled") exit(yield* notSimulated(io.sys, "tcpdump", `option ${parsed.error.given}`));
    yield* err(io.sys, `${getoptMessage(io.name, parsed.error)}\n${VERSION}${USAGE}`);
    exit(1);
  }
  const count = (name: string): number => given.get(name) ?? 0;
  const has = (name: string): boolean => count(name) > 0;
  if (count("-t") > 5) yield* fail(io, "only -t, -tt, -ttt, -tttt and -ttttt are supported");
  const writeFile = values.get("-w") ?? null;
  const snaplen = Number(values.get("-s") ?? 0);
  return {
    device: values.get("-i") ?? null,
    readFile: values.get("-r") ?? null,
    writeFile,
    print: writeFile === null || has("--print"),
    n: has("-n"),
    N: has("-N"),
    e: has("-e"),
    v: Math.min(count("-v"), 3),
    q: count("-q"),
    S: has("-S"),
    t: count("-t"),
    dump: dumpKind(count),
    count: Number(values.get("-c") ?? 0),
    countOnly: has("--count"),
    lineBuffered: has("-l"),
    packetBuffered: has("-U"),
    snaplen: snaplen === 0 ? MAXIMUM_SNAPLEN : snaplen,
    promiscuous: !has("-p"),
    direction: (values.get("-Q") ?? "inout") as Config["direction"],
    listDevices: has("-D"),
    listLinkTypes: has("-L"),
    number: has("-#"),
    filter: parsed.operands.join(" "),
  };
}

/**
 * `hostname` (hostname 3.23 of Debian) and `dnsdomainname`: shows or sets the machine's name; -f, -d, -i, -a ask the
 * resolver about that name. NIS names are not modelled.
 */
import { equalBytes, fromUtf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { exit, type Io, program, readFile } from "../lib/io.ts";
import { optionError, parseOptions } from "../lib/options.ts";
import { bytes4, fmtAddr, getaddrinfo, readHosts } from "../lib/resolve.ts";
import { listAddrs, listLinks } from "../lib/rtnl.ts";
import { IFF } from "../../net/rtnl/messages.ts";

const options: readonly OptionSpec[] = [
  { names: ["-a", "--alias"], help: "alias names" },
  { names: ["-A", "--all-fqdns"], help: "all names of all addresses" },
  { names: ["-b", "--boot"], help: "set a default name where none is given" },
  { names: ["-d", "--domain"], help: "the DNS domain" },
  { names: ["-f", "--fqdn", "--long"], help: "the full name" },
  { names: ["-F", "--file"], arg: "FILE", help: "set the name from a file" },
  { names: ["-i", "--ip-address"], help: "addresses of the name" },
  { names: ["-I", "--all-ip-addresses"], help: "all addresses of the machine" },
  { names: ["-s", "--short"], help: "the name up to the first dot" },
  { names: ["-y", "--yp", "--nis"], help: "the NIS domain", notModelled: true },
  { names: ["-h", "--help"], help: "this help" },
  { names: ["-V", "--version"], help: "the version" },
];

const USAGE = `Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name
`;

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const parsed = parseOptions(options, args);
  if (parsed.error) {
    if (parsed.error.kind !== "not-modelled") yield* io.out.print(USAGE);
    return yield* optionError(sys, io.name, parsed.error, "", 255);
  }
  let show = io.name === "dnsdomainname" ? "-d" : "";
  let file: string | null = null;
  let boot = false;
  for (const o of parsed.options) {
    if (o.name === "-h") {
      yield* io.out.print(USAGE);
      return 255;
    }
    if (o.name === "-V") {
      yield* io.out.print("hostname 3.23\n");
      return 0;
    }
    if (o.name === "-F") file = o.value;
    else if (o.name === "-b") boot = true;
    else show = o.name;
  }
  const current = (yield* sys.uname()).nodename;
  if (parsed.operands.length > 1) exit(-1, USAGE);
  let name: string | null = parsed.operands[0] ?? null;
  if (file !== null) {
    const data = yield* readFile(sys, file);
    if (typeof data === "number") exit(1, `${io.name}: ${strerror(data)}\n`);
    const line = fromUtf8(data as Uint8Array)
      .split("\n")
      .find((l) => l.trim() !== "" && !l.startsWith("#"));
    if (line === undefined && !boot) exit(1, `${io.name}: no hostname found in file\n`);
    name = (line ?? "localhost").trim();
  } else if (boot && name === null) name = current === "" || current === "(none)" ? "localhost" : current;
  if (name !== null) return yield* set(sys, io.name, name);
  const answer = yield* text(sys, io.name, show, current);
  if (answer !== "" || show !== "-d") yield* io.out.print(`${answer}\n`);
  return 0;
}

function* set(sys: Sys, tool: string, name: string): Call<number> {
  const ok = /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(name) && !name.includes("..") && !name.includes("-.") && !name.includes(".-");
  if (!ok) exit(1, `${tool}: the specified hostname is invalid\n`);
  if (name.length > 64) exit(1, `${tool}: name too long\n`);
  const r = yield* sys.sethostname(name);
  if (r < 0) exit(1, `${tool}: you must be root to change the host name\n`);
  return 0;
}

function* text(sys: Sys, tool: string, show: string, current: string): Call<string> {
  if (show === "") return current;
  if (show === "-s") return current.split(".")[0]!;
  if (show === "-I") {
    const lo = new Set((yield* listLinks(sys)).filter((l) => l.flags & IFF.LOOPBACK || !(l.flags & IFF.UP)).map((l) => l.ifindex));
    const addrs = (yield* listAddrs(sys, 0)).filter((a) => !lo.has(a.ifindex) && !(a.family === 10 && a.scope === 253));
    return addrs.map((a) => `${fmtAddr(a.local)} `).join("");
  }
  const hosts = yield* readHosts(sys);
  if (show === "-A") {
    const addrs = yield* listAddrs(sys, 0);
    return [
      ...new Set(
        addrs.filter((a) => a.ifindex !== 1).flatMap((a) => hosts.filter((h) => equalBytes(h.addr, a.local)).map((h) => h.names[0]!)),
      ),
    ]
      .map((n) => `${n} `)
      .join("");
  }
  const r = yield* getaddrinfo(sys, current, 0);
  if (typeof r === "string") return exit(1, `${tool}: ${r}\n`);
  if (show === "-f") return r.canonical;
  if (show === "-d") return r.canonical.includes(".") ? r.canonical.slice(r.canonical.indexOf(".") + 1) : "";
  if (show === "-i") return r.addrs.map((a) => fmtAddr(a.family === 2 ? bytes4(a.addr) : a.addr)).join(" ");
  const entry = hosts.find((h) => h.names.includes(current));
  return entry === undefined ? "" : entry.names.slice(1).join(" ");
}

const base: Omit<Command, "name" | "paths"> = {
  pkg: "hostname 3.23+nmu1",
  main: program(main),
  options,
  man: {
    summary: "show or set the machine's name",
    synopsis: ["hostname [-a|-A|-d|-f|-i|-I|-s]", "hostname [-b] {NAME|-F FILE}"],
    description: [
      "Without arguments hostname prints the machine's name. Root may set another one; it lasts until the machine restarts.",
      "-f, -d, -i and -a look the name up in /etc/hosts. -I lists the addresses of all interfaces that are up, without loopback and link-local ones.",
    ],
    examples: [{ cmd: "hostname -I", what: "the machine's own addresses" }],
    seeAlso: ["ip(8)"],
  },
};

export const commands: readonly Command[] = [
  { name: "hostname", paths: ["/usr/bin/hostname", "/bin/hostname"], ...base },
  { name: "dnsdomainname", paths: ["/usr/bin/dnsdomainname"], ...base },
];

/** The rest of net-tools 2.10: `nameif` renames an interface by its hardware address, `mii-tool` finds no transceivers to ask. */
import { equalBytes } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { err, exit, type Io, lines, program, readText } from "../lib/io.ts";
import { etherAddress, NET_TOOLS } from "../lib/net-tools.ts";
import { getoptMessage, optionError, parseOptions } from "../lib/options.ts";
import { deviceNames, linkByName, listLinks } from "../lib/rtnl.ts";

const nameifOptions: readonly OptionSpec[] = [
  { names: ["-c", "--config-file"], arg: "FILE", help: "lines of NAME MAC instead of /etc/mactab" },
  { names: ["-s", "--syslog"], help: "messages to syslog", notModelled: true },
];
const NAMEIF_USAGE = "usage: nameif [-c configurationfile] [-s] {ifname macaddress}\n";

function* nameif(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const parsed = parseOptions(nameifOptions, args);
  if (parsed.error) return yield* optionError(sys, "nameif", parsed.error, NAMEIF_USAGE, 0);
  const file = parsed.options.find((o) => o.name === "-c")?.value ?? null;
  const words = parsed.operands;
  if (words.length % 2 !== 0) exit(0, NAMEIF_USAGE);
  const wanted: { readonly name: string; readonly mac: Uint8Array }[] = [];
  const want = (name: string, mac: string, where: string): void => {
    if (name.length >= 16) exit(1, `interface name \`${name}' too long${where.startsWith(" at line") ? where : ""}\n`);
    if (!/^[0-9a-fA-F:]+$/.test(mac)) exit(1, `cannot parse MAC \`${mac}'${where}\n`);
    wanted.push({ name, mac: etherAddress(mac)! });
  };
  for (let i = 0; i < words.length; i += 2) want(words[i]!, words[i + 1]!, ` at argument ${i + 2}`);
  if (file !== null || words.length === 0) {
    const path = file ?? "/etc/mactab";
    const text = yield* readText(sys, path);
    if (typeof text === "number") return exit(1, `opening configuration file ${path}: ${strerror(text)}\n`);
    for (const [n, line] of lines(text).entries()) {
      const [name, mac] = line.replace(/#.*/, "").trim().split(/\s+/);
      if (name !== undefined && name !== "") want(name, mac ?? "", ` at line ${n + 1}`);
    }
  }
  for (const w of wanted) yield* rename(sys, w.name, w.mac);
  return 0;
}

function* rename(sys: Sys, name: string, mac: Uint8Array): Call<void> {
  const link = (yield* listLinks(sys)).find((l) => equalBytes(l.address, mac));
  if (link === undefined) return exit(1, `interface '${name}' not found\n`);
  if (link.name === name) return;
  const r = yield* sys.rtnetlink({ type: "RTM_NEWLINK", flags: 0, ifindex: link.ifindex, attrs: { name } });
  if (!r.ok) exit(1, `cannot change name of ${link.name} to ${name}: ${strerror(r.errno)}\n`);
}

const miiOptions: readonly OptionSpec[] = [
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-v", "--verbose"], help: "say more" },
  { names: ["-R", "--reset"], help: "back to the state after power-on" },
  { names: ["-r", "--restart"], help: "negotiate anew" },
  { names: ["-w", "--watch"], help: "wait for changes" },
  { names: ["-l", "--log"], help: "with -w: to syslog" },
  { names: ["-A", "--advertise"], arg: "MEDIA", help: "offer only these" },
  { names: ["-F", "--force"], arg: "MEDIA", help: "use this one" },
  { names: ["-p", "--phy"], arg: "ADDR", help: "address of the transceiver" },
];
const MII_USAGE = `usage: mii-tool [-VvRrwl] [-A media,... | -F media] [-p addr] <interface ...>
       -V, --version               display version information
       -v, --verbose               more verbose output
       -R, --reset                 reset MII to poweron state
       -r, --restart               restart autonegotiation
       -w, --watch                 monitor for link status changes
       -l, --log                   with -w, write events to syslog
       -A, --advertise=media,...   advertise only specified media
       -F, --force=media           force specified media technology
       -p, --phy=addr              set PHY (MII address) to report
media: 1000baseTx-HD, 1000baseTx-FD,
       100baseT4, 100baseTx-FD, 100baseTx-HD,
       10baseT-FD, 10baseT-HD,
       (to advertise both HD and FD) 1000baseTx, 100baseTx, 10baseT
`;

function* miiTool(io: Io, args: readonly string[]): Call<number> {
  const parsed = parseOptions(miiOptions, args);
  if (parsed.error) exit(2, `${getoptMessage("mii-tool", parsed.error)}\n${MII_USAGE}`);
  if (parsed.options.some((o) => o.name === "-V")) {
    yield* io.out.print(NET_TOOLS);
    return 0;
  }
  if (parsed.operands.length === 0) exit(2, `No interface specified\n${MII_USAGE}`);
  for (const name of parsed.operands) {
    const there = (yield* linkByName(io.sys, name)) !== null;
    yield* err(io.sys, `SIOCGMIIPHY on '${name}' failed: ${strerror(there ? Errno.EOPNOTSUPP : Errno.ENODEV)}\n`);
  }
  return 1;
}

function* devices(sys: Sys, argv: readonly string[]): Call<readonly string[]> {
  const last = argv[argv.length - 1] ?? "";
  return (yield* deviceNames(sys)).filter((d) => d.startsWith(last));
}

export const commands: readonly Command[] = [
  {
    name: "nameif",
    paths: ["/usr/sbin/nameif", "/sbin/nameif"],
    pkg: "net-tools 2.10-0.1",
    main: program(nameif),
    options: nameifOptions,
    man: {
      summary: "name interfaces by their hardware addresses",
      synopsis: ["nameif [-c FILE] [NAME MAC]…"],
      description: [
        "nameif gives the interface with that hardware address a new name; without words the pairs come from /etc/mactab. The interface must be down.",
      ],
      seeAlso: ["ip(8)", "ifconfig(8)"],
    },
    complete: devices,
  },
  {
    name: "mii-tool",
    paths: ["/usr/sbin/mii-tool", "/sbin/mii-tool"],
    pkg: "net-tools 2.10-0.1",
    main: program(miiTool),
    options: miiOptions,
    man: {
      summary: "ask the transceiver of an interface",
      synopsis: ["mii-tool [OPTION]… INTERFACE…"],
      description: [
        "mii-tool asks the transceiver (PHY) of a network card about its link. Virtual devices have none, and the cards of a lab have none either: use ethtool.",
      ],
      seeAlso: ["ethtool(8)"],
    },
    complete: devices,
  },
];

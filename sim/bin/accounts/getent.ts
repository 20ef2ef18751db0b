/** getent of glibc: entries of /etc's tables by key. hosts knows /etc/hosts and addresses only, as the resolver here does. */
import { parseIp4, parseIp6 } from "../../wire/addr.ts";
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { err, lines, readText } from "../lib/io.ts";
import { fmtAddr, readHosts } from "../lib/resolve.ts";

function* rows(t: Tool, path: string): Call<string[]> {
  const text = yield* readText(t.sys, path);
  return typeof text === "number" ? [] : lines(text);
}

/** Lines of name:x:number:… */
function* colon(t: Tool, path: string, keys: readonly string[]): Call<string[] | null> {
  const all = yield* rows(t, path);
  if (keys.length === 0) return all;
  const out: string[] = [];
  for (const k of keys) {
    const hit = all.find((l) => (/^[0-9]+$/.test(k) ? l.split(":")[2] === k : l.split(":")[0] === k));
    if (hit === undefined) return null;
    out.push(hit);
  }
  return out;
}

/** Lines of "name  number alias…": /etc/services, protocols, networks. */
function* words(
  t: Tool,
  path: string,
  keys: readonly string[],
  matches: (f: readonly string[], key: string) => boolean,
): Call<string[] | null> {
  const all = (yield* rows(t, path)).map((l) => l.replace(/#.*/, "").trim().split(/\s+/)).filter((f) => f.length >= 2);
  const show = (f: readonly string[]): string => `${f[0]!.padEnd(21)} ${f.slice(1).join(" ")}`;
  if (keys.length === 0) return all.map(show);
  const out: string[] = [];
  for (const k of keys) {
    const hit = all.find((f) => matches(f, k));
    if (hit === undefined) return null;
    out.push(show(hit));
  }
  return out;
}

const named = (f: readonly string[], key: string): boolean => f[0] === key || f.slice(2).includes(key);

function* hosts(t: Tool, keys: readonly string[]): Call<string[] | null> {
  const all = yield* readHosts(t.sys);
  const show = (addr: Uint8Array, names: readonly string[]): string => `${fmtAddr(addr).padEnd(15)} ${names.join(" ")}`;
  if (keys.length === 0) return all.map((e) => show(e.addr, e.names));
  const out: string[] = [];
  for (const k of keys) {
    const literal = parseIp4(k) !== null || parseIp6(k) !== null;
    // an IPv6 address comes first, where there is one
    const hits = all.filter((e) => (literal ? fmtAddr(e.addr) === k : e.names.some((n) => n.toLowerCase() === k.toLowerCase())));
    const six = hits.filter((e) => e.addr.length === 16);
    const found = six.length > 0 ? six : hits;
    if (found.length === 0) return null;
    for (const e of found) out.push(show(e.addr, e.names));
  }
  return out;
}

function* answer(t: Tool, database: string, keys: readonly string[]): Call<string[] | null | undefined> {
  switch (database) {
    case "passwd":
    case "group":
      return yield* colon(t, `/etc/${database}`, keys);
    case "hosts":
      return yield* hosts(t, keys);
    case "services":
      return yield* words(t, "/etc/services", keys, (f, k) => {
        const [name, proto] = k.split("/");
        const [port, p] = f[1]!.split("/");
        return (proto === undefined || proto === p) && (/^[0-9]+$/.test(name!) ? port === name : named(f, name!));
      });
    case "protocols":
      return yield* words(t, "/etc/protocols", keys, (f, k) => (/^[0-9]+$/.test(k) ? f[1] === k : named(f, k)));
    case "networks":
      return yield* words(t, "/etc/networks", keys, named);
    default:
      return undefined;
  }
}

const REAL = ["ahosts", "ahostsv4", "ahostsv6", "aliases", "ethers", "gshadow", "initgroups", "netgroup", "rpc", "shadow"];

const getent = gnuCommand({
  name: "getent",
  pkg: "libc-bin 2.36-9+deb12u10",
  version: "getent (Debian GLIBC 2.36-9+deb12u10) 2.36",
  usage: ["[OPTION...] database [key ...]"],
  summary: "get entries from administrative databases",
  description: ["Databases: passwd, group, hosts, services, protocols, networks. Exit status 2: a key was not found."],
  options: [
    { names: ["-i", "--no-idn"], help: "no encoding of foreign names; there is none" },
    { names: ["-s", "--service"], arg: "CONFIG", help: "another service", notModelled: true },
    { names: ["--usage"], help: "a short usage", notModelled: true },
  ],
  complete: function* (_sys, argv) {
    return argv.length > 2
      ? []
      : ["group", "hosts", "networks", "passwd", "protocols", "services"].filter((d) => d.startsWith(argv[1] ?? ""));
  },
  usageStatus: 64,
  *main(t, _options, operands) {
    const [database, ...keys] = operands;
    const hint = "Try `getent --help' or `getent --usage' for more information.\n";
    if (database === undefined) {
      yield* t.warn("wrong number of arguments");
      yield* t.out.print(hint);
      return 1;
    }
    if (REAL.includes(database)) return yield* t.notSimulated(`database ${database}`);
    const list = yield* answer(t, database, keys);
    if (list === undefined) {
      yield* err(t.sys, `Unknown database: ${database}\n`);
      yield* t.out.print(hint);
      return 1;
    }
    if (list === null) return 2;
    for (const l of list) yield* t.out.print(`${l}\n`);
    return 0;
  },
});

export const getentCommands = [getent];

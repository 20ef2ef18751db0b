/**
 * The routing tables as `route` and `netstat -r` of net-tools 2.10 print them (inet_gr.c, inet6_gr.c), from the kernel's main
 * table. Reference counts of IPv6 routes are not kept here: every route shows 1.
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import { type RouteRow, RtTable, RtType } from "../../net/rtnl/messages.ts";
import { maskOf } from "../../wire/addr.ts";
import { type Out, readText } from "./io.ts";
import { readNetworks } from "./net-tools.ts";
import { addr4, bytes4, fmtAddr, type HostsEntry, nameOf, readHosts } from "./resolve.ts";
import { listLinks } from "./rtnl.ts";

/** 1: metric, references and use; 2: MSS, window and irtt; 3: both */
export type RouteForm = 1 | 2 | 3;

const HEADS: Readonly<Record<RouteForm, string>> = {
  1: "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
  2: "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n",
  3: "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n",
};

/** rprint_fib for IPv4. The exit status: 1 when there is no table yet. */
export function* printRoutes(sys: Sys, out: Out, form: RouteForm, numeric: boolean): Call<number> {
  yield* out.print(`Kernel IP routing table\n${HEADS[form]}`);
  const r = yield* sys.rtnetlink({ type: "RTM_GETROUTE", dump: true, family: 2, table: RtTable.MAIN });
  // without a table /proc/net/route is empty
  if (!r.ok || (yield* readText(sys, "/proc/net/route")) === "") return 1;
  const dev = new Map((yield* listLinks(sys)).map((l) => [l.ifindex, l.name]));
  const hosts = numeric ? [] : yield* readHosts(sys);
  const nets = numeric ? new Map<number, string>() : yield* readNetworks(sys);
  for (const row of r.routes ?? []) {
    // fib_route_seq_show leaves these out
    if (row.type === RtType.BROADCAST || row.type === RtType.MULTICAST) continue;
    yield* out.print(line(row, form, numeric, dev, hosts, nets));
  }
  return 0;
}

function line(
  r: RouteRow,
  form: RouteForm,
  numeric: boolean,
  dev: ReadonlyMap<number, string>,
  hosts: readonly HostsEntry[],
  nets: ReadonlyMap<number, string>,
): string {
  const nh = r.nexthops[0];
  const reject = r.type === RtType.UNREACHABLE || r.type === RtType.PROHIBIT;
  const gw = nh?.gateway ?? null;
  const dst = addr4(r.dst.length === 4 ? r.dst : new Uint8Array(4));
  const name = numeric ? null : r.dstLen === 32 ? nameOf(hosts, r.dst) : dst === 0 ? "default" : (nets.get(dst) ?? null);
  const gateway = gw === null ? "0.0.0.0" : ((numeric ? null : nameOf(hosts, gw)) ?? fmtAddr(gw));
  const flags = `${reject ? "!" : "U"}${gw !== null ? "G" : ""}${r.dstLen === 32 ? "H" : ""}`;
  const left = [name ?? fmtAddr(bytes4(dst)), reject ? "-" : gateway, fmtAddr(bytes4(maskOf(r.dstLen)))]
    .map((s) => s.slice(0, 15).padEnd(15))
    .join(" ");
  const iface = reject ? "-" : nh === undefined ? "*" : (dev.get(nh.ifindex) ?? "*");
  const m = r.metrics ?? {};
  const mss = reject ? "-" : String(m["advmss"] === undefined ? 0 : m["advmss"] + 40);
  const window = reject ? "-" : String(m["window"] ?? 0);
  const irtt = reject ? "-" : String((m["rtt"] ?? 0) >>> 3);
  const head = `${left} ${flags.padEnd(5)} `;
  if (form === 2) return `${head}${mss.padStart(5)} ${window.padEnd(5)}  ${irtt.padStart(5)} ${iface}\n`;
  const middle = `${head}${String(r.priority).padEnd(6)} ${(reject ? "-" : "0").padEnd(2)} ${"0".padStart(7)} `;
  if (form === 1) return `${middle}${iface}\n`;
  return `${middle}${iface.padEnd(8)} ${mss.padEnd(5)} ${window.padEnd(6)} ${irtt}\n`;
}

/** rprint_cache for IPv4: there is none since Linux 3.6. */
export function* printRouteCache(out: Out, form: RouteForm): Call<void> {
  yield* out.print(
    `Kernel IP routing cache\n${HEADS[form].replace("Destination     Gateway         Genmask        ", "Source          Destination     Gateway        ")}`,
  );
}

/** rprint_fib6: the tables main and local, and for each what ends a lookup where there is no default route. */
export function* printRoutes6(sys: Sys, out: Out, numeric: boolean): Call<void> {
  yield* out.print("Kernel IPv6 routing table\nDestination                    Next Hop                   Flag Met Ref  Use If\n");
  const links = yield* listLinks(sys);
  const dev = new Map(links.map((l) => [l.ifindex, l.name]));
  const r = yield* sys.rtnetlink({ type: "RTM_GETROUTE", dump: true, family: 10 });
  const all = r.ok ? (r.routes ?? []) : [];
  const main = all.filter((x) => x.table === RtTable.MAIN);
  const local = all.filter((x) => x.table === RtTable.LOCAL && x.type !== RtType.ANYCAST);
  for (const rows of [main, local]) {
    for (const row of rows) yield* out.print(line6(row, dev, numeric));
    if (!rows.some((row) => row.dstLen === 0)) yield* out.print(text6("::/0", "::", "!n", -1, "lo", numeric));
  }
}

function line6(r: RouteRow, dev: ReadonlyMap<number, string>, numeric: boolean): string {
  const nh = r.nexthops[0];
  const gw = nh?.gateway ?? null;
  const reject = r.type >= RtType.BLACKHOLE && r.type <= RtType.PROHIBIT;
  const local = r.type === RtType.LOCAL;
  const flags = `${reject ? "!" : "U"}${gw !== null ? "G" : ""}${r.dstLen === 128 && !local ? "H" : ""}${local || reject ? "n" : ""}`;
  const dst = `${r.dst.length === 0 ? "::" : fmtAddr(r.dst)}/${r.dstLen}`;
  return text6(dst, gw === null ? "::" : fmtAddr(gw), flags, r.priority, nh === undefined ? "lo" : (dev.get(nh.ifindex) ?? "*"), numeric);
}

function text6(dst: string, gw: string, flags: string, metric: number, iface: string, numeric: boolean): string {
  // without -n the unspecified address is resolved, and comes back in brackets
  const show = (s: string): string => (numeric ? s : s.replace(/^::(?=$|\/)/, "[::]"));
  return `${show(dst).padEnd(30)} ${show(gw).padEnd(26)} ${flags.padEnd(4)} ${String(metric).padEnd(3)} 1${"0".padStart(7)} ${iface}\n`;
}

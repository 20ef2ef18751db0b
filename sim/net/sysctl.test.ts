import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Errno } from "../core/result.ts";
import { addNs, makeNet, ROOT, run, wire } from "../testing/net.ts";
import type { NetNs } from "./netns.ts";
import { in4, SYSCTL_NOT_SIMULATED, sysctlList, sysctlMode, sysctlRead, sysctlSimulated, sysctlWrite } from "./sysctl.ts";

function world(): { ns: NetNs } {
  const rig = makeNet();
  const ns = addNs(rig, "a");
  wire(ns, "v0", ns, "v1");
  run(rig);
  return { ns };
}
const w = (ns: NetNs, path: string, text: string): number => sysctlWrite(ns, path, text, ROOT);
const r = (ns: NetNs, path: string): string => {
  const t = sysctlRead(ns, path);
  return typeof t === "number" ? `errno ${-t}` : t.trimEnd();
};

describe("sysctl values", () => {
  // recorded from Linux 6.18: what is written, whether it is taken, what is read then
  const cases: readonly [path: string, text: string, result: number, after: string][] = [
    ["ipv4/ip_forward", "5", 0, "5"],
    ["ipv4/ip_forward", "-1", 0, "-1"],
    ["ipv4/ip_forward", "1 2", 0, "1"],
    ["ipv4/ip_forward", " 1 ", 0, "1"],
    ["ipv4/ip_forward", "0x1", 0, "1"],
    ["ipv4/ip_forward", "1abc", -Errno.EINVAL, "0"],
    ["ipv4/ip_forward", "", 0, "0"],
    ["ipv4/ip_forward", "99999999999", -Errno.EINVAL, "0"],
    ["ipv4/conf/all/rp_filter", "9", 0, "9"],
    ["ipv4/ip_default_ttl", "0", -Errno.EINVAL, "64"],
    ["ipv4/ip_default_ttl", "256", -Errno.EINVAL, "64"],
    ["ipv4/ip_default_ttl", "255", 0, "255"],
    ["ipv4/icmp_ratelimit", "-1", -Errno.EINVAL, "1000"],
    ["ipv4/icmp_ratelimit", "500", 0, "500"],
    ["ipv4/icmp_ratemask", "-1", 0, "-1"],
    ["ipv4/icmp_echo_ignore_all", "2", -Errno.EINVAL, "0"],
    ["ipv4/ip_local_port_range", "1 2", -Errno.EINVAL, "32768\t60999"],
    ["ipv4/ip_local_port_range", "1000", -Errno.EINVAL, "32768\t60999"],
    ["ipv4/ip_local_port_range", "32768 70000", -Errno.EINVAL, "32768\t60999"],
    ["ipv4/ip_local_port_range", "2000 3000", 0, "2000\t3000"],
    ["ipv4/ping_group_range", "0 2147483647", 0, "0\t2147483647"],
    ["ipv4/ping_group_range", "5 0", 0, "1\t0"],
    ["ipv4/ping_group_range", "0", 0, "0\t0"],
    ["ipv4/ping_group_range", "0 4294967295", -Errno.EINVAL, "1\t0"],
    ["ipv4/neigh/v0/base_reachable_time_ms", "-1", -Errno.EINVAL, "30000"],
    ["ipv4/neigh/v0/retrans_time_ms", "5", 0, "8"],
    ["ipv4/neigh/v0/mcast_solicit", "-1", -Errno.EINVAL, "3"],
    ["ipv4/route/min_pmtu", "10", -Errno.EINVAL, "552"],
    ["ipv6/conf/v0/hop_limit", "300", -Errno.EINVAL, "64"],
    ["ipv6/conf/v0/mtu", "100", -Errno.EINVAL, "1500"],
    ["ipv6/conf/v0/mtu", "1400", 0, "1400"],
    ["ipv6/conf/v0/mtu", "2000", -Errno.EINVAL, "1500"],
    ["ipv6/icmp/ratelimit", "5", 0, "8"],
    ["core/rmem_default", "100", -Errno.EACCES, "212992"],
    ["ipv4/nosuch", "1", -Errno.ENOENT, "errno 2"],
    ["ipv4/conf/nope/rp_filter", "1", -Errno.ENOENT, "errno 2"],
    ["ipv4/conf/v0/nosuch", "1", -Errno.ENOENT, "errno 2"],
  ];
  it.each(cases)("%s <- %j", (path, text, result, after) => {
    const { ns } = world();
    expect([w(ns, path, text), r(ns, path)]).toEqual([result, after]);
  });

  it("refuses another value for what has no effect here, and takes the one it has", () => {
    const { ns } = world();
    expect(r(ns, "ipv4/tcp_ecn")).toBe("2");
    expect([w(ns, "ipv4/tcp_ecn", "2\n"), w(ns, "ipv4/tcp_ecn", "0")]).toEqual([0, SYSCTL_NOT_SIMULATED]);
    expect([w(ns, "ipv4/conf/v0/bootp_relay", "0"), w(ns, "ipv4/conf/v0/bootp_relay", "1")]).toEqual([0, SYSCTL_NOT_SIMULATED]);
  });

  it("is for those with CAP_NET_ADMIN", () => {
    const { ns } = world();
    expect(sysctlWrite(ns, "ipv4/ip_forward", "1", { netAdmin: false })).toBe(-Errno.EACCES);
    expect([sysctlMode(ns, "ipv4/ip_forward"), sysctlMode(ns, "core/rmem_default"), sysctlMode(ns, "ipv4/x")]).toEqual([
      0o644,
      0o444,
      -Errno.ENOENT,
    ]);
  });
});

describe("sysctl effects", () => {
  it("ip_forward is conf/all/forwarding and sets every device's; a router accepts no redirects", () => {
    const { ns } = world();
    w(ns, "ipv4/ip_forward", "1");
    const all = ["all", "default", "lo", "v0"].map((d) => r(ns, `ipv4/conf/${d}/forwarding`));
    expect([...all, r(ns, "ipv4/conf/all/accept_redirects"), r(ns, "ipv4/conf/v0/accept_redirects")]).toEqual([
      "1",
      "1",
      "1",
      "1",
      "0",
      "1",
    ]);
    w(ns, "ipv4/conf/v0/forwarding", "0");
    expect([r(ns, "ipv4/ip_forward"), in4.forwarding(ns.devByName("v0")!), in4.forwarding(ns.devByName("v1")!)]).toEqual([
      "1",
      false,
      true,
    ]);
    w(ns, "ipv4/conf/all/forwarding", "0");
    expect([r(ns, "ipv4/ip_forward"), r(ns, "ipv4/conf/v1/forwarding"), r(ns, "ipv4/conf/all/accept_redirects")]).toEqual(["0", "0", "1"]);
  });

  it("default reaches new devices, and old ones until they were set themselves or had an address", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    wire(ns, "v0", ns, "v1");
    const seen = (): (string | number)[] => ["v0", "v1", "lo"].map((d) => r(ns, `ipv4/conf/${d}/rp_filter`));
    w(ns, "ipv4/conf/v0/rp_filter", "0");
    w(ns, "ipv4/conf/default/rp_filter", "1");
    expect(seen()).toEqual(["0", "1", "1"]);
    ns.devByName("v1")!.settingsFixed = true;
    w(ns, "ipv4/conf/default/rp_filter", "2");
    expect(seen()).toEqual(["0", "1", "2"]);
    w(ns, "ipv4/conf/default/forwarding", "1");
    expect(r(ns, "ipv4/conf/v1/forwarding")).toBe("0");
  });

  it("the old names of neighbour times are in seconds and hundredths", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    wire(ns, "v0", ns, "v1");
    w(ns, "ipv4/neigh/v0/base_reachable_time", "2");
    w(ns, "ipv4/neigh/v0/retrans_time", "20");
    expect(["base_reachable_time_ms", "base_reachable_time", "retrans_time_ms"].map((k) => r(ns, `ipv4/neigh/v0/${k}`))).toEqual([
      "2000",
      "2",
      "200",
    ]);
  });

  it("all is combined key by key", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    w(ns, "ipv4/conf/lo/proxy_arp", "0");
    w(ns, "ipv4/conf/default/proxy_arp", "1");
    w(ns, "ipv4/conf/all/rp_filter", "1");
    const [v0] = wire(ns, "v0", ns, "v1");
    expect([r(ns, "ipv4/conf/v0/proxy_arp"), r(ns, "ipv4/conf/lo/proxy_arp"), r(ns, "ipv4/conf/v0/rp_filter")]).toEqual(["1", "0", "0"]);
    expect([in4.rpFilter(v0), in4.proxyArp(v0), in4.proxyArp(ns.loopback)]).toEqual([1, true, false]);
    w(ns, "ipv4/conf/v0/rp_filter", "2");
    expect(in4.rpFilter(v0)).toBe(2);
  });

  it("disable_ipv6 of all reaches every device, and listeners hear of it once", () => {
    const { ns } = world();
    const heard: string[] = [];
    ns.net.sysctlListeners.push((_ns, what, scope, dev, old, value) =>
      heard.push(`${what} ${scope} ${dev ? dev.name : "-"} ${old}→${value}`),
    );
    w(ns, "ipv6/conf/all/disable_ipv6", "0");
    w(ns, "ipv6/conf/v0/disable_ipv6", "1");
    expect(["default", "lo", "v1", "v0"].map((d) => r(ns, `ipv6/conf/${d}/disable_ipv6`))).toEqual(["0", "0", "0", "1"]);
    expect(heard).toEqual(["ipv6/conf/disable_ipv6 all - 1→0", "ipv6/conf/disable_ipv6 dev v0 0→1"]);
  });

  it("lists every file it can read, sorted, with neigh/default only in a first namespace", () => {
    const rig = makeNet();
    for (const initial of [false, true]) {
      const ns = addNs(rig, "a", { initial });
      const list = sysctlList(ns);
      expect(list).toEqual([...list].sort((a, b) => (a < b ? -1 : 1)));
      expect(list.filter((p) => typeof sysctlRead(ns, p) === "number")).toEqual([
        "ipv4/route/flush",
        ...["all", "default", "lo"].map((d) => `ipv6/conf/${d}/stable_secret`), // not set
        "ipv6/route/flush",
      ]); // write-only
      expect(list.includes("ipv4/neigh/default/gc_thresh3")).toBe(initial);
      expect(new Set(list).size).toBe(list.length);
    }
  });
});

describe("what can be set", () => {
  /** the stack's own sources, without the files that define the settings; IPv6's apart */
  function sources(v6: boolean): string {
    const dir = new URL(".", import.meta.url).pathname;
    const files = readdirSync(dir, { recursive: true, encoding: "utf8" })
      .filter((f) => f.endsWith(".ts") && !f.endsWith(".test.ts") && !/(^|\/)sysctl[^/]*$/.test(f))
      .filter((f) => v6 === (f.startsWith("ip6/") || f.endsWith("6.ts")));
    return files.map((f) => readFileSync(join(dir, f), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")).join("\n");
  }

  /** the words by which the stack reads a file's value */
  function readers(path: string, conf: string): string[] {
    const key = path.startsWith("ipv6/icmp/") ? path.slice(5).replace("/", "_") : path.split("/").at(-1)!;
    if (path.startsWith("ipv6/conf/")) return [`conf6.${key}`];
    if (!path.startsWith("ipv4/conf/")) return [`.${key}`];
    const via = [...conf.matchAll(/^ {2}(\w+): \(d: NetDevice\)[^,]*(?:,[^\n]*)?$/gm)].filter((m) =>
      new RegExp(`"${key}"|conf4\\.${key}\\b`).test(m[0]),
    );
    return [`conf4.${key}`, ...via.map((m) => `in4.${m[1]!}`)];
  }

  it("is what the stack reads: nothing is taken that has no effect, nothing refused that would have one", () => {
    const { ns } = world();
    const [v4, v6] = [sources(false), sources(true)];
    const conf = readFileSync(new URL("sysctl-conf.ts", import.meta.url), "utf8");
    const elsewhere = new Set([
      "ipv4/ip_forward",
      "ipv4/ip_local_port_range",
      "ipv4/ping_group_range",
      "ipv4/route/flush",
      "ipv6/route/flush",
      "ipv6/conf/v0/stable_secret",
      "bridge/bridge-nf-call-iptables",
      "bridge/bridge-nf-call-ip6tables",
    ]); // read as forwarding, localPorts, pingGroups, secret, by conf["…"]
    const wrong = sysctlList(ns).filter((p) => {
      if (elsewhere.has(p) || /\/(all|default|lo|v1)\//.test(p) || /\/(unres_qlen|base_reachable_time|retrans_time)$/.test(p)) return false;
      // the neighbour code is one for both; other keys of the same name are told apart by whose file reads them
      const text = p.includes("/neigh/") || p.startsWith("core/") ? v4 : p.startsWith("ipv6/") ? v6 : v4;
      const read = readers(p, conf).some((w) => new RegExp(`${w.replace(".", "\\.")}\\b`).test(text));
      return read !== sysctlSimulated(ns, p);
    });
    expect(wrong).toEqual([]);
  });
});

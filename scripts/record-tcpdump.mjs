#!/usr/bin/env node
/**
 * Records what the real tcpdump prints for the frames of sim/wire/testdata/frames.ts, with many option combinations, into
 * sim/wire/testdata/tcpdump.json. Needs Linux, root (for unshare) and tcpdump 4.99.3; the tests that use the recording need neither.
 *
 *   node scripts/record-tcpdump.mjs [--print "-n -v"]      --print shows one combination instead of writing the file
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "sim/wire/testdata/tcpdump.json");

/** Options, and the link types they are recorded with; "cut" also records the frames that were cut short. */
const COMBINATIONS = [
  ["-n", ["en10mb", "sll2"], "cut"],
  ["-n -e", ["en10mb", "sll2"]],
  ["-n -v", ["en10mb"], "cut"],
  ["-n -vv", ["en10mb"]],
  ["-n -vvv -e", ["en10mb", "sll2"], "cut"],
  ["-n -q", ["en10mb"]],
  ["-n -q -e", ["en10mb", "sll2"]],
  ["-n -S", ["en10mb"]],
  ["-n -x", ["en10mb"], "cut"],
  ["", ["en10mb", "sll2"]],
  ["-e", ["en10mb", "sll2"]],
  ["-e -v", ["en10mb"]],
  ["-N", ["en10mb"]],
];
/** The dump formats, on the first frames only: they do not depend on the protocol. */
const DUMPS = ["-n -X", "-n -XX", "-n -xx", "-n -A", "-n -AA", "-n -X -v"];

/** Filters that are recorded with the frames they let pass, or with the error they make. */
const FILTERS = `
arp|rarp|ip|ip6|icmp|icmp6|tcp|udp|igmp|sctp|esp|ah|pim|vrrp|stp|not arp|! ip|icmp or arp|icmp and not host 10.0.0.2|ip and not (icmp or udp)
host 10.0.0.1|src host 10.0.0.1|dst host 10.0.0.2|src 10.0.0.2|dst 192.0.2.77|host 10.0.0.1 and 10.0.0.2|host 10.0.0.3 or 10.0.0.2|src or dst host 10.0.0.2
src and dst host 10.0.0.1|host 10.0.0.1 or arp|arp host 10.0.0.2|ip host 10.0.0.2|arp and host 10.0.0.2|host web2|host web1|host web1-six|ip6 host web1-six|src host web2-ll
net 10.0.0.0/24|net 10|net 10.0.0|src net 10.0.0.0/30|dst net 192.0.2.0/24|net 10.0.0.0 mask 255.255.255.0|net 224.0.0.0/4|ip net 10.0|src net 10.0.0.4/30 and icmp
net 2001:db8::/32|host 2001:db8::a|src host fe80::ff:fe00:a|dst host ff02::1|ip6 host ::|net fe80::/10|host 0x0a000001
port 53|port 80|port domain|port 4789|src port 40000|dst port 33434|tcp port 8000|udp port 8000|tcp src port 40000|portrange 50-90|udp portrange 33000-34000|tcp dst port 8000 and src host 10.0.0.1
port 53 or 80|port 8000 and not src 10.0.0.1|udp or tcp|tcp or udp port 33434|port 33434 and ip6|dst port ssh
proto 1|ip proto 1|ip proto 17|ip6 proto 58|ip proto \\icmp|proto \\udp|proto tcp|ip proto 253|ip6 proto 17|ether proto 0x0806|ether proto \\arp|ether proto \\ip6|ether proto 0x1234
ether host 02:00:00:00:00:0a|ether src 02:00:00:00:00:0b|ether dst ff:ff:ff:ff:ff:ff|ether broadcast|broadcast|multicast|ether multicast|ip multicast|ip6 multicast|ip broadcast|not broadcast and not multicast
ether host 02:00:00:00:00:0a and arp|ether[0] & 1 = 0|ether[6:4] = 0x02000000
vlan|vlan 10|vlan and icmp|vlan 10 and arp|vlan 10 and host 10.0.0.2|not vlan|icmp or vlan|vlan 100 and vlan 10
greater 1000|less 60|greater 98 and icmp|len > 100|len = 42|len - 14 > 80|len <= 42 and arp
icmp[icmptype] = icmp-echo|icmp[icmptype] == icmp-echoreply|icmp[icmptype] != icmp-echo|icmp[0] = 3 and icmp[1] = 1|icmp[icmptype] == icmp-unreach and icmp[icmpcode] == 3|icmp[icmptype] = icmp-timxceed|icmp[4:2] = 77
ip[8] < 5|ip[8] = 64|ip[1] & 0xfc != 0|ip[6] & 0x20 != 0|ip[6:2] & 0x1fff != 0|ip[0] & 0xf > 5|ip[2:2] > 100 - 5 * 2|ip[ip[0] & 15] = 1|ip[0] & 0xf != 5|0 - ip[8] > 5|ip[8] << 1 = 128|ip[8] / 2 = 32|ip[8] % 10 = 4
tcp[tcpflags] & tcp-syn != 0|tcp[tcpflags] == tcp-syn|tcp[13] = 2|tcp[tcpflags] & (tcp-syn|tcp-fin) != 0|tcp[tcpflags] & (tcp-rst) != 0|tcp[12] & 0xf0 > 0x50|udp[4:2] > 20|udp[8:4] & 0x08000000 != 0|icmp6[0] = 135|icmp6[icmp6type] = icmp6-neighboradvert|ip6[6] = 0|ip6[7] = 255|arp[6:2] = 2|arp[7] = 1
tcp[0:2] = 40000 or arp|(arp or icmp) and host 10.0.0.2|(tcp[0:2] = 8000)|not (host 10.0.0.1 or 10.0.0.2)|not host 10.0.0.1 and ip|1 = 1|1 = 2 or arp|tcp port 80 and (host 1.2.3.4 or 5.6.7.8)|src 10.0.0.1 and dst 10.0.0.2 and icmp
hosst 1.2.3.4|host|port abc|net 10.0.0.0/33|host 300.1.1.1|host 10.0.0.1/24|host 10.0.0.0/24|net 10.0.0.1/24|net 10.0.0.1 mask 255.255.255.0|port 70000|icmp[icmptype|icmp[0] =|(icmp|icmp)|icmp or|and icmp|not|1.2.3.4|icmp 1.2.3.4
host foo.bar|ether host 1.2.3.4|ether host aa:bb|ether proto foo|proto foo|ip proto icmp|src icmp|vlan 5000|less abc|tcp[300]|tcp[20000000000] = 1|foo|ip host fe80::1|ip6 host 10.0.0.1|arp port 5|icmp port 5|ip[0:3] = 1|net fe80::1/10
net 10.0.0.0/abc|inbound|gateway foo|dst host|tcp and and udp|icmp[icmptype]=icmp-foo|10.0.0.1 and ether src 02:00:00:00:00:0a|ether 1|ifname eth0|port 5.5|ip[1:2]/0 = 1|icmp[icmptype]|greater|ether|host web2 web1|ip proto 300|src port 5 6
icmp and arp|tcp and udp|port 80 and icmp|icmp[icmpcode] == 3 and icmp6|ip and ip6|src host 10.0.0.1 and src host 10.0.0.2|arp and port 5|icmp and ip6|portrange 90-50|portrange 5|portrange ssh-http|host fe80::1/10|host 10.0.0|ip host web1-six|net web2
`
  .trim()
  .replaceAll("(tcp-syn|tcp-fin)", "(tcp-syn\0tcp-fin)")
  .split(/[|\n]/)
  .map((f) => f.replace("\0", "|"));

export const HOSTS =
  "127.0.0.1\tlocalhost\n10.0.0.1\tweb1.lab.test web1\n10.0.0.2\tweb2\n2001:db8::a\tweb1-six\nfe80::ff:fe00:b\tweb2-ll\n";

const only = process.argv.indexOf("--print") >= 0 ? process.argv[process.argv.indexOf("--print") + 1] : null;
const server = await createServer({
  root,
  configFile: false,
  logLevel: "error",
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
});
const { testFrames, asSll2 } = await server.ssrLoadModule("/sim/wire/testdata/frames.ts");
const { pcapFileHeader, pcapRecord } = await server.ssrLoadModule("/sim/wire/pcap.ts");
await server.close();

const dir = mkdtempSync(join(tmpdir(), "record-tcpdump-"));
chmodSync(dir, 0o755);
try {
  const frames = testFrames();
  const sets = { en10mb: frames, sll2: frames.slice(0, frames.length).map(asSll2) };
  const count = { en10mb: frames.length, sll2: frames.length };
  for (const [name, list] of Object.entries(sets)) {
    const parts = [pcapFileHeader(name === "sll2" ? 276 : 1)];
    list.forEach((f, i) => f && parts.push(pcapRecord(1_000_000 + i, 0, f.bytes, f.wireLen)));
    writeFileSync(join(dir, `${name}.pcap`), Buffer.concat(parts));
  }
  writeFileSync(join(dir, "hosts"), HOSTS);
  const run = (args, redirect, env = {}) => {
    const script = `mount --bind ${dir}/hosts /etc/hosts; mount --bind /dev/null /etc/resolv.conf; exec tcpdump ${args} ${redirect}`;
    return spawnSync("unshare", ["-n", "-m", "sh", "-c", script], {
      encoding: "latin1",
      maxBuffer: 1 << 28,
      env: { ...process.env, ...env },
    });
  };
  const record = (flags, link, limit) => {
    const text = run(
      `-tt ${flags} ${limit ? `-c ${sets[link].slice(0, limit).filter(Boolean).length}` : ""} -r ${dir}/${link}.pcap`,
      "2>/dev/null",
    ).stdout;
    const packets = Array.from({ length: limit || count[link] }, () => null);
    for (const piece of text.split(/^(?=10\d{5}\.000000 )/m)) {
      const at = Number(piece.slice(0, 7)) - 1_000_000;
      if (!(at >= 0 && at < packets.length)) throw new Error(`${flags} ${link}: cannot tell whose line this is: ${piece}`);
      packets[at] = piece.slice("1000000.000000 ".length).replace(/\n$/, "");
    }
    return packets;
  };
  if (only !== null) {
    record(only, process.argv.includes("sll2") ? "sll2" : "en10mb", 0).forEach((p, i) => console.log(`### ${frames[i].name}\n${p}`));
  } else {
    const runs = [];
    const whole = frames.findIndex((f) => f.wireLen !== f.bytes.length);
    for (const [flags, links, cut] of COMBINATIONS)
      for (const link of links) runs.push({ flags, link, packets: record(flags, link, cut ? 0 : whole) });
    for (const flags of DUMPS) runs.push({ flags, link: "en10mb", packets: record(flags, "en10mb", 30) });
    const filters = FILTERS.map((filter) => {
      const r = run(`-tt -n -r ${dir}/en10mb.pcap "$FILTER"`, "", { FILTER: filter });
      const error = r.stderr.split("\n").slice(1).join("\n").trim();
      if (r.status !== 0) return { filter, error };
      // only whole frames: where loads leave the frame, the result depends on how libpcap's optimiser ordered them
      return {
        filter,
        passes: [...r.stdout.matchAll(/^(10\d{5})\.000000 /gm)].map((m) => Number(m[1]) - 1_000_000).filter((i) => i < whole),
      };
    });
    const version = execFileSync("tcpdump", ["--version"], { encoding: "utf8" }).split("\n").slice(0, 2);
    const names = frames.map((f) => f.name);
    const list = (items) => `[\n${items.map((x) => JSON.stringify(x)).join(",\n")}\n]`;
    writeFileSync(
      out,
      `{"version":${JSON.stringify(version)},"hosts":${JSON.stringify(HOSTS)},"names":${JSON.stringify(names)},"filters":${list(filters)},"runs":${list(runs)}}\n`,
    );
    console.log(`${out}: ${frames.length} frames, ${runs.length} runs, ${filters.length} filters`);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

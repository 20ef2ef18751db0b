/**
 * Captures that the simulated tcpdump wrote, read by the real tcpdump and tshark: every packet is well-formed, every checksum
 * right. Skipped where neither is installed, unless HOP_PEERS=required.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { plainLab } from "../../sim/lab/plain.ts";
import { parseScript, runSteps } from "../../sim/lab/script.ts";

const has = (tool: string): boolean => spawnSync(tool, ["--version"]).status === 0;
const required = process.env.HOP_PEERS === "required";

/** Two hosts and a router: ARP, ping of several sizes, fragments, errors of every kind, traceroute, a TCP transfer, IPv6 from its first frame. */
const SCRIPT = `
for n in a r b; do ip netns add $n; ip -n $n link set lo up; done
ip link add e0 netns a type veth peer name ra netns r
ip link add e0 netns b type veth peer name rb netns r
ip -n a addr add 10.0.1.2/24 dev e0; ip -n b addr add 10.0.2.2/24 dev e0
ip -n r addr add 10.0.1.1/24 dev ra; ip -n r addr add 10.0.2.1/24 dev rb
ip netns exec r sysctl -w net.ipv4.ip_forward=1
ip -n a link set e0 up
ip netns exec a tcpdump -i e0 -w /tmp/a.pcap 2>/dev/null & A=$!
ip netns exec r tcpdump -i any -w /tmp/any.pcap 2>/dev/null & B=$!
ip -n r link set ra up; ip -n r link set rb up; ip -n b link set e0 up
ip -n a route add default via 10.0.1.1; ip -n b route add default via 10.0.2.1
sleep 3
ip netns exec a ping -c 2 -i 0.2 10.0.2.2
ip netns exec a ping -c 1 -s 0 10.0.2.2; ip netns exec a ping -c 1 -s 1 10.0.2.2
ip netns exec a ping -c 1 -s 4000 10.0.2.2
ip netns exec a ping -c 1 -t 1 -W 1 10.0.2.2
ip netns exec a ping -c 1 -W 1 10.0.9.9
ip netns exec a ping -c 1 -W 4 10.0.2.77
ip netns exec a traceroute -n -q 1 -w 1 10.0.2.2
ip netns exec a arping -c 1 -I e0 10.0.1.1
ip netns exec a ping -c 2 -i 0.2 -I e0 ff02::1
ip netns exec b nc -l 7000 </dev/null >/tmp/got &
sleep 0.1
head -c 60000 /dev/zero | ip netns exec a nc -N 10.0.2.2 7000
ip netns exec a nc -z 10.0.2.2 7001
kill $A $B; wait
`;

describe("captures are read by the real tools", () => {
  const dir = mkdtempSync(join(tmpdir(), "hop-peers-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const lw = plainLab(5);
  for (const r of runSteps(lw.world, parseScript(SCRIPT, ["lab"]), { pace: 0.1, limit: 60, user: "root" })) void r;
  const files = ["a", "any"].map((n) => {
    const data = lw.machine("lab").readFile(`/tmp/${n}.pcap`);
    if (!data) throw new Error(`no capture ${n}`);
    const file = join(dir, `${n}.pcap`);
    writeFileSync(file, data);
    return file;
  });

  it.skipIf(!required && !has("tcpdump"))("by tcpdump: every frame is decoded and no checksum is bad", () => {
    for (const file of files) {
      const r = spawnSync("tcpdump", ["-nn", "-vv", "-e", "-r", file], { encoding: "utf8" });
      expect(r.status).toBe(0);
      const lines = r.stdout.split("\n").filter((l) => /^\d\d:/.test(l));
      expect(lines.length).toBeGreaterThan(40);
      expect(r.stdout.match(/.*(?:bad|wrong|incorrect|invalid|\[\||truncated).*/gi) ?? []).toEqual([]);
      for (const what of [
        "ARP",
        "ICMP echo reply",
        "time exceeded",
        "unreachable",
        "ICMP6",
        "UDP",
        "Flags [S.]",
        "Flags [R.]",
        "Flags [F.]",
      ])
        expect(r.stdout).toContain(what);
    }
  });

  it.skipIf(!required && !has("tshark"))("by tshark: no malformed packet and no bad checksum", () => {
    const checks = ["ip.check_checksum", "udp.check_checksum", "tcp.check_checksum", "icmp.check_checksum"].flatMap((c) =>
      c === "icmp.check_checksum" ? [] : ["-o", `${c}:TRUE`],
    );
    for (const file of files) {
      const bad =
        "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0";
      // on a router's "any" every segment passes twice
      const again = file.endsWith("any.pcap") ? "" : " || tcp.analysis.retransmission || tcp.analysis.lost_segment";
      const r = spawnSync("tshark", ["-n", ...checks, "-r", file, "-Y", bad + again], { encoding: "utf8" });
      expect(r.status, r.stderr).toBe(0);
      expect(r.stdout).toBe("");
      const all = spawnSync("tshark", ["-n", "-r", file], { encoding: "utf8" });
      expect(all.stdout.split("\n").length).toBeGreaterThan(40);
    }
  });
});

import { describe, expect, it } from "vitest";
import { makeRig, type Rig } from "../../testing/rig.ts";
import { shellCommands } from "../../shell/index.ts";
import { catCommands } from "../coreutils/cat.ts";
import { headTailCommands } from "../coreutils/headtail.ts";
import { procCommands } from "../coreutils/proc.ts";
import { commands as ip } from "../ip/index.ts";
import { commands as ping } from "../ping/index.ts";
import { commands as timeout } from "../timeout/index.ts";
import { commands } from "./index.ts";

const PAIR = `
ip netns add a; ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name e0 netns b address 02:00:00:00:00:0b
ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0
ip -n a link set e0 up; ip -n b link set e0 up; ip -n a link set lo up
sleep 2
`;
const TIME = /^[0-9:]{8}\.[0-9]{6} /gm;

function rig(): Rig {
  return makeRig({
    commands: [...shellCommands, ...catCommands, ...headTailCommands, ...procCommands, ...ip, ...ping, ...timeout, ...commands],
    users: ["ann"],
  });
}
function run(script: string): { out: string; err: string; code: number } {
  const r = rig().run(PAIR + script);
  return { out: r.stdout.replace(TIME, ""), err: r.stderr, code: r.code };
}
/** tcpdump in the background for 3 s in namespace a, a ping from a to b in its second second, then what tcpdump wrote. */
function during(tcpdump: string, ping = "ping -q -c 1 10.0.0.2"): string {
  return run(
    `ip netns exec a timeout 3 ${tcpdump} >/tmp/out 2>/tmp/err & sleep 1; ip netns exec a ${ping} >/dev/null; wait $!; echo "code $?"; cat /tmp/out; echo --; cat /tmp/err`,
  ).out;
}

describe("a live capture", () => {
  it("prints both directions and the summary when it is told to end", () => {
    const id = "id [0-9]+";
    expect(during("tcpdump -n -i e0 icmp")).toMatch(
      new RegExp(
        `^code 124\nIP 10.0.0.1 > 10.0.0.2: ICMP echo request, ${id}, seq 1, length 64\nIP 10.0.0.2 > 10.0.0.1: ICMP echo reply, ${id}, seq 1, length 64\n\n--\n` +
          "tcpdump: verbose output suppressed, use -v\\[v\\]... for full protocol decode\nlistening on e0, link-type EN10MB \\(Ethernet\\), snapshot length 262144 bytes\n" +
          "2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n$",
      ),
    );
  });

  it("ends by itself after -c packets, with status 0 and no empty line", () => {
    const out = during("tcpdump -n -i e0 -c 1 arp");
    expect(out).toContain("code 0\nARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28\n--\n");
    expect(out).toContain("\n1 packet captured\n");
  });

  it("takes one direction with -Q", () => {
    const out = during("tcpdump -n -i e0 -Q in icmp");
    expect(out).not.toContain("echo request");
    expect(out).toContain("echo reply");
  });

  it("cooks the packets of any, with interface and direction", () => {
    const out = during("tcpdump -n -e -i any -c 2 icmp");
    expect(out).toMatch(
      /^e0 {4}Out ifindex [0-9]+ 02:00:00:00:00:0a ethertype IPv4 \(0x0800\), length 104: 10\.0\.0\.1 > 10\.0\.0\.2: ICMP echo request/m,
    );
    expect(out).toMatch(/^e0 {4}In {2}ifindex [0-9]+ 02:00:00:00:00:0b /m);
    expect(out).toContain("--\ntcpdump: data link type LINUX_SLL2\ntcpdump: verbose output suppressed");
  });

  it("shows a packet on loopback once", () => {
    const out = during("tcpdump -n -i lo icmp", "ping -q -c 1 127.0.0.1");
    expect(out.match(/echo request/g)).toHaveLength(1);
    expect(out).toContain("2 packets captured\n4 packets received by filter\n");
  });

  it("cuts packets at -s", () => {
    expect(during("tcpdump -n -i e0 -s 36 -c 1 icmp")).toContain("IP 10.0.0.1 > 10.0.0.2:  [|icmp]\n");
  });

  it("holds its lines back on a pipe, unless -l", () => {
    const lines = (flag: string): string =>
      run(
        `ip netns exec a timeout 5 tcpdump ${flag} -n -i e0 icmp >/tmp/out 2>/dev/null & sleep 1; ip netns exec a ping -q -c 1 10.0.0.2 >/dev/null; cat /tmp/out`,
      ).out;
    expect(lines("")).toBe("");
    expect(lines("-l")).toContain("ICMP echo reply");
  });

  it("ends when nobody reads any more", () => {
    const r = run("ip netns exec a tcpdump -l -n -i e0 icmp | head -1 & sleep 1; ip netns exec a ping -q -c 2 10.0.0.2 >/dev/null; wait");
    expect(r.err).toContain("tcpdump: Unable to write output: Broken pipe\n");
  });

  it("survives its interface going down, not its removal", () => {
    const down = run("ip netns exec a timeout 4 tcpdump -n -i e0 icmp & sleep 1; ip -n a link set e0 down; wait $!; echo code $?");
    expect(down.err).toContain("snapshot length 262144 bytes\n0 packets captured\n");
    expect(down.out).toBe("\ncode 124\n");
    const gone = run("ip netns exec a timeout 4 tcpdump -n -i e0 icmp & sleep 1; ip -n a link del e0; wait $!; echo code $?");
    expect(gone.err).toContain("tcpdump: pcap_loop: The interface disappeared\n0 packets captured\n");
    expect(gone.out).toBe("code 1\n");
    const later = run(
      "ip netns exec a timeout 6 tcpdump -n -i e0 icmp & sleep 1; ip -n a link set e0 down; sleep 1; ip -n a link del e0; wait $!; echo code $?",
    );
    expect(later.err).toContain("tcpdump: pcap_loop: The interface disappeared\n0 packets captured\n");
  });

  it("writes a file that it reads again, names instead of numbers without -n", () => {
    const r = run(
      "echo '10.0.0.1 web1' >> /etc/hosts; ip netns exec a timeout 3 tcpdump -U -i e0 -w /tmp/p >/dev/null 2>&1 & sleep 1; ip netns exec a ping -q -c 1 10.0.0.2 >/dev/null; wait; " +
        "tcpdump -e -r /tmp/p arp 2>/dev/null; tcpdump -r /tmp/p --count icmp; tcpdump -n -# -t -r /tmp/p 'icmp[icmptype] = icmp-echo' 2>/dev/null",
    );
    expect(r.out).toContain(
      "02:00:00:00:00:0a (oui Unknown) > Broadcast, ethertype ARP (0x0806), length 42: Request who-has 10.0.0.2 tell web1, length 28\n",
    );
    expect(r.out).toContain("2 packets\n");
    expect(r.out).toContain("    1  IP 10.0.0.1 > 10.0.0.2: ICMP echo request");
    expect(r.err).toContain("reading from file /tmp/p, link-type EN10MB (Ethernet), snapshot length 262144\n");
  });
});

describe("mistakes", () => {
  const fails = (script: string): string => {
    const r = run(`${script}; echo $?`);
    return `${r.err}${r.out}`;
  };
  it("are told in tcpdump's words", () => {
    expect(fails("tcpdump -i nope")).toBe("tcpdump: nope: No such device exists\n(No such device exists)\n1\n");
    expect(fails("tcpdump -i lo")).toBe("tcpdump: lo: That device is not up\n1\n");
    expect(fails("tcpdump -c abc -i lo")).toBe("tcpdump: invalid packet count abc\n1\n");
    expect(fails("tcpdump -Q foo")).toBe("tcpdump: unknown capture direction `foo'\n1\n");
    expect(fails("tcpdump -i 99")).toBe("tcpdump: Invalid adapter index\n1\n");
    expect(fails("tcpdump -r /nosuch")).toBe("tcpdump: /nosuch: No such file or directory\n1\n");
    expect(fails("tcpdump -r /tmp")).toBe("tcpdump: error reading dump file: Is a directory\n1\n");
    expect(fails("echo garbage >/tmp/bad; tcpdump -r /tmp/bad")).toBe("tcpdump: unknown file format\n1\n");
    expect(fails("ip -n a link set lo up; ip netns exec a tcpdump -i lo -w /no/x")).toBe("tcpdump: /no/x: No such file or directory\n1\n");
    expect(fails("ip netns exec a tcpdump -i e0 hosst 1.2.3.4")).toBe("tcpdump: can't parse filter expression: syntax error\n1\n");
  });
  it("of what is not modelled are told as such", () => {
    expect(fails("tcpdump -B 100 -i lo")).toBe("hop: tcpdump: option -B is not simulated\n64\n");
    expect(fails("ip netns exec a tcpdump -i e0 mpls")).toBe("hop: tcpdump: filter keyword 'mpls' is not simulated\n64\n");
  });
  it("of users other than root come before anything else", () => {
    const r = rig().run(["tcpdump", "-i", "nope"], { user: "ann" });
    expect(r.stderr).toBe(
      "tcpdump: nope: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
    );
    expect(r.code).toBe(1);
  });
});

describe("time stamps", () => {
  it("follow the number of -t", () => {
    const r = run(
      "ip netns exec a timeout 4 tcpdump -U -i e0 -w /tmp/p icmp >/dev/null 2>&1 & sleep 1; ip netns exec a ping -q -c 2 10.0.0.2 >/dev/null; wait; for t in t tt ttt tttt ttttt; do tcpdump -n -$t -r /tmp/p 2>/dev/null; done",
    );
    const lines = r.out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^IP /);
    expect(lines[4]).toMatch(/^[0-9]+\.[0-9]{6} IP /);
    expect(lines[8]).toMatch(/^ 00:00:00\.000000 IP /);
    expect(lines[10]).toMatch(/^ 00:00:0[01]\.[0-9]{6} IP /);
    expect(lines[12]).toMatch(/^2026-01-01 [0-9:]{8}\.[0-9]{6} IP /);
    expect(lines[19]).toMatch(/^ 00:00:01\.[0-9]{6} IP /);
  });
});

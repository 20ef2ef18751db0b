/** socat on the simulated machine: what it says and relays, as socat 1.7.4.4 of Debian 12 did, and a tunnel that carries pings. */
import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { makeRig } from "../../testing/rig.ts";
import { commands } from "../registry.ts";

/** Standard error without the dates and process numbers. */
function words(stderr: string): string {
  return stderr.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(\.\d+)? (\w+)\[\d+\]/gm, "$2[N]");
}

function run(script: string, stdin = ""): { stdout: string; stderr: string; code: number } {
  const r = makeRig({ commands: [...shellCommands, ...commands] }).run(script, { stdin });
  return { stdout: r.stdout, stderr: words(r.stderr), code: r.code };
}

describe("what socat complains about", () => {
  it.each([
    ["socat", `exactly 2 addresses required (there are 0); use option "-h" for help`],
    ["socat - - -", `exactly 2 addresses required (there are 3); use option "-h" for help`],
    ["socat a b", 'unknown device/address "a"'],
    ["socat -Z - -", 'unknown option "-Z"; use option "-h" for help'],
    ["socat UDP:1.2.3.4 -", "UDP: wrong number of parameters (1 instead of 2)"],
    ["socat - UDP-LISTEN", "UDP-LISTEN: wrong number of parameters (0 instead of 1)"],
    ["socat - STDIO:3", "STDIO: wrong number of parameters (1 instead of 0)"],
    ["socat TUN:10.1.1.1/24:foo,tun-name=q PIPE", "TUN: wrong number of parameters (2 instead of 0 or 1)"],
    ["socat TUN:10.1.1.1,tun-name=q PIPE", 'xioparsenetwork_ip4("10.1.1.1",,): missing netmask delimiter'],
    ["socat TUN:10.1.1.1/33,tun-name=q PIPE", 'netmask "10.1.1.1/33" is too large'],
    ["socat - UDP-LISTEN:0x", 'parseport("0x", 17): extra trailing data "x"'],
    ["socat - UDP-LISTEN:foo", 'cannot resolve service "foo/17"'],
    ["socat STDIO,foo=1 -", 'parseopts_table(): unknown option "foo"'],
    ["socat UDP:1.2.3.4:5,creat -", 'parseopts_table(): option "creat" not supported with this address type'],
    ["socat UDP:1.2.3.4:5,ttl=x -", 'parseopts(): missing numerical value of option "ttl=x"'],
    ["socat TUN,tun-name -", 'option "tun-name": value required'],
    ["socat TUN,tun-type=foo -", 'unknown tun-type "foo"'],
    ["socat OPEN:/nonexist -", 'open("/nonexist", 02, 0666): No such file or directory'],
    ["socat FD:x -", 'error in FD number "x"'],
    ["socat -T x - PIPE", 'parseopts(): missing numerical value of option "-T"'],
    ["ip link set lo up; socat UDP4-LISTEN:5000,bind=9.9.9.9 -", "bind(5, {AF=2 9.9.9.9:5000}, 16): Cannot assign requested address"],
    ["socat - UDP4-SENDTO:10.1.1.1:5 <<<x", "sendto(5, 0x55ce891b1000, 2, 0, AF=2 10.1.1.1:5, 16): Network is unreachable"],
    ["socat - UDP:10.1.1.1:5", "connect(5, AF=2 10.1.1.1:5, 16): Network is unreachable"],
    ["ip tuntap add x mode tap; socat TUN,tun-name=x,iff-no-pi PIPE", 'ioctl(5, TUNSETIFF, {"x"}: Invalid argument'],
  ])("%s", (script, text) => {
    expect(run(script)).toEqual({ stdout: "", stderr: `socat[N] E ${text}\n`, code: 1 });
  });

  it.each(["socat - TCP:127.0.0.1:80", "socat - UNIX:/tmp/x", "socat - EXEC:cat,pty", "socat -D - -"])("refuses loudly: %s", (script) => {
    const r = run(script);
    expect(r.stderr).toMatch(/^hop: socat: .* is not simulated\n$/);
    expect(r.code).toBe(64);
  });
});

describe("relaying", () => {
  it("brings back what goes into a pipe", () => {
    expect(run("socat - PIPE", "hello\n")).toEqual({ stdout: "hello\n", stderr: "", code: 0 });
    expect(run("socat - PIPE:/tmp/fifo; ls /tmp/fifo", "hey\n").stdout).toBe("hey\n");
  });
  it("reads and writes files and descriptors", () => {
    expect(run("socat -u - CREATE:/tmp/a; socat - GOPEN:/tmp/a,append <<<two; cat /tmp/a", "one\n").stdout).toBe("one\ntwo\n");
    expect(run("socat -u FD:0 FD:1", "x\n").stdout).toBe("x\n");
    expect(run("socat /etc/hostname -").stdout).toBe("lab\n");
  });
  it("runs programs", () => {
    expect(run("socat - EXEC:'tr a-z A-Z'", "abc\n").stdout).toBe("ABC\n");
    expect(run("socat - SYSTEM:'echo hi; exit 3'")).toEqual({
      stdout: "hi\n",
      stderr: expect.stringMatching(/^socat\[N\] E waitpid\(\): child \d+ exited with status 3\n$/) as string,
      code: 1,
    });
    const missing = run("socat - EXEC:nonexistprog");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('E execvp("nonexistprog", "nonexistprog"): No such file or directory\n');
  });
  it("shows what passes with -v and -x", () => {
    const script = "socat -v -u - OPEN:/dev/null 2>&1 | sed 's/^> [^ ]* [^ ]*/>/'";
    expect(run(script, 'a\tb\r\n\x01\\z"').stdout).toBe('>  length=9 from=0 to=8\na\tb\\r\n.\\\\z"');
    expect(run("socat -x -v -u - OPEN:/dev/null 2>&1 | tail -n +2", "a\tb\r\n0123456789abcdefghij").stdout).toBe(
      " 61 09 62 0d 0a                                   a.b..\n 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n 67 68 69 6a                                      ghij\n--\n",
    );
  });
  it("tells with -d -d what it does", () => {
    expect(run("socat -d -d -u - -", "h\n").stderr).toBe(
      "socat[N] N using stdin for reading\nsocat[N] N using stdout for writing\nsocat[N] N starting data transfer loop with FDs [0,0] and [1,1]\nsocat[N] N socket 1 (fd 0) is at EOF\nsocat[N] N exiting with status 0\n",
    );
  });
  it("ends after -T seconds of silence, and by a signal", () => {
    expect(run("ip link set lo up; socat -d -d -T 0.5 PIPE UDP:127.0.0.1:5").stderr).toContain("N inactivity timeout triggered\n");
    expect(run("timeout 1 socat -d UDP-LISTEN:5000 -; echo $?")).toEqual({
      stdout: "124\n",
      stderr: "socat[N] W exiting on signal 15\n",
      code: 0,
    });
  });
});

describe("UDP", () => {
  const lo = "ip link set lo up;";
  it("listens, and answers whoever came first", () => {
    const r = run(`${lo} timeout 2 socat UDP-LISTEN:5000 EXEC:'tr a-z A-Z' & sleep 0.1; echo hi | socat -t 1 - UDP:127.0.0.1:5000; wait`);
    expect(r).toEqual({ stdout: "", stderr: "", code: 0 });
    expect(run(`${lo} timeout 2 socat UDP-LISTEN:5000 PIPE & sleep 0.1; echo hi | socat - UDP:127.0.0.1:5000; wait`).stdout).toBe("hi\n");
  });
  it("serves one client after another with fork", () => {
    const clients = "for w in one two; do echo $w | socat -t 0.2 - UDP4:127.0.0.1:5000; done; wait";
    expect(run(`${lo} timeout 2 socat UDP4-LISTEN:5000,fork PIPE & sleep 0.1; ${clients}`).stdout).toBe("one\ntwo\n");
    expect(run(`${lo} timeout 2 socat UDP4-RECVFROM:5000,fork PIPE & sleep 0.1; ${clients}`).stdout).toBe("one\ntwo\n");
  });
  it("answers one datagram with RECVFROM, and takes all with RECV", () => {
    expect(
      run(`${lo} socat UDP4-RECVFROM:5000 EXEC:'tr a-z A-Z' & sleep 0.1; echo hi | socat - UDP4-DATAGRAM:127.0.0.1:5000; wait`).stdout,
    ).toBe("HI\n");
    const send = "echo a | socat -u - UDP4-SENDTO:127.0.0.1:5000; echo b | socat -u - UDP4-SENDTO:127.0.0.1:5000; wait";
    expect(run(`${lo} timeout 1 socat -u UDP4-RECV:5000 - & sleep 0.1; ${send}`).stdout).toBe("a\nb\n");
  });
  it("hears that nobody listens", () => {
    const r = run(`${lo} echo hi | socat -t 0.2 - UDP:127.0.0.1:9999`);
    expect(r).toEqual({ stdout: "", stderr: "socat[N] E read(5, 0x55ce891b1000, 8192): Connection refused\n", code: 1 });
  });
});

describe("a tunnel of two socats", () => {
  const NET = `
ip netns add a; ip netns add b
ip link add v0 netns a type veth peer name v0 netns b
ip -n a addr add 192.0.2.1/24 dev v0; ip -n b addr add 192.0.2.2/24 dev v0
ip -n a link set v0 up; ip -n b link set v0 up; sleep 2
`;
  it.each(["tun", "tap"])("carries pings over UDP between %s devices", (type) => {
    const o = `tun-type=${type},iff-up,iff-no-pi`;
    const r = run(`${NET}
ip netns exec a timeout 9 socat UDP4-LISTEN:7000 TUN:10.9.0.1/24,tun-name=vpna,${o} &
sleep 0.2
ip netns exec b timeout 9 socat UDP4:192.0.2.1:7000 TUN:10.9.0.2/24,tun-name=vpnb,${o} &
sleep 1
ip netns exec b ping -c 3 -i 0.5 -W 1 10.9.0.1 | grep -v time= | sed "s/time 1.*/time/"
ip netns exec a ping -c 1 -s 1400 10.9.0.2 | tail -n 2 | head -n 1
ip -n a -br addr show vpna | tr -s ' ' | cut -d' ' -f2,3
ip netns exec a ip -d tuntap | sed 's/[0-9]*)/N)/'
wait; ip -n b link show vpnb`);
    expect(r.stdout).toBe(
      "PING 10.9.0.1 (10.9.0.1) 56(84) bytes of data.\n\n--- 10.9.0.1 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time\n" +
        `${r.stdout.split("\n")[4]!}\n` +
        "1 packets transmitted, 1 received, 0% packet loss, time 0ms\n" +
        `UNKNOWN 10.9.0.1/24\nvpna: ${type}\n\tAttached to processes:socat(N)\n`,
    );
    expect(r.stderr).toContain('Device "vpnb" does not exist.');
  });
});

/** nc's words and exit statuses, as netcat-openbsd 1.219 on Debian 12 gave them. */
import { describe, expect, it } from "vitest";
import { programs } from "../../lab/programs.ts";
import { makeRig } from "../../testing/rig.ts";

function sh(script: string): readonly [string, string, number] {
  const r = makeRig({ commands: programs }).run(`ip link set lo up\n${script}`);
  return [r.stdout, r.stderr, r.code];
}

describe("nc", () => {
  it.each([
    ["nc -zv localhost 7999", "nc: connect to localhost (127.0.0.1) port 7999 (tcp) failed: Connection refused\n"],
    ["nc -zvn 127.0.0.1 7999", "nc: connect to 127.0.0.1 port 7999 (tcp) failed: Connection refused\n"],
    ["nc -z6v ::1 7999", "nc: connect to ::1 port 7999 (tcp) failed: Connection refused\n"],
    ["nc -uzv 127.0.0.1 7999", ""],
    ["nc -v -s 1.2.3.4 127.0.0.1 7999", "nc: bind failed: Cannot assign requested address\n"],
    ["nc -4zv 127.0.0.1 99999", "nc: port number too large: 99999\n"],
    ["nc -zv 127.0.0.1 abc", "nc: port number invalid: abc\n"],
    ["nc -zv 127.0.0.1 0", "nc: port number too small: 0\n"],
    ["nc -zv 127.0.0.1 http", "nc: connect to 127.0.0.1 port 80 (tcp) failed: Connection refused\n"],
    ["nc -l -v", "nc: missing port number\n"],
    ["nc -lz 70", "nc: cannot use -z and -l\n"],
    ["nc -w abc 127.0.0.1 80", "nc: timeout invalid: abc\n"],
    ["nc -i x 127.0.0.1 80", "nc: interval invalid: x\n"],
    ["nc -luv 10.9.9.9 80", "nc: Cannot assign requested address\n"],
  ])("%s", (cmd, stderr) => {
    expect(sh(cmd)).toEqual(["", stderr, 1]);
  });

  it("tells who called, with and without names", () => {
    expect(sh("nc -nlv 7005 </dev/null & sleep 0.3; nc -nz -p 5000 127.0.0.1 7005; wait")).toEqual([
      "",
      "Listening on 0.0.0.0 7005\nConnection received on 127.0.0.1 5000\n",
      0,
    ]);
    expect(sh("nc -lv 127.0.0.1 7007 </dev/null & sleep 0.3; nc -z -p 5000 localhost 7007; wait")[1]).toBe(
      "Listening on localhost 7007\nConnection received on localhost 5000\n",
    );
  });

  it("-k takes one connection after the other", () => {
    expect(sh("timeout 3 nc -lk 7008 </dev/null & sleep 0.3; for x in a b; do echo $x | nc -N 127.0.0.1 7008; done; wait")[0]).toBe(
      "a\nb\n",
    );
  });

  it("-w ends a silent connection, -q leaves after the end of input", () => {
    expect(sh("nc -l 7002 </dev/null & sleep 0.3; sleep 9 | nc -w 1 127.0.0.1 7002; echo $?")[0]).toBe("0\n");
    expect(sh("nc -l 7003 </dev/null & sleep 0.3; echo x | nc -q 1 127.0.0.1 7003; echo $?")[0]).toContain("0\n");
  });

  it("carries a file whole, both ways, over a second machine's namespace", () => {
    const [out, err, code] = sh(`
      ip netns add b; ip link add e0 type veth peer name e0 netns b
      ip addr add 10.0.0.1/24 dev e0; ip link set e0 up; ip -n b addr add 10.0.0.2/24 dev e0; ip -n b link set e0 up
      seq 1 60000 > /tmp/big; ip netns exec b nc -lN 9000 < /tmp/big > /tmp/there & sleep 0.1
      nc -N 10.0.0.2 9000 < /tmp/big > /tmp/here; wait
      cmp /tmp/big /tmp/here && cmp /tmp/big /tmp/there && echo same; ss -tan state time-wait | wc -l`);
    expect([out, err, code]).toEqual(["same\n2\n", "", 0]);
  });

  it("speaks IPv6 between two namespaces, over a narrow link, too", () => {
    const [out, err] = sh(`
      ip netns add b; ip link add e0 mtu 1280 type veth peer name e0 mtu 1280 netns b
      ip addr add 2001:db8::1/64 dev e0 nodad; ip -n b addr add 2001:db8::2/64 dev e0 nodad
      ip link set e0 up; ip -n b link set e0 up; sleep 2
      seq 1 20000 > /tmp/big; ip netns exec b nc -6 -l 9000 </dev/null > /tmp/there & sleep 0.1
      nc -N 2001:db8::2 9000 < /tmp/big; wait; cmp /tmp/big /tmp/there && echo same
      nc -zv 2001:db8::2 9001`);
    expect([out, err]).toEqual(["same\n", "nc: connect to 2001:db8::2 port 9001 (tcp) failed: Connection refused\n"]);
  });

  it("what is not modelled says so", () => {
    expect(sh("nc -U /tmp/s")).toEqual(["", "hop: nc: option -U is not simulated\n", 64]);
  });
});

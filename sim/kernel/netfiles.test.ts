import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import { SEC } from "../core/time.ts";
import { IFF, NlmF } from "../net/rtnl/messages.ts";
import { makeRig, testCommand } from "../testing/rig.ts";
import { AF, type Call, O, type Prog, SOCK, type Sys } from "./abi.ts";

function out(main: Prog, user = "root"): unknown[] {
  const r = makeRig({ commands: [testCommand("t", main), testCommand("ping", main)], users: ["ann"] }).run(["t"], { limit: 100, user });
  expect(r.stderr).toBe("");
  return r.stdout
    .trimEnd()
    .split("\n")
    .map((l) => JSON.parse(l) as unknown);
}
function* say(sys: Sys, v: unknown): Call<void> {
  yield* sys.write(1, utf8(`${JSON.stringify(v)}\n`));
}
function* get(sys: Sys, path: string): Call<string | number> {
  const fd = yield* sys.open(path, O.RDONLY, 0);
  if (fd < 0) return fd;
  const b = yield* sys.read(fd, 65536);
  yield* sys.close(fd);
  return typeof b === "number" ? b : fromUtf8(b);
}
function* put(sys: Sys, path: string, text: string): Call<number> {
  const fd = yield* sys.open(path, O.WRONLY, 0);
  if (fd < 0) return fd;
  const n = yield* sys.write(fd, utf8(text));
  yield* sys.close(fd);
  return n;
}
function* names(sys: Sys, path: string): Call<string[]> {
  const d = yield* sys.readdir(path);
  return typeof d === "number" ? [String(d)] : d.map((e) => e.name);
}
function* veth(sys: Sys): Call<void> {
  const mac = (n: number): Uint8Array => Uint8Array.from([2, 0, 0, 0, 0, n]);
  yield* sys.rtnetlink({
    type: "RTM_NEWLINK",
    flags: NlmF.CREATE | NlmF.EXCL,
    ifindex: 0,
    attrs: { name: "v0", address: mac(1), kind: "veth", peer: { name: "v1", address: mac(2) } },
  });
}

describe("/sys/class/net", () => {
  it("shows the interfaces of the namespace it was mounted from", () => {
    const r = out(function* (sys) {
      yield* veth(sys);
      yield* say(sys, yield* names(sys, "/sys/class/net"));
      yield* say(sys, [yield* sys.readlink("/sys/class/net/v0"), yield* names(sys, "/sys/devices/virtual/net")]);
      const read: unknown[] = [];
      for (const f of ["address", "mtu", "operstate", "carrier", "ifindex", "iflink", "flags", "type", "statistics/rx_bytes"])
        read.push(yield* get(sys, `/sys/class/net/v0/${f}`));
      yield* say(sys, read);
      yield* say(sys, [
        yield* put(sys, "/sys/class/net/v0/mtu", "1400\n"),
        yield* get(sys, "/sys/class/net/v0/mtu"),
        yield* put(sys, "/sys/class/net/v0/mtu", "x"),
        yield* put(sys, "/sys/class/net/v0/address", "x"),
      ]);
      yield* sys.unshare("net");
      yield* say(sys, yield* names(sys, "/sys/class/net"));
      yield* sys.mount_sysfs();
      yield* say(sys, yield* names(sys, "/sys/class/net"));
      return 0;
    });
    expect(r).toEqual([
      ["lo", "v0", "v1"],
      ["../../devices/virtual/net/v0", ["lo", "v1", "v0"]],
      ["02:00:00:00:00:01\n", "1500\n", "down\n", -Errno.EINVAL, "3\n", "2\n", "0x1002\n", "1\n", "0\n"],
      [5, "1400\n", -Errno.EINVAL, -Errno.EACCES],
      // until it is mounted again it shows the namespace it was mounted from
      ["lo", "v0", "v1"],
      ["lo"],
    ]);
  });
});

describe("/proc/net", () => {
  it("counts what interfaces carried", () => {
    const r = out(function* (sys) {
      yield* veth(sys);
      for (const ifindex of [1, 2, 3])
        yield* sys.rtnetlink({ type: "RTM_NEWLINK", flags: 0, ifindex, attrs: { flags: IFF.UP, change: IFF.UP } });
      yield* sys.nanosleep(SEC);
      yield* say(sys, yield* get(sys, "/proc/net/dev"));
      return 0;
    });
    const lines = String(r[0]).trimEnd().split("\n");
    expect(lines[0]).toBe("Inter-|   Receive                                                |  Transmit");
    expect(lines[2]).toBe(
      "    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0",
    );
    expect(lines[4]).toMatch(/^ {4}v0: /);
  });
});

describe("/proc/sys/net", () => {
  it("is the namespace's own", () => {
    const r = out(function* (sys) {
      yield* say(sys, [
        yield* get(sys, "/proc/sys/net/ipv4/ip_forward"),
        yield* put(sys, "/proc/sys/net/ipv4/ip_forward", "1\n"),
        yield* get(sys, "/proc/sys/net/ipv4/ip_forward"),
        yield* get(sys, "/proc/sys/net/ipv4/conf/lo/forwarding"),
      ]);
      yield* say(sys, [
        yield* put(sys, "/proc/sys/net/ipv4/ip_forward", "x"),
        yield* get(sys, "/proc/sys/net/ipv4/nope"),
        (yield* names(sys, "/proc/sys/net/ipv4/conf")).sort(),
      ]);
      yield* sys.unshare("net");
      yield* say(sys, yield* get(sys, "/proc/sys/net/ipv4/ip_forward"));
      return 0;
    });
    expect(r).toEqual([["0\n", 2, "1\n", "1\n"], [-Errno.EINVAL, -Errno.ENOENT, ["all", "default", "lo"]], "0\n"]);
  });
  it("is not for users to change", () => {
    expect(
      out(function* (sys) {
        yield* say(sys, [yield* put(sys, "/proc/sys/net/ipv4/ip_forward", "1"), yield* get(sys, "/proc/sys/net/ipv4/ip_forward")]);
        return 0;
      }, "ann"),
    ).toEqual([[-Errno.EACCES, "0\n"]]);
  });
});

describe("sockets", () => {
  it("are descriptors; raw ones need CAP_NET_RAW, which ping's file has", () => {
    const rig = makeRig({
      users: ["ann"],
      commands: [..."ab"].map((n) =>
        testCommand(n === "a" ? "ping" : "other", function* (sys) {
          const fd = yield* sys.socket(AF.PACKET, SOCK.RAW, 3);
          yield* say(sys, [
            fd,
            fd < 0 ? "" : String(yield* sys.readlink(`/proc/self/fd/${fd}`)).replace(/\d+/, "N"),
            yield* sys.socket(AF.UNIX, SOCK.STREAM, 0),
            yield* sys.bind(1, { family: 1, path: "x" }),
          ]);
          return 0;
        }),
      ),
    });
    const run = (name: string, user: string): unknown => JSON.parse(rig.run([name], { user }).stdout) as unknown;
    expect(run("ping", "ann")).toEqual([3, "socket:[N]", -Errno.EAFNOSUPPORT, -Errno.ENOTSOCK]);
    expect(run("other", "ann")).toEqual([-Errno.EPERM, "", -Errno.EAFNOSUPPORT, -Errno.ENOTSOCK]);
    expect((run("other", "root") as unknown[])[0]).toBe(3);
    expect([...rig.machine.rootNs.socks.all]).toEqual([]);
  });
  it("wait for what arrives, with a time-out", () => {
    const r = out(function* (sys) {
      const fd = yield* sys.socket(AF.PACKET, SOCK.RAW, 3);
      const t0 = yield* sys.clock_gettime("monotonic");
      const e = yield* sys.recvfrom(fd, 2000, { timeout: SEC });
      const t1 = yield* sys.clock_gettime("monotonic");
      yield* sys.setsockopt(fd, "SO_RCVTIMEO", SEC / 2);
      const f = yield* sys.recvfrom(fd, 2000, {});
      const t2 = yield* sys.clock_gettime("monotonic");
      yield* say(sys, [e, Math.round((t1 - t0) / 1e7), f, Math.round((t2 - t1) / 1e7)]);
      return 0;
    });
    expect(r).toEqual([[-Errno.EAGAIN, 100, -Errno.EAGAIN, 50]]);
  });
});

import { describe, expect, it } from "vitest";
import { Prng } from "../core/prng.ts";
import { makeRig, testCommand } from "../testing/rig.ts";
import type { Prog, Syscall } from "./abi.ts";
import { HANDLERS } from "./syscalls.ts";
import { SANE } from "./tty.ts";

const ENV = new Map([["A", "b"]]);
/** calls that would only end the test early or make it wait */
const LEFT_OUT = new Set(["execve", "pause"]);

class Draw {
  readonly rng: Prng;
  constructor(seed: number) {
    this.rng = new Prng(seed, "fuzz");
  }
  of<T>(list: readonly T[]): T {
    return list[this.rng.below(list.length)]!;
  }
  num(): number {
    return this.of([-1, 0, 1, 2, 3, 4, 5, 6, 7, 100, 1023, 1024, 65536, 2 ** 31, 2 ** 40, -(2 ** 31), 0.5, Number.NaN, Infinity]);
  }
  fd(): number {
    return this.rng.below(12) - 1;
  }
  path(): string {
    const part = (): string =>
      this.of([
        "tmp",
        "a",
        "b",
        "..",
        ".",
        "",
        "etc",
        "proc",
        "self",
        "fd",
        "ns",
        "net",
        "1",
        "dev",
        "null",
        "tty",
        "sys",
        "class",
        "run",
        "netns",
        "x".repeat(300),
        "\u0000",
        "가",
      ]);
    const n = this.rng.below(5);
    let s = this.of(["/", "", "/tmp/", "/proc/self/"]);
    for (let i = 0; i < n; i++) s += `${part()}/`;
    return this.rng.below(2) === 0 ? s.slice(0, -1) : s;
  }
  addr(): unknown {
    return this.of([
      { family: 2, addr: this.rng.u32(), port: this.rng.below(65536) },
      { family: 10, addr: this.rng.bytes(16), port: 1, scopeId: this.rng.below(4) },
      { family: 17, ifindex: this.rng.below(4), protocol: 3, hatype: 1, pkttype: 0, addr: new Uint8Array(6) },
      { family: 1, path: "x" },
    ]);
  }
  data(): Uint8Array {
    return this.rng.bytes(this.of([0, 1, 10, 100, 5000]));
  }
  args(nr: Syscall["nr"]): unknown[] {
    const short = (): number => this.of([0, 1, 1000, 1_000_000, -1]);
    const quiet: Prog = function* (s) {
      yield* s.tick(1);
      return 0;
    };
    switch (nr) {
      case "nanosleep":
      case "alarm":
        return [short()];
      case "clock_gettime":
        return [this.of(["realtime", "monotonic", "boottime"])];
      case "open":
        return [this.path(), this.rng.u32() & 0o2607703, this.num()];
      case "read":
      case "ftruncate":
        return [this.fd(), this.of([0, 1, 100, 100_000])];
      case "write":
        return [this.fd(), this.data()];
      case "lseek":
        return [this.fd(), this.num(), this.of(["set", "cur", "end"])];
      case "poll":
        return [
          [
            { fd: this.fd(), read: true },
            { fd: this.fd(), write: true },
          ],
          short(),
        ];
      case "stat":
      case "lstat":
      case "readdir":
      case "rmdir":
      case "unlink":
      case "readlink":
      case "chdir":
      case "umount":
      case "cmdinfo":
        return [this.path()];
      case "access":
      case "mkdir":
      case "mkfifo":
      case "chmod":
        return [this.path(), this.rng.below(0o10000)];
      case "rename":
      case "link":
      case "symlink":
      case "mount_bind":
        return [this.path(), this.path()];
      case "mount_tmpfs":
        return ["tmpfs", this.path(), this.rng.below(2) === 0 ? "" : "size=1k,mode=700"];
      case "chown":
      case "utimens":
        return [this.path(), this.rng.below(2000), this.rng.below(2000)];
      case "tcsetattr":
        return [this.fd(), { ...SANE, icanon: this.rng.below(2) === 0, vmin: this.rng.below(3) }];
      case "spawn":
        return [
          {
            main: this.rng.below(2) === 0 ? quiet : null,
            path: this.path(),
            argv: ["x"],
            env: ENV,
            pgid: this.of([undefined, 0, 1, 77]),
            foreground: this.of([undefined, this.fd()]),
            cwd: this.of([undefined, this.path()]),
            fds: this.of([undefined, new Map([[this.rng.below(3), this.fd()]])]),
          },
        ];
      case "wait4":
        return [this.of([-1, 0, 5, -5]), { nohang: true, untraced: this.rng.below(2) === 0, continued: this.rng.below(2) === 0 }];
      case "kill":
        return [this.of([-77, -5, 5, 77, 1000]), this.num()];
      case "sigaction":
        return [this.num(), this.of(["default", "ignore", "catch"])];
      case "setcred":
        return [{ uid: 0, gid: 0, groups: [] }];
      case "sethostname":
        return [this.path()];
      case "unshare":
        return [this.of(["net", "mnt", "uts"])];
      case "socket":
        return [this.of([0, 1, 2, 10, 17, 99]), this.of([0, 1, 2, 3]), this.of([0, 1, 3, 17, 58, 255])];
      case "bind":
      case "connect":
        return [this.fd(), this.addr()];
      case "sendto":
        return [this.fd(), this.data(), this.of([null, this.addr()]), 0];
      case "recvfrom":
        return [this.fd(), this.of([0, 100, 2000]), { timeout: short() < 0 ? 0 : short(), errqueue: this.rng.below(2) === 0 }];
      case "setsockopt":
        return [
          this.fd(),
          this.of(["SO_BINDTODEVICE", "SO_RCVTIMEO", "IP_TTL", "PACKET_PROMISC"]),
          this.of<unknown>([0, 1, 1000, "lo", "nope"]),
        ];
      case "getsockopt":
        return [this.fd(), this.of(["SO_ERROR", "IP_MTU", "PACKET_STATISTICS"])];
      case "shutdown":
        return [this.fd(), this.of(["rd", "wr", "rdwr"])];
      case "rtnetlink":
        return [this.of([{ type: "RTM_GETLINK" }, { type: "RTM_GETLINK", ifindex: 7 }, { type: "RTM_GETLINK", name: "x" }])];
      case "trace":
        return [{ q: "last" }];
      case "lab":
        return [{ op: "goal" }];
      case "fcntl_flags":
        return [this.fd(), this.of([null, 0, 0o4000])];
      case "fcntl_cloexec":
        return [this.fd(), true];
      default:
        return [this.fd(), this.num()];
    }
  }
}

describe("system calls", () => {
  it("never break the kernel, whatever their arguments", () => {
    const names = Object.keys(HANDLERS).filter((n) => !LEFT_OUT.has(n)) as Syscall["nr"][];
    for (let seed = 1; seed <= 8; seed++) {
      let calls = 0;
      const d = new Draw(seed);
      const wild: Prog = function* () {
        for (; calls < 3000; calls++) {
          const nr = d.of(names);
          yield { nr, args: d.args(nr) };
        }
        return 0;
      };
      const rig = makeRig({ commands: [testCommand("t", wild)], seed });
      // it may well kill itself: then it starts again where it was
      for (let again = 0; again < 200; again++) rig.run(["t"], { limit: 1000, stdin: "some input\n" });
      expect(calls).toBe(3000);
      expect(rig.world.faults).toEqual([]);
      rig.advance(10);
    }
  });
});

/** IPv4 options: what a machine writes into them, what it refuses, and what an answer carries back (RFC 791, RFC 1122 §3.2.1.8). */
import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { commands } from "../../bin/registry.ts";
import { makeRig } from "../../testing/rig.ts";
import { AF, IPPROTO, SOCK, type Prog } from "../../kernel/abi.ts";
import { testCommand } from "../../testing/rig.ts";
import { addNs, makeNet } from "../../testing/net.ts";
import { compileOptions, socketOptions } from "./options.ts";

/** Header of 20 bytes before the options, as compileOptions wants it. */
function header(...options: number[]): Uint8Array {
  const b = new Uint8Array(20 + options.length);
  b.set(options, 20);
  return b;
}

describe("reading options", () => {
  const ns = addNs(makeNet(), "a");
  const read = (...o: number[]): ReturnType<typeof compileOptions> => compileOptions(ns, header(...o), 0, 20 + o.length, null);
  it.each([
    ["a length below two", [7, 1, 0, 0], 20],
    ["a length beyond the header", [7, 9, 4, 0], 20],
    ["a record route without room for its pointer", [7, 2, 0, 0], 21],
    ["a pointer into the option's head", [7, 7, 3, 0, 0, 0, 0, 0], 22],
    ["a pointer that leaves less than an address", [7, 7, 6, 0, 0, 0, 0, 0], 22],
    ["two record routes", [7, 7, 4, 0, 0, 0, 0, 7, 7, 4, 0, 0, 0, 0, 0, 0], 27],
    ["a timestamp option that is too short", [68, 3, 5, 0], 21],
    ["a timestamp that overflowed too often", [68, 4, 9, 0xf0], 23],
  ])("finds %s", (_what, bytes, where) => expect(read(...bytes)).toBe(where));

  it("takes the first hop of a socket's source route out of the list", () => {
    const o = socketOptions(ns, Uint8Array.from([1, 131, 11, 4, 10, 0, 0, 1, 10, 0, 0, 2]));
    expect(o).toMatchObject({ srr: 21, strict: false, faddr: 0x0a000001 });
  });
  it("refuses more than 40 bytes, and nonsense", () => {
    expect(socketOptions(ns, new Uint8Array(41))).toBe(-22);
    expect(socketOptions(ns, Uint8Array.from([7, 1]))).toBe(-22);
    expect(socketOptions(ns, new Uint8Array(0))).toBeNull();
  });
});

/** Sends an echo request with the options given in hex; says what came back: addresses, type, options. */
const sendWith: Prog = function* sendWith(sys, argv) {
  const fd = yield* sys.socket(AF.INET, SOCK.RAW, IPPROTO.ICMP);
  const bytes = (argv[2] ?? "").match(/../g)?.map((h) => Number.parseInt(h, 16)) ?? [];
  const r = yield* sys.setsockopt(fd, "IP_OPTIONS", Uint8Array.from(bytes));
  if (r < 0) return 1;
  const to = (argv[1] ?? "").split(".").reduce((a, p) => ((a << 8) | Number(p)) >>> 0, 0);
  yield* sys.sendto(fd, Uint8Array.from([8, 0, 0xf7, 0xfd, 0, 1, 0, 1]), { family: 2, addr: to, port: 0 }, 0);
  const m = yield* sys.recvfrom(fd, 1500, { timeout: 1e9 });
  let text = "nothing";
  if (typeof m !== "number") {
    const hlen = (m.data[0]! & 15) * 4;
    const dotted = (at: number): string => [...m.data.subarray(at, at + 4)].join(".");
    text = `${dotted(12)} type ${m.data[hlen]} code ${m.data[hlen + 1]} pointer ${m.data[hlen + 4]} options ${[...m.data.subarray(20, hlen)].join(" ")}`;
  }
  yield* sys.write(1, new TextEncoder().encode(`${text}\n`));
  return 0;
};

describe("source routes", () => {
  const NET = `
for n in a r b; do ip netns add $n; ip -n $n link set lo up; done
ip link add e0 netns a type veth peer name r0 netns r; ip link add e0 netns b type veth peer name r1 netns r
ip -n a addr add 10.1.0.2/24 dev e0; ip -n r addr add 10.1.0.1/24 dev r0; ip -n r addr add 10.2.0.1/24 dev r1; ip -n b addr add 10.2.0.2/24 dev e0
ip -n a link set e0 up; ip -n r link set r0 up; ip -n r link set r1 up; ip -n b link set e0 up
ip -n a route add default via 10.1.0.1; ip -n b route add default via 10.2.0.1; ip netns exec r sysctl -qw net.ipv4.ip_forward=1; sleep 1
`;
  const run = (script: string): string => {
    const rig = makeRig({ commands: [...shellCommands, ...commands, testCommand("sendwith", sendWith)] });
    return rig.run(NET + script).stdout;
  };
  const loose = "0183070401020304".replace("01020304", "0a010001");
  const on = "for n in a r b; do ip netns exec $n sysctl -qw net.ipv4.conf.all.accept_source_route=1; done\n";

  it("are refused by a machine that does not accept them", () => {
    expect(run(`ip netns exec a sendwith 10.2.0.2 ${loose}`)).toBe("nothing\n");
  });
  it("are followed where they are accepted, and turned round by the answer", () => {
    const out = run(`${on}ip netns exec a sendwith 10.2.0.2 ${loose}`);
    expect(out).toMatch(/^10\.2\.0\.2 type 0 /);
    // the router, by the address it sent from, has been passed on the way back
    expect(out).toMatch(/options 131 7 8 10 1 0 1 0\n$/);
  });
  it("are not the only options that a socket may get wrong", () => {
    expect(run(`ip netns exec a sendwith 10.2.0.2 07; echo $?`)).toBe("1\n");
  });
});

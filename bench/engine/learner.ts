/**
 * An hour of ordinary learner activity as a log: two terminals, a command about every fifteen seconds, typed key by key with
 * mistakes taken back, and long enough pauses to read. Made by playing it, so that each record carries the world's own count of events.
 */
import { Prng } from "../../sim/core/prng.ts";
import { MS, SEC } from "../../sim/core/time.ts";
import type { LabManifest } from "../../sim/lab/manifest.ts";
import { decode } from "../../sim/session/log.ts";
import type { InputRecord } from "../../sim/session/protocol.ts";
import { Replica, replay } from "../../sim/session/replay.ts";

const SEED = 7;
const HOUR = 3600 * SEC;

/** Per machine of the lab three-machines. "^C" ends what runs. */
const LINES: readonly (readonly [string, readonly string[]])[] = [
  [
    "network01",
    [
      "ip addr",
      "ip -br link",
      "ip route",
      "ping -c 3 192.168.100.2",
      "ping -c 4 192.168.150.3",
      "ip neigh",
      "ip route get 192.168.150.3",
      "cat /etc/hosts | grep -v '^#'",
      "for i in 1 2 3; do ping -c 1 -W 1 192.168.100.$i; done",
      "sudo ip route add default via 192.168.100.2",
      "sudo ip route del default",
      "history | tail -5",
      "ping 192.168.100.2",
      "^C",
      "ls -l /etc | head",
      "traceroute -n 192.168.150.3",
    ],
  ],
  [
    "router",
    [
      "ip -br addr",
      "sysctl net.ipv4.ip_forward",
      "sudo sysctl -w net.ipv4.ip_forward=1",
      "sudo tcpdump -ni enp0s1 -c 4",
      "^C",
      "ip -s link",
      "ip -4 neigh show",
      "ip route show table all | wc -l",
      "sudo tcpdump -ni enp0s2 icmp",
      "^C",
      "man ip | head -20",
      "sudo sysctl -w net.ipv4.ip_forward=0",
    ],
  ],
];

export interface Hour {
  readonly lab: LabManifest;
  readonly log: readonly InputRecord[];
  readonly end: { readonly t: number; readonly done: number };
  readonly digest: string;
}

/** Plays the hour in `lab` and returns what it left. */
export function learnerHour(lab: LabManifest): Hour {
  const r = new Replica({ lab, challenge: null, seed: SEED });
  const { world } = r.lw;
  const rng = new Prng(SEED, "learner");
  const log: InputRecord[] = [];
  const wait = (ns: number): void => {
    const until = world.now + ns;
    while (world.run(until, 10_000) === "budget");
  };
  const enter = (src: string, kind: InputRecord["kind"], data: unknown): void => {
    const rec: InputRecord = { seq: log.length + 1, t: world.now, done: world.sched.done, src, kind, data };
    log.push(rec);
    r.apply(rec, decode(rec)!);
    for (const t of r.terminals.all.values()) t.tty.drain();
  };
  const key = (term: number, data: string): void => {
    wait((60 + rng.below(200)) * MS);
    enter(`term:${term}`, "key", data);
  };
  const start = world.now;
  LINES.forEach(([machine], i) => enter(`term:${i + 1}`, "open", { machine, user: null, cols: 80, rows: 24 }));
  for (const cable of ["router-enp0s1", "router-enp0s2"]) enter("app", "button", { do: "plug", cable });
  while (world.now - start < HOUR) {
    const term = 1 + rng.below(LINES.length);
    const lines = LINES[term - 1]![1];
    const line = lines[rng.below(lines.length)]!;
    if (line === "^C") key(term, "\x03");
    else {
      for (const c of line) {
        if (rng.below(20) === 0) {
          key(term, String.fromCharCode(97 + rng.below(26)));
          key(term, "\x7f");
        }
        key(term, c);
      }
      key(term, "\r");
    }
    wait((3 + rng.below(15)) * SEC);
  }
  if (world.faults.length > 0) throw new Error(world.faults[0]!.what);
  return { lab, log, end: { t: world.now, done: world.sched.done }, digest: world.digest.toString() };
}

/** Replays an hour and checks that it came out the same. */
export function replayed(h: Hour): void {
  const task = replay({ lab: h.lab, challenge: null, seed: SEED }, h.log, h.end);
  let r = task.next();
  while (!r.done) r = task.next();
  if (r.value.lw.world.digest.toString() !== h.digest) throw new Error("the replay came out differently");
}

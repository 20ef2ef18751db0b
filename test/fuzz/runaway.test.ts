/** Commands that would never end: after Ctrl-C the prompt is there within 250 ms, of the lab's clock and of the wall's. */
import { expect, it, vi } from "vitest";
import { programs } from "../../sim/lab/programs.ts";
import { makeRig } from "../../sim/testing/rig.ts";
import { LONG } from "./draw.ts";

vi.setConfig({ testTimeout: 60_000 });
const PROMPT = /# $/;
/** of the wall clock; a machine that also runs other tests is given more */
const WALL_MS = 250;
const TRIES = LONG ? 20 : 2;

const RUNAWAYS = [
  "while :; do :; done",
  "while true; do ip link > /dev/null; done",
  "yes",
  "yes | cat > /dev/null",
  "cat /dev/zero | tr '\\0' x",
  "f() { f; }; while :; do f 2>/dev/null; done",
  "f() { f | f & }; f; while :; do sleep 0.01; done",
  "ip link set lo up; ping -f 127.0.0.1",
  "while sleep 0.1; do date; ip addr; done",
  "sleep infinity",
  "for ((;;)); do x=$((x+1)); done",
  "awk 'BEGIN { while (1) n++ }'",
  "seq 1 1000000000",
  "find / | while read -r x; do sleep 0.001; done",
  // two bridges, two cables, no STP
  "for i in 0 1; do ip link add b$i type bridge; ip link set b$i up; done; for c in x y; do ip link add ${c}0 type veth peer name ${c}1; for i in 0 1; do ip link set $c$i master b$i up; done; done; ping -c 9999 ff02::1%b0",
  "cat",
  "tcpdump -ni any",
  "wait; sleep 1000 & wait",
  "eval \"$(printf 'sleep 1;%.0s' {1..500})\"",
  "until false; do echo $RANDOM; done",
];

it.each(RUNAWAYS)("%s", (command) => {
  const wall: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const rig = makeRig({ commands: programs, seed: i + 1 });
    const t = rig.login();
    expect(t.text).toMatch(PROMPT);
    t.type(`${command}\r`, 0.2 + i * 0.037);
    const t0 = performance.now();
    const out = t.type("\x03", 0.25);
    wall.push(performance.now() - t0);
    expect(out).toMatch(/# /); // not always last: what runs in the background may still complain
    expect(t.type("echo $((6*7))\r", 0.25)).toMatch(/[\r\n]42\r\n/);
    expect(rig.world.faults).toEqual([]);
  }
  expect(Math.min(...wall)).toBeLessThan(WALL_MS);
});

it("a fork bomb leaves other terminals usable, and ends when its processes are killed", () => {
  const rig = makeRig({ commands: programs, users: ["u"] });
  const bomb = rig.login("u");
  bomb.type("f() { f | f & }; f\r", 2);
  const other = rig.login();
  expect(other.type("pkill -9 -u u; sleep 0.2; pgrep -c -u u; echo there\r", 3)).toMatch(/[\r\n]there\r\n/);
  expect(other.type("pgrep -c -u u\r", 1)).toMatch(/[\r\n]0\r\n/);
});

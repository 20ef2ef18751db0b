/**
 * Probes: behaviour asked by real commands, run as root on a machine of a second world under a limit of virtual time. What
 * came out is compared with what the goal expects; a graded answer says both.
 */
import { bug } from "../core/result.ts";
import type { LocalText } from "../core/text.ts";
import { SEC } from "../core/time.ts";
import type { LabWorld } from "./build.ts";
import { flushNeighbours } from "./configure.ts";
import type { PerturbOp, Probe } from "./manifest.ts";
import { runScript } from "./run-script.ts";

export interface ProbeResult {
  readonly passed: boolean;
  /** one line: what was found; what a machine printed is never translated */
  readonly found: LocalText;
}

const PROBE_LIMIT_S = 120;

/** Runs a probe. Yields between slices of work so that a host can do other things; the result is the same however often it is resumed. */
export function* runProbe(lab: LabWorld, probe: Probe): Generator<void, ProbeResult> {
  if ("ping" in probe) {
    const count = probe.ping.count ?? 4;
    const ttl = probe.ping.ttl ? ` -t ${probe.ping.ttl}` : "";
    const r = yield* runScript(lab, probe.ping.from, `ping -n -i 0.2 -W 2 -c ${count}${ttl} ${probe.ping.to}`, PROBE_LIMIT_S);
    const m = /(\d+) packets transmitted, (\d+) received/.exec(r.stdout);
    const answered = m !== null && m[1] === m[2] && m[1] !== "0";
    const found = m ? { en: `${m[1]} sent, ${m[2]} answered`, ko: `${m[1]}개 보냄, ${m[2]}개 답함` } : printed(r, r.stderr || r.stdout);
    return { passed: probe.expect === "answered" ? answered : m === null || m[2] === "0", found };
  }
  if ("pathVia" in probe) {
    const r = yield* runScript(
      lab,
      probe.pathVia.from,
      `traceroute -n -q 1 -w 1 -m ${probe.pathVia.hops.length + 3} ${probe.pathVia.to}`,
      PROBE_LIMIT_S,
    );
    const hops = [...r.stdout.matchAll(/^\s*\d+\s+(\S+)/gm)].map((m) => m[1]!);
    return {
      passed: hops.join(" ") === probe.pathVia.hops.join(" "),
      found: hops.length > 0 ? same(hops.join(", ")) : printed(r, r.stderr),
    };
  }
  const r = yield* runScript(lab, probe.command.on, probe.command.run, PROBE_LIMIT_S);
  const { code, contains, lacks } = probe.expect;
  const passed =
    (code === undefined || r.code === code) &&
    (contains === undefined || r.stdout.includes(contains)) &&
    (lacks === undefined || !r.stdout.includes(lacks));
  return { passed, found: printed(r, r.stdout.trim() || r.stderr) };
}

/** The first line that a command printed, or that it printed nothing. */
function printed(r: { readonly code: number }, text: string): LocalText {
  const line = text.trim().split("\n")[0] ?? "";
  return line === "" ? { en: `nothing, exit status ${r.code}`, ko: `출력 없음, 종료 상태 ${r.code}` } : same(line);
}

const same = (text: string): LocalText => ({ en: text, ko: text });

/** Carries out what a goal asks to be done before its probe. */
export function* perturb(lab: LabWorld, op: PerturbOp): Generator<void, void> {
  switch (op.do) {
    case "advance":
      return yield* lab.advance(op.seconds * SEC);
    case "flushNeigh":
      return flushNeighbours(lab.world.machines.get(op.machine) ?? bug(`no machine ${op.machine}`));
    case "linkFlap":
      lab.unplug(op.cable);
      yield* lab.advance(2 * SEC);
      lab.plug(op.cable);
      return yield* lab.advance(5 * SEC);
  }
}

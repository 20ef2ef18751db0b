/** Runs a shell line as root on a machine and waits for it, letting virtual time pass. */
import { fromUtf8 } from "../core/bytes.ts";
import { bug, strerror } from "../core/result.ts";
import { after, SEC } from "../core/time.ts";
import { FdTable } from "../kernel/fd.ts";
import { sendSignal } from "../kernel/signals.ts";
import { Sig } from "../kernel/abi.ts";
import type { LabWorld } from "./build.ts";
import { waitFor } from "./wait.ts";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + signal when one ended it */
  readonly code: number;
}

/** characters of output kept */
const LIMIT = 1_000_000;

/** `limit` in seconds of virtual time; then the program is killed. */
export function* runScript(lab: LabWorld, machine: string, line: string, limit: number): Generator<void, Outcome> {
  const { world } = lab;
  const m = world.machines.get(machine) ?? bug(`no machine ${machine}`);
  const root = m.account("root") ?? bug(`${machine} has no root`);
  const out = m.hostSink(LIMIT);
  const err = m.hostSink(LIMIT);
  const stdin = m.hostSource();
  stdin.close();
  const fds = new FdTable();
  fds.set(0, stdin, false);
  fds.set(1, out, false);
  fds.set(2, err, false);
  const p = m.spawnInit({
    path: "/bin/bash",
    argv: ["bash", "--norc", "-c", line],
    env: m.loginEnv(root),
    cred: m.credentials(root),
    cwd: root.home,
    fds,
  });
  if (typeof p === "number") return bug(`${machine} cannot run bash: ${strerror(p)}`);
  const deadline = after(world.now, limit * SEC);
  yield* waitFor(world, deadline, () => !p.alive);
  if (p.alive) sendSignal(p, Sig.KILL);
  const status = p.status;
  const code = status === null ? 137 : status.kind === "signaled" ? 128 + status.value : status.value;
  return { stdout: fromUtf8(out.take()), stderr: fromUtf8(err.take()), code };
}

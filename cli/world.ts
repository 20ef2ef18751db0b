/** What `hop run` and `hop check` share: a script's steps on a lab's machines, and a world to run them in. */
import { Guide } from "../sim/session/guide.ts";
import type { LabWorld } from "../sim/lab/build.ts";
import type { LabManifest } from "../sim/lab/manifest.ts";
import { parseScript, ScriptError, type ScriptStep } from "../sim/lab/script.ts";
import { BadInput } from "./args.ts";

/** Machines that run commands, in the lab's order. */
export function hostsOf(lab: LabManifest): string[] {
  return lab.machines.filter((m) => m.kind !== "switch").map((m) => m.name);
}

export function checkMachine(lab: LabManifest, name: string): void {
  const hosts = hostsOf(lab);
  if (!hosts.includes(name)) throw new BadInput(`there is no machine "${name}"; there is ${hosts.join(", ")}`);
}

export function checkUser(lab: LabManifest, machine: string, user: string): void {
  const users = ["root", ...(lab.machines.find((m) => m.name === machine)?.users ?? [])];
  if (!users.includes(user)) throw new BadInput(`there is no user "${user}" on ${machine}; there is ${users.join(", ")}`);
}

export function stepsOf(text: string, lab: LabManifest, start: string): ScriptStep[] {
  try {
    return parseScript(text, hostsOf(lab), start);
  } catch (e) {
    if (e instanceof ScriptError) throw new BadInput(`in the script, ${e.message}`);
    throw e;
  }
}

/** Lets `why` and `lab` answer in a world that a script runs in. */
export function withGuide(lw: LabWorld): LabWorld {
  void new Guide(lw, "script");
  return lw;
}

/** An engine bug ended the world: there is no result. */
export function throwIfDead(lw: LabWorld): void {
  if (lw.world.dead) throw new Error(lw.world.faults.map((f) => `${f.what}\n${f.stack}`).join("\n"));
}

/**
 * Makes a world from a lab file, a challenge and a seed: machines, NICs, cables, addresses, the challenge's faults. Then lets
 * BOOT pass, so that the learner finds interfaces settled; the lab's clock begins after it.
 */
import { concatBytes, utf8 } from "../core/bytes.ts";
import { bug } from "../core/result.ts";
import { Prng } from "../core/prng.ts";
import { TimerKind } from "../core/scheduler.ts";
import { MS, SEC, US } from "../core/time.ts";
import type { Machine } from "../kernel/machine.ts";
import { createWorld, DEFAULT_EPOCH, type World } from "../kernel/world.ts";
import { Cable } from "../net/dev/cable.ts";
import { createBridge, enslave } from "../net/dev/bridge/bridge.ts";
import { createNic } from "../net/dev/nic.ts";
import type { NetDevice } from "../net/dev/device.ts";
import { parseMac } from "../wire/mac.ts";
import { addAddress, addRoute, applyFault, delAddress, setLink, setSysctl } from "./configure.ts";
import type { AddressSpec, CableSpec, ChallengeManifest, LabManifest, MachineSpec } from "./manifest.ts";
import { drawParams, substitute, type Params } from "./params.ts";
import { image, programs } from "./programs.ts";
import { waitFor } from "./wait.ts";

/** virtual time between power-on and the moment the learner sees the lab */
export const BOOT = 10 * SEC;
/** how long a DHCP client takes after its cable was plugged in */
const LEASE_DELAY = 1500 * MS;

export const DEFAULT_LATENCY_US = 100;
export const DEFAULT_MBIT = 100;

/** An address that comes when its NIC's cable is plugged in. */
interface Lease {
  readonly machine: Machine;
  readonly dev: NetDevice;
  readonly spec: AddressSpec;
}

interface LabCable {
  readonly spec: CableSpec;
  readonly cable: Cable;
  readonly leases: readonly Lease[];
}

export class LabWorld {
  readonly world: World;
  /** the lab with its parameters filled in */
  readonly lab: LabManifest;
  readonly challenge: ChallengeManifest | null;
  readonly params: Params;
  readonly seed: number;
  private readonly cables = new Map<string, LabCable>();

  constructor(world: World, lab: LabManifest, challenge: ChallengeManifest | null, params: Params, seed: number) {
    this.world = world;
    this.lab = lab;
    this.challenge = challenge;
    this.params = params;
    this.seed = seed;
  }

  machine(name: string): Machine {
    return this.world.machines.get(name) ?? bug(`no machine ${name}`);
  }
  /** Adds a cable between two NICs that exist; used while the lab is built. */
  addCable(spec: CableSpec): void {
    const ends = spec.ends.map((e) => this.nic(e));
    const cable = new Cable(this.world.net, spec.id, ends[0]!, ends[1]!, {
      latency: (spec.latencyUs ?? DEFAULT_LATENCY_US) * US,
      bitsPerSecond: (spec.mbit ?? DEFAULT_MBIT) * 1_000_000,
      loss: (spec.lossPercent ?? 0) / 100,
    });
    const leases = spec.ends.flatMap((e) => this.leasesOf(e));
    this.cables.set(spec.id, { spec, cable, leases });
    if (spec.plugged ?? true) this.plug(spec.id);
  }
  private nic(end: string): NetDevice {
    const [machine, dev] = end.split(":");
    return this.machine(machine!).rootNs.devByName(dev ?? "") ?? bug(`no NIC ${end}`);
  }
  private leasesOf(end: string): Lease[] {
    const [name, nic] = end.split(":");
    const machine = this.machine(name!);
    const spec = this.lab.machines.find((m) => m.name === name)?.nics?.find((n) => n.name === nic);
    return (spec?.addresses ?? []).filter((a) => a.onPlug).map((a) => ({ machine, dev: this.nic(end), spec: a }));
  }

  hasCable(id: string): boolean {
    return this.cables.has(id);
  }
  cableIds(): readonly string[] {
    return [...this.cables.keys()];
  }
  /** may the learner plug and unplug it? */
  isLearners(id: string): boolean {
    return this.get(id).spec.learner ?? false;
  }
  isPlugged(id: string): boolean {
    return this.get(id).cable.plugged;
  }
  private get(id: string): LabCable {
    return this.cables.get(id) ?? bug(`no cable ${id}`);
  }
  /** Plugs both ends in. Addresses that a DHCP client would get follow a moment later. */
  plug(id: string): void {
    const c = this.get(id);
    if (c.cable.plugged) return;
    c.cable.plug();
    for (const lease of c.leases) this.world.sched.arm(TimerKind.MACHINE, lease, LEASE_DELAY);
  }
  /** Pulls the cable; addresses that came with it go, as a DHCP client drops a lease with the carrier. */
  unplug(id: string): void {
    const c = this.get(id);
    if (!c.cable.plugged) return;
    c.cable.unplug();
    for (const { machine, dev, spec } of c.leases) delAddress(machine, dev.name, spec.cidr);
  }

  /** Lets virtual time pass. Yields between slices. */
  *advance(ns: number): Generator<void, void> {
    yield* waitFor(this.world, this.world.now + ns, () => false);
  }
}

/** The timer of a lease: the DHCP client got its answer, if the cable is still in. */
function leaseArrives(lease: Lease): void {
  if (lease.dev.registered && lease.dev.carrier) addAddress(lease.machine, lease.dev.name, lease.spec);
}

/**
 * The world of a lab, or of a challenge in it, for a seed, after BOOT. A mistake in the lab file ends in an EngineBug that
 * names the machine and what the stack said.
 */
export function buildLab(lab: LabManifest, challenge: ChallengeManifest | null, seed: number): LabWorld {
  let params = drawParams(lab.id, lab.params, seed);
  if (challenge) params = drawParams(challenge.id, challenge.world.params, seed, params);
  const filled = substitute(lab, params);
  const filledChallenge = challenge ? substitute(challenge, params) : null;
  const world = createWorld({ seed, epoch: (lab.epoch ?? DEFAULT_EPOCH) - BOOT / SEC, commands: programs, image });
  world.sched.on(TimerKind.MACHINE, leaseArrives);
  const lw = new LabWorld(world, filled, filledChallenge, params, seed);
  for (const m of filled.machines) addMachine(world, m);
  for (const c of filled.cables) lw.addCable(c);
  // routes need their gateways' interfaces up, and those need the cables
  for (const m of filled.machines) for (const r of m.routes ?? []) addRoute(lw.machine(m.name), r);
  if (filledChallenge) for (const op of faultsOf(filledChallenge, seed)) applyFault(lw.machine(op.machine), op);
  world.run(BOOT, Infinity);
  return lw;
}

function faultsOf(c: ChallengeManifest, seed: number): readonly Parameters<typeof applyFault>[1][] {
  const { fault = [], faultOneOf = [], decoys = [] } = c.world;
  const drawn = faultOneOf.length > 0 ? faultOneOf[new Prng(seed, `${c.id}/fault`).below(faultOneOf.length)]! : [];
  return [...fault, ...drawn, ...decoys];
}

function addMachine(world: World, spec: MachineSpec): void {
  const m = world.addMachine({ name: spec.name, users: spec.users ?? [], hosts: spec.hosts ?? [] });
  const settings = Object.entries(spec.sysctl ?? {});
  /** a setting of one interface waits for the interface */
  const ofNic = (key: string): boolean => (spec.nics ?? []).some((n) => key.split(".").includes(n.name));
  for (const [key, value] of settings) if (!ofNic(key)) setSysctl(m, key, value);
  if (spec.kind === "switch") for (const key of ["all", "default"]) setSysctl(m, `net.ipv6.conf.${key}.disable_ipv6`, "1");
  for (const n of spec.nics ?? [])
    createNic(m.rootNs, n.name, parseMac(n.mac) ?? bug(`${spec.name}: not a MAC address: ${n.mac}`), n.mtu ?? 1500);
  for (const [key, value] of settings) if (ofNic(key)) setSysctl(m, key, value);
  setLink(m, "lo", true);
  if (spec.kind === "switch") wireSwitch(m, spec);
  for (const n of spec.nics ?? []) {
    if (n.up ?? true) setLink(m, n.name, true);
    for (const a of n.addresses ?? []) if (!a.onPlug) addAddress(m, n.name, a);
  }
  for (const f of spec.files ?? []) writeFile(m, f);
}

/** A switch: a bridge named after nothing, over all NICs, forwarding at once (no STP). */
function wireSwitch(m: Machine, spec: MachineSpec): void {
  const br = createBridge(m.rootNs, "br0");
  for (const n of spec.nics ?? []) {
    const dev = m.rootNs.devByName(n.name)!;
    if (enslave(br, dev) < 0) bug(`${spec.name}: ${n.name} cannot join the switch`);
  }
  setLink(m, "br0", true);
}

function writeFile(
  m: Machine,
  f: { readonly path: string; readonly text: string; readonly append?: boolean; readonly mode?: number },
): void {
  const old = f.append ? m.readFile(f.path) : null;
  const bytes = concatBytes([old ?? new Uint8Array(0), utf8(f.text)]);
  if (m.writeFile(f.path, bytes, f.mode ?? 0o644) < 0) bug(`${m.name}: cannot write ${f.path}`);
}

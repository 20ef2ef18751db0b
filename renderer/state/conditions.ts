/** Whether what a chapter asks for holds in the world: read from its topology and its packets (mdx/components.tsx). */
import type { PacketEvent, TopologyView } from "../../sim/session/protocol.ts";
import type { Condition } from "../mdx/components.tsx";
import { interfaceOf, machineNamed } from "./lab.ts";

export function holds(condition: Condition, topology: TopologyView | null, packets: readonly PacketEvent[]): boolean {
  if (!topology) return false;
  if ("route" in condition) {
    const { machine, namespace = "", begins, absent = false } = condition.route;
    const routes = machineNamed(topology, machine)?.namespaces.find((ns) => ns.name === namespace)?.routes;
    return routes !== undefined && routes.some((r) => r.startsWith(begins)) !== absent;
  }
  if ("interface" in condition) {
    const { machine, name, state, address } = condition.interface;
    const owner = machineNamed(topology, machine);
    const found = owner?.namespaces.map((ns) => interfaceOf(owner, ns.name, name)).find((i) => i !== null);
    return (
      found !== null &&
      found !== undefined &&
      (state === undefined || found.state === state) &&
      (address === undefined || found.addresses.includes(address))
    );
  }
  if ("plugged" in condition) return topology.cables.some((c) => c.id === condition.plugged && c.plugged);
  if ("forwarding" in condition) return machineNamed(topology, condition.forwarding)?.ipForward === true;
  if ("namespace" in condition)
    return machineNamed(topology, condition.namespace.machine)?.namespaces.some((ns) => ns.name === condition.namespace.name) === true;
  const want = condition.packet;
  return packets.some(
    (p) =>
      p.fate === "crossed" &&
      p.to.machine === want.to &&
      (want.from === undefined || p.from.machine === want.from) &&
      (want.protocol === undefined || p.protocol === want.protocol) &&
      (want.reply === undefined || p.reply === want.reply) &&
      (want.info === undefined || p.info.includes(want.info)),
  );
}

export const allHold = (conditions: readonly Condition[], topology: TopologyView | null, packets: readonly PacketEvent[]): boolean =>
  conditions.every((c) => holds(c, topology, packets));

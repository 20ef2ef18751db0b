/** What changed in the network, in words, for the live region. */
import type { TopologyView } from "../../sim/session/protocol.ts";
import type { Translate } from "../i18n/index.ts";

export function changes(before: TopologyView, after: TopologyView, t: Translate): string[] {
  const said: string[] = [];
  for (const machine of after.machines) {
    const old = before.machines.find((m) => m.name === machine.name);
    if (!old) continue;
    for (const ns of machine.namespaces) {
      const oldNs = old.namespaces.find((n) => n.name === ns.name);
      for (const iface of ns.interfaces) {
        const was = oldNs?.interfaces.find((i) => i.ifindex === iface.ifindex);
        const names = { iface: iface.name, machine: machine.name };
        if (!was) {
          said.push(t("net.sayNew", names));
          continue;
        }
        if (was.state !== iface.state)
          said.push(t(iface.state === "up" ? "net.sayUp" : iface.state === "down" ? "net.sayDown" : "net.sayNoCarrier", names));
        for (const address of iface.addresses) if (!was.addresses.includes(address)) said.push(t("net.sayAddress", { ...names, address }));
        for (const address of was.addresses)
          if (!iface.addresses.includes(address)) said.push(t("net.sayNoAddress", { ...names, address }));
      }
      for (const was of oldNs?.interfaces ?? [])
        if (!ns.interfaces.some((i) => i.ifindex === was.ifindex)) said.push(t("net.sayGone", { iface: was.name, machine: machine.name }));
    }
    if (machine.kind === "host" && old.routes !== machine.routes)
      said.push(t("net.sayRoutes", { machine: machine.name, n: machine.routes }));
    if (old.ipForward !== machine.ipForward)
      said.push(t(machine.ipForward ? "net.sayForwardOn" : "net.sayForwardOff", { machine: machine.name }));
  }
  for (const cable of after.cables) {
    const was = before.cables.find((c) => c.id === cable.id);
    if (was && was.plugged !== cable.plugged)
      said.push(t(cable.plugged ? "net.sayPlugged" : "net.sayUnplugged", { a: cable.ends[0].machine, b: cable.ends[1].machine }));
  }
  return said;
}

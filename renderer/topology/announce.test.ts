import { describe, expect, it } from "vitest";
import { translator } from "../i18n/index.ts";
import { threeMachines } from "../testing/worlds.ts";
import type { TopologyView } from "../../sim/session/protocol.ts";
import { changes } from "./announce.ts";

const t = translator("en");
type Loose<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? Loose<E>[] : T[K] extends object ? Loose<T[K]> : T[K] };
const edit = (change: (draft: Loose<Pick<TopologyView, "machines" | "cables">>) => void): TopologyView => {
  const draft = structuredClone(threeMachines()) as unknown as Loose<TopologyView>;
  change(draft);
  return draft as unknown as TopologyView;
};

describe("changes in words", () => {
  it("says nothing when nothing changed", () => expect(changes(threeMachines(), threeMachines(), t)).toEqual([]));
  it("names the interface, its machine and its new state", () => {
    const after = edit((d) => (d.machines[1]!.namespaces[0]!.interfaces[0]!.state = "down"));
    expect(changes(threeMachines(), after, t)).toEqual(["enp0s1 of router is down"]);
    expect(changes(threeMachines(), after, translator("ko"))).toEqual(["router의 enp0s1이 down입니다"]);
  });
  it("tells addresses, routes, forwarding, cables and new interfaces", () => {
    const after = edit((d) => {
      d.machines[0]!.namespaces[0]!.interfaces[0]!.addresses = ["10.9.9.9/24"];
      d.machines[0]!.routes = 5;
      d.machines[1]!.ipForward = true;
      d.machines[2]!.namespaces[0]!.interfaces.push({ ...d.machines[2]!.namespaces[0]!.interfaces[0]!, ifindex: 9, name: "veth0" });
      d.cables[0]!.plugged = false;
    });
    expect(changes(threeMachines(), after, t)).toEqual([
      "enp0s1 of network01 has 10.9.9.9/24",
      "enp0s1 of network01 lost 192.168.150.2/24",
      "network01 has 5 routes",
      "router forwards packets",
      "veth0 appeared on network02",
      "The cable between network01 and router is unplugged",
    ]);
  });
});

/**
 * The words after `type KIND` of `ip link add|set`: veth's peer, bridge and bridge_slave settings, vlan's id. A kind
 * that is not here takes no words, as one that iproute2 does not know.
 */
import type { Call } from "../../kernel/abi.ts";
import type { Args } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { bridgeSlaveUsage, bridgeUsage, parseBridge, parseBridgeSlave } from "./link-bridge.ts";
import { parseVlan, vlanUsage } from "./link-vlan.ts";

export type KindData = Record<string, string | number | boolean>;

/** Kinds whose words are read here; a peer of veth is read by link.ts. */
export function* parseKind(ctx: Ctx, kind: string, args: Args): Call<KindData | null> {
  switch (kind) {
    case "bridge":
      return parseBridge(args);
    case "bridge_slave":
      return yield* parseBridgeSlave(ctx, args);
    case "vlan":
      return parseVlan(args);
    default:
      return null;
  }
}

export function vethUsage(): string {
  return "Usage: ip link <options> type veth [peer <options>]\nTo get <options> type 'ip link add help'\n";
}

/** `ip link help KIND`, or null for a kind without help. */
export function kindHelp(kind: string): string | null {
  switch (kind) {
    case "veth":
      return vethUsage();
    case "bridge":
      return bridgeUsage();
    case "bridge_slave":
      return bridgeSlaveUsage();
    case "vlan":
      return vlanUsage();
    default:
      return null;
  }
}

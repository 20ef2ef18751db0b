/** The part of ethtool's netlink family that reads and switches offloads (net/ethtool/features.c). */
import { Errno } from "../../core/result.ts";
import { featuresOf, setFeatures } from "../dev/features.ts";
import type { NetNs } from "../netns.ts";
import { type RtnlReply, type RtnlRequest, rtnlError } from "./messages.ts";

export function features(ns: NetNs, req: RtnlRequest & { type: "RTM_GETFEATURES" | "RTM_SETFEATURES" }): RtnlReply {
  const dev = ns.devs.get(req.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV, "no device matches name");
  if (req.type === "RTM_SETFEATURES" && !setFeatures(dev, req.wanted)) return rtnlError(Errno.EOPNOTSUPP, "bit name not found");
  return { ok: true, features: featuresOf(dev) };
}

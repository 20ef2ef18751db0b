/** Routing netlink's entry: one typed request in one namespace, one reply. Changing anything needs CAP_NET_ADMIN there. */
import { bug, Errno } from "../../core/result.ts";
import type { NetNs } from "../netns.ts";
import { delLink, getLink, linkProp, newLink, type RtnlCtx } from "./link.ts";
import { type RtnlReply, type RtnlRequest, rtnlError } from "./messages.ts";
import { dumpNsids, getNsid, newNsid } from "./nsid.ts";

export type { RtnlCtx } from "./link.ts";

export function rtnetlink(ns: NetNs, req: RtnlRequest, ctx: RtnlCtx): RtnlReply {
  if (!ctx.cred.netAdmin && !req.type.startsWith("RTM_GET")) return rtnlError(Errno.EPERM);
  switch (req.type) {
    case "RTM_GETLINK":
      return getLink(ns, req);
    case "RTM_NEWLINK":
      return newLink(ns, req, ctx);
    case "RTM_DELLINK":
      return delLink(ns, req);
    case "RTM_NEWLINKPROP":
    case "RTM_DELLINKPROP":
      return linkProp(ns, req);
    case "RTM_GETNSID":
      return req.ref ? getNsid(ns, ctx.resolveNetns(req.ref)) : dumpNsids(ns);
    case "RTM_NEWNSID":
      return newNsid(ns, ctx.resolveNetns(req.ref), req.nsid);
    default:
      return bug(`no handler for ${req.type}`);
  }
}

/** Routing netlink's entry: one typed request in one namespace, one reply. Changing anything needs CAP_NET_ADMIN there. */
import { Errno } from "../../core/result.ts";
import { changeLabel } from "../ip6/addrlabel.ts";
import type { NetNs } from "../netns.ts";
import { delAddr, getAddr, newAddr } from "./addr.ts";
import { features } from "./ethtool.ts";
import { addFdb, delFdb, dumpFdb, flushFdb, getFdbOne } from "./fdb.ts";
import { delLink, getLink, linkProp, newLink, type RtnlCtx } from "./link.ts";
import { type RtnlReply, type RtnlRequest, rtnlError } from "./messages.ts";
import { echoed } from "./echo.ts";
import { changeMulticast, getMulticast } from "./multicast.ts";
import { delNeigh, getNeigh, getNeighOne, newNeigh } from "./neigh.ts";
import { getNeighTables, setNeighTable } from "./neightbl.ts";
import { nexthop } from "./nexthop.ts";
import { askNsids, getNsid, newNsid } from "./nsid.ts";
import { delRoute, getRoute, newRoute } from "./route.ts";
import { delRule, getRule, newRule } from "./rule.ts";

export type { RtnlCtx } from "./link.ts";

const AF_BRIDGE = 7;

export function rtnetlink(ns: NetNs, req: RtnlRequest, ctx: RtnlCtx): RtnlReply {
  return req.echo ? echoed(ns, req, () => answer(ns, req, ctx)) : answer(ns, req, ctx);
}

function answer(ns: NetNs, req: RtnlRequest, ctx: RtnlCtx): RtnlReply {
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
      return req.ref ? getNsid(ns, ctx.resolveNetns(req.ref)) : askNsids(ns, req.nsid, req.targetNsid);
    case "RTM_NEWNSID":
      return newNsid(ns, ctx.resolveNetns(req.ref), req.nsid);
    case "RTM_GETFEATURES":
    case "RTM_SETFEATURES":
      return features(ns, req);
    case "RTM_NEWNEXTHOP":
    case "RTM_DELNEXTHOP":
    case "RTM_GETNEXTHOP":
      return nexthop(ns, req);
    case "RTM_GETADDRLABEL":
      return req.family === 10 || req.family === 0 ? { ok: true, labels: ns.ip6.labels } : rtnlError(Errno.EOPNOTSUPP);
    case "RTM_NEWADDRLABEL":
    case "RTM_DELADDRLABEL":
      return changeLabel(ns, req);
    case "RTM_GETNEIGHTBL":
      return getNeighTables(ns, req.family);
    case "RTM_SETNEIGHTBL":
      return setNeighTable(ns, req);
    case "RTM_GETMULTICAST":
      return getMulticast(ns);
    case "RTM_ADDMULTI":
    case "RTM_DELMULTI":
      return changeMulticast(ns, req);
    case "RTM_GETADDR":
      return getAddr(ns, req);
    case "RTM_NEWADDR":
      return newAddr(ns, req);
    case "RTM_DELADDR":
      return delAddr(ns, req);
    case "RTM_GETROUTE":
      return getRoute(ns, req, ctx.cred.uid);
    case "RTM_NEWROUTE":
      return newRoute(ns, req);
    case "RTM_DELROUTE":
      return delRoute(ns, req);
    case "RTM_GETNEIGH":
      return req.family === AF_BRIDGE ? dumpFdb(ns, req) : getNeigh(ns, req);
    case "RTM_GETNEIGH_ONE":
      return getNeighOne(ns, req);
    case "RTM_GETFDB_ONE":
      return getFdbOne(ns, req);
    case "RTM_DELNEIGH_BULK":
      return flushFdb(ns, req);
    case "RTM_NEWNEIGH":
      return req.neigh.family === AF_BRIDGE ? addFdb(ns, req) : newNeigh(ns, req.flags, req.neigh);
    case "RTM_DELNEIGH":
      return req.neigh.family === AF_BRIDGE ? delFdb(ns, req) : delNeigh(ns, req.neigh);
    case "RTM_GETRULE":
      return getRule(ns, req);
    case "RTM_NEWRULE":
      return newRule(ns, req.rule, req.flags);
    case "RTM_DELRULE":
      return delRule(ns, req.rule);
  }
}

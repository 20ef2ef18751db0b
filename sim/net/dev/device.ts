/**
 * struct net_device and the operations a kind of device supplies. Kind-specific state lives in `priv`, each protocol's
 * per-device state in its own field. A device is up when IFF_UP; it can carry frames when it is up and has carrier.
 */
import { LazyMap, LazySet } from "../../core/lazy.ts";
import type { InDevice } from "../ip/state.ts";
import type { Inet6Dev } from "../ip6/state.ts";
import type { NetNs } from "../netns.ts";
import type { LinkAttrs, RtnlError, RtnlReply } from "../rtnl/messages.ts";
import { IfOper } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import type { PacketTap } from "../sock/socket.ts";
import { type Conf4, type Conf6, type NeighConf, BLANK_DEVICE, NO_SETTINGS } from "../sysctl-conf.ts";

/** bytes; the most that a device may be given at once to cut up */
export const TSO_MAX_SIZE = 524280;

/** What a receive handler did with a frame (rx_handler_result_t). */
export const RxResult = { CONSUMED: 0, ANOTHER: 1, EXACT: 2, PASS: 3 } as const;
export type RxResult = (typeof RxResult)[keyof typeof RxResult];

/** ARPHRD_* that we have */
export type LinkType = "loopback" | "ether" | "none";

export interface DevOps {
  /** IFLA_INFO_KIND; "" for kinds that users cannot create (loopback, nic) */
  readonly kind: string;
  /** range of MTU that users may ask for; looked at before anything else of the request (rtnl_link_ops.validate) */
  readonly mtuRange?: readonly [number, number];
  /** rtnl_link_ops.validate of the kind itself: why a request that names it is refused */
  readonly validate?: (attrs: LinkAttrs) => RtnlError | null;
  /** hands a complete frame to the medium; takes the skb over. NET_XMIT of tx.ts; nothing means success */
  readonly xmit: (dev: NetDevice, skb: Skb) => number | void;
  /** ip link set up / down, after flags and before notifiers; -errno refuses */
  readonly open?: (dev: NetDevice) => number;
  readonly stop?: (dev: NetDevice) => void;
  /** makes devices for `ip link add type KIND`: the device asked for, or why not (then nothing was made) */
  readonly newlink?: (ns: NetNs, attrs: LinkAttrs, peerNs: NetNs) => NetDevice | RtnlError;
  readonly changelink?: (dev: NetDevice, attrs: LinkAttrs) => RtnlReply;
  /** before the device goes: also removes what goes with it (a veth's peer) */
  readonly dellink?: (dev: NetDevice) => void;
  /** IFLA_INFO_DATA for `ip -d link` */
  readonly fillInfo?: (dev: NetDevice) => Readonly<Record<string, string | number | boolean>>;
  readonly slaveInfo?: (dev: NetDevice) => Readonly<Record<string, string | number | boolean>>;
  /** IFLA_LINK: the peer or lower device */
  readonly link?: (dev: NetDevice) => NetDevice | null;
  /** a port is added to or removed from this master; the reply carries the kernel's words */
  readonly addSlave?: (dev: NetDevice, slave: NetDevice) => RtnlReply;
  readonly delSlave?: (dev: NetDevice, slave: NetDevice) => RtnlReply;
  /** IFLA_INFO_SLAVE_DATA and `bridge link set` */
  readonly changeSlave?: (dev: NetDevice, slave: NetDevice, attrs: Readonly<Record<string, string | number | boolean>>) => RtnlReply;
  /** ndo_change_carrier, for kinds whose carrier users may switch */
  readonly setCarrier?: (dev: NetDevice, on: boolean) => number;
  /** ndo_change_rx_flags and dev_mc_sync: one more (+1) or fewer (-1) wish of this device, for the one below it */
  readonly rxFilter?: (dev: NetDevice, what: "promisc" | "allmulti" | Uint8Array, inc: number) => void;
  readonly setMtu?: (dev: NetDevice, mtu: number) => number;
  readonly setAddress?: (dev: NetDevice, addr: Uint8Array) => number;
}

export class DevStats {
  rxPackets = 0;
  txPackets = 0;
  rxBytes = 0;
  txBytes = 0;
  rxErrors = 0;
  txErrors = 0;
  rxDropped = 0;
  txDropped = 0;
  multicast = 0;
  rxNohandler = 0;
  txCarrierErrors = 0;
}

export class NetDevice {
  ns: NetNs;
  readonly ops: DevOps;
  ifindex: number;
  name: string;
  alias = "";
  altnames: readonly string[] = [];
  /** IFF_* without the derived RUNNING and LOWER_UP */
  flags: number;
  /** IFF_PROMISC and IFF_ALLMULTI as the user asked for them; `promiscuity` and `allmulti` count everybody's wishes */
  gflags = 0;
  /** "none": packets have no link header, addresses no bytes */
  type: LinkType;
  addr: Uint8Array;
  broadcast: Uint8Array;
  /** address was given by the user, not made up (addr_assign_type) */
  addrSet = false;
  mtu: number;
  minMtu = 68;
  maxMtu = 65535;
  hardHeaderLen = 14;
  txqlen = 1000;
  group = 0;
  carrier = true;
  carrierChanges = 0;
  operstate: number = IfOper.UNKNOWN;
  dormant = false;
  linkmode = 0;
  promiscuity = 0;
  allmulti = 0;
  /** qdisc name as shown: "noop" until first up */
  qdisc = "noop";
  tsoMaxSize = 65536;
  /** offloads that somebody switched (ethtool -K), by name */
  wantedFeatures: Map<string, boolean> | null = null;
  numTxQueues = 1;
  numRxQueues = 1;
  master: NetDevice | null = null;
  /** bridge port, macvlan lower …: sees frames before the protocols */
  rxHandler: ((dev: NetDevice, skb: Skb) => RxResult) | null = null;
  rxPriv: object | null = null;
  /** AF_PACKET sockets bound to this device or to all */
  readonly taps: PacketTap[] = [];
  /** multicast MACs the device listens to, by hex, with their use count */
  readonly mc = new LazyMap<string, number>();
  /** unicast MACs besides its own (`bridge fdb add … self`), by hex; while there are any, a virtual device takes all frames */
  readonly uc = new LazySet<string>();
  /** those of them that were added by hand */
  mcStatic: Set<string> | null = null;
  readonly stats = new DevStats();
  priv: object | null;
  ip4: InDevice | null = null;
  ip6: Inet6Dev | null = null;
  /** Mbit/s as the driver tells it, 0 unknown */
  speed = 0;
  /** pci address for physical NICs, or null */
  parentdev: string | null = null;
  /** net.ipvN.conf.NAME and net.ipvN.neigh.NAME */
  /** sysctls written for this device itself ("ipv4/conf/rp_filter"): a change of "default" no longer reaches them */
  ownSettings: ReadonlySet<string> = NO_SETTINGS;
  /** the same for all IPv4 ones: it had an address once (ipv4_devconf_setall) */
  settingsFixed = false;
  conf4: Conf4;
  conf6: Conf6;
  neighConf4: NeighConf;
  neighConf6: NeighConf;
  /** does the transmit queue take frames (carrier, as far as linkwatch has seen it)? Otherwise they meet noop_qdisc */
  txActive = false;
  /** waits for linkwatch */
  linkwatchPending = false;
  /** frames on their way in, each with an RX timer armed, and when the last of them will have been taken */
  readonly backlog: Skb[] = [];
  rxBusyUntil = 0;
  /** IFF_NO_QUEUE: virtual devices hand frames over at once */
  noQueue = true;
  /** IFF_LIVE_ADDR_CHANGE: the MAC may change while up */
  liveAddrChange = true;
  /** NETIF_F_NETNS_LOCAL: cannot move to another namespace */
  netnsLocal = false;
  /** VLAN devices on this one, by vlanKey */
  vlans: Map<number, NetDevice> | null = null;
  /** on its way to another namespace, where what belongs to it goes on */
  moving = false;
  /** still registered? A device that is going must not be found again */
  registered = true;

  constructor(
    ns: NetNs,
    ops: DevOps,
    ifindex: number,
    name: string,
    type: LinkType,
    addr: Uint8Array,
    flags: number,
    mtu: number,
    priv: object | null,
  ) {
    this.ns = ns;
    this.ops = ops;
    this.ifindex = ifindex;
    this.name = name;
    this.type = type;
    this.addr = addr;
    this.broadcast = type === "none" ? new Uint8Array(0) : type === "ether" ? new Uint8Array(6).fill(255) : new Uint8Array(6);
    this.flags = flags;
    this.mtu = mtu;
    this.priv = priv;
    this.conf4 = BLANK_DEVICE.conf4;
    this.conf6 = BLANK_DEVICE.conf6;
    this.neighConf4 = BLANK_DEVICE.neigh4;
    this.neighConf6 = BLANK_DEVICE.neigh6;
  }
}

/**
 * A network namespace (struct net): its devices and, one field a subsystem, the state of each protocol. Subsystems own
 * the type and the content of their field; nobody else reaches into it except through that subsystem's functions.
 */
import { LazyMap } from "../core/lazy.ts";
import type { Prng } from "../core/prng.ts";
import type { NetDevice } from "./dev/device.ts";
import type { Ip4Ns } from "./ip/state.ts";
import type { Ip6Ns } from "./ip6/state.ts";
import type { RtnlListener } from "./rtnl/listener.ts";
import type { SockTable } from "./sock/table.ts";
import type { TcpNs } from "./tcp/state.ts";
import type { NetSysctl } from "./sysctl-conf.ts";
import type { NetWorld } from "./world.ts";

/** the number of a machine's first network namespace in /proc/PID/ns/net */
const INIT_INO = 4026531833;

export class NetNs {
  readonly id: number;
  readonly inode: number;
  readonly net: NetWorld;
  /** who it belongs to, for people and random streams: "network01" or "lab#3" */
  readonly label: string;
  /** host name of its machine, for views */
  readonly machine: string;
  /** the name below /run/netns under which people know it; "" the machine's first. For views only */
  alias = "";
  private readonly byIndex = new Map<number, NetDevice>();
  private readonly byName = new Map<string, NetDevice>();
  nextIfindex = 1;
  /** set by init functions in NetWorld.nsInit before anyone else sees the namespace */
  loopback: NetDevice = null as unknown as NetDevice;
  sysctl: NetSysctl = null as unknown as NetSysctl;
  ip4: Ip4Ns = null as unknown as Ip4Ns;
  ip6: Ip6Ns = null as unknown as Ip6Ns;
  socks: SockTable = null as unknown as SockTable;
  tcp: TcpNs = null as unknown as TcpNs;
  /** ids under which this namespace knows others (RTM_NEWNSID), by namespace id */
  readonly nsids = new LazyMap<number, number>();
  /** are these ids 0, 1, 2 … without a gap? */
  nsidsDense = true;
  /** sockets that listen to rtnetlink's multicast groups */
  readonly rtnlListeners: RtnlListener[] = [];
  /** where made-up MAC addresses come from */
  readonly macRng: Prng;
  /** processes, files, mounts that keep it alive */
  refs = 0;
  dead = false;
  /** is it a machine's first namespace (some sysctls exist only there)? */
  readonly initial: boolean;

  constructor(net: NetWorld, machine: string, label: string, initial: boolean) {
    this.net = net;
    this.id = net.nsId();
    this.inode = initial ? INIT_INO : net.nsInode();
    this.machine = machine;
    this.label = label;
    this.initial = initial;
    this.macRng = net.prng(`${label}/mac`);
  }

  /** by ifindex, in order of creation */
  get devs(): ReadonlyMap<number, NetDevice> {
    return this.byIndex;
  }
  /** by name or alternative name */
  devByName(name: string): NetDevice | null {
    return this.byName.get(name) ?? null;
  }
  /** list_netdevice: index and names must be free. */
  addDevice(dev: NetDevice): void {
    this.byIndex.set(dev.ifindex, dev);
    this.addName(dev, dev.name);
    for (const n of dev.altnames) this.addName(dev, n);
  }
  /** unlist_netdevice */
  removeDevice(dev: NetDevice): void {
    this.byIndex.delete(dev.ifindex);
    this.removeName(dev.name);
    for (const n of dev.altnames) this.removeName(n);
  }
  addName(dev: NetDevice, name: string): void {
    this.byName.set(name, dev);
  }
  removeName(name: string): void {
    this.byName.delete(name);
  }
}

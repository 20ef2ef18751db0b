/**
 * Options of addresses: those that act here, with the groups of addresses that take them, and those that the real socat
 * knows and this one refuses. A name in neither list is socat's "unknown option".
 */
import type { Call } from "../../kernel/abi.ts";
import type { Address } from "./address.ts";
import type { Log } from "./log.ts";

export const Group = { FD: 1, OPEN: 2, NAMED: 4, SOCKET: 8, IP: 16, CHILD: 32, INTERFACE: 64, TUN: 128, EXEC: 256 } as const;

interface Spec {
  readonly group: number;
  readonly kind: "flag" | "number" | "text";
}
const flag = (group: number): Spec => ({ group, kind: "flag" });
const number = (group: number): Spec => ({ group, kind: "number" });
const text = (group: number): Spec => ({ group, kind: "text" });

/** by canonical name; aliases below */
const OPTIONS: ReadonlyMap<string, Spec> = new Map<string, Spec>([
  ["append", flag(Group.FD | Group.OPEN)],
  ["nonblock", flag(Group.FD | Group.OPEN)],
  ["cloexec", flag(Group.FD)],
  ["ignoreeof", flag(Group.FD)],
  ["shut-none", flag(Group.FD)],
  ["null-eof", flag(Group.SOCKET)],
  ["creat", flag(Group.OPEN)],
  ["excl", flag(Group.OPEN)],
  ["trunc", flag(Group.OPEN)],
  ["rdonly", flag(Group.OPEN)],
  ["wronly", flag(Group.OPEN)],
  ["rdwr", flag(Group.OPEN)],
  ["mode", text(Group.NAMED)],
  ["unlink-close", flag(Group.NAMED)],
  ["bind", text(Group.SOCKET)],
  ["sourceport", text(Group.SOCKET)],
  ["reuseaddr", flag(Group.SOCKET)],
  ["broadcast", flag(Group.SOCKET)],
  ["so-bindtodevice", text(Group.SOCKET)],
  ["rcvbuf", number(Group.SOCKET)],
  ["sndbuf", number(Group.SOCKET)],
  ["mark", number(Group.SOCKET)],
  ["ttl", number(Group.IP)],
  ["tos", number(Group.IP)],
  ["ip-add-membership", text(Group.IP)],
  ["ipv6-join-group", text(Group.IP)],
  ["pf", text(Group.SOCKET)],
  ["fork", flag(Group.CHILD)],
  ["tun-name", text(Group.TUN)],
  ["tun-type", text(Group.TUN)],
  ["tun-device", text(Group.TUN)],
  ["iff-no-pi", flag(Group.TUN)],
  ["iff-up", flag(Group.INTERFACE)],
  ["iff-promisc", flag(Group.INTERFACE)],
  ["iff-noarp", flag(Group.INTERFACE)],
  ["iff-allmulti", flag(Group.INTERFACE)],
  ["iff-multicast", flag(Group.INTERFACE)],
  ["iff-debug", flag(Group.INTERFACE)],
  ["iff-notrailers", flag(Group.INTERFACE)],
  ["stderr", flag(Group.EXEC)],
  ["pipes", flag(Group.EXEC)],
]);
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["create", "creat"],
  ["o-creat", "creat"],
  ["o-excl", "excl"],
  ["o-trunc", "trunc"],
  ["o-rdonly", "rdonly"],
  ["o-wronly", "wronly"],
  ["o-rdwr", "rdwr"],
  ["o-append", "append"],
  ["o-nonblock", "nonblock"],
  ["perm", "mode"],
  ["reuse", "reuseaddr"],
  ["so-reuseaddr", "reuseaddr"],
  ["so-broadcast", "broadcast"],
  ["sp", "sourceport"],
  ["bindtodevice", "so-bindtodevice"],
  ["if", "so-bindtodevice"],
  ["interface", "so-bindtodevice"],
  ["so-rcvbuf", "rcvbuf"],
  ["so-sndbuf", "sndbuf"],
  ["so-mark", "mark"],
  ["ip-ttl", "ttl"],
  ["membership", "ip-add-membership"],
  ["add-membership", "ip-add-membership"],
  ["join-group", "ipv6-join-group"],
  ["ipttl", "ttl"],
  ["ip-tos", "tos"],
  ["protocol-family", "pf"],
  ["no-pi", "iff-no-pi"],
  ["up", "iff-up"],
  ["promisc", "iff-promisc"],
  ["noarp", "iff-noarp"],
  ["allmulti", "iff-allmulti"],
  ["multicast", "iff-multicast"],
  ["debug", "iff-debug"],
  ["notrailers", "iff-notrailers"],
  ["ignore-eof", "ignoreeof"],
]);

/** Known to socat 1.7.4 (the common ones of `socat -hh`), without effect here. */
const NOT_MODELLED: ReadonlySet<string> = new Set(
  (
    "pty stdin setsid ctty login nofork pgid su su-d substuser chroot chroot-early path fdin fdout sighup sigint sigquit " +
    "raw rawer echo cfmakeraw b9600 icanon icrnl onlcr isig opost wait-slave waitslave link pty-wait-slave " +
    "retry interval forever max-children backlog range tcpwrap allow-table deny-table lowport keepalive linger nodelay mss " +
    "connect-timeout accept-timeout ip-multicast-loop ip-multicast-ttl ip-multicast-if ip-options " +
    "ip-recverr ip-recvttl ip-recvtos ip-pktinfo ip-mtu-discover mtudiscover ip-freebind freebind ip-transparent so-priority priority " +
    "so-timestamp so-reuseport reuseport so-keepalive prototype socktype type ipv6only ipv6-v6only " +
    "readbytes lock lockfile waitlock seek ftruncate user group uid gid user-early chown chmod unlink unlink-early unlink-late " +
    "cr crnl crlf escape end-close shut-down shut-close shut-null cool-write f-setpipe-sz async sync iff-broadcast iff-loopback " +
    "iff-pointopoint iff-running iff-master iff-slave iff-portsel iff-automedia umask dash verify cert key cafile"
  ).split(" "),
);

/** The options of one address by canonical name; the last one of a name counts. */
export class Options {
  private readonly given = new Map<string, string | null>();
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** parseopts, and the check that the address belongs to the option's group. */
  *read(a: Address, groups: number, checkGroups: boolean): Call<void> {
    for (const o of a.options) {
      const name = ALIASES.get(o.name) ?? o.name;
      const spec = OPTIONS.get(name);
      if (spec === undefined) {
        if (NOT_MODELLED.has(name)) this.log.notSimulated(`option ${o.name}`);
        return yield* this.log.error(`parseopts_table(): unknown option "${o.name}"`);
      }
      if (checkGroups && (spec.group & groups) === 0)
        yield* this.log.error(`parseopts_table(): option "${o.name}" not supported with this address type`);
      if (spec.kind === "number" && o.value !== null && !/^(0x[0-9a-fA-F]+|[0-9]+)$/.test(o.value))
        yield* this.log.error(`parseopts(): missing numerical value of option "${o.name}=${o.value}"`);
      if (spec.kind === "text" && o.value === null) yield* this.log.error(`option "${o.name}": value required`);
      this.given.set(name, o.value);
    }
  }

  has(name: string): boolean {
    const v = this.given.get(name);
    return this.given.has(name) && v !== "0";
  }
  text(name: string): string | null {
    return this.given.get(name) ?? null;
  }
  number(name: string): number | null {
    const v = this.given.get(name);
    return v === undefined || v === null ? null : Number(v);
  }
}

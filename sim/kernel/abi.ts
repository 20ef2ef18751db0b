/**
 * The system call interface: all that a program (the shell, a command) can see of its machine. A program is a generator
 * that yields system calls; the kernel answers each with next(result). Programs hold no other reference to the world.
 *
 * Results follow the kernel's habit: a negative number is -errno. A call that blocks ends early with -EINTR when a
 * caught signal is pending (see sigaction). Time in ns. Every call costs 1 µs of virtual time on the machine's CPU.
 */
import type { RtnlEvent, RtnlReply, RtnlRequest } from "../net/rtnl/messages.ts";
import type { TraceQuery, TraceAnswer } from "../trace/query.ts";

// ---------------------------------------------------------------- constants

export const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  DIRECTORY: 0o200000,
  NOFOLLOW: 0o400000,
  CLOEXEC: 0o2000000,
} as const;

export const S_IF = {
  MT: 0o170000,
  SOCK: 0o140000,
  LNK: 0o120000,
  REG: 0o100000,
  BLK: 0o060000,
  DIR: 0o040000,
  CHR: 0o020000,
  IFO: 0o010000,
} as const;

export const Sig = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  WINCH: 28,
  POLL: 29,
} as const;
export type SigName = keyof typeof Sig;

/** What a process does with a signal. CATCH: blocking calls end with -EINTR and sigtake() hands it over. */
export type SigDisposition = "default" | "ignore" | "catch";

export const AF = { UNSPEC: 0, UNIX: 1, INET: 2, INET6: 10, NETLINK: 16, PACKET: 17 } as const;
export const SOCK = { STREAM: 1, DGRAM: 2, RAW: 3 } as const;
export const IPPROTO = { IP: 0, ICMP: 1, IGMP: 2, TCP: 6, UDP: 17, IPV6: 41, ICMPV6: 58, RAW: 255 } as const;

// ---------------------------------------------------------------- plain data

export interface Stat {
  readonly dev: number;
  readonly ino: number;
  /** type and permission bits */
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** ns of the realtime clock */
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly rdev: number;
}

export interface Dirent {
  readonly name: string;
  readonly ino: number;
  /** type bits as in Stat.mode */
  readonly type: number;
}

/** termios as far as a terminal session uses it. Bits by name, control characters as numbers (0 = disabled). */
export interface Termios {
  readonly icanon: boolean;
  readonly echo: boolean;
  readonly echoe: boolean;
  readonly echok: boolean;
  readonly echoctl: boolean;
  readonly isig: boolean;
  readonly iexten: boolean;
  readonly icrnl: boolean;
  readonly inlcr: boolean;
  readonly ixon: boolean;
  readonly opost: boolean;
  readonly onlcr: boolean;
  readonly tostop: boolean;
  readonly vmin: number;
  readonly vtime: number;
  readonly cc: Readonly<{
    intr: number;
    quit: number;
    erase: number;
    kill: number;
    eof: number;
    susp: number;
    werase: number;
    lnext: number;
    start: number;
    stop: number;
    eol: number;
    reprint: number;
  }>;
}

export interface Winsize {
  readonly rows: number;
  readonly cols: number;
}

export type SockAddr =
  | { readonly family: 2; readonly addr: number; readonly port: number }
  | { readonly family: 10; readonly addr: Uint8Array; readonly port: number; readonly scopeId: number }
  | {
      readonly family: 17;
      readonly ifindex: number;
      readonly protocol: number;
      readonly hatype: number;
      readonly pkttype: number;
      readonly addr: Uint8Array;
    }
  | { readonly family: 1; readonly path: string };

/**
 * Socket options by name; values are numbers, or an interface name for SO_BINDTODEVICE. PACKET_STATISTICS, read only: the
 * frames dropped for want of room since it was last asked. SO_LINGER takes the seconds, or -1 for off; 0 makes close() a reset.
 */
export type SockOpt =
  | "SO_BINDTODEVICE"
  | "SO_BROADCAST"
  | "SO_RCVBUF"
  | "SO_SNDBUF"
  | "SO_MARK"
  | "SO_REUSEADDR"
  | "SO_RCVTIMEO"
  | "SO_SNDTIMEO"
  | "SO_DONTROUTE"
  | "SO_ERROR"
  | "SO_PRIORITY"
  | "IP_TTL"
  | "IP_TOS"
  | "IP_MTU_DISCOVER"
  | "IP_RECVERR"
  | "IP_RECVTTL"
  | "IP_HDRINCL"
  | "IP_MTU"
  | "IP_MULTICAST_TTL"
  | "IP_MULTICAST_IF"
  | "IP_OPTIONS"
  // struct ip_mreqn and struct ipv6_mreq as bytes
  | "IP_ADD_MEMBERSHIP"
  | "IP_DROP_MEMBERSHIP"
  | "IPV6_JOIN_GROUP"
  | "IPV6_LEAVE_GROUP"
  | "IP_FREEBIND"
  | "ICMP_FILTER"
  | "IPV6_UNICAST_HOPS"
  | "IPV6_MULTICAST_HOPS"
  | "IPV6_MULTICAST_IF"
  | "IPV6_RECVERR"
  | "IPV6_RECVHOPLIMIT"
  | "IPV6_CHECKSUM"
  | "IPV6_MTU_DISCOVER"
  | "IPV6_V6ONLY"
  | "IPV6_TCLASS"
  | "IPV6_FLOWLABEL"
  | "ICMPV6_FILTER"
  | "IPV6_MTU"
  | "SO_KEEPALIVE"
  | "SO_LINGER"
  | "TCP_NODELAY"
  | "TCP_CORK"
  | "TCP_MAXSEG"
  | "TCP_KEEPIDLE"
  | "TCP_KEEPINTVL"
  | "TCP_KEEPCNT"
  | "TCP_CONGESTION"
  | "PACKET_PROMISC"
  | "PACKET_STATISTICS";

/** What came with a datagram. */
export interface RecvMeta {
  readonly data: Uint8Array;
  readonly from: SockAddr | null;
  /** length before truncation to the caller's buffer */
  readonly fullLength: number;
  /** realtime ns of reception */
  readonly tstamp: number;
  readonly ttl: number;
  readonly tos: number;
  readonly ifindex: number;
  /** from the error queue (MSG_ERRQUEUE): the ICMP error that arrived */
  readonly err: SockExtendedErr | null;
}

export interface SockExtendedErr {
  readonly errno: number; // positive
  readonly origin: "local" | "icmp" | "icmp6";
  readonly type: number;
  readonly code: number;
  /** e.g. the MTU */
  readonly info: number;
  /** who sent the ICMP error */
  readonly offender: SockAddr | null;
}

/** One socket as inet_diag reports it. Addresses of 4 or 16 bytes. */
export interface SockDiag {
  readonly kind: "tcp" | "udp" | "raw" | "icmp";
  readonly family: 2 | 10;
  /** net/tcp_states.h; datagram sockets are ESTABLISHED (1) or CLOSE (7) */
  readonly state: number;
  readonly local: Uint8Array;
  readonly sport: number;
  readonly remote: Uint8Array;
  readonly dport: number;
  readonly ifindex: number;
  /** of a listener: connections that wait, and how many may */
  readonly rqueue: number;
  readonly wqueue: number;
  readonly uid: number;
  /** 0 when nobody holds it */
  readonly ino: number;
  /** 0 none, 1 retransmission, 2 keepalive, 3 TIME-WAIT, 4 window probe; ms that are left; how often it has fired */
  readonly timer: number;
  readonly expires: number;
  readonly retrans: number;
  readonly rcvbuf: number;
  readonly sndbuf: number;
  readonly info: TcpInfo | null;
}

/** struct tcp_info as far as it is kept; times in us unless named otherwise. */
export interface TcpInfo {
  readonly ts: boolean;
  readonly sack: boolean;
  readonly wscale: readonly [number, number] | null;
  readonly congestion: string;
  /** ms */
  readonly rto: number;
  readonly rtt: number;
  readonly rttvar: number;
  readonly ato: number;
  readonly mss: number;
  readonly pmtu: number;
  readonly rcvmss: number;
  readonly advmss: number;
  readonly cwnd: number;
  /** 0: still at its greatest */
  readonly ssthresh: number;
  readonly bytesSent: number;
  readonly bytesRetrans: number;
  readonly bytesAcked: number;
  readonly bytesReceived: number;
  readonly segsOut: number;
  readonly segsIn: number;
  readonly dataSegsOut: number;
  readonly dataSegsIn: number;
  /** ms since */
  readonly lastsnd: number;
  readonly lastrcv: number;
  readonly lastack: number;
  readonly delivered: number;
  readonly unacked: number;
  readonly retrans: number;
  readonly retransTotal: number;
  readonly lost: number;
  readonly sacked: number;
  readonly rcvSpace: number;
  readonly rcvSsthresh: number;
  readonly minrtt: number;
  readonly sndWnd: number;
}

export interface PollFd {
  readonly fd: number;
  readonly read?: boolean;
  readonly write?: boolean;
}
export interface PollResult {
  readonly fd: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly hup: boolean;
  readonly err: boolean;
}

/** Status of a child as wait4 tells it. */
export interface WaitStatus {
  readonly pid: number;
  readonly kind: "exited" | "signaled" | "stopped" | "continued";
  /** exit code or signal number */
  readonly value: number;
}

/** A new process. It inherits credentials, cwd, umask, namespaces, session and ignored signals. */
export interface SpawnRequest {
  /** a program inside the engine (subshell, pipeline stage), or null to execute `path` */
  readonly main: Prog | null;
  /** path as given to execve (no PATH search); ignored with `main` */
  readonly path?: string;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** child fd -> parent fd. Only these are open in the child. Default: every open fd of the parent without CLOEXEC */
  readonly fds?: ReadonlyMap<number, number>;
  /** 0: a group of its own; undefined: the parent's */
  readonly pgid?: number;
  /** make its group the foreground group of this terminal fd (of the parent) before it runs */
  readonly foreground?: number;
  readonly cwd?: string;
  /** caught signals go back to default; these are set in the child */
  readonly sigs?: readonly (readonly [number, SigDisposition])[];
  /** short name shown by ps for a `main` process; default argv[0] */
  readonly comm?: string;
}

export interface CpuTimes {
  readonly user: number;
  readonly system: number;
  readonly childUser: number;
  readonly childSystem: number;
}

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** the person's uid where a set-user-id program (sudo) runs as root; absent: the same as uid */
  readonly ruid?: number;
}

export interface Uname {
  readonly sysname: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

export { TunF as TUN } from "../net/dev/tun/flags.ts";

/** ioctl(2) requests on an open /dev/net/tun. An empty name, or one with "%d", lets the kernel choose. */
export type TunRequest =
  | { readonly op: "TUNSETIFF"; readonly name: string; readonly flags: number }
  | { readonly op: "TUNGETIFF" }
  | { readonly op: "TUNSETPERSIST"; readonly on: boolean }
  | { readonly op: "TUNSETOWNER" | "TUNSETGROUP"; readonly id: number };
/** What TUNSETIFF and TUNGETIFF answer. */
export interface TunIfreq {
  readonly name: string;
  readonly flags: number;
}

/** Requests of the `lab` command to whoever runs the session. Answered by session/, -ENOSYS where there is none. */
export type LabRequest =
  | { readonly op: "goal" | "hint" | "check" | "undo" | "reset" | "describe" }
  | { readonly op: "plug" | "unplug"; readonly cable: string };
export interface LabAnswer {
  readonly text: string;
  readonly code: number;
}

// ---------------------------------------------------------------- the calls

/** A system call as it is yielded: a name and its arguments. Only Sys makes them. */
export interface Syscall {
  readonly nr: keyof SyscallTable;
  readonly args: readonly unknown[];
}
export type Call<T> = Generator<Syscall, T, unknown>;
/** A program. argv[0] is its name. The return value is the exit status (0–255). */
export type Prog = (sys: Sys, argv: readonly string[]) => Call<number>;

/**
 * All calls with their argument and result types. `number` results are >= 0, or -errno; results that are objects
 * come as `T | number` where a number is always -errno.
 */
export interface SyscallTable {
  // time and CPU
  /** Uses up CPU: n × 1 µs, n <= 10,000. -EINTR when a caught signal is pending. Loops without other calls yield one every 1,000 steps. */
  tick(n: number): number;
  /** -EINTR when interrupted; NEVER sleeps for ever */
  nanosleep(ns: number): number;
  clock_gettime(clock: "realtime" | "monotonic" | "boottime"): number;
  /** CPU time used by this process and by its children that were waited for, in ns */
  times(): CpuTimes;
  /** 32 random bits from this process' own stream */
  getrandom(): number;

  // files
  open(path: string, flags: number, mode: number): number;
  close(fd: number): number;
  read(fd: number, n: number): Uint8Array | number;
  /** writes all of it (blocking as needed) unless the file is O_NONBLOCK. -EPIPE comes with SIGPIPE */
  write(fd: number, data: Uint8Array): number;
  lseek(fd: number, offset: number, whence: "set" | "cur" | "end"): number;
  ftruncate(fd: number, size: number): number;
  pipe(flags: number): readonly [number, number] | number;
  dup(fd: number, min: number): number;
  dup2(from: number, to: number): number;
  /** current flags, or set O_NONBLOCK/O_APPEND */
  fcntl_flags(fd: number, set: number | null): number;
  fcntl_cloexec(fd: number, on: boolean): number;
  poll(fds: readonly PollFd[], timeout: number): readonly PollResult[] | number;
  stat(path: string): Stat | number;
  lstat(path: string): Stat | number;
  fstat(fd: number): Stat | number;
  access(path: string, mode: number): number;
  readdir(path: string): readonly Dirent[] | number;
  mkdir(path: string, mode: number): number;
  rmdir(path: string): number;
  unlink(path: string): number;
  rename(from: string, to: string): number;
  link(from: string, to: string): number;
  symlink(target: string, path: string): number;
  readlink(path: string): string | number;
  chmod(path: string, mode: number): number;
  chown(path: string, uid: number, gid: number): number;
  utimens(path: string, atime: number, mtime: number): number;
  mkfifo(path: string, mode: number): number;
  chdir(path: string): number;
  getcwd(): string;
  umask(mask: number): number;

  // terminals
  isatty(fd: number): number; // 1, or -ENOTTY
  ttyname(fd: number): string | number;
  tcgetattr(fd: number): Termios | number;
  tcsetattr(fd: number, t: Termios): number;
  winsize(fd: number): Winsize | number;
  /** TIOCSWINSZ: SIGWINCH to the foreground group when it changes */
  setwinsize(fd: number, size: Winsize): number;
  tcgetpgrp(fd: number): number;
  tcsetpgrp(fd: number, pgid: number): number;

  // processes
  /** pid of the child, or -errno (-ENOENT, -EACCES, -ENOEXEC for `path`, -EAGAIN at the process limit) */
  spawn(req: SpawnRequest): number;
  /** replaces the program of this process; returns only with -errno */
  execve(path: string, argv: readonly string[], env: ReadonlyMap<string, string>): number;
  /** pid -1 any child, > 0 that child, < -1 group. null: nothing yet (nohang) */
  wait4(
    pid: number,
    opts: { readonly nohang?: boolean; readonly untraced?: boolean; readonly continued?: boolean },
  ): WaitStatus | null | number;
  kill(pid: number, sig: number): number;
  getpid(): number;
  getppid(): number;
  getpgid(pid: number): number;
  setpgid(pid: number, pgid: number): number;
  setsid(): number;
  sigaction(sig: number, what: SigDisposition): SigDisposition | number;
  /** takes the pending caught signals, oldest first */
  sigtake(): readonly number[];
  /** sleeps until a caught signal is pending; always -EINTR */
  pause(): number;
  /** SIGALRM after ns (0 cancels); the ns that were left */
  alarm(ns: number): number;
  getcred(): Credentials;
  /** root may become anyone */
  setcred(c: Credentials): number;
  getenv(): ReadonlyMap<string, string>;

  // machine
  uname(): Uname;
  sethostname(name: string): number;
  /** syslog(2): SYSLOG_ACTION_CLEAR hides what the kernel log holds from new readers of /dev/kmsg */
  klogctl(action: "clear"): number;

  // namespaces
  unshare(what: "net" | "mnt" | "uts"): number;
  /** fd of an nsfs file, or a process' /proc/PID/ns/net */
  setns(fd: number): number;
  /** mount --bind of a file or directory; of /proc/self/ns/net onto a file for `ip netns add` */
  mount_bind(source: string, target: string): number;
  /** mount(2) of a new, empty tmpfs. Options: mode=OCTAL, size=N[kmg%], nr_inodes, and what stands in /proc/mounts without effect; -EINVAL for others */
  mount_tmpfs(source: string, target: string, options: string): number;
  umount(target: string): number;
  /** mounts sysfs afresh on /sys of the caller's mount namespace: from now on it shows the caller's network namespace */
  mount_sysfs(): number;

  // sockets
  socket(family: number, type: number, protocol: number): number;
  bind(fd: number, addr: SockAddr): number;
  connect(fd: number, addr: SockAddr): number;
  sendto(fd: number, data: Uint8Array, to: SockAddr | null, flags: number): number;
  /** `errqueue`: MSG_ERRQUEUE (never blocks). timeout in ns (NEVER waits for ever, 0 polls) gives -EAGAIN */
  recvfrom(fd: number, max: number, opts: { readonly errqueue?: boolean; readonly timeout?: number }): RecvMeta | number;
  setsockopt(fd: number, opt: SockOpt, value: number | string | Uint8Array): number;
  getsockopt(fd: number, opt: SockOpt): number;
  getsockname(fd: number): SockAddr | number;
  getpeername(fd: number): SockAddr | number;
  shutdown(fd: number, how: "rd" | "wr" | "rdwr"): number;
  /** stream sockets; -EOPNOTSUPP for others */
  listen(fd: number, backlog: number): number;
  /** the descriptor of the next connection; getpeername() tells whose. Blocks unless O_NONBLOCK */
  accept(fd: number): number;
  /** struct tcp_info and what inet_diag tells of every socket of the caller's network namespace, in the order of `ss` */
  sock_diag(): readonly SockDiag[];

  /** ioctl on /dev/net/tun: 0 or the device, or -errno (-ENOTTY on any other file) */
  tunctl(fd: number, req: TunRequest): TunIfreq | number;

  // routing netlink: one request, one reply, in the caller's namespace
  rtnetlink(req: RtnlRequest): RtnlReply;
  /** a socket that is told of every change in the caller's namespace from now on; poll() works on it */
  rtnl_listen(): number;
  /** the next message; -ENOBUFS once after some were lost */
  rtnl_event(fd: number): RtnlEvent | number;

  // beyond Linux
  /** what is installed at that path (options and completion of a command, for Tab); -ENOEXEC for scripts and other files */
  cmdinfo(path: string): Command | number;
  /** an interactive shell is at its first prompt again; its last command line ended with `status`. For views, never for behaviour */
  prompt(status: number): number;
  trace(q: TraceQuery): TraceAnswer;
  lab(req: LabRequest): LabAnswer | number;
}

/** `const n = yield* sys.read(0, 4096)`: one typed generator method per call. */
export type Sys = {
  readonly [K in keyof SyscallTable]: (...args: Parameters<SyscallTable[K]>) => Call<ReturnType<SyscallTable[K]>>;
};

// ---------------------------------------------------------------- commands

/** An option of a command, for parsing, --help, completion, man page, fuzzing and the not-modelled list. */
export interface OptionSpec {
  /** "-c", "--count" */
  readonly names: readonly string[];
  /** name of its argument, when it takes one */
  readonly arg?: string;
  /** one line, in our own words */
  readonly help: string;
  /** the real tool has it and we do not */
  readonly notModelled?: true;
}

export interface ManPage {
  /** "list directory contents" */
  readonly summary: string;
  readonly synopsis: readonly string[];
  /** paragraphs, in our own words */
  readonly description: readonly string[];
  readonly examples?: readonly { readonly cmd: string; readonly what: string }[];
  readonly seeAlso?: readonly string[];
}

export interface Command {
  readonly name: string;
  /** where it is installed: "/usr/sbin/tcpdump"; more paths for links to it */
  readonly paths: readonly string[];
  /** the Debian package and version it stands for */
  readonly pkg: string;
  readonly main: Prog;
  readonly options: readonly OptionSpec[];
  readonly man: ManPage;
  /** words that may follow what was typed (argv so far, the last one unfinished), for Tab. May make system calls */
  readonly complete?: (sys: Sys, argv: readonly string[]) => Call<readonly string[]>;
}

/**
 * A machine: host name, users, file systems, terminals, processes and its first network namespace. Pid 1 is an init that
 * only adopts and reaps. Created by World.addMachine.
 */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import type { Prng } from "../core/prng.ts";
import { bug, Errno } from "../core/result.ts";
import { type Timer, TimerKind } from "../core/scheduler.ts";
import { buildDev } from "../fs/devfs.ts";
import { accountFiles, FIRST_UID, SUDO_GID } from "../fs/image.ts";
import { FileNode, MemDir } from "../fs/memfs.ts";
import { type Loc, type MountInfo, MountNs } from "../fs/mount.ts";
import { OverlayDir } from "../fs/overlay.ts";
import { buildProc } from "../fs/procfs.ts";
import { buildSys } from "../fs/sysfs.ts";
import { type DirNode, type Inode, SuperBlock } from "../fs/vfs.ts";
import { resolve, resolveParent, type Walker } from "../fs/walk.ts";
import { createNetNs } from "../net/index.ts";
import type { NetNs } from "../net/netns.ts";
import { KERN, type KernelLog } from "../net/printk.ts";
import type { Credentials, Winsize } from "./abi.ts";
import { type InitSpawn, spawnFromInit } from "./exec.ts";
import { FdTable } from "./fd.ts";
import { HostSink, HostSource, HostTape } from "./hostfile.ts";
import { nsGet, NsNode } from "./nsfs.ts";
import { PipeInode } from "./pipe.ts";
import { Process, Session, State } from "./process.ts";
import { procSource } from "./procinfo.ts";
import { KERNEL } from "./release.ts";
import { startSyslog } from "./syslog.ts";
import { sysSource } from "./sysinfo.ts";
import { Tty } from "./tty.ts";
import { TtyFile } from "./ttyfile.ts";
import type { World } from "./world.ts";

export interface MachineOptions {
  readonly name: string;
  /** people besides root; they may sudo */
  readonly users?: readonly string[];
  /** does a syslog daemon write the kernel's messages to /var/log/kern.log? Yes, unless it is said */
  readonly syslog?: boolean;
  /** lines of /etc/hosts after those for localhost and the own name */
  readonly hosts?: readonly string[];
}

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** the number of a machine's first UTS namespace */
const UTS_INIT_INO = 4026531838;
const PID_MAX = 4_194_304;
const ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const USER_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games";

export class Machine {
  readonly name: string;
  readonly world: World;
  readonly users: readonly string[];
  readonly rng: Prng;
  readonly bootedAt: number;
  readonly rootNs: NetNs;
  readonly kernelLog: KernelLog;
  /** pipes' and sockets' inodes */
  readonly pipefs: SuperBlock;
  private readonly nsfs: SuperBlock;
  private readonly disk: SuperBlock;
  private readonly rootMnt: MountNs;
  /** by pid, in order of creation */
  readonly procs = new Map<number, Process>();
  readonly init: Process;
  /** by number */
  readonly ttys = new Map<number, Tty>();
  nextNsLabel = 1;
  private lastPid = 0;

  /** see sysctl.ts */
  sysctlPaths: { readonly key: string; readonly paths: readonly string[] } = { key: "", paths: [] };

  /** processes that want the CPU, in order */
  readonly runq: Process[] = [];
  cpuTimer: Timer | null = null;
  cpuFreeAt = 0;
  /** a step is under way */
  running = false;
  /** CPU used by it */
  cost = 0;

  constructor(world: World, opts: MachineOptions) {
    this.world = world;
    this.name = opts.name;
    this.users = opts.users ?? [];
    this.rng = world.prng.split(opts.name);
    this.bootedAt = world.sched.now;
    this.kernelLog = world.net.kernelLog(opts.name);
    this.kernelLog.append(this.bootedAt, 0, KERN.NOTICE, `Linux version ${KERNEL.release} ${KERNEL.version}`);
    this.rootNs = createNetNs(world.net, opts.name, opts.name, true);
    this.disk = new SuperBlock("ext4", world.nextDev(), world);
    this.pipefs = new SuperBlock("pipefs", world.nextDev(), world);
    this.nsfs = new SuperBlock("nsfs", world.nextDev(), world);
    const root = new OverlayDir(this.disk, world.image, null, "");
    this.rootMnt = MountNs.create(root, { source: "/dev/vda1", type: "ext4", options: "rw,relatime,errors=remount-ro" });
    const uts = { ino: UTS_INIT_INO, nodename: opts.name };
    this.init = new Process(this, this.newPid(), null, new Session(1), 1, {
      comm: "systemd",
      argv: ["/sbin/init"],
      env: new Map(),
      cred: { uid: 0, gid: 0, groups: [0] },
      cwd: this.rootMnt.root,
      net: nsGet(this.rootNs),
      mnt: this.rootMnt,
      uts,
      fds: new FdTable(),
    });
    this.init.state = State.BLOCKED;
    this.procs.set(1, this.init);
    this.mountKernelFs();
    this.writeHostFiles(opts);
    if (opts.syslog !== false) startSyslog(this);
  }

  private mountKernelFs(): void {
    const sb = (type: string): SuperBlock => new SuperBlock(type, this.world.nextDev(), this.world);
    this.mount("/sys", buildSys(sb("sysfs"), sysSource(this)), {
      source: "sysfs",
      type: "sysfs",
      options: "rw,nosuid,nodev,noexec,relatime",
    });
    this.mount("/proc", buildProc(sb("proc"), procSource(this)), {
      source: "proc",
      type: "proc",
      options: "rw,nosuid,nodev,noexec,relatime",
    });
    const dev = buildDev(sb("devtmpfs"), { numbers: () => [...this.ttys.keys()], owner: (n) => this.ttys.get(n)?.uid ?? null });
    this.mount("/dev", dev, { source: "udev", type: "devtmpfs", options: "rw,nosuid,relatime,mode=755" });
    const run = sb("tmpfs");
    const runRoot = new MemDir(run, 0o755, null, "");
    runRoot.insert("lock", new MemDir(run, 0o1777, runRoot, "lock"));
    runRoot.insert("user", new MemDir(run, 0o755, runRoot, "user"));
    this.mount("/run", runRoot, { source: "tmpfs", type: "tmpfs", options: "rw,nosuid,nodev,noexec,relatime,mode=755" });
    this.mount("/tmp", new MemDir(sb("tmpfs"), 0o1777, null, ""), { source: "tmpfs", type: "tmpfs", options: "rw,nosuid,nodev,relatime" });
  }

  private mount(path: string, root: Inode, info: MountInfo): void {
    const at = resolve(this.rootWalker, path, true);
    if (typeof at === "number") bug(`no ${path} to mount on`);
    this.rootMnt.add(at, root, info);
  }

  private writeHostFiles(opts: MachineOptions): void {
    const accounts = accountFiles(this.users);
    this.writeFile("/etc/passwd", accounts.passwd);
    this.writeFile("/etc/group", accounts.group);
    this.writeFile("/etc/hostname", `${this.name}\n`);
    const extra = (opts.hosts ?? []).map((l) => `${l}\n`).join("");
    this.writeFile("/etc/hosts", `127.0.0.1\tlocalhost\n127.0.1.1\t${this.name}\n${extra}`);
    this.writeFile("/etc/resolv.conf", "");
    this.users.forEach((name, i) => {
      const home = new MemDir(this.disk, 0o755, null, name);
      home.uid = home.gid = FIRST_UID + i;
      (this.dir("/home") as DirNode).insert(name, home);
    });
  }

  // ------------------------------------------------------------ files, from outside

  get rootWalker(): Walker {
    return { ctx: { cred: this.init.cred, caller: this.init }, mounts: this.rootMnt, cwd: this.rootMnt.root };
  }
  private dir(path: string): Inode {
    const at = resolve(this.rootWalker, path, true);
    return typeof at === "number" ? bug(`no directory ${path}`) : at.node;
  }
  /** Writes a file as root, making directories on the way. 0 or -errno. */
  writeFile(path: string, text: string | Uint8Array, mode = 0o644): number {
    const data = typeof text === "string" ? utf8(text) : text;
    const w = this.rootWalker;
    const found = resolve(w, path, true);
    if (typeof found !== "number") {
      if (!(found.node instanceof FileNode)) return -Errno.EISDIR;
      found.node.truncate(0);
      const r = found.node.writeAt(0, data);
      return r < 0 ? r : 0;
    }
    let at = resolveParent(w, path);
    if (typeof at === "number") {
      this.makeDirs(path.slice(0, path.lastIndexOf("/")));
      at = resolveParent(w, path);
      if (typeof at === "number") return at;
    }
    const dir = at.dir.node as DirNode;
    const node = new FileNode(dir.sb, mode);
    const err = dir.insert(at.name, node);
    if (err !== 0) return err;
    const r = node.writeAt(0, data);
    return r < 0 ? r : 0;
  }
  /** Adds to the end of a file as root; makes it when it is not there. What cannot be written is lost. */
  appendFile(path: string, text: string, mode: number): void {
    const found = resolve(this.rootWalker, path, true);
    if (typeof found === "number") this.writeFile(path, text, mode);
    else if (found.node instanceof FileNode) found.node.writeAt(found.node.size, utf8(text));
  }
  private makeDirs(path: string): void {
    let done = "";
    for (const name of path.split("/")) {
      if (name === "") continue;
      const next = `${done}/${name}`;
      if (typeof resolve(this.rootWalker, next, true) === "number") {
        const parent = this.dir(done === "" ? "/" : done) as DirNode;
        parent.insert(name, new MemDir(parent.sb, 0o755, parent, name));
      }
      done = next;
    }
  }
  /** Content of a regular file, or null. */
  readFile(path: string): Uint8Array | null {
    const at = resolve(this.rootWalker, path, true);
    return typeof at !== "number" && at.node instanceof FileNode ? at.node.readAt(0, at.node.size) : null;
  }
  /** The place of a namespace file: what /proc/PID/ns/net leads to. */
  nsLoc(ns: NetNs): Loc {
    return { mnt: this.rootMnt.root.mnt, node: new NsNode(this.nsfs, ns), dir: null, name: `net:[${ns.inode}]` };
  }

  // ------------------------------------------------------------ processes

  newPid(): number {
    do {
      this.lastPid = this.lastPid >= PID_MAX ? 300 : this.lastPid + 1;
    } while (this.procs.has(this.lastPid));
    return this.lastPid;
  }
  armDeadline(p: Process, delay: number): Timer {
    return this.world.sched.arm(TimerKind.DEADLINE, p, delay);
  }
  /** The account of that name in /etc/passwd. People of the lab can log in even where someone spoilt that file. */
  account(name: string): Account | null {
    const text = this.readFile("/etc/passwd");
    for (const line of fromUtf8(text ?? new Uint8Array(0)).split("\n")) {
      const f = line.split(":");
      if (f[0] === name && f.length >= 7) return { name, uid: Number(f[2]), gid: Number(f[3]), home: f[5]!, shell: f[6]! };
    }
    if (name === "root") return { name, uid: 0, gid: 0, home: "/root", shell: "/bin/bash" };
    const i = this.users.indexOf(name);
    return i < 0 ? null : { name, uid: FIRST_UID + i, gid: FIRST_UID + i, home: `/home/${name}`, shell: "/bin/bash" };
  }
  credentials(a: Account): Credentials {
    const groups = a.uid === 0 ? [0] : this.users.includes(a.name) ? [a.gid, SUDO_GID] : [a.gid];
    return { uid: a.uid, gid: a.gid, groups };
  }
  /** What login(1) gives a shell to start with. */
  loginEnv(a: Account): Map<string, string> {
    return new Map([
      ["HOME", a.home],
      ["USER", a.name],
      ["LOGNAME", a.name],
      ["SHELL", a.shell],
      ["PATH", a.uid === 0 ? ROOT_PATH : USER_PATH],
      ["LANG", "C.UTF-8"],
      ["PWD", a.home],
    ]);
  }
  /** Starts a program as a child of init; its descriptors are given over. -errno when it cannot be started. */
  spawnInit(req: InitSpawn): Process | number {
    return spawnFromInit(this, req);
  }

  // ------------------------------------------------------------ terminals

  openTty(size: Winsize, uid = 0): Tty {
    let n = 0;
    while (this.ttys.has(n)) n++;
    const tty = new Tty(this, n, uid, size);
    this.ttys.set(n, tty);
    return tty;
  }
  /** The host is done with a terminal. */
  closeTty(tty: Tty): void {
    tty.hangup();
    this.ttys.delete(tty.n);
  }
  /** Logs a person in on a terminal: their login shell, leader of a session of its own. Null for an unknown user or shell. */
  login(tty: Tty, user: string): Process | null {
    const a = this.account(user);
    if (!a) return null;
    const at = resolve(this.rootWalker, `/dev/pts/${tty.n}`, true);
    if (typeof at === "number") return null;
    const fds = new FdTable();
    const file = new TtyFile(tty, at.node, 2, at);
    for (const fd of [0, 1, 2]) fds.set(fd, file, false);
    const env = this.loginEnv(a);
    env.set("TERM", "xterm-256color");
    const shell = a.shell.slice(a.shell.lastIndexOf("/") + 1);
    const p = this.spawnInit({ path: a.shell, argv: [`-${shell}`], env, cred: this.credentials(a), cwd: a.home, fds });
    if (typeof p === "number") {
      fds.closeAll();
      return null;
    }
    p.session.tty = tty;
    tty.session = p.session;
    tty.fgPgid = p.pgid;
    return p;
  }

  // ------------------------------------------------------------ pipes to the host

  hostSink(limit?: number): HostSink {
    return new HostSink(new PipeInode(this.pipefs), limit);
  }
  hostSource(): HostSource {
    return new HostSource(new PipeInode(this.pipefs));
  }
  hostTape(): HostTape {
    return new HostTape(new PipeInode(this.pipefs));
  }
}

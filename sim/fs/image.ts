/**
 * The base image of every machine: the parts of a Debian 12 root file system that a network course meets, and one file
 * per installed command. A command's file holds an ELF-like header and a marker with the command's name; execve() looks
 * for the marker, so a copied or linked program still runs.
 *
 * Left out: shared libraries, documentation, package databases.
 */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { fnv1a } from "../core/hash.ts";
import type { ImageDir, ImageEntry, ImageFile } from "./overlay.ts";

/** What the image needs to know of a command. */
export interface Installed {
  readonly name: string;
  readonly paths: readonly string[];
}

const MARKER = "\0hop-command:";
/** where the marker stands in a program file */
const MARKER_AT = 64;
/** ELF64, little endian, System V, position-independent executable, x86-64 */
const ELF = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0, 1, 0, 0, 0];
const SETUID = ["sudo", "su", "mount", "umount", "passwd"];
const CAP_NET_RAW = ["ping", "arping"];

/** Builds the tree; share the result between machines. */
export function buildImage(commands: readonly Installed[]): ImageDir {
  const root = dir(0o755);
  for (const d of DIRS) mkdirs(root, d);
  for (const d of ["/tmp", "/var/tmp", "/run/lock", "/dev/shm"]) setMode(root, d, 0o1777);
  setMode(root, "/root", 0o700);
  for (const [from, to] of LINKS) put(root, from, { kind: "link", to });
  for (const [path, text] of FILES) put(root, path, textFile(text));
  for (const c of commands) {
    const file = programFile(c.name);
    for (const p of c.paths) put(root, canonical(p), file);
  }
  return root;
}

/** The name of the command that this file is, or null for any other file. */
export function commandOf(data: Uint8Array): string | null {
  if (data.length < MARKER_AT + MARKER.length || data[0] !== 0x7f) return null;
  for (let i = 0; i < MARKER.length; i++) if (data[MARKER_AT + i] !== MARKER.charCodeAt(i)) return null;
  const from = MARKER_AT + MARKER.length;
  let to = from;
  while (to < data.length && data[to] !== 0) to++;
  return fromUtf8(data, from, to);
}

function textFile(text: string): ImageFile {
  const data = utf8(text);
  return { kind: "file", mode: 0o644, data, size: data.length, capNetRaw: false };
}

function programFile(name: string): ImageFile {
  const data = new Uint8Array(MARKER_AT + MARKER.length + name.length);
  data.set(ELF);
  data.set(utf8(MARKER + name), MARKER_AT);
  // a size in the range of small Debian programs, different from command to command
  const size = 14_336 + (fnv1a(name) % 6000) * 8;
  return { kind: "file", mode: SETUID.includes(name) ? 0o4755 : 0o755, data, size, capNetRaw: CAP_NET_RAW.includes(name) };
}

/** /bin, /sbin and /lib are links into /usr */
function canonical(path: string): string {
  return path.startsWith("/bin/") || path.startsWith("/sbin/") || path.startsWith("/lib/") ? `/usr${path}` : path;
}

function dir(mode: number): ImageDir {
  return { kind: "dir", mode, children: new Map() };
}

function mkdirs(root: ImageDir, path: string): ImageDir {
  let d = root;
  for (const name of path.split("/")) {
    if (name === "") continue;
    let e = d.children.get(name);
    if (!e || e.kind !== "dir") {
      e = dir(0o755);
      d.children.set(name, e);
    }
    d = e;
  }
  return d;
}

function put(root: ImageDir, path: string, e: ImageEntry): void {
  const i = path.lastIndexOf("/");
  mkdirs(root, path.slice(0, i)).children.set(path.slice(i + 1), e);
}

function setMode(root: ImageDir, path: string, mode: number): void {
  const old = mkdirs(root, path);
  put(root, path, { kind: "dir", mode, children: old.children });
}

const DIRS = [
  "/boot",
  "/dev/pts",
  "/dev/shm",
  "/etc/default",
  "/etc/iproute2",
  "/etc/network/interfaces.d",
  "/etc/profile.d",
  "/etc/sysctl.d",
  "/etc/systemd",
  "/etc/sudoers.d",
  "/home",
  "/media",
  "/mnt",
  "/opt",
  "/proc",
  "/root",
  "/run/lock",
  "/run/user",
  "/srv",
  "/sys",
  "/tmp",
  "/usr/bin",
  "/usr/sbin",
  "/usr/lib",
  "/usr/lib64",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/usr/local/lib",
  "/usr/share",
  "/usr/include",
  "/usr/games",
  "/var/backups",
  "/var/cache",
  "/var/lib",
  "/var/log",
  "/var/mail",
  "/var/spool",
  "/var/tmp",
  "/var/opt",
  "/var/local",
];

const LINKS: readonly (readonly [string, string])[] = [
  ["/bin", "usr/bin"],
  ["/sbin", "usr/sbin"],
  ["/lib", "usr/lib"],
  ["/lib64", "usr/lib64"],
  ["/var/run", "/run"],
  ["/var/lock", "/run/lock"],
  ["/etc/mtab", "../proc/self/mounts"],
  ["/etc/os-release", "../usr/lib/os-release"],
  ["/etc/localtime", "/usr/share/zoneinfo/Etc/UTC"],
];

const FILES: readonly (readonly [string, string])[] = [
  [
    "/usr/lib/os-release",
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n' +
      'HOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n',
  ],
  ["/etc/debian_version", "12.12\n"],
  ["/etc/issue", "Debian GNU/Linux 12 \\n \\l\n\n"],
  ["/etc/timezone", "Etc/UTC\n"],
  [
    "/etc/nsswitch.conf",
    "passwd:         files\ngroup:          files\nshadow:         files\n\nhosts:          files dns\nnetworks:       files\n\nprotocols:      db files\nservices:       db files\nethers:         db files\nrpc:            db files\n",
  ],
  ["/etc/host.conf", "multi on\n"],
  ["/etc/shells", "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n"],
  ["/etc/networks", "default\t\t0.0.0.0\nloopback\t127.0.0.0\nlink-local\t169.254.0.0\n"],
  [
    "/etc/sysctl.conf",
    "# Settings of the kernel, applied at boot. See sysctl.conf(5).\n#net.ipv4.ip_forward=1\n#net.ipv6.conf.all.forwarding=1\n",
  ],
  [
    "/etc/protocols",
    "ip\t0\tIP\nicmp\t1\tICMP\nigmp\t2\tIGMP\nipencap\t4\tIP-ENCAP\ntcp\t6\tTCP\negp\t8\tEGP\nudp\t17\tUDP\ndccp\t33\tDCCP\nipv6\t41\tIPv6\nipv6-route\t43\tIPv6-Route\nipv6-frag\t44\tIPv6-Frag\n" +
      "gre\t47\tGRE\nesp\t50\tIPSEC-ESP\nah\t51\tIPSEC-AH\nipv6-icmp\t58\tIPv6-ICMP\nipv6-nonxt\t59\tIPv6-NoNxt\nipv6-opts\t60\tIPv6-Opts\nospf\t89\tOSPFIGP\nipip\t94\tIPIP\npim\t103\tPIM\nvrrp\t112\tVRRP\nsctp\t132\tSCTP\nudplite\t136\tUDPLite\n",
  ],
  [
    "/etc/services",
    "tcpmux\t\t1/tcp\necho\t\t7/tcp\necho\t\t7/udp\ndiscard\t\t9/tcp\t\tsink null\ndiscard\t\t9/udp\t\tsink null\ndaytime\t\t13/tcp\ndaytime\t\t13/udp\nftp-data\t20/tcp\nftp\t\t21/tcp\nssh\t\t22/tcp\ntelnet\t\t23/tcp\n" +
      "smtp\t\t25/tcp\t\tmail\ntime\t\t37/tcp\t\ttimserver\ntime\t\t37/udp\t\ttimserver\ndomain\t\t53/tcp\ndomain\t\t53/udp\nbootps\t\t67/udp\nbootpc\t\t68/udp\ntftp\t\t69/udp\nhttp\t\t80/tcp\t\twww\nkerberos\t88/tcp\nkerberos\t88/udp\n" +
      "pop3\t\t110/tcp\nsunrpc\t\t111/tcp\nsunrpc\t\t111/udp\nntp\t\t123/udp\nnetbios-ns\t137/udp\nimap2\t\t143/tcp\nsnmp\t\t161/tcp\nsnmp\t\t161/udp\nsnmp-trap\t162/udp\nbgp\t\t179/tcp\nldap\t\t389/tcp\nhttps\t\t443/tcp\nhttps\t\t443/udp\n" +
      "microsoft-ds\t445/tcp\nisakmp\t\t500/udp\nsyslog\t\t514/udp\nroute\t\t520/udp\nldaps\t\t636/tcp\ndomain-s\t853/tcp\nrsync\t\t873/tcp\nimaps\t\t993/tcp\npop3s\t\t995/tcp\nsocks\t\t1080/tcp\nopenvpn\t\t1194/udp\nradius\t\t1812/udp\n" +
      "nfs\t\t2049/tcp\nnfs\t\t2049/udp\nmysql\t\t3306/tcp\nsvn\t\t3690/tcp\nipsec-nat-t\t4500/udp\nsip\t\t5060/tcp\nsip\t\t5060/udp\nmdns\t\t5353/udp\npostgresql\t5432/tcp\nx11\t\t6000/tcp\nredis\t\t6379/tcp\nhttp-alt\t8080/tcp\twebcache\n",
  ],
  ["/etc/iproute2/rt_tables", "255\tlocal\n254\tmain\n253\tdefault\n0\tunspec\n"],
  ["/etc/iproute2/group", "# names of groups of devices (ip link set DEV group NAME)\n0\tdefault\n"],
  ["/etc/iproute2/rt_tables.d/README", "Files called *.conf here hold more names of routing tables, as rt_tables does.\n"],
  [
    "/etc/iproute2/rt_protos",
    "0\tunspec\n1\tredirect\n2\tkernel\n3\tboot\n4\tstatic\n8\tgated\n9\tra\n10\tmrt\n11\tzebra\n12\tbird\n13\tdnrouted\n14\txorp\n15\tntk\n16\tdhcp\n18\tkeepalived\n42\tbabel\n186\tbgp\n187\tisis\n188\tospf\n189\trip\n192\teigrp\n",
  ],
  ["/etc/iproute2/rt_scopes", "0\tglobal\n255\tnowhere\n254\thost\n253\tlink\n200\tsite\n"],
  [
    "/etc/profile",
    '# /etc/profile: read by login shells. PATH is set by login(1).\n\nif [ "${PS1-}" ] && [ "${BASH-}" ] && [ "$BASH" != /bin/sh ]; then\n  . /etc/bash.bashrc\n' +
      "  # a ~/.profile decides by itself about ~/.bashrc\n  if [ ! -f ~/.profile ] && [ -f ~/.bashrc ]; then . ~/.bashrc; fi\nfi\n",
  ],
  [
    "/etc/bash.bashrc",
    '# /etc/bash.bashrc: read by every interactive bash. Your own ~/.bashrc comes after it.\n\n# no prompt: this shell only runs a command\n[ -z "${PS1-}" ] && return\n\nshopt -s checkwinsize\n\ncase "$TERM" in\n' +
      "  xterm*|*color|screen*|tmux*|linux)\n    PS1='\\[\\e[01;32m\\]\\u@\\h\\[\\e[00m\\]:\\[\\e[01;34m\\]\\w\\[\\e[00m\\]\\$ ' ;;\n  *)\n    PS1='\\u@\\h:\\w\\$ ' ;;\nesac\n",
  ],
  [
    "/etc/sudoers",
    'Defaults\tenv_reset\nDefaults\tsecure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nroot\tALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) NOPASSWD: ALL\n',
  ],
];

const USERS = [
  "root:x:0:0:root:/root:/bin/bash",
  "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
  "bin:x:2:2:bin:/bin:/usr/sbin/nologin",
  "sys:x:3:3:sys:/dev:/usr/sbin/nologin",
  "sync:x:4:65534:sync:/bin:/bin/sync",
  "mail:x:8:8:mail:/var/mail:/usr/sbin/nologin",
  "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
  "_apt:x:42:65534::/nonexistent:/usr/sbin/nologin",
  "tcpdump:x:100:102::/nonexistent:/usr/sbin/nologin",
];
const GROUPS = [
  ["root", 0],
  ["daemon", 1],
  ["bin", 2],
  ["sys", 3],
  ["adm", 4],
  ["tty", 5],
  ["disk", 6],
  ["mail", 8],
  ["sudo", 27],
  ["www-data", 33],
  ["shadow", 42],
  ["users", 100],
  ["nogroup", 65534],
  ["tcpdump", 102],
] as const;

/** First uid of a person. */
export const FIRST_UID = 1000;
/** Group whose members may sudo. */
export const SUDO_GID = 27;

/** /etc/passwd and /etc/group with these people after the system's own. */
export function accountFiles(people: readonly string[]): { readonly passwd: string; readonly group: string } {
  let passwd = `${USERS.join("\n")}\n`;
  let group = "";
  for (const [name, gid] of GROUPS) group += `${name}:x:${gid}:${name === "sudo" ? people.join(",") : ""}\n`;
  people.forEach((name, i) => {
    passwd += `${name}:x:${FIRST_UID + i}:${FIRST_UID + i}::/home/${name}:/bin/bash\n`;
    group += `${name}:x:${FIRST_UID + i}:\n`;
  });
  return { passwd, group };
}

/**
 * Tools of the course that are not simulated yet. Each says so and ends with 64, so that a learner or a script is never
 * told "command not found" about a tool that the real machine has. The registry leaves out those that exist by now.
 */
import type { Command, Prog } from "../../kernel/abi.ts";
import { baseName, err } from "../lib/io.ts";

/** By Debian package (and its version in Debian 12 where the tool is one of the course). */
const TOOLS: readonly (readonly [pkg: string, dir: string, names: readonly string[]])[] = [
  ["kubectl", "/usr/bin", ["kubectl", "crictl", "kubeadm", "helm"]],
  ["docker.io", "/usr/bin", ["docker", "containerd", "ctr", "podman"]],
  [
    "iptables 1.8.9-2",
    "/usr/sbin",
    [
      "iptables",
      "ip6tables",
      "iptables-save",
      "iptables-restore",
      "ip6tables-save",
      "ip6tables-restore",
      "iptables-legacy",
      "iptables-nft",
      "xtables-monitor",
    ],
  ],
  ["nftables 1.0.6-2", "/usr/sbin", ["nft"]],
  ["ipset 7.17-1", "/usr/sbin", ["ipset"]],
  ["ipvsadm", "/usr/sbin", ["ipvsadm"]],
  ["conntrack 1:1.4.7-1", "/usr/sbin", ["conntrack"]],
  ["iproute2 6.1.0-3", "/usr/sbin", ["bridge", "tc"]],
  ["iproute2 6.1.0-3", "/usr/bin", ["nstat", "rtmon"]],
  ["bridge-utils 1.7.1-1", "/usr/sbin", ["brctl"]],
  ["net-tools 2.10-0.1", "/usr/sbin", ["ipmaddr", "iptunnel", "plipconfig", "rarp", "slattach"]],
  ["firewalld 1.3.3-1", "/usr/bin", ["firewall-cmd", "firewall-offline-cmd"]],
  ["ufw 0.36.2-1", "/usr/sbin", ["ufw"]],
  ["systemd", "/usr/bin", ["systemctl", "journalctl", "networkctl", "resolvectl", "hostnamectl", "timedatectl", "loginctl"]],
  ["netcat-openbsd 1.219-1", "/usr/bin", ["nc"]],
  ["ncat", "/usr/bin", ["ncat"]],
  ["inetutils-telnet 2:2.4-2", "/usr/bin", ["telnet"]],
  ["curl 7.88.1-10", "/usr/bin", ["curl"]],
  ["wget", "/usr/bin", ["wget"]],
  ["bind9-dnsutils", "/usr/bin", ["dig", "nslookup", "delv"]],
  ["bind9-host", "/usr/bin", ["host"]],
  ["iperf3", "/usr/bin", ["iperf3"]],
  ["nmap", "/usr/bin", ["nmap"]],
  ["mtr-tiny", "/usr/bin", ["mtr"]],
  ["socat", "/usr/bin", ["socat"]],
  ["openssh-client", "/usr/bin", ["ssh", "scp", "sftp", "ssh-keygen"]],
  ["tshark", "/usr/bin", ["tshark", "dumpcap"]],
  ["less", "/usr/bin", ["less"]],
  [
    "util-linux",
    "/usr/bin",
    ["lsblk", "script", "last", "lscpu", "whereis", "column", "flock", "setsid", "logger", "taskset", "chrt", "ionice", "renice"],
  ],
  ["systemd-sysv", "/usr/sbin", ["reboot", "shutdown", "poweroff", "halt", "telinit", "runlevel"]],
  ["init-system-helpers", "/usr/sbin", ["service", "invoke-rc.d"]],
  [
    "coreutils",
    "/usr/bin",
    [
      "b2sum",
      "basenc",
      "chcon",
      "csplit",
      "dir",
      "dircolors",
      "fmt",
      "hostid",
      "mknod",
      "pinky",
      "pr",
      "ptx",
      "runcon",
      "shred",
      "stdbuf",
      "tsort",
      "vdir",
    ],
  ],
  ["coreutils", "/usr/sbin", ["chroot"]],
  ["cron", "/usr/bin", ["crontab"]],
  ["nano", "/usr/bin", ["nano"]],
  ["vim", "/usr/bin", ["vi", "vim", "view"]],
  ["procps 2:4.0.2-3", "/usr/bin", ["vmstat", "w", "slabtop", "pmap", "pwdx"]],
  ["psmisc", "/usr/bin", ["fuser"]],
  ["lsof", "/usr/bin", ["lsof"]],
  ["strace", "/usr/bin", ["strace"]],
  ["python3", "/usr/bin", ["python3", "perl"]],
  ["git", "/usr/bin", ["git"]],
  ["tar", "/usr/bin", ["tar", "gzip", "gunzip", "zcat"]],
  ["apt", "/usr/bin", ["apt", "apt-get", "dpkg"]],
  ["passwd", "/usr/sbin", ["adduser", "chpasswd", "deluser", "vipw"]],
  ["passwd", "/usr/bin", ["chage", "chsh", "gpasswd"]],
  ["login", "/usr/bin", ["lastlog", "newgrp"]],
  ["ncurses-bin", "/usr/bin", ["reset", "tput"]],
  ["libc-bin", "/usr/bin", ["iconv", "locale"]],
  ["diffutils", "/usr/bin", ["cmp", "diff", "diff3", "sdiff"]],
  ["bc", "/usr/bin", ["bc", "dc"]],
  ["frr", "/usr/bin", ["vtysh"]],
  ["wireguard-tools", "/usr/bin", ["wg", "wg-quick"]],
  ["dnsmasq-base", "/usr/sbin", ["dnsmasq"]],
  ["isc-dhcp-client", "/usr/sbin", ["dhclient"]],
  ["kmod", "/usr/sbin", ["modprobe", "lsmod", "insmod", "rmmod"]],
];

const main: Prog = function* notYet(sys, argv) {
  yield* err(sys, `hop: ${baseName(argv[0] ?? "")} is not simulated yet\n`);
  return 64;
};

/** One command for each tool whose name is not in `there`. */
export function notYetCommands(there: ReadonlySet<string>): readonly Command[] {
  const out: Command[] = [];
  for (const [pkg, dir, names] of TOOLS) {
    for (const name of names) {
      if (there.has(name)) continue;
      out.push({
        name,
        paths: [`${dir}/${name}`],
        pkg,
        main,
        options: [],
        man: { summary: "not simulated yet", synopsis: [name], description: [`${name} is not simulated yet.`] },
      });
    }
  }
  return out;
}

#!/usr/bin/env node
// Records what real tools print. Needs root on a Debian 12 machine.
//
//   node scripts/record-commands.mjs sim/bin/ip/testdata/link.cmds …
//
// A .cmds file has one command a line (words, '…' and "…" only: no shell); lines that begin with # are comments; `sleep N`
// waits. All commands of a file run one after another in fresh network, mount and host name namespaces, where only lo
// exists and /run/netns is empty. The answer goes to NAME.golden.json beside it. Golden files are never edited by hand.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

for (const file of process.argv.slice(2)) {
  const cmds = readFileSync(file, "utf8")
    .split("\n")
    .filter((l) => l.trim() !== "" && !l.startsWith("#"));
  const dir = mkdtempSync(join(tmpdir(), "record-"));
  const script = [
    "mount -t tmpfs tmpfs /run/netns 2>/dev/null || { mkdir -p /run/netns; mount -t tmpfs tmpfs /run/netns; }",
    "rmdir /run/netns 2>/dev/null; hostname lab; cd /root; umask 022",
    `printf '127.0.0.1\\tlocalhost\\n127.0.1.1\\tlab\\n' >${dir}/hosts; mount --bind ${dir}/hosts /etc/hosts`,
    `: >${dir}/resolv; mount --bind ${dir}/resolv /etc/resolv.conf`,
    // settings of the recording world (conformance README)
    "for k in all default lo; do echo 0 >/proc/sys/net/ipv4/conf/$k/rp_filter; done",
    ...cmds.map((c, i) =>
      /^sleep [0-9.]+$/.test(c) ? c : `timeout -k 1 5 ${c} >${dir}/${i}.out 2>${dir}/${i}.err </dev/null; echo $? >${dir}/${i}.code`,
    ),
  ].join("\n");
  const r = spawnSync("unshare", ["-n", "-m", "-u", "bash", "--norc", "-c", script], {
    encoding: "utf8",
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: "/root",
      USER: "root",
      LOGNAME: "root",
      LANG: "C.UTF-8",
      LC_ALL: "C.UTF-8",
      TZ: "UTC",
    },
  });
  if (r.status === null || r.stderr) process.stderr.write(`${file}: ${r.stderr}\n`);
  const steps = cmds.map((cmd, i) =>
    cmd.startsWith("sleep ")
      ? { cmd }
      : {
          cmd,
          stdout: readFileSync(`${dir}/${i}.out`, "utf8"),
          stderr: readFileSync(`${dir}/${i}.err`, "utf8"),
          code: Number(readFileSync(`${dir}/${i}.code`, "utf8")),
        },
  );
  rmSync(dir, { recursive: true });
  writeFileSync(file.replace(/\.cmds$/, ".golden.json"), `${JSON.stringify({ steps }, null, 1)}\n`);
}

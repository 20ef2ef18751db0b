#!/usr/bin/env node
// Records what full-screen programs show. Needs root on a Debian 12 machine with tmux, less, nano, vim-tiny, procps.
//
//   node scripts/record-screens.mjs sim/bin/nano/testdata/screens.json …
//
// A scenario is {name, cmd, cols, rows, files, keys, after}: the command is typed at a prompt in a terminal of that size, in a
// directory with these files; after each entry of `keys` (text as a terminal sends it; {"cols", "rows"} resizes) the screen is
// taken. `after` names files whose contents are kept. The answers go to NAME.golden.json beside it; never edit those by hand.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOCKET = `record-screens-${process.pid}`;
const only = process.env.ONLY;
const tmux = (...args) => execFileSync("tmux", ["-L", SOCKET, ...args], { encoding: "utf8" });
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function screen() {
  const text = tmux("capture-pane", "-p", "-t", "s");
  const [x, y] = tmux("display-message", "-p", "-t", "s", "#{cursor_x} #{cursor_y}").trim().split(" ").map(Number);
  return {
    rows: text
      .replace(/\n$/, "")
      .split("\n")
      .map((l) => l.replace(/ +$/, "")),
    cursor: [y, x],
  };
}
/** the screen once it has stood still */
function settled() {
  let last = "";
  for (let same = 0, i = 0; same < 3 && i < 60; i++) {
    sleep(60);
    const now = JSON.stringify(screen());
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return JSON.parse(last);
}
function type(text) {
  const hex = [...Buffer.from(text)].map((b) => b.toString(16).padStart(2, "0"));
  for (let i = 0; i < hex.length; i += 200) tmux("send-keys", "-t", "s", "-H", ...hex.slice(i, i + 200));
}

function record(s) {
  const dir = mkdtempSync(join(tmpdir(), "screens-"));
  mkdirSync(`${dir}/bin`);
  mkdirSync(`${dir}/root`);
  // the editor of the course is vim in its own ways, without anybody's settings
  for (const [name, opts] of [
    ["vi", ""],
    ["vim", ""],
    ["view", "-R "],
  ])
    writeFileSync(
      `${dir}/bin/${name}`,
      `#!/bin/sh\nexec /usr/bin/vim.tiny -N -u NONE -n --cmd 'set ttimeout ttimeoutlen=30' ${opts}"$@"\n`,
      { mode: 0o755 },
    );
  for (const [name, text] of Object.entries(s.files ?? {})) writeFileSync(`${dir}/root/${name}`, text);
  const setup = `mount --bind ${dir}/root /root; mount --bind ${dir}/bin /usr/local/bin; hostname lab; cd /root; exec env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root TERM=xterm-256color LANG=C.UTF-8 TZ=UTC PS1='\\u@\\h:\\w# ' bash --norc --noprofile`;
  const { cols = 80, rows = 24 } = s;
  writeFileSync(`${dir}/conf`, "set -g escape-time 0\nset -g status off\nset -g default-terminal xterm-256color\nset -g history-limit 0\n");
  tmux(
    "-f",
    `${dir}/conf`,
    "-u",
    "new-session",
    "-d",
    "-s",
    "s",
    "-x",
    String(cols),
    "-y",
    String(rows),
    `unshare --mount --uts sh -c '${setup.replaceAll("'", "'\\''")}'`,
  );
  settled();
  const shots = [];
  for (const k of [`${s.cmd}\r`, ...s.keys]) {
    if (typeof k === "string") type(k);
    else tmux("resize-window", "-t", "s", "-x", String(k.cols), "-y", String(k.rows));
    shots.push(settled());
  }
  const after = {};
  for (const f of s.after ?? []) after[f] = existsSync(`${dir}/root/${f}`) ? readFileSync(`${dir}/root/${f}`, "utf8") : null;
  spawnSync("tmux", ["-L", SOCKET, "kill-server"]);
  sleep(100);
  rmSync(dir, { recursive: true, force: true });
  return { ...s, shots, after };
}

for (const file of process.argv.slice(2)) {
  const golden = file.replace(/\.json$/, ".golden.json");
  const before = existsSync(golden) ? JSON.parse(readFileSync(golden, "utf8")) : [];
  const out = JSON.parse(readFileSync(file, "utf8")).map((s) => {
    const old = before.find((b) => b.name === s.name);
    const wanted = only
      ? s.name.includes(only)
      : JSON.stringify({ ...old, shots: undefined, after: undefined }) !== JSON.stringify({ ...s, after: undefined });
    if (old && !wanted) return old;
    const r = record(s);
    console.log(
      `${s.name}\n${r.shots.map((x, i) => `  -- ${JSON.stringify([s.cmd, ...s.keys][i])} cursor ${x.cursor}\n${x.rows.map((l) => `  |${l}`).join("\n")}`).join("\n")}\n  after: ${JSON.stringify(r.after)}`,
    );
    return r;
  });
  writeFileSync(golden, `${JSON.stringify(out, null, 1)}\n`);
}

#!/usr/bin/env node
// Records what the real interactive bash 5.2 shows on a terminal for the sessions in sim/shell/testdata/tty.sessions (blocks
// separated by a line "%%"), as sim/shell/testdata/tty.json. A line is typed with Enter after it; "@wait 0.5" lets time
// pass; "@key C-z" types a control character; "@raw …" types a JSON string. Linux and root, with script(1).
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { environment, setup, testdata } from "./bash-world.mjs";

const dir = testdata;
const env = environment("xterm");
const SETUP = setup("bash --norc -i");
const sleep = (s) => new Promise((r) => setTimeout(r, s * 1000));

async function record(session) {
  const child = spawn("unshare", ["--mount", "--uts", "script", "-qfc", SETUP, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
  let out = "";
  let last = Date.now();
  let gone = false;
  child.stdout.setEncoding("utf8").on("data", (d) => {
    out += d;
    last = Date.now();
  });
  child.on("exit", () => (gone = true));
  const quiet = async () => {
    do await sleep(0.05);
    while (!gone && Date.now() - last < 200);
  };
  await quiet();
  out = "";
  for (const line of session.split("\n")) {
    if (gone) break;
    const m = /^@(\w+) (.*)$/.exec(line);
    if (m?.[1] === "wait") {
      await sleep(Number(m[2]));
      continue;
    }
    const keys = m?.[1] === "key" ? String.fromCharCode(m[2].charCodeAt(2) & 31) : m?.[1] === "raw" ? JSON.parse(m[2]) : `${line}\r`;
    child.stdin.write(keys);
    last = Date.now();
    await quiet();
  }
  child.stdin.end();
  child.kill("SIGHUP");
  return out;
}

const sessions = fs
  .readFileSync(path.join(dir, "tty.sessions"), "utf8")
  .split(/^%%\n/m)
  .map((s) => s.replace(/\n$/, ""))
  .filter((s) => s.trim() !== "");
const all = [];
for (let i = 0; i < sessions.length; i += 8)
  all.push(...(await Promise.all(sessions.slice(i, i + 8).map(async (s) => ({ session: s, screen: await record(s) })))));
fs.writeFileSync(path.join(dir, "tty.json"), `${JSON.stringify(all, null, 1)}\n`);
console.log(`tty: ${all.length} sessions`);
process.exit(0);

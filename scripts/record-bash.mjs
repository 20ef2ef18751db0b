#!/usr/bin/env node
// Records what the real bash 5.2 answers to the snippets in sim/shell/testdata/*.cases (blocks separated by a line "%%"),
// as sim/shell/testdata/*.json. Linux and root: it works in its own mount and host name namespaces on an empty /root and /tmp.
//   node scripts/record-bash.mjs [NAME…]
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { environment, setup, testdata } from "./bash-world.mjs";

const dir = testdata;
const env = environment("dumb");
const SETUP = setup('"$@"');
const wanted = process.argv.slice(2);
for (const file of fs.readdirSync(dir).filter((f) => f.endsWith(".cases"))) {
  const name = file.slice(0, -6);
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const shell = name.startsWith("dash") ? "sh" : "bash";
  const out = [];
  for (const script of fs.readFileSync(path.join(dir, file), "utf8").split(/^%%\n/m)) {
    const text = script.replace(/\n$/, "");
    if (text.trim() === "") continue;
    const r = spawnSync("unshare", ["--mount", "--uts", "sh", "-c", SETUP, "sh", shell, "-c", text], {
      env,
      encoding: "utf8",
      input: "",
      timeout: 10_000,
    });
    if (r.error) throw new Error(`${file}: ${text}: ${r.error.message}`);
    out.push({ script: text, stdout: r.stdout, stderr: r.stderr, code: r.status ?? 128 + os.constants.signals[r.signal] });
  }
  fs.writeFileSync(path.join(dir, `${name}.json`), `${JSON.stringify(out, null, 1)}\n`);
  console.log(`${name}: ${out.length} snippets`);
}

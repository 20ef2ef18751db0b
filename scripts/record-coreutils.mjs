// Records what the real utilities print for sim/bin/coreutils/testdata/cases.txt, one command at a time:
//   node scripts/record-coreutils.mjs        (Debian 12: coreutils 9.1, grep 3.8, sed 4.9, mawk 1.3.4, findutils 4.9.0)
// Each line of the file is a group of commands with semicolons between; each command becomes a case of its own, run by bash
// in a fresh copy of the fixture made once per group, so later commands see what earlier ones did.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dir = join(dirname(fileURLToPath(import.meta.url)), "../sim/bin/coreutils/testdata");
const fixture = readFileSync(join(dir, "fixture.sh"), "utf8");

/** Commands of a line: split at "; " outside quotes. A `; echo $?` stays with what it asks about. */
function split(line) {
  const parts = [];
  let part = "";
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote !== "" ? c === quote : c === "'" || c === '"') quote = quote === "" ? c : "";
    else if (quote === "" && c === "\\") {
      part += c + line[++i];
      continue;
    } else if (quote === "" && c === ";" && line[i + 1] === " ") {
      parts.push(part.trim());
      part = "";
      continue;
    }
    part += c;
  }
  parts.push(part.trim());
  const commands = [];
  for (const p of parts) {
    if (p === "echo $?") commands[commands.length - 1] += "; echo $?";
    else commands.push(p);
  }
  return commands;
}

const groups = [];
for (const line of readFileSync(join(dir, "cases.txt"), "utf8").split("\n")) {
  if (line.trim() === "") continue;
  const cwd = mkdtempSync(join(tmpdir(), "record-"));
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
    HOME: "/root",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    TERM: "xterm-256color",
  };
  const run = (script) =>
    spawnSync("bash", ["-c", script], { cwd, env, encoding: "utf8", timeout: 20000, stdio: ["ignore", "pipe", "pipe"] });
  run(fixture);
  groups.push(
    split(line).map((cmd) => {
      const r = run(cmd);
      return { cmd, stdout: r.stdout, stderr: r.stderr.replaceAll("line 1: ", ""), code: r.status };
    }),
  );
  rmSync(cwd, { recursive: true });
}
writeFileSync(
  join(dir, "fixture.ts"),
  `/** The files the recorded commands work on; the same text as fixture.sh. */\nexport const FIXTURE = String.raw\`${fixture.trim()}\`;\n`,
);
writeFileSync(join(dir, "golden.json"), `${JSON.stringify(groups, null, 1)}\n`);
console.log(`${groups.flat().length} cases in ${groups.length} groups`);

/** What `hop` does not accept: one clear line, exit status 2, nothing printed and nothing written. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { BadInput } from "./args.ts";
import { main } from "./main.ts";

const dir = mkdtempSync(join(tmpdir(), "hop-bad-"));
afterAll(() => rmSync(dir, { recursive: true }));
function write(name: string, text: string | Uint8Array): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

const ok = write("ok.sh", "echo ran\n");
mkdirSync(join(dir, "folder"));
const missing = join(dir, "missing");
const lab = ["--lab", "three-machines"];
const cases: (readonly [string, readonly string[]])[] = [
  ["no command was named", []],
  ["frob is no command of hop", ["frob"]],
  ["no script was named", ["run"]],
  ["no script was named", ["run", "--json"]],
  ["is one word too many", ["run", ok, ok]],
  ["there is no such file", ["run", missing]],
  ["it is a directory", ["run", join(dir, "folder")]],
  ["it is a binary file", ["run", write("b.sh", "echo a\0b\n")]],
  ["it is not UTF-8 text", ["run", write("l.sh", Uint8Array.of(0x65, 0xff, 0x0a))]],
  ["--frob is no option", ["run", "--frob", ok]],
  ["-j is no option", ["run", "-j", ok]],
  ["--json takes no value", ["run", "--json=1", ok]],
  ["--lab needs a value", ["run", ok, "--lab"]],
  ["--lab needs a value", ["run", "--lab=", ok]],
  ["--lab is given twice", ["run", ...lab, ...lab, ok]],
  ['there is no lab "nope"; there is ', ["run", "--lab", "nope", ok]],
  ['there is no machine "nope"; there is lab', ["run", "--machine", "nope", ok]],
  ['there is no machine "nope"; there is network01, router, network02', ["run", ...lab, "--machine", "nope", ok]],
  ['there is no user "nope" on lab; there is root', ["run", "--user", "nope", ok]],
  ['there is no user "nope" on router', ["run", ...lab, "--machine", "router", "--user", "nope", write("empty.sh", "")]],
  ['in the script, line 2: there is no machine "nope"', ["run", ...lab, write("s1.sh", "echo a\n#@ nope\necho b\n")]],
  ['in the script, line 2: there is no machine "nope"', ["run", write("s2.sh", "echo a\n#@ nope\n")]],
  ['in the script, line 1: there is no machine "router network01"', ["run", ...lab, write("s3.sh", "#@ router network01\ntrue\n")]],
  ["--seed takes a whole number", ["run", "--seed", "1.5", ok]],
  ["--seed takes a whole number", ["run", "--seed", "x", ok]],
  ["--seed takes a whole number", ["run", "--seed", "4294967296", ok]],
  ["--seed takes a whole number", ["run", "--seed=-1", ok]],
  ["--limit takes seconds", ["run", "--limit", "0", ok]],
  ["--limit takes seconds", ["run", "--limit", "soon", ok]],
  ["--limit takes seconds", ["run", "--limit=-3", ok]],
  ["--file takes two paths", ["run", "--file", "nocolon", ok]],
  ["--file takes two paths", ["run", "--file", ":x", ok]],
  ["--out takes two paths", ["run", "--out", "x:", ok]],
  ["there is no such file", ["run", "--file", `${missing}:/root/x`, ok]],
  ["it is a directory", ["run", "--file", `${dir}:/root/x`, ok]],
  ["cannot write /etc on lab", ["run", "--file", `${ok}:/etc`, ok]],
  ["cannot write /proc/version on lab", ["run", "--file", `${ok}:/proc/version`, ok]],
  ["it is a directory", ["run", "--out", `/etc/hosts:${dir}`, ok]],
  ["there is no such file or directory", ["run", "--out", `/etc/hosts:${missing}/x`, ok]],
  ["there is no file /etc on lab to copy out", ["run", "--out", `/etc:${missing}`, ok]],
  ["no challenge was named", ["check"]],
  ['there is no challenge "nope"', ["check", "nope", ok]],
  ["no script was named", ["check", "three-routers"]],
  ["there is no such file", ["check", "three-routers", missing]],
  ['there is no machine "nope"', ["check", "three-routers", write("s4.sh", "#@ nope\n")]],
  ["--seed takes a whole number", ["check", "three-routers", "--seed", "x", ok]],
  ["takes no script", ["check", "three-routers", "--print", ok]],
  ["is one word too many", ["labs", "x"]],
  ["no lab was named", ["shell"]],
  ['there is no lab "nope"', ["shell", "nope"]],
  ['there is no machine "nope"', ["shell", "three-machines", "nope"]],
  ['there is no user "nope"', ["shell", "three-machines", "--user", "nope"]],
  ["hop shell needs a terminal", ["shell", "three-machines"]],
];

it.each(cases)("says: %s", async (message, args) => {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  let problem: unknown = null;
  try {
    await main(args);
  } catch (e) {
    problem = e;
  }
  const printed = out.mock.calls.length;
  out.mockRestore();
  expect(problem).toBeInstanceOf(BadInput);
  expect((problem as Error).message).toContain(message);
  expect((problem as Error).message).not.toContain("\n");
  expect(printed).toBe(0);
  expect(existsSync(missing)).toBe(false);
});

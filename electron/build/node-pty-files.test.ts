import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { copyNodePty } from "./node-pty-files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
});
function copied(platform: string, arch: string): string {
  const dir = mkdtempSync(join(tmpdir(), "hop-pty-"));
  made.push(dir);
  copyNodePty(root, dir, platform, arch);
  return join(dir, "node_modules/node-pty");
}

describe("node-pty in the package", () => {
  it("can run its helper on macOS, though npm's copy cannot", () => {
    for (const arch of ["arm64", "x64"]) {
      const dir = copied("darwin", arch);
      expect(readdirSync(join(dir, "prebuilds"))).toEqual([`darwin-${arch}`]);
      expect(statSync(join(dir, `prebuilds/darwin-${arch}/spawn-helper`)).mode & 0o777).toBe(0o755);
    }
  });
  it("has what Windows needs, without debug symbols", () => {
    const dir = copied("win32", "x64");
    expect(existsSync(join(dir, "prebuilds/win32-x64/conpty.node"))).toBe(true);
    expect(existsSync(join(dir, "prebuilds/win32-x64/conpty/conpty.dll"))).toBe(true);
    expect(readdirSync(join(dir, "prebuilds/win32-x64")).some((f) => f.endsWith(".pdb"))).toBe(false);
  });
  it.runIf(process.platform === "linux")("has what was compiled here for this machine, and no sources or tests", () => {
    const dir = copied("linux", process.arch);
    expect(existsSync(join(dir, "build/Release/pty.node"))).toBe(true);
    expect(existsSync(join(dir, "src"))).toBe(false);
    expect(existsSync(join(dir, "lib/unixTerminal.js"))).toBe(true);
    expect(readdirSync(join(dir, "lib")).some((f) => f.endsWith(".test.js"))).toBe(false);
  });
  it("fails for a system it has nothing for", () => {
    expect(() => copied("linux", "riscv64")).toThrow("no native part for linux-riscv64");
  });
});

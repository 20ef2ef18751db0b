import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
// @ts-expect-error: plain JavaScript, because it runs before anything is known of this machine's Node
import * as start from "./start.mjs";

const { electronBinary, whyNoDesktop } = start as {
  electronBinary(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null;
  whyNoDesktop(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, node: string): string | null;
};

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "hop-start-"))));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

/** Puts a file where Electron's binary would be. */
function binary(platform: NodeJS.Platform): NodeJS.ProcessEnv {
  const name = { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" }[platform as string] ?? "electron";
  mkdirSync(join(dir, name, ".."), { recursive: true });
  writeFileSync(join(dir, name), "");
  chmodSync(join(dir, name), 0o755);
  return { ELECTRON_OVERRIDE_DIST_PATH: dir };
}
describe("npm start chooses", () => {
  it("the desktop app where Node, the binary and a display are there", () => {
    for (const node of ["22.12.0", "24.21.0"]) {
      expect(whyNoDesktop({ ...binary("linux"), DISPLAY: ":0" }, "linux", node)).toBeNull();
      expect(whyNoDesktop({ ...binary("linux"), WAYLAND_DISPLAY: "wayland-0" }, "linux", node)).toBeNull();
      expect(whyNoDesktop(binary("darwin"), "darwin", node)).toBeNull();
      expect(whyNoDesktop(binary("win32"), "win32", node)).toBeNull();
    }
  });
  it("the browser edition otherwise, with the reason in words", () => {
    for (const node of ["20.19.0", "22.11.0", "21.7.3"]) {
      expect(whyNoDesktop({ ...binary("linux"), DISPLAY: ":0" }, "linux", node)).toBe(
        `the desktop app needs Node 22.12 or newer, this is ${node}`,
      );
    }
    expect(whyNoDesktop(binary("linux"), "linux", "24.1.0")).toBe("there is no display");
    const none = { ELECTRON_OVERRIDE_DIST_PATH: join(dir, "nowhere"), DISPLAY: ":0" };
    expect(whyNoDesktop(none, "linux", "24.1.0")).toBe(electronBinary(none, "linux") ? null : "Electron's binary is not installed here");
  });
  it("a binary by looking for the file, under each system's name", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) expect(electronBinary(binary(platform), platform)).toContain(dir);
    expect(electronBinary({ ELECTRON_OVERRIDE_DIST_PATH: join(dir, "nowhere") }, "linux")).toBe(electronBinary({}, "linux"));
  });
  it("at once and without the network", () => {
    const fetched = vi.fn(() => Promise.reject(new Error("no network")));
    vi.stubGlobal("fetch", fetched);
    const began = performance.now();
    for (let i = 0; i < 100; i++) whyNoDesktop({}, "linux", "24.1.0");
    // the promise is 10 s for one; files alone are looked at
    expect(performance.now() - began).toBeLessThan(1000);
    expect(fetched).not.toHaveBeenCalled();
  });
});

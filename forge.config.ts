/**
 * Packaging of the desktop app: the built main, preload, world host and relay and the same web build as the browser edition in
 * an asar, node-pty beside it, fuses as in SECURITY.md, installers for each system.
 *
 * HOP_ELECTRON_ZIPS names a folder with Electron's zip files to use instead of downloading them.
 */
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MakerDeb } from "@electron-forge/maker-deb";
import { MakerDMG } from "@electron-forge/maker-dmg";
import { MakerSquirrel } from "@electron-forge/maker-squirrel";
import { MakerZIP } from "@electron-forge/maker-zip";
import { FusesPlugin } from "@electron-forge/plugin-fuses";
import { VitePlugin } from "@electron-forge/plugin-vite";
import type { ForgeConfig } from "@electron-forge/shared-types";
import { FuseV1Options, FuseVersion } from "@electron/fuses";
import { build } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

/** node-pty as it is shipped: what it runs with, for this platform; not its sources. */
function copyNodePty(to: string, platform: string, arch: string): void {
  const from = join(root, "node_modules/node-pty");
  const target = join(to, "node_modules/node-pty");
  for (const part of ["package.json", "LICENSE", "lib"]) {
    cpSync(join(from, part), join(target, part), { recursive: true, filter: (path) => !/\.(test\.js|map)$/.test(path) });
  }
  const prebuilt = join("prebuilds", `${platform}-${arch}`);
  const compiled = join("build", "Release");
  // what was compiled here fits here only; for another system there must be a prebuilt one
  const native = platform === process.platform && arch === process.arch && existsSync(join(from, compiled, "pty.node")) ? compiled : prebuilt;
  if (!existsSync(join(from, native))) throw new Error(`node-pty has no native part for ${platform}-${arch} here (looked for ${native})`);
  cpSync(join(from, native), join(target, native), { recursive: true, filter: (path) => !/\.(pdb|o|d)$/.test(path) && !path.includes("obj.target") });
  // in the package it lacks the bit without which macOS does not run it
  for (const dir of [compiled, prebuilt]) {
    const helper = join(target, dir, "spawn-helper");
    if (existsSync(helper)) chmodSync(helper, 0o755);
  }
}

const config: ForgeConfig = {
  packagerConfig: {
    name: "Hop by Hop",
    executableName: "hop-by-hop",
    appBundleId: "org.hopbyhop.app",
    appCategoryType: "public.app-category.education",
    asar: { unpack: "**/node_modules/node-pty/**" },
    protocols: [{ name: "Hop by Hop chapter", schemes: ["hop"] }],
    ...(process.env["HOP_ELECTRON_ZIPS"] ? { electronZipDir: process.env["HOP_ELECTRON_ZIPS"] } : {}),
  },
  // node-pty speaks N-API: what npm installed fits Electron too
  rebuildConfig: { onlyModules: [] },
  makers: [
    new MakerZIP({}, ["darwin", "linux", "win32"]),
    new MakerDeb({
      options: {
        name: "hop-by-hop",
        productName: "Hop by Hop",
        genericName: "Networking course",
        bin: "hop-by-hop",
        section: "education",
        categories: ["Education"],
        mimeType: ["x-scheme-handler/hop"],
      },
    }),
    new MakerSquirrel({ name: "hop_by_hop", noMsi: true }),
    new MakerDMG({}),
  ],
  plugins: [
    new VitePlugin({
      build: [
        { entry: "electron/main.ts", config: "electron/vite.main.config.ts", target: "main" },
        { entry: "electron/world-host.ts", config: "electron/vite.main.config.ts", target: "main" },
        { entry: "electron/pty/relay.ts", config: "electron/vite.main.config.ts", target: "main" },
        { entry: "electron/preload.ts", config: "electron/vite.preload.config.ts", target: "preload" },
      ],
      // the page is the web build; see generateAssets
      renderer: [],
    }),
    new FusesPlugin({
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      // the relay is started with it; SECURITY.md says why
      [FuseV1Options.RunAsNode]: true,
      [FuseV1Options.EnableCookieEncryption]: false,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      // Playwright drives an app through it, so a build for its tests has it on
      [FuseV1Options.EnableNodeCliInspectArguments]: process.env["HOP_E2E_BUILD"] === "1",
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
      [FuseV1Options.WasmTrapHandlers]: true,
    }),
  ],
  hooks: {
    async generateAssets() {
      if (process.env["HOP_KEEP_WEB"] === "1" && existsSync(join(root, "dist/web/index.html"))) return;
      await build({ root: join(root, "renderer"), configFile: join(root, "vite.config.ts"), logLevel: "warn" });
    },
    async packageAfterCopy(_config, buildPath, _version, platform, arch) {
      cpSync(join(root, "dist/web"), join(buildPath, "web"), { recursive: true });
      // a file for static hosts
      rmSync(join(buildPath, "web/_headers"), { force: true });
      copyNodePty(buildPath, platform, arch);
    },
  },
};

export default config;

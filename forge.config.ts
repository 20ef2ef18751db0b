/**
 * Packaging of the desktop app: the built main, preload, world host and relay and the same web build as the browser edition in
 * an asar, node-pty beside it, fuses as in SECURITY.md, installers for each system.
 *
 * HOP_ELECTRON_ZIPS names a folder with Electron's zip files to use instead of downloading them.
 */
import { cpSync, existsSync, rmSync } from "node:fs";
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
import { copyNodePty } from "./electron/build/node-pty-files.ts";

const root = fileURLToPath(new URL(".", import.meta.url));

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
      copyNodePty(root, buildPath, platform, arch);
    },
  },
};

export default config;

/**
 * `npm start`: the desktop app where Node and Electron's binary allow it, else the browser edition on localhost, with the
 * reason in one line. Decides by looking at files only, so it is quick and works offline. BROWSER=none opens no browser.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const NODE_FOR_ELECTRON = [22, 12];
const NODE_AT_LEAST = [20, 19];

/** @param {readonly number[]} least */
function nodeIsAtLeast(least, node = process.versions.node) {
  const [major, minor] = node.split(".").map(Number);
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

/** Where Electron's binary is, or null. require("electron") would try to download it. */
export function electronBinary(env = process.env, platform = process.platform) {
  const name = { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" }[platform] ?? "electron";
  const dirs = [env.ELECTRON_OVERRIDE_DIST_PATH, join(root, "node_modules/electron/dist")];
  for (const dir of dirs) if (dir && existsSync(join(dir, name))) return join(dir, name);
  return null;
}

/** Why the desktop app cannot start here, or null when it can. */
export function whyNoDesktop(env = process.env, platform = process.platform, node = process.versions.node) {
  if (!nodeIsAtLeast(NODE_FOR_ELECTRON, node)) return `the desktop app needs Node ${NODE_FOR_ELECTRON.join(".")} or newer, this is ${node}`;
  if (!electronBinary(env, platform)) return "Electron's binary is not installed here";
  if (platform === "linux" && !env.DISPLAY && !env.WAYLAND_DISPLAY) return "there is no display";
  return null;
}

/** Newest change below the given places, in ms. */
function newest(paths) {
  let t = 0;
  for (const p of paths) {
    if (!existsSync(p)) continue;
    const s = statSync(p);
    t = Math.max(t, s.isDirectory() ? newest(readdirSync(p).map((f) => join(p, f))) : s.mtimeMs);
  }
  return t;
}

async function browserEdition() {
  const { build, preview } = await import("vite");
  const index = join(root, "dist/web/index.html");
  const sources = ["renderer", "sim", "chapters", "vite.config.ts", "package-lock.json"].map((f) => join(root, f));
  if (!existsSync(index) || statSync(index).mtimeMs < newest(sources)) {
    console.log("Building the course, about half a minute the first time…");
    await build({ root: join(root, "renderer"), configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  }
  const server = await preview({
    root: join(root, "renderer"),
    configFile: join(root, "vite.config.ts"),
    preview: { host: "127.0.0.1", port: Number(process.env.PORT ?? 4173), open: false },
  });
  const url = server.resolvedUrls?.local[0] ?? "http://127.0.0.1:4173/";
  console.log(`Hop by Hop is at ${url}  (Ctrl-C ends it)`);
  openInBrowser(url);
}

/** Opens the address with the system's opener; a machine without one only gets the printed line. */
function openInBrowser(url) {
  const chosen = process.env.BROWSER;
  if (chosen === "none") return;
  const [cmd, ...args] = chosen
    ? [chosen]
    : process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  if (!chosen && process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  spawn(cmd, [...args, url], { stdio: "ignore", detached: true })
    .on("error", () => console.log("No browser could be opened here: open the address above yourself."))
    .unref();
}

function desktop() {
  const forge = join(root, "node_modules/@electron-forge/cli/package.json");
  const bin = JSON.parse(readFileSync(forge, "utf8")).bin;
  const script = join(root, "node_modules/@electron-forge/cli", typeof bin === "string" ? bin : bin["electron-forge"]);
  spawn(process.execPath, [script, "start"], { cwd: root, stdio: "inherit" }).on("exit", (code) => process.exit(code ?? 1));
}

if (process.argv[1] === import.meta.filename) {
  if (!nodeIsAtLeast(NODE_AT_LEAST)) {
    console.error(`Hop by Hop needs Node ${NODE_AT_LEAST.join(".")} or newer; this is ${process.versions.node}.`);
    process.exit(2);
  }
  const why = whyNoDesktop();
  if (why) {
    console.log(`Hop by Hop opens in the browser: ${why}.`);
    await browserEdition();
  } else desktop();
}

/**
 * The desktop app as a whole, driven by Playwright where Electron's binary and a display are there; elsewhere those cases are skipped,
 * and it is said why. The page under the desktop's headers is checked in Chromium in any case. Expects `npm run build` and
 * the desktop programs in .vite/build, and makes what is missing. The last line counts: `N passed, M failed, K skipped`.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { build } from "vite";
// @ts-expect-error: plain JavaScript
import { ROOT as root } from "../e2e/lib.mjs";
// @ts-expect-error: plain JavaScript
import { electronBinary } from "../../scripts/start.mjs";
import { policyCheck } from "./csp.ts";

const ROOT = root as string;
let passed = 0;
let failed = 0;
let skipped = 0;
async function test(name: string, run: () => Promise<string | void>): Promise<void> {
  try {
    const skip = await run();
    if (typeof skip === "string") {
      skipped++;
      console.log(`skip  ${name}: ${skip}`);
    } else {
      passed++;
      console.log(`ok    ${name}`);
    }
  } catch (error) {
    failed++;
    console.log(
      `FAIL  ${name}\n      ${String((error as Error).stack ?? error)
        .split("\n")
        .slice(0, 8)
        .join("\n      ")}`,
    );
  }
}
function same(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

if (!existsSync(join(ROOT, "dist/web/index.html")))
  await build({ root: join(ROOT, "renderer"), configFile: join(ROOT, "vite.config.ts"), logLevel: "error" });

await test("the page obeys the desktop's policy, trusted types included, with no violation", async () => {
  const result = await policyCheck();
  if ("skip" in result) return result.skip;
  if (!result.ok) throw new Error(result.text);
  return undefined;
});

const binary = (electronBinary as () => string | null)();
const why =
  binary === null
    ? "Electron's binary is not installed here"
    : process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]
      ? "there is no display"
      : null;
let app: ElectronApplication | null = null;
let page: Page | null = null;
const userData = mkdtempSync(join(tmpdir(), "hop-e2e-"));
const electron = (name: string, run: (app: ElectronApplication, page: Page) => Promise<void>): Promise<void> =>
  test(name, async () => {
    if (why !== null) return why;
    if (!app || !page) {
      await buildDesktop();
      app = await _electron.launch({ executablePath: binary!, args: [ROOT, `--user-data-dir=${userData}`], cwd: ROOT });
      page = await app.firstWindow();
    }
    await run(app, page);
    return undefined;
  });

async function buildDesktop(): Promise<void> {
  for (const [entry, config] of [
    ["electron/main.ts", "main"],
    ["electron/world-host.ts", "main"],
    ["electron/pty/relay.ts", "main"],
    ["electron/preload.ts", "preload"],
  ] as const) {
    await build({
      root: ROOT,
      configFile: join(ROOT, `electron/vite.${config}.config.ts`),
      logLevel: "error",
      build: {
        outDir: join(ROOT, ".vite/build"),
        emptyOutDir: false,
        lib: { entry: join(ROOT, entry), formats: ["cjs"], fileName: () => "[name].cjs" },
        rollupOptions: { external: ["electron", "node-pty", /^node-pty\//, /^node:/], output: { codeSplitting: false } },
      },
    });
  }
}

await electron("the window shows the course map from app://hop", async (_app, p) => {
  await p.waitForSelector("main");
  same(new URL(p.url()).protocol, "app:");
});
await electron("the page has no Node and only our bridge", async (_app, p) => {
  same(await p.evaluate("[typeof require, typeof process, typeof module, Object.keys(window.hop).sort()]"), [
    "undefined",
    "undefined",
    "undefined",
    ["onCommand", "openExternal", "openTransport", "store"],
  ]);
});
await electron("the window is sandboxed and isolated in fact", async (a) => {
  const prefs = await a.evaluate(({ BrowserWindow }) => {
    const { sandbox, contextIsolation, nodeIntegration, webviewTag } = (
      BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    ).getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag };
  });
  same(prefs, { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false });
});
await electron("a page that tries to leave stays, and opens no window", async (a, p) => {
  await p.evaluate("void window.open('https://example.org'); location.href = 'https://example.org'").catch(() => {});
  await p.waitForTimeout(500);
  same([new URL(p.url()).protocol, a.windows().length], ["app:", 1]);
});
await electron("a command typed into a terminal is answered", async (_app, p) => {
  await p.evaluate("location.hash = '#/chapter/3-routing'");
  await p.waitForSelector(".xterm-helper-textarea", { state: "attached" });
  await p.locator(".xterm-helper-textarea").first().focus();
  await p.keyboard.type("echo from-the-$((40+2))\n");
  await p.waitForFunction("document.querySelector('.xterm-rows')?.textContent?.includes('from-the-42')");
});
await electron("progress is on the disk when it counts as saved", async (_app, p) => {
  await p.evaluate("window.hop.store.append('course', [{ seq: 0, t: 0, done: 0, src: 'app', kind: 'button', data: { do: 'test' } }])");
  same(existsSync(join(userData, "progress/progress.jnl")), true);
});
await (app as ElectronApplication | null)?.close();
rmSync(userData, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);

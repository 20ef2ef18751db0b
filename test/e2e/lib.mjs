/** What the browser tests share: a static server over a build, Chromium by playwright-core, small helpers on a page. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const RESULTS = join(ROOT, "test-results");

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/** Serves a folder below a path, as a static host would. Resolves to its address and a way to close it. */
export function serve(dir, below = "/") {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(dir, normalize(path.startsWith(below) ? path.slice(below.length) || "index.html" : "missing"));
    const target = existsSync(file) && statSync(file).isDirectory() ? join(file, "index.html") : file;
    if (!target.startsWith(dir) || !existsSync(target)) {
      response.writeHead(404).end("not found");
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(target)] ?? "application/octet-stream", "x-content-type-options": "nosniff" });
    createReadStream(target).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      resolve({ url: `http://127.0.0.1:${port}${below}`, close: () => new Promise((done) => server.close(done).closeAllConnections()) });
    });
  });
}

/** Path of a Chromium to test with, or null. */
export function findChromium() {
  const places = [
    process.env.HOP_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return places.find((p) => p && existsSync(p)) ?? null;
}

export function launch(executablePath) {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--force-color-profile=srgb",
    ],
  });
}

/** A page of its own profile, with language and theme set before the app starts; collects what must not happen. */
export async function openPage(
  browser,
  { url, locale = "en", theme = "light", width = 1440, height = 900, hash = "", prefs = {}, context = {} },
) {
  const ctx = await browser.newContext({
    viewport: { width, height },
    locale: locale === "ko" ? "ko-KR" : "en-US",
    permissions: ["clipboard-read", "clipboard-write"],
    serviceWorkers: "block",
    ...context,
  });
  await ctx.addInitScript(
    (value) => {
      if (localStorage.getItem("hop.prefs") === null) localStorage.setItem("hop.prefs", value);
    },
    JSON.stringify({ locale, theme, ...prefs }),
  );
  const page = await ctx.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  await page.goto(url + hash);
  await page.evaluate(() => document.fonts.ready);
  return { page, ctx, problems };
}

/** What stands in the terminal in hand, up to the cursor's line: rows joined, the prompt with its space at the end. */
export const shellText = (page) =>
  page.evaluate(() => {
    const pane = document.querySelector(".pane.foc") ?? document.querySelector(".pane");
    const text = [...(pane?.querySelectorAll(".xterm-rows > div") ?? [])]
      .map((row) => row.textContent?.replaceAll("\u00a0", " ").trimEnd() ?? "")
      .join("\n")
      .trimEnd();
    return /[$#]$/.test(text) ? `${text} ` : text;
  });

/** All the words of the network picture. */
export const networkOf = async (page) => (await page.locator(".topo").textContent()) ?? "";

/** The IPv4 addresses of every machine, without their prefix lengths, in the order of its interfaces. */
export const addressesOf = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".topo g > text.na")].map((name) => [
        name.textContent,
        [...name.parentElement.querySelectorAll("text.ad")].map((a) => a.textContent.split("/")[0]).filter((a) => /^[\d.]+$/.test(a)),
      ]),
    ),
  );

/** Types a line into the terminal in hand. */
export const typeLine = (page, line) => page.keyboard.type(`${line}\n`);

/** Presses a key (Tab) until what has the focus passes the test; the test runs in the page with `arg`. */
export async function tabTo(page, test, what, arg, key = "Tab") {
  for (let i = 0; i < 250; i++) {
    if (await page.evaluate(test, arg)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`250 times ${key} did not lead to ${what}`);
}

export async function waitFor(check, what, timeout = 10_000) {
  const end = Date.now() + timeout;
  let last;
  while (Date.now() < end) {
    last = await check();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${timeout} ms for ${what}`);
}

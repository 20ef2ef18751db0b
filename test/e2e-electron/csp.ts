/**
 * The page under the desktop's own headers, in Chromium: the same function that answers app:// answers over http here, and nothing may
 * violate the policy while the course map, a chapter and a challenge with its terminals are opened. The one part that a page of the
 * desktop app does not have is the worker; here it stands behind window.hop, made with a trusted address.
 */
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { answer } from "../../electron/protocol-app.ts";
// @ts-expect-error: plain JavaScript shared with the browser tests
import { findChromium, launch, ROOT } from "../e2e/lib.mjs";

export async function policyCheck(
  web: string = join(ROOT as string, "dist/web"),
): Promise<{ ok: boolean; text: string } | { skip: string }> {
  const executable = (findChromium as () => string | null)();
  if (!executable) return { skip: "no Chromium was found" };
  const server = createServer((request, response) => {
    void answer(web, `app://hop${request.url ?? "/"}`, request.method).then(({ status, headers, body }) => {
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const browser = await launch(executable);
  const problems: string[] = [];
  try {
    const page = await browser.newPage();
    page.on("console", (m: { type(): string; text(): string }) => m.type() === "error" && problems.push(m.text()));
    page.on("pageerror", (e: Error) => problems.push(e.message));
    const worker = readdirSync(join(web, "assets")).find((name) => /^worker-.*\.js$/.test(name));
    // as text: what compiles this file adds helpers to functions that a page does not have
    await page.addInitScript({ content: pageScript(`/assets/${worker}`) });
    for (const hash of ["#/", "#/chapter/3-routing", "#/challenge/three-routers?seed=7"]) {
      await page.goto(`http://127.0.0.1:${port}/index.html${hash}`);
      await page.reload();
      await page.waitForTimeout(1500);
    }
    const shown = (await page.locator(".xterm-rows").count()) as number;
    const styled = (await page.evaluate(() => [...document.querySelectorAll("style")].every((s) => s.sheet !== null))) as boolean;
    if (shown === 0) problems.push("no terminal was drawn");
    if (!styled) problems.push("a style element was refused");
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
  return { ok: problems.length === 0, text: [...new Set(problems)].join("\n") };
}

const pageScript = (worker: string): string => `{
  const policy = trustedTypes.createPolicy("test", { createScriptURL: (url) => url });
  Object.defineProperty(window, "hop", { value: { openTransport() {
    const world = new Worker(policy.createScriptURL(${JSON.stringify(worker)}), { type: "module" });
    return {
      send: (m) => world.postMessage(m),
      onMessage: (listener) => { world.onmessage = (e) => listener(e.data); },
      onFailure: () => {},
      terminate: () => world.terminate(),
    };
  } } });
  document.addEventListener("securitypolicyviolation", (e) => console.error("policy: " + [e.violatedDirective, e.blockedURI, e.sourceFile, e.lineNumber, e.sample].join(" ")));
}`;

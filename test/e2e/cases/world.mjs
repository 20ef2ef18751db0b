/** The app over the real simulator: the shipped build, nothing canned. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openPage, ROOT, waitFor } from "../lib.mjs";

const there = () => existsSync(join(ROOT, "dist/web/index.html"));
const rows = async (page, at = 0) => ((await page.locator(".xterm-rows").nth(at).textContent()) ?? "").replaceAll("\u00a0", " ");
const skip = { skip: "dist/web is not built" };

async function world(browser, web, hash) {
  const opened = await openPage(browser, { url: web, hash });
  await opened.page.locator("[role=tab]").first().waitFor({ timeout: 15_000 });
  await waitFor(async () => /[$#] *$/.test((await rows(opened.page)).trimEnd()), "a prompt", 15_000);
  return opened;
}

export const worldCases = [
  {
    name: "the real world: first prompt, a command, a picture, saved",
    async run({ browser, web }) {
      if (!there()) return skip;
      const { page, problems } = await world(browser, web, "#/challenge/road-with-no-way-back?seed=7");
      await page.locator(".xterm-helper-textarea").first().focus();
      await page.keyboard.type("ip -br a\n");
      await waitFor(async () => /enp0s1\s+UP\s+\d+\.\d+\.\d+\.\d+\/24/.test(await rows(page)), "the address");
      await page.locator("[data-saved=saved]").waitFor();
      assert.match(await page.locator(".topo").textContent(), /network01.*enp0s1.*\/24/);
      await page.screenshot({ path: join(ROOT, "docs/screenshot.png") });
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "the real world: runaway commands never freeze the page and end by Ctrl-C",
    seconds: 90,
    async run({ browser, web }) {
      if (!there()) return skip;
      const { page } = await world(browser, web, "#/challenge/road-with-no-way-back?seed=7");
      await page.locator(".xterm-helper-textarea").first().focus();
      for (const command of ["while :; do :; done", "yes", "ping -f 127.0.0.1", ":(){ :|:& };:"]) {
        await page.keyboard.type(`${command}\n`);
        await page.waitForTimeout(1200);
        const gap = await page.evaluate(
          () =>
            new Promise((resolve) => {
              let last = performance.now();
              let worst = 0;
              let frames = 0;
              const frame = (now) => {
                worst = Math.max(worst, now - last);
                last = now;
                if (++frames < 40) requestAnimationFrame(frame);
                else resolve(worst);
              };
              requestAnimationFrame(frame);
            }),
        );
        assert.ok(gap < 250, `${command}: a frame took ${Math.round(gap)} ms`);
        const began = Date.now();
        await page.keyboard.press("Control+c");
        await waitFor(async () => /[$#] *$/.test((await rows(page)).trimEnd()), `a prompt after ${command}`, 3000);
        assert.ok(Date.now() - began < 1500, `${command}: ${Date.now() - began} ms to the prompt`);
      }
    },
  },
];

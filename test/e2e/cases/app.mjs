/** The app around the lab: screens, addresses, languages, search, progress, policy. */
import assert from "node:assert/strict";
import { openPage, waitFor } from "../lib.mjs";

const ready = (page) => page.waitForSelector(".live-dot", { timeout: 15_000 });

export const appCases = [
  {
    name: "home shows the course map, what comes next and the incidents, with nothing amiss",
    async run({ browser, fixture }) {
      const { page, problems } = await openPage(browser, { url: fixture });
      assert.equal(await page.locator(".leg").count(), 3);
      assert.equal(await page.locator(".cs").count(), 11);
      assert.ok((await page.locator(".tk a").allTextContents()).length >= 2);
      await page.getByRole("link", { name: "Start the chapter" }).click();
      await page.waitForSelector("article.read h1");
      assert.match(page.url(), /#\/chapter\/3-routing/);
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "a deep link opens a chapter at its part, focused, and the address follows the reader",
    async run({ browser, fixture }) {
      const { page } = await openPage(browser, { url: fixture, hash: "#/chapter/3-routing/the-road-back" });
      await page.waitForSelector("#the-road-back h2");
      await waitFor(() => page.evaluate(() => document.activeElement?.id === "the-road-back-title"), "focus on the part's title");
      const top = await page.evaluate(() => document.getElementById("the-road-back").getBoundingClientRect().top);
      assert.ok(top >= 40 && top < 140, `part at ${top}`);
      await page.evaluate(() => document.querySelector("article.read").scrollTo(0, 0));
      await waitFor(() => page.url().endsWith("/two-ends"), "the address to follow");
    },
  },
  {
    name: "a chapter that is not there yet, an unknown incident and a hostile address are answered in words",
    async run({ browser, fixture }) {
      const { page, problems } = await openPage(browser, { url: fixture, hash: "#/chapter/9-services" });
      await page.getByText("This chapter is not here yet").waitFor();
      await page.evaluate(() => (location.hash = "#/challenge/none-such"));
      await page.getByText("There is no incident with this name").waitFor();
      await page.evaluate(() => (location.hash = "#/chapter/<img src=x onerror=alert(1)>"));
      await page.locator(".legs").waitFor();
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "language and theme change in place and are kept",
    async run({ browser, fixture }) {
      const { page } = await openPage(browser, { url: fixture, hash: "#/chapter/3-routing/the-road-back" });
      await page.waitForSelector("#the-road-back h2");
      await page.getByRole("button", { name: /한국어/ }).click();
      await page.getByRole("heading", { name: "가는 길, 그리고 돌아오는 길" }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");
      await page.getByRole("button", { name: "화면 색" }).click();
      await page.getByRole("menuitemradio", { name: "고대비" }).click();
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "contrast");
      await page.reload();
      await page.getByRole("heading", { name: "가는 길, 그리고 돌아오는 길" }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "contrast");
    },
  },
  {
    name: "search finds parts by their words and opens them by keyboard",
    async run({ browser, fixture }) {
      const { page } = await openPage(browser, { url: fixture });
      await page.keyboard.press("Control+k");
      await page.keyboard.type("road back");
      await page.locator("#search-results li").first().waitFor();
      await page.keyboard.press("Enter");
      await waitFor(() => page.url().includes("the-road-back"), "the part's address");
    },
  },
  {
    name: "answers, steps and results are saved at once and survive a kill of the page",
    async run({ browser, fixture }) {
      const { page, ctx } = await openPage(browser, { url: fixture, hash: "#/chapter/3-routing/two-ends" });
      await ready(page);
      const question = page.locator("#two-ends .predict");
      await question.locator("label").nth(1).click();
      await question.getByRole("button", { name: "Keep this answer" }).click();
      await page.locator("[data-saved=saved]").waitFor();
      await page.close({ runBeforeUnload: false });
      const again = await ctx.newPage();
      await again.goto(`${fixture}#/chapter/3-routing/two-ends`);
      await again.locator("#two-ends .answer-note").waitFor();
      assert.equal(await again.locator("#two-ends input[value=no-route]").isChecked(), true);
    },
  },
  {
    name: "what was typed into a lab is there again after a reload",
    async run({ browser, fixture }) {
      const { page } = await openPage(browser, { url: fixture, hash: "#/chapter/3-routing" });
      await ready(page);
      await page.locator(".xterm-helper-textarea").first().focus();
      await page.keyboard.type("ip route\n");
      await waitFor(async () => (await page.locator(".xterm-rows").first().textContent()).includes("proto kernel"), "the routes");
      await page.locator("[data-saved=saved]").waitFor();
      await page.reload();
      await waitFor(
        async () => ((await page.locator(".xterm-rows").first().textContent()) ?? "").includes("proto kernel"),
        "the routes after the reload",
      );
    },
  },
  {
    name: "a second window only shows until it takes over",
    async run({ browser, fixture }) {
      const { page, ctx } = await openPage(browser, { url: fixture, hash: "#/chapter/3-routing" });
      await ready(page);
      const second = await ctx.newPage();
      await second.goto(`${fixture}#/chapter/3-routing`);
      await second.getByText("The course is open in another window").waitFor();
      await waitFor(
        () =>
          second
            .locator("[role=tab]")
            .count()
            .then((n) => n === 0),
        "no terminals in the second window",
      );
      await second.getByRole("button", { name: "Use this window" }).click();
      await second.locator("[role=tab]").first().waitFor();
      await page.getByText("The course is open in another window").waitFor();
    },
  },
  {
    name: "the policy holds: nothing is loaded from elsewhere and nothing breaks it on any screen",
    async run({ browser, fixture }) {
      const { page, problems } = await openPage(browser, { url: fixture });
      const requests = [];
      page.on("request", (r) => requests.push(r.url()));
      await page.evaluate(() => {
        globalThis.violations = [];
        document.addEventListener("securitypolicyviolation", (e) => globalThis.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
      });
      for (const hash of ["#/chapter/3-routing", "#/challenge/road-with-no-way-back?seed=7", "#/"]) {
        await page.evaluate((h) => (location.hash = h), hash);
        await page.waitForTimeout(900);
      }
      assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
      assert.deepEqual(
        requests.filter((u) => !u.startsWith(new URL(fixture).origin) && !u.startsWith("blob:") && !u.startsWith("data:")),
        [],
      );
      assert.match(await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content"), /script-src 'self';/);
      assert.deepEqual(problems, []);
    },
  },
];

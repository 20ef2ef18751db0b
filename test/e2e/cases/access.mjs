/** Everybody's way in: axe on every screen, theme and language; keyboard only; narrow windows and zoom; reduced motion. */
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { openPage } from "../lib.mjs";

/** Screens of the real course; the canned one's chapter for what needs a block that is run. */
const SCREENS = ["#/", "#/chapter/3-routing/way-back", "#/challenge/road-with-no-way-back?seed=7"];
const CANNED = "#/chapter/3-routing/the-road-back";

async function settled(page, hash) {
  await page.evaluate((h) => (location.hash = h), hash);
  if (hash === "#/") await page.locator(".legs").waitFor();
  else await page.locator("[role=tab]").first().waitFor({ timeout: 15_000, state: "attached" });
  await page.waitForTimeout(400);
}

/**
 * What axe finds that is serious. Everything is looked at in the light theme; the others differ in colour only, so there
 * contrast is computed, and of the long chapter for two parts that hold one of each thing.
 */
async function serious(page, theme) {
  let axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  if (theme !== "light") axe = axe.withRules(["color-contrast"]).exclude("[data-part]:not(#way-back, #explain)");
  const { violations } = await axe.analyze();
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map(
      (v) =>
        `${v.id}: ${v.nodes
          .slice(0, 3)
          .map((n) => `${n.target.join(" ")} ${n.failureSummary?.split("\n")[1]?.trim()}`)
          .join(" | ")}`,
    );
}

export const accessCases = [
  ...["en", "ko"].flatMap((locale) =>
    ["light", "dark", "contrast"].map((theme) => ({
      name: `axe finds nothing serious: ${locale}, ${theme}`,
      async run({ browser, web }) {
        const { page } = await openPage(browser, { url: web, locale, theme });
        const found = [];
        const look = async (what) => found.push(...(await serious(page, theme)).map((v) => `${what} ${v}`));
        for (const hash of SCREENS) {
          await settled(page, hash);
          await look(hash);
          if (!hash.includes("challenge")) continue;
          await page.keyboard.press("Escape");
          await page
            .locator(".net-head, .net")
            .getByRole("button", { name: /table|표/ })
            .first()
            .click();
          await page.keyboard.press("?");
          await page.getByRole("dialog").waitFor();
          await look("table and help");
        }
        assert.deepEqual(found, []);
      },
    })),
  ),
  {
    name: "dividers move by keys, collapse and come back",
    async run({ browser, web }) {
      const { page } = await openPage(browser, { url: web, hash: SCREENS[1] });
      const divider = page.getByRole("separator", { name: /Read and Lab/ });
      await divider.focus();
      const value = async () => Number(await divider.getAttribute("aria-valuenow"));
      const before = await value();
      await page.keyboard.press("ArrowRight");
      assert.equal(await value(), before + 16);
      await page.keyboard.press("Shift+ArrowLeft");
      assert.equal(await value(), before - 48);
      await page.keyboard.press("Home");
      assert.equal(await value(), 480);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Show Read" }).click();
      await page.locator("article.read").waitFor();
    },
  },
  ...[
    { width: 320, height: 640, what: "320 px" },
    { width: 720, height: 450, what: "200 % zoom on a laptop" },
  ].flatMap(({ width, height, what }) =>
    ["en", "ko"].map((locale) => ({
      name: `nothing is cut off at ${what}, ${locale}`,
      async run({ browser, web }) {
        const { page } = await openPage(browser, { url: web, locale, width, height });
        const found = [];
        for (const hash of SCREENS) {
          await settled(page, hash);
          const panes = hash === "#/" ? [null] : [0, 1, 2];
          for (const pane of panes) {
            if (pane !== null) await page.locator(".switch button").nth(pane).click();
            await page.waitForTimeout(200);
            found.push(...(await page.evaluate(clipped)).map((f) => `${hash} pane ${pane}: ${f}`));
          }
        }
        assert.deepEqual(found, []);
      },
    })),
  ),
  {
    name: "everything to press is 24 px at least",
    async run({ browser, web }) {
      const small = [];
      for (const width of [1440, 320]) {
        const { page } = await openPage(browser, { url: web, width, height: 900 });
        for (const hash of SCREENS) {
          await settled(page, hash);
          small.push(
            ...(await page.evaluate(() =>
              [...document.querySelectorAll("button, a[href], [role=tab], input:not([type=radio]), select")]
                .filter((e) => e.checkVisibility() && !e.closest(".skip, .sr, .xterm") && !e.matches(".skip"))
                // links in running text are excepted by WCAG 2.5.8
                .filter((e) => !(e.tagName === "A" && e.closest("p")))
                .map((e) => [e, e.getBoundingClientRect()])
                .filter(([, r]) => r.width > 0 && (r.width < 24 || r.height < 23.5))
                .map(
                  ([e, r]) =>
                    `${e.className || e.tagName} "${(e.getAttribute("aria-label") ?? e.textContent).slice(0, 30)}" ${Math.round(r.width)}×${Math.round(r.height)}`,
                ),
            )),
          );
        }
      }
      assert.deepEqual([...new Set(small)], []);
    },
  },
  {
    name: "with reduced motion packets stand at each link in turn",
    async run({ browser, fixture }) {
      const { page } = await openPage(browser, { url: fixture, hash: CANNED, context: { reducedMotion: "reduce" } });
      await page.locator("[role=tab]").first().waitFor();
      await page.locator("#the-road-back .code").first().getByRole("button", { name: "Run" }).click();
      const packet = page.locator("g.packet[visibility=visible]").first();
      await packet.waitFor({ state: "attached" });
      const at = await packet.getAttribute("transform");
      await page.waitForTimeout(120);
      assert.equal((await packet.getAttribute("transform", { timeout: 200 }).catch(() => at)) ?? at, at);
    },
  },
];

/** Runs in the page: what sticks out of the window or is cut off without a way to scroll to it. */
function clipped() {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`page is ${document.documentElement.scrollWidth} wide`);
  const mayScroll = (e) =>
    e.closest(".xterm, pre, .net-scroll, .table-box, .tablist, .strip, .sr, .topo, .hit, .picture, [aria-hidden=true]") !== null;
  for (const e of document.querySelectorAll("#root *")) {
    if (!e.checkVisibility() || mayScroll(e)) continue;
    const r = e.getBoundingClientRect();
    if (
      r.width > 0 &&
      (r.right > innerWidth + 1 || r.left < -1) &&
      e.children.length === 0 &&
      e.textContent.trim() !== "" &&
      getComputedStyle(e).clipPath === "none" &&
      !e.classList.contains("skip")
    )
      found.push(
        `<${e.tagName.toLowerCase()} class="${e.className}"> "${e.textContent.slice(0, 30)}" from ${Math.round(r.left)} to ${Math.round(r.right)}`,
      );
    const style = getComputedStyle(e);
    const cuts = style.overflowX === "hidden" || style.overflowY === "hidden";
    if (
      cuts &&
      style.textOverflow !== "ellipsis" &&
      style.clipPath === "none" &&
      (e.scrollWidth > e.clientWidth + 1 || (style.overflowY === "hidden" && e.scrollHeight > e.clientHeight + 2)) &&
      e.clientWidth > 2
    )
      found.push(
        `<${e.tagName.toLowerCase()} class="${e.className}"> hides ${e.scrollWidth - e.clientWidth}×${e.scrollHeight - e.clientHeight} px`,
      );
  }
  return found;
}

/** Pictures for people: every screen in both languages, all themes and the widths that lay out differently; the README's. */
import { join } from "node:path";
import { addressesOf, openPage, RESULTS, ROOT, shellText, typeLine, waitFor } from "../lib.mjs";

const prompt = (page) => waitFor(async () => /[$#] $/.test(await shellText(page)), "a prompt", 15_000);

/** The chapter at its turning point: four requests on both ends, no reply; a ping and a capture running side by side. */
async function wayBack(page, { split }) {
  await prompt(page);
  await page.locator(".xterm-helper-textarea").first().focus();
  for (const [machine, line] of [
    ["router", "lab plug router-enp0s1; lab plug router-enp0s2; sudo sysctl -w net.ipv4.ip_forward=1; clear"],
    ["network01", "sudo ip route add 192.168.100.0/24 via 192.168.150.3; clear; ip route"],
  ]) {
    await page.getByRole("tab", { name: machine }).first().click();
    await waitFor(async () => new RegExp(`@${machine}:`).test(await shellText(page)), `the prompt of ${machine}`);
    await typeLine(page, line);
    if (machine === "router")
      await waitFor(
        async () =>
          Object.values(await addressesOf(page))
            .flat()
            .includes("192.168.100.3"),
        "the router's addresses",
      );
  }
  if (split) {
    await page.getByRole("button", { name: /Split|나누/ }).click();
    await page.getByRole("tab", { name: "network02" }).first().click();
  } else await page.getByRole("tab", { name: "network02" }).first().click();
  await waitFor(async () => /@network02:/.test(await shellText(page)), "the prompt of network02");
  await typeLine(page, "sudo tcpdump -n -i enp0s1 icmp");
  await waitFor(async () => (await shellText(page)).includes("listening on"), "the capture");
  await page.evaluate(() => (location.hash = "#/chapter/3-routing/way-back"));
  await page.locator("#way-back .code", { hasText: "ping -c 4 192.168.100.2" }).first().locator(".b.act").click();
  await waitFor(async () => (await page.locator("#way-back .res").first().count()) > 0, "the result line");
  await page.locator("g.packet[visibility=visible]").first().waitFor({ state: "attached" });
  await waitFor(async () => (await shellText(page)).includes("seq 2"), "the second request in the capture");
  await page.locator("g.packet[visibility=visible] .hand-label").first().waitFor({ state: "attached" });
}

export const screenCases = [
  ...["en", "ko"].flatMap((locale) =>
    ["light", "dark", "contrast"].map((theme) => ({
      name: `screens: ${locale}, ${theme}`,
      seconds: 120,
      async run({ browser, web }) {
        const shot = (page, name) => page.screenshot({ path: join(RESULTS, `${name}-${locale}-${theme}.png`) });
        const { page } = await openPage(browser, { url: web, locale, theme });
        await shot(page, "home");
        await page.evaluate(() => (location.hash = "#/chapter/3-routing/road-there"));
        await wayBack(page, { split: true });
        await shot(page, "chapter");
        await page.keyboard.press("Escape");
        await page
          .locator(".net-head, .net")
          .getByRole("button", { name: /Journey|이동 기록/ })
          .first()
          .click();
        await page.locator(".dr .ru").first().waitFor();
        await page.waitForTimeout(700);
        await shot(page, "journey");
        await page.evaluate(() => (location.hash = "#/challenge/road-with-no-way-back?seed=7"));
        await page.locator(".rung").first().waitFor();
        await prompt(page);
        await shot(page, "challenge");
        await page.locator(".sub .b.pri").click();
        await page.locator("#ticket-result").waitFor({ timeout: 30_000 });
        await shot(page, "result");
        await page.keyboard.press("Control+k");
        await page.keyboard.insertText("route");
        await page.waitForTimeout(200);
        await shot(page, "search");
        await page.keyboard.press("Escape");
        await page
          .locator(".status")
          .getByRole("button", { name: /Reset|초기화/ })
          .click();
        await page.waitForTimeout(300);
        await shot(page, "dialog");
      },
    })),
  ),
  ...[
    [1366, 768],
    [1024, 768],
    [390, 844],
  ].map(([width, height]) => ({
    name: `screens: ${width} wide`,
    seconds: 120,
    async run({ browser, web }) {
      for (const locale of ["en", "ko"]) {
        const { page } = await openPage(browser, { url: web, locale, width, height, hash: "#/" });
        const shot = (name) => page.screenshot({ path: join(RESULTS, `${name}-${locale}-${width}.png`) });
        await shot("home");
        for (const [name, hash] of [
          ["chapter", "#/chapter/3-routing/way-back"],
          ["challenge", "#/challenge/road-with-no-way-back?seed=7"],
        ]) {
          await page.evaluate((h) => (location.hash = h), hash);
          await page.locator("[role=tab]").first().waitFor({ state: "attached" });
          await page.waitForTimeout(1500);
          await shot(name);
          for (const [i, pane] of ["network", "terminal"].entries()) {
            const choice = page.locator(".switch button").nth(i + 1);
            if (!(await choice.count())) continue;
            await choice.click();
            await page.waitForTimeout(300);
            await shot(`${name}-${pane}`);
          }
        }
      }
    },
  })),
  {
    name: "screens: the README's picture",
    seconds: 60,
    async run({ browser, web }) {
      const { page } = await openPage(browser, { url: web, hash: "#/chapter/3-routing/road-there" });
      await wayBack(page, { split: true });
      await page.screenshot({ path: join(ROOT, "docs/screenshot.png") });
    },
  },
];

/** The address exercises and the pane of files, in the page over the real simulator: by keyboard, in every theme. */
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { openPage, shellText, typeLine, waitFor } from "../lib.mjs";

const CHAPTER = "#/chapter/2-addresses";

async function chapter(browser, web, part, options = {}) {
  const opened = await openPage(browser, { url: web, hash: `${CHAPTER}/${part}`, ...options });
  await opened.page.locator("[role=tab]").first().waitFor({ timeout: 15_000 });
  await waitFor(async () => /[$#] $/.test(await shellText(opened.page)), "a prompt", 15_000);
  return opened;
}

/** Opens a file in the pane and puts the keyboard at its end. */
async function edit(page, path) {
  await page.getByRole("button", { name: /Files of the lab|실습의 파일/ }).click();
  await page.locator(".file-form input").fill(path);
  await page.keyboard.press("Enter");
  await page.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+End");
}
const inShell = async (page, line) => {
  await page.locator(".xterm-helper-textarea").first().focus();
  await typeLine(page, line);
};

export const addressCases = [
  ...[
    ["en", "light"],
    ["ko", "dark"],
    ["ko", "contrast"],
  ].map(([locale, theme]) => ({
    name: `addresses: axe finds nothing serious in the exercises and the files: ${locale}, ${theme}`,
    async run({ browser, web }) {
      const { page } = await chapter(browser, web, "drills", { locale, theme });
      await page.locator(".drill .switch button").nth(2).click();
      await page.locator(".drill form .field, .drill form .opt input").first().waitFor();
      await page.locator(".plan form button[type=submit]").click();
      await edit(page, "/etc/hosts");
      await page.keyboard.type("x");
      await page.keyboard.press("Control+s");
      await page.locator(".file-said button").waitFor();
      const { violations } = await new AxeBuilder({ page }).include(".cidr").include(".drill").include(".plan").include(".terms").analyze();
      const serious = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
      assert.deepEqual(
        serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(" | ")}`),
        [],
      );
    },
  })),
  {
    name: "addresses: a prefix is typed and moved by keyboard, and a drill answered and gone on with Enter",
    async run({ browser, web }) {
      const { page, problems } = await chapter(browser, web, "thirty-two-bits");
      const field = page.getByLabel("Address and prefix length");
      await field.fill("10.44.77.9/20");
      await page.locator(".cidr").getByText("10.44.64.0/20").waitFor();
      await page.getByRole("slider", { name: "Prefix length" }).focus();
      await page.keyboard.press("ArrowRight");
      assert.equal(await field.inputValue(), "10.44.77.9/21");
      await page.getByRole("button", { name: /Level 1/ }).click();
      const before = await page.locator(".drill .q").textContent();
      await page.locator(".drill form .field").fill("/1");
      await page.keyboard.press("Enter");
      await waitFor(async () => (await page.locator(".drill .field-note").textContent()) !== "", "a word about it");
      await waitFor(async () => {
        if ((await page.locator(".drill .link").count()) > 0) await page.locator(".drill .link").click();
        return (await page.locator(".drill .worked").count()) > 0 || /first/.test(await page.locator(".drill .field-note").textContent());
      }, "the way it is worked out");
      await page.locator(".drill form .field").focus();
      await page.keyboard.press("Enter");
      await waitFor(async () => (await page.locator(".drill .q").textContent()) !== before, "the next question");
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "addresses: a file saved beside the terminal is on the machine, is undone, and is there after a reload",
    async run({ browser, web }) {
      const { page, problems } = await chapter(browser, web, "repair");
      await edit(page, "/etc/hosts");
      await page.keyboard.type("192.168.108.101 node1\n");
      await page.keyboard.press("Control+s");
      await page.getByText("Permission denied: /etc/hosts belongs to root.").waitFor();
      await page.getByRole("button", { name: "Save with sudo" }).click();
      await page.getByText("Saved on admin").waitFor();
      await inShell(page, "ping -c 1 node1");
      await waitFor(async () => (await shellText(page)).includes("1 received"), "an answer from the name");
      await waitFor(async () => /Saved/.test(await page.locator(".top").textContent()), "the log on disk");
      await page.reload();
      await waitFor(async () => /[$#] $/.test(await shellText(page)), "the prompt", 15_000);
      await inShell(page, "clear; tail -n 1 /etc/hosts");
      await waitFor(async () => (await shellText(page)).includes("192.168.108.101 node1"), "the line after a reload");
      await page.getByRole("button", { name: /Undo “edit \/etc\/hosts”/ }).click();
      await page.getByText("Undone: edit /etc/hosts").waitFor();
      await inShell(page, "clear; grep -c node1 /etc/hosts");
      await waitFor(async () => /^0$/m.test(await shellText(page)), "the line gone");
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "addresses: a file changed underneath is told, and unsaved text stays whatever is shown meanwhile",
    async run({ browser, web }) {
      const { page, problems } = await chapter(browser, web, "repair");
      await edit(page, "/home/network/plan");
      await page.keyboard.type("mine");
      await inShell(page, "echo theirs > plan");
      await page.getByText(/was changed on admin while you were writing/).waitFor();
      await page.evaluate(() => (location.hash = "#/"));
      await page.locator(".legs").waitFor();
      await page.evaluate((h) => (location.hash = h), `${CHAPTER}/repair`);
      await waitFor(async () => (await page.locator(".cm-content").textContent()) === "mine", "the unsaved text", 15_000);
      await page.reload();
      await waitFor(async () => (await page.locator(".cm-content").textContent()) === "mine", "the unsaved text after a reload", 15_000);
      await page.getByRole("button", { name: "Take the text from admin" }).click();
      await waitFor(async () => (await page.locator(".cm-content").textContent()) === "theirs", "the other text");
      assert.deepEqual(problems, []);
    },
  },
];

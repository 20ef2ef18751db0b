/** The lab in the page: blocks, terminals, picture, journey, goals, hard stop. Over the canned world. */
import assert from "node:assert/strict";
import { openPage, waitFor } from "../lib.mjs";

async function lab(browser, fixture, options = {}) {
  const opened = await openPage(browser, { url: fixture, hash: "#/chapter/3-routing/the-road-back", ...options });
  await opened.page.locator("[role=tab]").first().waitFor();
  await waitFor(async () => (await rows(opened.page)).includes("$"), "a prompt");
  return opened;
}
const rows = async (page, at = 0) => (await page.locator(".xterm-rows").nth(at).textContent()) ?? "";
const focusTerminal = (page, at = 0) => page.locator(".xterm-helper-textarea").nth(at).focus();

export const labCases = [
  {
    name: "Copy, Type and Run do what they say, and the result of Run stands under the block",
    async run({ browser, fixture }) {
      const { page, problems } = await lab(browser, fixture);
      const block = page.locator("#the-road-back .code").first();
      await block.getByRole("button", { name: "Copy" }).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "ping -c 4 192.168.100.2");
      await block.getByRole("button", { name: "Run" }).click();
      await block.getByText("Running").waitFor();
      await block.getByText("Exit status 1").waitFor({ timeout: 10_000 });
      assert.match(await block.locator(".res").textContent(), /4 packets transmitted, 0 received, 100% packet loss/);
      await block.getByRole("button", { name: "Type" }).click();
      await waitFor(
        async () => /\$ ping -c 4 192\.168\.100\.2\s*$/.test((await rows(page)).replaceAll("\u00a0", " ").trimEnd()),
        "the typed line",
      );
      await block.getByRole("button", { name: "Show" }).click();
      await waitFor(
        () => page.evaluate(() => document.activeElement?.classList.contains("xterm-helper-textarea")),
        "the keyboard in the terminal",
      );
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "Run in a busy terminal says what is running there",
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await focusTerminal(page);
      await page.keyboard.type("ping -c 30 192.168.100.2\n");
      await waitFor(async () => (await rows(page)).includes("PING"), "ping");
      await page.locator("#the-road-back .code").first().getByRole("button", { name: "Run" }).click();
      await page.getByText(/network01 is running ping/).waitFor();
      await focusTerminal(page);
      await page.keyboard.press("Control+c");
      await waitFor(async () => (await rows(page)).includes("^C"), "^C");
    },
  },
  {
    name: "packets move in the picture, goals tick from what arrived, a faded step from the state",
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await page.locator("#the-road-back .code").first().getByRole("button", { name: "Run" }).click();
      await page.locator("g.packet[visibility=visible]").first().waitFor({ state: "attached" });
      await page.locator(".goal .st.ok").first().waitFor();
      assert.equal(await page.locator(".goal .st.ok").count(), 1);
      await page.getByRole("tab", { name: /network02/ }).click();
      await waitFor(async () => (await rows(page)).includes("network02"), "its prompt");
      await focusTerminal(page);
      await page.keyboard.type("sudo ip route add 192.168.150.0/24 via 192.168.100.3\n");
      await page.locator("#the-road-back .faded .st.ok").waitFor();
      await waitFor(
        () =>
          page
            .locator(".goal .st.ok")
            .count()
            .then((n) => n === 2),
        "the second goal",
      );
      await page.getByRole("button", { name: /Undo “sudo ip route add/ }).click();
      await page.getByText(/Undone: sudo ip route add/).waitFor();
    },
  },
  {
    name: "the journey opens at its verdict, steps by keys, and takes evidence",
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await page.locator("#the-road-back .code").first().getByRole("button", { name: "Run" }).click();
      await page.locator("#the-road-back .code").first().getByText("Exit status").waitFor({ timeout: 10_000 });
      await page.locator("#evidence .evidence").getByRole("button", { name: "Open the journey" }).click();
      await page.getByText("Pick the decision for: Which decision stopped the reply?").waitFor();
      assert.match(await page.locator(".dr .pill").textContent(), /stopped on network02/);
      assert.match(await page.locator(".diff").textContent(), /A route to 192\.168\.150\.0\/24 exists/);
      await page.locator(".way").focus();
      await page.keyboard.press("[");
      await page.getByText("Step 1 of 2").waitFor();
      await page.keyboard.press("e");
      // the drawer makes way for the answer
      await page.getByText("That line did not stop it. It accepted.").waitFor();
      assert.equal(await page.locator(".dr").count(), 0);
      await page.locator("#evidence").getByRole("button", { name: "Change" }).click();
      await page
        .locator(".ru.rej")
        .getByRole("button", { name: /Evidence/ })
        .click();
      await page.getByText("That decision proves it.").waitFor();
    },
  },
  {
    name: "terminals split, open, close, find and grow",
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await page.getByRole("button", { name: "Split" }).click();
      await waitFor(
        () =>
          page
            .locator(".xterm-rows")
            .count()
            .then((n) => n === 2),
        "two panes",
      );
      await page.getByRole("button", { name: "New terminal" }).click();
      await page.getByRole("menuitem", { name: /router/ }).click();
      await waitFor(
        () =>
          page
            .getByRole("tab")
            .count()
            .then((n) => n === 4),
        "a fourth tab",
      );
      await page.getByRole("button", { name: "Close this terminal" }).click();
      await waitFor(
        () =>
          page
            .getByRole("tab")
            .count()
            .then((n) => n === 3),
        "three tabs",
      );
      await page.getByRole("tab", { name: /network01/ }).click();
      await waitFor(
        () => page.evaluate(() => document.activeElement?.closest("[role=tabpanel]")?.getAttribute("aria-label")?.includes("network01")),
        "the keyboard in network01",
      );
      await page.keyboard.type("seq\n");
      await waitFor(async () => (await rows(page)).includes("line 199"), "the last line");
      await page.keyboard.press("Control+f");
      await page.keyboard.type("line 150");
      await page.getByText("1 found").waitFor();
      await page.keyboard.press("Escape");
      await waitFor(() => page.evaluate(() => document.activeElement?.classList.contains("xterm-helper-textarea")), "the keyboard back");
      await page.keyboard.press("Control+=");
      assert.equal(await page.evaluate(() => JSON.parse(localStorage.getItem("hop.prefs")).termSize), 14);
    },
  },
  {
    name: "pasting more than three lines asks first; three do not",
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await focusTerminal(page);
      const paste = (text) =>
        page.evaluate((value) => {
          const data = new DataTransfer();
          data.setData("text/plain", value);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }, text);
      await paste("ip route\nip route\n");
      await waitFor(async () => (await rows(page)).split("ip route").length >= 3, "two lines pasted");
      await paste("a1\na2\na3\na4\na5\n");
      await page.getByRole("alertdialog").waitFor();
      assert.match(await page.getByRole("alertdialog").textContent(), /Paste 5 lines\?/);
      await page.getByRole("button", { name: "Cancel" }).click();
      assert.ok(!(await rows(page)).includes("a4"));
    },
  },
  {
    name: "a program's output changes nothing but the terminal: titles, clipboard, links, replies",
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await page.evaluate(() => navigator.clipboard.writeText("mine"));
      await focusTerminal(page);
      const title = await page.title();
      // the canned shell echoes what is typed, so the sequences come back as output
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.setData(
          "text/plain",
          "\u001b]0;owned\u0007\u001b]52;c;aGFja2Vk\u0007\u001b[c\u001b[6n\u001b[>c\u001b]8;;javascript:alert(1)\u0007x\u001b]8;;\u0007",
        );
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      });
      await page.waitForTimeout(500);
      assert.equal(await page.title(), title);
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "mine");
      assert.ok(!/\[\?1;2c|;\d+R/.test(await rows(page)));
    },
  },
  {
    name: "a world that stops answering is ended by the second Ctrl-C and comes back with everything before",
    seconds: 40,
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await focusTerminal(page);
      await page.keyboard.type("ip route\n");
      await waitFor(async () => (await rows(page)).includes("proto kernel"), "the routes");
      await page.keyboard.type("hang\n");
      await page.getByText("A command in network01 does not stop.").waitFor({ timeout: 5000 });
      await page.keyboard.press("Control+c");
      const began = Date.now();
      await page.keyboard.press("Control+c");
      await page.getByText("The lab is restored").waitFor({ timeout: 5000 });
      assert.ok(Date.now() - began < 2000, `${Date.now() - began} ms`);
      await waitFor(async () => (await rows(page)).includes("proto kernel"), "the routes again");
    },
  },
  {
    name: "Korean is composed into whole syllables at the prompt",
    async run({ browser, fixture }) {
      const { page, ctx } = await lab(browser, fixture);
      await focusTerminal(page);
      const cdp = await ctx.newCDPSession(page);
      for (const word of ["한글", "패킷", "한글", "패킷", "한글", "패킷"]) {
        for (const syllable of word) {
          for (const step of jamo(syllable))
            await cdp.send("Input.imeSetComposition", { text: step, selectionStart: step.length, selectionEnd: step.length });
          await cdp.send("Input.insertText", { text: syllable });
        }
        await page.keyboard.press("Space");
      }
      await waitFor(
        async () => (await rows(page)).replaceAll("\u00a0", " ").includes("$ 한글 패킷 한글 패킷 한글 패킷"),
        "every syllable once, in order",
      );
      assert.equal((await rows(page)).split("한글").length, 4);
    },
  },
  {
    name: "the picture's sockets and machines are buttons; the table holds the same",
    async run({ browser, fixture }) {
      const { page } = await lab(browser, fixture);
      await page.getByRole("button", { name: "enp0s1 of router, up" }).click();
      await page.getByRole("menuitem", { name: /Pull the cable/ }).click();
      await page.getByRole("button", { name: "enp0s1 of router, up, no carrier" }).waitFor();
      await waitFor(async () => /no carrier/.test(await page.getByTestId("network-live").textContent()), "the change said aloud");
      await page.getByRole("button", { name: /Plug in the cable: router – net150/ }).click();
      await page.getByRole("button", { name: "enp0s1 of router, up", exact: true }).waitFor();
      await page.getByRole("button", { name: "network02: open its terminal" }).click();
      await waitFor(async () => (await page.getByRole("tab", { name: /network02/ }).getAttribute("aria-selected")) === "true", "its tab");
      await page.getByRole("button", { name: "As a table" }).click();
      await page.getByRole("table", { name: "Machines" }).waitFor();
      assert.match(await page.getByRole("table", { name: "Machines" }).textContent(), /192\.168\.100\.2\/24/);
    },
  },
];

/** The keys' intermediate forms of a syllable, as an input method shows them. */
function jamo(syllable) {
  const code = syllable.charCodeAt(0) - 0xac00;
  const [lead, vowel, tail] = [Math.floor(code / 588), Math.floor((code % 588) / 28), code % 28];
  const leads = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
  const open = String.fromCharCode(0xac00 + lead * 588 + vowel * 28);
  return tail ? [leads[lead], open, syllable] : [leads[lead], open];
}

/** The routing chapter over the real simulator: walked with the keyboard alone, in both languages, to the end of an incident. */
import assert from "node:assert/strict";
import { addressesOf, networkOf, openPage, shellText, tabTo, typeLine, waitFor } from "../lib.mjs";

/** Goes to a part as a keyboard user does: search, its title, Enter. */
async function goPart(page, id) {
  const title = await page.locator(`#${id} > h2`).textContent();
  await leaveTerminal(page);
  await page.keyboard.press("Control+k");
  await page.locator(".palette input").waitFor();
  await page.keyboard.insertText(title);
  await page.locator("#search-results li").first().waitFor();
  await page.keyboard.press("Enter");
  await waitFor(() => page.evaluate((part) => document.activeElement?.id === `${part}-title`, id), `focus on the title of ${id}`);
}

async function leaveTerminal(page) {
  const inside = await page.evaluate(
    () => document.activeElement?.closest(".xterm-host") !== null && document.activeElement !== document.body,
  );
  if (inside) await page.keyboard.press("Control+Backquote");
}

/** Runs the block of a part that holds exactly this text. Resolves to what stands under it when it has ended. */
async function runBlock(page, part, text, { end = true } = {}) {
  await tabTo(
    page,
    ([p, wanted]) => {
      const e = document.activeElement;
      return e?.matches(".code-head .b.act") && e.closest(`#${p}`) && e.closest(".code").querySelector("pre").textContent === wanted;
    },
    `Run of “${text}”`,
    [part, text],
  );
  await page.keyboard.press("Enter");
  return waitFor(
    () =>
      page.evaluate(
        ([p, wanted, toEnd]) => {
          const block = [...document.querySelectorAll(`#${p} .code`)].find((c) => c.querySelector("pre").textContent === wanted);
          const result = block?.querySelector(".res");
          return result && (!toEnd || !result.querySelector(".st.wait")) ? result.textContent : null;
        },
        [part, text, end],
      ),
    `the result of “${text}”`,
    20_000,
  );
}

const tabIn = (page, part, selector, what) =>
  tabTo(page, ([p, s]) => document.activeElement?.matches(s) && document.activeElement.closest(`#${p}`) !== null, what, [part, selector]);

async function pressIn(page, part, selector, what) {
  await tabIn(page, part, selector, what);
  await page.keyboard.press("Enter");
}

const ticked = (page, part, at = 0) => page.locator(`#${part} .faded`).nth(at).locator(".st.ok").waitFor({ timeout: 10_000 });

export const chapterCases = ["en", "ko"].map((locale) => ({
  name: `the routing chapter with the keyboard alone, to a repaired network: ${locale}`,
  seconds: 90,
  async run({ browser, web }) {
    const { page, problems } = await openPage(browser, { url: web, locale });
    await tabTo(page, () => document.activeElement?.matches('main a[href^="#/chapter/3-routing"]'), "the chapter's link");
    await page.keyboard.press("Enter");
    await waitFor(async () => (await shellText(page)).endsWith("$ "), "the first prompt", 15_000);
    await page.locator("#no-road > h2").waitFor();

    // predict, and look
    await goPart(page, "no-road");
    assert.match(await runBlock(page, "no-road", "ip -br addr"), /enp0s2\s+DOWN/);
    await tabIn(page, "no-road", "input[type=radio]", "an answer");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await pressIn(page, "no-road", ".predict .b.pri", "the button that keeps the answer");
    await page.locator("#no-road .answer-note").waitFor();
    assert.equal(await page.locator("#no-road input[value=never-made]").isChecked(), true);

    // a command that fails says so, with its own words
    await goPart(page, "the-table");
    assert.match(await runBlock(page, "the-table", "ping -c 1 192.168.100.2"), /2.*ping: connect: Network is unreachable/);

    // cables, and the journey of one packet
    await goPart(page, "first-hop");
    await pressIn(page, "first-hop", ".inline-button[aria-pressed=false]", "the first plug");
    await page.locator("#first-hop .inline-button[aria-pressed=true]").waitFor();
    await pressIn(page, "first-hop", ".inline-button[aria-pressed=false]", "the second plug");
    await waitFor(async () => /192\.168\.150\.3.*192\.168\.100\.3/.test(await networkOf(page)), "the router's addresses");
    await pressIn(page, "first-hop", ".stepper .b.act", "the stepper's ping");
    await page.locator("#first-hop .step-body").waitFor();
    await tabIn(page, "first-hop", ".step-body", "the stepper");
    const notes = new Set();
    for (let i = 0; i < 30; i++) {
      // two frames on, what the key did is drawn
      const note = await page.evaluate(async () => {
        for (let f = 0; f < 2; f++) await new Promise((done) => requestAnimationFrame(done));
        return document.querySelector("#first-hop .step-note")?.textContent ?? "";
      });
      notes.add(note);
      await page.keyboard.press("ArrowRight");
    }
    assert.equal([...notes].filter(Boolean).length, 7, "every note of the author was reached");

    // the road there, and a step that ticks from the state
    await goPart(page, "road-there");
    await runBlock(page, "road-there", "sudo ip route add 192.168.100.0/24 via 192.168.150.3");
    await pressIn(page, "road-there", ".given .b", "Type of the faded step");
    await waitFor(async () => (await shellText(page)).trimEnd().endsWith("sudo sysctl -w"), "the line typed up to its gap");
    await typeLine(page, "net.ipv4.ip_forward=1");
    await ticked(page, "road-there");

    // the way back
    await goPart(page, "way-back");
    await pressIn(page, "way-back", ".given .b", "Type of the faded step");
    await waitFor(async () => (await shellText(page)).trimEnd().endsWith("via"), "the line typed up to its gap");
    await typeLine(page, "192.168.100.3");
    await page.keyboard.press("Alt+ArrowLeft");
    await page.keyboard.press("Alt+ArrowLeft");
    await waitFor(async () => (await page.locator(".pane.foc .ph").textContent()).includes("network01"), "network01's terminal");
    await typeLine(page, "ping -c 1 192.168.100.2");
    await waitFor(async () => (await shellText(page)).includes("ttl=63"), "the reply");
    await ticked(page, "way-back");

    // the other language in the middle of it
    await leaveTerminal(page);
    await tabTo(page, () => document.activeElement?.closest(".top") !== null, "the top bar", undefined, "F6");
    await tabTo(page, () => document.activeElement?.matches(".lang"), "the language");
    const title = await page.locator("#way-back > h2").textContent();
    await page.keyboard.press("Enter");
    await waitFor(async () => (await page.locator("#way-back > h2").textContent()) !== title, "the text in the other language");
    assert.match(await shellText(page), /ttl=63/);
    await page.keyboard.press("Enter");
    await waitFor(async () => (await page.locator("#way-back > h2").textContent()) === title, "the text in the first language");

    // evidence: the decision that ended a packet
    await goPart(page, "explain");
    assert.match(await runBlock(page, "explain", "ping -c 1 192.168.100.77"), /\+1 errors/);
    await pressIn(page, "explain", ".evidence .b.pri", "Open the journey");
    await page.locator(".dr .ru.rej").waitFor();
    await tabTo(page, () => document.activeElement?.closest("[data-pane=journey]") != null, "the journey", undefined, "F6");
    await tabTo(page, () => document.activeElement?.matches(".way"), "the decisions");
    await page.keyboard.press("e");
    await page.locator("#explain .evidence .st.ok").waitFor();

    // an incident, from its ticket to a repair that holds
    await goPart(page, "incidents");
    await pressIn(page, "incidents", '.challenge-card a[href*="road-with-no-way-back"]', "the incident");
    await waitFor(
      async () => (await shellText(page)).endsWith("$ ") && (await page.locator(".case").count()) === 1,
      "the incident's prompt",
      15_000,
    );
    await page.locator(".rung").first().waitFor();
    const at = await addressesOf(page);
    const [hostA] = at.network01;
    const [, routerB] = at.router;
    await page.keyboard.press("Control+Backquote");
    await page.keyboard.press("Alt+ArrowRight");
    await page.keyboard.press("Alt+ArrowRight");
    await waitFor(async () => (await shellText(page)).endsWith("network02:~$ "), "network02's prompt");
    await typeLine(page, `sudo ip route del ${hostA}; sudo ip route replace ${hostA.replace(/\.\d+$/, ".0/24")} via ${routerB}`);
    await waitFor(async () => (await page.locator(".case .g .st.ok").count()) >= 2, "the goals that can be seen", 20_000);
    await leaveTerminal(page);
    await tabTo(page, () => document.activeElement?.matches(".sub .b.pri"), "Submit");
    await page.keyboard.press("Enter");
    await page.locator("#ticket-result .st.ok").waitFor({ timeout: 30_000 });
    await waitFor(() => page.evaluate(() => document.activeElement?.id === "ticket-result"), "focus on the result");
    assert.deepEqual(problems, []);
  },
}));

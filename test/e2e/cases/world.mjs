/** The app over the real simulator beside the chapter's own way: incidents, undo, reset, reload, no network, runaways. */
import assert from "node:assert/strict";
import { addressesOf, networkOf, openPage, shellText, tabTo, typeLine, waitFor } from "../lib.mjs";

const INCIDENT = "#/challenge/road-with-no-way-back?seed=7";

async function world(browser, web, hash, options = {}) {
  const opened = await openPage(browser, { url: web, hash, ...options });
  const { page } = opened;
  await page.locator("[role=tab]").first().waitFor({ timeout: 15_000 });
  await waitFor(async () => /[$#] $/.test(await shellText(page)), "a prompt", 15_000);
  await page.locator(".xterm-helper-textarea").first().focus();
  return opened;
}

/** Brings a machine's terminal to the front and waits for the keyboard to be in it. */
const on = async (page, machine) => {
  await page.getByRole("tab", { name: machine }).first().click();
  await waitFor(
    () =>
      page.evaluate((m) => document.activeElement?.closest(".xterm-host, .pane")?.closest(".pane.foc")?.textContent.includes(m), machine),
    `the keyboard in ${machine}`,
  );
  await waitFor(async () => (await shellText(page)).endsWith("$ "), `the prompt of ${machine}`);
};

/** A /24 as the labs draw them. */
const net = (address) => address.replace(/\.\d+$/, ".0/24");

/**
 * Presses Ctrl-C and measures in the page, from the key to the frame in which a prompt is drawn; and, before that, the
 * longest gap between two frames of half a second.
 */
async function interrupt(page) {
  const gap = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const began = performance.now();
        let last = began;
        let worst = 0;
        const frame = (now) => {
          worst = Math.max(worst, now - last);
          last = now;
          if (now - began < 500) requestAnimationFrame(frame);
          else resolve(worst);
        };
        requestAnimationFrame(frame);
      }),
  );
  // listening before the key is pressed: input does not queue behind what is evaluated
  await page.evaluate(() => {
    globalThis.took = new Promise((resolve) => {
      addEventListener(
        "keydown",
        function pressed(event) {
          if (event.code !== "KeyC") return;
          removeEventListener("keydown", pressed, true);
          const began = performance.now();
          const look = () => {
            const rows = [...document.querySelectorAll(".pane.foc .xterm-rows > div")].map((r) =>
              r.textContent.replaceAll("\u00a0", " ").trimEnd(),
            );
            const took = performance.now() - began;
            if (/@\S+:\S+[$#]$/.test(rows.findLast((r) => r !== "") ?? "") || took > 5000) resolve(took);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        },
        true,
      );
    });
  });
  await page.keyboard.press("Control+c");
  return { gap, took: await page.evaluate(() => globalThis.took) };
}

export const worldCases = [
  {
    name: "the first incident in the real world: ticket, picture, hint, a failed repair with its reasons",
    async run({ browser, web }) {
      const { page, problems } = await world(browser, web, INCIDENT);
      const { network01, network02 } = await addressesOf(page);
      assert.match(await page.locator(".case blockquote").textContent(), new RegExp(`${network01[0]}.*${network02[0]}`));
      await typeLine(page, `ping -c 1 -W 1 ${network02[0]}`);
      await waitFor(async () => (await shellText(page)).includes("100% packet loss"), "the loss");
      await page.getByRole("button", { name: "Open a hint" }).click();
      await waitFor(
        () =>
          page
            .locator(".rung:not(.next)")
            .count()
            .then((n) => n === 2),
        "the second rung",
      );
      await page.getByRole("button", { name: "Submit repair" }).click();
      await page.getByText("Not repaired yet").waitFor({ timeout: 20_000 });
      assert.match(await page.locator(".result").textContent(), /4 sent, 0 answered/);
      assert.doesNotMatch(await page.locator(".case").textContent(), /\$[a-z]/i);
      await page.locator("[data-saved=saved]").waitFor();
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "the second incident is repaired over five machines and the repair holds",
    seconds: 90,
    async run({ browser, web }) {
      const { page } = await world(browser, web, "#/challenge/three-routers?seed=3");
      const at = await addressesOf(page);
      const [hostA] = at.network01;
      const [hostB] = at.network02;
      const repairs = [
        ["router1", `sudo ip route replace ${net(hostB)} via ${at.router2[0]}`],
        ["router2", `sudo ip route replace ${net(hostB)} via ${at.router3[0]}; sudo ip route replace ${net(hostA)} via ${at.router1[1]}`],
        ["router2", "sudo sysctl -w net.ipv4.ip_forward=1"],
        ["router3", `sudo ip route replace ${net(hostA)} via ${at.router2[1]}`],
      ];
      for (const [machine, line] of repairs) {
        await on(page, machine);
        await typeLine(page, line);
        await waitFor(async () => (await shellText(page)).endsWith("$ "), `${machine}'s prompt`);
      }
      await page.getByRole("button", { name: "Submit repair" }).click();
      await page.getByText("The repair holds").waitFor({ timeout: 40_000 });
    },
  },
  {
    name: "undo takes back the newest change, reset all of them, and a reload brings the lab back as it was",
    async run({ browser, web }) {
      const { page } = await world(browser, web, "#/chapter/3-routing/road-there");
      await typeLine(page, "sudo ip route add 192.168.100.0/24 via 192.168.150.1");
      await waitFor(async () => /network01.*2 routes/.test((await networkOf(page)).split("Rrouter")[0]), "the route in the picture");
      await on(page, "network02");
      await typeLine(page, "sudo ip route add 10.0.0.0/8 via 192.168.100.1");
      await page.getByRole("button", { name: /Undo “sudo ip route add 10/ }).waitFor();
      await page.locator("[data-saved=saved]").waitFor();

      await page.getByRole("button", { name: /Undo “sudo ip route add 10/ }).click();
      await page.getByText(/Undone: sudo ip route add 10/).waitFor();
      await waitFor(async () => (await networkOf(page)).match(/2 routes/g)?.length === 1, "one route less");
      await page.locator(".top").click({ position: { x: 400, y: 4 } });
      await page.keyboard.press("Control+z");
      await page.getByText(/Undone: sudo ip route add 192/).waitFor();
      await page.locator("#first-hop .inline-button[aria-pressed=false]").first().click();
      await page.locator(".inline-button[aria-pressed=true]").waitFor();
      await page.getByRole("button", { name: "Reset lab" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Reset" }).click();
      await waitFor(
        () =>
          page
            .locator(".inline-button[aria-pressed=true]")
            .count()
            .then((n) => n === 0),
        "the cable out again",
      );

      await on(page, "network02");
      await typeLine(page, "sudo ip route add 10.0.0.0/8 via 192.168.100.1");
      await waitFor(async () => (await networkOf(page)).includes("2 routes"), "the route");
      await waitFor(() => page.locator("[data-saved=saved]").count(), "it saved");
      const before = await networkOf(page);
      await page.reload();
      await waitFor(async () => (await networkOf(page).catch(() => "")) === before, "the same network after a reload", 15_000);
    },
  },
  {
    name: "another part's network comes in and the chapter's own comes back with everything in it",
    async run({ browser, web }) {
      const { page } = await world(browser, web, "#/chapter/3-routing/new-addresses");
      await typeLine(page, "echo still here");
      await waitFor(async () => (await shellText(page)).includes("\nstill here"), "the echo");
      await page.locator("#new-addresses").getByRole("button", { name: "Show this network" }).click();
      await waitFor(async () => (await networkOf(page)).includes("10.45.99.93"), "the other network", 15_000);
      await page.locator("#new-addresses").getByRole("button", { name: "Back to the chapter's network" }).click();
      await waitFor(async () => (await shellText(page)).includes("\nstill here"), "what was typed before", 15_000);
    },
  },
  {
    name: "without a network: home, chapter, incident and the other language, and after a reload too",
    async run({ browser, web }) {
      const { page, ctx, problems } = await openPage(browser, { url: web, context: { serviceWorkers: "allow" } });
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await waitFor(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the page's service worker");
      await ctx.setOffline(true);
      await page.reload();
      await page.locator(".legs").waitFor();
      await page.evaluate(() => (location.hash = "#/chapter/3-routing/way-back"));
      await page.locator("#way-back > h2").waitFor();
      await waitFor(async () => (await shellText(page)).endsWith("$ "), "a prompt without a network", 15_000);
      await page.locator(".lang").click();
      await page.getByRole("heading", { name: "돌아오는 길" }).waitFor();
      await page.evaluate((h) => (location.hash = h), INCIDENT);
      await page.locator(".rung").first().waitFor();
      assert.deepEqual(problems, []);
    },
  },
  {
    name: "the map's tasks: a step by Tab reaches search, language, theme and help without a trap",
    async run({ browser, web }) {
      const { page } = await world(browser, web, INCIDENT);
      await page.keyboard.press("Control+Shift+M");
      await tabTo(page, () => document.activeElement?.closest(".status") !== null, "the status line, with Tab out of the terminal");
      await tabTo(page, () => document.activeElement?.matches(".searchb"), "the search, round the window");
    },
  },
  {
    name: "runaway commands never freeze the page and end at Ctrl-C",
    seconds: 60,
    alone: true,
    async run({ browser, web }) {
      const { page } = await world(browser, web, INCIDENT);
      const seen = [];
      for (const command of ["while :; do :; done", "yes", "ping -f 127.0.0.1", ":(){ :|:& };:"]) {
        await typeLine(page, command);
        await page.waitForTimeout(700);
        const { gap, took } = await interrupt(page);
        seen.push(`${command}: prompt after ${Math.round(took)} ms, longest frame ${Math.round(gap)} ms`);
        assert.ok(gap < 200, seen.at(-1));
        assert.ok(took < 250, seen.at(-1));
        await waitFor(async () => /[$#] $/.test(await shellText(page)), "the prompt");
        await typeLine(page, "clear");
        await waitFor(async () => (await shellText(page)).split("\n").length <= 2, "a clear terminal", 5000);
      }
      return { note: seen.join("; ") };
    },
  },
];

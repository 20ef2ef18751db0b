/** Sessions at a terminal whose screens were recorded from the real interactive bash 5.2 (scripts/record-bash-tty.mjs). */
import { describe, expect, it } from "vitest";
import { commands } from "../bin/registry.ts";
import { makeRig } from "../testing/rig.ts";
import { shellCommands } from "./index.ts";
import sessions from "./testdata/tty.json";

/** Process ids differ, a terminal without escape sequences has none, and real ones may ring or say how they redraw. */
function normal(screen: string): string {
  return screen
    .replace(/\x1b\[[?0-9;]*[A-Za-z]/g, "")
    .replace(/[\r\x07]/g, "")
    .replace(/^((?:.*[#$>] )?\[\d+\]) \d+$/gm, "$1 PID");
}

function play(session: string): string {
  const rig = makeRig({ commands: [...shellCommands, ...commands] });
  const t = rig.login();
  t.type("HISTFILE= exec bash --norc\r");
  t.text = "";
  for (const line of session.split("\n")) {
    const m = /^@(\w+) (.*)$/.exec(line);
    if (m?.[1] === "wait") t.wait(Number(m[2]));
    else if (m?.[1] === "key") t.type(String.fromCharCode(m[2]!.charCodeAt(2) & 31), 0.25);
    else if (m?.[1] === "raw") t.type(JSON.parse(m[2]!) as string, 0.25);
    else t.type(`${line}\r`, 0.25);
  }
  expect(rig.world.faults).toEqual([]);
  return t.text;
}

describe("real bash at a terminal", () => {
  sessions.forEach((s, i) => {
    it(`#${i} ${s.session.split("\n").slice(0, 2).join(" ⏎ ").slice(0, 80)}`, () => {
      expect(normal(play(s.session)).split("\n")).toEqual(normal(s.screen).split("\n"));
    });
  });
});

import { describe, expect, it } from "vitest";
import { bridge, type BridgeParts } from "./bridge.ts";

function rig() {
  const invoked: [string, unknown][] = [];
  let command: (c: unknown) => void = () => {};
  const parts: BridgeParts = {
    invoke: async (channel, input) => void invoked.push([channel, input]),
    onPort: () => {},
    onFailed: () => {},
    onCommand: (listener) => (command = listener),
  };
  return { hop: bridge(parts), invoked, menu: (c: unknown) => command(c) };
}

/** Names and kinds of everything a page can reach. */
function surface(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, surface(inner)]));
}

describe("window.hop", () => {
  it("is this and nothing more", () => {
    const { hop } = rig();
    expect(surface(hop)).toEqual({
      openTransport: "function",
      store: { durable: "boolean", load: "function", append: "function", streams: "function", exportText: "function" },
      openExternal: "function",
      onCommand: "function",
    });
    expect(surface(hop.openTransport())).toEqual({ send: "function", onMessage: "function", onFailure: "function", terminate: "function" });
  });
  it("has no way to name a channel: each function uses its own", async () => {
    const { hop, invoked } = rig();
    await hop.store.load("course");
    await hop.store.append("course", []);
    await hop.store.append("course", [{ seq: 1, t: 0, done: 0, src: "app", kind: "button", data: null }]);
    await hop.store.streams();
    await hop.store.exportText();
    hop.openExternal("https://man7.org/");
    expect(invoked.map(([channel]) => channel)).toEqual(["store:load", "store:append", "store:streams", "store:export", "external:open"]);
  });
  it("passes on the commands it knows, as words, without the event", () => {
    const { hop, menu } = rig();
    const got: unknown[][] = [];
    hop.onCommand((...args) => got.push(args));
    for (const c of ["help", "search", "home", "reload", { type: "help" }, null, "__proto__"]) menu(c);
    expect(got).toEqual([["help"], ["search"], ["home"]]);
  });
});

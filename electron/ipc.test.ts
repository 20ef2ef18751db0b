import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { CHANNELS, type Channel } from "./channels.ts";
import { sizeOf } from "./ipc-size.ts";
import { IpcRefusal, ipcRegistry } from "./ipc.ts";
import { APP_URL } from "./policy.ts";

type Handler = (event: unknown, ...args: unknown[]) => unknown;
const OURS = { name: "our page" };
const GOOD_FRAME = { url: APP_URL, parent: null };

/** A registry over a fake ipcMain in which every channel notes its calls. */
function rig() {
  const handlers = new Map<string, Handler>();
  const calls: [Channel, unknown][] = [];
  const registry = ipcRegistry(
    { handle: (name: string, handler: Handler) => void handlers.set(name, handler) } as never,
    (sender) => (sender as unknown) === OURS,
  );
  for (const name of Object.keys(CHANNELS) as Channel[]) registry.registerChannel(name, (input) => void calls.push([name, input]));
  const send = (name: string, args: unknown[], event: object = {}): unknown =>
    handlers.get(name)!({ senderFrame: GOOD_FRAME, sender: OURS, ...event }, ...args);
  return { handlers, calls, registry, send };
}

const refused = (send: () => unknown): string | null => {
  try {
    send();
    return null;
  } catch (error) {
    if (error instanceof IpcRefusal) return error.why;
    throw error;
  }
};

const record = { seq: 1, t: 0, done: 0, src: "term:1", kind: "key", data: "ls\r" };
const VALID: Record<Channel, object> = {
  "store:load": { stream: "course" },
  "store:append": { stream: "world/three-machines/-/7", records: [record] },
  "store:streams": {},
  "store:export": {},
  "world:open": { id: 1 },
  "world:close": { id: 1 },
  "external:open": { url: "https://man7.org/" },
};

describe("channels", () => {
  it("are at most 25", () => {
    expect(Object.keys(CHANNELS).length).toBeLessThanOrEqual(25);
  });
  it("take what they declare from the app's own page", () => {
    const { send, calls } = rig();
    for (const [name, input] of Object.entries(VALID)) send(name, [input]);
    expect(calls.map(([name]) => name)).toEqual(Object.keys(VALID));
  });
  it("take nothing from anybody else", () => {
    const { send, calls } = rig();
    const others: object[] = [
      { senderFrame: null },
      { senderFrame: { url: "https://evil.example/", parent: null } },
      { senderFrame: { url: APP_URL, parent: GOOD_FRAME } },
      { senderFrame: { url: "about:blank", parent: null } },
      { sender: {} },
    ];
    for (const [name, input] of Object.entries(VALID))
      for (const event of others) expect(refused(() => send(name, [input], event))).toBe("sender");
    expect(calls).toEqual([]);
  });
  it("take one message of a bounded size", () => {
    const { send, calls } = rig();
    expect(refused(() => send("store:streams", []))).toBe("size");
    expect(refused(() => send("store:streams", [{}, {}]))).toBe("size");
    expect(refused(() => send("external:open", [{ url: "x".repeat(100_000) }]))).toBe("size");
    expect(refused(() => send("store:append", [{ stream: "course", records: [{ ...record, data: "x".repeat(20_000_000) }] }]))).toBe(
      "size",
    );
    expect(calls).toEqual([]);
  });
  it("are not fooled by extra fields, prototypes, names of streams that are paths", () => {
    const { send, calls } = rig();
    expect(refused(() => send("world:open", [{ id: 1, x: 1 }]))).toBe("shape");
    expect(refused(() => send("world:open", [JSON.parse('{"id":1,"__proto__":{"x":1}}')]))).not.toBeNull();
    for (const stream of [
      "../x",
      "/etc/passwd",
      "world/../../x",
      "world/a/b/c/d/e",
      "C:\\x",
      "a\0",
      "world//1",
      "",
      "WORLD/a",
      `w/${"a".repeat(100)}`,
    ]) {
      expect(refused(() => send("store:load", [{ stream }]))).toBe("shape");
    }
    expect(calls).toEqual([]);
  });
  it("cannot be registered twice", () => {
    const { registry } = rig();
    expect(() => registry.registerChannel("store:streams", () => {})).toThrow("twice");
  });
  it("answer ten thousand messages of any kind with a refusal or a call with what they declare", () => {
    const names = Object.keys(CHANNELS) as Channel[];
    const plain = fc.jsonValue({ maxDepth: 3 });
    const odd = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withSparseArray: true,
      maxDepth: 3,
    });
    // near misses: a valid message with one field changed, dropped or added
    const near = (name: Channel) =>
      fc
        .tuple(fc.constantFrom(...Object.keys(VALID[name]), "extra", "__proto__"), fc.oneof(plain, odd))
        .map(([key, value]) =>
          Object.defineProperty({ ...VALID[name] }, key, { value, enumerable: true, configurable: true, writable: true }),
        );
    for (const name of names) {
      const { send, calls } = rig();
      fc.assert(
        fc.property(fc.oneof(plain, odd, near(name)), (message) => {
          const before = calls.length;
          const why = refused(() => send(name, [message]));
          if (why !== null) return calls.length === before;
          return calls.length === before + 1 && v.is(CHANNELS[name].schema, calls.at(-1)![1]);
        }),
        { numRuns: 10_000, seed: 7 },
      );
    }
  }, 60_000);
});

describe("the size of a message", () => {
  it("is told without walking all of one that is too large", () => {
    const huge = Array.from({ length: 1_000_000 }, () => "x");
    let reads = 0;
    const counting = new Proxy(huge, { get: (t, k, r) => (reads++, Reflect.get(t, k, r)) });
    expect(sizeOf(counting, 1000)).toBeGreaterThan(1000);
    expect(reads).toBeLessThan(1000);
  });
  it("is beyond any limit for cycles, deep values and what is no plain data", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    let deep: unknown = null;
    for (let i = 0; i < 100; i++) deep = [deep];
    for (const value of [cycle, deep, new Map(), new Date(), () => {}, Symbol("x"), 1n]) expect(sizeOf(value, 1e9)).toBe(Infinity);
  });
});

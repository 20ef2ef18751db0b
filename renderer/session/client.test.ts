import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromWorld, InputRecord, ToWorld } from "../../sim/session/protocol.ts";
import { MemoryStore } from "../store/memory-store.ts";
import { threeMachines } from "../testing/worlds.ts";
import { LabClient, lastLine, withoutTaken, type ClientEvents } from "./client.ts";
import type { Transport } from "./transport.ts";

class FakeTransport implements Transport {
  sent: ToWorld[] = [];
  ended = false;
  private listener: (m: FromWorld) => void = () => {};
  send(m: ToWorld): void {
    this.sent.push(m);
  }
  onMessage(listener: (m: FromWorld) => void): void {
    this.listener = listener;
  }
  onFailure(): void {}
  terminate(): void {
    this.ended = true;
  }
  say(m: FromWorld): void {
    if (!this.ended) this.listener(m);
  }
  ready(): void {
    this.say({ type: "ready", version: 1, topology: threeMachines(), terminals: [] });
  }
  get start(): Extract<ToWorld, { type: "start" }> {
    return this.sent[0] as Extract<ToWorld, { type: "start" }>;
  }
}

const KEY = { lab: "three", challenge: null, seed: 7 };
const key = (seq: number, data: string, term = 1): InputRecord => ({ seq, t: seq * 10, done: seq, src: `term:${term}`, kind: "key", data });

async function client(store = new MemoryStore()) {
  const transports: FakeTransport[] = [];
  const log: string[] = [];
  const events: ClientEvents = {
    message: (m) => log.push(m.type),
    output: (_term, data, done) => {
      log.push(`out ${data}`);
      done();
    },
    clear: () => log.push("clear"),
    saved: (s) => log.push(`saved ${s}`),
    stuck: (s) => log.push(`stuck ${s}`),
    restored: (taken) => log.push(`restored ${taken}`),
    damaged: (n) => log.push(`damaged ${n}`),
    failed: (d) => log.push(`failed ${d}`),
  };
  const made = new LabClient(KEY, {
    openTransport: () => {
      const t = new FakeTransport();
      transports.push(t);
      return t;
    },
    store,
    events,
    locale: "en",
  });
  await made.start();
  return { made, transports, log, store, at: (i: number) => transports[i]! };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const clock = (now: number, done: number): FromWorld => ({ type: "clock", now, realtime: 0, done, speed: 1, idle: false });
/** lets promises of the store settle */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("LabClient", () => {
  it("starts a world from its stored log", async () => {
    const store = new MemoryStore();
    await store.append("world/three/-/7", [key(1, "ip route\r")]);
    const { at, made } = await client(store);
    expect(at(0).start).toMatchObject({ type: "start", lab: "three", challenge: null, seed: 7, log: [key(1, "ip route\r")] });
    expect(Object.keys(at(0).start.log[0]!)).not.toContain("hash");
    made.stop();
  });

  it("says saved only after the store has said so", async () => {
    const { at, log, store, made } = await client();
    let release = (): void => {};
    const append = store.append.bind(store);
    store.append = (stream, records) => new Promise<void>((resolve) => (release = () => resolve(append(stream, records))));
    at(0).ready();
    at(0).say({ type: "log", records: [key(1, "x")] });
    await settle();
    expect(log.at(-1)).toBe("saved saving");
    release();
    await settle();
    expect(log.at(-1)).toBe("saved saved");
    expect((await store.load("world/three/-/7")).records).toHaveLength(1);
    made.stop();
  });

  it("keeps what could not be stored and stores it later, in order", async () => {
    const { at, log, store, made } = await client();
    const append = store.append.bind(store);
    store.append = () => Promise.reject(new Error("disk full"));
    at(0).say({ type: "log", records: [key(1, "a")] });
    await settle();
    expect(log.at(-1)).toBe("saved failed");
    store.append = append;
    at(0).say({ type: "log", records: [key(2, "b")] });
    await settle();
    expect((await store.load("world/three/-/7")).records.map((r) => r.data)).toEqual(["a", "b"]);
    expect(log.at(-1)).toBe("saved saved");
    made.stop();
  });

  it("acknowledges output once the terminal has taken it in", async () => {
    const { at, made } = await client();
    at(0).say({ type: "output", term: 2, data: "hello" });
    expect(at(0).sent.at(-1)).toEqual({ type: "ack", term: 2, chars: 5 });
    made.stop();
  });

  it("asks a silent world once, then says that it is stuck, and takes that back when it speaks", async () => {
    const { at, log, made } = await client();
    at(0).ready();
    await vi.advanceTimersByTimeAsync(1100);
    expect(at(0).sent.some((m) => m.type === "ask")).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(log).toContain("stuck true");
    at(0).say(clock(5, 5));
    expect(log.at(-2)).toBe("stuck false");
    made.stop();
  });

  it("ends a stuck world at the second Ctrl-C and runs its log again with the job killed", async () => {
    const { at, transports, log, store, made } = await client();
    at(0).ready();
    at(0).say({ type: "log", records: [key(1, "hang\r")] });
    at(0).say(clock(700, 42));
    await vi.advanceTimersByTimeAsync(1600);
    made.input(1, "key", "\x03");
    expect(transports).toHaveLength(1);
    made.input(1, "key", "\x03");
    expect(at(0).ended).toBe(true);
    expect(at(1).start.log).toEqual([key(1, "hang\r"), { seq: 2, t: 700, done: 42, src: "term:1", kind: "kill", data: {} }]);
    at(1).ready();
    expect(log.at(-1)).toBe("restored null");
    await settle();
    expect((await store.load("world/three/-/7")).records.map((r) => r.kind)).toEqual(["key", "kill"]);
    made.stop();
  });

  it("lets a Ctrl-C pass as a key while the world answers", async () => {
    const { at, transports, made } = await client();
    at(0).ready();
    for (let i = 0; i < 5; i++) {
      made.input(1, "key", "\x03");
      await vi.advanceTimersByTimeAsync(300);
      at(0).say(clock(i, i));
    }
    expect(transports).toHaveLength(1);
    made.stop();
  });

  it("takes the last line out when even the replay does not come back, and says which it was", async () => {
    const { at, transports, log, store, made } = await client();
    at(0).ready();
    at(0).say({ type: "log", records: [key(1, "ip route\r"), key(2, "ha"), key(3, "ng\r")] });
    at(0).say(clock(700, 42));
    made.hardStop(1);
    await vi.advanceTimersByTimeAsync(3100);
    expect(transports).toHaveLength(3);
    expect(at(2).start.log).toEqual([key(1, "ip route\r")]);
    at(2).ready();
    expect(log.at(-1)).toBe("restored hang");
    await settle();
    // the journal keeps everything; what is replayed leaves the line out, now and after a reload
    const { records } = await store.load("world/three/-/7");
    expect(records.map((r) => r.kind)).toEqual(["key", "key", "key", "kill", "kill"]);
    expect(withoutTaken(records).map((r) => r.seq)).toEqual([1]);
    made.stop();
  });
});

describe("the last line of a log", () => {
  it("begins after the Enter before it", () => {
    const log = [key(1, "a\r"), key(2, "b"), key(3, "x\r", 2), key(4, "c\r"), key(5, "d")];
    expect(lastLine(log, 1)).toMatchObject({ from: 2, to: 5, text: "bc" });
    expect(lastLine(log, 2)).toMatchObject({ from: 3, to: 5, text: "x" });
    expect(lastLine([key(1, "no enter")], 1)).toBeNull();
  });
  it("numbers used again after a line was taken out are not taken out with it", () => {
    const taken: InputRecord = { seq: 5, t: 0, done: 0, src: "term:1", kind: "kill", data: { without: [2, 4] } };
    expect(withoutTaken([key(1, "a"), key(2, "b"), key(3, "c"), taken, key(2, "again")]).map((r) => r.data)).toEqual(["a", "again"]);
  });
});

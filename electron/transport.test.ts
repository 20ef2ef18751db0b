/**
 * One contract, three ways: the browser's worker transport over a fake Worker, and the desktop's bridge over a real channel to a world
 * whose terminals go through real node-pty children that run the relay, or go without.
 */
import { readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { MessageChannel as NodeChannel } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openWorkerTransport } from "../renderer/session/worker-transport.ts";
import type { OpenTransport, Transport } from "../renderer/session/transport.ts";
import { Session } from "../sim/session/session.ts";
import { type FromWorld, PROTOCOL_VERSION, type ToWorld } from "../sim/session/protocol.ts";
import { loadContent } from "../scripts/content.ts";
import { bridge } from "./bridge.ts";
import { frame, FRAME } from "./pty/frames.ts";
import { loadNodePty, relayEnvironment, type RelayProcess, type SpawnRelay } from "./pty/node-pty.ts";
import { afterTty, PtyHost } from "./pty/pty-host.ts";
import { buildProgram } from "./testing/program.ts";
import { AWKWARD, ScriptedSession } from "./testing/scripted-session.ts";
import { World, type WorldSession } from "./world.ts";

type Make = (post: (m: FromWorld) => void) => WorldSession;
const scripted: Make = (post) => new ScriptedSession(post);

let relay: Awaited<ReturnType<typeof buildProgram>>;
let spawnPty: SpawnRelay;
beforeAll(async () => {
  relay = await buildProgram("electron/pty/relay.ts");
  spawnPty = await loadNodePty();
}, 60_000);
afterAll(() => rmSync(relay.dir, { recursive: true }));

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

// ------------------------------------------------------------ the ways

function workerWay(make: Make = scripted): OpenTransport {
  class FakeWorker extends EventTarget {
    private readonly world = new World({
      session: make,
      post: (m) => setImmediate(() => this.ended || this.dispatchEvent(new MessageEvent("message", { data: structuredClone(m) }))),
      ptys: null,
    });
    private ended = false;
    postMessage(m: ToWorld): void {
      this.world.hear(structuredClone(m));
    }
    terminate(): void {
      this.ended = true;
      this.world.close();
    }
  }
  const before = globalThis.Worker;
  globalThis.Worker = FakeWorker as never;
  cleanups.push(() => (globalThis.Worker = before));
  return openWorkerTransport;
}

interface Desk {
  readonly open: OpenTransport;
  readonly processes: RelayProcess[];
  readonly reasons: string[];
  readonly invoked: string[];
  readonly socketPath: string;
  fail(id: number, detail: string): void;
}

/** The desktop without Electron: bridge ⇄ a channel ⇄ a world, and the ptys it starts. */
function desk(options: { make?: Make; ptys?: boolean; spawn?: SpawnRelay; patience?: { start: number; bytes: number } } = {}): Desk {
  const processes: RelayProcess[] = [];
  const reasons: string[] = [];
  const invoked: string[] = [];
  const socketPath = join(relay.dir, `${Math.random().toString(36).slice(2)}.sock`);
  let onPort: (id: number, port: MessagePort) => void = () => {};
  let onFailed: (id: number, detail: string) => void = () => {};
  const worlds = new Map<number, World>();
  const { openTransport } = bridge({
    async invoke(channel, input) {
      const { id } = input as { id: number };
      invoked.push(`${channel} ${id}`);
      if (channel === "world:close") return worlds.get(id)?.close();
      const { port1, port2 } = new NodeChannel();
      const spawn: SpawnRelay = (...args) => {
        const made = (options.spawn ?? spawnPty)(...args);
        processes.push(made);
        return made;
      };
      const ptys =
        options.ptys === false
          ? null
          : new PtyHost({
              spawn,
              program: { execPath: process.execPath, script: relay.file },
              socketPath,
              onGivenUp: (r) => reasons.push(r),
              ...(options.patience ? { patience: options.patience } : {}),
            });
      const world = new World({ session: options.make ?? scripted, post: (m) => port1.postMessage(m), ptys });
      worlds.set(id, world);
      port1.on("message", (m) => world.hear(m));
      cleanups.push(() => (world.close(), port1.close()));
      onPort(id, port2 as never);
    },
    onPort: (listener) => (onPort = listener),
    onFailed: (listener) => (onFailed = listener),
    onCommand: () => {},
  });
  return { open: openTransport, processes, reasons, invoked, socketPath, fail: (id, detail) => onFailed(id, detail) };
}

// ------------------------------------------------------------ a client

const start = (lab = "contract"): ToWorld => ({
  type: "start",
  version: PROTOCOL_VERSION,
  lab,
  challenge: null,
  seed: 1,
  locale: "en",
  log: [],
});
const openTerm = (term: number, machine = "web1"): ToWorld => ({ type: "open", term, machine, user: null, cols: 80, rows: 24 });
const key = (data: string, term = 1): ToWorld => ({ type: "input", term, kind: "key", data });

class Client {
  readonly got: FromWorld[] = [];
  readonly failures: string[] = [];
  readonly wire: Transport;
  private readonly acks: boolean;
  private wake: () => void = () => {};

  constructor(open: OpenTransport, acks = true) {
    this.acks = acks;
    this.wire = open();
    this.wire.onMessage((m) => {
      this.got.push(m);
      if (m.type === "output" && this.acks) this.wire.send({ type: "ack", term: m.term, chars: m.data.length });
      this.wake();
    });
    this.wire.onFailure((detail) => {
      this.failures.push(detail);
      this.wake();
    });
    cleanups.push(() => this.wire.terminate());
  }
  send(...messages: ToWorld[]): void {
    for (const m of messages) this.wire.send(m);
  }
  /** Waits for a message, or for anything else to become true, as messages come. */
  async until(what: () => boolean): Promise<void> {
    while (!what()) await new Promise<void>((resolve) => (this.wake = resolve));
  }
  text(term = 1): string {
    return this.got.flatMap((m) => (m.type === "output" && m.term === term ? [m.data] : [])).join("");
  }
  get log(): unknown[] {
    return this.got.flatMap((m) => (m.type === "log" ? m.records : [])).map(({ src, kind, data }) => [src, kind, data]);
  }
}

/** Until the relays of some terminals carry what is typed: size changes come back as signals only then. */
async function up(d: Desk, count: number): Promise<void> {
  const end = Date.now() + 20_000;
  while (d.processes.length < count || d.processes.some((p) => !readyPids.has(p.pid))) {
    if (d.reasons.length > 0 || Date.now() > end) throw new Error(`relays did not come up: ${d.reasons.join("; ")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const readyPids = new Set<number>();
{
  // a relay is up when its host says so; the test listens in
  const open = PtyHost.prototype.open;
  PtyHost.prototype.open = async function (term, cols, rows, events) {
    let made: Awaited<ReturnType<typeof open>> = null;
    let early = false;
    made = await open.call(this, term, cols, rows, {
      ...events,
      up: () => {
        events.up();
        early = true;
        if (made) readyPids.add(made.pid);
      },
    });
    if (made && early) readyPids.add(made.pid);
    return made;
  };
}

// ------------------------------------------------------------ the contract

const WAYS: readonly {
  readonly name: string;
  readonly open: () => { open: OpenTransport; settled: (terminals: number) => Promise<void> };
}[] = [
  { name: "worker", open: () => ({ open: workerWay(), settled: async () => {} }) },
  { name: "desktop without ptys", open: () => ({ open: desk({ ptys: false }).open, settled: async () => {} }) },
  {
    name: "desktop with ptys",
    open: () => {
      const d = desk();
      return { open: d.open, settled: (terminals) => up(d, terminals) };
    },
  },
];

describe.each(WAYS)("the transport: $name", ({ open }) => {
  it("brings messages sent at once, before the other side is there, in their order", async () => {
    const c = new Client(open().open);
    c.send(start(), openTerm(1), key("one"), key("two"));
    await c.until(() => c.text() === "onetwo");
    expect(c.got[0]?.type).toBe("ready");
    expect(c.log).toEqual([
      ["term:1", "open", { machine: "web1", user: null, cols: 80, rows: 24 }],
      ["term:1", "key", "one"],
      ["term:1", "key", "two"],
    ]);
  });
  it("keeps every byte of what is typed and shown, and each key and paste for itself", async () => {
    const { open: way, settled } = open();
    const c = new Client(way);
    c.send(start(), openTerm(1));
    await settled(1);
    const inputs: ToWorld[] = [
      key(AWKWARD),
      { type: "input", term: 1, kind: "paste", data: `${AWKWARD}${AWKWARD}` },
      key("\x03"),
      key("\x04"),
      key("\x1a"),
      key("\x13"),
      key("\x11"),
      key("한"),
      key("awkward\r"),
    ];
    c.send(...inputs);
    await c.until(() => c.text().endsWith(`한${AWKWARD}`));
    expect(c.log.slice(1)).toEqual(inputs.map((m) => (m.type === "input" ? ["term:1", m.kind, m.data] : null)));
    expect(c.text()).toBe(`${AWKWARD}${AWKWARD}${AWKWARD}\x03\x04\x1a\x13\x11한${AWKWARD}`);
  }, 30_000);
  it("keeps the order between what terminals show and what else is said", async () => {
    const { open: way, settled } = open();
    const c = new Client(way);
    c.send(start(), openTerm(1), openTerm(2));
    await settled(2);
    await c.until(() => c.got.filter((m) => m.type === "terminal").length === 2);
    c.got.length = 0;
    for (let i = 0; i < 200; i++) c.send(key(`${i} `, 1 + (i % 2)));
    await c.until(() => c.got.filter((m) => m.type === "terminal").length === 200);
    const said = c.got.map((m) =>
      m.type === "log"
        ? `log ${String(m.records[0]?.data)}`
        : m.type === "output"
          ? `out ${m.data}`
          : m.type === "terminal"
            ? `busy ${m.view.busy}`
            : m.type,
    );
    expect(said).toEqual(Array.from({ length: 200 }, (_, i) => [`log ${i} `, `out ${i} `, `busy ${i} `]).flat());
  }, 30_000);
  it("ends a terminal with its last words before its exit status", async () => {
    const { open: way, settled } = open();
    const c = new Client(way);
    c.send(start(), openTerm(1));
    await settled(1);
    c.send(key("exit\r"));
    await c.until(() => c.got.some((m) => m.type === "exit"));
    expect(c.got.slice(-2)).toEqual([
      { type: "output", term: 1, data: "logout\r\n" },
      { type: "exit", term: 1, code: 3 },
    ]);
  }, 30_000);
  it("tells the size that the terminal has in the end", async () => {
    const { open: way, settled } = open();
    const c = new Client(way);
    c.send(start(), openTerm(1));
    await settled(1);
    const size = (cols: number, rows: number): ToWorld => ({ type: "resize", term: 1, cols, rows });
    const last = () => c.log.filter((r) => (r as string[])[1] === "resize").at(-1);
    c.send(size(100, 30), size(132, 43));
    await c.until(() => JSON.stringify(last()) === JSON.stringify(["term:1", "resize", { cols: 132, rows: 43 }]));
    c.send(size(90, 20), size(132, 43), key("after"));
    await c.until(() => c.text() === "after");
    expect(last()).toEqual(["term:1", "resize", { cols: 132, rows: 43 }]);
  }, 30_000);
  it("brings a flood whole while what is shown is acknowledged, and stops it while it is not", async () => {
    const { open: way, settled } = open();
    const c = new Client(way);
    c.send(start(), openTerm(1));
    await settled(1);
    c.send(key("flood\r"));
    await c.until(() => c.text().endsWith(`\n1 ${"y\r\n".repeat(300)}`));
    expect(c.text() === Array.from({ length: 1000 }, (_, i) => `${1000 - i} ${"y\r\n".repeat(300)}`).join("")).toBe(true);

    const silent = new Client(open().open, false);
    silent.send(start(), openTerm(1), key("flood\r"));
    await silent.until(() => silent.text().length > 99_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(silent.text().length).toBeLessThan(102_000);
  }, 60_000);
  it("brings a fault of the world as a message", async () => {
    const c = new Client(open().open);
    c.send(start("nowhere"));
    await c.until(() => c.got.length > 0);
    expect(c.got).toEqual([{ type: "fault", what: "no such lab", detail: "nowhere" }]);
  });
  it("ends at once, also while the world hangs, and nothing comes afterwards", async () => {
    const { open: way, settled } = open();
    const c = new Client(way);
    c.send(start(), openTerm(1));
    await settled(1);
    c.send(key("flood\r"), key("hang\r"));
    await c.until(() => c.text() !== "");
    c.wire.terminate();
    const then = c.got.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(c.got.length).toBe(then);
    c.wire.terminate();
  }, 30_000);
});

// ------------------------------------------------------------ the relay's own promises

describe("the relay", () => {
  it.runIf(process.platform === "linux")(
    "has exactly the environment and arguments that main gives it",
    async () => {
      const d = desk();
      const c = new Client(d.open);
      c.send(start(), openTerm(7));
      await up(d, 1);
      const proc = (name: string): string[] => readFileSync(`/proc/${d.processes[0]!.pid}/${name}`, "latin1").split("\0").filter(Boolean);
      expect(
        proc("environ")
          .map((v) => v.replace(/=.*/s, ""))
          .sort(),
      ).toEqual(["ELECTRON_RUN_AS_NODE", "HOP_TOKEN", "TERM"]);
      expect(proc("cmdline").slice(1)).toEqual([relay.file, d.socketPath, "7"]);
    },
    30_000,
  );
  it("has SystemRoot too on Windows, and nothing else", () => {
    expect(Object.keys(relayEnvironment("t", "win32", "C:\\Windows"))).toEqual(["ELECTRON_RUN_AS_NODE", "TERM", "HOP_TOKEN", "SystemRoot"]);
    expect(Object.keys(relayEnvironment("t", "linux"))).toEqual(["ELECTRON_RUN_AS_NODE", "TERM", "HOP_TOKEN"]);
  });
  it("that dies takes nothing with it: the terminal goes on without", async () => {
    const d = desk();
    const c = new Client(d.open);
    c.send(start(), openTerm(1));
    await up(d, 1);
    c.send(key("before "));
    process.kill(d.processes[0]!.pid, "SIGKILL");
    c.send(key("just now "), key("after"));
    await c.until(() => c.text() === "before just now after");
    expect(c.log.slice(1).map((r) => (r as string[])[2])).toEqual(["before ", "just now ", "after"]);
    expect(d.reasons).toHaveLength(1);
  }, 30_000);
  it("that hangs is given up within the time allowed", async () => {
    const d = desk({ patience: { start: 10_000, bytes: 200 } });
    const c = new Client(d.open);
    c.send(start(), openTerm(1));
    await up(d, 1);
    process.kill(d.processes[0]!.pid, "SIGSTOP");
    c.send(key("one"), key("two"));
    await c.until(() => c.text() === "onetwo");
    expect(d.reasons[0]).toContain("hangs");
    process.kill(d.processes[0]!.pid, "SIGKILL");
  }, 30_000);
  it("ends with its world", async () => {
    const d = desk();
    const c = new Client(d.open);
    c.send(start(), openTerm(1), openTerm(2));
    await up(d, 2);
    const ended = Promise.all(d.processes.map((p) => new Promise<void>((resolve) => p.onExit(resolve))));
    c.wire.terminate();
    await ended;
    expect(d.invoked.at(-1)).toBe("world:close 1");
  }, 30_000);
  it("that changes bytes, as a console that draws anew does, is not used", async () => {
    const changing: SpawnRelay = (...args) => {
      const real = spawnPty(...args);
      return {
        ...real,
        pid: real.pid,
        onData: (listener) => real.onData((bytes) => listener(Buffer.concat([Buffer.from("\x1b[2J"), bytes]))),
      };
    };
    const d = desk({ spawn: changing });
    const c = new Client(d.open);
    c.send(start(), openTerm(1), key("typed"));
    await expect
      .poll(() => d.reasons, { timeout: 20_000 })
      .toEqual(["the relay of terminal 1 was given up: its pty changes what is shown"]);
    c.send(key(" on"));
    await c.until(() => c.text() === "typed on");
  }, 30_000);
  it("that cannot be started is told, and the terminal works", async () => {
    const d = desk({
      spawn: () => {
        throw new Error("posix_spawnp failed.");
      },
    });
    const c = new Client(d.open);
    c.send(start(), openTerm(1), key("typed"));
    await c.until(() => c.text() === "typed");
    expect(d.reasons).toEqual(["the relay of terminal 1 did not start: posix_spawnp failed."]);
  });
  it("is let in with its token once; strangers and second comers are shown out", async () => {
    const seen: string[] = [];
    const d = desk({
      spawn: (program, socketPath, term, token, cols, rows) => {
        seen.push(token);
        return spawnPty(program, socketPath, term, token, cols, rows);
      },
    });
    const c = new Client(d.open);
    c.send(start(), openTerm(1));
    await up(d, 1);
    const knock = (bytes: Uint8Array): Promise<number> =>
      new Promise((resolve) => {
        let heard = 0;
        connect(d.socketPath, function (this: import("node:net").Socket) {
          this.write(bytes);
        })
          .on("data", (b) => (heard += b.length))
          .on("error", () => {})
          .on("close", () => resolve(heard));
      });
    const hello = (text: string): Uint8Array => frame(FRAME.hello, Buffer.from(text));
    for (const bytes of [
      hello(`1 ${seen[0]}`),
      hello(`1 ${"0".repeat(64)}`),
      hello("2 x"),
      hello(""),
      hello("__proto__ x"),
      frame(FRAME.input, Buffer.from("id\r")),
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.from([1, 255, 255, 255, 255]),
    ]) {
      expect(await knock(bytes)).toBe(0);
    }
    c.send(key("still here"));
    await c.until(() => c.text() === "still here");
    expect(d.reasons).toEqual([]);
    expect(seen[0]).toMatch(/^[0-9a-f]{64}$/);
  }, 30_000);
});

describe("the page's bridge", () => {
  it("tells that a world's process ended, to its own transport alone", async () => {
    const d = desk({ ptys: false });
    const [a, b] = [new Client(d.open), new Client(d.open)];
    a.send(start());
    b.send(start());
    await a.until(() => a.got.length > 0);
    d.fail(2, "ended with code 9");
    expect([a.failures, b.failures]).toEqual([[], ["ended with code 9"]]);
  });
});

describe("what a tty does to output", () => {
  it("is a carriage return before each line feed", () => {
    expect(Buffer.from(afterTty(Buffer.from("a\nb\r\n\n"))).toString()).toBe("a\r\nb\r\r\n\r\n");
  });
});

describe("a real world through ptys", () => {
  it("answers a ping typed into a terminal", async () => {
    const content = loadContent(new URL("../chapters", import.meta.url).pathname);
    const d = desk({ make: (post) => new Session(post, content, () => performance.now()) });
    const c = new Client(d.open);
    const lab = content.labs[0]!;
    c.send(start(lab.id));
    await c.until(() => c.got.some((m) => m.type === "ready"));
    const ready = c.got.find((m) => m.type === "ready");
    const machine = ready?.type === "ready" ? ready.topology.machines.find((m) => m.kind === "host" && !m.locked)!.name : "";
    c.send(openTerm(1, machine));
    await up(d, 1);
    await c.until(() => /[$#] $/.test(c.text()));
    c.send(key("ping -c 1 127.0.0.1\r"));
    await c.until(() => /1 packets transmitted, 1 received/.test(c.text()));
    expect(d.reasons).toEqual([]);
  }, 60_000);
});

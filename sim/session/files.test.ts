import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { buildLab, type LabWorld } from "../lab/build.ts";
import { parseScript, runSteps } from "../lab/script.ts";
import { readText, writeText } from "./files.ts";
import { type FromWorld, PROTOCOL_VERSION, type ToWorld } from "./protocol.ts";
import { Session } from "./session.ts";

const content = loadContent(join(import.meta.dirname, "../../chapters"));
const lab = (): LabWorld =>
  buildLab(
    content.labs.find((l) => l.id === "three-machines")!,
    null,
    1,
  );

function run(lw: LabWorld, script: string): string {
  let text = "";
  for (const r of runSteps(lw.world, parseScript(script, ["network01"]), { pace: 0.1, limit: 60, user: null }))
    if (r) text += r.stdout + r.stderr;
  return text;
}
const write = (lw: LabWorld, path: string, text: string, sudo = false): ReturnType<typeof writeText> =>
  writeText(lw, { do: "edit", machine: "network01", path, text, sudo });
const read = (lw: LabWorld, path: string, sudo = false): ReturnType<typeof readText> => readText(lw, "network01", path, sudo);

describe("files of the editor pane", () => {
  it("are read and written as the machine's person", () => {
    const lw = lab();
    expect(read(lw, "/home/network/plan.txt")).toEqual({ text: null, problem: "no file", writable: true });
    expect(write(lw, "/home/network/plan.txt", "주소 10.1.2.0/24\n")).toBeNull();
    expect(read(lw, "/home/network/plan.txt")).toEqual({ text: "주소 10.1.2.0/24\n", problem: null, writable: true });
    expect(run(lw, "cat plan.txt; stat -c '%U %a' plan.txt")).toBe("주소 10.1.2.0/24\nnetwork 644\n");
    write(lw, "/home/network/plan.txt", "x\n");
    expect(run(lw, "cat plan.txt")).toBe("x\n");
  });
  it("need sudo where that person may not write", () => {
    const lw = lab();
    expect(read(lw, "/etc/hosts")).toMatchObject({ problem: null, writable: false });
    expect(write(lw, "/etc/hosts", "x\n")).toBe("permission");
    expect(write(lw, "/etc/hosts", "192.168.100.2 network02\n", true)).toBeNull();
    expect(run(lw, "cat /etc/hosts")).toBe("192.168.100.2 network02\n");
    expect(write(lw, "/etc/new.conf", "a\n")).toBe("permission");
    expect(read(lw, "/etc/shadow")).toMatchObject({ text: null });
  });
  it("say in one word what is in the way", () => {
    const lw = lab();
    expect(write(lw, "/home/network/no/file", "x")).toBe("no directory");
    expect(write(lw, "/home/network", "x")).toBe("directory");
    expect(write(lw, "/etc/hosts/x", "x", true)).toBe("no directory");
    expect(write(lw, "relative", "x")).toBe("not absolute");
    expect(read(lw, "/usr/bin/ip").problem).toMatch(/not text|too large/);
    expect(read(lw, "/dev/null").problem).toBe("not text");
    expect(writeText(lw, { do: "edit", machine: "nobody", path: "/x", text: "", sudo: true })).toBe("no machine");
    expect(read(lw, "/home/network/no/file").problem).toBe("no directory");
  });
  it("reach the kernel's own files too", () => {
    const lw = lab();
    expect(read(lw, "/proc/sys/net/ipv4/ip_forward").text).toBe("0\n");
    expect(write(lw, "/proc/sys/net/ipv4/ip_forward", "1\n", true)).toBeNull();
    expect(run(lw, "cat /proc/sys/net/ipv4/ip_forward")).toBe("1\n");
    expect(write(lw, "/proc/sys/net/ipv4/ip_forward", "many\n", true)).toBe("refused");
  });
});

describe("a save in a session", () => {
  class Host {
    readonly heard: FromWorld[] = [];
    wall = 0;
    readonly session = new Session(
      (m) => this.heard.push(structuredClone(m)),
      content,
      () => this.wall,
    );
    say(m: ToWorld): void {
      this.session.receive(structuredClone(m));
      for (let i = 0; i < 40; i++) {
        this.session.turn();
        this.wall += 4;
      }
    }
    answer(id: number): unknown {
      return this.heard.find((m) => m.type === "answer" && m.id === id);
    }
    get log() {
      return this.heard.flatMap((m) => (m.type === "log" ? m.records : []));
    }
    start(log: Extract<ToWorld, { type: "start" }>["log"] = []): this {
      this.say({ type: "start", version: PROTOCOL_VERSION, lab: "three-machines", challenge: null, seed: 1, locale: "en", log });
      return this;
    }
    save(id: number, path: string, text: string, sudo = false): void {
      this.say({ type: "save", id, edit: { do: "edit", machine: "network01", path, text, sudo } });
    }
    file(id: number, path: string): unknown {
      this.say({ type: "ask", id, query: { q: "file", machine: "network01", path, sudo: false } });
      const m = this.answer(id) as { answer: { text: string | null } };
      return m.answer.text;
    }
  }
  const PATH = "/home/network/notes";

  it("is a record like any other: answered, undone, and there again after a replay", () => {
    const a = new Host().start();
    a.save(1, PATH, "one\n");
    expect(a.answer(1)).toMatchObject({ answer: { q: "save", problem: null } });
    a.save(2, PATH, "two\n");
    expect(a.heard.findLast((m) => m.type === "undone")).toMatchObject({ canUndo: true, next: `edit ${PATH}` });
    const b = new Host().start(a.log);
    expect(b.file(3, PATH)).toBe("two\n");
    b.say({ type: "undo", term: null });
    expect(b.file(4, PATH)).toBe("one\n");
    b.say({ type: "reset" });
    expect(b.file(5, PATH)).toBeNull();
  });
  it("that cannot be made is told and is no record", () => {
    const a = new Host().start();
    a.save(1, "/etc/hosts", "x\n");
    expect(a.answer(1)).toMatchObject({ answer: { q: "save", problem: "permission" } });
    expect(a.log.filter((r) => r.kind === "edit")).toEqual([]);
    a.save(2, "/etc/hosts", "x\n", true);
    expect(a.log.filter((r) => r.kind === "edit")).toHaveLength(1);
  });
});

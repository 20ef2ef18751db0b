/**
 * A session for the transport's contract: answers at once and exactly, so that a test can tell what was lost, doubled, changed or out
 * of order. Typed text comes back as output and as a log record; some words do more.
 */
import { type FromWorld, type InputRecord, PROTOCOL_VERSION, type ToWorld, type TopologyView } from "../../sim/session/protocol.ts";
import type { WorldSession } from "../world.ts";

const TOPOLOGY: TopologyView = { lab: "contract", title: { en: "x", ko: "x" }, machines: [], cables: [] };

/** Every byte below 128, every kind of line end, text in two and three and four bytes, escape sequences. */
export const AWKWARD = `${String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i))}\r\n\n\r\r\n한글 é 🜁 \x1b[31mred\x1b[0m\x1b]0;title\x07\x1b[?1049h`;

export class ScriptedSession implements WorldSession {
  private readonly post: (message: FromWorld) => void;
  private seq = 0;
  private flooding = 0;
  private unacked = 0;

  constructor(post: (message: FromWorld) => void) {
    this.post = post;
  }

  receive(m: ToWorld): void {
    if (m.type === "start") {
      if (m.lab === "nowhere") return this.post({ type: "fault", what: "no such lab", detail: m.lab });
      this.seq = m.log.length;
      this.post({ type: "ready", version: PROTOCOL_VERSION, topology: TOPOLOGY, terminals: [] });
    } else if (m.type === "open") {
      this.note(`term:${m.term}`, "open", { machine: m.machine, user: m.user, cols: m.cols, rows: m.rows });
      this.view(m.term, m.machine);
    } else if (m.type === "input") this.typed(m.term, m.kind, m.data);
    else if (m.type === "resize") this.note(`term:${m.term}`, "resize", { cols: m.cols, rows: m.rows });
    else if (m.type === "ack") this.unacked -= m.chars;
    else if (m.type === "ask") this.post({ type: "answer", id: m.id, answer: { q: "journeys", journeys: [] } });
  }

  turn(): number {
    if (this.flooding > 0 && this.unacked < 100_000) {
      const data = `${this.flooding--} ${"y\r\n".repeat(300)}`;
      this.unacked += data.length;
      this.post({ type: "output", term: 1, data });
    }
    return this.flooding > 0 ? (this.unacked < 100_000 ? 0 : 1) : Infinity;
  }

  private typed(term: number, kind: "key" | "paste", data: string): void {
    this.note(`term:${term}`, kind, data);
    if (data === "awkward\r") this.say(term, AWKWARD);
    else if (data === "flood\r") this.flooding = 1000;
    else if (data === "exit\r") {
      this.say(term, "logout\r\n");
      this.post({ type: "exit", term, code: 3 });
    } else if (data === "hang\r") {
      // nothing comes any more
      this.receive = () => {};
    } else {
      this.say(term, data);
      this.view(term, data);
    }
  }

  private say(term: number, data: string): void {
    this.post({ type: "output", term, data });
  }
  private view(term: number, busy: string): void {
    this.post({ type: "terminal", term, view: { term, machine: "m", user: "u", cwd: "/", busy, alive: true } });
  }
  private note(src: string, kind: InputRecord["kind"], data: unknown): void {
    this.post({ type: "log", records: [{ seq: ++this.seq, t: 0, done: 0, src, kind, data }] });
  }
}

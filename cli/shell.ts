/** `hop shell LAB [MACHINE]`: this terminal becomes one of the lab's. Ctrl-] leaves; the lab ends with it. */
import { performance } from "node:perf_hooks";
import { PROTOCOL_VERSION, type FromWorld } from "../sim/session/protocol.ts";
import { Session } from "../sim/session/session.ts";
import { BadInput, seedOption, type Args } from "./args.ts";
import { allChallenges, allLabs, challengeNamed, labNamed } from "./content.ts";
import { checkMachine, checkUser, hostsOf } from "./world.ts";

const LEAVE = "\x1d";
const TERM = 1;

export function shell(args: Args): Promise<number> {
  const [name, machine] = args.words;
  if (name === undefined) throw new BadInput("no lab was named; see hop labs");
  const challenge = allChallenges.some((c) => c.id === name) ? challengeNamed(name) : null;
  const lab = labNamed(challenge?.world.lab ?? name);
  const on = machine ?? hostsOf(lab)[0]!;
  checkMachine(lab, on);
  if (challenge?.access.locked?.includes(on)) throw new BadInput(`${on} is locked in this challenge`);
  const user = args.values.get("user") ?? null;
  if (user !== null) checkUser(lab, on, user);
  const seed = seedOption(args);
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new BadInput("hop shell needs a terminal; hop run takes scripts");
  return new Promise((resolve) => new Console(lab.id, challenge?.id ?? null, seed, on, user, resolve).begin());
}

class Console {
  private readonly session: Session;
  private readonly lab: string;
  private readonly challenge: string | null;
  private readonly seed: number;
  private readonly machine: string;
  private readonly user: string | null;
  private readonly done: (code: number) => void;
  private timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  private ended = false;

  constructor(lab: string, challenge: string | null, seed: number, machine: string, user: string | null, done: (code: number) => void) {
    this.lab = lab;
    this.challenge = challenge;
    this.seed = seed;
    this.machine = machine;
    this.user = user;
    this.done = done;
    this.session = new Session(
      (m) => this.hear(m),
      { labs: allLabs, challenges: allChallenges },
      () => performance.now(),
    );
  }

  begin(): void {
    const { stdin, stdout } = process;
    stdin.setRawMode(true);
    stdin.setEncoding("utf8");
    stdin.on("data", (data: string) => this.typed(data));
    stdin.on("end", () => this.end(0)); // the terminal has gone
    stdout.on("resize", () => this.session.receive({ type: "resize", term: TERM, ...this.size() }));
    stdout.write(`${this.lab} on ${this.machine}; Ctrl-] leaves\r\n`);
    this.session.receive({
      type: "start",
      version: PROTOCOL_VERSION,
      lab: this.lab,
      challenge: this.challenge,
      seed: this.seed,
      locale: "en",
      log: [],
    });
    this.session.receive({ type: "open", term: TERM, machine: this.machine, user: this.user, ...this.size() });
    this.turn();
  }

  private size(): { cols: number; rows: number } {
    return { cols: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
  }

  private typed(data: string): void {
    const at = data.indexOf(LEAVE);
    if (at === 0) return this.end(0);
    this.session.receive({ type: "input", term: TERM, kind: "key", data: at > 0 ? data.slice(0, at) : data });
    if (at > 0) return this.end(0);
    this.turn();
  }

  private hear(m: FromWorld): void {
    switch (m.type) {
      case "output":
        process.stdout.write(m.data, () => this.session.receive({ type: "ack", term: m.term, chars: m.data.length }));
        return;
      case "exit":
        return this.end(m.code);
      case "goals":
        if (!m.checking)
          for (const g of m.goals)
            if (g.state === "met" || g.state === "unmet")
              process.stderr.write(`\r\n${g.state === "met" ? "✓" : "✗"} ${g.title.en}${g.found ? `: ${g.found.en}` : ""}\r\n`);
        return;
      case "loop":
        if (m.ports.length > 0) {
          const ports = m.ports.map((p) => `${p.machine}:${p.name}`).join(", ");
          process.stderr.write(`\r\nhop: frames go round in a loop of bridges: ${ports}; pull a cable or switch STP on\r\n`);
        }
        return;
      case "fault":
        process.stderr.write(`\r\nhop: ${m.what}\r\n`);
        if (m.detail) process.stderr.write(`${m.detail.replaceAll("\n", "\r\n")}\r\n`);
        return this.end(70);
      default:
    }
  }

  private turn(): void {
    if (this.ended) return;
    if (this.timer) {
      clearTimeout(this.timer as NodeJS.Timeout);
      clearImmediate(this.timer as NodeJS.Immediate);
    }
    const wait = this.session.turn();
    this.timer = wait === 0 ? setImmediate(() => this.turn()) : setTimeout(() => this.turn(), wait);
  }

  private end(code: number): void {
    if (this.ended) return;
    this.ended = true;
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stdout.write("\r\n");
    this.done(code);
  }
}

/**
 * A canned world for the browser tests of the app: speaks the whole protocol, knows a handful of lines, keeps a log and
 * replays it. Never part of a shipped build; the real one is sim/session. `hang` stops answering, as a runaway would.
 */
import type {
  Answer,
  DecisionView,
  FromWorld,
  GoalView,
  InputRecord,
  InterfaceView,
  JourneyView,
  MachineView,
  PacketEvent,
  TermId,
  TerminalView,
  TopologyView,
  ToWorld,
} from "../../sim/session/protocol.ts";

const MS = 1_000_000;
const text = (en: string, ko: string) => ({ en, ko });

interface FakeTerm {
  view: TerminalView;
  line: string;
}

export class Session {
  private readonly post: (message: FromWorld) => void;
  private readonly clock: () => number;
  private now = 0;
  private wall = 0;
  private done = 0;
  private seq = 0;
  private speed = 1;
  private lastClock = -Infinity;
  private started = false;
  private readonly terms = new Map<TermId, FakeTerm>();
  private later: { at: number; run: () => void }[] = [];
  private routes = {
    network01: ["192.168.150.0/24 dev enp0s1 proto kernel scope link src 192.168.150.2 metric 100"],
    router: [] as string[],
    network02: ["192.168.100.0/24 dev enp0s1 proto kernel scope link src 192.168.100.2 metric 100"],
  };
  private plugged = { c1: false, c2: false };
  private forward = false;
  private packets = 0;
  private journeys: JourneyView[] = [];
  private changes: string[] = [];
  private challenge: string | null = null;
  private hang = false;
  private replaying = false;

  constructor(post: (message: FromWorld) => void, _worlds: unknown, clock: () => number) {
    this.post = post;
    this.clock = clock;
  }

  receive(m: ToWorld): void {
    switch (m.type) {
      case "start":
        this.started = true;
        this.challenge = m.challenge;
        this.replaying = true;
        for (const r of m.log) this.replay(r);
        this.replaying = false;
        this.seq = (m.log.at(-1)?.seq ?? -1) + 1;
        if (m.seed === 7) {
          this.plugged = { c1: true, c2: true };
          this.routes.router = [
            "192.168.100.0/24 dev enp0s2 proto kernel scope link src 192.168.100.3 metric 100",
            "192.168.150.0/24 dev enp0s1 proto kernel scope link src 192.168.150.3 metric 100",
          ];
          this.routes.network01.unshift("192.168.100.0/24 via 192.168.150.3 dev enp0s1");
          this.forward = true;
        }
        this.post({ type: "ready", version: 1, topology: this.topology(), terminals: [...this.terms.values()].map((t) => t.view) });
        this.goals();
        break;
      case "open":
        this.log("open", `term:${m.term}`, { machine: m.machine, cols: m.cols, rows: m.rows });
        this.open(m.term, m.machine);
        break;
      case "input":
        this.log("key", `term:${m.term}`, m.data);
        this.input(m.term, m.data);
        break;
      case "action":
        this.log("button", "app", m.action);
        this.act(m.action);
        break;
      case "speed":
        this.speed = m.speed;
        break;
      case "undo":
        this.log("undo", "app", { term: m.term });
        this.undo();
        break;
      case "reset":
        this.log("reset", "app", null);
        this.post({ type: "topology", topology: this.topology() });
        break;
      case "hint":
        this.log("hint", "app", null);
        this.post({
          type: "hints",
          open: [
            {
              rung: 0,
              text: text(
                "Which is the last place that sees the reply, and which is the first that does not?",
                "응답을 마지막으로 본 곳과 처음으로 못 본 곳은 어디입니까?",
              ),
              cost: 0,
            },
            { rung: 1, text: text("Look at the reply, not at the request.", "요청이 아니라 응답을 봅니다."), cost: 0 },
          ],
          nextNeeds: "observation",
        });
        break;
      case "evidence":
        this.log("evidence", "app", { question: m.question, decision: m.decision?.key });
        this.post({ type: "evidence", question: m.question, right: m.decision?.verdict === "stopped" });
        break;
      case "grade": {
        const passed = this.routes.network02.some((r) => r.includes("via"));
        const check = {
          id: "a",
          weight: 60,
          passed,
          expected: "4 of 4 pings answered",
          found: passed ? "4 of 4" : "0 of 4",
          look: "Look at what network02 does with the request.",
        };
        this.post({
          type: "graded",
          id: m.id,
          result: {
            challenge: this.challenge ?? "",
            seed: 7,
            score: passed ? 95 : 20,
            passed,
            goals: [check],
            invariants: [],
            forbidden: [],
          },
          reveal: null,
        });
        break;
      }
      case "ask": {
        const answer: Answer =
          m.query.q === "journeys"
            ? { q: "journeys", journeys: this.journeys.slice(0, m.query.limit) }
            : m.query.q === "journey"
              ? { q: "journey", journey: this.journeys.find((j) => j.packet === (m.query as { packet: number }).packet) ?? null }
              : { q: "file", text: null, problem: "no file", writable: true };
        this.post({ type: "answer", id: m.id, answer });
        break;
      }
      default:
        break;
    }
  }

  turn(): number {
    const wall = this.clock();
    while (this.hang) for (let i = 0; i < 1e6; i++);
    if (!this.started) return 50;
    this.now += Math.max(0, Math.min(wall - this.wall, 100)) * MS * this.speed;
    this.wall = wall;
    const due = this.later.filter((l) => l.at <= this.now);
    this.later = this.later.filter((l) => l.at > this.now);
    for (const l of due) l.run();
    if (wall - this.lastClock > 100) {
      this.lastClock = wall;
      this.post({
        type: "clock",
        now: this.now,
        realtime: 1_767_225_600_000 * MS + this.now,
        done: this.done,
        speed: this.speed,
        idle: this.later.length === 0,
      });
    }
    return 30;
  }

  private log(kind: InputRecord["kind"], src: string, data: unknown): void {
    if (!this.replaying) this.post({ type: "log", records: [{ seq: this.seq++, t: this.now, done: ++this.done, src, kind, data }] });
  }

  private replay(r: InputRecord): void {
    this.now = Math.max(this.now, r.t);
    const term = Number(r.src.split(":")[1]);
    if (r.kind === "open") this.open(term, (r.data as { machine: string }).machine);
    else if (r.kind === "key") this.input(term, r.data as string);
    else if (r.kind === "button") this.act(r.data as { do: string; cable: string });
    else if (r.kind === "kill") for (const t of this.terms.values()) if (t.view.busy) this.end(t, "Killed\r\n");
  }

  private open(term: TermId, machine: string): void {
    const user = machine === "router" ? "router" : "network";
    this.terms.set(term, { view: { term, machine, user, cwd: "~", busy: null, alive: true }, line: "" });
    this.post({ type: "terminal", term, view: this.terms.get(term)!.view });
    this.prompt(term);
  }

  private prompt(term: TermId): void {
    const { view } = this.terms.get(term)!;
    this.out(term, `\x1b[32m${view.user}@${view.machine}\x1b[0m:\x1b[34m~\x1b[0m$ `);
  }

  private out(term: TermId, data: string): void {
    this.post({ type: "output", term, data });
  }

  private input(term: TermId, data: string): void {
    const t = this.terms.get(term);
    if (!t?.view.alive) return;
    for (const ch of data) {
      if (ch === "\x03") {
        this.out(term, "^C\r\n");
        this.later = [];
        if (t.view.busy) this.end(t, "");
        else this.prompt(term);
        t.line = "";
      } else if (t.view.busy) continue;
      else if (ch === "\r") {
        this.out(term, "\r\n");
        const line = t.line.trim();
        t.line = "";
        if (line === "") this.prompt(term);
        else this.command(t, line);
      } else if (ch === "\x7f") {
        if (t.line) this.out(term, "\b \b");
        t.line = t.line.slice(0, -1);
      } else {
        t.line += ch;
        this.out(term, ch);
      }
    }
  }

  private busy(t: FakeTerm, busy: string | null): void {
    t.view = { ...t.view, busy };
    this.post({ type: "terminal", term: t.view.term, view: t.view });
  }

  private end(t: FakeTerm, output: string, code = 0): void {
    this.out(t.view.term, output);
    this.prompt(t.view.term);
    t.view = { ...t.view, lastCode: code } as TerminalView;
    this.busy(t, null);
    this.goals();
  }

  private command(t: FakeTerm, line: string): void {
    const machine = t.view.machine as "network01" | "router" | "network02";
    this.busy(t, line.split(" ").find((w) => w !== "sudo") ?? line);
    if (line === "ip route" || line === "ip r") return this.end(t, this.routes[machine].map((r) => `${r}\r\n`).join(""));
    const add = /^sudo ip route add (\S+) via (\S+)$/.exec(line);
    if (add) {
      this.routes[machine].unshift(`${add[1]} via ${add[2]} dev enp0s1`);
      this.changes.push(line);
      this.post({ type: "undone", what: null, canUndo: true, next: line });
      this.post({ type: "topology", topology: this.topology() });
      return this.end(t, "");
    }
    if (line.startsWith("ping")) return this.ping(t, line);
    if (line === "hang") {
      this.hang = !this.replaying;
      return;
    }
    if (line === "exit") {
      t.view = { ...t.view, alive: false, busy: null };
      this.post({ type: "exit", term: t.view.term, code: 0 });
      return;
    }
    if (line === "seq") return this.end(t, Array.from({ length: 200 }, (_, i) => `line ${i} 한글 패킷\r\n`).join(""));
    this.end(t, `bash: ${line.split(" ")[0]}: command not found\r\n`, 127);
  }

  private ping(t: FakeTerm, line: string): void {
    const { term } = t.view;
    const back = this.routes.network02.some((r) => r.includes("via"));
    const count = Number(/-c (\d+)/.exec(line)?.[1] ?? 3);
    this.out(term, `PING 192.168.100.2 (192.168.100.2) 56(84) bytes of data.\r\n`);
    for (let i = 1; i <= count; i++) {
      this.at(i * 1000 - 900, () => {
        this.trip(i, back);
        if (back) this.out(term, `64 bytes from 192.168.100.2: icmp_seq=${i} ttl=63 time=0.612 ms\r\n`);
      });
    }
    this.at(count * 1000, () =>
      this.end(
        t,
        `\r\n--- 192.168.100.2 ping statistics ---\r\n${count} packets transmitted, ${back ? count : 0} received, ${back ? 0 : 100}% packet loss, time 3065ms\r\n`,
        back ? 0 : 1,
      ),
    );
  }

  private at(ms: number, run: () => void): void {
    if (this.replaying) run();
    else this.later.push({ at: this.now + ms * MS, run });
  }

  private trip(n: number, back: boolean): void {
    const hop = (from: [string, string], to: [string, string], link: string, reply: boolean, ttl: number, packet: number): PacketEvent => ({
      packet,
      parent: 0,
      start: this.now + ttl,
      end: this.now + 100_000,
      link,
      from: { machine: from[0], name: from[1] },
      to: { machine: to[0], name: to[1] },
      protocol: "ICMP",
      reply,
      error: false,
      info: `echo ${reply ? "reply" : "request"} seq ${n} ttl ${ttl}`,
      fate: "crossed",
    });
    const packet = ++this.packets;
    const events = [
      hop(["network01", "enp0s1"], ["net150", "p1"], "n1", false, 64, packet),
      hop(["net150", "p2"], ["router", "enp0s1"], "c1", false, 64, packet),
      hop(["router", "enp0s2"], ["net100", "p2"], "c2", false, 63, packet),
      hop(["net100", "p1"], ["network02", "enp0s1"], "n2", false, 63, packet),
    ].map((e, i) => ({ ...e, start: this.now + i }));
    if (back) {
      const reply = ++this.packets;
      events.push(
        ...[
          hop(["network02", "enp0s1"], ["net100", "p1"], "n2", true, 64, reply),
          hop(["net100", "p2"], ["router", "enp0s2"], "c2", true, 64, reply),
          hop(["router", "enp0s1"], ["net150", "p2"], "c1", true, 63, reply),
          hop(["net150", "p1"], ["network01", "enp0s1"], "n1", true, 63, reply),
        ].map((e, i) => ({ ...e, start: this.now + 4 + i })),
      );
    }
    this.post({ type: "packets", packets: events, skipped: 0 });
    this.journeys.unshift(this.journey(packet, n));
    if (!back) this.journeys.unshift(this.lostReply(++this.packets, n));
  }

  private decision(packet: number, i: number, machine: string, title: [string, string], extra: Partial<DecisionView> = {}): DecisionView {
    return {
      key: `${packet}:${i}`,
      t: this.now,
      site: "IP_RCV",
      kernel: "ip_rcv",
      machine,
      namespace: "",
      device: "enp0s1",
      verdict: "went on",
      reason: null,
      title: text(...title),
      facts: [],
      wouldPassIf: [],
      ...extra,
    };
  }

  private journey(packet: number, n: number): JourneyView {
    const route = (machine: string, i: number, value: string) =>
      this.decision(packet, i, machine, ["Chose a route", "route를 골랐습니다"], {
        site: "FIB_MATCH",
        kernel: "fib_table_lookup",
        facts: [
          { label: text("route", "route"), value },
          { label: text("prefix length", "prefix 길이"), value: "/24" },
        ],
      });
    return {
      packet,
      start: this.now,
      title: `192.168.150.2 → 192.168.100.2  ICMP echo request id 11 seq ${n}`,
      outcome: "delivered",
      summary: text("Delivered to network02.", "network02에 전달되었습니다."),
      stops: [
        {
          machine: "network01",
          namespace: "",
          decisions: [
            route("network01", 1, "192.168.100.0/24 via 192.168.150.3 dev enp0s1"),
            this.decision(packet, 2, "network01", ["Sent on enp0s1", "enp0s1로 보냈습니다"], {
              site: "DEV_XMIT",
              kernel: "dev_queue_xmit",
              verdict: "sent",
            }),
          ],
        },
        {
          machine: "router",
          namespace: "",
          decisions: [
            this.decision(packet, 3, "router", ["Came in", "들어왔습니다"]),
            route("router", 4, "192.168.100.0/24 dev enp0s2"),
            this.decision(packet, 5, "router", ["TTL 64 became 63", "TTL이 64에서 63이 되었습니다"], { site: "TTL", kernel: "ip_forward" }),
          ],
        },
        {
          machine: "network02",
          namespace: "",
          decisions: [
            this.decision(packet, 6, "network02", ["Came in", "들어왔습니다"]),
            this.decision(packet, 7, "network02", ["Delivered to ICMP", "ICMP에 전달되었습니다"], {
              site: "IP_LOCAL_DELIVER",
              kernel: "ip_local_deliver",
              verdict: "delivered",
            }),
          ],
        },
      ],
      caused: [packet + 1],
    };
  }

  private lostReply(packet: number, n: number): JourneyView {
    return {
      packet,
      start: this.now,
      title: `192.168.100.2 → 192.168.150.2  ICMP echo reply id 11 seq ${n}`,
      outcome: "stopped",
      summary: text("Stopped on network02: no route.", "network02에서 멈췄습니다. route가 없습니다."),
      stops: [
        {
          machine: "network02",
          namespace: "",
          decisions: [
            this.decision(packet, 1, "network02", ["Looked in table local", "local 테이블을 찾았습니다"], {
              site: "FIB_RULE",
              kernel: "fib_rules_lookup",
              facts: [{ label: text("table", "테이블"), value: "local" }],
            }),
            this.decision(packet, 2, "network02", ["No route to 192.168.150.2", "192.168.150.2로 가는 route가 없습니다"], {
              site: "FIB_MATCH",
              kernel: "ip_route_output_key_hash",
              verdict: "stopped",
              reason: "IP_OUTNOROUTES",
              facts: [
                { label: text("looked for", "찾은 주소"), value: "192.168.150.2" },
                { label: text("table main", "main 테이블"), value: "192.168.100.0/24 dev enp0s1" },
              ],
              wouldPassIf: [
                text("A route to 192.168.150.0/24 exists on network02.", "network02에 192.168.150.0/24로 가는 route가 있습니다."),
                text("network02 has a default route.", "network02에 default route가 있습니다."),
              ],
            }),
          ],
        },
      ],
      caused: [],
    };
  }

  private act(action: { do: string; cable?: string }): void {
    if (action.cable === "c1" || action.cable === "c2") {
      this.plugged[action.cable] = action.do === "plug";
      this.post({ type: "topology", topology: this.topology() });
    }
  }

  private undo(): void {
    const what = this.changes.pop() ?? null;
    if (what) this.routes.network02 = this.routes.network02.filter((r) => !r.includes("via"));
    this.post({ type: "undone", what, canUndo: this.changes.length > 0, next: this.changes.at(-1) ?? null });
    this.post({ type: "topology", topology: this.topology() });
  }

  private goals(): void {
    if (!this.challenge) return;
    const met = this.routes.network02.some((r) => r.includes("via"));
    const goals: GoalView[] = [
      {
        id: "a",
        title: text("network01 reaches network02", "network01에서 network02까지"),
        state: met ? "met" : "unmet",
        expected: text("4 of 4 pings answered", "ping 4번 중 4번 응답"),
        found: met ? null : text("0 of 4", "4번 중 0번"),
        look: text("Look at the reply.", "응답을 봅니다."),
      },
      {
        id: "b",
        title: text("router still forwards", "router는 계속 전달"),
        state: "met",
        expected: text("", ""),
        found: null,
        look: null,
      },
      { id: "c", title: text("It lasts", "계속 유지"), state: "hidden", expected: text("", ""), found: null, look: null },
    ];
    this.post({ type: "goals", checking: false, goals });
    this.post({
      type: "hints",
      open: [
        {
          rung: 0,
          text: text(
            "Which is the last place that sees the reply, and which is the first that does not?",
            "응답을 마지막으로 본 곳과 처음으로 못 본 곳은 어디입니까?",
          ),
          cost: 0,
        },
      ],
      nextNeeds: "none",
    });
  }

  private topology(): TopologyView {
    const nic = (ifindex: number, name: string, mac: string, address: string, up: boolean): InterfaceView => ({
      ifindex,
      name,
      kind: "nic",
      state: up ? "up" : "no-carrier",
      mac,
      addresses: up ? [address] : [],
      mtu: 1500,
      master: null,
      peer: null,
    });
    const lo: InterfaceView = {
      ifindex: 1,
      name: "lo",
      kind: "loopback",
      state: "up",
      mac: "00:00:00:00:00:00",
      addresses: ["127.0.0.1/8"],
      mtu: 65536,
      master: null,
      peer: null,
    };
    const machine = (name: "network01" | "router" | "network02", badge: string, x: number, interfaces: InterfaceView[]): MachineView => ({
      name,
      kind: "host",
      badge,
      x,
      y: 0,
      locked: this.challenge !== null && name === "router",
      users: [],
      namespaces: [{ name: "", interfaces: [lo, ...interfaces], routes: this.routes[name] }],
      routes: this.routes[name].length,
      ipForward: name === "router" && this.forward,
    });
    const { c1, c2 } = this.plugged;
    const port = (n: number): InterfaceView => ({ ...lo, ifindex: n + 1, name: `p${n}`, kind: "nic", addresses: [], mtu: 1500 });
    const bar = (name: string, x: number): MachineView => ({
      name,
      kind: "switch",
      badge: name.slice(3),
      x,
      y: 30,
      locked: false,
      users: [],
      namespaces: [{ name: "", interfaces: [port(1), port(2)], routes: [] }],
      routes: 0,
      ipForward: false,
    });
    return {
      lab: "three-machines",
      title: text("Three machines", "머신 세 대"),
      machines: [
        machine("network01", "N1", 0, [nic(2, "enp0s1", "5a:e9:ac:ac:e1:ef", "192.168.150.2/24", true)]),
        bar("net150", 250),
        machine("router", "R", 330, [
          nic(2, "enp0s1", "3a:9e:6f:dc:26:7b", "192.168.150.3/24", c1),
          nic(3, "enp0s2", "ca:76:d5:f7:6a:85", "192.168.100.3/24", c2),
        ]),
        bar("net100", 610),
        machine("network02", "N2", 690, [nic(2, "enp0s1", "4e:4d:cb:7a:01:74", "192.168.100.2/24", true)]),
      ],
      cables: [
        {
          id: "n1",
          ends: [
            { machine: "network01", name: "enp0s1" },
            { machine: "net150", name: "p1" },
          ],
          plugged: true,
          learner: false,
          label: "192.168.150.0/24",
        },
        {
          id: "c1",
          ends: [
            { machine: "router", name: "enp0s1" },
            { machine: "net150", name: "p2" },
          ],
          plugged: c1,
          learner: true,
          label: c1 ? "192.168.150.0/24" : "",
        },
        {
          id: "c2",
          ends: [
            { machine: "router", name: "enp0s2" },
            { machine: "net100", name: "p2" },
          ],
          plugged: c2,
          learner: true,
          label: c2 ? "192.168.100.0/24" : "",
        },
        {
          id: "n2",
          ends: [
            { machine: "network02", name: "enp0s1" },
            { machine: "net100", name: "p1" },
          ],
          plugged: true,
          learner: false,
          label: "192.168.100.0/24",
        },
      ],
    };
  }
}

/**
 * The event queue: a binary heap ordered by (at, seq). A timer is data: a kind, the object it belongs to and one
 * integer; what happens is found in a table of static functions by kind, so timers can be printed and hashed.
 *
 * Invariants: seq is world-wide and never reused; at equal times the order of arming decides; no more than
 * MAX_SAME_INSTANT events share an instant (a loop that takes no virtual time is a bug in the engine).
 */
import { bug } from "./result.ts";
import { after, NEVER, type SimTime } from "./time.ts";

/** Every kind of event in the world. The number is part of the digest: append, never reorder. */
export const TimerKind = {
  /** a frame arrives at a device (owner: NetDevice) */
  RX: 0,
  /** a cable or queue hands over its next frame (owner: Cable or Qdisc) */
  TX_DONE: 1,
  /** neighbour state machine (owner: Neigh) */
  NEIGH: 2,
  /** proxy ARP's delayed answers (owner: NeighTable) */
  NEIGH_PROXY: 3,
  /** periodic neighbour collection (owner: NeighTable) */
  NEIGH_GC: 4,
  /** linkwatch: carrier and operstate follow up (owner: NetWorld's link watch) */
  LINKWATCH: 5,
  /** bridge forwarding database ageing (owner: Bridge) */
  BR_AGEING: 6,
  /** reassembly timeout (owner: FragQueue) */
  FRAG: 7,
  /** duplicate address detection and router solicitation (owner: inet6 address or device) */
  ADDRCONF: 8,
  /** MLD/IGMP report (owner: multicast group membership) */
  MCAST: 9,
  /** address lifetimes (owner: NetDevice) */
  ADDR_LIFETIME: 10,
  /** deferred destruction of a namespace (owner: NetNs) */
  NETNS_CLEANUP: 11,
  /** a machine gives its CPU to the next process (owner: Machine) */
  RUN: 12,
  /** a blocked process' deadline (owner: Process) */
  DEADLINE: 13,
  /** an interval timer, alarm(2) and the like (owner: Process) */
  ITIMER: 14,
  /** the session's own events, such as the end of a pause (owner: session data) */
  SESSION: 15,
  /** bridge STP and port state timers (owner: Bridge or BridgePort) */
  BR_STP: 16,
  /** a host's boot steps (owner: Machine) */
  MACHINE: 17,
  /** IPv6 routes with a lifetime are swept (owner: NetNs) */
  FIB6_GC: 18,
  /** an answer to a query about one group (owner: multicast group membership) */
  MCAST_GROUP: 19,
  /** a connection's timers (owner: TcpSock, arg: TcpTimer) */
  TCP: 20,
  /** a SYN+ACK waits for its ACK (owner: TcpReq) */
  TCP_REQ: 21,
  /** TIME-WAIT ends (owner: TcpTw) */
  TCP_TW: 22,
  /** a frame that goes round in a loop of bridges is let on (owner: LoopedFrame) */
  BR_LOOP: 23,
} as const;
export type TimerKind = (typeof TimerKind)[keyof typeof TimerKind];

export interface Timer {
  at: SimTime;
  readonly seq: number;
  readonly kind: TimerKind;
  readonly owner: object;
  readonly arg: number;
  live: boolean;
}

export type TimerHandler = (owner: never, arg: number) => void;
export type RunResult = "idle" | "reached" | "budget";

const MAX_SAME_INSTANT = 100_000;

export class Scheduler {
  now: SimTime = 0;
  /** events done since the world began: the unit in which sessions slice and log progress */
  done = 0;
  private seq = 0;
  private heap: Timer[] = [];
  private sameInstant = 0;
  private readonly handlers: (TimerHandler | null)[] = [];
  /** called with every event before it runs; the world's digest listens here */
  onEvent: ((t: Timer) => void) | null = null;

  /** Registers the one static function that answers timers of `kind`. */
  on(kind: TimerKind, handler: TimerHandler): void {
    this.handlers[kind] = handler;
  }

  /** Arms a timer `delay` ns from now (>= 0). The result can be cancelled; it must not be re-armed. */
  arm(kind: TimerKind, owner: object, delay: number, arg = 0): Timer {
    const at = after(this.now, delay < 0 ? 0 : Math.floor(delay));
    const t: Timer = { at, seq: this.seq++, kind, owner, arg, live: at < NEVER };
    if (t.live) this.push(t);
    return t;
  }

  cancel(t: Timer | null): void {
    if (t) t.live = false; // collected when it reaches the top
  }

  /** The moment of the next live event, or NEVER. */
  peek(): SimTime {
    while (this.heap.length > 0 && !this.heap[0]!.live) this.pop();
    return this.heap.length > 0 ? this.heap[0]!.at : NEVER;
  }

  /** Runs events up to and including `until`, at most `budget` of them. On "idle" and "reached" now === until unless until is NEVER. */
  run(until: SimTime, budget: number): RunResult {
    for (let n = 0; n < budget; n++) {
      const at = this.peek();
      if (at > until || at === NEVER) {
        if (until < NEVER && until > this.now) this.now = until;
        return at === NEVER ? "idle" : "reached";
      }
      const t = this.pop();
      if (t.at === this.now) {
        if (++this.sameInstant > MAX_SAME_INSTANT) bug(`more than ${MAX_SAME_INSTANT} events at ${this.now} ns`);
      } else {
        this.sameInstant = 0;
        this.now = t.at;
      }
      t.live = false;
      this.done++;
      if (this.onEvent) this.onEvent(t);
      const h = this.handlers[t.kind];
      if (!h) bug(`no handler for timer kind ${t.kind}`);
      h(t.owner as never, t.arg);
    }
    return "budget";
  }

  private push(t: Timer): void {
    const h = this.heap;
    let i = h.length;
    h.push(t);
    while (i > 0) {
      const p = (i - 1) >> 1;
      if (!before(t, h[p]!)) break;
      h[i] = h[p]!;
      i = p;
    }
    h[i] = t;
  }

  private pop(): Timer {
    const h = this.heap;
    const top = h[0]!;
    const last = h.pop()!;
    if (h.length > 0) {
      let i = 0;
      for (;;) {
        let c = 2 * i + 1;
        if (c >= h.length) break;
        if (c + 1 < h.length && before(h[c + 1]!, h[c]!)) c++;
        if (!before(h[c]!, last)) break;
        h[i] = h[c]!;
        i = c;
      }
      h[i] = last;
    }
    return top;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

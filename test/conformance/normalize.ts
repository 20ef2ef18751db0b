/**
 * Makes two recordings of one scenario comparable: whatever legitimately differs between two runs on the same kernel
 * (made-up MACs, times, process ids …) becomes a stable token. Both sides go through the same rules, command by command, with one
 * table of tokens for the scenario. The rules are listed in README.md beside this file.
 */
import type { Directive } from "./scenario.ts";

const EPHEMERAL = { min: 32_768, max: 60_999 }; // net.ipv4.ip_local_port_range
const MON = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const HMS = "\\d\\d:\\d\\d:\\d\\d";

interface Mask {
  readonly what: string;
  readonly re: RegExp;
  readonly to: string | ((...m: string[]) => string);
}

/** Rules that need no memory, in this order. */
const MASKS: readonly Mask[] = [
  { what: "the shell's line numbers", re: /^(?:\/\S*\/)?-?bash: (?:eval: )?line \d+: /gm, to: "bash: " },
  { what: "eval in the shell's messages", re: /^bash: eval: /gm, to: "bash: " },
  {
    what: "date(1)",
    re: new RegExp(`\\b${DAY},? +(?:${MON} +\\d{1,2}|\\d{1,2} ${MON}) +(?:\\d{4} )?${HMS}(?: (?:UTC|GMT|KST))?(?: ?\\d{4})?`, "g"),
    to: "DATE",
  },
  { what: "HTTP dates", re: new RegExp(`\\b${DAY}, \\d{1,2} ${MON} \\d{4} ${HMS} GMT`, "g"), to: "DATE" },
  { what: "log dates", re: new RegExp(`\\b\\d{1,2}/${MON}/\\d{4}[: ]${HMS}(?: [+-]\\d{4})?`, "g"), to: "DATE" },
  { what: "syslog dates", re: new RegExp(`^${MON} +\\d{1,2} ${HMS}`, "gm"), to: "DATE" },
  { what: "ISO dates", re: /\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:UTC|Z|[+-]\d{4}))?/g, to: "DATE" },
  { what: "compact dates", re: /\b20\d{6}_\d{6}\b/g, to: "DATE" },
  { what: "tcpdump times", re: new RegExp(`^(\\s*(?:\\d+ +)?)${HMS}\\.\\d{6}(?=\\s)`, "gm"), to: "$1TS" },
  { what: "tcpdump -tt", re: /^\d{10}\.\d{6}(?=\s)/gm, to: "TS" },
  { what: "kernel log times", re: /\[\s*\d{1,7}\.\d{6}\]/g, to: "[TS]" },
  { what: "conntrack -o timestamp", re: /^(\s*)\[\d{10}\.\d{6}\s*\]/gm, to: "$1[TS]" },
  {
    what: "round-trip times",
    re: /(rtt|round-trip) min\/avg\/max\/mdev = [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms(?:, ipg\/ewma [\d.]+\/[\d.]+ ms)?/g,
    to: "$1 min/avg/max/mdev = T/T/T/T ms",
  },
  { what: "ping's pipe", re: /(time \d+ms|mdev = T\/T\/T\/T ms), pipe \d+/g, to: "$1" },
  { what: "ping's pipe alone", re: /^pipe \d+$\n?/gm, to: "" },
  { what: "durations", re: /\b\d+(?:\.\d+)?( ?)(ms|msec|milliseconds|usec|us)\b/g, to: "T$1$2" },
  { what: "lifetimes", re: /\b(valid_lft|preferred_lft|expires) \d+sec/g, to: "$1 Tsec" },
  { what: "lifetimes in JSON", re: /"(valid_life_time|preferred_life_time)":(?!4294967295)\d+/g, to: '"$1":T' },
  { what: "neighbour ages", re: /\b(used) \d+\/\d+(\/\d+)?/g, to: "$1 T" },
  { what: "bridge timers", re: /\b(\w+_timer) +\d+\.\d+/g, to: "$1 T" },
  { what: "bridge timers in JSON", re: /"(\w+_timer)":\d+\.\d+/g, to: '"$1":T' },
  { what: "ss timers", re: /\btimer:\((\w+),[^,)]*,/g, to: "timer:($1,T," },
  { what: "brctl showmacs ages", re: /^(\s*\d+\s+(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\s+(?:yes|no)\s+)\d+\.\d+/gm, to: "$1T" },
  {
    what: "conntrack's remaining seconds",
    re: /^(\s*(?:\[[A-Z]+\]\s+)?(?:ipv[46]\s+\d+\s+)?(?:tcp|udp|udplite|icmp|icmpv6|sctp|dccp|gre|unknown)\s+\d+\s+)\d+(?=\s+(?:[A-Z_]+\s+)?src=)/gm,
    to: "$1T",
  },
  { what: "conntrack's use count", re: /\buse=\d+/g, to: "use=U" },
  { what: "user space details", re: /\[USERSPACE\].*$/gm, to: "[USERSPACE]" },
  { what: "port ids", re: /\bportid=\d+/g, to: "portid=P" },
  { what: "conntrack ages", re: /\bdelta-time=\d+/g, to: "delta-time=T" },
  { what: "packets received by filter", re: /^\d+ packets? received by filter/gm, to: "N packets received by filter" },
  { what: "TCP timestamps", re: /\bTS val \d+ ecr (0\b|\d+)/g, to: (_m, ecr) => `TS val T ecr ${ecr === "0" ? "0" : "T"}` },
  { what: "window scale", re: /\bwscale \d+/g, to: "wscale W" },
  { what: "windows after the handshake", re: /(Flags \[[^\]S]*\],.*?\bwin) (?!0\b)\d+/g, to: "$1 W" },
  { what: "checksums", re: /\b(cksum) 0x[0-9a-f]+/g, to: "$1 C" },
  { what: "wrong checksums", re: /\((incorrect|bad|wrong) (?:\([^)]*\) )?-> 0x[0-9a-f]+\)/g, to: "($1 -> C)" },
  { what: "wrong UDP checksums", re: /\[bad udp cksum 0x[0-9a-f]+ -> 0x[0-9a-f]+!\]/g, to: "[bad udp cksum C -> C!]" },
  { what: "wrong IP checksums", re: /\bbad cksum [0-9a-f]+ \(->[0-9a-f]+\)!/g, to: "bad cksum C (->C)!" },
  { what: "process ids", re: /\bpid=\d+/g, to: "pid=P" },
  { what: "kill's complaint", re: /\((\d+)\) - No such process/g, to: "(P) - No such process" },
  { what: "job numbers", re: /^\[(\d+)\] \d+$/gm, to: "[$1] P" },
  { what: "socket inodes", re: /\b(ino|sk):[0-9a-f]+/g, to: "$1:X" },
  { what: "namespace inodes", re: /\b(net|mnt|pid|user|uts):\[\d+\]/g, to: "$1:[NS]" },
  { what: "duplicate address detection", re: / tentative\b/g, to: "" },
  { what: "duplicate address detection in JSON", re: /"tentative":true,?/g, to: "" },
];

const FIXED_MAC = /^(?:00:00:00:00:00:00|ff:ff:ff:ff:ff:ff|01:00:5e|01:80:c2)/;

/** The eight groups of an IPv6 address, or null. */
function groups(address: string): number[] | null {
  const halves = address.split("::");
  if (halves.length > 2) return null;
  const words = (h: string | undefined): string[] => (h ? h.split(":") : []);
  const head = words(halves[0]);
  const tail = words(halves[1]);
  const all = halves.length === 1 ? head : [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail];
  return all.length === 8 ? all.map((w) => parseInt(w || "0", 16)) : null;
}

type Tokens = Map<string, Map<string, string>>;

export class Normalizer {
  private tokens: Tokens = new Map();
  private bases: { base: number; name: string }[] = [];
  private readonly macsOfScenario: ReadonlySet<string>;
  private readonly numbersOfScenario: ReadonlySet<string>;

  /** `commands`: all of the scenario's. MACs and ports spelled out there stay as they are. */
  constructor(commands: readonly string[]) {
    const text = commands.join("\n").toLowerCase();
    this.macsOfScenario = new Set(text.match(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g) ?? []);
    this.numbersOfScenario = new Set(text.match(/\b\d{4,5}\b/g) ?? []);
  }

  /** The tables, to be put back when a command turns out to differ. */
  save(): () => void {
    const tokens: Tokens = new Map([...this.tokens].map(([k, m]) => [k, new Map(m)]));
    const bases = [...this.bases];
    return () => {
      this.tokens = tokens;
      this.bases = bases;
    };
  }

  /** One stream of one command, normalised under the command's directives. */
  text(raw: string, directives: readonly Directive[]): string {
    const has = (op: Directive["op"]): boolean => directives.some((d) => d.op === op);
    let s = raw.replace(/\r\n?/g, "\n");
    if (has("json")) s = canonicalJson(s, has("sort"));
    for (const m of MASKS) s = typeof m.to === "string" ? s.replace(m.re, m.to) : s.replace(m.re, m.to);
    let lines = s.split("\n").map((l) => l.replace(/[ \t]+$/, ""));
    while (lines.at(-1) === "") lines.pop();
    for (const d of directives) {
      if (d.op === "drop") lines = lines.filter((l) => !new RegExp(d.re).test(l));
      if (d.op === "mask") lines = lines.map((l) => l.replace(new RegExp(d.re, "g"), "*"));
    }
    if (has("squeeze")) lines = lines.map((l) => l.trim().replace(/\s+/g, " ")).filter((l) => l !== "");
    const sorted = has("sort") && !has("json");
    if (sorted) {
      // by what a line looks like without its random parts, so that numbering does not depend on them
      const keyed = lines.map((l) => ({ l, key: this.withoutNewTokens(l) }));
      keyed.sort((x, y) => order(x.key, y.key) || order(x.l, y.l));
      lines = keyed.map((k) => k.l);
    }
    let out = this.tokenise(lines.join("\n"));
    if (sorted) out = out.split("\n").sort(order).join("\n");
    if (has("uniq"))
      out = out
        .split("\n")
        .filter((l, i, all) => i === 0 || l !== all[i - 1])
        .join("\n");
    return out;
  }

  private token(kind: string, value: string): string {
    let m = this.tokens.get(kind);
    if (!m) this.tokens.set(kind, (m = new Map()));
    let t = m.get(value);
    if (!t) m.set(value, (t = `${kind}${m.size + 1}`));
    return t;
  }

  private withoutNewTokens(line: string): string {
    const probe = new Normalizer([]);
    Object.assign(probe, {
      macsOfScenario: this.macsOfScenario,
      numbersOfScenario: this.numbersOfScenario,
      tokens: this.tokens,
      bases: this.bases,
    });
    const known = this.tokens;
    const bases = this.bases;
    probe.token = (kind, value) => known.get(kind)?.get(value) ?? `${kind}?`;
    probe.seq = (n) => (Number(n) < 1_000_000 ? n : (bases.find((b) => (Number(n) - b.base) >>> 0 < 1_000_000)?.name ?? "s?"));
    probe.tail3 = (h) => this.macEnding(h) ?? "x?";
    return probe.tokenise(line);
  }

  private mac(address: string): string {
    const a = address.toLowerCase();
    if (FIXED_MAC.test(a) || this.macsOfScenario.has(a)) return a;
    if (a.startsWith("33:33:ff")) return `33:33:ff:${this.tail3(a.slice(9).replace(/:/g, ""))}`;
    return a.startsWith("33:33:") ? a : this.token("m", a);
  }

  private macEnding(hex6: string): string | null {
    for (const [mac, t] of this.tokens.get("m") ?? []) if (mac.replace(/:/g, "").endsWith(hex6)) return t;
    for (const mac of this.macsOfScenario) if (mac.replace(/:/g, "").endsWith(hex6)) return hex6;
    return null;
  }
  /** The last three bytes of a MAC, as solicited-node groups hold them. */
  private tail3(hex6: string): string {
    return this.macEnding(hex6) ?? this.token("x", hex6);
  }

  private port(p: string): string {
    const n = Number(p);
    return n < EPHEMERAL.min || n > EPHEMERAL.max || this.numbersOfScenario.has(p) ? p : this.token("p", p);
  }

  private seq(p: string): string {
    const n = Number(p);
    if (n < 1_000_000) return p;
    for (const b of this.bases) {
      const d = (n - b.base) >>> 0;
      if (d < 1_000_000) return d === 0 ? b.name : `${b.name}+${d}`;
    }
    const b = { base: n, name: `s${this.bases.length + 1}` };
    this.bases.push(b);
    return b.name;
  }

  /** Link-local addresses and solicited-node groups made from a MAC carry the MAC's token. */
  private v6(a: string): string {
    const g = groups(a);
    if (!g) return a;
    if (g[0] === 0xff02 && g[5] === 1 && g[6]! >>> 8 === 0xff) {
      const hex = (((g[6]! & 0xff) << 16) | g[7]!).toString(16).padStart(6, "0");
      const t = this.tail3(hex);
      return t === hex ? a : `ff02::1:ff{${t}}`;
    }
    if ((g[0]! & 0xffc0) === 0xfe80 && (g[5]! & 0xff) === 0xff && g[6]! >>> 8 === 0xfe) {
      const mac = [(g[4]! >>> 8) ^ 2, g[4]! & 255, g[5]! >>> 8, g[6]! & 255, g[7]! >>> 8, g[7]! & 255]
        .map((b) => b.toString(16).padStart(2, "0"))
        .join(":");
      return this.macsOfScenario.has(mac) ? a : `fe80::{${this.mac(mac)}}`;
    }
    return a;
  }

  private tokenise(text: string): string {
    const id = (prefix: string, kind: string, value: string): string => `${prefix}${value === "0" ? "0" : this.token(kind, value)}`;
    return text
      .replace(/\b(?:fe80|ff02)::?[0-9a-f:]*[0-9a-f]\b/gi, (a) => this.v6(a))
      .replace(/(?<![0-9a-f:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-f:]*[0-9a-f]:)\b/gi, (a) => this.mac(a))
      .replace(/\b([0-9a-f]{4})\.((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2})\b/gi, (_m, p: string, a: string) => {
        const bytes = a.split(":").map((x) => x.padStart(2, "0"));
        return `${p}.${this.mac(bytes.join(":"))}`;
      })
      .replace(/\b([0-9a-f]{4})\.([0-9a-f]{12})\b/gi, (_m, p: string, a: string) => `${p}.${this.mac(a.match(/../g)!.join(":"))}`)
      .replace(
        /\bMAC=((?:[0-9a-f]{2}:){5}[0-9a-f]{2}):((?:[0-9a-f]{2}:){5}[0-9a-f]{2}):([0-9a-f]{2}:[0-9a-f]{2})/g,
        (_m, a: string, b: string, t: string) => `MAC=${this.mac(a)}:${this.mac(b)}:${t}`,
      )
      .replace(
        /\b(ICMP6?, echo (?:request|reply)|ICMP echo (?:request|reply)), id (\d+)/g,
        (_m, a: string, i: string) => `${a}, id ${this.token("e", i)}`,
      )
      .replace(/\b(type=\d+ code=\d+ )id=(\d+)/g, (_m, a: string, i: string) => `${a}id=${this.token("e", i)}`)
      .replace(/\b(CODE=\d+ )ID=(\d+)/g, (_m, a: string, i: string) => `${a}ID=${this.token("e", i)}`)
      .replace(/(TTL=\d+ )ID=(\d+)/g, (_m, a: string, i: string) => id(`${a}ID=`, "i", i))
      .replace(/\b(ttl +\d+, )id (\d+)/g, (_m, a: string, i: string) => id(`${a}id `, "i", i))
      .replace(/(\smark=\d+.*\s)id=(\d+)/g, (_m, a: string, i: string) => `${a}id=${this.token("c", i)}`)
      .replace(
        /\bseq (\d+)(?::(\d+))?/g,
        (_m, a: string, b: string | undefined) => `seq ${this.seq(a)}${b === undefined ? "" : `:${this.seq(b)}`}`,
      )
      .replace(/\back (\d+)/g, (_m, a: string) => `ack ${this.seq(a)}`)
      .replace(/\b(\d{1,3}(?:\.\d{1,3}){3})\.(\d{5})\b/g, (_m, a: string, p: string) => `${a}.${this.port(p)}`)
      .replace(/((?:\d{1,3}\.){3}\d{1,3}|\]|\*|%\w+):(\d{5})\b/g, (_m, a: string, p: string) => `${a}:${this.port(p)}`)
      .replace(/\b(sport|dport)=(\d{5})\b/g, (_m, a: string, p: string) => `${a}=${this.port(p)}`)
      .replace(/\b(SPT|DPT)=(\d{5})\b/g, (_m, a: string, p: string) => `${a}=${this.port(p)}`)
      .replace(
        /\b(Connection received on \S+|[Pp]ort|(?:^|\s)localhost|lab) (\d{5})\b/g,
        (_m, a: string, p: string) => `${a} ${this.port(p)}`,
      );
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** JSON with sorted keys (and, when asked, the outermost array sorted); text that is no JSON stays. */
function canonicalJson(text: string, sortOuter: boolean): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const sorted = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(sorted);
    if (v && typeof v === "object")
      return Object.fromEntries(
        Object.entries(v)
          .sort(([a], [b]) => order(a, b))
          .map(([k, x]) => [k, sorted(x)]),
      );
    return v;
  };
  let out = sorted(value);
  if (sortOuter && Array.isArray(out))
    out = out
      .map((x) => [JSON.stringify(x), x] as const)
      .sort((a, b) => order(a[0], b[0]))
      .map((x) => x[1]);
  return JSON.stringify(out, null, 1);
}

/** Words of the pcap-filter language: keywords, numbers, addresses, names, operators. */
import { parseIp6 } from "../../../wire/addr.ts";
import { FilterError } from "./ast.ts";

export type Token =
  /** keyword or operator: `t` is its canonical text */
  | { readonly k: "word"; readonly t: string }
  | { readonly k: "num"; readonly v: number }
  /** dotted number, "10.1" to "10.1.2.3" */
  | { readonly k: "hid"; readonly t: string }
  | { readonly k: "hid6"; readonly t: string }
  | { readonly k: "eid"; readonly t: string }
  | { readonly k: "id"; readonly t: string };

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  (
    "src dst host net mask port portrange proto protochain gateway less greater byte broadcast multicast and or not len inbound outbound ifindex vlan " +
    "mpls pppoed pppoes geneve ether ip arp rarp ip6 icmp icmp6 tcp udp sctp igmp igrp pim vrrp carp ah esp stp atalk aarp decnet lat sca moprc mopdl " +
    "iso esis isis clnp ipx netbeui radio lane llc oam metac ifname on rnr rulenum reason srnr subrulenum action type subtype dir addr1 addr2 addr3 addr4"
  )
    .split(" ")
    .map((w) => [w, w] as const),
);
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["link", "ether"],
  ["ppp", "ether"],
  ["slip", "ether"],
  ["fddi", "ether"],
  ["tr", "ether"],
  ["wlan", "ether"],
  ["netmask", "mask"],
  ["length", "len"],
]);

/** Names that stand for numbers inside byte tests. */
const NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    icmptype: 0,
    icmpcode: 1,
    "icmp-echoreply": 0,
    "icmp-unreach": 3,
    "icmp-sourcequench": 4,
    "icmp-redirect": 5,
    "icmp-echo": 8,
    "icmp-routeradvert": 9,
    "icmp-routersolicit": 10,
    "icmp-timxceed": 11,
    "icmp-paramprob": 12,
    "icmp-tstamp": 13,
    "icmp-tstampreply": 14,
    "icmp-ireq": 15,
    "icmp-ireqreply": 16,
    "icmp-maskreq": 17,
    "icmp-maskreply": 18,
    icmp6type: 0,
    icmp6code: 1,
    "icmp6-destinationunreach": 1,
    "icmp6-packettoobig": 2,
    "icmp6-timeexceeded": 3,
    "icmp6-parameterproblem": 4,
    "icmp6-echo": 128,
    "icmp6-echoreply": 129,
    "icmp6-multicastlistenerquery": 130,
    "icmp6-multicastlistenerreportv1": 131,
    "icmp6-multicastlistenerdone": 132,
    "icmp6-routersolicit": 133,
    "icmp6-routeradvert": 134,
    "icmp6-neighborsolicit": 135,
    "icmp6-neighboradvert": 136,
    "icmp6-redirect": 137,
    "icmp6-multicastlistenerreportv2": 143,
    tcpflags: 13,
    "tcp-fin": 1,
    "tcp-syn": 2,
    "tcp-rst": 4,
    "tcp-push": 8,
    "tcp-ack": 16,
    "tcp-urg": 32,
    "tcp-ece": 64,
    "tcp-cwr": 128,
  }),
);

export function syntaxError(): never {
  throw new FilterError("can't parse filter expression: syntax error");
}

const NUMBER = /^(0[xX][0-9a-fA-F]+|[0-9]+)$/;
const DOTTED = /^[0-9]+(\.[0-9]+){1,3}$/;
const MAC = /^([0-9a-fA-F]{1,2}[:.-]){5}[0-9a-fA-F]{1,2}$/;
const MAC_WORDS = /^([0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}$|^[0-9a-fA-F]{12}$/;
const NAME = /^[A-Za-z0-9]([-_.A-Za-z0-9]*[.A-Za-z0-9])?$/;

export function tokens(text: string): Token[] {
  const out: Token[] = [];
  const word = (t: string): void => {
    out.push({ k: "word", t });
  };
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    if (c === " " || c === "\t" || c === "\n" || c === "\r") {
      i++;
      continue;
    }
    const two = text.slice(i, i + 2);
    if (two === "&&" || two === "||" || two === "==" || two === "!=" || two === ">=" || two === "<=" || two === "<<" || two === ">>") {
      word(two === "&&" ? "and" : two === "||" ? "or" : two === "==" ? "=" : two);
      i += 2;
      continue;
    }
    if ("()[]!=<>+-*/%&|^:".includes(c) && !(c === ":" && text[i + 1] === ":")) {
      word(c === "!" ? "not" : c);
      i++;
      continue;
    }
    const run = /^\\?[-_.:A-Za-z0-9]+/.exec(text.slice(i));
    if (run === null) syntaxError();
    i += scan(run[0], out);
  }
  return out;
}

/** Takes the longest token at the start of a run of letters, digits, dots, colons and hyphens; returns its length. */
function scan(run: string, out: Token[]): number {
  if (run[0] === "\\") {
    const name = /^\\([A-Za-z0-9]([-_.A-Za-z0-9]*[.A-Za-z0-9])?)/.exec(run);
    if (name === null) syntaxError();
    out.push({ k: "id", t: name[1]! });
    return name[0].length;
  }
  if (MAC.test(run) || MAC_WORDS.test(run)) {
    out.push({ k: "eid", t: run });
    return run.length;
  }
  if (run.includes(":")) {
    const v6 = /^[0-9a-fA-F:.]+/.exec(run)![0];
    if (v6.length === run.length && parseIp6(v6) !== null) {
      out.push({ k: "hid6", t: v6 });
      return v6.length;
    }
  }
  let word = /^[^:]*/.exec(run)![0];
  // a minus stands for itself between numbers: "len-14"
  if (/^([0-9]+|0[xX][0-9a-fA-F]+)-/.test(word) && !/[g-wyzG-WYZ]/.test(word) && !/^[0-9]+-[0-9]+$/.test(word))
    word = /^[^-]*/.exec(word)![0];
  while (word !== "" && !NAME.test(word)) word = word.slice(0, -1);
  if (word === "") syntaxError();
  const number = NUMBERS.get(word);
  if (number !== undefined) out.push({ k: "num", v: number });
  else if (NUMBER.test(word)) {
    const v = /^0[0-7]+$/.test(word) ? Number.parseInt(word, 8) : Number(word);
    if (v > 0xffffffff) throw new FilterError(`number ${word} overflows 32 bits`);
    out.push({ k: "num", v });
  } else if (DOTTED.test(word)) out.push({ k: "hid", t: word });
  else {
    const keyword = SYNONYMS.get(word) ?? KEYWORDS.get(word);
    out.push(keyword !== undefined ? { k: "word", t: keyword } : { k: "id", t: word });
  }
  return word.length;
}

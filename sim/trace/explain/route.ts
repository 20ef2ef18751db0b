/** Explanations of routing: lookups, rules, source validation, forwarding. */
import { fmtIp4 } from "../../wire/addr.ts";
import type { FibRoute } from "../../net/fib/types.ts";
import { DropReason } from "../reasons.ts";
import { devName, fact, says, text, type Case, type Explainer, type Explanation, type Fact } from "./sentence.ts";

const TABLES: Readonly<Record<number, string>> = { 253: "default", 254: "main", 255: "local" };
const TYPES: readonly string[] = [
  "unspec",
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
];

function isRoute(ref: object | null): ref is FibRoute {
  return ref !== null && "info" in ref && "len" in ref && "table" in ref;
}

/** A route in the words of `ip route`. */
export function routeText(r: FibRoute): string {
  const to = r.len === 0 ? "default" : r.len === 32 ? fmtIp4(r.dst) : `${fmtIp4(r.dst)}/${r.len}`;
  const nh = r.info.nhs[0];
  const parts = [r.type > 1 && r.type !== 5 ? `${TYPES[r.type] ?? r.type} ${to}` : to];
  if (nh && nh.gateway) parts.push(`via ${fmtIp4(nh.gateway)}`);
  if (nh?.dev) parts.push(`dev ${nh.dev.name}`);
  if (r.info.priority) parts.push(`metric ${r.info.priority}`);
  return parts.join(" ");
}

function routeFacts(c: Case): Fact[] {
  const ref = c.d.ref;
  if (!isRoute(ref)) return [];
  return [fact("route", "경로", routeText(ref)), fact("table", "테이블", TABLES[ref.table] ?? String(ref.table))];
}

function noRoute(c: Case): Explanation {
  // on the way out the address looked for is recorded: an answer goes to somebody else than the packet that asks for it
  const to = c.site.name === "IP_ROUTE_OUTPUT" && c.d.a !== 0 ? fmtIp4(c.d.a >>> 0) : c.dst;
  return says(
    `No route to ${to || "the destination"}`,
    `${to || "목적지"}로 가는 경로가 없음`,
    [fact("looked for", "찾은 주소", to || "?"), fact("matching routes", "일치하는 경로", "none")],
    [
      text(
        `A route covers ${to || "the destination"}: its network, or a default route.`,
        `${to || "목적지"}에 맞는 경로가 있습니다. 그 네트워크의 경로나 기본 경로(default)면 됩니다.`,
      ),
      text(
        "One of this machine's interfaces has an address in that network.",
        "이 머신의 인터페이스 가운데 하나가 그 네트워크의 주소를 가집니다.",
      ),
    ],
  );
}

function refused(c: Case, word: string): Explanation {
  return says(`The route says ${word}`, `경로가 ${word}로 지정됨`, routeFacts(c), [
    text(
      `A longer prefix or a lower metric leads elsewhere than to this ${word} route.`,
      `더 긴 prefix나 더 낮은 metric의 경로가 이 ${word} 경로보다 먼저 선택됩니다.`,
    ),
  ]);
}

function forwardingOff(c: Case): Explanation {
  const key = c.site.name.startsWith("IP6") ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";
  return says(
    "This machine does not forward",
    "이 머신은 전달하지 않음",
    [fact(key, key, "0"), fact("addressed to", "받는 주소", c.dst)],
    [
      text(`${key} is 1 on this machine.`, `이 머신의 ${key}가 1입니다.`),
      text(`${c.dst || "The destination"} is an address of this machine.`, `${c.dst || "목적지"}가 이 머신의 주소입니다.`),
    ],
  );
}

const lookup: Explainer = (c) => {
  switch (c.d.reason) {
    case DropReason.IP_OUTNOROUTES:
    case DropReason.IP_INNOROUTES:
      return noRoute(c);
    case DropReason.BLACKHOLE_ROUTE:
      return refused(c, "blackhole");
    case DropReason.PROHIBIT_ROUTE:
      return refused(c, "prohibit");
    case DropReason.UNREACHABLE_ROUTE:
      return refused(c, "unreachable");
    case DropReason.FORWARDING_OFF:
      return forwardingOff(c);
    case DropReason.IP_INVALID_DEST:
    case DropReason.IP_LOCALNET:
      return says(
        `The destination ${c.dst} is not valid here`,
        `목적지 ${c.dst}는 여기서 쓸 수 없음`,
        [fact("destination", "목적지", c.dst)],
        [text("The destination is an address that may appear on a network.", "목적지가 네트워크에서 쓸 수 있는 주소입니다.")],
      );
    case DropReason.IP_RPFILTER:
      return rpf(c);
  }
  const facts = routeFacts(c);
  const ref = c.d.ref;
  if (isRoute(ref) && ref.type === 2) return says("For this machine", "이 머신으로 온 패킷", facts);
  if (c.site.name === "IP_ROUTE_INPUT")
    return c.d.b === 2
      ? says("For this machine", "이 머신으로 온 패킷")
      : says("For another machine: to be forwarded", "다른 머신으로 갈 패킷: 전달 대상");
  return says("A route was found", "경로를 찾음", facts);
};

const rpf: Explainer = (c) =>
  says(
    "The way back leads elsewhere (rp_filter)",
    "돌아가는 길이 다른 쪽 (rp_filter)",
    [fact("source", "출발지", c.src), ...routeFacts(c), fact("rp_filter", "rp_filter", c.d.b)],
    [
      text(
        `The route to ${c.src} leaves by the interface the packet came in by.`,
        `${c.src}로 가는 경로가 패킷이 들어온 인터페이스로 나갑니다.`,
      ),
      text(
        "rp_filter is 0, or 2 and some route to the source exists.",
        "rp_filter가 0이거나, 2이면서 출발지로 가는 경로가 하나라도 있습니다.",
      ),
    ],
  );

const forward: Explainer = (c) => {
  if (c.d.reason === DropReason.FORWARDING_OFF) return forwardingOff(c);
  if (c.d.reason === DropReason.TTL_EXCEEDED || c.d.reason === DropReason.IP_INHDR) return ttl(c);
  return says(`Forwarded to ${devName(c, c.d.b)}`, `${devName(c, c.d.b)} 쪽으로 전달`, [fact("ttl", "ttl", `${c.d.a} → ${c.d.a - 1}`)]);
};

const ttl: Explainer = (c) =>
  says(
    "The time to live ran out",
    "TTL이 다함",
    [fact("ttl", "ttl", c.d.a)],
    [
      text("The sender starts with a larger ttl.", "보내는 쪽이 더 큰 ttl로 시작합니다."),
      text("The route does not lead in a circle.", "경로가 제자리를 돌지 않습니다."),
    ],
  );

const mtu: Explainer = (c) =>
  says(
    `Too large for ${c.d.b} bytes`,
    `${c.d.b}바이트보다 큼`,
    [fact("length", "길이", c.d.a), fact("mtu", "mtu", c.d.b)],
    [text(`The packet is ${c.d.b} bytes or less, or may be fragmented.`, `패킷이 ${c.d.b}바이트 이하이거나 나눌 수 있습니다.`)],
  );

export const routeExplainers: Readonly<Record<string, Explainer>> = {
  IP_ROUTE_INPUT: lookup,
  IP_ROUTE_OUTPUT: lookup,
  IP6_ROUTE_INPUT: lookup,
  IP6_ROUTE_OUTPUT: lookup,
  FIB_MATCH: lookup,
  RPF: (c) => (c.d.reason === 0 ? says("The source is valid", "출발지 확인", routeFacts(c)) : rpf(c)),
  MARTIAN: (c) => (c.d.reason === DropReason.IP_RPFILTER ? rpf(c) : says(`The source ${c.src} is looked at`, `출발지 ${c.src} 확인`)),
  IP_OPTIONS: (c) =>
    c.d.reason === 0
      ? says("The header's options are in order", "헤더의 옵션이 올바름")
      : says(
          "The header's options are damaged",
          "헤더의 옵션이 손상됨",
          [],
          [text("The options' lengths and pointers agree.", "옵션의 길이와 포인터가 맞습니다.")],
        ),
  IP_FORWARD: forward,
  IP6_FORWARD: forward,
  FIB_RULE: (c) =>
    says("A routing rule chose the table", "라우팅 규칙이 테이블을 고름", [fact("table", "테이블", TABLES[c.d.a] ?? String(c.d.a))]),
  TTL: ttl,
  MTU: mtu,
};

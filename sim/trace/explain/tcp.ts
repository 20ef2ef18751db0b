/** Explanations of what TCP decides: segments sent and repeated, resets, what a connection takes and what it refuses. */
import { DropReason } from "../reasons.ts";
import { Verdict } from "../recorder.ts";
import { type Case, type Explainer, fact, says, text } from "./sentence.ts";
import type { LocalText } from "../../core/text.ts";

const STATES = [
  "",
  "ESTABLISHED",
  "SYN-SENT",
  "SYN-RECEIVED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "CLOSED",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
] as const;
const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"] as const;

function flags(n: number): string {
  const set = FLAGS.filter((_, i) => (n & (1 << i)) !== 0);
  return set.length > 0 ? set.join("+") : "-";
}
const sent = (c: Case) => [fact("port", "포트", c.d.a), fact("flags", "플래그", flags(c.d.b))];

/** why a segment ended: what is said, and what would have had to differ */
const DROPS: Readonly<Record<number, readonly [string, string, string, string]>> = {
  [DropReason.TCP_CSUM]: [
    "The TCP segment is damaged",
    "TCP 세그먼트가 손상됨",
    "The checksum agrees with the segment's bytes.",
    "체크섬이 세그먼트의 내용과 맞습니다.",
  ],
  [DropReason.PKT_TOO_SMALL]: [
    "The segment is too short for its header",
    "세그먼트가 헤더보다 짧음",
    "The TCP header is there in full.",
    "TCP 헤더가 온전히 들어 있습니다.",
  ],
  [DropReason.NOT_SPECIFIED]: [
    "TCP does not speak to groups",
    "TCP는 그룹과 통신하지 않음",
    "The segment is addressed to this machine alone.",
    "세그먼트가 이 머신 하나만을 목적지로 합니다.",
  ],
  [DropReason.TCP_FLAGS]: [
    "These flags mean nothing in this state",
    "이 상태에서 뜻이 없는 플래그",
    "A connection begins with a SYN, and every later segment carries an ACK.",
    "연결은 SYN으로 시작하고 그 뒤의 세그먼트에는 모두 ACK가 있습니다.",
  ],
  [DropReason.TCP_OLD_DATA]: [
    "This data had already arrived",
    "이미 받은 데이터",
    "The segment brings bytes that are still missing.",
    "세그먼트가 아직 받지 못한 데이터를 담고 있습니다.",
  ],
  [DropReason.TCP_OVERWINDOW]: [
    "The data lies beyond the receive window",
    "수신 윈도우를 넘은 데이터",
    "The sender keeps to the window that was offered.",
    "보내는 쪽이 알려 준 윈도우 안에서 보냅니다.",
  ],
  [DropReason.TCP_ZEROWINDOW]: [
    "The receiver has no room",
    "받는 쪽에 자리가 없음",
    "The program reads what has arrived, so that the window opens again.",
    "프로그램이 도착한 데이터를 읽어 윈도우가 다시 열립니다.",
  ],
  [DropReason.TCP_OLD_SEQUENCE]: [
    "The sequence numbers are past",
    "이미 지난 시퀀스 번호",
    "The segment's numbers lie within the receive window.",
    "세그먼트의 번호가 수신 윈도우 안에 있습니다.",
  ],
  [DropReason.TCP_INVALID_SEQUENCE]: [
    "The sequence numbers do not fit the connection",
    "연결에 맞지 않는 시퀀스 번호",
    "The segment's numbers lie within the receive window.",
    "세그먼트의 번호가 수신 윈도우 안에 있습니다.",
  ],
  [DropReason.TCP_RFC7323_PAWS]: [
    "The time stamp is older than the last one",
    "타임스탬프가 마지막 것보다 오래됨",
    "The segment was sent after those that have already arrived.",
    "세그먼트가 이미 도착한 것들보다 나중에 보낸 것입니다.",
  ],
  [DropReason.TCP_ACK_UNSENT_DATA]: [
    "It acknowledges data that was never sent",
    "보낸 적 없는 데이터에 대한 ACK",
    "The ACK number lies within what was sent.",
    "ACK 번호가 보낸 범위 안에 있습니다.",
  ],
  [DropReason.TCP_TOO_OLD_ACK]: [
    "The ACK is far too old",
    "너무 오래된 ACK",
    "The ACK number is not further back than a window.",
    "ACK 번호가 윈도우 하나보다 더 오래되지 않았습니다.",
  ],
  [DropReason.TCP_INVALID_SYN]: [
    "A SYN within a connection",
    "연결 도중의 SYN",
    "Only the first segment of a connection carries a SYN.",
    "연결의 첫 세그먼트에만 SYN이 있습니다.",
  ],
  [DropReason.TCP_CLOSE]: [
    "The connection has ended",
    "이미 끝난 연결",
    "The connection is still open on this side.",
    "이쪽에서 연결이 아직 열려 있습니다.",
  ],
  [DropReason.TCP_ABORT_ON_DATA]: [
    "Data for a program that has closed the connection",
    "이미 연결을 닫은 프로그램에 온 데이터",
    "The program reads until the other side has finished.",
    "프로그램이 상대가 다 보낼 때까지 읽습니다.",
  ],
  [DropReason.TCP_LISTEN_OVERFLOW]: [
    "Too many connections wait to be accepted",
    "accept를 기다리는 연결이 너무 많음",
    "The program accepts its connections faster, or listens with a longer backlog.",
    "프로그램이 연결을 더 빨리 받거나 backlog를 더 크게 잡습니다.",
  ],
  [DropReason.IP_OUTNOROUTES]: [
    "There is no way back to the caller",
    "연결을 요청한 쪽으로 돌아갈 경로가 없음",
    "This machine has a route to the caller's address.",
    "이 머신에 요청한 쪽 주소로 가는 경로가 있습니다.",
  ],
};

function dropped(c: Case, facts: ReturnType<typeof sent>): ReturnType<Explainer> {
  const w = DROPS[c.d.reason];
  if (!w) return null;
  const way: LocalText = text(w[2], w[3]);
  return says(w[0], w[1], facts, [way]);
}

const rcv: Explainer = (c) => {
  const state = fact("state", "상태", STATES[c.d.a] ?? c.d.a);
  if (c.d.reason === DropReason.TCP_RESET)
    return says(
      "The other side refuses or ends the connection",
      "상대가 연결을 거절하거나 끊음",
      [state],
      [text("A program listens on the other side, and keeps the connection open.", "상대 쪽에서 프로그램이 듣고 있고 연결을 유지합니다.")],
    );
  if (c.d.verdict === Verdict.DROP) return dropped(c, [state]);
  if (c.d.a === c.d.b) return says("The connection takes it", "연결이 받음", [state]);
  return says(`The connection is now ${STATES[c.d.b] ?? c.d.b}`, `연결이 이제 ${STATES[c.d.b] ?? c.d.b} 상태`, [
    fact("before", "이전 상태", STATES[c.d.a] ?? c.d.a),
  ]);
};

const listen: Explainer = (c) => {
  const facts = [fact("port", "포트", c.d.a)];
  if (c.d.reason !== DropReason.NONE) return dropped(c, facts);
  return says("A program listens on this port", "이 포트에서 프로그램이 듣고 있음", facts);
};

export const tcpExplainers: Readonly<Record<string, Explainer>> = {
  TCP_SEND: (c) => says("TCP sent a segment", "TCP가 세그먼트를 보냄", sent(c)),
  TCP_RETRANSMIT: (c) => says("TCP sends it again: no acknowledgement came", "ACK가 오지 않아 TCP가 다시 보냄", sent(c)),
  TCP_RESET: (c) => says("The connection is refused or broken off", "연결을 거절하거나 끊음", sent(c)),
  TCP_RCV: rcv,
  TCP_LISTEN: listen,
};

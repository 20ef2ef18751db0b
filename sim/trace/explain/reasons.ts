/** Words for reasons that mean the same wherever they occur. The sites' own files have those that depend on the place. */
import { DropReason } from "../reasons.ts";
import { devName, fact, says, text, type Case, type Explainer } from "./sentence.ts";

const damaged = (what: string, ko: string): Explainer => {
  return () =>
    says(
      `The ${what} is damaged`,
      `${ko}가 손상됨`,
      [],
      [text(`Length and checksum of the ${what} agree with its bytes.`, `${ko}의 길이와 체크섬이 내용과 맞습니다.`)],
    );
};

const badSource = (c: Case): ReturnType<Explainer> =>
  says(
    `The source ${c.src} cannot come in this way`,
    `출발지 ${c.src}는 이쪽으로 들어올 수 없음`,
    [fact("source", "출발지", c.src)],
    [
      text(
        "The source is an address that another machine may have: not this machine's own, no broadcast, no loopback.",
        "출발지가 다른 머신이 가질 수 있는 주소입니다. 이 머신의 주소, 브로드캐스트, 루프백이 아닙니다.",
      ),
    ],
  );

export const REASON_WORDS: Readonly<Record<number, Explainer>> = {
  [DropReason.NOT_SPECIFIED]: () =>
    says(
      "Not fit to be passed on",
      "넘길 수 없는 패킷",
      [],
      [
        text(
          "The frame is addressed to this machine, and its source is a single machine's address.",
          "프레임이 이 머신 앞으로 왔고, 출발지가 한 머신의 주소입니다.",
        ),
      ],
    ),
  [DropReason.PKT_TOO_SMALL]: () =>
    says(
      "The packet is too short for its header",
      "패킷이 헤더보다 짧음",
      [],
      [text("Every header is there in full.", "모든 헤더가 온전히 들어 있습니다.")],
    ),
  [DropReason.ICMP_CSUM]: damaged("ICMP message", "ICMP 메시지"),
  [DropReason.UDP_CSUM]: damaged("UDP datagram", "UDP 데이터그램"),
  [DropReason.INVALID_PROTO]: () =>
    says(
      "No ICMP message of this type is known",
      "알 수 없는 ICMP type",
      [],
      [text("The type is one that this machine understands.", "이 머신이 아는 type입니다.")],
    ),
  [DropReason.IPV6DISABLED]: () =>
    says(
      "IPv6 is switched off on this interface",
      "이 인터페이스는 IPv6가 꺼져 있음",
      [],
      [text("net.ipv6.conf.*.disable_ipv6 is 0.", "net.ipv6.conf.*.disable_ipv6가 0입니다.")],
    ),
  [DropReason.IP_INADDRERRORS]: (c) =>
    says(
      `The addresses ${c.src} and ${c.dst} cannot be used like this`,
      `주소 ${c.src}와 ${c.dst}는 이렇게 쓸 수 없음`,
      [],
      [text("Source and destination are addresses that may appear on a network.", "출발지와 목적지가 네트워크에서 쓸 수 있는 주소입니다.")],
    ),
  [DropReason.IP_INVALID_SOURCE]: badSource,
  [DropReason.IP_LOCAL_SOURCE]: badSource,
  [DropReason.MULTICAST_NOT_JOINED]: (c) =>
    says(
      `Nobody here listens to the group ${c.dst}`,
      `이 머신에는 그룹 ${c.dst}를 듣는 곳이 없음`,
      [],
      [text("An interface has joined the multicast group.", "인터페이스가 그 멀티캐스트 그룹에 가입했습니다.")],
    ),
  [DropReason.DEV_HDR]: (c) =>
    says(
      `${devName(c, c.d.a)} could not take the frame`,
      `${devName(c, c.d.a)}에 넣을 수 없는 프레임`,
      [],
      [text("The frame has the header that the device expects.", "프레임에 장치가 기대하는 헤더가 있습니다.")],
    ),
  [DropReason.IPV6_NDISC_FAILED]: () =>
    says(
      "This neighbour discovery message is not valid",
      "올바르지 않은 이웃 탐색 메시지",
      [],
      [
        text(
          "It comes from this link (hop limit 255) and names an address that is asked for.",
          "이 링크에서 왔고(hop limit 255) 묻는 주소를 담고 있습니다.",
        ),
      ],
    ),
};

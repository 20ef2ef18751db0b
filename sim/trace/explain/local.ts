/** Explanations of a packet's birth and delivery: sockets, ICMP, header checks. */
import { DropReason } from "../reasons.ts";
import { Verdict } from "../recorder.ts";
import { fact, says, text, type Explainer } from "./sentence.ts";

const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: "echo reply",
  3: "destination unreachable",
  5: "redirect",
  8: "echo request",
  11: "time exceeded",
  12: "parameter problem",
};

const rcv: Explainer = (c) => {
  switch (c.d.reason) {
    case DropReason.NONE:
      return says("The header is in order", "헤더가 올바름");
    case DropReason.OTHERHOST:
      return says(
        "For another machine's MAC address",
        "다른 머신의 MAC 주소로 온 것",
        [],
        [text("The frame's destination is this interface's MAC address.", "프레임의 목적지가 이 인터페이스의 MAC 주소입니다.")],
      );
    case DropReason.IP_CSUM:
    case DropReason.IP_INHDR:
      return says(
        "The header is damaged",
        "헤더가 손상됨",
        [],
        [text("Length, version and checksum of the header agree.", "헤더의 길이, 버전, 체크섬이 맞습니다.")],
      );
    default:
      return null;
  }
};

const noSock: Explainer = (c) =>
  says(
    "No program listens for it",
    "받을 프로그램이 없음",
    [fact("protocol", "프로토콜", c.d.a), fact("port", "포트", c.d.b)],
    [
      text(
        "A program on this machine has a socket for this protocol and port.",
        "이 머신의 프로그램이 이 프로토콜과 포트의 소켓을 열어 두었습니다.",
      ),
    ],
  );

const icmp: Explainer = (c) => {
  if (c.d.reason === DropReason.ICMP_IGNORED)
    return says(
      "ICMP echo is ignored here",
      "이 머신은 ICMP echo에 답하지 않음",
      [],
      [
        text(
          "net.ipv4.icmp_echo_ignore_all is 0, and the request was not sent to a broadcast address.",
          "net.ipv4.icmp_echo_ignore_all이 0이고, 브로드캐스트로 온 요청이 아닙니다.",
        ),
      ],
    );
  if (c.d.verdict === Verdict.CONSUME && c.d.a === 8)
    return c.d.b === 1 ? says("It is answered", "답을 보냄") : says("It is not answered", "답을 보내지 않음");
  return says(`ICMP ${ICMP_TYPES[c.d.a] ?? `type ${c.d.a}`} arrived`, `ICMP ${ICMP_TYPES[c.d.a] ?? `type ${c.d.a}`} 도착`);
};

export const localExplainers: Readonly<Record<string, Explainer>> = {
  SEND: () => says("A program sent it", "프로그램이 보냄"),
  ICMP_SEND: (c) =>
    says(`An ICMP error was sent back: ${ICMP_TYPES[c.d.a] ?? c.d.a}`, `ICMP 오류를 돌려보냄: ${ICMP_TYPES[c.d.a] ?? c.d.a}`, [
      fact("code", "code", c.d.b),
    ]),
  ICMP_REPLY: () => says("The machine answers", "머신이 답함"),
  CLONE: () => says("Copied", "복사됨"),
  FRAGMENT: (c) => says("Cut into fragments", "조각으로 나뉨", [fact("offset", "위치", c.d.a), fact("length", "길이", c.d.b)]),
  IP_RCV: rcv,
  IP6_RCV: rcv,
  IP_LOCAL_DELIVER: (c) =>
    c.d.reason === DropReason.NONE
      ? says("Delivered on this machine", "이 머신에서 받음", [fact("protocol", "프로토콜", c.d.a)])
      : noSock(c),
  IP6_LOCAL_DELIVER: (c) =>
    c.d.reason === DropReason.NONE
      ? says("Delivered on this machine", "이 머신에서 받음", [fact("next header", "next header", c.d.a)])
      : noSock(c),
  IP_OUTPUT: () => says("Handed to the interface", "인터페이스로 넘김"),
  IP6_OUTPUT: () => says("Handed to the interface", "인터페이스로 넘김"),
  IP_REASSEMBLE: (c) =>
    c.d.reason === DropReason.NONE
      ? says("A fragment waits for the others", "조각이 나머지를 기다림", [fact("offset", "위치", c.d.a)])
      : says(
          "The other fragments never came",
          "나머지 조각이 오지 않음",
          [],
          [text("Every fragment arrives within 30 seconds.", "모든 조각이 30초 안에 도착합니다.")],
        ),
  ICMP_RCV: icmp,
  ICMP6_RCV: (c) =>
    c.d.reason === DropReason.ICMP_IGNORED
      ? says(
          "ICMPv6 echo is ignored here",
          "이 머신은 ICMPv6 echo에 답하지 않음",
          [],
          [
            text(
              "net.ipv6.icmp.echo_ignore_all is 0, and the request was not sent to a group.",
              "net.ipv6.icmp.echo_ignore_all이 0이고, 그룹으로 온 요청이 아닙니다.",
            ),
          ],
        )
      : says(`ICMPv6 type ${c.d.a} arrived`, `ICMPv6 type ${c.d.a} 도착`),
  NDISC_RCV: () => says("Neighbour discovery", "이웃 탐색"),
  NDISC_SEND: () => says("Asks who has the address", "누가 그 주소를 가졌는지 물음"),
  MLD_SEND: () => says("Tells which multicast groups it listens to", "듣고 있는 멀티캐스트 그룹을 알림"),
  IGMP_SEND: () => says("Tells which multicast groups it listens to", "듣고 있는 멀티캐스트 그룹을 알림"),
  SOCK: (c) =>
    c.d.reason === DropReason.SOCKET_RCVBUFF
      ? says(
          "The program's receive buffer is full",
          "프로그램의 수신 버퍼가 가득 참",
          [],
          [text("The program reads faster.", "프로그램이 더 빨리 읽습니다.")],
        )
      : says("A program received it", "프로그램이 받음"),
  NO_SOCK: noSock,
  PACKET_TAP: () => says("A capture took it", "캡처 프로그램이 가져감"),
  REDIRECT: () => says("The sender was told of a shorter way", "보낸 쪽에 더 짧은 길을 알림"),
};

/** Explanations of devices, cables, bridges and neighbours. */
import type { LoopInfo } from "../../net/dev/bridge/types.ts";
import { DropReason } from "../reasons.ts";
import { Verdict } from "../recorder.ts";
import { devName, fact, josa, says, text, type Explainer } from "./sentence.ts";

const NUD: Readonly<Record<number, string>> = {
  0: "NONE",
  1: "INCOMPLETE",
  2: "REACHABLE",
  4: "STALE",
  8: "DELAY",
  16: "PROBE",
  32: "FAILED",
  64: "NOARP",
  128: "PERMANENT",
};

const xmit: Explainer = (c) => {
  const dev = devName(c, c.d.a);
  return says(`Sent by ${dev}`, `${dev}에서 보냄`, [fact("length", "길이", c.d.b)]);
};

const txDrop: Explainer = (c) => {
  const dev = devName(c, c.d.a);
  switch (c.d.reason) {
    case DropReason.CABLE_UNPLUGGED:
      return says(
        `No cable in ${dev}`,
        `${dev}에 케이블이 없음`,
        [],
        [
          text(
            `A cable is plugged into ${dev} and into the machine at its other end.`,
            `${dev}에 케이블이 꽂혀 있고 반대쪽 끝도 꽂혀 있습니다.`,
          ),
        ],
      );
    case DropReason.CABLE_LOSS:
      return says("Lost on the cable", "케이블에서 사라짐", [], [text("The cable loses no packets.", "케이블이 패킷을 잃지 않습니다.")]);
    case DropReason.LINK_DOWN:
      return says(
        `The other end of ${dev} is down`,
        `${dev}의 반대쪽 끝이 내려가 있음`,
        [],
        [text("The interface at the other end is up.", "반대쪽 끝의 인터페이스가 올라와 있습니다.")],
      );
    case DropReason.RECURSION_LIMIT:
      return says(
        "Too many devices inside one another",
        "장치가 너무 많이 겹침",
        [],
        [text("A tunnel does not lead into itself.", "터널이 자기 자신을 지나지 않습니다.")],
      );
    case DropReason.FULL_RING:
    case DropReason.QDISC_DROP:
      return says(
        `The queue of ${dev} is full`,
        `${dev}의 대기열이 가득 참`,
        [],
        [text("Packets come more slowly, or the link is faster.", "패킷이 더 천천히 오거나 링크가 더 빠릅니다.")],
      );
    case DropReason.NONE:
      return says(`Taken by ${dev}`, `${dev}에서 받아들임`);
    default:
      return says(
        `${dev} is down`,
        `${josa(dev, ["이", "가"])} 내려가 있음`,
        [],
        [text(`${dev} is up.`, `${josa(dev, ["이", "가"])} 올라와 있습니다.`)],
      );
  }
};

const rx: Explainer = (c) => {
  const dev = devName(c, c.d.a);
  switch (c.d.reason) {
    case DropReason.NONE:
      return says(`Received by ${dev}`, `${dev}에서 받음`, [fact("length", "길이", c.d.b)]);
    case DropReason.OTHERHOST:
      return says(
        "For another machine's MAC address",
        "다른 머신의 MAC 주소로 온 것",
        [],
        [text(`The frame's destination is the MAC address of ${dev}.`, `프레임의 목적지가 ${dev}의 MAC 주소입니다.`)],
      );
    case DropReason.UNHANDLED_PROTO:
      return says(
        "Nothing here takes this kind of packet",
        "이 종류의 패킷을 받는 곳이 없음",
        [],
        [text("A protocol or a master device is there to take it.", "이 패킷을 받을 프로토콜이나 master 장치가 있습니다.")],
      );
    default:
      return txDrop(c);
  }
};

const tun: Explainer = (c) => {
  const dev = devName(c, c.d.a);
  const length = [fact("length", "길이", c.d.b)];
  switch (c.d.reason) {
    case DropReason.NONE:
      return c.d.verdict === Verdict.BIRTH
        ? says(`Written by the process that holds ${dev}`, `${josa(dev, ["을", "를"])} 잡고 있는 프로세스가 써 넣음`, length)
        : says(`Handed to the process that holds ${dev}`, `${josa(dev, ["을", "를"])} 잡고 있는 프로세스에 넘겨짐`, length);
    case DropReason.FULL_RING:
      return says(
        `The process that holds ${dev} does not read`,
        `${josa(dev, ["을", "를"])} 잡고 있는 프로세스가 읽지 않음`,
        [],
        [text("The process reads its packets, so that the queue does not fill up.", "프로세스가 패킷을 읽어 대기열이 차지 않습니다.")],
      );
    default:
      return says(
        `No process holds ${dev}`,
        `${josa(dev, ["을", "를"])} 잡고 있는 프로세스가 없음`,
        [],
        [text(`A process has ${dev} open.`, `어떤 프로세스가 ${josa(dev, ["을", "를"])} 열어 두고 있습니다.`)],
      );
  }
};

const neigh: Explainer = (c) => {
  const state = fact("neighbour state", "이웃 상태", NUD[c.d.a] ?? c.d.a);
  switch (c.d.reason) {
    case DropReason.NEIGH_FAILED:
      return says(
        "Nobody answered the question for the MAC address",
        "MAC 주소를 묻는 요청에 아무도 답하지 않음",
        [state],
        [
          text("The next hop is a machine that is there, up and on this link.", "다음 hop인 머신이 이 링크에 있고 켜져 있습니다."),
          text("The neighbour table holds its MAC address.", "이웃 테이블에 그 MAC 주소가 있습니다."),
        ],
      );
    case DropReason.NEIGH_QUEUEFULL:
      return says(
        "Too many packets wait for the MAC address",
        "MAC 주소를 기다리는 패킷이 너무 많음",
        [state, fact("waiting", "대기", c.d.b)],
        [text("The neighbour answers sooner.", "이웃이 더 빨리 답합니다.")],
      );
    case DropReason.NONE:
      return (c.d.a & 0x01) !== 0
        ? says("Waits for the next hop's MAC address", "다음 hop의 MAC 주소를 기다림", [state, fact("waiting", "대기", c.d.b)])
        : says("The next hop's MAC address is known", "다음 hop의 MAC 주소를 앎", [state]);
    default:
      return says(
        "No neighbour entry could be used",
        "쓸 수 있는 이웃 항목이 없음",
        [state],
        [text("The neighbour table has room and the device is up.", "이웃 테이블에 자리가 있고 장치가 올라와 있습니다.")],
      );
  }
};

const bridge: Explainer = (c) => {
  switch (c.d.reason) {
    case DropReason.BRIDGE_INGRESS_STP_STATE:
      return says(
        "The bridge port is blocked",
        "bridge 포트가 막혀 있음",
        [fact("port", "포트", devName(c, c.d.a))],
        [text("The port's STP state is forwarding or learning.", "포트의 STP 상태가 forwarding이나 learning입니다.")],
      );
    case DropReason.BRIDGE_NO_EGRESS_PORT:
      return says(
        "The bridge has no other port for it",
        "내보낼 다른 bridge 포트가 없음",
        [],
        [text("Another port of the bridge is up and may send it.", "bridge의 다른 포트가 올라와 있고 내보낼 수 있습니다.")],
      );
    case DropReason.BRIDGE_LOOP_LIMIT:
      return says(
        "Went round in a loop of bridges, with too many others",
        "고리를 이룬 bridge들을 너무 많은 프레임이 함께 돎",
        [fact("ports of the loop", "고리를 이루는 포트", (c.d.ref as LoopInfo | null)?.ports.join(" ") ?? "")],
        [text("One cable of the loop is out, or STP is on.", "고리의 케이블 하나가 빠져 있거나 STP가 켜져 있습니다.")],
      );
    case DropReason.BRIDGE_PORT_LOCKED:
      return says(
        "The bridge port is locked to known senders",
        "bridge 포트가 아는 보낸 쪽에만 열려 있음",
        [fact("port", "포트", devName(c, c.d.a))],
        [text("The sender has a forwarding entry on this port.", "보낸 쪽의 포워딩 항목이 이 포트에 있습니다.")],
      );
    case DropReason.BRIDGE_BPDU_GUARD:
      return says(
        "A spanning tree message on a guarded port: the port is switched off",
        "guard 포트에 스패닝 트리 메시지가 옴: 포트를 끔",
        [fact("port", "포트", devName(c, c.d.a))],
        [text("No bridge is behind a port with guard on.", "guard가 켜진 포트 뒤에 bridge가 없습니다.")],
      );
    default:
      return null;
  }
};

export const linkExplainers: Readonly<Record<string, Explainer>> = {
  XMIT: (c) => (c.d.reason === DropReason.NONE ? xmit(c) : txDrop(c)),
  TX_DROP: txDrop,
  QDISC: (c) => (c.d.reason === DropReason.NONE ? says("Queued", "대기열에 들어감", [fact("waiting", "대기", c.d.a)]) : txDrop(c)),
  RX: rx,
  TUN: tun,
  VETH: (c) => (c.d.reason === DropReason.NONE ? says("Crossed to the other end of the pair", "쌍의 반대쪽 끝으로 건너감") : txDrop(c)),
  LOOPBACK: () => says("Comes back by lo", "lo로 되돌아옴"),
  CABLE: (c) => (c.d.reason === DropReason.NONE ? says("On the cable", "케이블을 지남", [fact("queued ns", "대기 ns", c.d.b)]) : txDrop(c)),
  NEIGH: neigh,
  NEIGH_UPDATE: (c) =>
    says("The neighbour table changed", "이웃 테이블이 바뀜", [fact("state", "상태", `${NUD[c.d.a] ?? c.d.a} → ${NUD[c.d.b] ?? c.d.b}`)]),
  ARP_RCV: (c) => {
    if (c.d.reason === DropReason.NONE)
      return says(c.d.a === 2 ? "An ARP reply arrived" : "An ARP request arrived", c.d.a === 2 ? "ARP 응답이 도착함" : "ARP 요청이 도착함");
    return says(
      "This ARP packet asks for somebody else",
      "다른 머신을 찾는 ARP 패킷",
      [],
      [
        text(
          "The address asked for is one of this machine's, and arp_ignore lets it answer.",
          "묻는 주소가 이 머신의 것이고 arp_ignore가 답을 허용합니다.",
        ),
      ],
    );
  },
  ARP_SEND: (c) => says(c.d.a === 2 ? "ARP reply" : "ARP request", c.d.a === 2 ? "ARP 응답" : "ARP 요청"),
  BR_INPUT: (c) => bridge(c) ?? says(`Came in by bridge port ${devName(c, c.d.a)}`, `bridge 포트 ${devName(c, c.d.a)}로 들어옴`),
  BR_LEARN: (c) =>
    says("The bridge remembers where the sender is", "bridge가 보낸 쪽의 위치를 기억함", [fact("port", "포트", devName(c, c.d.a))]),
  BR_FDB: (c) =>
    bridge(c) ??
    (c.d.a === 0
      ? says("The bridge does not know the MAC address: to every port", "bridge가 모르는 MAC 주소: 모든 포트로 보냄")
      : says("The bridge knows the MAC address", "bridge가 아는 MAC 주소", [fact("port", "포트", devName(c, c.d.a))])),
  BR_FLOOD: (c) => bridge(c) ?? says("Copied to every port", "모든 포트로 복사함", [fact("ports", "포트 수", c.d.a)]),
  BR_FORWARD: (c) => bridge(c) ?? says(`To bridge port ${devName(c, c.d.a)}`, `bridge 포트 ${devName(c, c.d.a)}로`),
  BPDU_SEND: (c) => says(`A spanning tree message by ${devName(c, c.d.a)}`, `${devName(c, c.d.a)}로 스패닝 트리 메시지를 보냄`),
  BPDU_RCV: (c) =>
    bridge(c) ??
    (c.d.b === 1
      ? says("A neighbouring bridge reports a change", "이웃 bridge가 변화를 알림", [fact("port", "포트", devName(c, c.d.a))])
      : says("A neighbouring bridge says where the root is", "이웃 bridge가 root의 위치를 알림", [
          fact("port", "포트", devName(c, c.d.a)),
        ])),
  VLAN_RX: (c) =>
    c.d.reason === DropReason.NONE
      ? says(`Tagged for VLAN ${c.d.b}`, `VLAN ${c.d.b} 태그`, [fact("interface", "인터페이스", devName(c, c.d.a))])
      : says(
          `No interface here takes VLAN ${c.d.b}`,
          `VLAN ${c.d.b}를 받는 인터페이스가 없음`,
          [fact("VLAN", "VLAN", c.d.b)],
          [
            text(
              "A VLAN interface with this id is on the device, and is up.",
              "이 장치 위에 그 id의 VLAN 인터페이스가 있고 올라와 있습니다.",
            ),
          ],
        ),
  VLAN_XMIT: (c) => says(`Given the tag of VLAN ${c.d.b}`, `VLAN ${c.d.b} 태그를 붙임`, [fact("by", "장치", devName(c, c.d.a))]),
  BR_PASS_UP: (c) =>
    c.d.reason === DropReason.DEV_READY
      ? says(
          "The bridge is down",
          "bridge가 내려가 있음",
          [],
          [text("The bridge interface is up.", "bridge 인터페이스가 올라와 있습니다.")],
        )
      : says("For the bridge's own machine", "bridge가 있는 머신으로"),
};

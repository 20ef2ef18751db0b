/** TCP's place in the stack: a namespace's state and the world's timers. */
import { TimerKind } from "../../core/scheduler.ts";
import type { NetNs } from "../netns.ts";
import type { NetWorld } from "../world.ts";
import { twEnd } from "./done.ts";
import { reqTimer } from "./minisocks.ts";
import { tcpNsExit } from "./socket.ts";
import { TcpNs, type TcpReq, type TcpSock, type TcpTw } from "./state.ts";
import { tcpTimer } from "./timer.ts";

export function tcpRegister(net: NetWorld): void {
  net.nsInit.push((ns: NetNs) => {
    ns.tcp = new TcpNs(net.prng(`${ns.label}/tcp`));
  });
  net.nsExit.push(tcpNsExit);
  net.sched.on(TimerKind.TCP, (sk: TcpSock, which: number) => tcpTimer(sk, which));
  net.sched.on(TimerKind.TCP_REQ, (req: TcpReq) => reqTimer(req));
  net.sched.on(TimerKind.TCP_TW, (tw: TcpTw) => twEnd(tw));
}

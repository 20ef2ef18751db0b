/** What -i, -m, -o and -e add to a socket's row (tcp_stats_print, sock_details_print and tcp_timer_print of iproute2's ss). */
import type { SockDiag, TcpInfo } from "../../kernel/abi.ts";

const TIMERS = ["off", "on", "keepalive", "timewait", "persist", "unknown"] as const;

/** ms as ss prints what is left of a timer: "200ms", "1.234sec" below ten seconds, "59sec", "1min5sec" */
function timerText(ms: number): string {
  let left = ms;
  let s = "";
  const minutes = Math.floor(left / 60_000);
  if (minutes > 0) {
    s += `${minutes}min`;
    left -= minutes * 60_000;
  }
  const secs = Math.floor(left / 1000);
  let rest = left % 1000;
  if (secs > 0) {
    s += String(secs);
    if (secs > 9 || minutes > 0) rest = 0;
    s += rest > 0 ? "." : "sec";
  }
  if (rest > 0) s += secs > 0 ? `${String(rest).padStart(3, "0")}ms` : `${rest}ms`;
  return s === "" ? "0ms" : s;
}

export function timer(d: SockDiag): string {
  return d.timer === 0 ? "" : ` timer:(${TIMERS[d.timer] ?? "unknown"},${timerText(d.expires)},${d.retrans})`;
}

/** -e. `sk` is a number that stands for the socket; the two arrows are for its two directions. */
export function extended(d: SockDiag): string {
  const uid = d.uid !== 0 ? ` uid:${d.uid}` : "";
  return `${uid} ino:${d.ino} sk:${(d.ino + 1).toString(16)} cgroup:unreachable:1${d.family === 10 ? " v6only:0" : ""} <->`;
}

export function memory(d: SockDiag): string {
  const listening = d.state === 10;
  return ` skmem:(r${listening ? 0 : d.rqueue},rb${d.rcvbuf},t0,tb${d.sndbuf},f0,w${listening ? 0 : d.wqueue},o0,bl0,d0)`;
}

/** us as ms with the digits that "%g" leaves */
function ms(us: number): string {
  return String(Number((us / 1000).toPrecision(6)));
}

export function tcpInfo(d: SockDiag): string {
  const { info } = d;
  if (!info) return "";
  if (d.state === 10) return ` ${info.congestion} cwnd:${info.cwnd}`;
  const w: string[] = [];
  const some = (name: string, n: number): void => {
    if (n !== 0) w.push(`${name}:${n}`);
  };
  if (info.ts) w.push("ts");
  if (info.sack) w.push("sack");
  w.push(info.congestion);
  if (info.wscale) w.push(`wscale:${info.wscale[0]},${info.wscale[1]}`);
  some("rto", info.rto);
  if (info.rtt !== 0) w.push(`rtt:${ms(info.rtt)}/${ms(info.rttvar)}`);
  if (info.ato !== 0) w.push(`ato:${ms(info.ato)}`);
  some("mss", info.mss);
  some("pmtu", info.pmtu);
  some("rcvmss", info.rcvmss);
  some("advmss", info.advmss);
  some("cwnd", info.cwnd);
  some("ssthresh", info.ssthresh);
  some("bytes_sent", info.bytesSent);
  some("bytes_retrans", info.bytesRetrans);
  some("bytes_acked", info.bytesAcked);
  some("bytes_received", info.bytesReceived);
  some("segs_out", info.segsOut);
  some("segs_in", info.segsIn);
  some("data_segs_out", info.dataSegsOut);
  some("data_segs_in", info.dataSegsIn);
  if (info.rtt > 0) w.push(`send ${Math.floor((info.cwnd * info.mss * 8_000_000) / info.rtt)}bps`);
  some("lastsnd", info.lastsnd);
  some("lastrcv", info.lastrcv);
  some("lastack", info.lastack);
  some("delivered", info.delivered);
  tail(w, info, some);
  return ` ${w.join(" ")}`;
}

function tail(w: string[], info: TcpInfo, some: (name: string, n: number) => void): void {
  some("unacked", info.unacked);
  if (info.retrans !== 0 || info.retransTotal !== 0) w.push(`retrans:${info.retrans}/${info.retransTotal}`);
  some("lost", info.lost);
  some("sacked", info.sacked);
  some("rcv_space", info.rcvSpace);
  some("rcv_ssthresh", info.rcvSsthresh);
  if (info.minrtt !== 0) w.push(`minrtt:${ms(info.minrtt)}`);
  some("snd_wnd", info.sndWnd);
}

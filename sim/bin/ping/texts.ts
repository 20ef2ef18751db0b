/** The words of ping's lines: times, ICMP errors, statistics. Facts of iputils 20221126's output; pure functions. */

/** " time=…": three significant digits below 100 ms. `us` in microseconds. */
export function timeText(us: number): string {
  if (us >= 100_000 - 50) return ` time=${Math.floor((us + 500) / 1000)} ms`;
  if (us >= 10_000 - 5) return ` time=${Math.floor((us + 50) / 1000)}.${Math.floor(((us + 50) % 1000) / 100)} ms`;
  if (us >= 1000) return ` time=${Math.floor((us + 5) / 1000)}.${pad(Math.floor(((us + 5) % 1000) / 10), 2)} ms`;
  return ` time=${milli(us)} ms`;
}

/** Microseconds as "1.234" (milliseconds). */
export function milli(us: number): string {
  return `${Math.floor(us / 1000)}.${pad(us % 1000, 3)}`;
}

function pad(n: number, width: number): string {
  return String(n).padStart(width, "0");
}

const UNREACHABLE = [
  "Destination Net Unreachable",
  "Destination Host Unreachable",
  "Destination Protocol Unreachable",
  "Destination Port Unreachable",
  "",
  "Source Route Failed",
  "Destination Net Unknown",
  "Destination Host Unknown",
  "Source Host Isolated",
  "Destination Net Prohibited",
  "Destination Host Prohibited",
  "Destination Net Unreachable for Type of Service",
  "Destination Host Unreachable for Type of Service",
  "Packet filtered",
  "Precedence Violation",
  "Precedence Cutoff",
];
const REDIRECT = ["Redirect Network", "Redirect Host", "Redirect Type of Service and Network", "Redirect Type of Service and Host"];

/** What an ICMP message says. `info`: the MTU or pointer; `gateway`: of a redirect, printed. */
export function icmp4Text(type: number, code: number, info: number, gateway: string): string {
  switch (type) {
    case 3:
      return code === 4 ? `Frag needed and DF set (mtu = ${info})` : (UNREACHABLE[code] ?? `Dest Unreachable, Bad Code: ${code}`);
    case 4:
      return "Source Quench";
    case 5:
      return `${REDIRECT[code] ?? `Redirect, Bad Code: ${code}`}(New nexthop: ${gateway})`;
    case 11:
      return code === 0 ? "Time to live exceeded" : code === 1 ? "Frag reassembly time exceeded" : `Time exceeded, Bad Code: ${code}`;
    case 12:
      return `Parameter problem: pointer = ${info}`;
    default:
      return `Bad ICMP type: ${type}`;
  }
}

const UNREACHABLE6 = [
  "No route",
  "Administratively prohibited",
  "Beyond scope of source address",
  "Address unreachable",
  "Port unreachable",
];
const PARAMETER6 = ["Wrong header field ", "Unknown header ", "Unknown option "];

export function icmp6Text(type: number, code: number, info: number): string {
  switch (type) {
    case 1:
      return `Destination unreachable: ${UNREACHABLE6[code] ?? `Unknown code ${code}`}`;
    case 2:
      return `Packet too big: mtu=${info}${code === 0 ? "" : `, code=${code}`}`;
    case 3:
      return `Time exceeded: ${code === 0 ? "Hop limit" : code === 1 ? "Defragmentation failure" : `code ${code}`}`;
    case 4:
      return `Parameter problem: ${PARAMETER6[code] ?? `code ${code} `}at ${info}`;
    default:
      return `unknown icmp type: ${type}`;
  }
}

/** printf("%g") for a percentage: six significant digits without trailing zeros. */
export function percent(lost: number, sent: number): string {
  const p = Math.fround((lost * 100) / sent);
  const text = p.toPrecision(6);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** The whole square root, as the real one's integer search finds it. */
export function isqrt(n: number): number {
  if (n <= 0) return 0;
  let x = Math.floor(Math.sqrt(n));
  while (x * x > n) x--;
  while ((x + 1) * (x + 1) <= n) x++;
  return x;
}

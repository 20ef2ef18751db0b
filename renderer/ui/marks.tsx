/** Small things that mean something: machine badges, state marks, the line with stops, levels, key caps. */
import type { JSX, ReactNode } from "react";
import { tintOf, useLab } from "../state/lab.ts";
import type { StopsView } from "../state/ui.ts";
import { Icon, type IconName } from "./Icon.tsx";

export function Badge({ text, tint }: { readonly text: string; readonly tint: number }): JSX.Element {
  return <span className={`m m${tint}`}>{text}</span>;
}

/** The badge of a machine of the world shown now; its initials where it is not in it. */
export function MachineBadge({ name }: { readonly name: string }): JSX.Element {
  const topology = useLab((s) => s.topology);
  const badge = topology?.machines.find((m) => m.name === name)?.badge ?? name.slice(0, 2).toUpperCase();
  return <Badge text={badge} tint={tintOf(topology, name)} />;
}

export type Mark = "ok" | "bad" | "wait" | "look" | "idle" | "lock";
const MARKS: Record<Mark, IconName> = { ok: "check", bad: "cross", wait: "clock", look: "warn", idle: "dashed", lock: "lock" };
const COLOURS: Record<Mark, string> = { ok: "ok", bad: "bad", wait: "wait", look: "wait", idle: "idle", lock: "idle" };

/** A result: shape, colour and, where children are given, the word. */
export function State({
  mark,
  children,
  size = 14,
}: {
  readonly mark: Mark;
  readonly children?: ReactNode;
  readonly size?: number;
}): JSX.Element {
  return (
    <span className={`st ${COLOURS[mark]}`}>
      <Icon name={MARKS[mark]} size={size} />
      {children}
    </span>
  );
}

export function Stops({ stops, label }: { readonly stops: StopsView["stops"]; readonly label: string }): JSX.Element | null {
  if (stops.length === 0) return null;
  return (
    <span className="stops" role="img" aria-label={label}>
      {stops.map((stop) => (
        <i key={stop.id} className={stop.state === "done" ? "done" : stop.state === "now" ? "now" : undefined} />
      ))}
    </span>
  );
}

export function Level({ level, label }: { readonly level: number; readonly label: string }): JSX.Element {
  return (
    <span className="lv" role="img" aria-label={label}>
      {[1, 2, 3].map((n) => (
        <i key={n} className={n <= level ? "f" : undefined} />
      ))}
    </span>
  );
}

/** Shape of a protocol: circle ICMP, diamond ARP, square TCP, triangle UDP. Hollow: a reply. */
export function ProtocolShape({ protocol, reply = false }: { readonly protocol: string; readonly reply?: boolean }): JSX.Element {
  const token = TOKENS[protocol] ?? "tcp";
  const style = reply ? { fill: "none", stroke: `var(--p-${token})`, strokeWidth: 2 } : { fill: `var(--p-${token})`, stroke: "none" };
  return (
    <svg className="shape" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      <path d={SHAPES[protocol] ?? SHAPES["TCP"]} style={style} />
    </svg>
  );
}
export const TOKENS: Readonly<Record<string, string>> = {
  ICMP: "icmp",
  ICMPv6: "icmp",
  ARP: "arp",
  TCP: "tcp",
  UDP: "udp",
  IPv6: "tun",
  Other: "tcp",
};
export const SHAPES: Readonly<Record<string, string>> = {
  ICMP: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z",
  ICMPv6: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z",
  ARP: "M8 1.8 14.2 8 8 14.2 1.8 8z",
  TCP: "M4.6 2.8h6.8a1.8 1.8 0 0 1 1.8 1.8v6.8a1.8 1.8 0 0 1-1.8 1.8H4.6a1.8 1.8 0 0 1-1.8-1.8V4.6a1.8 1.8 0 0 1 1.8-1.8z",
  UDP: "M8 2.3 14.3 13.2H1.7z",
};

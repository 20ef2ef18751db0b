/**
 * Packets moving along their links. Positions are written straight to the drawing once a frame; React only knows which
 * packets there are. With reduced motion a packet stands in the middle of each link for the time of a hop.
 */
import { useEffect, useRef, useState, type JSX } from "react";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { openJourney } from "../journey/open.ts";
import { onPackets } from "../state/world.ts";
import { SHAPES, TOKENS } from "../ui/marks.tsx";
import { useReducedMotion } from "../ui/hooks.ts";
import { along, lengthOf, pathData, vethId, type Link, type Picture, type Point } from "./layout.ts";
import { Player, type Played } from "./player.ts";

const HOP = 600;
const LINGER = 500;
const LABEL_ROOM = 104;

interface Stopped {
  readonly event: Played["event"];
  readonly at: Point;
}

/** The way of an event over the picture: its link's line, turned so that it begins where the packet came from. */
function way(layout: Picture, event: Played["event"]): readonly Point[] | null {
  const link = layout.links.find((l) => l.id === event.link) ?? layout.links.find((l) => l.cable === null && endsAt(layout, l, event.link));
  if (!link) return null;
  const forward = link.a.machine === event.from.machine && link.a.name === event.from.name;
  return forward ? link.points : [...link.points].reverse();
}

/** The part of the link that lies behind, beside the cable, up to the ring; in coordinates of the packet. */
function trail(path: readonly Point[], part: number, x: number, y: number): string {
  const points = [0, 0.25, 0.5, 0.75, 1].map((f) => along(path, f * part));
  const ahead = along(path, part + 0.01);
  const across = Math.abs(ahead.y - y) < 1;
  const shown = points.filter((p) => Math.hypot(p.x - x, p.y - y) > 20);
  return shown.length < 2 ? "" : pathData(shown.map((p) => (across ? { x: p.x - x, y: p.y - y - 9 } : { x: p.x - x + 9, y: p.y - y })));
}

/** Where the label of the packet in hand stands: in the middle of its network, so that it hides no machine's text. */
function anchorOf(layout: Picture, event: Played["event"], path: readonly Point[]): Point {
  const ends = layout.machines.filter((m) => m.view.name === event.from.machine || m.view.name === event.to.machine);
  const bar = ends.find((m) => m.view.kind === "switch");
  const middle = along(path, 0.5);
  if (bar) return { x: bar.x + bar.w / 2, y: middle.y };
  // no room between the two: over them
  return lengthOf(path) < LABEL_ROOM ? { x: middle.x, y: Math.min(...ends.map((m) => m.y)) + 28 } : middle;
}

/** A veth pair is drawn once and may be named by its other end. */
function endsAt(layout: Picture, link: Link, id: string): boolean {
  const last = link.points.at(-1);
  return layout.machines.some((m) => m.plates.some((p) => vethId(p) === id && p.socket.x === last?.x && p.socket.y === last.y));
}

export function PacketLayer({ layout }: { readonly layout: Picture }): JSX.Element {
  const t = useT();
  const still = useReducedMotion();
  const [played, setPlayed] = useState<readonly Played[]>([]);
  const [stopped, setStopped] = useState<Stopped | null>(null);
  const [busy, setBusy] = useState<ReadonlyMap<string, number>>(new Map());
  const groups = useRef(new Map<number, SVGGElement>());
  const player = useRef(new Player());
  const hand = useUi((s) => s.hand);
  /** the packet that is drawn moving now, newest first; it has the ring while no other was chosen */
  const [shown, setShown] = useState<number | null>(null);
  const current = useRef({ layout, played });
  useEffect(() => {
    current.current = { layout, played };
  }, [layout, played]);

  useEffect(
    () =>
      onPackets((events) => {
        const now = performance.now();
        const speed = Math.max(1, useLab.getState().clock.speed);
        const next = player.current.add(events, now, HOP / speed);
        setPlayed((list) => [...list.filter((p) => p.until + LINGER > now), ...next]);
        const rates = new Map(
          current.current.layout.links.map((l) => [l.id, player.current.rate(l.id, now)] as const).filter(([, n]) => n > 0),
        );
        setBusy((before) => (before.size === 0 && rates.size === 0 ? before : rates));
      }),
    [],
  );

  // a new command takes the last stop away
  const busyNow = useLab((s) => Object.values(s.terminals).filter((v) => v.busy !== null).length);
  const busyBefore = useRef(busyNow);
  useEffect(() => {
    if (busyNow > busyBefore.current) setStopped(null);
    busyBefore.current = busyNow;
  }, [busyNow]);

  const running = played.length > 0 || busy.size > 0;
  useEffect(() => {
    if (!running) return;
    let frame = 0;
    const draw = (): void => {
      const now = performance.now();
      let over = false;
      const seen = current.current.played.findLast((p) => !isHousekeeping(p.event) && p.from <= now && p.until > now);
      if (seen) setShown(seen.event.packet);
      for (const p of current.current.played) {
        const path = way(current.current.layout, p.event);
        const group = groups.current.get(p.id);
        if (!path || !group) {
          over ||= now > p.until + LINGER;
          continue;
        }
        const length = p.until - p.from;
        const part = still ? 0.5 : length <= 0 ? 1 : (now - p.from) / length;
        const lost = p.event.fate === "lost";
        const { x, y } = along(path, lost ? Math.min(part, 0.94) : part);
        group.setAttribute("transform", `translate(${x} ${y})`);
        const label = group.querySelector<SVGGElement>(".hand-group");
        if (label) {
          const anchor = anchorOf(current.current.layout, p.event, path);
          const [dx, dy] = [anchor.x - x, anchor.y - y];
          label.setAttribute("transform", `translate(${dx} ${dy})`);
          label.querySelector(".hand-line")?.setAttribute("d", `M0-34L${-dx} ${-dy - 15}`);
        }
        group.querySelector(".trail")?.setAttribute("d", trail(path, part, x, y));
        group.setAttribute("visibility", now < p.from || (now > p.until + 40 && !(still && now < p.until + LINGER)) ? "hidden" : "visible");
        if (lost && now >= p.until) setStopped((s) => (s?.event === p.event ? s : { event: p.event, at: along(path, 0.94) }));
        over ||= now > p.until + LINGER;
      }
      if (over) setPlayed((list) => list.filter((p) => p.until + LINGER > now));
      setBusy((before) => {
        if (before.size === 0) return before;
        const rates = new Map([...before.keys()].map((id) => [id, player.current.rate(id, now)] as const).filter(([, n]) => n > 0));
        return rates.size === before.size ? before : rates;
      });
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [running, still]);

  const inHand = hand ?? shown;

  return (
    <g className="packets">
      {[...busy].map(([id, rate]) => {
        const link = layout.links.find((l) => l.id === id);
        return (
          link && (
            <g key={id}>
              <path className="flow" d={pathData(link.points)} />
              <text className="sm rate" x={link.label.x} y={link.label.y - 46} textAnchor="middle">
                {t("net.rate", { n: rate })}
              </text>
            </g>
          )
        );
      })}
      {played.map((p) => (
        <g
          key={p.id}
          ref={(element) => {
            if (element) groups.current.set(p.id, element);
            else groups.current.delete(p.id);
          }}
          visibility="hidden"
          className="packet"
          onClick={() => void openJourney(p.event.packet)}
        >
          <PacketMark event={p.event} hand={p.event.packet === inHand} />
        </g>
      ))}
      {stopped && (
        <g
          className="stopped"
          transform={`translate(${stopped.at.x} ${stopped.at.y})`}
          onClick={() => void openJourney(stopped.event.packet)}
        >
          <path className="octagon" d="M-7.5-18h15l10.5 10.5v15l-10.5 10.5h-15l-10.5-10.5v-15z" />
          <path
            d={SHAPES[stopped.event.protocol] ?? SHAPES["TCP"]}
            transform="translate(-8 -8)"
            style={{ fill: `var(--p-${TOKENS[stopped.event.protocol] ?? "tcp"})` }}
          />
          <path className="bad" d="M-10 10 10-10" />
          <text className="stoptext" y="-26" textAnchor="middle">
            {t("net.droppedHere")}
          </text>
        </g>
      )}
    </g>
  );
}

function PacketMark({ event, hand }: { readonly event: Played["event"]; readonly hand: boolean }): JSX.Element {
  const token = `var(--p-${TOKENS[event.protocol] ?? "tcp"})`;
  const shape = SHAPES[event.protocol] ?? SHAPES["TCP"];
  const style = event.reply ? { fill: "var(--surface)", stroke: token, strokeWidth: 2.2 } : { fill: token };
  const [first, rest] = splitInfo(event.info);
  const width = Math.max(first.length * 7.2, rest.length * 6.1) + 18;
  return (
    <>
      {hand && (
        <>
          <g className="hand-group">
            <path className="hand-line" d="M0-34V-15" />
            <rect className="hand-label" x={-width / 2} y="-78" width={width} height="44" rx="6" />
            <text className="hand-title" y="-60" textAnchor="middle">
              {first}
            </text>
            <text className="ad" y="-43" textAnchor="middle">
              {rest || event.protocol}
            </text>
          </g>
          <path className="trail" />
          <circle className="hand" r="15" />
        </>
      )}
      <path d={shape} transform="translate(-8 -8)" style={style} />
      {event.error && <path className="bad" d="M-8 8 8-8" />}
    </>
  );
}

/** Packets the machines send of themselves; none of them takes the ring while another is there to follow. */
const isHousekeeping = (event: Played["event"]): boolean =>
  event.protocol === "ARP" || (event.protocol === "ICMPv6" && /^(router|neighbo|multicast)/i.test(event.info));

/** "echo request seq 3 ttl 63" → the name, and what changes on the way. */
function splitInfo(info: string): [string, string] {
  const cut = /\s(seq|id|ttl|hop limit|who-has|is-at|flags|len)/i.exec(info);
  return cut ? [info.slice(0, cut.index), info.slice(cut.index + 1)] : [info, ""];
}

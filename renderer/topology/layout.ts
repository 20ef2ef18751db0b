/**
 * Where everything in the network picture stands, from the world's topology and the width there is. Pure arithmetic, px
 * at 100 %. The author's x and y give columns and rows; gaps between columns give way down to what a cable's label
 * needs, never the text. Machines of one row stand so that their first sockets are level.
 */
import type { CableView, InterfaceView, MachineView, NamespaceView, TopologyView } from "../../sim/session/protocol.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Plate extends Point {
  readonly w: number;
  readonly h: number;
  readonly machine: string;
  readonly namespace: string;
  readonly iface: InterfaceView;
  readonly addresses: readonly string[];
  readonly side: "left" | "right";
  readonly socket: Point;
  /** where the text starts */
  readonly textX: number;
  /** a switch's port: cables end on the bar, nothing else is drawn */
  readonly bare: boolean;
}
export interface NamespaceBox extends Point {
  readonly w: number;
  readonly h: number;
  readonly name: string;
}
export interface BridgeBar extends Point {
  readonly h: number;
  readonly name: string;
  /** y of each port's line */
  readonly ports: readonly number[];
}
export interface MachineBox extends Point {
  readonly w: number;
  readonly h: number;
  readonly view: MachineView;
  readonly plates: readonly Plate[];
  readonly namespaces: readonly NamespaceBox[];
  readonly bars: readonly BridgeBar[];
  /** dotted lines between sockets, along which packets pass through */
  readonly through: readonly (readonly [Point, Point])[];
  /** where ip_forward stands: beside the name, beside the routes, or nowhere (one NIC forwards nothing) */
  readonly facts: "head" | "foot" | "none";
  /** a switch is a bar: its name above, the range of its network below */
  readonly range: string;
}
export interface Link {
  /** as PacketEvent.link names it */
  readonly id: string;
  readonly cable: CableView | null;
  readonly points: readonly Point[];
  readonly label: Point;
  readonly a: { readonly machine: string; readonly name: string };
}
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly machines: readonly MachineBox[];
  readonly links: readonly Link[];
  /** is there room for the ranges of cables? */
  readonly labelled: boolean;
}

const MONO = 6.05; // one cell of 12 px D2Coding
const MARGIN = 12;
const TOP = 8;
const HEADER = 44;
const FOOTER = 32;
const INSET = 12;
const PAIR_SHIFT = 62;
const MIN_GAP = 112;
const MAX_GAP = 190;
const MIN_SWITCH_GAP = 46;
const MAX_SWITCH_GAP = 96;
const TIGHT_SWITCH_GAP = 26;
const TIGHT_GAP = 56;
/** "2 routes · ip_forward 1" */
const FOOT_FACTS = 162;
const TIGHT_SHIFT = 16;
const ROW_GAP = 44;
const BAR = 14;
const COLUMN_NEAR = 60;
const ROW_NEAR = 110;

/** Addresses drawn on a plate: no link-local IPv6, at most two. The table has them all. */
export const drawnAddresses = (iface: InterfaceView): string[] =>
  iface.addresses.filter((a) => !a.startsWith("fe80:") && a !== "::1/128").slice(0, 2);

const stateWidth = (iface: InterfaceView): number => (iface.name.length + 2) * MONO + (iface.state === "down" ? 34 : 18);
const plateWidth = (iface: InterfaceView): number =>
  Math.max(stateWidth(iface), iface.state === "no-carrier" ? 84 : 0, ...drawnAddresses(iface).map((a) => a.length * MONO), 70) + 34;
const plateHeight = (iface: InterfaceView): number => 8 + 20 * Math.max(2, 1 + drawnAddresses(iface).length);

const isNic = (iface: InterfaceView): boolean => iface.kind === "nic";
const isDrawn = (iface: InterfaceView): boolean => iface.kind !== "loopback";

/** Places along one axis grouped into lines: nearly equal values are one line. Author units may be px or grid steps. */
function lines(values: readonly number[], px: number): Map<number, number> {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  const near = range > 12 ? px : 0.4;
  const line = new Map<number, number>();
  let index = -1;
  let start = -Infinity;
  for (const value of sorted) {
    if (value - start > near) {
      index++;
      start = value;
    }
    line.set(value, index);
  }
  return line;
}

interface Draft {
  readonly view: MachineView;
  readonly col: number;
  readonly row: number;
  readonly box: Omit<MachineBox, "x" | "y">;
  /** y of the first socket in the box */
  readonly axis: number;
}

/** The picture as wide as it likes where there is room, else drawn tight: less between machines, facts on one line. */
export function layout(topology: TopologyView, available: number): Picture {
  const wide = arrange(topology, available, false);
  if (wide.width <= available) return wide;
  const tight = arrange(topology, available, true);
  // where it has to be panned anyway, nothing need be left out
  return tight.width <= available ? tight : wide;
}

function arrange(topology: TopologyView, available: number, tight: boolean): Picture {
  const xs = lines(
    topology.machines.map((m) => m.x),
    COLUMN_NEAR,
  );
  const ys = lines(
    topology.machines.map((m) => m.y),
    ROW_NEAR,
  );
  const column = new Map(topology.machines.map((m) => [m.name, xs.get(m.x) ?? 0]));
  const drafts = topology.machines.map((view) => {
    const at = [view, xs.get(view.x) ?? 0, ys.get(view.y) ?? 0, sides(view, topology, column)] as const;
    return view.kind === "switch" ? switchDraft(...at, tight ? "" : rangeAt(view.name, topology)) : draft(...at, tight);
  });

  const cols = Math.max(0, ...drafts.map((d) => d.col + 1));
  const rows = Math.max(0, ...drafts.map((d) => d.row + 1));
  const colWidth = Array.from({ length: cols }, (_, c) => Math.max(0, ...drafts.filter((d) => d.col === c).map((d) => d.box.w)));
  const above = Array.from({ length: rows }, (_, r) => Math.max(0, ...drafts.filter((d) => d.row === r).map((d) => d.axis)));
  const below = Array.from({ length: rows }, (_, r) => Math.max(0, ...drafts.filter((d) => d.row === r).map((d) => d.box.h - d.axis)));

  const boxes = colWidth.reduce((a, b) => a + b, 0);
  const gaps = columnGaps(drafts, cols, available - boxes - 2 * MARGIN, tight);
  const used = boxes + gaps.reduce((a, b) => a + b, 0) + 2 * MARGIN;
  const width = Math.max(used, available);
  let x = (width - used) / 2 + MARGIN;
  const colX = colWidth.map((w, c) => {
    const at = x;
    x += w + (gaps[c] ?? 0);
    return at;
  });
  let y = TOP;
  const axisY = above.map((up, r) => {
    const at = y + up;
    y = at + (below[r] ?? 0) + ROW_GAP;
    return at;
  });

  const machines = drafts.map((d): MachineBox => {
    const left = (colX[d.col] ?? 0) + ((colWidth[d.col] ?? 0) - d.box.w) / 2;
    return shift(d.box, left, (axisY[d.row] ?? 0) - d.axis);
  });
  return {
    width,
    height: Math.max(0, y - ROW_GAP + TOP),
    machines,
    links: [...cables(topology, machines), ...veths(machines)],
    labelled: !tight,
  };
}

/** Gaps between columns: what their cables' labels need, and a fair share of the room that is left. */
function columnGaps(drafts: readonly Draft[], cols: number, room: number, tight: boolean): number[] {
  const besideSwitch = tight ? TIGHT_SWITCH_GAP : MIN_SWITCH_GAP;
  const isBar = (c: number): boolean => drafts.filter((d) => d.col === c).every((d) => d.view.kind === "switch");
  const limits = Array.from({ length: Math.max(0, cols - 1) }, (_, c) =>
    isBar(c) || isBar(c + 1) ? ([besideSwitch, MAX_SWITCH_GAP] as const) : ([tight ? TIGHT_GAP : MIN_GAP, MAX_GAP] as const),
  );
  const spare = Math.max(0, room - limits.reduce((sum, [least]) => sum + least, 0)) / Math.max(1, limits.length);
  return limits.map(([least, most]) => Math.min(most, least + spare));
}

/** The range of a switch's network: that of any of its cables. */
const rangeAt = (name: string, topology: TopologyView): string =>
  topology.cables.find((c) => c.label !== "" && c.ends.some((e) => e.machine === name))?.label ?? "";

/** A switch: an upright bar, its ports spread along the side their cables come from. */
function switchDraft(view: MachineView, col: number, row: number, side: ReadonlyMap<string, "left" | "right">, range: string): Draft {
  const ports = (view.namespaces[0]?.interfaces ?? []).filter((i) => side.has(i.name));
  const count = { left: 0, right: 0 };
  const step = 28;
  const plates = ports.map((iface): Plate => {
    const at = side.get(iface.name) ?? "right";
    const y = 36 + count[at]++ * step;
    const x = at === "left" ? 0 : BAR;
    return { machine: view.name, namespace: "", iface, addresses: [], side: at, x, y, w: 0, h: 0, socket: { x, y }, textX: x, bare: true };
  });
  const h = 72 + step * Math.max(0, Math.max(count.left, count.right) - 1);
  return { view, col, row, axis: 36, box: { w: BAR, h, view, plates, namespaces: [], bars: [], through: [], facts: "none", range } };
}

/** On which side of its machine each interface's socket stands: towards the other end of its cable. */
function sides(view: MachineView, topology: TopologyView, column: ReadonlyMap<string, number>): Map<string, "left" | "right"> {
  const own = column.get(view.name) ?? 0;
  const side = new Map<string, "left" | "right">();
  for (const cable of topology.cables) {
    const at = cable.ends.findIndex((end) => end.machine === view.name);
    const [near, far] = at === 0 ? cable.ends : [cable.ends[1], cable.ends[0]];
    if (at < 0) continue;
    side.set(near.name, (column.get(far.machine) ?? 0) < own ? "left" : "right");
  }
  return side;
}

function draft(view: MachineView, col: number, row: number, side: ReadonlyMap<string, "left" | "right">, tight: boolean): Draft {
  const root = view.namespaces.find((ns) => ns.name === "");
  const nics = (root?.interfaces ?? []).filter(isNic);
  const left = nics.filter((n) => side.get(n.name) === "left");
  const right = nics.filter((n) => side.get(n.name) !== "left");
  const pairs = Math.min(left.length, right.length);
  const facts = nics.length <= 1 ? "none" : tight ? "foot" : "head";
  const inner = innerPart(view, root);

  const widest = Math.max(0, ...nics.map(plateWidth));
  const header = 48 + view.name.length * 8.4 + (facts === "head" ? 100 : 16);
  const w = Math.ceil(
    Math.max(
      facts === "foot" ? FOOT_FACTS : 150,
      widest + (pairs === 0 ? INSET : tight ? TIGHT_SHIFT : PAIR_SHIFT),
      header,
      inner.w > 0 ? inner.w + 2 * INSET : 0,
    ),
  );

  const plates: Plate[] = [];
  const through: [Point, Point][] = [];
  let y = HEADER;
  let axis = 0;
  const place = (iface: InterfaceView, at: "left" | "right", top: number, socketY: number, paired: boolean): void => {
    const pw = paired ? plateWidth(iface) : w - INSET;
    const x = at === "left" ? 0 : w - pw;
    plates.push({
      machine: view.name,
      namespace: "",
      iface,
      addresses: drawnAddresses(iface),
      side: at,
      x,
      y: top,
      w: pw,
      h: plateHeight(iface),
      socket: { x: at === "left" ? 0 : w, y: socketY },
      textX: at === "left" ? x + 18 : x + 12,
      bare: false,
    });
    axis ||= socketY;
  };
  for (let i = 0; i < pairs; i++) {
    const [l, r] = [left[i], right[i]] as [InterfaceView, InterfaceView];
    const middle = y + plateHeight(l) + 6;
    place(l, "left", y, middle, true);
    place(r, "right", middle + 6, middle, true);
    through.push([
      { x: 0, y: middle },
      { x: w, y: middle },
    ]);
    y = middle + 6 + plateHeight(r) + 10;
  }
  for (const iface of [...left.slice(pairs), ...right.slice(pairs)]) {
    const h = plateHeight(iface);
    place(iface, left.includes(iface) ? "left" : "right", y, y + h / 2, false);
    y += h + 8;
  }
  const placed = moveInner(inner, INSET, y);
  if (inner.h > 0) y += inner.h + 8;
  const h = Math.ceil(y - (nics.length + inner.h > 0 ? 8 : 0) + FOOTER);
  return {
    view,
    col,
    row,
    axis: axis || h / 2,
    box: { w, h, view, plates: [...plates, ...placed.plates], namespaces: placed.namespaces, bars: placed.bars, through, facts, range: "" },
  };
}

interface Inner {
  readonly w: number;
  readonly h: number;
  readonly plates: readonly Plate[];
  readonly namespaces: readonly NamespaceBox[];
  readonly bars: readonly BridgeBar[];
}

/** What stands inside a machine: its own virtual interfaces on the left, its further namespaces on the right. */
function innerPart(view: MachineView, root: NamespaceView | undefined): Inner {
  const own = (root?.interfaces ?? []).filter((i) => isDrawn(i) && !isNic(i));
  const bridges = own.filter((i) => i.kind === "bridge");
  const further = view.namespaces.filter((ns) => ns.name !== "");
  if (own.length === 0 && further.length === 0) return { w: 0, h: 0, plates: [], namespaces: [], bars: [] };
  const barRoom = bridges.length > 0 ? 26 : 0;
  const leftW = Math.max(0, ...own.map(plateWidth));
  const rightX = own.length > 0 ? barRoom + leftW + 64 : 0;
  const rightW = Math.max(
    0,
    ...further.map((ns) => Math.max(60 + ns.name.length * 8, ...ns.interfaces.filter(isDrawn).map((i) => plateWidth(i) + 12))),
  );

  const plates: Plate[] = [];
  const bars: BridgeBar[] = [];
  // a bridge first, then its ports, then the rest
  const ordered = [
    ...bridges.flatMap((b) => [b, ...own.filter((i) => i.master === b.name)]),
    ...own.filter((i) => i.kind !== "bridge" && !bridges.some((b) => b.name === i.master)),
  ];
  let y = 0;
  for (const iface of ordered) {
    const h = plateHeight(iface);
    plates.push({
      machine: view.name,
      namespace: "",
      iface,
      addresses: drawnAddresses(iface),
      side: "right",
      x: barRoom,
      y,
      w: leftW,
      h,
      socket: { x: barRoom + leftW, y: y + h / 2 },
      textX: barRoom + 12,
      bare: false,
    });
    y += h + 8;
  }
  for (const bridge of bridges) {
    const members = plates.filter((p) => p.iface.name === bridge.name || p.iface.master === bridge.name);
    const top = members[0]?.y ?? 0;
    const last = members.at(-1);
    bars.push({
      x: 4,
      y: top,
      h: (last ? last.y + last.h : top) - top,
      name: bridge.name,
      ports: members.filter((p) => p.iface.name !== bridge.name).map((p) => p.y + p.h / 2),
    });
  }
  const namespaces: NamespaceBox[] = [];
  let ny = 0;
  for (const ns of further) {
    let py = ny + 32;
    for (const iface of ns.interfaces.filter(isDrawn)) {
      const h = plateHeight(iface);
      plates.push({
        machine: view.name,
        namespace: ns.name,
        iface,
        addresses: drawnAddresses(iface),
        side: "left",
        x: rightX,
        y: py,
        w: rightW - 12,
        h,
        socket: { x: rightX, y: py + h / 2 },
        textX: rightX + 18,
        bare: false,
      });
      py += h + 8;
    }
    namespaces.push({ name: ns.name, x: rightX, y: ny, w: rightW, h: py - ny + 4 });
    ny = py + 14;
  }
  return { w: rightX + rightW, h: Math.max(y, ny), plates, namespaces, bars };
}

function moveInner(inner: Inner, dx: number, dy: number): Inner {
  return {
    ...inner,
    plates: inner.plates.map((p) => movePlate(p, dx, dy)),
    namespaces: inner.namespaces.map((n) => ({ ...n, x: n.x + dx, y: n.y + dy })),
    bars: inner.bars.map((b) => ({ ...b, x: b.x + dx, y: b.y + dy, ports: b.ports.map((p) => p + dy) })),
  };
}

const movePlate = (p: Plate, dx: number, dy: number): Plate => ({
  ...p,
  x: p.x + dx,
  y: p.y + dy,
  textX: p.textX + dx,
  socket: { x: p.socket.x + dx, y: p.socket.y + dy },
});

function shift(box: Omit<MachineBox, "x" | "y">, dx: number, dy: number): MachineBox {
  const inner = moveInner({ w: 0, h: 0, plates: box.plates, namespaces: box.namespaces, bars: box.bars }, dx, dy);
  const move = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy });
  return {
    ...box,
    x: dx,
    y: dy,
    plates: inner.plates,
    namespaces: inner.namespaces,
    bars: inner.bars,
    through: box.through.map(([a, b]) => [move(a), move(b)] as const),
  };
}

const plateOf = (machines: readonly MachineBox[], machine: string, namespace: string, name: string): Plate | undefined =>
  machines.find((m) => m.view.name === machine)?.plates.find((p) => p.namespace === namespace && p.iface.name === name);

function cables(topology: TopologyView, machines: readonly MachineBox[]): Link[] {
  const found: Link[] = [];
  for (const cable of topology.cables) {
    const [a, b] = cable.ends.map(
      (end) =>
        plateOf(machines, end.machine, "", end.name) ??
        machines.find((m) => m.view.name === end.machine)?.plates.find((p) => p.iface.name === end.name),
    );
    if (!a || !b) continue;
    found.push(link(cable.id, cable, a, b));
  }
  return found;
}

/** Veth pairs with both ends in the picture, once each; PacketEvent names them by either end. */
function veths(machines: readonly MachineBox[]): Link[] {
  const found: Link[] = [];
  for (const box of machines) {
    for (const plate of box.plates) {
      const { peer } = plate.iface;
      if (!peer) continue;
      const other = plateOf(machines, peer.machine, peer.namespace, peer.name);
      const id = vethId(plate);
      if (other && !found.some((l) => l.id === vethId(other))) found.push(link(id, null, plate, other));
    }
  }
  return found;
}
export const vethId = (plate: Pick<Plate, "machine" | "namespace" | "iface">): string =>
  `veth:${plate.machine}/${plate.namespace}/${plate.iface.name}`;

function link(id: string, cable: CableView | null, a: Plate, b: Plate): Link {
  const points = route(a, b);
  let label: Point = a.socket;
  let longest = -1;
  for (let i = 1; i < points.length; i++) {
    const [p, q] = [points[i - 1], points[i]] as [Point, Point];
    const across = p.y === q.y;
    const length = Math.abs(p.x - q.x) + Math.abs(p.y - q.y);
    if (length * (across ? 1.5 : 1) <= longest) continue;
    longest = length * (across ? 1.5 : 1);
    label = across ? { x: (p.x + q.x) / 2, y: p.y + 31 } : { x: p.x, y: (p.y + q.y) / 2 + 4 };
  }
  return { id, cable, points, label, a: { machine: a.machine, name: a.iface.name } };
}

/** Straight where the sockets are level, else with right angles. */
function route(a: Plate, b: Plate): Point[] {
  const [p, q] = [a.socket, b.socket];
  if (a.side !== b.side) {
    if (p.y === q.y) return [p, q];
    const middle = (p.x + q.x) / 2;
    return [p, { x: middle, y: p.y }, { x: middle, y: q.y }, q];
  }
  const out = a.side === "right" ? Math.max(p.x, q.x) + 34 : Math.min(p.x, q.x) - 34;
  return [p, { x: out, y: p.y }, { x: out, y: q.y }, q];
}

export function lengthOf(points: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < points.length; i++) {
    const [p, q] = [points[i - 1], points[i]] as [Point, Point];
    sum += Math.hypot(q.x - p.x, q.y - p.y);
  }
  return sum;
}

/** The point a part of the way along, from 0 to 1. */
export function along(points: readonly Point[], part: number): Point {
  let left = lengthOf(points) * Math.min(1, Math.max(0, part));
  for (let i = 1; i < points.length; i++) {
    const [p, q] = [points[i - 1], points[i]] as [Point, Point];
    const step = Math.hypot(q.x - p.x, q.y - p.y);
    if (left <= step || i === points.length - 1) {
      const f = step === 0 ? 0 : left / step;
      return { x: p.x + (q.x - p.x) * f, y: p.y + (q.y - p.y) * f };
    }
    left -= step;
  }
  return points[0] ?? { x: 0, y: 0 };
}

export const pathData = (points: readonly Point[]): string => points.map((p, i) => `${i === 0 ? "M" : "L"}${p.x} ${p.y}`).join("");

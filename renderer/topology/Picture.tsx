/**
 * The network as a picture: machines, plates with sockets, cables, packets under way. The drawing itself is one image
 * to a screen reader (the table holds its data); over it lie real buttons for machines and sockets.
 */
import { Menu } from "@base-ui/react/menu";
import { memo, type JSX } from "react";
import { tintOf } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { plug, showMachine, typeInto } from "../state/world.ts";
import type { TopologyView } from "../../sim/session/protocol.ts";
import { Icon } from "../ui/Icon.tsx";
import { pathData, type Link, type MachineBox, type Picture as Layout, type Plate } from "./layout.ts";
import { PacketLayer } from "./PacketLayer.tsx";

export function Picture({
  layout,
  topology,
  zoom,
}: {
  readonly layout: Layout;
  readonly topology: TopologyView;
  readonly zoom: number;
}): JSX.Element {
  return (
    <div className="picture" style={{ width: layout.width * zoom, height: layout.height * zoom }}>
      <div className="picture-scaled" style={{ width: layout.width, height: layout.height, transform: `scale(${zoom})` }}>
        <Drawing layout={layout} topology={topology} />
        {layout.machines.map((box) => box.view.kind === "switch" || <MachineButtons key={box.view.name} box={box} topology={topology} />)}
        {layout.links.map((link) => (link.cable?.learner && !link.cable.plugged ? <PlugButton key={link.id} link={link} /> : null))}
      </div>
    </div>
  );
}

const Drawing = memo(function Drawing({ layout, topology }: { readonly layout: Layout; readonly topology: TopologyView }): JSX.Element {
  const t = useT();
  const switches = new Set(topology.machines.filter((m) => m.kind === "switch").map((m) => m.name));
  return (
    <svg
      className="topo"
      width={layout.width}
      height={layout.height}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="img"
      aria-label={t("net.label")}
    >
      {layout.links.map((link) => (
        // a switch says the range of its network itself, once
        <LinkLine key={link.id} link={link} labelled={layout.labelled && !link.cable?.ends.some((end) => switches.has(end.machine))} />
      ))}
      {layout.machines.map((box) =>
        switches.has(box.view.name) ? (
          <SwitchBar key={box.view.name} box={box} />
        ) : (
          <Machine key={box.view.name} box={box} tint={tintOf(topology, box.view.name)} />
        ),
      )}
      {/* sockets of links inside machines lie under their boxes otherwise */}
      {layout.links.map((link) => (link.cable ? null : <path key={link.id} className="cable inner" d={pathData(link.points)} />))}
      {layout.machines.flatMap((box) =>
        box.plates.map(
          (plate) => plate.bare || <Socket key={`${box.view.name}/${plate.namespace}/${plate.iface.ifindex}`} plate={plate} />,
        ),
      )}
      <PacketLayer layout={layout} />
    </svg>
  );
});

function LinkLine({ link, labelled }: { readonly link: Link; readonly labelled: boolean }): JSX.Element | null {
  if (!link.cable) return null;
  if (!link.cable.plugged) return <path className="cable out" d={pathData(link.points)} />;
  return (
    <>
      <path className="cable" d={pathData(link.points)} />
      {labelled && link.cable.label && (
        <text className="ad" x={link.label.x} y={link.label.y} textAnchor="middle">
          {link.cable.label}
        </text>
      )}
    </>
  );
}

function SwitchBar({ box }: { readonly box: MachineBox }): JSX.Element {
  const middle = box.x + box.w / 2;
  return (
    <g>
      <rect className="bar" x={box.x} y={box.y} width={box.w} height={box.h} rx="5" />
      <path className="bar-dots" d={`M${middle} ${box.y + 8}V${box.y + box.h - 8}`} />
      <text className="if" x={middle} y={box.y - 8} textAnchor="middle">
        {box.view.name}
      </text>
      <text className="ad" x={middle} y={box.y + box.h + 18} textAnchor="middle">
        {box.range}
      </text>
    </g>
  );
}

function Machine({ box, tint }: { readonly box: MachineBox; readonly tint: number }): JSX.Element {
  const t = useT();
  const { view, x, y, w, h } = box;
  const badgeW = Math.max(25, view.badge.length * 8 + 10);
  const routes = view.routes === 0 ? t("net.routes0") : view.routes === 1 ? t("net.route1") : t("net.routes", { n: view.routes });
  return (
    <g>
      <rect className="host" x={x} y={y} width={w} height={h} rx="10" />
      <rect x={x + 14} y={y + 14} width={badgeW} height="20" rx="4" style={{ fill: `var(--m${tint})` }} />
      <text className="badge" x={x + 14 + badgeW / 2} y={y + 28} textAnchor="middle">
        {view.badge}
      </text>
      <text className="na" x={x + 23 + badgeW} y={y + 29}>
        {view.name}
      </text>
      {box.facts === "head" && (
        <text className="sm" x={x + w - 14} y={y + 29} textAnchor="end">
          ip_forward {view.ipForward ? 1 : 0}
        </text>
      )}
      {box.through.map(([a, b]) => (
        <path key={a.y} className="through" d={pathData([a, b])} />
      ))}
      {box.namespaces.map((ns) => (
        <g key={ns.name}>
          <rect className="ns" x={ns.x} y={ns.y} width={ns.w} height={ns.h} rx="8" />
          <text className="nsname" x={ns.x + 12} y={ns.y + 20}>
            {ns.name}
          </text>
        </g>
      ))}
      {box.bars.map((bar) => (
        <g key={bar.name}>
          {bar.ports.map((py) => (
            <path key={py} className="cable" d={`M${bar.x + 14} ${py}H${bar.x + 30}`} />
          ))}
          <rect className="bar" x={bar.x} y={bar.y} width="14" height={bar.h} rx="5" />
          <path className="bar-dots" d={`M${bar.x + 7} ${bar.y + 8}V${bar.y + bar.h - 8}`} />
        </g>
      ))}
      {box.plates.map((plate) => (
        <PlateText key={`${plate.namespace}/${plate.iface.ifindex}`} plate={plate} nested={plate.namespace !== ""} />
      ))}
      <text className="sm" x={x + 14} y={y + h - 14}>
        {routes}
        {box.facts === "foot" && ` · ip_forward ${view.ipForward ? 1 : 0}`}
      </text>
    </g>
  );
}

function PlateText({ plate, nested }: { readonly plate: Plate; readonly nested: boolean }): JSX.Element {
  const t = useT();
  const { iface, x, y, w, h, side } = plate;
  const down = iface.state === "down";
  const shape =
    side === "left"
      ? `M${x} ${y}H${x + w - 6}a6 6 0 0 1 6 6V${y + h - 6}a6 6 0 0 1-6 6H${x}z`
      : `M${x + w} ${y}H${x + 6}a6 6 0 0 0-6 6V${y + h - 6}a6 6 0 0 0 6 6H${x + w}z`;
  const lines = iface.state === "no-carrier" ? [t("net.no-carrier")] : plate.addresses;
  return (
    <g className={down ? "off" : undefined}>
      <path className={nested ? "plate nested" : "plate"} d={shape} />
      <text className="if" x={plate.textX} y={y + 19}>
        {iface.name}
      </text>
      {iface.state !== "no-carrier" && (
        <text className="sm" x={plate.textX + (iface.name.length + 2) * 6.05} y={y + 19}>
          {t(down ? "net.down" : "net.up")}
        </text>
      )}
      {lines.map((line, i) => (
        <text key={line} className={iface.state === "no-carrier" ? "sm" : "ad"} x={plate.textX} y={y + 38 + i * 20}>
          {line}
        </text>
      ))}
      {lines.length === 0 && iface.kind !== "nic" && (
        <text className="sm" x={plate.textX} y={y + 38}>
          {iface.peer ? `@${iface.peer.name}` : iface.kind}
        </text>
      )}
    </g>
  );
}

/** Filled: up. Empty with a stroke through it: down. Dashed: no carrier. */
function Socket({ plate }: { readonly plate: Plate }): JSX.Element {
  const { x, y } = plate.socket;
  const { state } = plate.iface;
  return (
    <g className={`socket ${state}`}>
      <rect x={x - 7} y={y - 10} width="14" height="20" rx="2.5" />
      {state === "up" && <rect className="fill" x={x - 3.5} y={y - 6} width="7" height="12" />}
      {state === "down" && <path d={`M${x - 11} ${y + 9} ${x + 11} ${y - 9}`} />}
    </g>
  );
}

function MachineButtons({ box, topology }: { readonly box: MachineBox; readonly topology: TopologyView }): JSX.Element {
  const t = useT();
  const { view } = box;
  return (
    <>
      <button
        type="button"
        className="hit machine"
        style={{ left: box.x, top: box.y, width: box.w, height: 44 }}
        aria-label={t("net.machineLabel", { machine: view.name })}
        onClick={() => showMachine(view.name)}
      />
      {box.plates.map((plate) => (
        <SocketMenu key={`${plate.namespace}/${plate.iface.ifindex}`} plate={plate} topology={topology} />
      ))}
    </>
  );
}

function SocketMenu({ plate, topology }: { readonly plate: Plate; readonly topology: TopologyView }): JSX.Element {
  const t = useT();
  const { iface, machine, namespace } = plate;
  const cable = topology.cables.find((c) => c.ends.some((e) => e.machine === machine && e.name === iface.name)) ?? null;
  const inside = namespace === "" ? "" : `ip netns exec ${namespace} `;
  return (
    <Menu.Root>
      <Menu.Trigger
        className="hit socket-hit"
        style={{ left: plate.x, top: plate.y, width: plate.w, height: plate.h }}
        aria-label={t("net.socketLabel", { iface: iface.name, machine, state: t(`net.${iface.state}`) })}
      />
      <Menu.Portal>
        <Menu.Positioner sideOffset={6}>
          <Menu.Popup className="menu">
            <dl className="facts">
              <dt>{t("net.factAddresses")}</dt>
              <dd className="mono">
                {iface.addresses.length === 0 ? t("net.factNone") : iface.addresses.map((a) => <div key={a}>{a}</div>)}
              </dd>
              <dt>{t("net.factMac")}</dt>
              <dd className="mono">{iface.mac}</dd>
              <dt>{t("net.factMtu")}</dt>
              <dd className="mono">{iface.mtu}</dd>
              {iface.peer && (
                <>
                  <dt>{t("net.factPeer")}</dt>
                  <dd className="mono">
                    {iface.peer.name} · {iface.peer.namespace || iface.peer.machine}
                  </dd>
                </>
              )}
              {iface.master && (
                <>
                  <dt>{t("net.factMaster")}</dt>
                  <dd className="mono">{iface.master}</dd>
                </>
              )}
            </dl>
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" onClick={() => typeInto(machine, `${inside}ip addr show dev ${iface.name}`)}>
              <Icon name="type" />
              {t("net.menuShow", { iface: iface.name })}
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => typeInto(machine, `sudo ${inside}tcpdump -ni ${iface.name}`)}>
              <Icon name="packets" />
              {t("net.menuCapture", { iface: iface.name })}
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => showMachine(machine)}>
              <Icon name="example" />
              {t("net.menuTerminal", { machine })}
            </Menu.Item>
            {cable?.learner ? (
              <Menu.Item className="menu-item" onClick={() => plug(cable.id, !cable.plugged)}>
                <Icon name="plug" />
                {t(cable.plugged ? "net.menuUnplug" : "net.menuPlug")}
              </Menu.Item>
            ) : (
              iface.kind === "nic" && <p className="menu-note">{t(cable ? "net.menuFixed" : "net.menuNoCable")}</p>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function PlugButton({ link }: { readonly link: Link }): JSX.Element {
  const t = useT();
  const cable = link.cable;
  const [a, b] = cable ? [cable.ends[0].machine, cable.ends[1].machine] : ["", ""];
  return (
    <button
      type="button"
      className="b plug-button"
      style={{ left: link.label.x, top: link.label.y - 31 }}
      aria-label={`${t("net.menuPlug")}: ${a} – ${b}`}
      onClick={() => plug(link.id, true)}
    >
      <Icon name="plug" />
    </button>
  );
}

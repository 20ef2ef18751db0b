/** The network pane: its bar, the picture or the table, the legend, and what changes said aloud. */
import { useEffect, useMemo, useRef, useState, type JSX } from "react";
import type { TopologyView } from "../../sim/session/protocol.ts";
import { openJourney } from "../journey/open.ts";
import { useLab } from "../state/lab.ts";
import { usePrefs, useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { Icon } from "../ui/Icon.tsx";
import { useSize } from "../ui/hooks.ts";
import { MachineBadge, ProtocolShape } from "../ui/marks.tsx";
import { showMachine } from "../state/world.ts";
import { changes } from "./announce.ts";
import { layout } from "./layout.ts";
import { NetworkTable } from "./NetworkTable.tsx";
import { Picture } from "./Picture.tsx";

const STRIP_BELOW = 132;
const MIN_ZOOM = 0.5;
const MAX_ZOOM = 2;
/** below this the words in the picture are too small to read: rather scroll */
const MIN_FIT = 0.7;

/** The zoom at which the whole picture is seen, if it can still be read then. */
function fitting(topology: TopologyView, width: number, height: number): number {
  const whole = layout(topology, width).height;
  return height >= STRIP_BELOW && whole > height ? Math.max(MIN_FIT, height / whole) : 1;
}

export function Network(): JSX.Element {
  const t = useT();
  const topology = useLab((s) => s.topology);
  const phase = useLab((s) => s.phase);
  const speed = useLab((s) => s.clock.speed);
  const stuck = useLab((s) => s.stuck);
  const replaying = useLab((s) => s.replaying);
  const table = usePrefs((s) => s.tableView);
  const setPrefs = usePrefs((s) => s.set);
  /** null: whatever shows all of it */
  const [chosen, setZoom] = useState<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const fit = useMemo(() => (topology && width > 0 ? fitting(topology, width, height) : 1), [topology, width, height]);
  const zoom = chosen ?? fit;
  const picture = useMemo(() => (topology && width > 0 ? layout(topology, width / zoom) : null), [topology, width, zoom]);
  const strip = height > 0 && height < STRIP_BELOW;
  const live = phase === "ready" && !stuck;

  return (
    <section className="net" aria-label={t("net.title")} data-pane="network">
      <div className="bar">
        <h2 className="bar-title">{t("net.title")}</h2>
        <span className={`pill${live ? "" : " wait"}`}>
          <i className={speed === 0 ? "live-dot paused" : "live-dot"} />
          {live
            ? t(speed === 0 ? "net.paused" : "net.live")
            : phase !== "starting"
              ? t("net.stale")
              : replaying > 0
                ? t("lab.replaying", { n: replaying })
                : t("lab.starting")}
        </span>
        <span className="grow" />
        {!table && (
          <span className="zoom">
            <button
              type="button"
              className="b quiet ico"
              aria-label={t("net.zoomOut")}
              onClick={() => setZoom(Math.max(MIN_ZOOM, zoom - 0.25))}
            >
              <Icon name="minus" />
            </button>
            <button
              type="button"
              className="b quiet ico"
              aria-label={t("net.zoomIn")}
              onClick={() => setZoom(Math.min(MAX_ZOOM, zoom + 0.25))}
            >
              <Icon name="plus" />
            </button>
            {chosen !== null && (
              <button type="button" className="b quiet ico" aria-label={t("net.tidy")} onClick={() => setZoom(null)}>
                <Icon name="fit" />
              </button>
            )}
          </span>
        )}
        <button type="button" className="b quiet" aria-pressed={table} onClick={() => setPrefs({ tableView: !table })}>
          <Icon name="text" />
          <span className="word">{t(table ? "net.picture" : "net.table")}</span>
        </button>
        <JourneyButton />
      </div>
      <div className="net-frame" ref={frame}>
        {topology === null || phase === "none" ? null : topology.machines.length === 0 ? (
          <p className="empty">{t("net.empty")}</p>
        ) : table ? (
          <NetworkTable topology={topology} />
        ) : strip ? (
          <Strip topology={topology} />
        ) : (
          picture && (
            <div className={picture.height * zoom < height ? "net-scroll centred" : "net-scroll"}>
              <Picture layout={picture} topology={topology} zoom={zoom} />
            </div>
          )
        )}
      </div>
      {!table && !strip && <Legend />}
      <Announcer topology={topology} />
    </section>
  );
}

function JourneyButton(): JSX.Element {
  const t = useT();
  const open = useUi((s) => s.journeyOpen);
  return (
    <button
      type="button"
      className="b quiet"
      aria-expanded={open}
      onClick={() => (open ? useUi.setState({ journeyOpen: false }) : void openJourney(null))}
    >
      <Icon name="packets" />
      <span className="word">{t("net.journey")}</span>
    </button>
  );
}

/** All that fits in 56 px: the machines and whether their interfaces are up. */
function Strip({ topology }: { readonly topology: TopologyView }): JSX.Element {
  const t = useT();
  return (
    <div className="strip">
      {topology.machines
        .filter((m) => m.kind === "host")
        .map((m) => (
          <button key={m.name} type="button" className="b" onClick={() => showMachine(m.name)}>
            <MachineBadge name={m.name} /> {m.name}
            {m.namespaces[0]?.interfaces
              .filter((i) => i.kind === "nic")
              .map((i) => (
                <span key={i.ifindex} className="muted">
                  {i.name} {t(i.state === "no-carrier" ? "net.noCarrierShort" : `net.${i.state}`)}
                </span>
              ))}
          </button>
        ))}
    </div>
  );
}

function Legend(): JSX.Element {
  const t = useT();
  return (
    <div className="legend" aria-label={t("net.legend")} role="note">
      <span>
        <i className="key-socket u" />
        {t("net.up")}
      </span>
      <span>
        <i className="key-socket d" />
        {t("net.down")}
      </span>
      <span>
        <i className="key-socket n" />
        {t("net.noCarrierShort")}
      </span>
      <span className="grow" />
      {["ICMP", "ARP", "TCP", "UDP"].map((p) => (
        <span key={p} className="key-protocol">
          <ProtocolShape protocol={p} />
          {p}
        </span>
      ))}
      <span className="legend-fill">{t("net.legendFill")}</span>
    </div>
  );
}

/** Changes of the network in words, at most one message a second. */
function Announcer({ topology }: { readonly topology: TopologyView | null }): JSX.Element {
  const t = useT();
  const [said, setSaid] = useState("");
  const before = useRef<TopologyView | null>(null);
  const queue = useRef<string[]>([]);
  useEffect(() => {
    if (before.current && topology && before.current.lab === topology.lab) queue.current.push(...changes(before.current, topology, t));
    before.current = topology;
  }, [topology, t]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (queue.current.length > 0) setSaid(queue.current.splice(0, 3).join(". "));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="sr" aria-live="polite" data-testid="network-live">
      {said}
    </div>
  );
}

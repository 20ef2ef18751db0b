/**
 * The way of one packet: machines as stops on a line, the decisions at each, and, always in view, what would have had
 * to differ. [ and ] step through the decisions; E pins the one in hand as evidence. What lies before the machine that
 * decided is folded into one link, so that the verdict is in view at once.
 */
import { useEffect, useRef, useState, type JSX } from "react";
import type { DecisionView, JourneyView } from "../../sim/session/protocol.ts";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { journeys } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { useLocal } from "../ui/local.ts";
import { MachineBadge } from "../ui/marks.tsx";
import { Rich } from "../ui/Rich.tsx";
import { LISTED, openJourney, telling, verdictOf } from "./open.ts";
import { pinDecision } from "./pin.ts";

/** ms between two looks at the newest packets while the drawer is open */
const REFRESH = 500;

/** Are these the same packets, none of them gone on since? */
function sameJourneys(a: readonly JourneyView[], b: readonly JourneyView[]): boolean {
  const steps = (j: JourneyView): number => j.stops.reduce((n, s) => n + s.decisions.length, 0);
  return a.length === b.length && a.every((j, i) => j.packet === b[i]?.packet && j.title === b[i].title && steps(j) === steps(b[i]));
}

/** @param over px from the right edge at which it lies over what is there; null: a column of its own */
export function Journey({ over }: { readonly over: number | null }): JSX.Element {
  const t = useT();
  const journey = useUi((s) => s.journey);
  const picking = useUi((s) => s.picking);
  const [list, setList] = useState<readonly JourneyView[]>([]);
  const ready = useLab((s) => s.phase === "ready");

  // packets that left since the drawer was opened join the list; the one in hand stays, unless nobody chose it
  useEffect(() => {
    if (!ready) return;
    let timer = 0;
    let current = true;
    const look = async (): Promise<void> => {
      const next = await journeys(LISTED);
      if (!current) return;
      setList((before) => (sameJourneys(before, next) ? before : next));
      const { journey: inHand, hand } = useUi.getState();
      const now = inHand && hand === inHand.packet ? next.find((j) => j.packet === hand) : telling(next, inHand);
      if (now && !sameJourneys([now], inHand ? [inHand] : [])) useUi.setState({ journey: now, decision: verdictOf(now) });
      timer = window.setTimeout(() => void look(), REFRESH);
    };
    void look();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [ready]);

  useEffect(() => useUi.setState({ journeyOver: over !== null }), [over]);

  const at = list.findIndex((j) => j.packet === journey?.packet);
  const go = (step: 1 | -1): void => {
    const next = at < 0 ? list[0] : list[at - step];
    if (next) void openJourney(next.packet);
  };
  const close = (): void => useUi.setState({ journeyOpen: false, picking: null, hand: null });

  return (
    <aside
      className={`dr${over === null ? "" : " overlay"}`}
      style={over === null ? undefined : { right: over }}
      aria-label={t("journey.title")}
      data-pane="journey"
    >
      <div className="hd">
        <div className="row">
          <h2>{t("journey.title")}</h2>
          {journey && <Outcome journey={journey} />}
          <span className="grow" />
          <button
            type="button"
            className="b quiet ico"
            aria-label={t("journey.prev")}
            disabled={at < 0 || at >= list.length - 1}
            onClick={() => go(-1)}
          >
            <Icon name="back" />
          </button>
          <button type="button" className="b quiet ico" aria-label={t("journey.next")} disabled={at <= 0} onClick={() => go(1)}>
            <Icon name="forward" />
          </button>
          <button type="button" className="b quiet ico" aria-label={t("journey.close")} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        {picking && <p className="picking">{t("evidence.pickFor", { question: picking.text })}</p>}
        {list.length > 0 && (
          <label className="packet-pick">
            <span className="sr">{t("journey.packets")}</span>
            <select value={journey?.packet ?? ""} onChange={(event) => void openJourney(Number(event.target.value))}>
              {journey && at < 0 && <option value={journey.packet}>{journey.title}</option>}
              {list.map((j) => (
                <option key={j.packet} value={j.packet}>
                  {j.title}
                  {j.outcome === "stopped" ? ` · ${t("journey.stoppedPlain")}` : ""}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {journey ? <Way journey={journey} /> : <Empty />}
    </aside>
  );
}

function Outcome({ journey }: { readonly journey: JourneyView }): JSX.Element {
  const t = useT();
  const machine = journey.stops.findLast((s) => s.decisions.some((d) => d.verdict === "stopped"))?.machine;
  if (journey.outcome === "delivered")
    return (
      <span className="pill ok">
        <Icon name="check" size={12} />
        {t("journey.delivered")}
      </span>
    );
  if (journey.outcome === "under way")
    return (
      <span className="pill wait">
        <Icon name="clock" size={12} />
        {t("journey.underWay")}
      </span>
    );
  return (
    <span className="pill bad">
      <Icon name="cross" size={12} />
      {machine ? t("journey.stopped", { machine }) : t("journey.stoppedPlain")}
    </span>
  );
}

function Empty(): JSX.Element {
  const t = useT();
  const topology = useLab((s) => s.topology);
  const machine = topology?.machines.find((m) => m.kind === "host")?.name ?? "";
  const target = topology?.machines.flatMap((m) =>
    m.name === machine
      ? []
      : (m.namespaces[0]?.interfaces.flatMap((i) => i.addresses.filter((a) => !a.includes(":") && !a.startsWith("127."))) ?? []),
  )[0];
  return (
    <div className="empty">
      <b>{t("journey.empty")}</b>
      {target && (
        <p>
          <Rich text={t("journey.emptyText", { command: `\`ping -c 1 ${target.split("/")[0]}\``, machine })} />
        </p>
      )}
    </div>
  );
}

/** The stops of a journey and the decision in hand, with the keys that move it. */
export function useSteps(journey: JourneyView | null): { decisions: readonly DecisionView[]; at: number; go: (at: number) => void } {
  const decision = useUi((s) => s.decision);
  const decisions = journey?.stops.flatMap((s) => s.decisions) ?? [];
  const at = Math.max(
    0,
    decisions.findIndex((d) => d.key === decision),
  );
  return {
    decisions,
    at,
    go: (next) => useUi.setState({ decision: decisions[Math.min(decisions.length - 1, Math.max(0, next))]?.key ?? null }),
  };
}

function Way({ journey }: { readonly journey: JourneyView }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const { decisions, at, go } = useSteps(journey);
  const [unfolded, setUnfolded] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const key = decisions[at]?.key;

  useEffect(() => {
    box.current?.querySelector(`[data-key="${CSS.escape(key ?? "")}"]`)?.scrollIntoView({ block: "nearest" });
  }, [key]);

  const holder = journey.stops.findIndex((s) => s.decisions.some((d) => d.key === key));
  const folded =
    unfolded === journey.packet || journey.stops.length < 3 || holder === 0
      ? 0
      : holder < journey.stops.length - 1
        ? 0
        : journey.stops.length - 1;
  const differ = decisions.find((d) => d.verdict === "stopped")?.wouldPassIf ?? [];

  return (
    <>
      <div
        className="way"
        ref={box}
        tabIndex={0}
        role="group"
        aria-label={t("journey.step", { n: at + 1, total: decisions.length })}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return;
          if (event.key === "ArrowDown") go(at + 1);
          else if (event.key === "ArrowUp") go(at - 1);
          else if (event.key.toLowerCase() === "e" && decisions[at]) pinDecision(decisions[at]);
          else return;
          event.preventDefault();
        }}
      >
        {folded > 0 && (
          <div className="hop">
            <span className="dot" />
            <button type="button" className="link hn-plain" onClick={() => setUnfolded(journey.packet)}>
              {t("journey.earlier", {
                list: journey.stops
                  .slice(0, folded)
                  .map((s) => s.machine)
                  .join(", "),
              })}
            </button>
          </div>
        )}
        {journey.stops.slice(folded).map((stop, i, shown) => {
          const stoppedHere = stop.decisions.some((d) => d.verdict === "stopped");
          const device = stop.decisions[0]?.device;
          return (
            <div
              key={`${stop.machine}/${stop.namespace}/${stop.decisions[0]?.key}`}
              className={`hop${i === shown.length - 1 ? " last" : ""}${stoppedHere ? " stopd" : ""}`}
            >
              <span className="dot" />
              {stoppedHere && (
                <span className="oct">
                  <Icon name="cross" size={18} />
                </span>
              )}
              <h3 className="hn">
                <MachineBadge name={stop.machine} />
                {stop.machine}
                <span className="hn-note">
                  {stop.namespace
                    ? t("journey.namespace", { name: stop.namespace })
                    : i + folded > 0 && device
                      ? t("journey.inBy", { device })
                      : ""}
                </span>
              </h3>
              {stop.decisions.map((d) => (
                <Decision key={d.key} decision={d} inHand={d.key === key} onPick={() => useUi.setState({ decision: d.key })} />
              ))}
            </div>
          );
        })}
        {journey.caused.length > 0 && (
          <p className="caused">
            {t("journey.caused")}{" "}
            {journey.caused.map((packet) => (
              <button key={packet} type="button" className="link" onClick={() => void openJourney(packet)}>
                #{packet}
              </button>
            ))}
          </p>
        )}
      </div>
      <div className="diff">
        <div className="stepper-bar">
          <button type="button" className="b" aria-label={t("stepper.prev")} disabled={at === 0} onClick={() => go(at - 1)}>
            <Icon name="back" />
            <kbd>[</kbd>
          </button>
          <span className="muted tnum">{t("stepper.of", { n: at + 1, total: decisions.length })}</span>
          <button
            type="button"
            className="b"
            aria-label={t("stepper.next")}
            disabled={at >= decisions.length - 1}
            onClick={() => go(at + 1)}
          >
            <kbd>]</kbd>
            <Icon name="forward" />
          </button>
          <span className="grow" />
        </div>
        <h3>{t("journey.differ")}</h3>
        {differ.length === 0 ? (
          <p className="muted">{journey.outcome === "stopped" ? say(journey.summary) : t("journey.differNone")}</p>
        ) : (
          <ul>
            {differ.map((text, i) => (
              <li key={text.en}>
                <span className="or">{i > 0 ? t("journey.or") : ""}</span>
                <span>
                  <Rich text={say(text)} />
                </span>
              </li>
            ))}
          </ul>
        )}
        <p className="sr" aria-live="polite">
          {decisions[at] ? say(decisions[at].title) : ""}
        </p>
      </div>
    </>
  );
}

/** @param pins may the decision be pinned as evidence from here? */
export function Decision({
  decision: d,
  inHand,
  onPick,
  pins = true,
}: {
  readonly decision: DecisionView;
  readonly inHand: boolean;
  readonly onPick: () => void;
  readonly pins?: boolean;
}): JSX.Element {
  const t = useT();
  const say = useLocal();
  const picking = useUi((s) => s.picking);
  const stopped = d.verdict === "stopped";
  return (
    <div className={`ru${stopped ? " rej" : ""}${inHand ? " in-hand" : ""}`} data-key={d.key}>
      <span className={`ru-mark ${d.verdict === "delivered" ? "ok" : stopped ? "bad" : ""}`}>
        <Icon name={stopped ? "cross" : d.verdict === "delivered" ? "check" : d.verdict === "sent" ? "forward" : "down"} size={13} />
      </span>
      <button type="button" className="ru-title" aria-current={inHand ? "step" : undefined} onClick={onPick}>
        <Rich text={say(d.title)} />
      </button>
      {pins && (picking || inHand || stopped) && (
        <button type="button" className="b small act" onClick={() => pinDecision(d)} aria-label={`${t("evidence.pin")}: ${say(d.title)}`}>
          <Icon name="pin" size={13} />
          {t("evidence.pin")}
        </button>
      )}
      {(inHand || stopped) && (
        <dl className="facts w">
          {d.facts.map((f) => (
            <div key={f.label.en} className="fact">
              <dt>{say(f.label)}</dt>
              <dd className="mono">{f.value}</dd>
            </div>
          ))}
          <div className="fact kernel">
            <dt className="sr">{t("journey.kernel", { name: "" })}</dt>
            <dd className="mono muted">
              {d.kernel}
              {d.reason ? ` · ${d.reason}` : ""}
            </dd>
          </div>
        </dl>
      )}
    </div>
  );
}

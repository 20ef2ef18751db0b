/** One packet's journey in the text: the same decisions as in the drawer, one at a time, with the author's notes beside them. */
import { Children, isValidElement, useEffect, useRef, useState, type JSX, type ReactElement } from "react";
import type { JourneyView } from "../../sim/session/protocol.ts";
import { Decision } from "../journey/Journey.tsx";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { journeys } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { MachineBadge } from "../ui/marks.tsx";
import { CodeBlock } from "./CodeBlock.tsx";
import type { PacketStepperProps, StepNoteProps } from "./components.tsx";

/** Read by the stepper around it. */
export function StepNote({ children }: StepNoteProps): JSX.Element {
  return <>{children}</>;
}

export function PacketStepper({ match = "", on, send, children }: PacketStepperProps): JSX.Element {
  const t = useT();
  const [journey, setJourney] = useState<JourneyView | null>(null);
  const [at, setAt] = useState(0);
  const newest = useLab((s) => s.packets.at(-1)?.packet ?? 0);
  const ready = useLab((s) => s.phase === "ready");

  /** newest packet when the journeys were asked for; once at the start, for those of a lab that was resumed */
  const asked = useRef(-1);

  useEffect(() => {
    if (!ready || journey) return;
    const words = match.toLowerCase().split(/\s+/).filter(Boolean);
    if (asked.current === newest) return;
    const timer = setTimeout(() => {
      asked.current = newest;
      void journeys(50).then((list) => setJourney(list.find((j) => words.every((w) => j.title.toLowerCase().includes(w))) ?? null));
    }, 400);
    return () => clearTimeout(timer);
  }, [newest, ready, match, journey]);

  const decisions = journey?.stops.flatMap((s) => s.decisions) ?? [];
  const decision = decisions[Math.min(at, decisions.length - 1)];
  const note = (Children.toArray(children).filter((c) => isValidElement(c) && c.type === StepNote) as ReactElement<StepNoteProps>[]).find(
    (c) => decision && c.props.site === decision.site && (c.props.machine === undefined || c.props.machine === decision.machine),
  );
  const go = (next: number): void => setAt(Math.min(decisions.length - 1, Math.max(0, next)));

  return (
    <section className="stepper" aria-label={t("stepper.title")}>
      <div className="row">
        <b>{t("stepper.title")}</b>
        <span className="grow" />
        {decisions.length > 0 && (
          <span className="muted tnum">{t("stepper.of", { n: Math.min(at, decisions.length - 1) + 1, total: decisions.length })}</span>
        )}
      </div>
      {!journey || !decision ? (
        <div className="empty">
          <b>{t("stepper.none")}</b>
          {on && send && <p>{t("stepper.send")}</p>}
        </div>
      ) : (
        <>
          <p className="fl mono">{journey.title}</p>
          <ol className="track" aria-hidden="true">
            {decisions.map((d, i) => (
              <li key={d.key} className={i < at ? "done" : i === at ? `now${d.verdict === "stopped" ? " bad" : ""}` : undefined} />
            ))}
          </ol>
          <div
            className="step-body"
            role="group"
            tabIndex={0}
            aria-label={t("stepper.of", { n: at + 1, total: decisions.length })}
            onKeyDown={(event) => {
              const by = event.key === "]" || event.key === "ArrowRight" ? 1 : event.key === "[" || event.key === "ArrowLeft" ? -1 : 0;
              if (by === 0) return;
              event.preventDefault();
              event.stopPropagation();
              go(at + by);
            }}
          >
            <h3 className="hn" aria-live="polite">
              <MachineBadge name={decision.machine} />
              {decision.machine}
            </h3>
            <Decision decision={decision} inHand pins={false} onPick={() => {}} />
            {note && <div className="step-note">{note}</div>}
          </div>
          <div className="row">
            <button type="button" className="b" disabled={at === 0} onClick={() => go(at - 1)}>
              <Icon name="back" />
              {t("stepper.prev")}
            </button>
            <button type="button" className="b" disabled={at >= decisions.length - 1} onClick={() => go(at + 1)}>
              {t("stepper.next")}
              <Icon name="forward" />
            </button>
          </div>
        </>
      )}
      {!journey && on && send && <CodeBlock on={on} run text={send} />}
    </section>
  );
}

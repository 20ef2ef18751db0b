/** The goal strip over the terminals: a challenge's visible goals, or what the part being read asks of the network. */
import { useMemo, useState, type JSX } from "react";
import type { GoalView } from "../../sim/session/protocol.ts";
import type { StripGoal } from "../mdx/components.tsx";
import { allHold } from "../state/conditions.ts";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { useLocal } from "../ui/local.ts";
import { MachineBadge, State, type Mark } from "../ui/marks.tsx";
import { Icon } from "../ui/Icon.tsx";

export interface GoalLine {
  readonly id: string;
  readonly mark: Mark;
  readonly title: string;
  readonly note: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function useGoalLines(): readonly GoalLine[] {
  const t = useT();
  const say = useLocal();
  const goals = useLab((s) => s.goals);
  const strip = useUi((s) => s.strip);
  const topology = useLab((s) => s.topology);
  const packets = useLab((s) => s.packets);
  return useMemo(() => {
    if (goals.length > 0) return goals.map((g) => ({ id: g.id, mark: markOf(g), title: say(g.title), note: noteOf(g, t, say) }));
    return (strip ?? []).map((g: StripGoal) => {
      const met = allHold(g.when, topology, packets);
      return {
        id: g.id,
        mark: met ? ("ok" as const) : ("idle" as const),
        title: g.title,
        note: met ? t("goals.met") : (g.waiting ?? t("goals.untried")),
        from: g.from,
        to: g.to,
      };
    });
  }, [goals, strip, topology, packets, t, say]);
}

export function markOf(goal: GoalView): Mark {
  return ({ met: "ok", unmet: "bad", untried: "idle", checking: "idle", hidden: "lock" } as const)[goal.state];
}

export function noteOf(goal: GoalView, t: ReturnType<typeof useT>, say: ReturnType<typeof useLocal>): string {
  if (goal.state === "unmet" && goal.found) return t("goals.expectedFound", { expected: say(goal.expected), found: say(goal.found) });
  return t(`goals.${goal.state}`);
}

export function Goals(): JSX.Element | null {
  const t = useT();
  const lines = useGoalLines();
  const [open, setOpen] = useState(false);
  if (lines.length === 0) return null;
  const met = lines.filter((l) => l.mark === "ok").length;
  return (
    <section className={`goals${open ? " open" : ""}`} aria-label={t("goals.title")} data-pane="goals">
      <button type="button" className="goals-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <State mark={met === lines.length ? "ok" : "idle"} size={16} />
        {t("goals.title")} <b className="tnum">{t("goals.of", { met, total: lines.length })}</b>
        <Icon name="down" />
      </button>
      <ul>
        {lines.map((line) => (
          <li key={line.id} className="goal">
            <State mark={line.mark} size={18} />
            <div className="h">
              {line.from && <MachineBadge name={line.from} />}
              {line.from && line.to && <span className="muted">→</span>}
              {line.to && <MachineBadge name={line.to} />}
              {line.title}
            </div>
            <div className="s">{line.note}</div>
          </li>
        ))}
      </ul>
      <p className="sr" aria-live="polite">
        {lines
          .filter((l) => l.mark === "ok")
          .map((l) => `${l.title}: ${l.note}`)
          .join(". ")}
      </p>
    </section>
  );
}

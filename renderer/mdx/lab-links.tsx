/** From the text into the lab: which world, which terminal, which cable, which incident, which goals. */
import { useContext, useEffect, type JSX } from "react";
import { hrefOf } from "../app/routes.ts";
import { challengeById } from "../course/catalog.ts";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { openWorld, plug, showMachine } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { useLocal } from "../ui/local.ts";
import { Level, MachineBadge, State } from "../ui/marks.tsx";
import type { ChallengeProps, GoalStripProps, PlugProps, TerminalProps, WorldProps } from "./components.tsx";
import { PartContext, useChapter, useTask } from "./context.ts";

export function World({ lab, seed = 1 }: WorldProps): JSX.Element | null {
  const t = useT();
  const { home } = useChapter();
  const { id: part } = useContext(PartContext);
  const shown = useLab((s) => s.key?.lab === lab && s.key.seed === seed && s.key.challenge === null);
  const leader = useUi((s) => s.leader);
  const own = home !== null && home.lab === lab && home.seed === seed;
  if (part === "" || (own && shown)) return null;
  return (
    <output className="world-line">
      <Icon name="packets" />
      <span className="grow">{shown ? t("world.shown") : own ? t("world.home") : t("world.this", { seed })}</span>
      {shown ? (
        home && (
          <button type="button" className="b" onClick={() => void openWorld(home)}>
            {t("world.back")}
          </button>
        )
      ) : (
        <button type="button" className="b" disabled={!leader} onClick={() => void openWorld({ lab, challenge: null, seed })}>
          {t(own ? "world.back" : "world.bring")}
        </button>
      )}
    </output>
  );
}

export function Terminal({ node, children }: TerminalProps): JSX.Element {
  const t = useT();
  return (
    <button type="button" className="b inline-button" onClick={() => showMachine(node)}>
      <MachineBadge name={node} /> {children ?? t("terminal.open", { machine: node })}
    </button>
  );
}

export function Plug({ cable, children }: PlugProps): JSX.Element | null {
  const t = useT();
  const view = useLab((s) => s.topology?.cables.find((c) => c.id === cable));
  if (!view) return null;
  const ends = view.ends.map((e) => e.machine).join(" – ");
  return (
    <button type="button" className="b inline-button" aria-pressed={view.plugged} onClick={() => plug(cable, !view.plugged)}>
      <Icon name="plug" /> {(!view.plugged && children) || t(view.plugged ? "plug.out" : "plug.in", { cable: ends })}
    </button>
  );
}

/** Puts its goals over the terminals while it is on the screen. */
export function GoalStrip({ goals }: GoalStripProps): JSX.Element {
  const { id } = useContext(PartContext);
  const inPart = useUi((s) => s.stops.find((stop) => stop.state === "now")?.id === id);
  useEffect(() => {
    if (!inPart) return;
    useUi.setState({ strip: goals });
    return () => {
      if (useUi.getState().strip === goals) useUi.setState({ strip: null });
    };
    // goals are written in the text and do not change; a new array on every render must not flicker
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [inPart]);
  return <span hidden />;
}

export function Challenge({ id }: ChallengeProps): JSX.Element {
  const t = useT();
  const say = useLocal();
  const challenge = challengeById(id);
  const own = useProgress((s) => s.progress.challenges.get(id));
  useTask(`challenge/${id}`, own?.passed === true);
  if (!challenge) return <p className="muted">{t("challenge.missing")}</p>;
  return (
    <section className="challenge-card" aria-label={say(challenge.title)}>
      <div className="row">
        <State mark={!own ? "idle" : own.passed ? "ok" : "wait"} size={18} />
        <b className="grow">{say(challenge.title)}</b>
        <Level level={challenge.level} label={t("home.level", { n: challenge.level })} />
        <span className="muted tnum">{t("challenge.minutes", { n: challenge.minutes })}</span>
      </div>
      <p>{say(challenge.briefing.symptom)}</p>
      <div className="row">
        <a className="b pri" href={hrefOf({ screen: "challenge", challenge: id, seed: own?.seed ?? null })}>
          {t("challenge.open")}
        </a>
        {own?.best !== null && own?.best !== undefined && (
          <span className="muted">{own.passed ? t("home.solved", { score: own.best }) : t("home.tried", { score: own.best })}</span>
        )}
      </div>
    </section>
  );
}

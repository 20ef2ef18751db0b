/** The ticket of an incident: the symptom and nothing of its cause; goals with live ticks; hints; evidence; submitting. */
import { useEffect, useState, type JSX } from "react";
import type { GradeResult } from "../../sim/session/protocol.ts";
import { challengeById, type ChallengeFacts } from "../course/catalog.ts";
import { go } from "../app/routes.ts";
import { openJourney } from "../journey/open.ts";
import { takesEvidence } from "../journey/pin.ts";
import { markOf, noteOf } from "../lab/Goals.tsx";
import { useLab } from "../state/lab.ts";
import { useLocale, useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { askHint, grade, pinEvidence } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { inLocale, useLocal } from "../ui/local.ts";
import { State } from "../ui/marks.tsx";
import { Rich } from "../ui/Rich.tsx";

export function Ticket({ challenge, seed }: { readonly challenge: ChallengeFacts; readonly seed: number }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const briefing = useLab((s) => s.briefing) ?? challenge.briefing;
  const free = challenge.machines.filter((m) => !challenge.locked.includes(m));
  return (
    <aside className="case" aria-label={t("pane.ticket")} data-pane="read">
      <div className="in" id="main" tabIndex={-1}>
        <p className="ov">
          {t("ticket.ticket")} · {t("ticket.variant", { seed })}
        </p>
        <h1>{say(challenge.title)}</h1>
        <p>
          <Rich text={say(briefing.symptom)} />
        </p>
        {say(briefing.ticket) && (
          <blockquote>
            <Rich text={say(briefing.ticket).trim()} />
          </blockquote>
        )}
        <p className="soft rules">
          {challenge.locked.length > 0 && t("ticket.rules", { machines: free.join(", ") })}{" "}
          {challenge.locked.length > 0 && t("ticket.lockedRule", { machines: challenge.locked.join(", ") })}
        </p>
        <GoalList challenge={challenge} />
        <Hints />
        <Evidence challenge={challenge} seed={seed} />
        <ResultView />
      </div>
      <Submit challenge={challenge} seed={seed} />
    </aside>
  );
}

function GoalList({ challenge }: { readonly challenge: ChallengeFacts }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const goals = useLab((s) => s.goals);
  const checking = useLab((s) => s.checking);
  return (
    <section aria-labelledby="ticket-goals">
      <h2 id="ticket-goals">
        {t("ticket.goals")} {checking && <span className="muted">{t("goals.checking")}</span>}
      </h2>
      <ul className="plain-list" aria-live="polite">
        {goals.length > 0
          ? goals.map((g) => (
              <li key={g.id} className="g">
                <State mark={markOf(g)} size={17} />
                <span>{say(g.title)}</span>
                {(g.state !== "met" || g.found) && <span className="s">{noteOf(g, t, say)}</span>}
                {g.state === "met" && !g.found && <span className="sr">{t("goals.met")}</span>}
                {g.state === "unmet" && g.look && (
                  <span className="s">
                    {t("ticket.look")}: <Rich text={say(g.look)} />
                  </span>
                )}
              </li>
            ))
          : challenge.goals.map((g) => (
              <li key={g.id} className="g">
                <State mark={g.visible ? "idle" : "lock"} size={17} />
                <span>{say(g.title)}</span>
                {!g.visible && <span className="s">{t("goals.hidden")}</span>}
              </li>
            ))}
      </ul>
    </section>
  );
}

function Hints(): JSX.Element {
  const t = useT();
  const say = useLocal();
  const hints = useLab((s) => s.hints);
  const needs = useLab((s) => s.nextHintNeeds);
  const ready = useLab((s) => s.phase === "ready");
  const entered = useLab((s) => s.entered);
  // the next rung opens by looking again, not by pressing again
  const [at, setAt] = useState({ rungs: hints.length, entered });
  if (at.rungs !== hints.length) setAt({ rungs: hints.length, entered });
  const looked = entered > at.entered;
  return (
    <section aria-labelledby="ticket-hints">
      <h2 id="ticket-hints">{t("ticket.hints")}</h2>
      <ol className="ladder" aria-live="polite">
        {hints.map((h) => (
          <li key={h.rung} className="rung">
            <Rich text={say(h.text)} />{" "}
            <span className="muted">
              {h.rung === 0 ? "" : h.cost === 0 ? t("ticket.hintFree") : t("ticket.hintCost", { n: h.cost > 0 ? `−${h.cost}` : h.cost })}
            </span>
          </li>
        ))}
        {needs !== "none" && (
          <li className="rung next">
            {looked ? (
              <button type="button" className="link" disabled={!ready} onClick={askHint}>
                {t("ticket.hintAsk")}
              </button>
            ) : (
              <span className="muted">{t("ticket.hintNext")}</span>
            )}
          </li>
        )}
      </ol>
    </section>
  );
}

function Evidence({ challenge, seed }: { readonly challenge: ChallengeFacts; readonly seed: number }): JSX.Element | null {
  const t = useT();
  const say = useLocal();
  const locale = useLocale();
  const { ask } = challenge;
  const where = `challenge/${challenge.id}/${seed}`;
  const kept = useProgress((s) => s.progress.evidence.get(`${where}/${ask?.id}`));
  const keep = useProgress((s) => s.keep);
  useEffect(() => {
    if (!ask) return;
    return takesEvidence(ask.id, (decision) => {
      pinEvidence(ask.id, decision);
      keep({
        do: "evidence",
        chapter: where,
        question: ask.id,
        key: decision.key,
        line: `${decision.machine}: ${inLocale(decision.title, locale)}`,
        right: false,
      });
    });
  }, [ask, where, keep, locale]);
  if (!ask) return null;
  const pick = (): void => {
    useUi.setState({ picking: { id: ask.id, text: say(ask.text) } });
    void openJourney(useUi.getState().journey?.packet ?? null);
  };
  return (
    <section aria-labelledby="ticket-evidence" id={`evidence-${ask.id}`} tabIndex={-1}>
      <h2 id="ticket-evidence">{t("ticket.evidence", { question: say(ask.text) })}</h2>
      {kept ? (
        <div className="ev">
          <Icon name="pin" />
          <span>
            {kept.line}
            <br />
            <span className="soft">{t("evidence.kept")}</span>
          </span>
          <button type="button" className="link" onClick={pick}>
            {t("evidence.change")}
          </button>
        </div>
      ) : (
        <p className="ev empty-ev">
          <Icon name="pin" />
          <span className="muted">{t("evidence.empty")}</span>
          <button type="button" className="link" onClick={pick}>
            {t("evidence.open")}
          </button>
        </p>
      )}
    </section>
  );
}

function Submit({ challenge, seed }: { readonly challenge: ChallengeFacts; readonly seed: number }): JSX.Element {
  const t = useT();
  const ready = useLab((s) => s.phase === "ready");
  const grading = useLab((s) => s.grading);
  const leader = useUi((s) => s.leader);
  const submit = async (): Promise<void> => {
    const result = await grade();
    if (!result) return;
    useProgress.getState().keep({ do: "result", challenge: challenge.id, seed, score: result.score, passed: result.passed });
    requestAnimationFrame(() => {
      const title = document.getElementById("ticket-result");
      title?.closest("section")?.scrollIntoView({ block: "start" });
      title?.focus({ preventScroll: true });
    });
  };
  return (
    <div className="sub">
      <button type="button" className="b pri lg" disabled={!ready || grading || !leader} onClick={() => void submit()}>
        {t("ticket.submit")}
      </button>
      <output className="muted sub-note">{grading ? t("ticket.grading") : t("ticket.submitNote")}</output>
    </div>
  );
}

function ResultView(): JSX.Element | null {
  const t = useT();
  const result = useLab((s) => s.graded);
  const challenge = useLab((s) => s.key?.challenge);
  if (!result || !challenge) return null;
  const another = (): void => go({ screen: "challenge", challenge, seed: 1 + Math.floor(Math.random() * 9999) });
  return (
    <section aria-labelledby="ticket-result" className="result">
      <h2 id="ticket-result" tabIndex={-1}>
        <State mark={result.passed ? "ok" : "bad"} size={17}>
          {t(result.passed ? "ticket.passed" : "ticket.failed")}
        </State>{" "}
        <span className="muted tnum score">{t("ticket.score", { score: result.score })}</span>
      </h2>
      <Checks checks={result.goals} title={t("ticket.goals")} />
      <Checks checks={result.invariants} title={t("ticket.invariants")} />
      <Checks checks={result.forbidden} title={t("ticket.forbidden")} />
      {result.passed && <Reveal />}
      {result.passed && (
        <button type="button" className="b" onClick={another}>
          {t("ticket.newVariant")}
        </button>
      )}
    </section>
  );
}

/** Told after a repair that passes: what had been wrong, why it showed as it did, where one meets it. */
function Reveal(): JSX.Element | null {
  const t = useT();
  const say = useLocal();
  const reveal = useLab((s) => s.reveal);
  if (!reveal) return null;
  return (
    <>
      {(["cause", "why", "realWorld"] as const).map((part) => (
        <div key={part} className="reveal">
          <h3>{t(`ticket.${part}`)}</h3>
          <p>
            <Rich text={say(reveal[part])} />
          </p>
        </div>
      ))}
    </>
  );
}

/** What was expected, what was found, and one next thing to look at: for every check that failed. */
function Checks({ checks, title }: { readonly checks: GradeResult["goals"]; readonly title: string }): JSX.Element | null {
  const t = useT();
  const challenge = challengeById(useLab((s) => s.key?.challenge) ?? "");
  const say = useLocal();
  if (checks.length === 0) return null;
  const titles = [...(challenge?.goals ?? []), ...(challenge?.rules ?? [])];
  return (
    <>
      <h3>{title}</h3>
      <ul className="plain-list">
        {checks.map((c) => {
          const title = titles.find((x) => x.id === c.id)?.title;
          return (
            <li key={c.id} className="g">
              <State mark={c.passed ? "ok" : "bad"} size={17} />
              <span>{title ? say(title) : c.expected || c.id}</span>
              {!c.passed && (
                <dl className="s facts">
                  <div className="fact">
                    <dt>{t("ticket.expected")}</dt>
                    <dd>{c.expected}</dd>
                  </div>
                  <div className="fact">
                    <dt>{t("ticket.found")}</dt>
                    <dd>{c.found}</dd>
                  </div>
                  <div className="fact">
                    <dt>{t("ticket.look")}</dt>
                    <dd>
                      <Rich text={c.look} />
                    </dd>
                  </div>
                </dl>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

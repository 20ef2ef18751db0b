/** A question answered by pinning a decision of a packet's journey. */
import { useEffect, useRef, type JSX } from "react";
import type { DecisionView } from "../../sim/session/protocol.ts";
import { openJourney } from "../journey/open.ts";
import { takesEvidence } from "../journey/pin.ts";
import { useT, useLocale } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { pinEvidence } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { inLocale } from "../ui/local.ts";
import { State } from "../ui/marks.tsx";
import type { EvidenceAccept, EvidenceQuestionProps } from "./components.tsx";
import { useChapter, useTask } from "./context.ts";

export const agrees = (d: DecisionView, accept: EvidenceAccept): boolean =>
  (accept.site === undefined || accept.site === d.site) &&
  (accept.machine === undefined || accept.machine === d.machine) &&
  (accept.reason === undefined || accept.reason === d.reason) &&
  (accept.verdict === undefined || accept.verdict === d.verdict);

export function EvidenceQuestion({ id, accept, answer, children }: EvidenceQuestionProps): JSX.Element {
  const t = useT();
  const locale = useLocale();
  const { chapter } = useChapter();
  const kept = useProgress((s) => s.progress.evidence.get(`${chapter}/${id}`));
  const keep = useProgress((s) => s.keep);
  const leader = useUi((s) => s.leader);
  const text = useRef<HTMLDivElement>(null);
  useTask(id, kept?.right === true);

  const acceptable = JSON.stringify(accept);
  useEffect(
    () =>
      takesEvidence(id, (decision) => {
        const accepts = JSON.parse(acceptable) as EvidenceAccept | EvidenceAccept[];
        const right = (Array.isArray(accepts) ? accepts : [accepts]).some((a) => agrees(decision, a));
        const accepted = decision.verdict !== "stopped" ? "|accepted" : "";
        pinEvidence(id, decision);
        keep({
          do: "evidence",
          chapter,
          question: id,
          key: `${decision.key}${accepted}`,
          line: `${decision.machine}: ${inLocale(decision.title, locale)}`,
          right,
        });
      }),
    [id, acceptable, chapter, keep, locale],
  );

  const pick = (): void => {
    useUi.setState({ picking: { id, text: text.current?.textContent?.trim() ?? "" } });
    void openJourney(useUi.getState().journey?.packet ?? null);
  };

  return (
    <section className="faded evidence" id={`evidence-${id}`} tabIndex={-1} aria-label={t("evidence.title")}>
      <b>{t("evidence.title")}</b>
      <div className="q" ref={text}>
        {children}
      </div>
      {kept ? (
        <div className="ev">
          <Icon name="pin" />
          <span>{kept.line}</span>
          <button type="button" className="link" onClick={pick}>
            {t("evidence.change")}
          </button>
        </div>
      ) : (
        <div className="row predict-end">
          <button type="button" className="b pri" disabled={!leader} onClick={pick}>
            {t("evidence.open")}
          </button>
          <span className="muted">{t("evidence.empty")}</span>
        </div>
      )}
      {kept && (
        <output className="predict-end">
          {kept.right ? (
            <State mark="ok">{t("evidence.right")}</State>
          ) : (
            <State mark="bad">{t(kept.key.endsWith("|accepted") ? "evidence.acceptedNot" : "evidence.wrong")}</State>
          )}
        </output>
      )}
      {kept?.right && answer && <div className="answer-note">{answer}</div>}
    </section>
  );
}

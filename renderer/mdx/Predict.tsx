/** Questions with options. Predict keeps an answer and never grades it; Recall has one that is right. */
import { Children, isValidElement, useId, useState, type JSX, type ReactElement, type ReactNode } from "react";
import { useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { State } from "../ui/marks.tsx";
import type { AnswerProps, OptionProps, PredictProps, RecallProps } from "./components.tsx";
import { useChapter, useTask } from "./context.ts";

/** Read by the question around them, never drawn by themselves. */
export function Option({ children }: OptionProps): JSX.Element {
  return <>{children}</>;
}
export function Answer({ children }: AnswerProps): JSX.Element {
  return <>{children}</>;
}

function pieces(children: ReactNode): { question: ReactNode[]; options: ReactElement<OptionProps>[]; answer: ReactNode } {
  const question: ReactNode[] = [];
  const options: ReactElement<OptionProps>[] = [];
  let answer: ReactNode = null;
  const take = (node: ReactNode): void => {
    if (isValidElement<OptionProps>(node) && node.type === Option) options.push(node);
    else if (isValidElement<AnswerProps>(node) && node.type === Answer) answer = node;
    // MDX wraps options that stand in a paragraph
    else if (
      isValidElement<{ children?: ReactNode }>(node) &&
      Children.toArray(node.props.children).some((c) => isValidElement(c) && (c.type === Option || c.type === Answer))
    )
      Children.forEach(node.props.children, take);
    else if (!(typeof node === "string" && node.trim() === "")) question.push(node);
  };
  Children.toArray(children).forEach(take);
  return { question, options, answer };
}

export function Predict({ id, children }: PredictProps): JSX.Element {
  return (
    <Question id={id} graded={false}>
      {children}
    </Question>
  );
}

export function Recall({ id, children }: RecallProps): JSX.Element {
  return (
    <Question id={id} graded>
      {children}
    </Question>
  );
}

function Question({ id, graded, children }: { readonly id: string; readonly graded: boolean; readonly children: ReactNode }): JSX.Element {
  const t = useT();
  const { chapter } = useChapter();
  const kept = useProgress((s) => s.progress.answers.get(`${chapter}/${id}`)) ?? null;
  const keep = useProgress((s) => s.keep);
  const leader = useUi((s) => s.leader);
  const [chosen, setChosen] = useState<string | null>(null);
  const name = useId();
  const { question, options, answer } = pieces(children);
  const choice = kept ?? chosen;
  const right = options.find((o) => o.props.id === kept)?.props.right === true;
  useTask(id, kept !== null && (!graded || right));
  const words = t(graded ? "recall.title" : "predict.title");

  return (
    <section className="predict" aria-label={words}>
      <fieldset>
        <legend className="row">
          <b>{words}</b>
          {!graded && <span className="muted">{t("predict.note")}</span>}
        </legend>
        <div className="q">{question}</div>
        {options.map((option) => (
          <label key={option.props.id} className={`opt${choice === option.props.id ? " sel" : ""}`}>
            <input
              type="radio"
              name={name}
              value={option.props.id}
              checked={choice === option.props.id}
              disabled={kept !== null}
              onChange={() => setChosen(option.props.id)}
            />
            <span>{option.props.children}</span>
            {graded && kept === option.props.id && <State mark={right ? "ok" : "bad"} size={16} />}
          </label>
        ))}
      </fieldset>
      <div className="row predict-end">
        {kept === null ? (
          <>
            <button
              type="button"
              className="b pri"
              disabled={chosen === null || !leader}
              onClick={() => chosen && keep({ do: "answer", chapter, question: id, choice: chosen })}
            >
              {t(graded ? "recall.check" : "predict.keep")}
            </button>
            <span className="muted">{chosen === null ? t("predict.choose") : graded ? "" : t("predict.after")}</span>
          </>
        ) : (
          <>
            <output className={graded ? undefined : "muted"}>
              {graded ? <State mark={right ? "ok" : "bad"}>{t(right ? "recall.right" : "recall.wrong")}</State> : t("predict.kept")}
            </output>
            {!right && (
              <button
                type="button"
                className="link"
                onClick={() => {
                  setChosen(null);
                  keep({ do: "unanswer", chapter, question: id });
                }}
              >
                {t("predict.change")}
              </button>
            )}
          </>
        )}
      </div>
      {kept !== null && (!graded || right) && answer && <div className="answer-note">{answer}</div>}
    </section>
  );
}

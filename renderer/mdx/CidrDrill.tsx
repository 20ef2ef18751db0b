/** Questions about prefixes, one after the other, at four levels. The first answer to a question counts; all are explained. */
import { useId, useRef, useState, type JSX } from "react";
import { LEVELS, makeDrill, type Drill, type Level } from "../addresses/drills.ts";
import { judge, type Verdict } from "../addresses/judge.ts";
import { useT } from "../state/prefs.ts";
import { NO_DRILL, STREAK, useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { State } from "../ui/marks.tsx";
import { Bits } from "./Bits.tsx";
import type { CidrDrillProps } from "./components.tsx";
import { useChapter, useTask } from "./context.ts";

export function CidrDrill({ id }: CidrDrillProps): JSX.Element {
  const t = useT();
  const { chapter } = useChapter();
  const progress = useProgress((s) => s.progress.drills.get(`${chapter}/${id}`)) ?? NO_DRILL;
  const keep = useProgress((s) => s.keep);
  const leader = useUi((s) => s.leader);
  useTask(id, progress.passed);
  /** the question in hand stays until the next is asked for, though its answer is counted; null: the first not yet answered */
  const [hand, setHand] = useState<{ level: Level; n: number } | null>(null);
  const level = hand?.level ?? progress.level;
  const n = hand?.n ?? progress.asked[level] ?? 0;
  const go = (to: Level): void => setHand({ level: to, n: useProgress.getState().progress.drills.get(`${chapter}/${id}`)?.asked[to] ?? 0 });

  return (
    <section className="drill" aria-label={t("drill.title")}>
      <div className="row wrap">
        <b>{t("drill.title")}</b>
        <span className="grow" />
        <fieldset className="switch" aria-label={t("drill.levels")}>
          {LEVELS.map((l) => (
            <button
              key={l}
              type="button"
              aria-pressed={l === level}
              aria-label={t("drill.levelOf", { n: l, name: t(`drill.name${l}`) })}
              onClick={() => go(l)}
            >
              {l}
            </button>
          ))}
        </fieldset>
      </div>
      <p className="muted">
        {t("drill.levelOf", { n: level, name: t(`drill.name${level}`) })} · {t("drill.number", { n: n + 1 })} ·{" "}
        {t("drill.streak", { n: Math.min(STREAK, progress.streak[level] ?? 0), goal: STREAK })}
      </p>
      <Question
        key={`${level}/${n}`}
        drill={makeDrill(level, n)}
        onFirst={(right) => {
          setHand({ level, n });
          if (leader) keep({ do: "drill", chapter, drill: id, level, n, right });
        }}
        onNext={() => go(useProgress.getState().progress.drills.get(`${chapter}/${id}`)?.level ?? level)}
      />
      <output className="drill-goal muted">
        {progress.passed ? <State mark="ok">{t("drill.passed", { goal: STREAK })}</State> : t("drill.goal", { goal: STREAK })}
      </output>
    </section>
  );
}

function Question({ drill, onFirst, onNext }: { readonly drill: Drill; onFirst(right: boolean): void; onNext(): void }): JSX.Element {
  const t = useT();
  const name = useId();
  const [typed, setTyped] = useState("");
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [worked, setWorked] = useState(false);
  const answered = useRef(false);
  const next = useRef<HTMLButtonElement>(null);
  const done = verdict?.state === "right" || worked;

  const count = (right: boolean): void => {
    if (answered.current) return;
    answered.current = true;
    onFirst(right);
  };
  const check = (): void => {
    const v = judge(drill, typed);
    setVerdict(v);
    if (v.state === "unread") return;
    count(v.state === "right");
    if (v.state === "right") requestAnimationFrame(() => next.current?.focus());
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (done) onNext();
        else check();
      }}
    >
      <p className="q">{t(drill.ask.key, drill.ask.params)}</p>
      {drill.form === "choice" ? (
        <fieldset>
          <legend className="sr">{t("drill.answer")}</legend>
          {drill.options.map((o) => (
            <label key={o.id} className={`opt${typed === o.id ? " sel" : ""}`}>
              <input type="radio" name={name} value={o.id} checked={typed === o.id} disabled={done} onChange={() => setTyped(o.id)} />
              <span className={typeof o.label === "string" ? "mono" : undefined}>
                {typeof o.label === "string" ? o.label : t(o.label.key, o.label.params)}
              </span>
            </label>
          ))}
        </fieldset>
      ) : (
        <div className="row wrap">
          <label htmlFor={name} className="sr">
            {t("drill.answer")}
          </label>
          <input
            id={name}
            className="field mono"
            value={typed}
            readOnly={done}
            spellCheck={false}
            autoComplete="off"
            aria-describedby={`${name}-form ${name}-said`}
            onChange={(event) => setTyped(event.target.value)}
          />
          <span id={`${name}-form`} className="muted">
            {t(`drill.form.${drill.form}`)}
          </span>
        </div>
      )}
      <output id={`${name}-said`} className="field-note">
        {verdict && (
          <State mark={verdict.state === "right" ? "ok" : verdict.state === "wrong" ? "bad" : "look"}>
            {t(verdict.why.key, verdict.why.params)}
          </State>
        )}
      </output>
      {verdict?.typed && !done && <Bits {...verdict.typed} label={t("drill.yours")} />}
      <div className="row wrap">
        {done ? (
          <button type="submit" className="b pri" ref={next}>
            {t("drill.next")}
          </button>
        ) : (
          <button type="submit" className="b pri">
            {t("drill.check")}
          </button>
        )}
        {!done && verdict?.state === "wrong" && (
          <button type="button" className="link" onClick={() => setWorked(true)}>
            {t("drill.show")}
          </button>
        )}
      </div>
      {done && <Worked drill={drill} typed={verdict?.typed} />}
    </form>
  );
}

function Worked({ drill, typed }: { readonly drill: Drill; readonly typed: Verdict["typed"] }): JSX.Element {
  const t = useT();
  const option = drill.options.find((o) => o.id === drill.answer)?.label;
  const answer = typeof option === "object" ? t(option.key, option.params) : drill.answer;
  const last = drill.bits.at(-1);
  return (
    <section className="answer-note" aria-label={t("drill.worked")}>
      <b>{t("drill.theAnswer", { answer })}</b>
      <ol className="worked">
        {drill.steps.map((s, i) => (
          <li key={i}>{t(s.key, s.params)}</li>
        ))}
      </ol>
      {drill.bits.map((b, i) => (
        <Bits key={i} {...b} label="" />
      ))}
      {typed && last && <Bits {...typed} label={t("drill.yours")} against={last.addr} />}
    </section>
  );
}

/** A step whose command is the learner's. It ticks when the network is as asked, whoever made it so and however. */
import { useEffect, type JSX } from "react";
import { allHold } from "../state/conditions.ts";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { typeInto } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { MachineBadge, State } from "../ui/marks.tsx";
import type { FadedStepProps } from "./components.tsx";
import { useChapter, useTask } from "./context.ts";

export function FadedStep({ id, on, given, when, look, children }: FadedStepProps): JSX.Element {
  const t = useT();
  const { chapter } = useChapter();
  const done = useProgress((s) => s.progress.steps.has(`${chapter}/${id}`));
  const keep = useProgress((s) => s.keep);
  const leader = useUi((s) => s.leader);
  const met = useLab((s) => s.phase === "ready" && allHold(when, s.topology, s.packets));
  const ready = useLab((s) => s.phase === "ready" && (s.topology?.machines.some((m) => m.name === on) ?? false));
  const busy = useLab((s) => Object.values(s.terminals).some((v) => v.machine === on && v.busy !== null));
  useTask(id, done);
  useEffect(() => {
    if (met && !done && leader) keep({ do: "step", chapter, step: id });
  }, [met, done, leader, keep, chapter, id]);

  return (
    <section className="faded" aria-label={t("faded.title")}>
      <div className="row">
        <b>{t("faded.title")}</b>
        <span className="muted row">
          <MachineBadge name={on} /> {on}
        </span>
      </div>
      <div className="q">{children}</div>
      {given && (
        <div className="code">
          {given.split("\n").map((line) => (
            <div key={line} className="given">
              <pre>
                <code>
                  {line.split("___").map((piece, i) => (
                    <span key={`${i}${piece}`}>
                      {i > 0 && <span className="gap" aria-label="…" role="img" />}
                      {piece}
                    </span>
                  ))}
                </code>
              </pre>
              <button
                type="button"
                className="b quiet"
                disabled={!ready || busy || !leader}
                onClick={() => typeInto(on, line.split("___")[0] ?? "")}
                aria-label={`${t("block.type")}: ${line.replaceAll("___", "…")}`}
              >
                <Icon name="type" />
                <span className="word">{t("block.type")}</span>
              </button>
            </div>
          ))}
        </div>
      )}
      <output className="row predict-end">
        {met || done ? <State mark="ok">{t("faded.met")}</State> : <State mark="idle">{t("faded.unmet")}</State>}
        {!met && !done && look && <span className="muted">{look}</span>}
      </output>
    </section>
  );
}

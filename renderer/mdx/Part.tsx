/** A part of a chapter: a stop on the line beside the text. Done when its end was seen and its tasks are done. */
import { useCallback, useEffect, useMemo, useRef, useState, type JSX } from "react";
import { useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import type { PartProps } from "./components.tsx";
import { PartContext, useChapter } from "./context.ts";

export function Part({ id, kind, title, children }: PartProps): JSX.Element {
  const t = useT();
  const { chapter } = useChapter();
  const done = useProgress((s) => s.progress.parts.has(`${chapter}/${id}`));
  const loaded = useProgress((s) => s.loaded);
  const keep = useProgress((s) => s.keep);
  const leader = useUi((s) => s.leader);
  const now = useUi((s) => s.stops.find((stop) => stop.state === "now")?.id === id);
  const end = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  const [tasks, setTasks] = useState<ReadonlyMap<string, boolean>>(new Map());
  const task = useCallback(
    (name: string, state: boolean) => setTasks((map) => (map.get(name) === state ? map : new Map(map).set(name, state))),
    [],
  );
  const context = useMemo(() => ({ id, task }), [id, task]);

  useEffect(() => {
    const element = end.current;
    if (!element || seen) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((e) => e.isIntersecting)) setSeen(true);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen]);

  const finished = seen && [...tasks.values()].every(Boolean);
  useEffect(() => {
    if (finished && loaded && leader && !done) keep({ do: "part", chapter, part: id });
  }, [finished, loaded, leader, done, keep, chapter, id]);

  return (
    <PartContext value={context}>
      <section className="part sec" id={id} aria-labelledby={`${id}-title`} data-part={id}>
        <span className={`stop${now ? " now" : done ? " done" : ""}`} aria-hidden="true" />
        <p className="ov">
          {t(`kind.${kind}`)}
          {done && <span className="sr"> · {t("chapter.partDone")}</span>}
        </p>
        <h2 id={`${id}-title`} tabIndex={-1}>
          {title}
        </h2>
        {children}
        <span ref={end} className="part-end" />
      </section>
    </PartContext>
  );
}

/** The course map: where you were, eleven chapters on three lines, the incidents room. Nothing is locked. */
import { useEffect, useState, type JSX } from "react";
import {
  challengeList,
  chapterList,
  chapterOfChallenge,
  labById,
  outlineFor,
  syllabus,
  type ChallengeFacts,
  type LabFacts,
  type SyllabusChapter,
} from "../course/catalog.ts";
import { progressStore } from "../session/host.ts";
import { useLocale, useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useLocal } from "../ui/local.ts";
import { Level, State } from "../ui/marks.tsx";
import { Rich } from "../ui/Rich.tsx";
import { go, hrefOf } from "./routes.ts";
import { HomeNav, TopBar } from "./TopBar.tsx";

export function Home(): JSX.Element {
  const t = useT();
  const say = useLocal();
  return (
    <div className="app home-app">
      <TopBar>
        <HomeNav />
      </TopBar>
      <main className="home" id="main" tabIndex={-1}>
        <div className="l" data-pane="course">
          <Continue />
          <div className="mh">
            <h2>{t("home.course")}</h2>
            <span className="muted">{t("home.courseNote")}</span>
          </div>
          <div className="legs">
            {syllabus.map((group) => (
              <section key={group.title.en} className="leg">
                <h3>{say(group.title)}</h3>
                <ol>
                  {group.chapters.map((c) => (
                    <ChapterStop key={c.id} chapter={c} />
                  ))}
                </ol>
              </section>
            ))}
          </div>
          <div className="ft">
            <span>
              {t("home.offline")} <PersistNote />
            </span>
            <button type="button" className="link" onClick={() => void exportCopy()}>
              {t("home.export")}
            </button>
          </div>
        </div>
        <Incidents />
      </main>
    </div>
  );
}

/** Where the course goes on: the part read last, else the first chapter that is there. */
function Continue(): JSX.Element | null {
  const t = useT();
  const say = useLocal();
  const locale = useLocale();
  const progress = useProgress((s) => s.progress);
  const chapter =
    chapterList.find((c) => c.id === progress.last?.chapter && outlineFor(c.id, locale)) ??
    chapterList.find((c) => outlineFor(c.id, locale));
  const outline = chapter ? outlineFor(chapter.id, locale) : null;
  if (!chapter || !outline) return null;
  const parts = outline.entries.filter((e) => e.level === 1);
  const started = progress.last?.chapter === chapter.id;
  const part = parts.find((p) => p.id === progress.last?.part) ?? parts[0];
  const done = parts.filter((p) => progress.parts.has(`${chapter.id}/${p.id}`)).length;
  const minutes = outline.minutes || chapter.minutes;
  const left = Math.max(5, Math.round((minutes * (parts.length - done)) / Math.max(1, parts.length) / 5) * 5);
  const kind = part?.kind && started ? ` · ${t(`kind.${part.kind}` as "kind.predict").toLocaleLowerCase(locale)}` : "";
  return (
    <section className="card go">
      <div>
        <div className="ov">{t(started ? "home.continue" : "home.start")}</div>
        <h1>{started ? part?.title : say(chapter.title)}</h1>
        <p className="soft">
          {started ? say(chapter.title) : outline.summary}
          {kind} · {started ? t("home.minutesLeft", { n: left }) : t("home.minutes", { n: minutes })}
        </p>
        {started && <p className="muted note-line">{t("home.parts", { done, total: parts.length })}</p>}
        <div className="row go-buttons">
          <a className="b pri lg" href={hrefOf({ screen: "chapter", chapter: chapter.id, section: started ? (part?.id ?? null) : null })}>
            {t(started ? "home.continue" : "home.startButton")}
          </a>
          {started && (
            <a className="b quiet lg" href={hrefOf({ screen: "chapter", chapter: chapter.id, section: parts[0]?.id ?? null })}>
              {t("home.overview")}
            </a>
          )}
        </div>
      </div>
      <LabSketch lab={labById(outline.lab ?? "")} />
    </section>
  );
}

interface Bar {
  readonly x: number;
  readonly on: readonly string[];
}
/** The machines of a lab and how they are joined: two by a cable or a switch between them, more by a switch's bar. */
function joined(lab: LabFacts): { hosts: LabFacts["machines"]; pairs: (readonly [string, string])[]; bars: Bar[] } {
  const hosts = lab.machines.filter((m) => m.kind === "host").sort((a, b) => a.x - b.x);
  const isHost = (name: string): boolean => hosts.some((h) => h.name === name);
  const pairs = lab.cables.filter(([a, b]) => isHost(a) && isHost(b));
  const bars: Bar[] = [];
  for (const bar of lab.machines.filter((m) => m.kind === "switch")) {
    const on = hosts.filter((h) => lab.cables.some(([a, b]) => (a === h.name && b === bar.name) || (b === h.name && a === bar.name)));
    if (on.length > 2) bars.push({ x: bar.x, on: on.map((h) => h.name) });
    else if (on[0] && on[1]) pairs.push([on[0].name, on[1].name]);
  }
  return { hosts, pairs, bars };
}

/** The chapter's lab in small, drawn from its manifest: machines in their columns, a line where a link joins two. */
function LabSketch({ lab }: { readonly lab: LabFacts | null }): JSX.Element | null {
  const say = useLocal();
  if (!lab || lab.machines.length === 0) return null;
  const { hosts, pairs, bars } = joined(lab);
  const columns = [...new Set(hosts.map((m) => m.x))];
  // machines of different columns stand in one row, as in the picture of the lab
  const rows = columns.length === hosts.length ? [0] : [...new Set(hosts.map((m) => m.y))].sort((a, b) => a - b);
  const wide = Math.max(78, ...hosts.map((m) => m.name.length * 7 + 20));
  const at = hosts.map((m) => ({ m, x: 1 + columns.indexOf(m.x) * (wide + 40), y: 1 + Math.max(0, rows.indexOf(m.y)) * 92 }));
  const width = columns.length * wide + (columns.length - 1) * 40 + 2;
  const ends = pairs.flatMap(([a, b]) => {
    const [from, to] = [at.find((p) => p.m.name === a), at.find((p) => p.m.name === b)];
    if (!from || !to) return [];
    const [left, right] = from.x <= to.x ? [from, to] : [to, from];
    return [{ key: `${a} ${b}`, left: { x: left.x + wide, y: left.y + 34 }, right: { x: right.x, y: right.y + 34 } }];
  });
  const drawnBars = bars.map((bar) => {
    const before = Math.max(1, columns.filter((c) => c < bar.x).length);
    const x = 1 + (before - 1) * (wide + 40) + wide + 20;
    const on = at.filter((p) => bar.on.includes(p.m.name)).map((p) => ({ x: p.x < x ? p.x + wide : p.x, y: p.y + 34, key: p.m.name }));
    return { x, on, top: Math.min(...on.map((e) => e.y)) - 14, bottom: Math.max(...on.map((e) => e.y)) + 14 };
  });
  return (
    <div className="pic">
      <svg
        className="topo"
        viewBox={`-8 -6 ${width + 16} ${rows.length * 92 - 24 + 14}`}
        role="img"
        aria-label={`${say(lab.title)}: ${hosts.map((m) => m.name).join(", ")}`}
      >
        {at.map(({ m, x, y }, i) => (
          <g key={m.name} transform={`translate(${x} ${y})`}>
            <rect className="host" width={wide} height="68" rx="8" />
            <rect x="9" y="10" width="26" height="19" rx="4" style={{ fill: `var(--m${(i % 4) + 1})` }} />
            <text className="badge" x="22" y="23.5" textAnchor="middle">
              {m.badge}
            </text>
            <text className="sketch-name" x="9" y="52">
              {m.name}
            </text>
          </g>
        ))}
        {drawnBars.map((bar) => (
          <g key={bar.x} className="socket up">
            {bar.on.map((end) => (
              <path key={end.key} className="cable" d={`M${end.x} ${end.y}H${bar.x}`} />
            ))}
            <rect className="bar" x={bar.x - 4} y={bar.top} width="8" height={bar.bottom - bar.top} rx="3" />
            {bar.on.map(({ key, x, y }) => (
              <g key={key}>
                <rect x={x - 5.5} y={y - 8} width="11" height="16" rx="2" />
                <rect className="fill" x={x - 2.5} y={y - 5} width="5" height="10" />
              </g>
            ))}
          </g>
        ))}
        {ends.map(({ key, left, right }) => (
          <g key={key} className="socket up">
            <path className="cable" d={`M${left.x} ${left.y}L${right.x} ${right.y}`} />
            {[left, right].map(({ x, y }) => (
              <g key={x}>
                <rect x={x - 5.5} y={y - 8} width="11" height="16" rx="2" />
                <rect className="fill" x={x - 2.5} y={y - 5} width="5" height="10" />
              </g>
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function ChapterStop({ chapter }: { readonly chapter: SyllabusChapter }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const locale = useLocale();
  const progress = useProgress((s) => s.progress);
  const outline = outlineFor(chapter.id, locale);
  const parts = outline?.entries.filter((e) => e.level === 1) ?? [];
  const done = parts.filter((p) => progress.parts.has(`${chapter.id}/${p.id}`)).length;
  const share = parts.length === 0 ? 0 : done / parts.length;
  const now = progress.last?.chapter === chapter.id;
  return (
    <li className={`cs${now ? " now" : ""}${outline ? "" : " coming"}`}>
      <Ring n={chapter.number} share={share} now={now} coming={!outline} />
      {outline ? (
        <a
          href={hrefOf({ screen: "chapter", chapter: chapter.id, section: now ? (progress.last?.part ?? null) : null })}
          aria-current={now ? "step" : undefined}
        >
          {say(chapter.title)}
          {share === 1 && <span className="sr"> ({t("home.chapterDone")})</span>}
          {now && share < 1 && <span className="sr"> ({t("home.chapterNow")})</span>}
        </a>
      ) : (
        <span className="cs-title">{say(chapter.title)}</span>
      )}
      <span className="ds">{say(chapter.about)}</span>
      <span className="mt tnum">{outline ? t("home.minutes", { n: outline.minutes || chapter.minutes }) : t("home.coming")}</span>
    </li>
  );
}

/** A stop: filled when done, a ring with an arc while under way, hollow before. */
function Ring({
  n,
  share,
  now,
  coming,
}: {
  readonly n: number;
  readonly share: number;
  readonly now: boolean;
  readonly coming: boolean;
}): JSX.Element {
  const length = 2 * Math.PI * 14;
  return (
    <svg className="rg" viewBox="0 0 34 34" aria-hidden="true" focusable="false">
      <circle cx="17" cy="17" r="16" style={{ fill: "var(--canvas)" }} />
      {share === 1 ? (
        <>
          <circle cx="17" cy="17" r="14" style={{ fill: "var(--ink-2)", stroke: "var(--ink-2)", strokeWidth: 1.5 }} />
          <path
            d="m11.5 17.3 3.8 3.8 7.2-8"
            style={{ fill: "none", stroke: "var(--surface)", strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round" }}
          />
        </>
      ) : (
        <>
          <circle
            cx="17"
            cy="17"
            r="14"
            style={{
              fill: coming ? "var(--canvas)" : "var(--surface)",
              stroke: "var(--line-2)",
              strokeWidth: 1.5,
              strokeDasharray: coming ? "2.5 3" : undefined,
            }}
          />
          {share > 0 && (
            <circle
              cx="17"
              cy="17"
              r="14"
              transform="rotate(-90 17 17)"
              style={{ fill: "none", stroke: "var(--act)", strokeWidth: 3, strokeDasharray: `${length * share} ${length}` }}
            />
          )}
          <text
            x="17"
            y="21.5"
            textAnchor="middle"
            style={{ fill: now || share > 0 ? "var(--act)" : coming ? "var(--ink-3)" : "var(--ink-2)" }}
          >
            {n}
          </text>
        </>
      )}
    </svg>
  );
}

function Incidents(): JSX.Element {
  const t = useT();
  return (
    <aside className="inc" aria-labelledby="incidents" data-pane="incidents">
      <h2 id="incidents" tabIndex={-1}>
        {t("home.incidents")}
      </h2>
      <p className="soft inc-note">{t("home.incidentsNote")}</p>
      {challengeList.length === 0 && <p className="muted">{t("home.noIncidents")}</p>}
      <ul>
        {challengeList.map((c) => (
          <Incident key={c.id} challenge={c} />
        ))}
      </ul>
      {challengeList.length > 0 && (
        <button type="button" className="b lg draw" onClick={draw}>
          {t("home.draw")}
        </button>
      )}
    </aside>
  );
}

function Incident({ challenge }: { readonly challenge: ChallengeFacts }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const own = useProgress((s) => s.progress.challenges.get(challenge.id));
  const words = !own
    ? t("home.new")
    : own.passed
      ? t("home.solved", { score: own.best ?? 0 })
      : own.best === null
        ? t("home.inProgress")
        : t("home.tried", { score: own.best });
  return (
    <li className="tk">
      <State mark={!own ? "idle" : own.passed ? "ok" : "wait"} size={17} />
      <a href={hrefOf({ screen: "challenge", challenge: challenge.id, seed: own?.seed ?? null })}>{<Rich text={say(challenge.title)} />}</a>
      <span className="mt">
        <span>{t("home.chapterN", { n: chapterOfChallenge(challenge)?.number ?? "?" })}</span>
        <Level level={challenge.level} label={t("home.level", { n: challenge.level })} />
        <span>{words}</span>
      </span>
    </li>
  );
}

/** One at random, those not solved first, in a variant of its own. */
function draw(): void {
  const { challenges } = useProgress.getState().progress;
  const open = challengeList.filter((c) => !challenges.get(c.id)?.passed);
  const pool = open.length > 0 ? open : challengeList;
  const picked = pool[Math.floor(Math.random() * pool.length)];
  if (picked) go({ screen: "challenge", challenge: picked.id, seed: 1 + Math.floor(Math.random() * 9999) });
}

/** Where the browser has not promised to keep the store, and there is something in it. */
function PersistNote(): JSX.Element | null {
  const t = useT();
  const something = useProgress((s) => s.saved === "saved");
  const [kept, setKept] = useState(true);
  useEffect(() => {
    if (something) void navigator.storage?.persisted?.().then(setKept, () => setKept(false));
  }, [something]);
  return something && !kept && !window.hop?.store ? <>{t("lab.persist")}</> : null;
}

async function exportCopy(): Promise<void> {
  const text = await (await progressStore()).exportText();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
  link.download = `hop-progress-${new Date().toISOString().slice(0, 10)}.jsonl`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

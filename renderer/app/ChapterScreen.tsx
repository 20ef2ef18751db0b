/** A chapter: its text beside its lab, with a divider; one pane at a time where only one fits. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type JSX } from "react";
import type { MDXContent } from "mdx/types";
import { chapterById, chapterList, loadChapter, outlineFor } from "../course/catalog.ts";
import type { Locale } from "../i18n/index.ts";
import { Journey } from "../journey/Journey.tsx";
import { LabPane } from "../lab/LabPane.tsx";
import { usePaneInHand } from "../lab/pane-in-hand.ts";
import { mdxComponents } from "../mdx/components.tsx";
import { ChapterContext } from "../mdx/context.ts";
import type { WorldKey } from "../session/client.ts";
import { usePrefs, useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { closeWorld, openWorld } from "../state/world.ts";
import { Divider } from "../ui/Divider.tsx";
import { useMedia, useSinglePane, useSize } from "../ui/hooks.ts";
import { useLocal } from "../ui/local.ts";
import { hrefOf, noteSection, parseRoute } from "./routes.ts";
import { StatusLine } from "./StatusLine.tsx";
import { ChapterCrumb, TopBar } from "./TopBar.tsx";

interface Loaded {
  readonly Content: MDXContent;
  readonly locale: Locale;
  readonly outputs: Record<string, string>;
}

export function ChapterScreen({ chapter }: { readonly chapter: string }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const locale = usePrefs((s) => s.locale);
  const known = chapterById(chapter);
  const outline = outlineFor(chapter, locale);
  const [loaded, setLoaded] = useState<Loaded | "failed" | null>(null);
  const leader = useUi((s) => s.leader);
  const lab = outline?.lab ?? null;
  const seed = outline?.seed ?? 1;
  const home = useMemo<WorldKey | null>(() => (lab ? { lab, challenge: null, seed } : null), [lab, seed]);

  useEffect(() => {
    let current = true;
    loadChapter(chapter, locale).then(
      (next) => current && setLoaded(next),
      () => current && setLoaded("failed"),
    );
    return () => {
      current = false;
    };
  }, [chapter, locale]);

  useEffect(() => {
    if (!leader) return;
    if (home) void openWorld(home);
    else closeWorld();
  }, [home, leader]);

  useEffect(() => {
    document.title = `${known ? say(known.title) : chapter} · Hop by Hop`;
  }, [known, say, chapter]);

  const box = useRef<HTMLElement>(null);
  const { width } = useSize(box);
  const single = useSinglePane();
  usePaneInHand(single);
  const overlay = useMedia("(max-width: 1799px)");
  const pane = useUi((s) => s.pane);
  const journeyOpen = useUi((s) => s.journeyOpen);
  const stored = usePrefs((s) => s.sizes["chapter.read"]);
  const set = usePrefs((s) => s.set);
  const sizes = usePrefs((s) => s.sizes);
  const most = Math.max(480, Math.min(720, width - 480));
  const normal = Math.min(most, Math.max(480, Math.round(width * 0.435)));
  const value = stored === 0 ? 0 : Math.min(most, Math.max(480, stored ?? normal));

  const text = <Reader chapter={chapter} loaded={loaded} outlined={outline !== null} home={home} />;
  return (
    <div className="app">
      <TopBar panes="chapter">
        <ChapterCrumb n={known?.number ?? Number.parseInt(chapter, 10)} title={known ? say(known.title) : chapter} />
      </TopBar>
      <main
        className={`main${single ? " one" : ""}`}
        ref={box}
        style={
          single
            ? undefined
            : { gridTemplateColumns: `${value === 0 ? "auto" : `${value}px`} 0 minmax(0, 1fr)${journeyOpen && !overlay ? " 456px" : ""}` }
        }
      >
        {single ? (
          <>
            <div className="slot" hidden={pane !== "read"}>
              {text}
            </div>
            {outline && <LabPane screen="chapter" />}
          </>
        ) : (
          <>
            {value === 0 ? (
              <button
                type="button"
                className="rail"
                onClick={() => {
                  const { "chapter.read": _, ...rest } = sizes;
                  set({ sizes: rest });
                }}
              >
                {t("divider.restore", { name: t("pane.read") })}
              </button>
            ) : (
              text
            )}
            <Divider
              id="chapter.read"
              direction="vertical"
              value={value}
              min={480}
              max={most}
              before={t("pane.read")}
              after={t("lab.label")}
              collapsible
            />
            <LabPane screen="chapter" />
          </>
        )}
        {/* it lies over the text, so that network and terminals stay in view */}
        {journeyOpen && <Journey over={single || value === 0 ? 0 : overlay ? width - value : null} />}
      </main>
      <StatusLine />
    </div>
  );
}

function Reader({
  chapter,
  loaded,
  outlined,
  home,
}: {
  readonly chapter: string;
  readonly loaded: Loaded | "failed" | null;
  readonly outlined: boolean;
  readonly home: WorldKey | null;
}): JSX.Element {
  const t = useT();
  const locale = usePrefs((s) => s.locale);
  const box = useRef<HTMLElement>(null);
  const text = loaded === "failed" ? null : loaded;
  const context = useMemo(() => ({ chapter, outputs: text?.outputs ?? {}, home }), [chapter, text, home]);
  const content = useMemo(() => (text ? <text.Content components={mdxComponents} /> : null), [text]);

  usePlace(box, chapter, text?.locale ?? null);

  return (
    <article className="read" ref={box} id="main" tabIndex={-1} lang={text?.locale} data-pane="read">
      <span className="spine" aria-hidden="true" />
      {!outlined ? (
        <Coming chapter={chapter} />
      ) : loaded === "failed" ? (
        <p role="alert">{t("chapter.loadFailed")}</p>
      ) : content ? (
        <ChapterContext value={context}>
          {text && text.locale !== locale && <p className="other-language">{t("chapter.otherLanguage")}</p>}
          <Contents chapter={chapter} />
          {content}
          <ChapterEnd chapter={chapter} />
        </ChapterContext>
      ) : (
        <p className="muted">{t("app.loading")}</p>
      )}
    </article>
  );
}

function Coming({ chapter }: { readonly chapter: string }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const known = chapterById(chapter);
  return (
    <div className="coming-page">
      <p className="ov">{known ? say(known.title) : chapter}</p>
      <h2>{t("chapter.coming")}</h2>
      <p>{t("chapter.comingText")}</p>
      <a className="b pri lg" href="#/">
        {t("nav.home")}
      </a>
    </div>
  );
}

function Contents({ chapter }: { readonly chapter: string }): JSX.Element | null {
  const t = useT();
  const locale = usePrefs((s) => s.locale);
  const progress = useProgress((s) => s.progress);
  const parts = outlineFor(chapter, locale)?.entries.filter((e) => e.level === 1) ?? [];
  const known = chapterById(chapter);
  const say = useLocal();
  return (
    <header className="chapter-head">
      <h1>{known ? say(known.title) : chapter}</h1>
      <nav aria-label={t("chapter.toc")}>
        <ol className="toc">
          {parts.map((p) => (
            <li key={p.id} className={progress.parts.has(`${chapter}/${p.id}`) ? "done" : undefined}>
              <a href={hrefOf({ screen: "chapter", chapter, section: p.id })}>{p.title}</a>
              <span className="muted">{p.kind ? t(`kind.${p.kind}` as "kind.predict") : ""}</span>
            </li>
          ))}
        </ol>
      </nav>
    </header>
  );
}

function ChapterEnd({ chapter }: { readonly chapter: string }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const locale = usePrefs((s) => s.locale);
  const at = chapterList.findIndex((c) => c.id === chapter);
  const next = chapterList.slice(at + 1).find((c) => outlineFor(c.id, locale));
  return (
    <footer className="chapter-end">
      <span className="muted">{t("chapter.end")}</span>
      <a className="b lg" href={next ? hrefOf({ screen: "chapter", chapter: next.id, section: null }) : "#/"}>
        {next ? t("chapter.next", { title: say(next.title) }) : t("nav.home")}
      </a>
    </footer>
  );
}

const READ_KEY = "hop.read";

/** Goes to the section of the address, or back to the last line read; follows what is read in address, stops and progress. */
/** @param shown language of the text that is there; null: none yet */
function usePlace(box: React.RefObject<HTMLElement | null>, chapter: string, shown: Locale | null): void {
  const there = shown !== null;
  const t = useT();
  const locale = usePrefs((s) => s.locale);
  const doneParts = useProgress((s) => s.progress.parts);
  const [now, setNow] = useState<string | null>(null);
  /** the part in hand and how much of it is above the window, to stay there when the text changes its language */
  const place = useRef<{ part: HTMLElement; past: number } | null>(null);

  // the address says where to go, also when it is pressed again; that it follows the reader moves nothing
  useEffect(() => {
    const element = box.current;
    if (!there || !element) return;
    const arrive = (): void => {
      const route = parseRoute(location.hash);
      const section = route.screen === "chapter" && route.chapter === chapter ? route.section : null;
      const target = section ? document.getElementById(section) : null;
      if (target) {
        target.scrollIntoView({ block: "start" });
        (target.querySelector<HTMLElement>("h2") ?? target).focus({ preventScroll: true });
      } else {
        element.scrollTo({ top: placeOf(chapter) });
        element.focus({ preventScroll: true });
      }
    };
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link?.getAttribute("href") === location.hash) arrive();
    };
    arrive();
    window.addEventListener("hashchange", arrive);
    window.addEventListener("click", onClick);
    return () => {
      window.removeEventListener("hashchange", arrive);
      window.removeEventListener("click", onClick);
    };
  }, [box, chapter, there]);

  useLayoutEffect(() => {
    const element = box.current;
    const part = place.current && document.getElementById(place.current.part.id);
    if (shown === null || !element || !place.current || !part) return;
    const top = part.getBoundingClientRect().top - element.getBoundingClientRect().top + element.scrollTop;
    element.scrollTo({ top: top + place.current.past * part.offsetHeight });
  }, [box, shown]);

  useEffect(() => {
    const element = box.current;
    if (!there || !element) return;
    let waiting = 0;
    const look = (): void => {
      waiting = 0;
      // out of view beside another pane it has no size, and nothing is read
      if (element.clientHeight === 0) return;
      const parts = [...element.querySelectorAll<HTMLElement>("[data-part]")];
      const line = element.getBoundingClientRect().top + element.clientHeight * 0.3;
      const current = parts.findLast((p) => p.getBoundingClientRect().top <= line) ?? parts[0];
      setNow(current?.dataset["part"] ?? null);
      if (current) {
        const above = element.getBoundingClientRect().top - current.getBoundingClientRect().top;
        place.current = { part: current, past: above / Math.max(1, current.offsetHeight) };
      }
      keepPlace(chapter, element.scrollTop);
    };
    const onScroll = (): void => {
      waiting ||= window.setTimeout(look, 120);
    };
    look();
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(waiting);
      element.removeEventListener("scroll", onScroll);
    };
  }, [box, chapter, there]);

  useEffect(() => {
    if (now === null) return;
    noteSection(chapter, now);
    const timer = setTimeout(() => {
      const { progress, loaded, keep } = useProgress.getState();
      if (loaded && useUi.getState().leader && (progress.last?.chapter !== chapter || progress.last.part !== now))
        keep({ do: "visit", chapter, part: now });
    }, 800);
    return () => clearTimeout(timer);
  }, [chapter, now]);

  useEffect(() => {
    const parts = outlineFor(chapter, locale)?.entries.filter((e) => e.level === 1) ?? [];
    useUi.setState({
      stops: parts.map((p) => ({
        id: p.id,
        title: p.title,
        words: p.kind ? t(`kind.${p.kind}` as "kind.predict") : p.title,
        state: p.id === now ? "now" : doneParts.has(`${chapter}/${p.id}`) ? "done" : "to come",
      })),
    });
  }, [chapter, locale, now, doneParts, t]);
}

function placeOf(chapter: string): number {
  try {
    return (JSON.parse(localStorage.getItem(READ_KEY) ?? "{}") as Record<string, number>)[chapter] ?? 0;
  } catch {
    return 0;
  }
}
function keepPlace(chapter: string, top: number): void {
  try {
    const places = JSON.parse(localStorage.getItem(READ_KEY) ?? "{}") as Record<string, number>;
    localStorage.setItem(READ_KEY, JSON.stringify({ ...places, [chapter]: Math.round(top) }));
  } catch {
    // without storage the place is kept by the address alone
  }
}

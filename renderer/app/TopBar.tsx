/** The top bar: mark, where you are, the line of the chapter's parts, saved, search, language, theme, help. */
import { Menu } from "@base-ui/react/menu";
import type { JSX, ReactNode } from "react";
import { chapterList, outlineFor } from "../course/catalog.ts";
import { useLab } from "../state/lab.ts";
import { usePrefs, useT, type Theme } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi, type Pane } from "../state/ui.ts";
import { isMac } from "../terminal/keys.ts";
import { Icon, Logo } from "../ui/Icon.tsx";
import { useSinglePane } from "../ui/hooks.ts";
import { useLocal } from "../ui/local.ts";
import { Stops } from "../ui/marks.tsx";
import { hrefOf, useRoute } from "./routes.ts";

const THEMES: readonly Theme[] = ["light", "dark", "contrast", "system"];

export function TopBar({ children, panes }: { readonly children?: ReactNode; readonly panes?: "chapter" | "challenge" }): JSX.Element {
  const t = useT();
  const locale = usePrefs((s) => s.locale);
  const theme = usePrefs((s) => s.theme);
  const set = usePrefs((s) => s.set);
  const single = useSinglePane();
  return (
    <header className="top" data-pane="top">
      <a className="brand" href="#/" aria-label={`Hop by Hop: ${t("nav.home")}`}>
        <Logo />
        <span className="brand-name">Hop by Hop</span>
      </a>
      <span className="sep" />
      {children}
      <span className="grow" />
      {panes && single && <PaneSwitch first={panes === "chapter" ? "pane.read" : "pane.ticket"} />}
      <Saved />
      <button
        type="button"
        className="searchb"
        aria-keyshortcuts={isMac ? "Meta+K" : "Control+K"}
        onClick={() => useUi.setState({ search: true })}
      >
        <Icon name="search" />
        <span className="grow search-word">{t("top.search")}</span>
        <kbd>{isMac ? "⌘ K" : "Ctrl K"}</kbd>
      </button>
      <button
        type="button"
        className="b quiet lang"
        lang={locale === "en" ? "ko" : "en"}
        aria-label={`${t("top.language")} – ${t("top.languageLabel")}`}
        onClick={() => set({ locale: locale === "en" ? "ko" : "en" })}
      >
        {t("top.language")}
      </button>
      <Menu.Root>
        <Menu.Trigger className="b quiet ico" aria-label={t("top.theme")}>
          <Icon name="theme" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end">
            <Menu.Popup className="menu">
              <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => set({ theme: value })}>
                {THEMES.map((name) => (
                  <Menu.RadioItem key={name} value={name} className="menu-item">
                    <span className="menu-check">
                      <Menu.RadioItemIndicator>✓</Menu.RadioItemIndicator>
                    </span>
                    {t(`theme.${name}`)}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <button type="button" className="b quiet ico" aria-label={t("top.help")} onClick={() => useUi.setState({ help: true })}>
        <Icon name="help" />
      </button>
    </header>
  );
}

/** "Saved ✓" only once the store has said so, for the course and for the lab. */
function Saved(): JSX.Element {
  const t = useT();
  const course = useProgress((s) => s.saved);
  const lab = useLab((s) => s.saved);
  const leader = useUi((s) => s.leader);
  const states = [course, lab];
  const state = states.includes("failed") ? "failed" : states.includes("saving") ? "saving" : states.includes("saved") ? "saved" : "none";
  const words = !leader
    ? t("saved.readonly")
    : state === "failed"
      ? t("saved.failed")
      : state === "saving"
        ? t("saved.saving")
        : state === "saved"
          ? t("saved.yes")
          : "";
  return (
    <output className={`saved${state === "failed" ? " bad" : ""}`} data-saved={state}>
      <span className="saved-word">{words}</span>
      {leader && state === "saved" && " ✓"}
    </output>
  );
}

function PaneSwitch({ first }: { readonly first: "pane.read" | "pane.ticket" }): JSX.Element {
  const t = useT();
  const pane = useUi((s) => s.pane);
  const choices: [Pane, string][] = [
    ["read", t(first)],
    ["network", t("pane.network")],
    ["terminal", t("pane.terminal")],
  ];
  return (
    <div className="switch" role="group" aria-label={t("nav.panes")}>
      {choices.map(([id, word]) => (
        <button key={id} type="button" aria-pressed={pane === id} onClick={() => useUi.setState({ pane: id })}>
          {word}
        </button>
      ))}
    </div>
  );
}

/** Home's places. */
export function HomeNav(): JSX.Element {
  const t = useT();
  return (
    <nav className="nav" aria-label={t("nav.main")}>
      <a href="#/" aria-current="page">
        {t("nav.course")}
      </a>
      <a
        href="#/"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("incidents")?.focus();
        }}
      >
        {t("nav.incidents")}
      </a>
    </nav>
  );
}

/** The chapter's name, which opens the list of chapters, and its line of parts. */
export function ChapterCrumb({ n, title }: { readonly n: number; readonly title: string }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const locale = usePrefs((s) => s.locale);
  const stops = useUi((s) => s.stops);
  const route = useRoute();
  const now = stops.findIndex((s) => s.state === "now");
  const label = [
    now < 0 ? "" : t("step.of", { n: now + 1, total: stops.length, title: stops[now]?.title ?? "" }),
    stops.some((s) => s.state === "done")
      ? t("step.done", {
          list: stops
            .filter((s) => s.state === "done")
            .map((s) => s.title)
            .join(", "),
        })
      : "",
  ].join(" ");
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="crumb">
          <span className="muted tnum">{n}</span> <span className="crumb-word">{title}</span>
          <Icon name="down" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="start">
            <Menu.Popup className="menu chapters">
              <Menu.LinkItem className="menu-item" href="#/">
                {t("nav.home")}
              </Menu.LinkItem>
              <Menu.Separator className="menu-line" />
              {chapterList.map((c) => {
                const there = outlineFor(c.id, locale) !== null;
                return (
                  <Menu.LinkItem
                    key={c.id}
                    className="menu-item"
                    href={hrefOf({ screen: "chapter", chapter: c.id, section: null })}
                    aria-current={route.screen === "chapter" && route.chapter === c.id ? "page" : undefined}
                  >
                    <span className="muted tnum menu-n">{c.number}</span> {say(c.title)}
                    {!there && <span className="muted coming">{t("home.coming")}</span>}
                  </Menu.LinkItem>
                );
              })}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <span className="row steps hide-m">
        <Stops stops={stops} label={label} />
        <span className="soft hide-s ell">{stops[now]?.words}</span>
      </span>
    </>
  );
}

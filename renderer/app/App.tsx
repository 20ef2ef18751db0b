/** The screens and what lies over all of them. */
import { Component, useEffect, type JSX, type ReactNode } from "react";
import { translator } from "../i18n/index.ts";
import { usePrefs, useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { closeWorld } from "../state/world.ts";
import { ChallengeScreen } from "../challenge/ChallengeScreen.tsx";
import { ChapterScreen } from "./ChapterScreen.tsx";
import { Help } from "./Help.tsx";
import { Home } from "./Home.tsx";
import { Search } from "./Search.tsx";
import { TerminalDialogs } from "../terminal/TerminalDialogs.tsx";
import { useRoute } from "./routes.ts";
import { useShortcuts } from "./shortcuts.ts";

export function App(): JSX.Element {
  const t = useT();
  const route = useRoute();
  const leader = useUi((s) => s.leader);
  useShortcuts();
  useEffect(() => {
    useUi.setState({ search: false, help: false, pane: "read", picking: null });
    if (route.screen !== "challenge") useUi.setState({ journeyOpen: false });
    if (route.screen === "home") useUi.setState({ stops: [], strip: null });
  }, [route.screen]);
  // a world stays alive while the course map is looked at, but not in a window that may only read
  useEffect(() => {
    if (!leader) closeWorld();
  }, [leader]);
  return (
    <Boundary>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {t("app.skip")}
      </a>
      {route.screen === "chapter" ? (
        <ChapterScreen key={route.chapter} chapter={route.chapter} />
      ) : route.screen === "challenge" ? (
        <ChallengeScreen key={`${route.challenge}/${route.seed}`} id={route.challenge} seed={route.seed} />
      ) : (
        <Home />
      )}
      <Search />
      <Help />
      <TerminalDialogs />
    </Boundary>
  );
}

/** A screen that throws says so and offers the one thing that helps; what was done is in the store already. */
class Boundary extends Component<{ readonly children: ReactNode }, { readonly failed: string | null }> {
  override state = { failed: null as string | null };
  static getDerivedStateFromError(error: unknown): { failed: string } {
    return { failed: error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error) };
  }
  override render(): ReactNode {
    if (this.state.failed === null) return this.props.children;
    const t = translator(usePrefs.getState().locale);
    return (
      <main className="crash" role="alert">
        <h1>{t("error.title")}</h1>
        <p>{t("error.text")}</p>
        <div className="row">
          <button type="button" className="b pri lg" onClick={() => location.reload()}>
            {t("error.reload")}
          </button>
          <button
            type="button"
            className="b lg"
            onClick={() => void navigator.clipboard?.writeText(this.state.failed ?? "").catch(() => undefined)}
          >
            {t("lab.copyDetails")}
          </button>
        </div>
      </main>
    );
  }
}

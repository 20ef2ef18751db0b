/** An incident: ticket, goals, hints and evidence; network and terminal; the journey of a packet. */
import { useEffect, useMemo, useRef, type JSX } from "react";
import { chapterOfChallenge, challengeById } from "../course/catalog.ts";
import { hrefOf } from "../app/routes.ts";
import { StatusLine } from "../app/StatusLine.tsx";
import { TopBar } from "../app/TopBar.tsx";
import { Journey } from "../journey/Journey.tsx";
import { LabPane } from "../lab/LabPane.tsx";
import { usePaneInHand } from "../lab/pane-in-hand.ts";
import type { WorldKey } from "../session/client.ts";
import { usePrefs, useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { openWorld } from "../state/world.ts";
import { Divider } from "../ui/Divider.tsx";
import { useMedia, useSinglePane, useSize } from "../ui/hooks.ts";
import { useLocal } from "../ui/local.ts";
import { Ticket } from "./Ticket.tsx";

export function ChallengeScreen({ id, seed }: { readonly id: string; readonly seed: number | null }): JSX.Element {
  const t = useT();
  const say = useLocal();
  const challenge = challengeById(id);
  const leader = useUi((s) => s.leader);
  const loaded = useProgress((s) => s.loaded);
  const own = useProgress((s) => s.progress.challenges.get(id)?.seed);
  const variant = seed ?? own ?? 1;
  const world = useMemo<WorldKey | null>(
    () => (challenge ? { lab: challenge.lab, challenge: id, seed: variant } : null),
    [challenge, id, variant],
  );

  useEffect(() => {
    if (!world || !leader || !challenge || !loaded) return;
    void openWorld(world, challenge.machines.length > 0 ? [...challenge.machines, ...challenge.locked] : null);
    const { progress, keep } = useProgress.getState();
    if (progress.challenges.get(id)?.seed !== variant) keep({ do: "begin", challenge: id, seed: variant });
  }, [world, leader, loaded, challenge, id, variant]);

  useEffect(() => {
    document.title = `${challenge ? say(challenge.title) : id} · Hop by Hop`;
    useUi.setState({ stops: [], strip: null });
  }, [challenge, say, id]);

  // a screen that opens has the focus where its reading begins
  useEffect(() => document.getElementById("main")?.focus(), []);

  const box = useRef<HTMLElement>(null);
  const { width } = useSize(box);
  const single = useSinglePane();
  usePaneInHand(single);
  const overlay = useMedia("(max-width: 1279px)");
  const pane = useUi((s) => s.pane);
  const journeyOpen = useUi((s) => s.journeyOpen);
  useEffect(() => {
    if (!overlay) useUi.setState({ journeyOpen: true });
  }, [overlay]);

  const sizes = usePrefs((s) => s.sizes);
  const within = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
  const ticket = within(sizes["challenge.ticket"] ?? (width < 1400 ? 336 : 364), 320, 440);
  const journey = within(sizes["challenge.journey"] ?? (width < 1400 ? 436 : 456), 400, 640);
  const beside = journeyOpen && !overlay && !single;

  if (!challenge) {
    return (
      <div className="app">
        <TopBar />
        <main className="coming-page" id="main" tabIndex={-1}>
          <h1>{t("ticket.unknown")}</h1>
          <p>{t("ticket.unknownText")}</p>
          <a className="b pri lg" href="#/">
            {t("nav.home")}
          </a>
        </main>
      </div>
    );
  }
  const chapter = chapterOfChallenge(challenge);
  return (
    <div className="app">
      <TopBar panes="challenge">
        <a className="crumb" href={chapter ? hrefOf({ screen: "chapter", chapter: chapter.id, section: null }) : "#/"}>
          {t("home.incidents")}
        </a>
        <span className="soft ell hide-m">{say(challenge.title)}</span>
        <span className="pill hide-s">{t("ticket.practice")}</span>
      </TopBar>
      <main
        className={`main${single ? " one" : ""}`}
        ref={box}
        style={single ? undefined : { gridTemplateColumns: `${ticket}px 0 minmax(0, 1fr)${beside ? ` 0 ${journey}px` : ""}` }}
      >
        {single ? (
          <>
            <div className="slot" hidden={pane !== "read"}>
              <Ticket challenge={challenge} seed={variant} />
            </div>
            <LabPane screen="challenge" />
          </>
        ) : (
          <>
            <Ticket challenge={challenge} seed={variant} />
            <Divider
              id="challenge.ticket"
              direction="vertical"
              value={ticket}
              min={320}
              max={440}
              before={t("pane.ticket")}
              after={t("lab.label")}
            />
            <LabPane screen="challenge" share={0.44} goals={null} />
            {beside && (
              <Divider
                id="challenge.journey"
                direction="vertical"
                value={journey}
                min={400}
                max={640}
                before={t("lab.label")}
                after={t("journey.title")}
                reverse
              />
            )}
          </>
        )}
        {journeyOpen && <Journey over={single || overlay ? 0 : null} />}
      </main>
      <StatusLine />
    </div>
  );
}

/** The lab: network over goals over terminals, with a divider; messages of the world stand at its head. */
import { useRef, type JSX, type ReactNode } from "react";
import { usePrefs, useT } from "../state/prefs.ts";
import { useLab } from "../state/lab.ts";
import { useUi } from "../state/ui.ts";
import { Divider } from "../ui/Divider.tsx";
import { useSinglePane, useSize } from "../ui/hooks.ts";
import { Network } from "../topology/Network.tsx";
import { Terminals } from "../terminal/Terminals.tsx";
import { Goals } from "./Goals.tsx";
import { Messages } from "./Messages.tsx";

export function LabPane({
  screen,
  goals = <Goals />,
  share = 0.37,
}: {
  readonly screen: string;
  readonly goals?: ReactNode;
  readonly share?: number;
}): JSX.Element {
  const t = useT();
  const box = useRef<HTMLElement>(null);
  const { height } = useSize(box);
  const id = `${screen}.network`;
  const stored = usePrefs((s) => s.sizes[id]);
  const setPrefs = usePrefs((s) => s.set);
  const sizes = usePrefs((s) => s.sizes);
  const single = useSinglePane();
  const pane = useUi((s) => s.pane);
  const leader = useUi((s) => s.leader);
  const none = useLab((s) => s.phase === "none");

  if (none) {
    return (
      <section className="lab none" aria-label={t("lab.label")} ref={box}>
        <Messages />
        {leader && (
          <div className="empty">
            <b>{t("lab.none")}</b>
            <p>{t("lab.noneText")}</p>
          </div>
        )}
      </section>
    );
  }
  if (single) {
    return (
      <section className={`lab single at-${pane}`} aria-label={t("lab.label")} ref={box}>
        <Messages />
        {pane === "network" && <Network />}
        {goals}
        {/* terminals keep their size and scroll while another pane is seen */}
        <div className="term-slot" hidden={pane !== "terminal"}>
          <Terminals />
        </div>
      </section>
    );
  }
  const most = Math.max(120, Math.round(height * 0.6));
  const least = Math.min(most, height < 560 ? 96 : 264);
  const normal = Math.max(least, Math.min(most, Math.round(height * share)));
  const value = stored === 0 ? 0 : Math.min(most, Math.max(96, stored ?? normal));
  return (
    <section className="lab" aria-label={t("lab.label")} ref={box} style={{ gridTemplateRows: `auto ${value}px 0 auto minmax(0, 1fr)` }}>
      <Messages />
      {value === 0 ? (
        <button
          type="button"
          className="b restore"
          onClick={() => {
            const { [id]: _, ...rest } = sizes;
            setPrefs({ sizes: rest });
          }}
        >
          {t("divider.restore", { name: t("net.title") })}
        </button>
      ) : (
        <Network />
      )}
      <Divider
        id={id}
        direction="horizontal"
        value={value}
        min={96}
        max={most}
        before={t("net.title")}
        after={t("term.label")}
        collapsible
      />
      {goals}
      <Terminals />
    </section>
  );
}

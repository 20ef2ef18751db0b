/** The status line: lab clock, speed, variant, undo, reset, and where the Tab key goes. */
import { Menu } from "@base-ui/react/menu";
import type { JSX } from "react";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useTerminals } from "../state/terminals.ts";
import { useUi } from "../state/ui.ts";
import { reset, setSpeed, undo } from "../state/world.ts";
import { Confirm } from "../ui/dialogs.tsx";
import { Icon } from "../ui/Icon.tsx";
import { labTime } from "../ui/time.ts";

const SPEEDS = [0, 0.1, 0.5, 1, 2, 5, 10, 60];

export function StatusLine(): JSX.Element {
  const t = useT();
  const key = useLab((s) => s.key);
  const can = useLab((s) => s.undo);
  const ready = useLab((s) => s.phase === "ready");
  const tabMoves = useTerminals((s) => s.tabMoves);
  const confirm = useUi((s) => s.confirmReset);
  return (
    <footer className="status" aria-label={t("status.label")}>
      {key && (
        <>
          <Clock />
          <Speed />
          <span className="row hide-s">
            {t("status.variant")} <b className="tnum">{key.seed}</b>
          </span>
        </>
      )}
      <span className="grow" />
      {key && (
        <>
          <button type="button" className="b quiet bar-button" disabled={!ready || !can.can} onClick={undo}>
            <Icon name="undo" />
            <span className="ell undo-word">
              {can.can ? (can.next ? t("status.undo", { what: shorten(can.next) }) : t("status.undoPlain")) : t("status.undoNone")}
            </span>
          </button>
          <button type="button" className="b quiet bar-button" disabled={!ready} onClick={() => useUi.setState({ confirmReset: true })}>
            <Icon name="reset" />
            {t("status.reset")}
          </button>
          <button
            type="button"
            className="b quiet bar-button tab-mode"
            aria-pressed={tabMoves}
            onClick={() => useTerminals.setState({ tabMoves: !tabMoves })}
          >
            {t(tabMoves ? "status.tabFocus" : "status.tabTerminal")} <kbd className="hide-s">Ctrl Shift M</kbd>
          </button>
        </>
      )}
      <Confirm
        open={confirm}
        title={t("reset.title")}
        text={t("reset.text")}
        confirm={t("reset.yes")}
        cancel={t("reset.no")}
        onAnswer={(yes) => {
          useUi.setState({ confirmReset: false });
          if (yes) reset();
        }}
      />
    </footer>
  );
}

const shorten = (line: string): string => (line.length > 24 ? `${line.slice(0, 22).trimEnd()} …` : line);

function Clock(): JSX.Element {
  const t = useT();
  // what `date` and tcpdump on the machines say, so that both can be compared
  const now = useLab((s) => Math.floor(s.clock.realtime / 1e8) * 1e8);
  return (
    <span className="row">
      <Icon name="clock" />
      <span className="hide-xs">{t("status.clock")}</span> <b className="tnum">{labTime(now)}</b>
    </span>
  );
}

function Speed(): JSX.Element {
  const t = useT();
  const speed = useLab((s) => s.clock.speed);
  const word = (n: number): string => (n === 0 ? t("status.pause") : `${n}×`);
  return (
    <Menu.Root>
      <Menu.Trigger className="b quiet bar-button">
        <span className="hide-xs">{t("status.speed")}</span> <b className="tnum">{word(speed)}</b>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} side="top">
          <Menu.Popup className="menu">
            <Menu.RadioGroup value={speed} onValueChange={(value: number) => setSpeed(value)}>
              {SPEEDS.map((n) => (
                <Menu.RadioItem key={n} value={n} className="menu-item">
                  <span className="menu-check">
                    <Menu.RadioItemIndicator>✓</Menu.RadioItemIndicator>
                  </span>
                  {word(n)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

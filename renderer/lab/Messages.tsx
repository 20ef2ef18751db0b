/** What went wrong or was mended, at the place it concerns: what happened, is my work safe, what to do. */
import type { JSX, ReactNode } from "react";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useTerminals } from "../state/terminals.ts";
import { useUi } from "../state/ui.ts";
import { takeOverWindow } from "../state/window.ts";
import { hardStop, reset, restartWorld, retrySave } from "../state/world.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { Rich } from "../ui/Rich.tsx";

function Message({
  kind,
  icon,
  title,
  text,
  children,
}: {
  readonly kind: "bad" | "wait" | "plain";
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}): JSX.Element {
  return (
    <div className={`message ${kind}`} role={kind === "plain" ? "status" : "alert"}>
      <Icon name={icon} />
      <div className="grow">
        <b>{title}</b> {text && <span className="soft">{<Rich text={text} />}</span>}
      </div>
      {children}
    </div>
  );
}

export function Messages(): JSX.Element {
  const t = useT();
  const { phase, stuck, loop, fault, notice, saved } = useLab();
  const leader = useUi((s) => s.leader);
  const damaged = useProgress((s) => s.damagedAfter);
  const machine = useTerminals((s) => s.tabs.find((tab) => tab.term === s.focused)?.machine);
  const dismiss = (
    <button type="button" className="b quiet ico" aria-label={t("dialog.close")} onClick={() => useLab.setState({ notice: null })}>
      <Icon name="close" />
    </button>
  );
  return (
    <div className="messages">
      {!leader && (
        <Message kind="wait" icon="lock" title={t("lab.readonly")}>
          <button type="button" className="b" onClick={takeOverWindow}>
            {t("lab.useHere")}
          </button>
        </Message>
      )}
      {stuck && (
        <Message kind="wait" icon="clock" title={machine ? t("lab.stuckOn", { machine }) : t("lab.stuck")} text={t("lab.stuckText")}>
          <button type="button" className="b" onClick={hardStop}>
            {t("lab.stuckButton")}
          </button>
        </Message>
      )}
      {loop.length > 0 && (
        <Message
          kind="bad"
          icon="warn"
          title={t("lab.loop", { ports: loop.map((p) => `${p.machine}:${p.name}`).join(", ") })}
          text={t("lab.loopText")}
        />
      )}
      {phase === "fault" && (
        <Message kind="bad" icon="cross" title={t(fault?.what ? "lab.fault" : "lab.notStarted")} text={fault?.what ?? ""}>
          <button
            type="button"
            className="b"
            onClick={() => void navigator.clipboard?.writeText(`${fault?.what}\n${fault?.detail}`).catch(() => undefined)}
          >
            {t("lab.copyDetails")}
          </button>
          <button type="button" className="b" onClick={reset}>
            {t("lab.resetInstead")}
          </button>
          <button type="button" className="b pri" onClick={restartWorld}>
            {t("lab.restore")}
          </button>
        </Message>
      )}
      {saved === "failed" && (
        <Message kind="bad" icon="warn" title={t("lab.unsaved")}>
          <button type="button" className="b" onClick={retrySave}>
            {t("lab.retry")}
          </button>
        </Message>
      )}
      {damaged !== null && <Message kind="wait" icon="warn" title={t("lab.damaged", { n: damaged })} />}
      {notice?.kind === "damaged" && (
        <Message kind="wait" icon="warn" title={t("lab.damaged", { n: notice.text })}>
          {dismiss}
        </Message>
      )}
      {notice?.kind === "restored" && (
        <Message
          kind="plain"
          icon="undo"
          title={notice.text ? t("lab.restoredTaken", { line: `\`${notice.text}\`` }).replaceAll("`", "") : t("lab.restored")}
        >
          {dismiss}
        </Message>
      )}
      {notice?.kind === "undone" && (
        <Message kind="plain" icon="undo" title={t("status.undone", { what: notice.text })}>
          {dismiss}
        </Message>
      )}
    </div>
  );
}

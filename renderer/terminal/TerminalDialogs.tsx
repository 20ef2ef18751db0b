/** Before many lines are pasted into a shell, and before a link leads out of the course. */
import type { JSX } from "react";
import { openExternal } from "../session/host.ts";
import { useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { terminalHandle } from "../state/world.ts";
import { Confirm } from "../ui/dialogs.tsx";

export function TerminalDialogs(): JSX.Element {
  const t = useT();
  const paste = useUi((s) => s.paste);
  const link = useUi((s) => s.link);
  const lines = paste?.text.replace(/\r?\n$/, "").split(/\r?\n/) ?? [];
  return (
    <>
      <Confirm
        open={paste !== null}
        title={t("term.pasteTitle", { n: lines.length })}
        text={t("term.pasteText")}
        confirm={t("term.paste")}
        cancel={t("term.cancel")}
        onAnswer={(yes) => {
          useUi.setState({ paste: null });
          const handle = paste && terminalHandle(paste.term);
          if (yes && handle && paste) handle.paste(paste.text);
          requestAnimationFrame(() => handle?.focus());
        }}
      >
        <pre className="preview" tabIndex={0}>
          {lines.slice(0, 12).join("\n")}
          {lines.length > 12 ? "\n…" : ""}
        </pre>
      </Confirm>
      <Confirm
        open={link !== null}
        title={t("term.linkTitle")}
        text={t("term.linkText")}
        confirm={t("term.openLink")}
        cancel={t("term.cancel")}
        onAnswer={(yes) => {
          useUi.setState({ link: null });
          if (yes && link) openExternal(link);
        }}
      >
        <pre className="preview">{link}</pre>
      </Confirm>
    </>
  );
}

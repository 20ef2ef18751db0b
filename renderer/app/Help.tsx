/** All keys of the app, and the switch for single letters. */
import type { JSX } from "react";
import type { MessageKey } from "../i18n/index.ts";
import { usePrefs, useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { isMac } from "../terminal/keys.ts";
import { Sheet } from "../ui/dialogs.tsx";

const main = isMac ? "⌘" : "Ctrl";
const GROUPS: readonly [MessageKey, readonly (readonly [string, MessageKey])[]][] = [
  [
    "help.everywhere",
    [
      ["F6 / Shift F6", "help.f6"],
      [`${main} K, /`, "help.search"],
      ["Ctrl `", "help.terminal"],
      ["Ctrl Shift M", "help.tab"],
      ["Ctrl Z", "help.undo"],
      ["?", "help.help"],
    ],
  ],
  [
    "help.inTerminal",
    [
      [isMac ? "⌘ C / ⌘ V" : "Ctrl Shift C / V", "help.copyPaste"],
      [`${main} F`, "help.find"],
      [`${main} + / − / 0`, "help.zoom"],
      ["Alt ← →", "help.alt"],
      ["Ctrl Shift 5", "help.splitKey"],
      ["Esc, Tab", "help.escTab"],
      [`${main} S`, "help.saveFile"],
    ],
  ],
  [
    "help.network",
    [
      ["J", "help.journey"],
      ["[ ]", "help.brackets"],
      ["↑ ↓", "help.arrows"],
      ["E", "help.pin"],
      ["T", "help.networkTable"],
    ],
  ],
];

export function Help(): JSX.Element {
  const t = useT();
  const open = useUi((s) => s.help);
  const single = usePrefs((s) => s.singleKeys);
  const set = usePrefs((s) => s.set);
  return (
    <Sheet open={open} wide title={t("help.title")} onClose={() => useUi.setState({ help: false })}>
      <div className="keys">
        {GROUPS.map(([group, keys]) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {keys.map(([cap, what]) => (
                <div key={cap}>
                  <dt>
                    <kbd>{cap}</kbd>
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="check-line">
        <input type="checkbox" checked={single} onChange={(event) => set({ singleKeys: event.target.checked })} />
        <span>
          {t("help.single")} <span className="muted">{t("help.singleNote")}</span>
        </span>
      </label>
    </Sheet>
  );
}

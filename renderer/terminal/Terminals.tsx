/** The terminals pane: a tab for each terminal, one or two seen at once, with find, output as text, split and new. */
import { Menu } from "@base-ui/react/menu";
import { ContextMenu } from "@base-ui/react/context-menu";
import { useEffect, useRef, useState, type JSX, type KeyboardEvent } from "react";
import "@xterm/xterm/css/xterm.css";
import type { TermId } from "../../sim/session/protocol.ts";
import { FilePane } from "../files/FilePane.tsx";
import { useFiles } from "../files/files.ts";
import { useLab } from "../state/lab.ts";
import { usePrefs, useT } from "../state/prefs.ts";
import { MAX_TERMINALS, show, split, unsplit, useTerminals, type Tab } from "../state/terminals.ts";
import { useUi } from "../state/ui.ts";
import { allHandles, closeTerminal, ensureShell, newTerminal, reopenShell, terminalHandle } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { Sheet } from "../ui/dialogs.tsx";
import { useMedia, useSize } from "../ui/hooks.ts";
import { MachineBadge } from "../ui/marks.tsx";
import { zoom } from "./keys.ts";

export function Terminals(): JSX.Element {
  const t = useT();
  const { tabs, shown, focused } = useTerminals();
  const topology = useLab((s) => s.topology);
  const locked = useLab(
    (s) =>
      s.topology?.machines
        .filter((m) => m.locked)
        .map((m) => m.name)
        .join(" ") ?? "",
  );
  const [asText, setAsText] = useState(false);
  const narrow = useMedia("(max-width: 760px)");
  const files = useFiles((s) => s.open);
  const visible =
    (narrow || files) && shown.length === 2 ? shown.filter((s) => s === focused || (focused === null && s === shown[0])) : shown;
  const focusedTab = tabs.find((tab) => tab.term === focused) ?? tabs.find((tab) => tab.term === shown[0]);

  // colours are read from the document: the theme may change by a setting or with the system's
  useEffect(() => {
    const restyle = (): void => allHandles().forEach((handle) => handle.restyle());
    const themes = new MutationObserver(restyle);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const leave = usePrefs.subscribe((now, before) => {
      if (now.termSize !== before.termSize) restyle();
    });
    return () => {
      themes.disconnect();
      leave();
    };
  }, []);

  const onTabKey = (event: KeyboardEvent, at: number): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = step === 0 ? undefined : tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    useTerminals.setState((s) => show(s, next.term));
    requestAnimationFrame(() => document.getElementById(`tab-${next.term}`)?.focus());
  };

  return (
    <section className="terms" aria-label={t("term.label")} data-pane="terminal">
      <div className="tabs">
        <div className="tablist" role="tablist" aria-label={t("term.label")}>
          {tabs.map((tab, at) => (
            <button
              key={tab.term}
              id={`tab-${tab.term}`}
              type="button"
              role="tab"
              className="tab"
              aria-selected={shown.includes(tab.term)}
              aria-controls={shown.includes(tab.term) ? `pane-${tab.term}` : undefined}
              tabIndex={tab.term === focusedTab?.term ? 0 : -1}
              onKeyDown={(event) => onTabKey(event, at)}
              onClick={() => {
                useTerminals.setState((s) => show(s, tab.term));
                requestAnimationFrame(() => terminalHandle(tab.term)?.focus());
              }}
            >
              <MachineBadge name={tab.machine} />
              {tab.machine}
              {tabs.filter((other) => other.machine === tab.machine).length > 1 && (
                <span className="muted">{tabs.filter((o) => o.machine === tab.machine).indexOf(tab) + 1}</span>
              )}
              {locked.split(" ").includes(tab.machine) && <Icon name="lock" size={14} />}
            </button>
          ))}
        </div>
        <span className="grow" />
        <span className="row tools">
          <button
            type="button"
            className="b quiet ico"
            aria-label={t("term.find")}
            onClick={() => useUi.setState((s) => ({ find: !s.find }))}
          >
            <Icon name="search" />
          </button>
          <button type="button" className="b quiet ico" aria-label={t("term.text")} onClick={() => setAsText(true)}>
            <Icon name="text" />
          </button>
          <Menu.Root>
            <Menu.Trigger
              className="b quiet ico"
              aria-label={t("term.new")}
              disabled={tabs.length >= MAX_TERMINALS}
              title={tabs.length >= MAX_TERMINALS ? t("term.max") : undefined}
            >
              <Icon name="plus" />
            </Menu.Trigger>
            <Menu.Portal>
              <Menu.Positioner sideOffset={6} align="end">
                <Menu.Popup className="menu">
                  {topology?.machines
                    .filter((m) => m.kind === "host")
                    .map((m) => (
                      <Menu.Item key={m.name} className="menu-item" onClick={() => newTerminal(m.name)}>
                        <MachineBadge name={m.name} /> {t("term.newOn", { machine: m.name })}
                      </Menu.Item>
                    ))}
                </Menu.Popup>
              </Menu.Positioner>
            </Menu.Portal>
          </Menu.Root>
          <button
            type="button"
            className="b quiet ico"
            aria-label={t("file.toggle")}
            aria-pressed={files}
            onClick={() => useFiles.setState({ open: !files })}
          >
            <Icon name="file" />
          </button>
          {!narrow && !files && (
            <button
              type="button"
              className="b quiet ico"
              aria-label={t(shown.length === 2 ? "term.unsplit" : "term.split")}
              aria-pressed={shown.length === 2}
              onClick={() => useTerminals.setState((s) => (shown.length === 2 ? unsplit(s) : split(s)))}
            >
              <Icon name={shown.length === 2 ? "single" : "split"} />
            </button>
          )}
        </span>
      </div>
      <Find term={focusedTab?.term ?? null} />
      <div className={`panes${visible.length === 2 || (files && !narrow) ? " two" : ""}`}>
        {(files && narrow ? [] : visible).map((term) => {
          const tab = tabs.find((x) => x.term === term);
          return (
            tab && (
              <TerminalPane
                key={term}
                tab={tab}
                focused={term === focused}
                extra={tab.term > (topology?.machines.filter((m) => m.kind === "host").length ?? 0)}
              />
            )
          );
        })}
        {files && <FilePane />}
      </div>
      {focusedTab && (
        <Sheet open={asText} wide title={t("term.textTitle", { machine: focusedTab.machine })} onClose={() => setAsText(false)}>
          <pre className="as-text" tabIndex={0}>
            {asText ? (terminalHandle(focusedTab.term)?.text() ?? "") : ""}
          </pre>
        </Sheet>
      )}
    </section>
  );
}

function TerminalPane({ tab, focused, extra }: { readonly tab: Tab; readonly focused: boolean; readonly extra: boolean }): JSX.Element {
  const t = useT();
  const { term, machine } = tab;
  const view = useLab((s) => s.terminals[term]);
  const exit = useLab((s) => s.exits[term]);
  const ready = useLab((s) => s.phase === "ready");
  const locked = useLab((s) => s.topology?.machines.find((m) => m.name === machine)?.locked ?? false);
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);

  useEffect(() => {
    const handle = terminalHandle(term);
    if (!handle || !box.current) return;
    handle.attach(box.current);
    return () => handle.detach();
  }, [term]);
  useEffect(() => {
    if (ready) ensureShell(term);
  }, [ready, term]);
  useEffect(() => {
    if (size.width > 0 && size.height > 0) terminalHandle(term)?.fit();
  }, [size.width, size.height, term]);

  return (
    <div className={`pane${focused ? " foc" : ""}`} role="tabpanel" id={`pane-${term}`} aria-label={t("term.of", { machine })}>
      <div className="ph">
        <span className="ell">
          {machine} · {view?.busy ? programOf(view.busy) : t("term.prompt")}
        </span>
        <span className="grow" />
        {locked && (
          <span className="row" title={t("term.locked", { machine })}>
            <Icon name="lock" size={12} />
            {t("term.lockedShort")}
          </span>
        )}
        {extra && (
          <button type="button" className="b quiet ico tiny" aria-label={t("term.close")} onClick={() => closeTerminal(term)}>
            <Icon name="close" size={12} />
          </button>
        )}
      </div>
      <ContextMenu.Root>
        <ContextMenu.Trigger className="term-box" ref={box} />
        <ContextMenu.Portal>
          <ContextMenu.Positioner>
            <ContextMenu.Popup className="menu">
              <PaneMenu term={term} />
            </ContextMenu.Popup>
          </ContextMenu.Positioner>
        </ContextMenu.Portal>
      </ContextMenu.Root>
      {exit !== undefined && (
        <div className="term-over">
          <p>{t("term.ended", { code: exit })}</p>
          <button type="button" className="b" onClick={() => reopenShell(term)}>
            {t("term.reopen")}
          </button>
        </div>
      )}
    </div>
  );
}

/** The program of a command line, without sudo and its path: what the pane's head shows. */
function programOf(line: string): string {
  const word = line.split(/\s+/).find((w) => w !== "sudo") ?? line;
  return word.split("/").at(-1) ?? word;
}

function PaneMenu({ term }: { readonly term: TermId }): JSX.Element {
  const t = useT();
  const handle = terminalHandle(term);
  return (
    <>
      <ContextMenu.Item
        className="menu-item"
        disabled={!handle?.xterm.hasSelection()}
        onClick={() => void navigator.clipboard?.writeText(handle?.xterm.getSelection() ?? "").catch(() => undefined)}
      >
        {t("term.copy")}
      </ContextMenu.Item>
      <ContextMenu.Item className="menu-item" onClick={() => handle?.xterm.selectAll()}>
        {t("term.selectAll")}
      </ContextMenu.Item>
      <ContextMenu.Item className="menu-item" onClick={() => useUi.setState({ find: true })}>
        {t("term.find")}
      </ContextMenu.Item>
      <ContextMenu.Item className="menu-item" onClick={() => zoom(1)}>
        {t("term.bigger")}
      </ContextMenu.Item>
      <ContextMenu.Item className="menu-item" onClick={() => zoom(-1)}>
        {t("term.smaller")}
      </ContextMenu.Item>
    </>
  );
}

/** Find in the terminal in hand: Enter the next, Shift Enter the one before, Escape back to the terminal. */
function Find({ term }: { readonly term: TermId | null }): JSX.Element | null {
  const t = useT();
  const open = useUi((s) => s.find);
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<boolean | null>(null);
  const handle = term === null ? null : terminalHandle(term);
  if (!open) return null;
  const close = (): void => {
    useUi.setState({ find: false });
    handle?.xterm.clearSelection();
    handle?.focus();
  };
  const find = (text: string, back: boolean, incremental = false): void => {
    if (text === "") return setFound(null);
    const options = { incremental: incremental && !back };
    setFound((back ? handle?.search.findPrevious(text, options) : handle?.search.findNext(text, options)) ?? false);
  };
  const total = query === "" ? 0 : (handle?.text().toLowerCase().split(query.toLowerCase()).length ?? 1) - 1;
  return (
    <search className="find" aria-label={t("term.find")}>
      <input
        autoFocus
        value={query}
        placeholder={t("term.findPlaceholder")}
        aria-label={t("term.find")}
        onChange={(event) => {
          setQuery(event.target.value);
          find(event.target.value, false, true);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") find(query, event.shiftKey);
          else if (event.key === "Escape") close();
          else return;
          event.preventDefault();
        }}
      />
      <span className="muted tnum" aria-live="polite">
        {query === "" ? "" : found === false ? t("term.findNone") : t("search.count", { n: total })}
      </span>
      <button type="button" className="b quiet ico" aria-label={t("term.findPrev")} onClick={() => find(query, true)}>
        <Icon name="back" />
      </button>
      <button type="button" className="b quiet ico" aria-label={t("term.findNext")} onClick={() => find(query, false)}>
        <Icon name="forward" />
      </button>
      <button type="button" className="b quiet ico" aria-label={t("term.closeFind")} onClick={close}>
        <Icon name="close" />
      </button>
    </search>
  );
}

/** Keys of the page. Single letters work outside text and terminals only, and can be switched off. */
import { useEffect } from "react";
import { openJourney } from "../journey/open.ts";
import { onMenuCommand } from "../session/host.ts";
import { usePrefs } from "../state/prefs.ts";
import { beside, split, unsplit, useTerminals } from "../state/terminals.ts";
import { useUi } from "../state/ui.ts";
import { terminalHandle, undo } from "../state/world.ts";
import { useLab } from "../state/lab.ts";
import { isMac, zoom } from "../terminal/keys.ts";

let before: Element | null = null;

const inTerminal = (target: EventTarget | null): boolean => target instanceof Element && target.closest(".xterm-host") !== null;
const inText = (target: EventTarget | null): boolean =>
  target instanceof Element && (target.matches("input, textarea, select, [contenteditable]") || inTerminal(target));

export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
      if (handle(event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    onMenuCommand((command) => {
      if (command === "home") location.hash = "/";
      else open(command === "help" ? { help: true } : { search: true });
    });
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function handle(event: KeyboardEvent): boolean {
  const { key, code, ctrlKey, shiftKey, altKey, metaKey, target } = event;
  const main = isMac ? metaKey : ctrlKey;
  const terminal = inTerminal(target) || (event.timeStamp - switchedAt < HANDING_OVER_MS && !inText(target));
  if (key === "F6") return nextPane(shiftKey ? -1 : 1);
  if (main && !shiftKey && code === "KeyK" && (!terminal || isMac)) return open({ search: true });
  if (ctrlKey && code === "Backquote") return toggleTerminal(terminal, event.timeStamp);
  if (ctrlKey && shiftKey && code === "KeyM") return (useTerminals.setState((s) => ({ tabMoves: !s.tabMoves })), true);
  if (terminal) {
    if (ctrlKey && shiftKey && code === "Digit5")
      return (useTerminals.setState((s) => (s.shown.length === 2 ? unsplit(s) : split(s))), focusTerminal());
    if (main && !shiftKey && code === "KeyF") return open({ find: true });
    if (main && (key === "+" || key === "=")) return (zoom(1), true);
    if (main && key === "-") return (zoom(-1), true);
    if (main && key === "0") return (zoom(0), true);
    if (altKey && (key === "ArrowLeft" || key === "ArrowUp")) return switchTerminal(-1, event.timeStamp);
    if (altKey && (key === "ArrowRight" || key === "ArrowDown")) return switchTerminal(1, event.timeStamp);
    return false;
  }
  if (inText(target)) return false;
  if (ctrlKey && !shiftKey && code === "KeyZ" && useLab.getState().undo.can) return (undo(), true);
  if (key === "Escape" && useUi.getState().journeyOpen && !document.querySelector("[role=dialog],[role=alertdialog],[role=menu]")) {
    useUi.setState({ journeyOpen: false, picking: null });
    return true;
  }
  if (ctrlKey || altKey || metaKey || !usePrefs.getState().singleKeys) return false;
  if (key === "/") return open({ search: true });
  if (key === "?") return open({ help: true });
  if (key === "[" || key === "]") return step(key === "]" ? 1 : -1);
  if (useLab.getState().phase !== "ready") return false;
  if (code === "KeyJ") {
    if (useUi.getState().journeyOpen) useUi.setState({ journeyOpen: false });
    else void openJourney(useUi.getState().hand);
    return true;
  }
  if (code === "KeyT") return (usePrefs.getState().set({ tableView: !usePrefs.getState().tableView }), true);
  return false;
}

/** When a terminal was called to the front: it takes the keyboard a moment later, and keys for terminals count until then. */
let switchedAt = -Infinity;
const HANDING_OVER_MS = 500;

function switchTerminal(by: 1 | -1, at: number): boolean {
  switchedAt = at;
  useTerminals.setState((s) => beside(s, by));
  return focusTerminal();
}

const open = (what: { search?: true; help?: true; find?: true }): boolean => (useUi.setState(what), true);

/** The decision before or after the one in hand. */
function step(by: 1 | -1): boolean {
  const { journey, decision } = useUi.getState();
  const decisions = journey?.stops.flatMap((s) => s.decisions) ?? [];
  const at = decisions.findIndex((d) => d.key === decision);
  const next = decisions[at + by];
  if (next) useUi.setState({ decision: next.key });
  return journey !== null;
}

function focusTerminal(): boolean {
  requestAnimationFrame(() => terminalHandle(useTerminals.getState().focused ?? -1)?.focus());
  return true;
}

function toggleTerminal(inside: boolean, at: number): boolean {
  if (inside) {
    switchedAt = -Infinity;
    if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
    else document.getElementById("main")?.focus();
  } else {
    switchedAt = at;
    before = document.activeElement;
    useUi.setState({ pane: "terminal" });
    focusTerminal();
  }
  return true;
}

/** Panes in the order of the screen; the one that has the focus gives it to the next. */
function nextPane(by: 1 | -1): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (p) => p.offsetParent !== null || p.getClientRects().length > 0,
  );
  if (panes.length === 0) return false;
  const at = panes.findLastIndex((p) => p.contains(document.activeElement));
  const next = panes[(at + by + panes.length) % panes.length];
  if (!next) return false;
  if (next.dataset["pane"] === "terminal") return focusTerminal();
  const inside = next.matches("[tabindex]")
    ? next
    : next.querySelector<HTMLElement>("button:not([disabled]), a[href], [tabindex='0'], select, input");
  inside?.focus();
  return true;
}

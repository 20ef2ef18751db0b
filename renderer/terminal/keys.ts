/**
 * Which keys the app takes while a terminal has the keyboard; all others are the shell's. Single letters, Ctrl with a
 * letter and the browser's own (Ctrl with a digit, T, W, N) are never taken, except Ctrl F.
 */
import { usePrefs } from "../state/prefs.ts";
import { useTerminals } from "../state/terminals.ts";
import type { TermHandle } from "./handle.ts";

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const isWindows = /Win/.test(navigator.platform);
let escapeAt = -Infinity;

/** True when the shell must not see the key. Keys that the page's own handler does are left to reach it. */
export function appKey(event: KeyboardEvent, handle: TermHandle): boolean {
  if (event.type !== "keydown") return event.key === "Tab" && useTerminals.getState().tabMoves;
  const { ctrlKey, shiftKey, altKey, metaKey, key, code } = event;
  if (key === "Escape" && !ctrlKey && !altKey) {
    escapeAt = event.timeStamp;
    return false;
  }
  if (key === "Tab" && !ctrlKey && !altKey)
    return useTerminals.getState().tabMoves || (event.timeStamp - escapeAt < 1500 && handle.promptEmpty);
  if (key === "F6") return true;
  const main = isMac ? metaKey : ctrlKey;
  if (main && shiftKey && code === "KeyC") return copy(event, handle);
  // the browser turns this into a paste event, which the handle takes
  if (main && code === "KeyV" && (shiftKey || isMac || isWindows)) return true;
  if (shiftKey && key === "Insert") return true;
  if (isMac && metaKey && code === "KeyC") return copy(event, handle);
  if (isWindows && ctrlKey && !shiftKey && code === "KeyC" && handle.xterm.hasSelection()) return copy(event, handle);
  if (ctrlKey && shiftKey && (code === "KeyM" || code === "Digit5")) return true;
  if (main && !shiftKey && !altKey && (code === "KeyF" || (isMac && code === "KeyK"))) return true;
  if (ctrlKey && !shiftKey && code === "Backquote") return true;
  if (main && !altKey && (key === "+" || key === "=" || key === "-" || key === "0")) return true;
  if (altKey && !ctrlKey && (key === "ArrowLeft" || key === "ArrowRight" || key === "ArrowUp" || key === "ArrowDown"))
    return useTerminals.getState().tabs.length > 1;
  return false;
}

function copy(event: KeyboardEvent, handle: TermHandle): boolean {
  event.preventDefault();
  const text = handle.xterm.getSelection();
  if (text !== "") void navigator.clipboard?.writeText(text).catch(() => undefined);
  return true;
}

export function zoom(step: 1 | -1 | 0): void {
  const { termSize, set } = usePrefs.getState();
  set({ termSize: step === 0 ? 13 : Math.min(32, Math.max(8, termSize + step)) });
}

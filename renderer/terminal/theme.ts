/** xterm's colours from the design tokens, so that the terminal follows the theme. Bright colours equal the normal ones. */
import type { ITheme } from "@xterm/xterm";
import { resolvedTheme, usePrefs } from "../state/prefs.ts";

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

export function terminalTheme(): { theme: ITheme; contrast: number } {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim() || "#888888";
  const theme: Record<string, string> = {
    background: token("term"),
    foreground: token("ink"),
    cursor: token("ink"),
    cursorAccent: token("term"),
    selectionBackground: token("act-wash"),
    selectionInactiveBackground: token("act-wash"),
    scrollbarSliderBackground: token("line"),
    scrollbarSliderHoverBackground: token("line-2"),
    scrollbarSliderActiveBackground: token("line-2"),
  };
  for (const name of NAMES) {
    theme[name] = token(`x-${name}`);
    theme[`bright${name[0]?.toUpperCase()}${name.slice(1)}`] = token(`x-${name}`);
  }
  return { theme, contrast: resolvedTheme(usePrefs.getState().theme) === "contrast" ? 7 : 4.5 };
}

/**
 * The one place that makes windows. `windowOptions` is a pure function so that a test can hold it to the hardening
 * table in SECURITY.md: sandboxed, isolated, without Node, without webviews, developer tools only in a build that is not packaged.
 */
import type { BrowserWindow, BrowserWindowConstructorOptions } from "electron";
import type { WindowState } from "./window-state.ts";

export interface WindowInput {
  readonly preload: string;
  readonly state: WindowState;
  readonly packaged: boolean;
  readonly dark: boolean;
}

export function windowOptions({ preload, state, packaged, dark }: WindowInput): BrowserWindowConstructorOptions {
  const { x, y, width, height } = state;
  return {
    title: "Hop by Hop",
    width,
    height,
    ...(x === undefined || y === undefined ? {} : { x, y }),
    minWidth: 360,
    minHeight: 480,
    show: false,
    // what the page paints first, so that nothing flashes
    backgroundColor: dark ? "#15181d" : "#ffffff",
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      devTools: !packaged,
      spellcheck: false,
    },
  };
}

export function createWindow(Window: typeof BrowserWindow, input: WindowInput): BrowserWindow {
  const window = new Window(windowOptions(input));
  if (input.state.maximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  return window;
}

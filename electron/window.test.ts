import { describe, expect, it } from "vitest";
import { windowOptions } from "./window.ts";
import { fitted } from "./window-state.ts";

const state = { width: 1200, height: 800, maximized: false };

describe("the window", () => {
  it("is hardened as SECURITY.md says, all of it", () => {
    expect(windowOptions({ preload: "/p/preload.cjs", state, packaged: true, dark: false }).webPreferences).toEqual({
      preload: "/p/preload.cjs",
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
      devTools: false,
      spellcheck: false,
    });
  });
  it("has developer tools only where it is not packaged, and no other difference", () => {
    const options = (packaged: boolean) => windowOptions({ preload: "p", state, packaged, dark: false });
    expect(options(false).webPreferences).toEqual({ ...options(true).webPreferences, devTools: true });
  });
  it("opens where it was", () => {
    expect(windowOptions({ preload: "p", state: { ...state, x: 5, y: 6 }, packaged: true, dark: true })).toMatchObject({
      x: 5,
      y: 6,
      width: 1200,
      height: 800,
      show: false,
    });
  });
});

describe("the place of the window", () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  it("is kept while it can be seen", () => {
    expect(fitted({ ...state, x: 100, y: 50 }, [screen])).toEqual({ ...state, x: 100, y: 50 });
  });
  it("is forgotten when its screen is gone or only a sliver would show", () => {
    expect(fitted({ ...state, x: 2500, y: 50 }, [screen])).toEqual(state);
    expect(fitted({ ...state, x: 1900, y: 50 }, [screen])).toEqual(state);
    expect(fitted({ ...state, x: 100, y: -200 }, [screen])).toEqual(state);
    expect(fitted({ ...state, x: 2500, y: 50 }, [screen, { ...screen, x: 1920 }])).toMatchObject({ x: 2500 });
  });
  it("is no larger than the screen", () => {
    expect(fitted({ width: 4000, height: 3000, maximized: true }, [screen])).toEqual({ width: 1920, height: 1080, maximized: true });
  });
});

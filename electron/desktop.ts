/**
 * The desktop app put together. Everything of Electron comes in as an argument, so that a test can run the whole start with fakes;
 * main.ts passes the real thing and nothing else is there.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type * as Electron from "electron";
import { EVENTS } from "./channels.ts";
import { watchForCrashes } from "./crash.ts";
import { nodeFs } from "./fs.ts";
import { guardApp, guardSession, openOutside } from "./guard.ts";
import { ipcRegistry } from "./ipc.ts";
import { menuTemplate } from "./menu.ts";
import { APP_URL, deepLink, linkInArguments, refusedArgument } from "./policy.ts";
import { registerScheme, serveApp } from "./protocol-app.ts";
import { FileStore, JOURNAL, lazyStore } from "./store.ts";
import { createWindow } from "./window.ts";
import { fitted, readWindowState, type WindowState, writeWindowState } from "./window-state.ts";
import { Worlds } from "./worlds.ts";

export type ElectronParts = Pick<
  typeof Electron,
  | "app"
  | "BrowserWindow"
  | "Menu"
  | "protocol"
  | "session"
  | "dialog"
  | "shell"
  | "ipcMain"
  | "utilityProcess"
  | "MessageChannelMain"
  | "screen"
  | "nativeTheme"
>;

export interface DesktopOptions {
  readonly argv: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly execPath: string;
  /** where main, preload, world host and relay were built to */
  readonly built: string;
}

/** Starts the app; resolves once its window was told what to load, or at once where it does not start. */
export async function startDesktop(electron: ElectronParts, { argv, platform, execPath, built }: DesktopOptions): Promise<void> {
  const { app, BrowserWindow, dialog } = electron;
  const refused = refusedArgument(argv);
  if (refused !== null) {
    console.error(`Hop by Hop does not start with ${refused}: it takes the app's protection away.`);
    return app.exit(1);
  }
  app.enableSandbox();
  registerScheme(electron.protocol);
  if (!app.requestSingleInstanceLock()) return app.quit();
  // "--" keeps an address from being read as a switch; from a source tree the binary would be bare Electron
  if (app.isPackaged) app.setAsDefaultProtocolClient("hop", execPath, ["--"]);
  guardApp(app);

  let window: Electron.BrowserWindow | null = null;
  let address = linkInArguments(argv) ?? APP_URL;
  const goTo = (url: string | null): void => {
    if (url !== null) address = url;
    if (!window) return;
    if (window.isMinimized()) window.restore();
    window.focus();
    if (url !== null) void window.loadURL(url);
  };
  app.on("second-instance", (_event, others) => goTo(linkInArguments(others)));
  app.on("open-url", (event, link) => {
    event.preventDefault();
    const url = deepLink(link);
    if (url !== null) goTo(url);
  });
  app.on("window-all-closed", () => {
    if (platform !== "darwin") app.quit();
  });

  await app.whenReady();
  const userData = app.getPath("userData");
  const progressDir = join(userData, "progress");
  const stateFile = join(userData, "window.json");
  const socketDir = mkdtempSync(join(app.getPath("temp"), "hop-"));
  const store = lazyStore(() => FileStore.open(nodeFs, progressDir, { now: () => Date.now() }));
  let state: WindowState = readWindowState(stateFile);

  guardSession(electron.session.defaultSession);
  serveApp(electron.protocol, app.isPackaged ? join(app.getAppPath(), "web") : join(app.getAppPath(), "dist/web"));

  const tellOnce = (reason: string): void => {
    const told = state.told ?? [];
    if (told.includes(reason)) return;
    state = { ...state, told: [...told, reason].slice(-20) };
    writeWindowState(stateFile, state);
    const options: Electron.MessageBoxOptions = {
      type: "info",
      title: "Hop by Hop",
      message: "Terminals run without the system's pseudo-terminals here.",
      detail: `Everything works as it does in the browser edition. This is told once.\n\n${reason}`,
      buttons: ["OK"],
      noLink: true,
    };
    void (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  };
  const worlds = new Worlds(
    { utilityProcess: electron.utilityProcess, MessageChannelMain: electron.MessageChannelMain },
    { host: join(built, "world-host.cjs"), relay: join(built, "relay.cjs"), execPath, socketDir },
    tellOnce,
  );

  const ipc = ipcRegistry(electron.ipcMain, (sender) => window !== null && sender === window.webContents);
  ipc.registerChannel("store:load", ({ stream }) => store.load(stream));
  ipc.registerChannel("store:append", ({ stream, records }) => store.append(stream, records));
  ipc.registerChannel("store:streams", () => store.streams());
  ipc.registerChannel("store:export", () => store.exportText());
  ipc.registerChannel("world:open", ({ id }, page) => worlds.open(id, page));
  ipc.registerChannel("world:close", ({ id }, page) => worlds.close(id, page));
  ipc.registerChannel("external:open", ({ url }) => openOutside(url, dialog, electron.shell));

  const open = async (): Promise<void> => {
    const places = electron.screen.getAllDisplays().map((d) => d.workArea);
    const made = createWindow(BrowserWindow, {
      preload: join(built, "preload.cjs"),
      state: fitted(state, places),
      packaged: app.isPackaged,
      dark: electron.nativeTheme.shouldUseDarkColors,
    });
    window = made;
    const page = made.webContents;
    watchForCrashes(made, dialog);
    page.on("did-start-navigation", (event) => {
      if (event.isMainFrame && !event.isSameDocument) worlds.closeAll(page);
    });
    page.on("render-process-gone", () => worlds.closeAll(page));
    made.on("close", () => {
      const { x, y, width, height } = made.getNormalBounds();
      state = { ...state, x, y, width, height, maximized: made.isMaximized() };
      writeWindowState(stateFile, state);
    });
    made.on("closed", () => {
      worlds.closeAll(page);
      window = null;
    });
    await made.loadURL(address);
  };

  electron.Menu.setApplicationMenu(
    electron.Menu.buildFromTemplate(
      menuTemplate(platform, app.isPackaged, {
        command: (command) => window?.webContents.send(EVENTS.command, command),
        showProgress: () => electron.shell.showItemInFolder(join(progressDir, JOURNAL)),
        about: () => app.showAboutPanel(),
      }),
    ),
  );
  app.on("activate", () => {
    if (!window) void open();
  });
  // after the windows are gone, so that what they still had to say is kept
  let closed = false;
  app.on("will-quit", (event) => {
    rmSync(socketDir, { recursive: true, force: true });
    if (closed) return;
    event.preventDefault();
    void store.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
  await open();
}

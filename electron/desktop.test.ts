/** The whole start with a fake Electron: what is set up, in which order, and what happens when things happen. */
import { EventEmitter } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ElectronParts, startDesktop } from "./desktop.ts";
import { APP_URL } from "./policy.ts";

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "hop-desktop-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

class FakeContents extends EventEmitter {
  sent: unknown[][] = [];
  mainFrame = { url: APP_URL, parent: null };
  openHandler: (() => unknown) | null = null;
  setWindowOpenHandler = (h: () => unknown): void => void (this.openHandler = h);
  send = (...args: unknown[]): void => void this.sent.push(args);
  postMessage = (...args: unknown[]): void => void this.sent.push(args);
  isDestroyed = (): boolean => false;
  reload = vi.fn();
}
class FakeChild extends EventEmitter {
  pid = undefined;
  posted: unknown[][] = [];
  postMessage = (...args: unknown[]): void => void this.posted.push(args);
  kill = vi.fn(() => true);
}

function fakeElectron(log: string[], answers: number[] = []) {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    enableSandbox: () => log.push("sandbox"),
    requestSingleInstanceLock: (): boolean => true,
    setAsDefaultProtocolClient: (...args: unknown[]) => log.push(`protocol client ${JSON.stringify(args)}`),
    whenReady: async () => void log.push("ready"),
    getPath: (name: string) => (name === "temp" ? dir : join(dir, name)),
    getAppPath: () => join(dir, "app"),
    quit: () => log.push("quit"),
    exit: (code: number) => log.push(`exit ${code}`),
    showAboutPanel: () => {},
  });
  const windows: (EventEmitter & { webContents: FakeContents; options: unknown; loaded: string[] })[] = [];
  class FakeWindow extends EventEmitter {
    webContents = new FakeContents();
    loaded: string[] = [];
    options: unknown;
    constructor(options: unknown) {
      super();
      this.options = options;
      log.push("window");
      windows.push(this);
      app.emit("web-contents-created", {}, this.webContents);
    }
    show = (): void => void log.push("show");
    loadURL = async (url: string): Promise<void> => void this.loaded.push(url);
    focus = (): void => void log.push("focus");
    isMinimized = (): boolean => false;
    isMaximized = (): boolean => false;
    isDestroyed = (): boolean => false;
    destroy = (): void => void log.push("destroy");
    getNormalBounds = (): object => ({ x: 1, y: 2, width: 800, height: 600 });
  }
  const handlers = new Map<string, (event: unknown, input: unknown) => unknown>();
  const children: FakeChild[] = [];
  const dialogs: { message: string; detail?: string }[] = [];
  const permission = { request: null as unknown, check: null as unknown };
  const electron = {
    app,
    BrowserWindow: FakeWindow,
    Menu: { buildFromTemplate: (t: unknown) => t, setApplicationMenu: () => log.push("menu") },
    protocol: { registerSchemesAsPrivileged: () => log.push("scheme"), handle: (scheme: string) => log.push(`serve ${scheme}`) },
    session: {
      defaultSession: Object.assign(new EventEmitter(), {
        setPermissionRequestHandler: (h: unknown) => (permission.request = h),
        setPermissionCheckHandler: (h: unknown) => (permission.check = h),
        setDevicePermissionHandler: () => {},
      }),
    },
    dialog: {
      showMessageBox: async (...args: unknown[]) => {
        dialogs.push(args.at(-1) as { message: string });
        return { response: answers.shift() ?? 1 };
      },
    },
    shell: { openExternal: async (url: string) => log.push(`browser ${url}`), showItemInFolder: () => {} },
    ipcMain: { handle: (name: string, handler: (event: unknown, input: unknown) => unknown) => handlers.set(name, handler) },
    utilityProcess: {
      fork: (script: string, args: string[], options: { env: object }) => {
        log.push(`fork ${script.split("/").at(-1)} ${JSON.stringify(args)} ${JSON.stringify(options.env)}`);
        children.push(new FakeChild());
        return children.at(-1);
      },
    },
    MessageChannelMain: class {
      port1 = "port1";
      port2 = "port2";
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    nativeTheme: { shouldUseDarkColors: false },
  };
  const invoke = (name: string, input: object, sender: unknown = windows[0]?.webContents): unknown =>
    handlers.get(name)!({ sender, senderFrame: { url: APP_URL, parent: null } }, input);
  return { electron: electron as unknown as ElectronParts, app, windows, handlers, children, dialogs, permission, invoke };
}

const OPTIONS = { argv: ["hop-by-hop"], platform: "linux" as const, execPath: "/opt/hop-by-hop", built: "/built" };

describe("the desktop app", () => {
  it("starts protected: sandbox and scheme before anything else, policies before the window", async () => {
    const log: string[] = [];
    const { electron, windows, permission } = fakeElectron(log);
    await startDesktop(electron, OPTIONS);
    expect(log).toEqual(["sandbox", "scheme", 'protocol client ["hop","/opt/hop-by-hop",["--"]]', "ready", "serve app", "menu", "window"]);
    expect(windows[0]!.loaded).toEqual([APP_URL]);
    expect(permission.request).not.toBeNull();
    expect(windows[0]!.webContents.openHandler!()).toEqual({ action: "deny" });
    for (const event of ["will-navigate", "will-redirect", "will-frame-navigate", "will-attach-webview"]) {
      const prevented = vi.fn();
      windows[0]!.webContents.emit(event, { url: "https://evil.example/", isMainFrame: true, preventDefault: prevented });
      expect([event, prevented.mock.calls.length]).toEqual([event, 1]);
    }
  });
  it("does not start without its protection, nor twice", async () => {
    const log: string[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation(() => {});
    await startDesktop(fakeElectron(log).electron, { ...OPTIONS, argv: ["hop-by-hop", "--no-sandbox"] });
    expect(log).toEqual(["exit 1"]);
    spy.mockRestore();
    log.length = 0;
    const second = fakeElectron(log);
    second.app.requestSingleInstanceLock = () => false;
    await startDesktop(second.electron, OPTIONS);
    expect(log).toEqual(["sandbox", "scheme", "quit"]);
  });
  it("opens the chapter of a link, at the start and when it runs", async () => {
    const { electron, app, windows } = fakeElectron([]);
    await startDesktop(electron, { ...OPTIONS, argv: ["hop-by-hop", "--", "hop://chapter/3-routing#why"] });
    app.emit("second-instance", {}, ["hop-by-hop", "--", "hop://chapter/1-links"]);
    app.emit("second-instance", {}, ["hop-by-hop", "--", "hop://chapter/../../etc"]);
    app.emit("open-url", { preventDefault() {} }, "hop://chapter/4-nat");
    app.emit("open-url", { preventDefault() {} }, "https://evil.example/");
    expect(windows[0]!.loaded).toEqual([`${APP_URL}#/chapter/3-routing/why`, `${APP_URL}#/chapter/1-links`, `${APP_URL}#/chapter/4-nat`]);
  });
  it("keeps progress in its folder and gives it back", async () => {
    const { electron, invoke } = fakeElectron([]);
    await startDesktop(electron, OPTIONS);
    await invoke("store:append", {
      stream: "course",
      records: [{ seq: 0, t: 0, done: 0, src: "app", kind: "button", data: { do: "visit" } }],
    });
    expect(await invoke("store:load", { stream: "course" })).toMatchObject({ damaged: 0, records: [{ seq: 0, data: { do: "visit" } }] });
    expect(await invoke("store:streams", {})).toEqual(["course"]);
    expect(readdirSync(join(dir, "userData/progress"))).toEqual(["progress.jnl"]);
  });
  it("gives a page and its world the two ends of a channel, and ends the world with the page", async () => {
    const log: string[] = [];
    const { electron, invoke, children, windows } = fakeElectron(log);
    await startDesktop(electron, OPTIONS);
    invoke("world:open", { id: 1 });
    expect(log.at(-1)).toBe("fork world-host.cjs [] {}");
    const [start, ports] = children[0]!.posted[0]! as [{ execPath: string; relay: string; socketPath: string }, unknown];
    expect(start).toMatchObject({ execPath: "/opt/hop-by-hop", relay: "/built/relay.cjs" });
    expect(start.socketPath.startsWith(dir)).toBe(true);
    expect(ports).toEqual(["port1"]);
    expect(windows[0]!.webContents.sent).toEqual([["world:port", { id: 1 }, ["port2"]]]);
    invoke("world:open", { id: 2 });
    children[0]!.emit("exit", 9);
    expect(windows[0]!.webContents.sent.at(-1)).toEqual(["world:failed", { id: 1, detail: "the world's process ended with code 9" }]);
    windows[0]!.webContents.emit("did-start-navigation", { isMainFrame: true, isSameDocument: true });
    expect(children[1]!.kill).not.toHaveBeenCalled();
    windows[0]!.webContents.emit("did-start-navigation", { isMainFrame: true, isSameDocument: false });
    expect(children[1]!.kill).toHaveBeenCalledOnce();
    children[1]!.emit("exit", 0);
    expect(windows[0]!.webContents.sent.at(-1)?.[1]).toMatchObject({ id: 1 });
    for (let id = 3; id < 11; id++) invoke("world:open", { id });
    expect(() => invoke("world:open", { id: 11 })).toThrow("cannot be opened");
  });
  it("tells once that terminals go without ptys, also over restarts", async () => {
    const { electron, invoke, children, dialogs } = fakeElectron([]);
    await startDesktop(electron, OPTIONS);
    for (let id = 1; id <= 3; id++) {
      invoke("world:open", { id });
      children.at(-1)!.emit("message", { type: "without-ptys", reason: "node-pty did not load: x" });
    }
    expect(dialogs.map((d) => d.message)).toEqual(["Terminals run without the system's pseudo-terminals here."]);
    const again = fakeElectron([]);
    await startDesktop(again.electron, OPTIONS);
    again.invoke("world:open", { id: 1 });
    again.children[0]!.emit("message", { type: "without-ptys", reason: "node-pty did not load: x" });
    expect(again.dialogs).toEqual([]);
  });
  it("opens an address outside only when it is on the list and the learner says so, having seen all of it", async () => {
    const log: string[] = [];
    const { electron, invoke, dialogs } = fakeElectron(log, [0, 1]);
    await startDesktop(electron, OPTIONS);
    await invoke("external:open", { url: "https://man7.org/a" });
    await invoke("external:open", { url: "https://man7.org/b" });
    await invoke("external:open", { url: "https://evil.example/" });
    expect(dialogs.map((d) => d.detail)).toEqual(["https://man7.org/a", "https://man7.org/b"]);
    expect(log.filter((l) => l.startsWith("browser"))).toEqual(["browser https://man7.org/a"]);
  });
  it("offers to reload when the page dies or hangs, once at a time, and says that work is saved", async () => {
    const { electron, windows, dialogs } = fakeElectron([], [0, 1]);
    await startDesktop(electron, OPTIONS);
    const page = windows[0]!.webContents;
    page.emit("render-process-gone", {}, { reason: "crashed", exitCode: 5 });
    page.emit("render-process-gone", {}, { reason: "crashed", exitCode: 5 });
    await vi.waitFor(() => expect(page.reload).toHaveBeenCalledOnce());
    windows[0]!.emit("unresponsive");
    page.emit("render-process-gone", {}, { reason: "clean-exit", exitCode: 0 });
    expect(dialogs).toHaveLength(2);
    for (const d of dialogs) expect(d.detail).toContain("Your work is saved");
  });
  it("remembers the window's place, leaves no socket folder, and ends when the last window closes", async () => {
    const log: string[] = [];
    const { electron, app, windows } = fakeElectron(log);
    await startDesktop(electron, OPTIONS);
    windows[0]!.emit("close");
    windows[0]!.emit("closed");
    app.emit("window-all-closed");
    expect(log.at(-1)).toBe("quit");
    const prevented = vi.fn();
    app.emit("will-quit", { preventDefault: prevented });
    await vi.waitFor(() => expect(log.filter((l) => l === "quit")).toHaveLength(2));
    app.emit("will-quit", { preventDefault: prevented });
    expect(prevented).toHaveBeenCalledOnce();
    expect(readdirSync(dir).filter((n) => n.startsWith("hop-"))).toEqual([]);
    const again = fakeElectron([]);
    await startDesktop(again.electron, OPTIONS);
    expect(again.windows[0]!.options).toMatchObject({ x: 1, y: 2, width: 800, height: 600 });
  });
  it("starts also where its folder has rubbish in it", async () => {
    const { electron, invoke } = fakeElectron([]);
    await startDesktop(electron, OPTIONS);
    await invoke("store:streams", {});
    writeFileSync(join(dir, "userData/progress/progress.jnl"), Buffer.alloc(5000, 0xff));
    const again = fakeElectron([]);
    await startDesktop(again.electron, OPTIONS);
    expect(await again.invoke("store:load", { stream: "course" })).toEqual({ records: [], damaged: 1 });
    expect(readdirSync(join(dir, "userData/progress")).some((n) => n.startsWith("progress.jnl.damaged-"))).toBe(true);
    expect(existsSync(join(dir, "userData/progress/progress.snap"))).toBe(true);
  });
});

/**
 * Starts and ends the utility processes that worlds run in. A page names its worlds by numbers of its own; main gives it one end of
 * a channel and the process the other, and from then on only watches. Worlds of a page end with it.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { MessageChannelMain, UtilityProcess, WebContents, utilityProcess } from "electron";
import { EVENTS } from "./channels.ts";

export interface WorldPlaces {
  /** the script of the utility process, and of the relay */
  readonly host: string;
  readonly relay: string;
  /** the program that runs the relay */
  readonly execPath: string;
  /** a folder of this run, for the user alone, with a short path: a socket's name has little over a hundred bytes */
  readonly socketDir: string;
}

export interface WorldParts {
  readonly utilityProcess: Pick<typeof utilityProcess, "fork">;
  readonly MessageChannelMain: typeof MessageChannelMain;
  readonly kill?: (pid: number) => void;
}

/** A page has one world open and one being replaced; more are a fault. */
const MAX_WORLDS = 8;
const KILL_AFTER_MS = 500;

export class Worlds {
  private readonly parts: WorldParts;
  private readonly places: WorldPlaces;
  private readonly onWithoutPtys: (reason: string) => void;
  private readonly open_ = new Map<WebContents, Map<number, UtilityProcess>>();

  constructor(parts: WorldParts, places: WorldPlaces, onWithoutPtys: (reason: string) => void) {
    this.parts = parts;
    this.places = places;
    this.onWithoutPtys = onWithoutPtys;
  }

  open(id: number, page: WebContents): void {
    const worlds = this.of(page);
    if (worlds.has(id) || worlds.size >= MAX_WORLDS) throw new Error(`world ${id} cannot be opened: ${worlds.size} are open`);
    const { host, relay, execPath, socketDir } = this.places;
    const name = `hop-${randomBytes(8).toString("hex")}`;
    const socketPath = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(socketDir, `${name}.sock`);
    const child = this.parts.utilityProcess.fork(host, [], { serviceName: "Hop by Hop world", stdio: "ignore", env: hostEnvironment() });
    worlds.set(id, child);
    const { port1, port2 } = new this.parts.MessageChannelMain();
    child.on("message", (message: unknown) => {
      const { type, reason } = (message ?? {}) as { type?: unknown; reason?: unknown };
      if (type === "without-ptys" && typeof reason === "string") this.onWithoutPtys(reason.slice(0, 500));
    });
    child.on("exit", (code) => {
      if (worlds.get(id) !== child) return;
      worlds.delete(id);
      if (!page.isDestroyed()) page.send(EVENTS.worldFailed, { id, detail: `the world's process ended with code ${code}` });
    });
    child.postMessage({ execPath, relay, socketPath }, [port1]);
    page.postMessage(EVENTS.worldPort, { id }, [port2]);
  }

  /** Ends a world at once, whatever it is doing. */
  close(id: number, page: WebContents): void {
    const worlds = this.open_.get(page);
    const child = worlds?.get(id);
    if (!worlds || !child) return;
    worlds.delete(id);
    end(child, this.parts.kill ?? ((pid) => process.kill(pid, "SIGKILL")));
  }

  /** The page is gone or begins anew. */
  closeAll(page: WebContents): void {
    for (const id of [...(this.open_.get(page)?.keys() ?? [])]) this.close(id, page);
    this.open_.delete(page);
  }

  private of(page: WebContents): Map<number, UtilityProcess> {
    let worlds = this.open_.get(page);
    if (!worlds) this.open_.set(page, (worlds = new Map()));
    return worlds;
  }
}

/** A process deep in a computation does not hear a polite signal. */
function end(child: UtilityProcess, kill: (pid: number) => void): void {
  const { pid } = child;
  let gone = false;
  child.once("exit", () => (gone = true));
  child.kill();
  if (pid === undefined) return;
  setTimeout(() => {
    if (gone) return;
    try {
      kill(pid);
    } catch {
      // it has ended meanwhile
    }
  }, KILL_AFTER_MS).unref();
}

/** Nothing of main's environment but what a process needs to start on Windows. */
function hostEnvironment(): Record<string, string> {
  const root = process.env["SystemRoot"];
  return root === undefined ? {} : { SystemRoot: root };
}

/** The object that preload.ts puts on the page, made from the four things it needs of Electron, so that it can be tested without. */
import type { FromWorld, InputRecord, ToWorld } from "../sim/session/protocol.ts";
import type { LoadedStream, ProgressStore } from "../renderer/store/progress-store.ts";
import type { Transport } from "../renderer/session/transport.ts";
import { type Channel, type Command, COMMANDS } from "./channels.ts";

export interface BridgeParts {
  invoke(channel: Channel, input: object): Promise<unknown>;
  onPort(listener: (id: number, port: MessagePort | undefined) => void): void;
  onFailed(listener: (id: number, detail: string) => void): void;
  onCommand(listener: (command: unknown) => void): void;
}

export interface Bridge {
  openTransport(): Transport;
  readonly store: ProgressStore;
  openExternal(url: string): void;
  /** things chosen in the native menu; one listener */
  onCommand(listener: (command: Command) => void): void;
}

interface World {
  port: MessagePort | null;
  readonly unsent: ToWorld[];
  onMessage: (message: FromWorld) => void;
  onFailure: (detail: string) => void;
}

export function bridge(parts: BridgeParts): Bridge {
  const worlds = new Map<number, World>();
  let nextWorld = 1;
  let command: (command: Command) => void = () => {};

  parts.onPort((id, port) => {
    const world = worlds.get(id);
    // terminated before its process was there
    if (!world || !port) return void port?.close();
    world.port = port;
    port.onmessage = (event: MessageEvent<FromWorld>) => worlds.get(id)?.onMessage(event.data);
    for (const message of world.unsent.splice(0)) port.postMessage(message);
  });
  parts.onFailed((id, detail) => worlds.get(id)?.onFailure(detail));
  parts.onCommand((name) => {
    const known = COMMANDS.find((c) => c === name);
    if (known) command(known);
  });

  return {
    openTransport() {
      const id = nextWorld++;
      const world: World = { port: null, unsent: [], onMessage: () => {}, onFailure: () => {} };
      worlds.set(id, world);
      parts.invoke("world:open", { id }).catch((error: unknown) => world.onFailure(error instanceof Error ? error.message : String(error)));
      return {
        send(message) {
          if (world.port) world.port.postMessage(message);
          else world.unsent.push(message);
        },
        onMessage: (listener) => void (world.onMessage = listener),
        onFailure: (listener) => void (world.onFailure = listener),
        terminate() {
          if (!worlds.delete(id)) return;
          world.onMessage = world.onFailure = () => {};
          world.port?.close();
          parts.invoke("world:close", { id }).catch(() => {});
        },
      };
    },
    store: {
      durable: true,
      load: (stream: string) => parts.invoke("store:load", { stream }) as Promise<LoadedStream>,
      append: async (stream: string, records: readonly InputRecord[]) => {
        if (records.length > 0) await parts.invoke("store:append", { stream, records });
      },
      streams: () => parts.invoke("store:streams", {}) as Promise<readonly string[]>,
      exportText: () => parts.invoke("store:export", {}) as Promise<string>,
    },
    openExternal: (url) => void parts.invoke("external:open", { url }).catch(() => {}),
    onCommand: (listener) => void (command = listener),
  };
}

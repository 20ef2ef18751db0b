/**
 * What the page sees of the desktop: `window.hop`, in the form of renderer/session/host.ts. Runs in a sandbox, in a world of its own:
 * ipcRenderer, ports and events stay here, and only plain data and functions of ours cross over.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from "electron";
import { EVENTS } from "./channels.ts";
import { bridge } from "./bridge.ts";

contextBridge.exposeInMainWorld(
  "hop",
  bridge({
    invoke: (channel, input) => ipcRenderer.invoke(channel, input),
    onPort: (listener) =>
      void ipcRenderer.on(EVENTS.worldPort, (event: IpcRendererEvent, { id }: { id: number }) => listener(id, event.ports[0])),
    onFailed: (listener) =>
      void ipcRenderer.on(EVENTS.worldFailed, (_event, { id, detail }: { id: number; detail: string }) => listener(id, detail)),
    onCommand: (listener) => void ipcRenderer.on(EVENTS.command, (_event, command: unknown) => listener(command)),
  }),
);

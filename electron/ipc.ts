/**
 * Every message from a page to main comes in through `registerChannel`: a fixed name, a strict schema, a cap on its size, and
 * a check that it was sent by the app's own page at the top of one of our windows. A refusal is an IpcRefusal for the
 * sender; a handler is never called with anything it did not declare. This is the only file that touches ipcMain.
 */
import type { IpcMain, IpcMainInvokeEvent } from "electron";
import * as v from "valibot";
import { sizeOf } from "./ipc-size.ts";
import { isOwnFrame } from "./policy.ts";
import { CHANNELS, type Channel } from "./channels.ts";

export class IpcRefusal extends Error {
  readonly why: "sender" | "size" | "shape";
  constructor(why: IpcRefusal["why"], channel: string) {
    super(`${channel}: refused (${why})`);
    this.name = "IpcRefusal";
    this.why = why;
  }
}

/** What a handler may know of who asked: the window's contents, never the event. */
export type Sender = IpcMainInvokeEvent["sender"];

export interface IpcRegistry {
  registerChannel<C extends Channel>(
    channel: C,
    handler: (input: v.InferOutput<(typeof CHANNELS)[C]["schema"]>, sender: Sender) => unknown,
  ): void;
}

/** `isOurs` tells whether contents belong to a window that main made. */
export function ipcRegistry(ipc: Pick<IpcMain, "handle">, isOurs: (sender: Sender) => boolean): IpcRegistry {
  const taken = new Set<string>();
  return {
    registerChannel(channel, handler) {
      if (taken.has(channel)) throw new Error(`channel ${channel} is registered twice`);
      taken.add(channel);
      const { schema, maxBytes } = CHANNELS[channel];
      ipc.handle(channel, (event, ...args: unknown[]) => {
        if (!isOwnFrame(event.senderFrame) || !isOurs(event.sender)) throw new IpcRefusal("sender", channel);
        if (args.length !== 1 || sizeOf(args[0], maxBytes) > maxBytes) throw new IpcRefusal("size", channel);
        const read = v.safeParse(schema, args[0]);
        if (!read.success) throw new IpcRefusal("shape", channel);
        return handler(read.output as never, event.sender);
      });
    },
  };
}

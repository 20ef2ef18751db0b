/** The wire between the app and a world. The browser has a worker behind it, the desktop app a port to its world host. */
import type { FromWorld, ToWorld } from "../../sim/session/protocol.ts";

export interface Transport {
  send(message: ToWorld): void;
  /** One listener; set before the first send. */
  onMessage(listener: (message: FromWorld) => void): void;
  /** The other side could not be started or died. In words for a copy button. */
  onFailure(listener: (detail: string) => void): void;
  /** Ends the other side at once, whatever it is doing. Nothing arrives afterwards. */
  terminate(): void;
}

export type OpenTransport = () => Transport;

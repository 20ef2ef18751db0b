/** A world in a Web Worker of this page. */
import type { FromWorld, ToWorld } from "../../sim/session/protocol.ts";
import type { Transport } from "./transport.ts";

function makeWorker(): Worker {
  return new Worker(new URL("../worker.ts", import.meta.url), { type: "module", name: "hop-world" });
}

/** A worker that loads the engine while the page is still being made; the first world takes it. */
let ahead: Worker | null = null;

export function loadWorkerAhead(): void {
  ahead = makeWorker();
  // the world that would have taken it makes its own, and tells what is wrong
  ahead.addEventListener("error", () => (ahead = null), { once: true });
}

export function openWorkerTransport(): Transport {
  const worker = ahead ?? makeWorker();
  ahead = null;
  let ended = false;
  return {
    send: (message: ToWorld) => worker.postMessage(message),
    onMessage(listener) {
      worker.addEventListener("message", (event: MessageEvent<FromWorld>) => {
        if (!ended) listener(event.data);
      });
    },
    onFailure(listener) {
      worker.addEventListener("error", (event) => {
        if (!ended) listener(event.message || "the worker could not be loaded");
      });
      worker.addEventListener("messageerror", () => {
        if (!ended) listener("a message of the worker could not be read");
      });
    },
    terminate() {
      ended = true;
      worker.terminate();
    },
  };
}

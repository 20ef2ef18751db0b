/**
 * A world in a worker of its own. Runs slices of at most 8 ms and lets messages in between them: a macrotask by
 * MessageChannel when there is more to do at once, a timer when there is not.
 */
import { challenges, labs } from "virtual:hop/worlds";
import type { ToWorld } from "../sim/session/protocol.ts";
import { Session } from "../sim/session/session.ts";

const session = new Session(
  (message) => self.postMessage(message),
  { labs, challenges },
  () => performance.now(),
);
const channel = new MessageChannel();
let timer: ReturnType<typeof setTimeout> | undefined;
let queued = false;

function turn(): void {
  clearTimeout(timer);
  const wait = session.turn();
  if (wait <= 0) soon();
  else if (Number.isFinite(wait)) timer = setTimeout(turn, wait);
}

function soon(): void {
  if (queued) return;
  queued = true;
  channel.port2.postMessage(null);
}

channel.port1.onmessage = () => {
  queued = false;
  turn();
};

self.onmessage = (event: MessageEvent<ToWorld>) => {
  session.receive(event.data);
  soon();
};

/**
 * The utility process that runs one world. Main sends it, once, the end of a channel whose other end the page has, and where its relays
 * live; after that it talks with the page alone, and with main only to say that terminals go without ptys, and why.
 */
import content from "virtual:hop-content";
import * as v from "valibot";
import { Session } from "../sim/session/session.ts";
import { loadNodePty } from "./pty/node-pty.ts";
import { PtyHost } from "./pty/pty-host.ts";
import { World } from "./world.ts";

const begin = v.strictObject({ execPath: v.string(), relay: v.string(), socketPath: v.string() });

process.parentPort.once("message", (event) => {
  const { execPath, relay, socketPath } = v.parse(begin, event.data);
  const port = event.ports[0];
  if (!port) throw new Error("no port came with the first message");
  const early: unknown[] = [];
  let world: World | null = null;
  port.on("message", ({ data }) => {
    if (world) world.hear(data);
    else early.push(data);
  });
  port.on("close", () => process.exit(0));
  port.start();

  let told = false;
  const without = (reason: string): void => {
    if (!told) process.parentPort.postMessage({ type: "without-ptys", reason });
    told = true;
  };
  void loadNodePty()
    .then((spawn) => new PtyHost({ spawn, program: { execPath, script: relay }, socketPath, onGivenUp: without }))
    .catch((error: unknown) => {
      without(`node-pty did not load: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    })
    .then((ptys) => {
      world = new World({
        session: (post) => new Session(post, content, () => performance.now()),
        post: (message) => port.postMessage(message),
        ptys,
      });
      for (const message of early.splice(0)) world.hear(message);
    });
});

/** What `ip` needs to read its arguments: the words and texts that all of iproute2 shares, and its own refusal. */
import { exit } from "../lib/io.ts";

export * from "../lib/iproute/args.ts";

/** What the real tool takes and the simulator does not. */
export function notModelled(what: string): never {
  exit(64, `hop: ip: ${what} is not simulated\n`);
}

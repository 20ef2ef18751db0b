/**
 * The names that a page and main know each other by. CHANNELS go from the page to main, each with its schema and the most
 * bytes a message may have; EVENTS go from main to the page. preload.ts is the only other file that uses them.
 */
import * as v from "valibot";

const stream = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,30}(?:\/[a-z0-9-]{1,81}){0,3}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** One outside cause, as sim/session/protocol.ts has it. `data` is kept as it is; the world reads it as data only. */
const record = v.strictObject({
  seq: v.pipe(v.number(), v.safeInteger()),
  t: count,
  done: count,
  src: v.pipe(v.string(), v.regex(/^(?:app|cli|term:\d{1,6})$/)),
  kind: v.picklist(["open", "key", "paste", "resize", "button", "edit", "undo", "reset", "hint", "evidence", "resume", "kill"]),
  data: v.unknown(),
});

const worldId = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));

export const CHANNELS = {
  "store:load": { schema: v.strictObject({ stream }), maxBytes: 1_000 },
  "store:append": {
    schema: v.strictObject({ stream, records: v.pipe(v.array(record), v.minLength(1), v.maxLength(20_000)) }),
    maxBytes: 32_000_000,
  },
  "store:streams": { schema: v.strictObject({}), maxBytes: 100 },
  "store:export": { schema: v.strictObject({}), maxBytes: 100 },
  "world:open": { schema: v.strictObject({ id: worldId }), maxBytes: 100 },
  "world:close": { schema: v.strictObject({ id: worldId }), maxBytes: 100 },
  "external:open": { schema: v.strictObject({ url: v.pipe(v.string(), v.maxLength(2048)) }), maxBytes: 5_000 },
} as const;
export type Channel = keyof typeof CHANNELS;

export const EVENTS = {
  /** a port to a world's host is attached; {id} */
  worldPort: "world:port",
  /** a world's host could not be started or ended by itself; {id, detail} */
  worldFailed: "world:failed",
  /** something chosen in the menu; a Command */
  command: "app:command",
} as const;

/** What the native menu asks the page to do. */
export const COMMANDS = ["help", "search", "home"] as const;
export type Command = (typeof COMMANDS)[number];

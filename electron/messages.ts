/** The messages of sim/session/protocol.ts as the world's host takes them from the page: checked, since the page is the less trusted side. */
import * as v from "valibot";
import type { ToWorld } from "../sim/session/protocol.ts";
import { sizeOf } from "./ipc-size.ts";

const term = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(999_999));
const name = v.pipe(v.string(), v.maxLength(100));
const path = v.pipe(v.string(), v.maxLength(4096));
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const cells = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000));
const seed = v.pipe(v.number(), v.safeInteger());
const record = v.strictObject({
  seq: v.pipe(v.number(), v.safeInteger()),
  t: v.number(),
  done: v.number(),
  src: v.pipe(v.string(), v.maxLength(20)),
  kind: v.picklist(["open", "key", "paste", "resize", "button", "edit", "undo", "reset", "hint", "evidence", "resume", "kill"]),
  data: v.unknown(),
});

const schema = v.variant("type", [
  v.strictObject({
    type: v.literal("start"),
    version: v.number(),
    lab: name,
    challenge: v.nullable(name),
    seed,
    locale: v.picklist(["en", "ko"]),
    log: v.array(record),
  }),
  v.strictObject({ type: v.literal("open"), term, machine: name, user: v.nullable(name), cols: cells, rows: cells }),
  v.strictObject({ type: v.literal("close"), term }),
  v.strictObject({ type: v.literal("input"), term, kind: v.picklist(["key", "paste"]), data: v.string() }),
  v.strictObject({ type: v.literal("resize"), term, cols: cells, rows: cells }),
  v.strictObject({ type: v.literal("ack"), term, chars: id }),
  v.strictObject({
    type: v.literal("action"),
    action: v.variant("do", [
      v.strictObject({ do: v.literal("plug"), cable: name }),
      v.strictObject({ do: v.literal("unplug"), cable: name }),
    ]),
  }),
  v.strictObject({
    type: v.literal("save"),
    id,
    edit: v.strictObject({
      do: v.literal("edit"),
      machine: name,
      path,
      text: v.pipe(v.string(), v.maxLength(1_000_000)),
      sudo: v.boolean(),
    }),
  }),
  v.strictObject({ type: v.literal("speed"), speed: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1_000_000)) }),
  v.strictObject({ type: v.literal("undo"), term: v.nullable(term) }),
  v.strictObject({ type: v.literal("reset") }),
  v.strictObject({ type: v.literal("hint") }),
  v.strictObject({ type: v.literal("evidence"), question: name, decision: v.nullable(v.looseObject({ key: name })) }),
  v.strictObject({ type: v.literal("grade"), id, scope: v.picklist(["visible", "all"]) }),
  v.strictObject({
    type: v.literal("ask"),
    id,
    query: v.variant("q", [
      v.strictObject({ q: v.literal("journeys"), limit: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)) }),
      v.strictObject({ q: v.literal("journey"), packet: id }),
      v.strictObject({ q: v.literal("file"), machine: name, path, sudo: v.boolean() }),
    ]),
  }),
  v.strictObject({ type: v.literal("stop") }),
]);

const MAX_START = 64_000_000;
const MAX_OTHER = 4_000_000;

/** The message, or null when it is none. */
export function readMessage(value: unknown): ToWorld | null {
  const limit = (value as { type?: unknown } | null)?.type === "start" ? MAX_START : MAX_OTHER;
  if (sizeOf(value, limit) > limit) return null;
  const read = v.safeParse(schema, value);
  return read.success ? (read.output as ToWorld) : null;
}

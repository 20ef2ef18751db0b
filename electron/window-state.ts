/** Where the window was, kept in a small file and made to fit the screens that are there now. A file that does not read is as none. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const schema = v.object({
  x: v.optional(coordinate),
  y: v.optional(coordinate),
  width: v.pipe(coordinate, v.minValue(200)),
  height: v.pipe(coordinate, v.minValue(200)),
  maximized: v.boolean(),
  /** what the app has told once and need not tell again */
  told: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(500))), v.maxLength(20))),
});
export type WindowState = v.InferOutput<typeof schema>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const DEFAULT: WindowState = { width: 1440, height: 900, maximized: false };
/** as much of the title bar as must be on a screen for the window to be within reach */
const REACH = 80;

export function readWindowState(file: string): WindowState {
  try {
    const read = v.safeParse(schema, JSON.parse(readFileSync(file, "utf8")));
    return read.success ? read.output : DEFAULT;
  } catch {
    return DEFAULT;
  }
}

/** Errors are swallowed: a window that opens in its default place is no loss. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.tmp`, JSON.stringify(state));
    renameSync(`${file}.tmp`, file);
  } catch {
    // a full or read-only disk: progress.jnl is what tells the learner about that
  }
}

/** The state with a size no larger than the screen and a place where it can be seen; no place when it was on a screen that is gone. */
export function fitted(state: WindowState, screens: readonly Area[]): WindowState {
  const { x, y, ...rest } = state;
  const on =
    x === undefined || y === undefined
      ? undefined
      : screens.find((s) => x + state.width >= s.x + REACH && x <= s.x + s.width - REACH && y >= s.y && y <= s.y + s.height - REACH);
  const limit = on ?? screens[0];
  const width = limit ? Math.min(state.width, limit.width) : state.width;
  const height = limit ? Math.min(state.height, limit.height) : state.height;
  return on && x !== undefined && y !== undefined ? { ...rest, x, y, width, height } : { ...rest, width, height };
}

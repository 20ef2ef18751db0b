/**
 * Lets virtual time pass until something holds. The condition is looked at after every event, so the moment at which this ends
 * does not depend on how the host slices its work; yields to it every SLICE events.
 */
import type { World } from "../kernel/world.ts";

const SLICE = 2_000;

/** Ends when `done()` holds (even before any event), at the time `until`, or when the world died. */
export function* waitFor(world: World, until: number, done: () => boolean): Generator<void, void> {
  for (let n = 1; !done(); n++) {
    if (world.run(until, 1) !== "budget") return;
    if (n % SLICE === 0) yield;
  }
}

/** Recorded commands whose answer differs, each with its reason. */
export const KNOWN: readonly string[] = [];

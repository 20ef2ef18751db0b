/** What the components of a chapter know of where they stand. */
import { createContext, useContext, useEffect } from "react";
import type { WorldKey } from "../session/client.ts";

export interface ChapterContextValue {
  readonly chapter: string;
  /** outputs.json: what the simulator answered when the course was built */
  readonly outputs: Readonly<Record<string, string>>;
  /** the chapter's own world; null when it has none */
  readonly home: WorldKey | null;
}
export const ChapterContext = createContext<ChapterContextValue>({ chapter: "", outputs: {}, home: null });
export const useChapter = (): ChapterContextValue => useContext(ChapterContext);

/** A part is done when its end was seen and everything asked in it was done. */
export interface PartContextValue {
  readonly id: string;
  task(id: string, done: boolean): void;
}
export const PartContext = createContext<PartContextValue>({ id: "", task: () => {} });

export function useTask(id: string, done: boolean): void {
  const { task } = useContext(PartContext);
  useEffect(() => task(id, done), [task, id, done]);
}

/** Small hooks: size of an element, width of the window, whether motion is reduced. */
import { useEffect, useState, useSyncExternalStore, type RefObject } from "react";

export function useSize(ref: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    setSize({ width: element.clientWidth, height: element.clientHeight });
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

/** One pane at a time: narrow windows, and 200 % zoom on a laptop. */
export const SINGLE_PANE = "(max-width: 1023px)";
export const useSinglePane = (): boolean => useMedia(SINGLE_PANE);
export const useReducedMotion = (): boolean => useMedia("(prefers-reduced-motion: reduce)");

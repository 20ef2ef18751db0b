/**
 * Which edition this page runs in. The desktop app puts `window.hop` there from its preload script: a transport to its
 * world host and a store over files. Without it this is the browser edition.
 */
import { IndexedDbStore } from "../store/indexeddb-store.ts";
import { MemoryStore } from "../store/memory-store.ts";
import type { ProgressStore } from "../store/progress-store.ts";
import type { OpenTransport } from "./transport.ts";
import { loadWorkerAhead, openWorkerTransport } from "./worker-transport.ts";

export interface HostBridge {
  readonly openTransport?: OpenTransport;
  readonly store?: ProgressStore;
  /** opens an https address in the system's browser, after asking there too */
  readonly openExternal?: (url: string) => void;
  /** things chosen in the native menu; one listener */
  readonly onCommand?: (listener: (command: "help" | "search" | "home") => void) => void;
}

declare global {
  interface Window {
    readonly hop?: HostBridge;
  }
}

export const openTransport: OpenTransport = () => (window.hop?.openTransport ?? openWorkerTransport)();

/** At the app's start, where the address leads to a lab: begins to load the engine. */
export function loadEngineAhead(): void {
  if (!window.hop?.openTransport && /^#\/(chapter|challenge)\//.test(location.hash)) loadWorkerAhead();
}

let opened: Promise<ProgressStore> | null = null;

/** The store of this edition; memory where the browser refuses storage (private mode), so that the course still runs. */
export function progressStore(): Promise<ProgressStore> {
  opened ??= (async () => {
    if (window.hop?.store) return window.hop.store;
    try {
      const store = await IndexedDbStore.open();
      // asked once: without it the browser may clear the store when space runs low
      void navigator.storage?.persist?.().catch(() => false);
      return store;
    } catch {
      return new MemoryStore();
    }
  })();
  return opened;
}

export function openExternal(url: string): void {
  if (!/^https?:\/\//.test(url)) return;
  if (window.hop?.openExternal) window.hop.openExternal(url);
  else window.open(url, "_blank", "noopener,noreferrer");
}

/** What is chosen in the desktop app's menu; nothing in a browser. */
export function onMenuCommand(listener: (command: "help" | "search" | "home") => void): void {
  window.hop?.onCommand?.(listener);
}

/** Types of what TypeScript files use of lib.mjs. */
import type { Browser, BrowserContext, Page } from "playwright-core";

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}
export interface PageOptions {
  readonly url: string;
  readonly hash?: string;
  readonly locale?: "en" | "ko";
  readonly theme?: string;
}
export function serve(dir: string, below?: string): Promise<Served>;
export function findChromium(): string | null;
export function launch(executablePath: string): Promise<Browser>;
export function openPage(browser: Browser, options: PageOptions): Promise<{ page: Page; ctx: BrowserContext; problems: string[] }>;
export function shellText(page: Page): Promise<string>;
export function waitFor<T>(check: () => T | Promise<T>, what: string, timeout?: number): Promise<T>;

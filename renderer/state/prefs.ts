/** What a learner set for this browser: language, theme, text sizes, pane sizes. Small, and safe to lose. */
import { create } from "zustand";
import { translator, type Locale, type Translate } from "../i18n/index.ts";

export type Theme = "light" | "dark" | "contrast" | "system";

export interface Prefs {
  readonly locale: Locale;
  readonly theme: Theme;
  /** terminal text, px, 8–32 */
  readonly termSize: number;
  /** sizes of panes by screen and pane, px or percent as the divider keeps them */
  readonly sizes: Readonly<Record<string, number>>;
  readonly singleKeys: boolean;
  readonly tableView: boolean;
}

interface PrefsStore extends Prefs {
  set(change: Partial<Prefs>): void;
}

const KEY = "hop.prefs";

function load(): Prefs {
  const defaults: Prefs = {
    locale: navigator.language.startsWith("ko") ? "ko" : "en",
    theme: "system",
    termSize: 13,
    sizes: {},
    singleKeys: true,
    tableView: false,
  };
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Prefs>;
    return {
      locale: stored.locale === "ko" || stored.locale === "en" ? stored.locale : defaults.locale,
      theme: ["light", "dark", "contrast", "system"].includes(stored.theme ?? "") ? (stored.theme as Theme) : defaults.theme,
      termSize: clampSize(stored.termSize ?? defaults.termSize),
      sizes: typeof stored.sizes === "object" && stored.sizes !== null ? stored.sizes : {},
      singleKeys: stored.singleKeys ?? true,
      tableView: stored.tableView ?? false,
    };
  } catch {
    return defaults;
  }
}

export const clampSize = (size: number): number => Math.min(32, Math.max(8, Math.round(size)));

export const usePrefs = create<PrefsStore>((set, get) => ({
  ...load(),
  set(change) {
    set(change);
    const { set: _, ...prefs } = get();
    try {
      localStorage.setItem(KEY, JSON.stringify(prefs));
    } catch {
      // private mode: the choice lasts as long as the window
    }
  },
}));

export const useLocale = (): Locale => usePrefs((s) => s.locale);
const translators: Readonly<Record<Locale, Translate>> = { en: translator("en"), ko: translator("ko") };
export const useT = (): Translate => translators[useLocale()];

const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
const more = typeof matchMedia === "function" ? matchMedia("(prefers-contrast: more)") : null;

export function resolvedTheme(theme: Theme): Exclude<Theme, "system"> {
  if (theme !== "system") return theme;
  return more?.matches ? "contrast" : dark?.matches ? "dark" : "light";
}

/** Puts language and theme on the document, now and whenever they change. */
export function applyPrefs(): void {
  const apply = (): void => {
    const { locale, theme } = usePrefs.getState();
    document.documentElement.lang = locale;
    document.documentElement.dataset.theme = resolvedTheme(theme);
  };
  apply();
  usePrefs.subscribe(apply);
  dark?.addEventListener("change", apply);
  more?.addEventListener("change", apply);
}

/** A text of the course in the language of the interface. */
import type { LocalText } from "../../sim/lab/manifest.ts";
import type { Locale } from "../i18n/index.ts";
import { useLocale } from "../state/prefs.ts";

export const inLocale = (text: LocalText, locale: Locale): string => text[locale] || text.en;

export function useLocal(): (text: LocalText) => string {
  const locale = useLocale();
  return (text) => inLocale(text, locale);
}

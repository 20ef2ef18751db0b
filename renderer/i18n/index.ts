/** The words of the interface. Machine output is never translated. */
import { en } from "./en.ts";
import { ko } from "./ko.ts";
import { josa } from "./josa.ts";

export type Locale = "en" | "ko";
export type MessageKey = keyof typeof en;
export type Messages = { readonly [K in MessageKey]: string };
export type Params = Readonly<Record<string, string | number>>;

export const catalogues: Readonly<Record<Locale, Messages>> = { en, ko };

/**
 * The message with its {names} filled in. In Korean {name|이/가} adds the particle that fits the sound of the value.
 */
export function format(message: string, params: Params = {}): string {
  return message.replace(/\{(\w+)(?:\|([^}]+))?\}/g, (whole, name: string, particles: string | undefined) => {
    const value = params[name];
    if (value === undefined) return whole;
    const text = String(value);
    return particles ? text + josa(text, particles) : text;
  });
}

export const translator =
  (locale: Locale) =>
  (key: MessageKey, params?: Params): string =>
    format(catalogues[locale][key], params);
export type Translate = ReturnType<typeof translator>;

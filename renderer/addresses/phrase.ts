/** A sentence of the interface's catalogues with its values: what pure code says without knowing the language. */
import type { MessageKey, Params } from "../i18n/index.ts";

export interface Phrase {
  readonly key: MessageKey;
  readonly params: Params;
}
export const say = (key: MessageKey, params: Params = {}): Phrase => ({ key, params });

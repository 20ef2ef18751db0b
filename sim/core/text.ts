/** A text in each language of the course. */
export interface LocalText {
  readonly en: string;
  readonly ko: string;
}

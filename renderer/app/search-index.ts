/**
 * Finding words in titles and texts. Every word of the query must occur; in Korean as part of a word too, since
 * particles cling to nouns. A title counts for more than a text, a beginning for more than a middle.
 */
export interface SearchEntry<To> {
  readonly title: string;
  readonly where: string;
  readonly text: string;
  readonly to: To;
}
export interface Found<To> {
  readonly entry: SearchEntry<To>;
  readonly snippet: string;
}

const MOST = 12;

export function search<To>(entries: readonly SearchEntry<To>[], query: string): Found<To>[] {
  const words = normal(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored: { entry: SearchEntry<To>; score: number; at: number }[] = [];
  for (const entry of entries) {
    const title = normal(entry.title);
    const text = normal(entry.text);
    let score = 0;
    let at = -1;
    for (const word of words) {
      const inTitle = title.indexOf(word);
      const inText = text.indexOf(word);
      if (inTitle < 0 && inText < 0) {
        score = 0;
        break;
      }
      score += inTitle >= 0 ? (inTitle === 0 || title[inTitle - 1] === " " ? 12 : 8) : 2;
      if (at < 0) at = inText;
    }
    if (score > 0) scored.push({ entry, score, at });
  }
  scored.sort((a, b) => b.score - a.score);
  return scored.slice(0, MOST).map(({ entry, at }) => ({ entry, snippet: at < 0 ? "" : around(entry.text, at) }));
}

/** The words about a place in a text, none of them cut. */
function around(text: string, at: number): string {
  const from = at <= 30 ? 0 : text.indexOf(" ", at - 30) + 1;
  const to = at + 80 >= text.length ? text.length : Math.max(text.lastIndexOf(" ", at + 80), at);
  return `${from > 0 ? "… " : ""}${text.slice(Math.min(from, at), to)}${to < text.length ? " …" : ""}`;
}

const normal = (text: string): string => text.normalize("NFC").toLowerCase();

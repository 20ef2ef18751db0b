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
  return scored
    .slice(0, MOST)
    .map(({ entry, at }) => ({ entry, snippet: at < 0 ? "" : `${at > 30 ? "… " : ""}${entry.text.slice(Math.max(0, at - 30), at + 70)}` }));
}

const normal = (text: string): string => text.normalize("NFC").toLowerCase();

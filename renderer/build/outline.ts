/**
 * The outline of a chapter from its MDX text: front matter, parts, headings, and the words of each for the search.
 * Reads lines, not syntax: a <Part …> tag and a ## heading each stand on a line of their own (the tag may be spread
 * over several), which the chapters' parity test requires anyway.
 */
export interface OutlineEntry {
  readonly id: string;
  /** 1 a part, 2 a heading in it */
  readonly level: 1 | 2;
  readonly kind: string | null;
  readonly title: string;
  /** the part it stands in */
  readonly part: string;
  readonly text: string;
}
export interface Outline {
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly lab: string | null;
  readonly seed: number;
  readonly entries: readonly OutlineEntry[];
}
export interface ChapterOutline {
  readonly id: string;
  en: Outline | null;
  ko: Outline | null;
}

export function outlineOf(source: string): Outline {
  const front = /^---\n([\s\S]*?)\n---\n/.exec(source);
  const meta = new Map<string, string>();
  for (const line of (front?.[1] ?? "").split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0)
      meta.set(
        line.slice(0, colon).trim(),
        line
          .slice(colon + 1)
          .trim()
          .replace(/^(["'])(.*)\1$/, "$2"),
      );
  }
  return {
    title: meta.get("title") ?? "",
    summary: meta.get("summary") ?? "",
    minutes: Number(meta.get("minutes") ?? 0),
    lab: meta.get("lab") ?? null,
    seed: Number(meta.get("seed") ?? 1),
    entries: entriesOf(front ? source.slice(front[0].length) : source),
  };
}

function entriesOf(body: string): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  let part = "";
  let current: { entry: Omit<OutlineEntry, "text">; words: string[] } | null = null;
  const flush = (): void => {
    if (current) entries.push({ ...current.entry, text: plain(current.words.join(" ")) });
    current = null;
  };
  // tags spread over lines are read as one
  const lines = body.replace(/<Part\s[^>]*>/g, (tag) => tag.replace(/\s+/g, " ")).split("\n");
  for (const line of lines) {
    const tag = /^\s*<Part\s(.*)>/.exec(line);
    const heading = /^(##|###)\s+(.+)$/.exec(line);
    if (tag) {
      flush();
      part = attribute(tag[1] ?? "", "id");
      current = {
        entry: { id: part, level: 1, kind: attribute(tag[1] ?? "", "kind") || null, title: attribute(tag[1] ?? "", "title"), part },
        words: [],
      };
    } else if (heading) {
      flush();
      const title = plain(heading[2] ?? "");
      current = { entry: { id: slug(title), level: 2, kind: null, title, part }, words: [] };
    } else if (!/^\s*```|^[|\s-]+$/.test(line)) (current as { words: string[] } | null)?.words.push(line.replace(/^\s*[-*] /, ""));
  }
  flush();
  return entries;
}

const attribute = (tag: string, name: string): string =>
  new RegExp(`\\b${name}=(?:"([^"]*)"|\\{"([^"]*)"\\})`).exec(tag)?.slice(1).find(Boolean) ?? "";

/** The words of a piece of MDX, without tags, fences' backquotes and marks. */
function plain(text: string): string {
  return text
    .replace(/<Node name="([^"]*)" \/>/g, "$1")
    .replace(/<[^>]*>/g, " ")
    .replace(/[`*_#>|]+/g, "")
    .replace(/\{[^{}]*\}/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** As github-slugger makes it, which rehype-slug uses. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** Search over chapters, parts and their words in the language shown. Small enough to look through on every key. */
import { Dialog } from "@base-ui/react/dialog";
import { useMemo, useRef, useState, type JSX, type KeyboardEvent } from "react";
import { challengeList, chapterList, outlineFor } from "../course/catalog.ts";
import { usePrefs, useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { Icon } from "../ui/Icon.tsx";
import { go, parseRoute, type Route } from "./routes.ts";
import { search, type SearchEntry } from "./search-index.ts";

export function Search(): JSX.Element {
  const t = useT();
  const open = useUi((s) => s.search);
  const locale = usePrefs((s) => s.locale);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const route = open ? parseRoute(location.hash) : null;
  const here = route?.screen === "chapter" ? route.chapter : null;
  const index = useMemo<readonly SearchEntry<Route>[]>(
    () => [
      // of places that fit as well, those of the chapter being read come first
      ...chapterList
        .toSorted((a, b) => Number(b.id === here) - Number(a.id === here))
        .flatMap((c): SearchEntry<Route>[] => {
          const outline = outlineFor(c.id, locale);
          const where = `${c.number} ${c.title[locale]}`;
          return [
            {
              title: c.title[locale],
              where: t("home.chapterN", { n: c.number }),
              text: c.about[locale],
              to: { screen: "chapter", chapter: c.id, section: null },
            },
            ...(outline?.entries ?? []).map((e): SearchEntry<Route> => ({
              title: e.title,
              where,
              text: e.text,
              to: { screen: "chapter", chapter: c.id, section: e.id },
            })),
          ];
        }),
      ...challengeList.map((c): SearchEntry<Route> => ({
        title: c.title[locale],
        where: t("home.incidents"),
        text: c.briefing.symptom[locale],
        to: { screen: "challenge", challenge: c.id, seed: null },
      })),
    ],
    [locale, t, here],
  );
  /** what was picked takes the focus; a search that was left gives it back */
  const picked = useRef(false);
  const found = useMemo(() => search(index, query), [index, query]);
  const close = (): void => useUi.setState({ search: false });
  const leave = (): void => {
    picked.current = false;
    close();
  };
  const pick = (i: number): void => {
    const entry = found[i];
    if (!entry) return;
    picked.current = true;
    close();
    go(entry.entry.to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt((n) => Math.min(found.length - 1, n + 1));
    else if (event.key === "ArrowUp") setAt((n) => Math.max(0, n - 1));
    else if (event.key === "Enter") pick(at);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && leave()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette" finalFocus={() => !picked.current}>
          <Dialog.Title className="sr">{t("search.title")}</Dialog.Title>
          <div className="palette-input">
            <Icon name="search" />
            <input
              autoFocus
              role="combobox"
              aria-expanded={found.length > 0}
              aria-controls="search-results"
              aria-activedescendant={found[at] ? `result-${at}` : undefined}
              aria-label={t("search.title")}
              placeholder={t("search.placeholder")}
              value={query}
              onFocus={(event) => event.target.select()}
              onChange={(event) => {
                setQuery(event.target.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <ul id="search-results" role="listbox" aria-label={t("search.title")} hidden={found.length === 0}>
            {found.map(({ entry, snippet }, i) => (
              <li
                key={`${entry.where}/${entry.title}/${i}`}
                id={`result-${i}`}
                role="option"
                aria-selected={i === at}
                onPointerMove={() => setAt(i)}
                onClick={() => pick(i)}
              >
                <span className="muted">{entry.where}</span>
                <b>{entry.title}</b>
                {snippet && <span className="soft ell">{snippet}</span>}
              </li>
            ))}
          </ul>
          <p className="muted palette-note" aria-live="polite">
            {query.trim() === ""
              ? t("search.hint")
              : found.length === 0
                ? t("search.none", { query })
                : t("search.count", { n: found.length })}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

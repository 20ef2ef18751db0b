/**
 * Addresses, in the part after #, so that any static server in any folder will do:
 *   #/                                     the course map
 *   #/chapter/3-routing                    a chapter, at the part read last
 *   #/chapter/3-routing/the-road-back      a part or a heading of it
 *   #/challenge/three-routers?seed=7       an incident, in a given variant
 */
import { useSyncExternalStore } from "react";

export type Route =
  | { readonly screen: "home" }
  | { readonly screen: "chapter"; readonly chapter: string; readonly section: string | null }
  | { readonly screen: "challenge"; readonly challenge: string; readonly seed: number | null };

const ID = /^[a-z0-9][a-z0-9-]{0,80}$/;

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  const [, kind, id = "", ...rest] = path.split("/").map(decode);
  if (kind === "chapter" && ID.test(id)) return { screen: "chapter", chapter: id, section: rest[0] || null };
  if (kind === "challenge" && ID.test(id)) {
    const seed = new URLSearchParams(query).get("seed");
    return { screen: "challenge", challenge: id, seed: seed !== null && /^\d{1,9}$/.test(seed) ? Number(seed) : null };
  }
  return { screen: "home" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

export function hrefOf(route: Route): string {
  if (route.screen === "chapter") return `#/chapter/${route.chapter}${route.section ? `/${encodeURIComponent(route.section)}` : ""}`;
  if (route.screen === "challenge") return `#/challenge/${route.challenge}${route.seed === null ? "" : `?seed=${route.seed}`}`;
  return "#/";
}

/** Goes there; where the address is that already, whoever listens for it hears it again. */
export const go = (route: Route): void => {
  const href = hrefOf(route);
  if (location.hash === href) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = href.slice(1);
};

/** The address without a new entry in the history: the part that is being read. Nothing when the reader is leaving already. */
export function noteSection(chapter: string, section: string): void {
  const here = parseRoute(location.hash);
  if (here.screen !== "chapter" || here.chapter !== chapter) return;
  const href = hrefOf({ screen: "chapter", chapter, section });
  if (location.hash !== href) history.replaceState(history.state, "", href);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => location.hash,
  );
  return parseRoute(hash);
}

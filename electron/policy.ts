/**
 * What the page may do outside its own files, as pure functions: where it may navigate, which addresses may be opened in the
 * system's browser, which permissions it gets, which `hop://` links mean something. Everything not allowed here is refused.
 */

export const APP_ORIGIN = "app://hop";
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Hosts that the course links to. A link elsewhere is not opened. */
export const EXTERNAL_HOSTS: ReadonlySet<string> = new Set([
  "datatracker.ietf.org",
  "www.rfc-editor.org",
  "docs.kernel.org",
  "www.kernel.org",
  "man7.org",
  "manpages.debian.org",
  "wiki.debian.org",
  "kubernetes.io",
  "wiki.nftables.org",
  "netfilter.org",
  "www.netfilter.org",
  "www.tcpdump.org",
  "www.wireshark.org",
  "developer.mozilla.org",
  "en.wikipedia.org",
  "ko.wikipedia.org",
  "github.com",
]);

const MAX_URL = 2048;

/** May the window's top frame go to `url`? Only to the app's own page; what follows # and ? is the page's own affair. */
export function mayNavigate(url: string): boolean {
  const parsed = parse(url);
  return parsed !== null && isApp(parsed) && (parsed.pathname === "/index.html" || parsed.pathname === "/");
}

/** The address to hand to the system's browser, in normal form, or null when it must not be opened. */
export function externalUrl(url: string): string | null {
  // control characters and spaces are dropped by URL parsers, so what is shown would not be what is opened
  if (/[^\x21-\x7e]|\\/.test(url)) return null;
  const parsed = parse(url);
  if (!parsed || parsed.protocol !== "https:") return null;
  if (parsed.username !== "" || parsed.password !== "" || parsed.port !== "") return null;
  return EXTERNAL_HOSTS.has(parsed.hostname) ? parsed.href : null;
}

/** Copying is the one thing the page needs a permission for. */
export function mayUse(permission: string, origin: string): boolean {
  return permission === "clipboard-sanitized-write" && (origin === APP_ORIGIN || origin === `${APP_ORIGIN}/`);
}

/** Is a message's frame the app's own page, at the top of its window? */
export function isOwnFrame(frame: { readonly url: string; readonly parent: unknown } | null | undefined): boolean {
  return frame !== null && frame !== undefined && frame.parent === null && mayNavigate(frame.url);
}

const LINK = /^hop:\/\/chapter\/([a-z0-9][a-z0-9-]{0,80})(?:#([a-z0-9][a-z0-9-]{0,80}))?$/;

/** The page's address for `hop://chapter/<id>[#anchor]`, or null. The grammar is the whole check: no URL parser, no decoding. */
export function deepLink(link: string): string | null {
  const m = LINK.exec(link);
  if (!m) return null;
  return `${APP_URL}#/chapter/${m[1]}${m[2] === undefined ? "" : `/${m[2]}`}`;
}

/** The page's address for the deep link among a process's arguments, if there is one. */
export function linkInArguments(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const address = deepLink(argument);
    if (address !== null) return address;
  }
  return null;
}

/** Arguments with which the app refuses to start, because they take its protection away. */
export function refusedArgument(argv: readonly string[]): string | null {
  return (
    argv.find((a) => /^--(no-sandbox|disable-web-security|disable-site-isolation-trials|no-zygote|single-process)(=|$)/.test(a)) ?? null
  );
}

function isApp(url: URL): boolean {
  // `origin` of a scheme that is not special is "null" outside Electron, so the parts are compared
  return url.protocol === "app:" && url.host === "hop" && url.username === "" && url.password === "";
}

function parse(url: string): URL | null {
  if (typeof url !== "string" || url.length > MAX_URL) return null;
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/**
 * Serves the built page through `app://hop/`: files below one folder and nothing else, each with the content security policy
 * and nosniff. Pages get a fresh nonce for the style elements that xterm.js inserts; a small script of our own stamps it on
 * every style element before the app runs. The static edition's policy in a meta element is taken out, because this header is stricter.
 */
import { randomBytes } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { Protocol } from "electron";

export const SCHEME = "app";
const HOST = "hop";

/** The policy of the desktop app's pages. */
export const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src pack:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".txt": "text/plain; charset=utf-8",
};

/** Gives every style element that the page makes the nonce of its own script element. */
const NONCE_SCRIPT = "style-nonce.js";
const NONCE_CODE = `{
  const nonce = document.currentScript.dataset.nonce;
  const make = document.createElement;
  document.createElement = function (name, options) {
    const element = make.call(this, name, options);
    if (element instanceof HTMLStyleElement) element.setAttribute("nonce", nonce);
    return element;
  };
}
`;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * The path below the served folder that a request's path means, with forward slashes, or null when it means none.
 * Refuses rather than repairs: anything but plain names of letters, digits and ._-@+ between single slashes.
 */
export function servedPath(pathname: string): string | null {
  if (pathname.length > 512) return null;
  if (pathname === "" || pathname === "/") return "index.html";
  const names = pathname.slice(1).split("/");
  if (!pathname.startsWith("/")) return null;
  for (const name of names) {
    // a name that begins with a dot is hidden, one that ends with it means another on Windows; CON and its like are devices there
    if (!/^[\w@+-][\w@+.-]*$/.test(name) || name.endsWith(".")) return null;
    if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)) return null;
  }
  return names.join("/");
}

/** Answers a request for `url` from the files below `root`. Never throws. */
export async function answer(
  root: string,
  url: string,
  method = "GET",
  newNonce = (): string => randomBytes(16).toString("base64"),
): Promise<Answer> {
  const nonce = newNonce();
  const reply = (status: number, type: string, body: Uint8Array | string): Answer => ({
    status,
    headers: {
      "content-type": type,
      "content-security-policy": contentSecurityPolicy(nonce),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()",
      "cache-control": "no-store",
    },
    body: new Uint8Array(typeof body === "string" ? Buffer.from(body) : body),
  });
  const missing = (): Answer => reply(404, "text/plain; charset=utf-8", "not found");
  if (method !== "GET" && method !== "HEAD") return reply(405, "text/plain; charset=utf-8", "only GET");
  const path = requested(url);
  if (path === null) return missing();
  if (path === NONCE_SCRIPT) return reply(200, TYPES[".js"]!, NONCE_CODE);
  try {
    const base = await realpath(root);
    const file = await realpath(join(base, path));
    // a link inside the folder must not lead out of it
    if (!file.startsWith(base + sep)) return missing();
    const bytes = await readFile(file);
    const type = TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
    return reply(200, type, path.endsWith(".html") ? page(bytes.toString("utf8"), nonce) : bytes);
  } catch {
    return missing();
  }
}

/** The page with the nonce script first in its head and without the static edition's policy. */
export function page(html: string, nonce: string): string {
  const script = `<script src="./${NONCE_SCRIPT}" data-nonce="${nonce}"></script>`;
  return html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>\s*/i, "").replace(/<head>/i, (head) => head + script);
}

function requested(url: string): string | null {
  // the raw text is read, not URL's normal form, in which ../ is gone before it can be seen
  const m = /^([a-z]+):\/\/([^/?#]*)([^?#]*)/.exec(url);
  if (!m || m[1] !== SCHEME || m[2] !== HOST) return null;
  return servedPath(m[3] ?? "");
}

/** Before the app is ready: `app:` is a standard, secure scheme with fetch and without CORS holes. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Once the app is ready. */
export function serveApp(protocol: Protocol, root: string): void {
  protocol.handle(SCHEME, async (request) => {
    const { status, headers, body } = await answer(root, request.url, request.method);
    return new Response(body, { status, headers: { ...headers } });
  });
}

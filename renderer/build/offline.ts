/**
 * A service worker for the static edition: once the course was open, it opens without a network, in both languages.
 * Everything of the build is stored in the background of the first visit. The page itself is taken from the network while
 * there is one, so a new build is seen at the next visit; its files have their hash in their name.
 */
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const worker = (files: readonly string[], version: string): string => `const FILES = ${JSON.stringify(files)};
const OWN = "hop " + registration.scope + " ";
const CACHE = OWN + ${JSON.stringify(version)};
addEventListener("install", (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES))));
addEventListener("activate", (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith(OWN) && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => clients.claim()),
  ),
);
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match("./", { cacheName: CACHE })));
  else event.respondWith(stored(request));
});
async function stored(request) {
  const found = await caches.match(request, { cacheName: CACHE });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}
`;

export function offline(): Plugin {
  return {
    name: "hop-offline",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => name !== "index.html" && name !== "_headers")
        .sort();
      const version = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
      this.emitFile({ type: "asset", fileName: "sw.js", source: worker(["./", "./icon.svg", ...files.map((f) => `./${f}`)], version) });
    },
  };
}

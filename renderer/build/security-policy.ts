/**
 * The content security policy of the static edition: scripts and workers from the same place only, no eval, no network
 * but its own files. Style elements may be inline because xterm.js makes some without a nonce (static hosting cannot
 * stamp one); style attributes because React and the libraries set them. Written into index.html and, for hosts that
 * take headers from a file, into _headers, where frame-ancestors works too. The desktop app sends its own header.
 */
import type { Plugin } from "vite";

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "style-src-elem 'self' 'unsafe-inline'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export function securityPolicy(): Plugin {
  return {
    name: "hop-security-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: () => [
        { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
        { tag: "meta", attrs: { name: "referrer", content: "no-referrer" }, injectTo: "head" },
      ],
    },
    generateBundle() {
      const headers = [
        `Content-Security-Policy: ${POLICY}; frame-ancestors 'none'`,
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        "Permissions-Policy: camera=(), microphone=(), geolocation=()",
      ];
      this.emitFile({ type: "asset", fileName: "_headers", source: `/*\n${headers.map((h) => `  ${h}\n`).join("")}` });
    },
  };
}

/** The web build: renderer/ as static files in dist/web, usable from any folder of any static server, offline. */
import { fileURLToPath } from "node:url";
import mdx from "@mdx-js/rollup";
import shiki from "@shikijs/rehype";
import react from "@vitejs/plugin-react";
import rehypeSlug from "rehype-slug";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkMdxFrontmatter from "remark-mdx-frontmatter";
import { defineConfig } from "vite";
import { codeMeta, shikiOptions } from "./renderer/build/code-meta.ts";
import { coursePlugin } from "./renderer/build/course-plugin.ts";
import { offline } from "./renderer/build/offline.ts";
import { securityPolicy } from "./renderer/build/security-policy.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The browser tests' own fixture, a small chapter over a canned world, in place of the course: only with this set, never in a build that is shipped. */
const fixture = process.env.HOP_FIXTURE === "1";
const chapters = at(fixture ? "renderer/testing/fixture/chapters" : "chapters");
const alias = { "@chapters": chapters, ...(fixture ? { "../sim/session/session.ts": at("renderer/testing/fake-session.ts") } : {}) };

export default defineConfig({
  root: at("renderer"),
  base: "./",
  publicDir: at("renderer/public"),
  resolve: { alias },
  plugins: [
    {
      enforce: "pre",
      ...mdx({
        remarkPlugins: [remarkGfm, remarkFrontmatter, remarkMdxFrontmatter],
        rehypePlugins: [codeMeta, [shiki, shikiOptions], rehypeSlug],
      }),
    },
    react({ include: /\.(mdx|tsx)$/ }),
    coursePlugin(at("chapters"), chapters),
    securityPolicy(),
    offline(),
  ],
  worker: { format: "es", plugins: () => [coursePlugin(at("chapters"), chapters)] },
  build: {
    outDir: at(fixture ? "dist/fixture" : "dist/web"),
    emptyOutDir: true,
    target: "es2023",
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
  },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
});

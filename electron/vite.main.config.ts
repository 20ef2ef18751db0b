/** Main, world host and relay: three programs for Node, each one file. node-pty stays outside, for its native part cannot be bundled. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { contentPlugin } from "../scripts/content.ts";

export default defineConfig({
  plugins: [contentPlugin(fileURLToPath(new URL("../chapters", import.meta.url)))],
  publicDir: false,
  build: {
    target: "node22",
    minify: false,
    rollupOptions: { external: ["node-pty", /^node-pty\//], output: { codeSplitting: false } },
  },
});

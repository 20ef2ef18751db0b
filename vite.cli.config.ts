/** The command line as one file, dist/hop.js, for Node 20 and newer, with the course's labs and challenges inside. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { contentPlugin } from "./scripts/content.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [contentPlugin(at("chapters"))],
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: at("cli/hop.ts"),
    target: "node20",
    outDir: at("dist"),
    emptyOutDir: false,
    minify: false,
    rollupOptions: { output: { entryFileNames: "hop.js", format: "es", banner: "#!/usr/bin/env node" } },
  },
});

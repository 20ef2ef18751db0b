/** The command line as one file, dist/hop.js, for Node 20 and newer, with the course's labs and challenges inside. dist/hop.cache makes it start faster. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { compiledAhead } from "./scripts/compiled-ahead.ts";
import { contentPlugin } from "./scripts/content.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [contentPlugin(at("chapters")), compiledAhead()],
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: at("cli/hop.ts"),
    target: "node20",
    outDir: at("dist"),
    emptyOutDir: false,
    // names stay, for the stack of an internal error
    minify: false,
    rollupOptions: { output: { entryFileNames: "hop.js", format: "cjs", minify: { compress: false, mangle: false, codegen: true } } },
  },
});

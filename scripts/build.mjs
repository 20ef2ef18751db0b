/** `npm run build`: dist/web (the browser edition, static files) and dist/hop.js (the command line). */
import { join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "..");
const only = process.argv[2];
if (!only || only === "web") await build({ root: join(root, "renderer"), configFile: join(root, "vite.config.ts"), logLevel: "warn" });
if (!only || only === "cli") await build({ root, configFile: join(root, "vite.cli.config.ts"), logLevel: "warn" });
console.log(only ? `dist: ${only} built` : "dist/web and dist/hop.js are built");

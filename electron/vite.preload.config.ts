/** The preload script: one file that a sandboxed page can load, with nothing of Node in it. */
import { defineConfig } from "vite";

export default defineConfig({ publicDir: false, build: { target: "chrome140", minify: false } });

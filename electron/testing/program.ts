/** Builds one of the app's programs, as packaging does, into a file that plain Node runs. */
import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @returns the built file; its folder is the caller's to remove */
export async function buildProgram(entry: string): Promise<{ readonly file: string; readonly dir: string }> {
  const dir = mkdtempSync(join(tmpdir(), "hop-program-"));
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  await build({
    root,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: {
      ssr: join(root, entry),
      outDir: dir,
      emptyOutDir: false,
      minify: false,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "program.mjs", format: "es" } },
    },
  });
  return { file: join(dir, "program.mjs"), dir };
}

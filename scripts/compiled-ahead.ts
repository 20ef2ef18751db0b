/**
 * Makes the command line start fast: V8's code cache, made once when it is built. dist/hop.js stays one file that works alone: it holds the
 * bundle as a string and compiles it as a script, with the bytecode of hop.cache beside it where that comes from the same Node.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plugin } from "vite";

const launcher = (code: string): string => `#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
const require = createRequire(import.meta.url);
const filename = fileURLToPath(import.meta.url);
let cachedData;
try {
  cachedData = readFileSync(new URL("hop.cache", import.meta.url));
} catch {
  // it only saves time
}
new Script(${JSON.stringify(code)}, { filename, cachedData }).runInThisContext()({}, require);
`;

/** Letters beyond ASCII as escapes: one of them would make V8 hold and scan all of the text with two bytes a character. */
function ascii(code: string): string {
  return code.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** For an output in CommonJS named hop.js, without imports at run time of anything but Node's modules. */
export function compiledAhead(): Plugin {
  let code = "";
  return {
    name: "hop:compiled-ahead",
    generateBundle(_options, bundle) {
      const chunk = bundle["hop.js"];
      if (chunk?.type !== "chunk") throw new Error("there is no hop.js to compile ahead");
      code = `(function (exports, require) {${ascii(chunk.code)}\n})`;
      chunk.code = launcher(code);
    },
    writeBundle(options) {
      const dir = mkdtempSync(join(tmpdir(), "hop-cache-"));
      try {
        const source = join(dir, "hop.js");
        writeFileSync(source, code);
        execFileSync(process.execPath, [join(import.meta.dirname, "code-cache.mjs"), source, join(options.dir!, "hop.cache")]);
      } finally {
        rmSync(dir, { recursive: true });
      }
    },
  };
}

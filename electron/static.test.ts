/** Rules of SECURITY.md that a reader of the code could break without any other test noticing. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function files(...folders: string[]): { path: string; code: string }[] {
  const out: { path: string; code: string }[] = [];
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (/\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !path.includes("/testing/")) {
        out.push({
          path: relative(root, path),
          code: readFileSync(path, "utf8")
            .replace(/\/\*[\s\S]*?\*\//g, "")
            .replace(/^\s*\/\/.*$/gm, ""),
        });
      }
    }
  };
  for (const folder of folders) walk(join(root, folder));
  return out;
}
const desktop = files("electron");
const all = [...desktop, ...files("renderer", "sim")];
const where = (re: RegExp, among = desktop): string[] => among.filter((f) => re.test(f.code)).map((f) => f.path);

describe("the desktop app's code", () => {
  it("does each dangerous thing in one place", () => {
    expect(where(/\bwebPreferences\b/)).toEqual(["electron/window.ts"]);
    expect(where(/new (?:Window|BrowserWindow)\(/)).toEqual(["electron/window.ts"]);
    expect(where(/\bopenExternal\(target/)).toEqual(["electron/guard.ts"]);
    expect(where(/\bshell\.openExternal\b/)).toEqual(["electron/guard.ts"]);
    expect(where(/\bipc(?:Main)?\.(?:handle|on|once|handleOnce)\(/)).toEqual(["electron/ipc.ts"]);
    expect(where(/\bprotocol\.(?:handle|register\w*|intercept\w*)\(/)).toEqual(["electron/protocol-app.ts"]);
    expect(where(/setAsDefaultProtocolClient/)).toEqual(["electron/desktop.ts"]);
    expect(where(/\bexposeInMainWorld\b/)).toEqual(["electron/preload.ts"]);
    expect(where(/\bipcRenderer\./)).toEqual(["electron/preload.ts"]);
  });
  it("imports node-pty in one file and child_process nowhere", () => {
    expect(where(/["']node-pty(?:\/[^"']*)?["']/, all).filter((p) => !/\.d\.ts$|\.config\.ts$/.test(p))).toEqual([
      "electron/pty/node-pty.ts",
    ]);
    expect(where(/["'](?:node:)?(?:child_process|cluster)["']/, all)).toEqual([]);
  });
  it("never makes code of text, markup of text, or a hole", () => {
    expect(
      where(
        /executeJavaScript|insertCSS|\bnew Function\b|\beval\(|allowNonHttpProtocols: true|allowProposedApi|ELECTRON_DISABLE_SECURITY_WARNINGS|nodeIntegration: true|sandbox: false|webSecurity: false|contextIsolation: false|commandLine\.appendSwitch/,
      ),
    ).toEqual([]);
    expect(where(/dangerouslySetInnerHTML|\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML|document\.write/, all)).toEqual([]);
  });
  it("reaches the engine from the world's host alone, but for types and the journal's format", () => {
    const imports = desktop.flatMap((f) =>
      [...f.code.matchAll(/import (type )?[^;]*? from "(\.\.\/[^"]+)"/g)]
        .filter((m) => !m[1] && !/\{ type [^,}]+ \}/.test(m[0]))
        .map((m) => `${f.path} → ${m[2]}`),
    );
    expect(imports.filter((i) => /sim\//.test(i))).toEqual(["electron/world-host.ts → ../sim/session/session.ts"]);
  });
});

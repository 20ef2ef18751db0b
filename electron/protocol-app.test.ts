import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, contentSecurityPolicy, page, servedPath } from "./protocol-app.ts";

let dir: string;
let root: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "hop-app-"));
  root = join(dir, "web");
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(join(dir, "secret.txt"), "secret");
  writeFileSync(
    join(root, "index.html"),
    '<!doctype html><html><head>\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n<title>x</title></head></html>',
  );
  writeFileSync(join(root, "assets/main-AbC_1.js"), "1;");
  writeFileSync(join(root, "assets/font.woff2"), Buffer.from([0, 255, 10]));
  writeFileSync(join(root, ".hidden"), "hidden");
  symlinkSync(join(dir, "secret.txt"), join(root, "link.txt"));
  symlinkSync(dir, join(root, "up"));
});
afterAll(() => rmSync(dir, { recursive: true }));

const text = (a: { body: Uint8Array }): string => Buffer.from(a.body).toString();

describe("app://hop", () => {
  it("serves the page with the policy in a header, a fresh nonce and nosniff", async () => {
    const one = await answer(root, "app://hop/index.html");
    const two = await answer(root, "app://hop/?x=1#y");
    expect(one.status).toBe(200);
    expect(one.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    const nonce = (a: typeof one): string => /'nonce-([^']+)'/.exec(a.headers["content-security-policy"]!)![1]!;
    expect(nonce(one)).not.toBe(nonce(two));
    expect(text(one)).toContain(`data-nonce="${nonce(one)}"`);
    expect(text(one)).not.toContain("http-equiv");
  });
  it("has exactly this policy", () => {
    expect(contentSecurityPolicy("N")).toBe(
      "default-src 'none'; script-src 'self'; worker-src 'self'; style-src-elem 'self' 'nonce-N'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src pack:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    );
  });
  it("puts the script that stamps style elements before every other", () => {
    expect(page('<html><head><script src="a.js"></script></head></html>', "N")).toBe(
      '<html><head><script src="./style-nonce.js" data-nonce="N"></script><script src="a.js"></script></head></html>',
    );
  });
  it("serves files as they are, with their types", async () => {
    expect((await answer(root, "app://hop/assets/main-AbC_1.js")).headers["content-type"]).toBe("text/javascript; charset=utf-8");
    const font = await answer(root, "app://hop/assets/font.woff2");
    expect([...font.body]).toEqual([0, 255, 10]);
    expect(font.headers["content-type"]).toBe("font/woff2");
  });
  it("answers GET alone", async () => {
    expect((await answer(root, "app://hop/index.html", "POST")).status).toBe(405);
  });
  it("gives nothing from outside its folder, by any spelling or link", async () => {
    const ways = [
      ..."../secret.txt|..%2fsecret.txt|%2e%2e/secret.txt|%2e%2e%2fsecret.txt|assets/../../secret.txt|assets/..%5c..%5csecret.txt|..\\secret.txt|....//secret.txt|./../secret.txt|/../secret.txt|//secret.txt|assets//../../secret.txt|%252e%252e/secret.txt|..;/secret.txt|..%00/secret.txt|link.txt|up/secret.txt|.hidden|assets/.|assets/..|assets|assets/|C:/Windows/win.ini|C:\\Windows|\\\\?\\C:\\x|CON|con.txt|assets/NUL|com1.js|index.html.|index.html%20|index.html::$DATA|index.html%00.js|\u2025/secret.txt|．．/secret.txt".split(
        "|",
      ),
    ];
    for (const way of ways) {
      const got = await answer(root, `app://hop/${way}`);
      expect([way, got.status, text(got)]).toEqual([way, 404, "not found"]);
    }
    for (const url of [
      "app://evil/index.html",
      "file:///etc/passwd",
      "https://hop/index.html",
      "app:hop/index.html",
      "app://hop:1/index.html",
      "app://x@hop/index.html",
      "",
    ])
      expect((await answer(root, url)).status).toBe(404);
  });
  it("has for two thousand paths of hostile pieces only plain names below the folder", () => {
    const piece = fc.constantFrom(
      "..",
      ".",
      "/",
      "\\",
      "%2e",
      "%2f",
      "%5c",
      "%00",
      "\0",
      "a",
      "CON",
      "aux.txt",
      ":",
      "~",
      " ",
      "é",
      "é",
      "\\\\?\\",
      "file",
      ".js",
      "*",
      "?",
      "|",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 10 }).map((p) => p.join("")),
          fc.string({ unit: "binary" }),
        ),
        (path) => {
          const served = servedPath(`/${path}`);
          return (
            served === null ||
            served
              .split("/")
              .every(
                (name) => /^[\w@+-][\w@+.-]*$/.test(name) && !name.endsWith(".") && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name),
              )
          );
        },
      ),
      { numRuns: 2000, seed: 4 },
    );
  });
});

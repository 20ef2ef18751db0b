import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { APP_URL, deepLink, externalUrl, isOwnFrame, linkInArguments, mayNavigate, mayUse, refusedArgument } from "./policy.ts";

/** Addresses that a page, a chat message or a hostile course could try. None may be navigated to, none handed to the system. */
const HOSTILE: readonly string[] = [
  // other schemes, in every dress
  ..."javascript:alert(1)|JaVaScRiPt:alert(1)|java\nscript:alert(1)| javascript:alert(1)|javascript://app://hop/%0aalert(1)|vbscript:msgbox(1)|data:text/html,<script>1</script>|data:text/html;base64,PHNjcmlwdD4=|blob:app://hop/1234|filesystem:app://hop/temporary/x|view-source:app://hop/index.html|about:blank|about:srcdoc|chrome://gpu|chrome-extension://abc/x.html|devtools://devtools/bundled/inspector.html|file:///etc/passwd|file://C:/Windows/win.ini|file:app|ftp://example.org/x|ws://127.0.0.1:1|wss://example.org|mailto:a@example.org|tel:+123|sms:1|ssh://host|telnet://host|ms-settings:|ms-msdt:/id|search-ms:query=x|smb://host/share|steam://run/1|vscode://file/etc|intent://x#Intent;end|hop://chapter/3-routing|pack://x/index.html|x-apple.systempreferences:".split(
    "|",
  ),
  // the app's name, nearly
  ..."app://hop.example.org/index.html|app://hop:80/index.html|app://user@hop/index.html|app://user:pw@hop/index.html|app://hop@evil/index.html|app://evil/index.html|app://hop./index.html|app://HOP.evil/|app:hop/index.html|app:///index.html|app://hop/other.html|app://hop/index.html/../other.html|app://hop/%69ndex.html|app://hop//index.html|app://hop/index.html;x|app://hop/index.html%00|app://hop/assets/main.js|apps://hop/index.html|http://hop/index.html|https://hop/index.html|app.://hop/index.html|app://[::1]/index.html|app://127.0.0.1/index.html|app://hop/index.htm|app://hop/INDEX.HTML".split(
    "|",
  ),
  // https that is not on the list, or only looks as if
  ..."http://www.rfc-editor.org/rfc/rfc791|https://example.org/|https://www.rfc-editor.org.evil.example/|https://www.rfc-editor.org@evil.example/|https://evil.example/www.rfc-editor.org|https://evil.example#www.rfc-editor.org|https://evil.example?https://github.com|https://user@github.com/|https://user:pw@github.com/|https://github.com:8443/|https://github.com.|https://GITHUB.com.evil.example|https://gist.github.com/|https://xn--gthub-n4a.com/|https://gіthub.com/|https://github.com\\@evil.example/|https:\\\\evil.example|https:/\\evil.example|https:evil.example|//evil.example|///evil.example|https://127.0.0.1/|https://[::1]/|https://0x7f000001/|https://localhost/|https://10.0.0.1/|https://2130706433/|https://github.com\t.evil.example/|https://git\nhub.com/|https://github.com/\u0000|https://github.com/ x|https://github%2ecom.evil.example/|\thttps://github.com|https://github.com\u202e/moc|https://.github.com/|https://github..com/|https://git-hub.com/".split(
    "|",
  ),
  // not addresses
  "",
  " ",
  "#",
  "index.html",
  "../index.html",
  "\\\\host\\share",
  "C:\\Windows\\System32\\calc.exe",
  "/bin/sh",
  "--gpu-launcher=calc",
  `https://github.com/${"a".repeat(5000)}`,
];

describe("navigation", () => {
  it("is refused to a hundred hostile addresses and more", () => {
    expect(new Set(HOSTILE).size).toBeGreaterThanOrEqual(100);
    expect(HOSTILE.filter((url) => mayNavigate(url))).toEqual([]);
  });
  it("is allowed within the app's own page", () => {
    for (const url of [APP_URL, "app://hop/", `${APP_URL}#/chapter/3-routing`, `${APP_URL}?x#y`]) expect(mayNavigate(url)).toBe(true);
  });
  it("leads nowhere for any text at all", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.string({ unit: "binary" })), (url) => !mayNavigate(url)),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe("addresses for the system's browser", () => {
  it("are none of the hostile ones", () => {
    expect(HOSTILE.filter((url) => externalUrl(url) !== null)).toEqual([]);
  });
  it("are https on the list, in normal form", () => {
    expect(externalUrl("https://www.rfc-editor.org/rfc/rfc791")).toBe("https://www.rfc-editor.org/rfc/rfc791");
    expect(externalUrl("https://MAN7.org/a/../b")).toBe("https://man7.org/b");
  });
  it("always begin with https and a listed host", () => {
    const host = fc.constantFrom("github.com", "man7.org", "evil.example");
    fc.assert(
      fc.property(fc.string(), host, fc.string(), (before, name, after) => {
        const opened = externalUrl(`${before}${name}${after}`);
        return opened === null || /^https:\/\/(github\.com|man7\.org)\//.test(opened);
      }),
      { numRuns: 3000, seed: 2 },
    );
  });
});

describe("deep links", () => {
  it("name a chapter and, perhaps, a place in it", () => {
    expect(deepLink("hop://chapter/3-routing")).toBe("app://hop/index.html#/chapter/3-routing");
    expect(deepLink("hop://chapter/3-routing#the-road-back")).toBe("app://hop/index.html#/chapter/3-routing/the-road-back");
  });
  it("mean nothing in any other form", () => {
    const wrong =
      "hop://chapter/|hop://chapter/../x|hop://chapter/3-routing/|hop://chapter/3-routing?x=1|hop://chapter/3-routing#|hop://chapter/3-routing#a/b|hop://chapter/3-routing#a#b|hop://chapter/%33|HOP://chapter/a|hop://challenge/three-routers|hop:chapter/a|hop:///chapter/a| hop://chapter/a|hop://chapter/a |hop://chapter/a\n|hop://chapter/-a|hop://chapter/A|hop://chapter/é|hop://user@chapter/a|--x hop://chapter/a".split(
        "|",
      );
    expect(wrong.filter((link) => deepLink(link) !== null)).toEqual([]);
    expect(deepLink(`hop://chapter/${"a".repeat(82)}`)).toBeNull();
  });
  it("lead, whatever the text, to an address the window may go to, or nowhere", () => {
    const piece = fc.constantFrom("hop://", "chapter/", "3-routing", "#", "/", "..", "%2e", "?", "javascript:", "--", "\n", "a", "Z", "한");
    const link = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((p) => p.join("")),
      fc.string().map((s) => `hop://chapter/${s}`),
    );
    fc.assert(
      fc.property(link, (text) => {
        const address = deepLink(text);
        return (
          address === null || (mayNavigate(address) && /^app:\/\/hop\/index\.html#\/chapter\/[a-z0-9-]+(\/[a-z0-9-]+)?$/.test(address))
        );
      }),
      { numRuns: 5000, seed: 3 },
    );
  });
  it("are found among a process's arguments, which are never anything else", () => {
    expect(linkInArguments(["/usr/bin/hop-by-hop", "--", "hop://chapter/3-routing"])).toBe("app://hop/index.html#/chapter/3-routing");
    expect(linkInArguments(["hop-by-hop", "--gpu-launcher=hop://chapter/x", "/etc/passwd"])).toBeNull();
  });
});

describe("permissions", () => {
  it("are none but writing to the clipboard, for the app's own page", () => {
    const others = [
      "clipboard-read",
      "media",
      "geolocation",
      "notifications",
      "midi",
      "midiSysex",
      "pointerLock",
      "fullscreen",
      "openExternal",
      "display-capture",
      "fileSystem",
      "hid",
      "serial",
      "usb",
      "window-management",
      "storage-access",
      "idle-detection",
      "speaker-selection",
      "keyboardLock",
      "deprecated-sync-clipboard-read",
      "unknown",
    ];
    expect(others.filter((p) => mayUse(p, "app://hop"))).toEqual([]);
    expect(mayUse("clipboard-sanitized-write", "app://hop/")).toBe(true);
    expect(mayUse("clipboard-sanitized-write", "https://github.com")).toBe(false);
  });
});

describe("the sender of a message", () => {
  it("is the app's page at the top of its window", () => {
    expect(isOwnFrame({ url: APP_URL, parent: null })).toBe(true);
    expect(isOwnFrame({ url: APP_URL, parent: {} })).toBe(false);
    expect(isOwnFrame(null)).toBe(false);
    for (const url of HOSTILE) expect(isOwnFrame({ url, parent: null })).toBe(false);
  });
});

describe("arguments that take the protection away", () => {
  it("are refused", () => {
    expect(refusedArgument(["hop", "--no-sandbox"])).toBe("--no-sandbox");
    expect(refusedArgument(["hop", "--disable-web-security=1"])).toBe("--disable-web-security=1");
    expect(refusedArgument(["hop", "--lang=ko", "--", "hop://chapter/a"])).toBeNull();
  });
});

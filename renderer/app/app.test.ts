import { describe, expect, it } from "vitest";
import { outlineOf } from "../build/outline.ts";
import { plainText, commandsOf, tellingLine } from "../mdx/run.ts";
import { labTime } from "../ui/time.ts";
import { hrefOf, parseRoute, noteSection } from "./routes.ts";
import { search } from "./search-index.ts";

describe("addresses", () => {
  it.each([
    ["", { screen: "home" }],
    ["#/", { screen: "home" }],
    ["#/chapter/3-routing", { screen: "chapter", chapter: "3-routing", section: null }],
    ["#/chapter/3-routing/the-road-back", { screen: "chapter", chapter: "3-routing", section: "the-road-back" }],
    ["#/challenge/three-routers?seed=7", { screen: "challenge", challenge: "three-routers", seed: 7 }],
    ["#/challenge/three-routers", { screen: "challenge", challenge: "three-routers", seed: null }],
    ["#/challenge/three-routers?seed=1e9", { screen: "challenge", challenge: "three-routers", seed: null }],
    ["#/chapter/../../etc", { screen: "home" }],
    ["#/chapter/%E0%A4%A", { screen: "home" }],
    ["#/chapter/<script>", { screen: "home" }],
  ])("%s", (hash, route) => expect(parseRoute(hash)).toEqual(route));
  it("go both ways", () => {
    for (const hash of ["#/", "#/chapter/3-routing", "#/chapter/3-routing/가는-길", "#/challenge/a?seed=3"])
      expect(parseRoute(hrefOf(parseRoute(hash)))).toEqual(parseRoute(hash));
  });
});

describe("search", () => {
  const entries = [
    { title: "라우팅", where: "3장", text: "네트워크01에는 경로가 하나 있습니다.", to: 1 },
    { title: "The road back", where: "3 Routing", text: "Every ping is lost. Look at both ends.", to: 2 },
    { title: "NAT", where: "4", text: "The road to the internet", to: 3 },
  ];
  const found = (query: string) => search(entries, query).map((f) => f.entry.to);
  it("finds words in titles before words in texts", () => expect(found("road")).toEqual([2, 3]));
  it("wants every word", () => expect([found("road lost"), found("road nowhere")]).toEqual([[2], []]));
  it("finds Korean nouns under their particles", () => expect([found("경로"), found("라우")]).toEqual([[1], [1]]));
  it("finds nothing for nothing", () => expect(found("  ")).toEqual([]));
});

describe("outline of a chapter", () => {
  const outline = outlineOf(
    '---\ntitle: Routing\nsummary: "There: and back"\nminutes: 35\nlab: three-machines\nseed: 7\n---\n\n<Part\n  n={1}\n  id="two-ends"\n  kind="predict"\n  title="Two ends"\n>\n\nSome `code` here.\n\n## A heading\n\nMore text.\n\n</Part>\n',
  );
  it("reads the front matter", () =>
    expect(outline).toMatchObject({ title: "Routing", summary: "There: and back", minutes: 35, lab: "three-machines", seed: 7 }));
  it("reads parts and headings with their words", () => {
    expect(outline.entries).toEqual([
      { id: "two-ends", level: 1, kind: "predict", title: "Two ends", part: "two-ends", text: "Some code here." },
      { id: "a-heading", level: 2, kind: null, title: "A heading", part: "two-ends", text: "More text." },
    ]);
  });
});

describe("what a terminal printed, as text", () => {
  it("drops colours, titles and modes", () => expect(plainText("\x1b[32mok\x1b[0m\x1b]0;title\x07\x1b[?2004h$ ")).toBe("ok$ "));
  it("applies carriage returns line by line", () => expect(plainText("10%\r50%\rdone\r\nnext")).toBe("done\nnext"));
  it("leaves comments out of what is run", () =>
    expect(commandsOf("# first\nip route\n\nping -c 1 1.1.1.1")).toEqual(["ip route", "ping -c 1 1.1.1.1"]));
});

describe("the line under a block", () => {
  it("is ping's count, not its times", () =>
    expect(tellingLine("PING\n\n--- x ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss\nrtt min/avg = 1 ms\n")).toBe(
      "2 packets transmitted, 2 received, 0% packet loss",
    ));
  it("is the last line that says something", () => {
    expect(tellingLine("192.168.100.2 via 192.168.150.3 dev enp0s1\n    cache\n")).toBe("192.168.100.2 via 192.168.150.3 dev enp0s1");
    expect(tellingLine("ping: connect: Network is unreachable\n[1]+  Exit 1   ping -c 1 192.168.150.99\n")).toBe(
      "ping: connect: Network is unreachable",
    );
    expect(tellingLine("\n")).toBe("");
  });
});

describe("the part that is read, in the address", () => {
  it("follows the reader of its chapter", () => {
    history.replaceState(null, "", "#/chapter/3-routing");
    noteSection("3-routing", "way-back");
    expect(location.hash).toBe("#/chapter/3-routing/way-back");
  });
  it("does not call back a reader who is leaving", () => {
    history.replaceState(null, "", "#/challenge/three-routers");
    noteSection("3-routing", "incidents");
    expect(location.hash).toBe("#/challenge/three-routers");
  });
});

describe("lab time", () => {
  it.each([
    [0, "00:00:00.0"],
    [134_600_000_000, "00:02:14.6"],
    [3_661_999_999_999, "01:01:01.9"],
    [86_400_000_000_000 + 1e9, "00:00:01.0"],
  ])("%i", (ns, text) => expect(labTime(ns)).toBe(text));
});

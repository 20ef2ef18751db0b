/** Words that may come next, for Tab: options, objects, commands, then keywords and devices. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { deviceNames, netnsNames } from "../lib/rtnl.ts";

const OBJECTS = ["fdb", "help", "link", "vni"];
const OPTIONS = ["-batch", "-color", "-details", "-force", "-json", "-netns", "-oneline", "-pretty", "-statistics", "-Version"];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  fdb: ["add", "append", "delete", "flush", "get", "help", "replace", "show"],
  link: ["help", "set", "show"],
  vni: ["help", "show"],
};
const SWITCHES = ["bcast_flood", "fastleave", "flood", "guard", "hairpin", "isolated", "learning", "locked", "mcast_flood", "root_block"];
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  fdb: ["br", "brport", "dev", "dynamic", "extern_learn", "local", "master", "self", "state", "static", "sticky"],
  link: ["cost", "dev", "master", "mcast_router", "priority", "state", ...SWITCHES],
  vni: [],
};

export function* complete(sys: Sys, argv: readonly string[]): Call<readonly string[]> {
  const last = argv[argv.length - 1] ?? "";
  const before = argv[argv.length - 2] ?? "";
  const begin = (words: readonly string[]): readonly string[] => [...new Set(words)].filter((w) => w.startsWith(last)).sort();
  if (before === "-n" || before === "-netns") return begin(yield* netnsNames(sys));
  if (["dev", "br", "brport"].includes(before)) return begin(yield* deviceNames(sys));
  if (SWITCHES.includes(before)) return begin(["on", "off"]);
  let i = 1;
  while (i < argv.length - 1 && argv[i]!.startsWith("-")) i += /^-(n|netns|b|batch|f|family)$/.test(argv[i]!) ? 2 : 1;
  if (i >= argv.length - 1) return begin(last.startsWith("-") ? OPTIONS : OBJECTS);
  const object = OBJECTS.find((o) => o.startsWith(argv[i]!)) ?? "help";
  if (i === argv.length - 2) return begin(COMMANDS[object] ?? []);
  return begin(
    before === "state" && object === "link" ? ["blocking", "disabled", "forwarding", "learning", "listening"] : (KEYWORDS[object] ?? []),
  );
}

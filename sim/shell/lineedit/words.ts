/** Words for Tab that neither the shell nor a command's table has by itself: hosts, devices, signals, options of set. */
import type { Call, Command } from "../../kernel/abi.ts";
import { signalName } from "../exec/signals.ts";
import { readFileText } from "../expand/expand.ts";
import { SET_OPTIONS, type Shell } from "../shell.ts";

/** Commands whose operands are hosts. */
const OF_HOSTS = new Set(["arping", "curl", "dig", "host", "nc", "ncat", "ping", "ssh", "telnet", "tracepath", "traceroute", "wget"]);

/** Names of /etc/hosts. */
function* hosts(sh: Shell): Call<string[]> {
  const text = (yield* readFileText(sh, "/etc/hosts")) ?? "";
  return text.split("\n").flatMap((l) => l.replace(/#.*/, "").trim().split(/\s+/).slice(1));
}

function* devices(sh: Shell): Call<string[]> {
  const entries = yield* sh.sys.readdir("/sys/class/net");
  return typeof entries === "number" ? [] : entries.map((e) => e.name).filter((n) => n !== "." && n !== ".." && n !== "bonding_masters");
}

function signals(): string[] {
  const out: string[] = [];
  for (let n = 1; n <= 31; n++) out.push(signalName(n)!);
  return out;
}

/** What a builtin's argument can be; null: this is not for us to say. */
export function builtinWords(sh: Shell, words: readonly string[]): readonly string[] | null {
  const word = words[words.length - 1]!;
  const before = words[words.length - 2];
  switch (words[0]) {
    case "kill":
      if (word.startsWith("%")) return sh.jobs.map((j) => `%${j.id}`);
      if (before === "-s") return signals();
      return /^-(?!-)/.test(word) ? [...signals().map((s) => `-${s}`), "-l", "-s"] : null;
    case "trap":
      return words.length > 2 ? ["DEBUG", "ERR", "EXIT", "RETURN", ...signals()] : null;
    case "set":
      return before === "-o" || before === "+o" ? SET_OPTIONS.map(([n]) => n) : null;
    case "builtin":
    case "enable":
      return sh.ev.builtinNames(sh);
    default:
      return null;
  }
}

/** Operands of programs that their own complete function does not know. */
export function* programWords(sh: Shell, info: Command | null, words: readonly string[]): Call<readonly string[]> {
  const before = words[words.length - 2];
  const opt = info?.options.find((o) => before !== undefined && o.names.includes(before));
  if (opt?.arg !== undefined && /interface|device|ifname|\bdev\b/i.test(opt.arg)) return yield* devices(sh);
  return OF_HOSTS.has(words[0]!) && !words[words.length - 1]!.startsWith("-") && opt?.arg === undefined ? yield* hosts(sh) : [];
}

/** `ip netns exec NAME command …` completes as the command; how many words stand before it. */
export function beforeCommand(words: readonly string[]): number {
  if (words[0] !== "ip") return 0;
  const at = words.indexOf("netns");
  if (at < 0 || !/^e(x(e(c)?)?)?$/.test(words[at + 1] ?? "") || words.length <= at + 3) return 0;
  return at + 3;
}

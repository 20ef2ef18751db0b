/** Backups of what cp, mv and ln would overwrite: FILE~, or FILE.~N~. */
import type { Call } from "../../kernel/abi.ts";
import { argmatch, type Tool } from "../lib/gnu.ts";
import type { GivenOption } from "../lib/options.ts";

export interface Backup {
  readonly control: "numbered" | "existing" | "simple";
  readonly suffix: string;
}

/** What -b, --backup, -S and the environment say; null for none. */
export function* backupOf(t: Tool, options: readonly GivenOption[]): Call<Backup | null> {
  const suffixOption = options.findLast((o) => o.name === "-S")?.value ?? null;
  const asked = options.findLast((o) => o.name === "--backup") ?? options.find((o) => o.name === "-b");
  if (asked === undefined && suffixOption === null) return null;
  const env = yield* t.sys.getenv();
  const word = asked?.value ?? env.get("VERSION_CONTROL") ?? "existing";
  const control = yield* argmatch(t, asked?.value ? "backup type" : "$VERSION_CONTROL", word, [
    ["none", "off"],
    ["simple", "never"],
    ["existing", "nil"],
    ["numbered", "t"],
  ]);
  if (control === "none") return null;
  return { control: control as Backup["control"], suffix: suffixOption ?? env.get("SIMPLE_BACKUP_SUFFIX") ?? "~" };
}

/** The name that a file gets out of the way to. */
export function* backupName(t: Tool, path: string, b: Backup): Call<string> {
  if (b.control === "simple") return path + b.suffix;
  const slash = path.lastIndexOf("/");
  const rows = yield* t.sys.readdir(slash < 0 ? "." : path.slice(0, slash) || "/");
  const base = `${path.slice(slash + 1)}.~`;
  let highest = 0;
  for (const r of typeof rows === "number" ? [] : rows) {
    const m = r.name.startsWith(base) ? /^([1-9][0-9]*)~$/.exec(r.name.slice(base.length)) : null;
    if (m !== null) highest = Math.max(highest, Number(m[1]));
  }
  return highest === 0 && b.control === "existing" ? path + b.suffix : `${path}.~${highest + 1}~`;
}

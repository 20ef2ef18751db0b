/** Compares what commands print here with what the real ones printed, as recorded by scripts/record-commands.mjs. */
import type { Command } from "../kernel/abi.ts";
import { makeRig } from "./rig.ts";

export interface GoldenStep {
  readonly cmd: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

export interface Answer {
  readonly cmd: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Words of a command line: blanks separate, '…' and "…" keep together. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const re = /\s*((?:'[^']*'|"[^"]*"|[^\s'"]+)+)/y;
  for (;;) {
    const m = re.exec(line);
    if (m === null) return words;
    words.push(m[1]!.replace(/'([^']*)'|"([^"]*)"/g, (_, a: string | undefined, b: string | undefined) => a ?? b ?? ""));
  }
}

/**
 * Runs the commands of a recording on one fresh machine. `normalize` sees both sides. The two lists are for
 * `expect(ours).toEqual(real)`: one entry a command.
 */
export function replay(
  commands: readonly Command[],
  steps: readonly GoldenStep[],
  normalize: (text: string) => string = (t) => t,
): { readonly ours: Answer[]; readonly real: Answer[] } {
  const rig = makeRig({ commands });
  const ours: Answer[] = [];
  const real: Answer[] = [];
  for (const s of steps) {
    const m = /^sleep ([0-9.]+)$/.exec(s.cmd);
    if (m !== null) {
      rig.advance(Number(m[1]));
      continue;
    }
    const r = rig.run(splitWords(s.cmd));
    ours.push({ cmd: s.cmd, stdout: normalize(r.stdout), stderr: normalize(r.stderr), code: r.code });
    real.push({ cmd: s.cmd, stdout: normalize(s.stdout ?? ""), stderr: normalize(s.stderr ?? ""), code: s.code ?? 0 });
  }
  return { ours, real };
}

/** MACs that no command names are random on the real side; usage texts are in our own words. */
export function normalizer(steps: readonly GoldenStep[]): (text: string) => string {
  const named = new Set(steps.flatMap((s) => s.cmd.match(/([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}/g) ?? []));
  return (text) =>
    text
      .replace(/^ *(?:bridge: .*\n)?(?:Usage|usage)[^]*$/m, "Usage\n")
      .replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, (m) => (named.has(m) || /^(00:){5}|^(ff:){5}|^01:80:c2/.test(m) ? m : "MAC"))
      .replace(/(gc_timer|forward_delay_timer)("?:| +)[0-9.]+/g, "$1 T");
}

/** An answer with the order of its lines (or of a JSON array) taken away: for what the kernel keeps in hash tables. */
export function unordered(a: Answer): Answer {
  const rows = a.stdout.startsWith("[") ? (JSON.parse(a.stdout) as unknown[]).map((r) => JSON.stringify(r)) : a.stdout.split("\n");
  return { ...a, stdout: rows.sort().join("\n") };
}

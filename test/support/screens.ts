/**
 * Full-screen programs in tests: a terminal of the rig beside a headless xterm that shows what it writes, and screens recorded
 * from the real programs by scripts/record-screens.mjs.
 */
import xterm from "@xterm/headless";
import type { Command } from "../../sim/kernel/abi.ts";
import { makeRig, type Rig, type Terminal } from "../../sim/testing/rig.ts";
import { utf8 } from "../../sim/core/bytes.ts";

export interface Shot {
  readonly rows: readonly string[];
  readonly cursor: readonly [number, number];
}
export interface Recording {
  readonly name: string;
  readonly cmd: string;
  readonly cols?: number;
  readonly rows?: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly keys: readonly (string | { readonly cols: number; readonly rows: number })[];
  readonly shots: readonly Shot[];
  readonly after: Readonly<Record<string, string | null>>;
}

/** A logged-in terminal with a screen. */
export class ScreenTerminal {
  readonly rig: Rig;
  readonly term: Terminal;
  private readonly screen: InstanceType<typeof xterm.Terminal>;

  private constructor(rig: Rig, cols: number, rows: number) {
    this.rig = rig;
    this.screen = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 0 });
    this.term = rig.login("root", cols, rows);
  }
  static async open(
    commands: readonly Command[],
    cols = 80,
    rows = 24,
    files: Readonly<Record<string, string>> = {},
  ): Promise<ScreenTerminal> {
    const rig = makeRig({ commands });
    for (const [name, text] of Object.entries(files)) rig.machine.writeFile(`/root/${name}`, utf8(text));
    const t = new ScreenTerminal(rig, cols, rows);
    await t.show(t.term.text);
    return t;
  }
  private async show(text: string): Promise<void> {
    await new Promise<void>((done) => {
      this.screen.write(text, done);
    });
  }
  async type(keys: string, seconds = 0.5): Promise<Shot> {
    await this.show(this.term.type(keys, seconds));
    return this.shot();
  }
  async wait(seconds: number): Promise<Shot> {
    await this.show(this.term.wait(seconds));
    return this.shot();
  }
  async resize(cols: number, rows: number): Promise<Shot> {
    this.screen.resize(cols, rows);
    this.term.tty.resize({ cols, rows });
    return this.wait(0.5);
  }
  shot(): Shot {
    const b = this.screen.buffer.active;
    const rows: string[] = [];
    for (let i = 0; i < this.screen.rows; i++)
      rows.push(
        b
          .getLine(b.baseY + i)
          ?.translateToString(true)
          .replace(/ +$/, "") ?? "",
      );
    return { rows, cursor: [b.cursorY, Math.min(b.cursorX, this.screen.cols - 1)] };
  }
  file(path: string): string | null {
    const r = this.rig.run(["cat", path.startsWith("/") ? path : `/root/${path}`]);
    return r.code === 0 ? r.stdout : null;
  }
}

/** Plays a recording here; the shots that differ, described. */
export async function playRecording(
  commands: readonly Command[],
  r: Recording,
  normalize: (row: string) => string = (x) => x,
): Promise<string[]> {
  const t = await ScreenTerminal.open(commands, r.cols, r.rows, r.files);
  const bad: string[] = [];
  const inputs = [`${r.cmd}\r`, ...r.keys];
  for (const [i, k] of inputs.entries()) {
    const got = typeof k === "string" ? await t.type(k) : await t.resize(k.cols, k.rows);
    const want = r.shots[i]!;
    const show = (s: Shot): string =>
      `cursor ${s.cursor.join(",")}\n${s.rows.map((l) => `|${normalize(l)}`).join("\n")}`.replace(/(\n\|)+$/, "");
    if (show(got) !== show(want)) bad.push(`after ${JSON.stringify(k)} (${i}):\nours ${show(got)}\nreal ${show(want)}`);
  }
  for (const [f, text] of Object.entries(r.after)) {
    const ours = t.file(f);
    if (ours !== text) bad.push(`${f}: ours ${JSON.stringify(ours)}, real ${JSON.stringify(text)}`);
  }
  return bad;
}

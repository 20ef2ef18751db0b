/** Running the lines of a block in a machine's terminal, one after the other, and what came of it. */
import { useLab } from "../state/lab.ts";
import { terminalHandle, typeKeys, showMachine } from "../state/world.ts";
import type { TermHandle } from "../terminal/handle.ts";

export type RunState =
  | { readonly at: "running"; readonly line: number; readonly total: number; readonly text: string }
  | { readonly at: "done"; readonly code: number | null; readonly text: string }
  | { readonly at: "refused"; readonly why: "busy" | "no machine"; readonly command: string };

const PROMPT = /(?:^|\n)[^\n]*[$#] $/;

/** The text of terminal output: no escape sequences, carriage returns applied line by line. */
export function plainText(output: string): string {
  return output
    .replace(
      /\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[@-Z\\-_]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g,
      "",
    )
    .replace(/\r\n/g, "\n")
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1))
    .join("\n");
}

/** The one line of an output that tells most: ping's count, else the last that is neither a job notice nor ip's "cache". */
export function tellingLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "cache" && !/^\[\d+\][+-]?\s/.test(line));
  return lines.findLast((line) => /^\d+ packets transmitted/.test(line)) ?? lines.at(-1) ?? "";
}

/** Lines of a block as commands: comments and empty lines are for the reader. */
export const commandsOf = (block: string): string[] =>
  block.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));

export async function runBlock(machine: string, block: string, tell: (state: RunState) => void): Promise<void> {
  const handle = showMachine(machine, false);
  if (!handle) return tell({ at: "refused", why: "no machine", command: "" });
  const busy = useLab.getState().terminals[handle.term]?.busy;
  if (busy) return tell({ at: "refused", why: "busy", command: busy });
  const lines = commandsOf(block);
  await promptOf(handle);
  let text = "";
  for (const [i, line] of lines.entries()) {
    tell({ at: "running", line: i + 1, total: lines.length, text: "" });
    text = await runLine(handle, line, (soFar) => tell({ at: "running", line: i + 1, total: lines.length, text: tellingLine(soFar) }));
  }
  tell({ at: "done", code: useLab.getState().terminals[handle.term]?.lastCode ?? null, text: tellingLine(text) });
}

/** Waits for the first prompt of a shell that has only been started. */
function promptOf(handle: TermHandle): Promise<void> {
  if (handle.promptEmpty || useLab.getState().terminals[handle.term]?.alive) return Promise.resolve();
  return new Promise((resolve) => {
    const end = handle.tap((piece) => {
      if (!PROMPT.test(plainText(piece))) return;
      end();
      setTimeout(resolve, 0);
    });
  });
}

function runLine(handle: TermHandle, line: string, progress: (text: string) => void): Promise<string> {
  return new Promise((resolve) => {
    let raw = "";
    // a quick command is never seen busy, and its prompt may come before the message with its exit status
    const before = useLab.getState().terminals[handle.term];
    const look = (): void => {
      const text = plainText(raw);
      const from = text.indexOf("\n");
      const output = from < 0 ? "" : text.slice(from + 1);
      const view = useLab.getState().terminals[handle.term];
      const over = from >= 0 && view !== before && view?.busy === null && PROMPT.test(`\n${output}`);
      if (!over && view?.alive !== false && terminalHandle(handle.term) === handle) return progress(output);
      endTap();
      endWatch();
      resolve(output.slice(0, Math.max(0, output.lastIndexOf("\n") + 1)));
    };
    const endTap = handle.tap((piece) => {
      raw = (raw + piece).slice(-20_000);
      look();
    });
    const endWatch = useLab.subscribe((state, before) => {
      if (state.terminals[handle.term] !== before.terminals[handle.term]) look();
    });
    typeKeys(handle.term, `${line}\r`);
  });
}

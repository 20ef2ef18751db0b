/** A store that forgets with the window. */
import type { InputRecord } from "../../sim/session/protocol.ts";
import { readJournal, seal } from "./journal.ts";
import type { LoadedStream, ProgressStore } from "./progress-store.ts";

export class MemoryStore implements ProgressStore {
  readonly durable = false;
  readonly lines = new Map<string, string[]>();

  async load(stream: string): Promise<LoadedStream> {
    const { records, damaged } = readJournal(this.lines.get(stream) ?? []);
    return { records, damaged: damaged.length };
  }

  async append(stream: string, records: readonly InputRecord[]): Promise<void> {
    const lines = this.lines.get(stream) ?? [];
    let previous = readJournal(lines).lastHash;
    for (const record of records) {
      const line = seal(record, Date.now(), previous);
      previous = line.slice(-66, -2);
      lines.push(line);
    }
    this.lines.set(stream, lines);
  }

  async streams(): Promise<readonly string[]> {
    return [...this.lines.keys()];
  }

  async exportText(): Promise<string> {
    return exportOf([...this.lines]);
  }
}

/** A readable copy: a line that names each stream, then its lines as they are. */
export function exportOf(streams: readonly (readonly [string, readonly string[]])[]): string {
  return streams.map(([name, lines]) => [JSON.stringify({ format: "hop/journal@1", stream: name }), ...lines, ""].join("\n")).join("");
}

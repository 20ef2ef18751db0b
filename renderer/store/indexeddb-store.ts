/**
 * Journals in IndexedDB: one row a line, keyed by stream and number. A record counts as saved when its transaction,
 * opened with durability "strict", has completed. The line before is read inside the same transaction, so that two
 * windows that write at once still make one unbroken chain.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { InputRecord } from "../../sim/session/protocol.ts";
import { GENESIS, readJournal, seal } from "./journal.ts";
import { exportOf } from "./memory-store.ts";
import type { LoadedStream, ProgressStore } from "./progress-store.ts";

interface Schema extends DBSchema {
  journal: { key: [string, number]; value: { stream: string; n: number; line: string } };
  damaged: { key: number; value: { stream: string; wall: number; lines: string[] } };
}

export class IndexedDbStore implements ProgressStore {
  readonly durable = true;
  private readonly db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.db = db;
  }

  static async open(name = "hop"): Promise<IndexedDbStore> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(database) {
        database.createObjectStore("journal", { keyPath: ["stream", "n"] });
        database.createObjectStore("damaged", { autoIncrement: true });
      },
    });
    return new IndexedDbStore(db);
  }

  async load(stream: string): Promise<LoadedStream> {
    const rows = await this.db.getAll("journal", range(stream));
    const read = readJournal(rows.map((row) => row.line));
    if (read.damaged.length > 0) await this.putAside(stream, rows.slice(read.records.length));
    return { records: read.records, damaged: read.damaged.length };
  }

  async append(stream: string, records: readonly InputRecord[]): Promise<void> {
    if (records.length === 0) return;
    const tx = this.db.transaction("journal", "readwrite", { durability: "strict" });
    const last = (await tx.store.openCursor(range(stream), "prev"))?.value;
    let previous = last ? last.line.slice(-66, -2) : GENESIS;
    let n = last ? last.n + 1 : 0;
    const puts: Promise<unknown>[] = [];
    for (const record of records) {
      const line = seal(record, Date.now(), previous);
      previous = line.slice(-66, -2);
      puts.push(tx.store.put({ stream, n: n++, line }));
    }
    await Promise.all([...puts, tx.done]);
  }

  async streams(): Promise<readonly string[]> {
    const keys = await this.db.getAllKeys("journal");
    return [...new Set(keys.map(([stream]) => stream))];
  }

  async exportText(): Promise<string> {
    const rows = await this.db.getAll("journal");
    const streams = new Map<string, string[]>();
    for (const row of rows) {
      const lines = streams.get(row.stream);
      if (lines) lines.push(row.line);
      else streams.set(row.stream, [row.line]);
    }
    return exportOf([...streams]);
  }

  /** The lines that do not read move to the damaged store, in one transaction; the journal goes on from the last good one. */
  private async putAside(stream: string, rows: readonly { n: number; line: string }[]): Promise<void> {
    const tx = this.db.transaction(["journal", "damaged"], "readwrite", { durability: "strict" });
    const work: Promise<unknown>[] = [tx.objectStore("damaged").add({ stream, wall: Date.now(), lines: rows.map((r) => r.line) })];
    for (const row of rows) work.push(tx.objectStore("journal").delete([stream, row.n]));
    await Promise.all([...work, tx.done]);
  }
}

const range = (stream: string): IDBKeyRange => IDBKeyRange.bound([stream, 0], [stream, Number.MAX_SAFE_INTEGER]);

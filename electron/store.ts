/**
 * Progress on disk. A record counts as saved when its line was appended to progress.jnl and fsync has returned. From time to time
 * all lines go into progress.snap (written aside, synced, renamed, folder synced) and only then is the journal emptied; a line that is
 * in both is known by its number. Opening never resets anything: a line that does not read, or does not follow from the one
 * before in its stream, is left out, reported, and the files as they were are kept as *.damaged-TIME.
 *
 * Invariants: one process writes (single-instance lock), one operation at a time; memory holds exactly what was acknowledged
 * or read; after a failed write or sync, of which nobody knows what it left on the disk, the journal is cut back to what was
 * acknowledged before anything else is written, and the refused records are written again when the page tries again.
 */
import { join } from "node:path";
import type { InputRecord } from "../sim/session/protocol.ts";
import { GENESIS, readJournal, seal } from "../renderer/store/journal.ts";
import { exportOf } from "../renderer/store/memory-store.ts";
import type { LoadedStream, ProgressStore } from "../renderer/store/progress-store.ts";
import type { Fs, OpenFile } from "./fs.ts";
import { type Entry, HEADER, readLines, STREAM, writeLine } from "./lines.ts";

export const JOURNAL = "progress.jnl";
export const SNAPSHOT = "progress.snap";

export interface StoreOptions {
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** journal bytes from which a snapshot is made, once the journal is also longer than the snapshot */
  readonly snapshotBytes?: number;
}

const SNAPSHOT_BYTES = 256 * 1024;

export class FileStore implements ProgressStore {
  readonly durable = true;
  private readonly fs: Fs;
  private readonly dir: string;
  private readonly now: () => number;
  private readonly snapshotBytes: number;
  private file: OpenFile | null = null;
  private entries: Entry[] = [];
  private readonly byStream = new Map<string, string[]>();
  private readonly damaged = new Map<string, number>();
  private damagedAnywhere = 0;
  private next = 1;
  /** bytes of the journal that are known to be good */
  private good = 0;
  private snapshotSize = 0;
  /** what a failure left behind: a tail to cut off, or a journal to begin anew after a snapshot that is safe */
  private repair: "none" | "tail" | "begin" = "none";
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(fs: Fs, dir: string, options: StoreOptions) {
    this.fs = fs;
    this.dir = dir;
    this.now = options.now;
    this.snapshotBytes = options.snapshotBytes ?? SNAPSHOT_BYTES;
  }

  /** Rejects when the disk does, or when the files are of a newer version; nothing was changed then. */
  static async open(fs: Fs, dir: string, options: StoreOptions): Promise<FileStore> {
    const store = new FileStore(fs, dir, options);
    try {
      await store.read();
    } catch (error) {
      await store.file?.close().catch(() => {});
      throw error;
    }
    return store;
  }

  load(stream: string): Promise<LoadedStream> {
    return this.serially(async () => {
      const { records } = readJournal(this.byStream.get(stream) ?? []);
      const damaged = (this.damaged.get(stream) ?? 0) + this.damagedAnywhere;
      // told once for each stream; what could not be told apart is told to whoever asks first
      this.damaged.delete(stream);
      this.damagedAnywhere = 0;
      return { records, damaged };
    });
  }

  append(stream: string, records: readonly InputRecord[]): Promise<void> {
    if (!STREAM.test(stream)) return Promise.reject(new Error(`not a stream: ${stream.slice(0, 100)}`));
    return this.serially(async () => {
      if (records.length === 0) return;
      await this.mend();
      let previous = this.byStream.get(stream)?.at(-1)?.slice(-66, -2) ?? GENESIS;
      const wall = this.now();
      const added: Entry[] = [];
      for (const record of records) {
        const line = seal(record, wall, previous);
        previous = line.slice(-66, -2);
        added.push({ n: this.next + added.length, stream, line });
      }
      const bytes = Buffer.from(added.map(writeLine).join(""));
      this.repair = "tail";
      await this.journal.writeAt(bytes, this.good);
      await this.journal.sync();
      this.repair = "none";
      this.good += bytes.length;
      this.next += added.length;
      for (const entry of added) this.keep(entry);
      if (this.good > this.snapshotBytes && this.good > this.snapshotSize) void this.serially(() => this.snapshot().catch(() => {}));
    });
  }

  streams(): Promise<readonly string[]> {
    return this.serially(async () => [...this.byStream.keys()]);
  }

  exportText(): Promise<string> {
    return this.serially(async () => exportOf([...this.byStream]));
  }

  /** Waits for what is under way and lets go of the file. */
  close(): Promise<void> {
    return this.serially(async () => {
      await this.file?.close();
      this.file = null;
    });
  }

  private get journal(): OpenFile {
    if (!this.file) throw new Error("the progress store is closed");
    return this.file;
  }

  private serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  private keep(entry: Entry): void {
    this.entries.push(entry);
    const lines = this.byStream.get(entry.stream);
    if (lines) lines.push(entry.line);
    else this.byStream.set(entry.stream, [entry.line]);
  }

  // ------------------------------------------------------------ opening

  private async read(): Promise<void> {
    await this.fs.makeDir(this.dir);
    const snapshot = await this.fs.read(this.path(SNAPSHOT));
    const journal = await this.fs.read(this.path(JOURNAL));
    const a = readLines(snapshot ?? new Uint8Array());
    const b = readLines(journal ?? new Uint8Array());
    const newer = a.newer ?? b.newer;
    if (newer !== null) throw new Error(`the progress was written by a newer version of the app (${newer}); nothing was changed`);
    const bad = [...a.bad, ...b.bad];
    const unlinked = this.take([...a.entries, ...b.entries]);
    this.file = await this.fs.open(this.path(JOURNAL));
    this.snapshotSize = snapshot?.length ?? 0;
    if (bad.length === 0 && unlinked.length === 0) {
      if (b.entries.length === 0) return this.begin();
      this.good = journal!.length;
      return;
    }
    for (const stream of [...bad.map((l) => l.stream), ...unlinked.map((l) => l.stream)]) {
      if (stream !== null && STREAM.test(stream)) this.damaged.set(stream, (this.damaged.get(stream) ?? 0) + 1);
      else this.damagedAnywhere++;
    }
    const time = new Date(this.now()).toISOString().replace(/[-:]/g, "");
    if (snapshot && a.bad.length + unlinked.length > 0) await this.putAside(SNAPSHOT, snapshot, time);
    if (journal) await this.putAside(JOURNAL, journal, time);
    await this.snapshot();
  }

  /** Takes in what follows record by record in its stream; gives back what does not. */
  private take(read: readonly Entry[]): Entry[] {
    const byStream = new Map<string, Entry[]>();
    const seen = new Set<number>();
    for (const entry of read) {
      this.next = Math.max(this.next, entry.n + 1);
      if (seen.has(entry.n)) continue;
      seen.add(entry.n);
      const entries = byStream.get(entry.stream);
      if (entries) entries.push(entry);
      else byStream.set(entry.stream, [entry]);
    }
    const good: Entry[] = [];
    const rest: Entry[] = [];
    for (const entries of byStream.values()) {
      entries.sort((x, y) => x.n - y.n);
      const { records } = readJournal(entries.map((e) => e.line));
      good.push(...entries.slice(0, records.length));
      rest.push(...entries.slice(records.length));
    }
    good.sort((x, y) => x.n - y.n);
    for (const entry of good) this.keep(entry);
    return rest;
  }

  /** Makes the journal's name and its first line durable before anything can count on them. */
  private async begin(): Promise<void> {
    const bytes = Buffer.from(`${HEADER}\n`);
    await this.journal.truncate(0);
    await this.journal.writeAt(bytes, 0);
    await this.journal.sync();
    await this.fs.syncDir(this.dir);
    this.good = bytes.length;
  }

  private async putAside(name: string, bytes: Uint8Array, time: string): Promise<void> {
    const file = await this.fs.open(this.path(`${name}.damaged-${time}`));
    try {
      await file.writeAt(bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.fs.syncDir(this.dir);
  }

  // ------------------------------------------------------------ snapshots and repair

  /** Writes everything into a new snapshot and empties the journal. On failure the old files still hold everything. */
  private async snapshot(): Promise<void> {
    const bytes = Buffer.from(`${HEADER}\n${this.entries.map(writeLine).join("")}`);
    const aside = this.path(`${SNAPSHOT}.new`);
    const file = await this.fs.open(aside);
    try {
      await file.truncate(0);
      await file.writeAt(bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.fs.rename(aside, this.path(SNAPSHOT));
    await this.fs.syncDir(this.dir);
    this.snapshotSize = bytes.length;
    this.repair = "begin";
    await this.begin();
    this.repair = "none";
  }

  private async mend(): Promise<void> {
    if (this.repair === "begin") await this.begin();
    else if (this.repair === "tail") await this.journal.truncate(this.good);
    this.repair = "none";
  }

  private path(name: string): string {
    return join(this.dir, name);
  }
}

/** Opens the store at the first call and, where that failed, again at the next: a disk that was full may not be so any more. */
export function lazyStore(open: () => Promise<FileStore>): ProgressStore & { close(): Promise<void> } {
  let opening: Promise<FileStore> | null = null;
  const store = (): Promise<FileStore> => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  return {
    durable: true,
    load: async (stream) => (await store()).load(stream),
    append: async (stream, records) => (await store()).append(stream, records),
    streams: async () => (await store()).streams(),
    exportText: async () => (await store()).exportText(),
    close: async () => {
      const opened = await opening?.catch(() => null);
      await opened?.close();
    },
  };
}

/**
 * The few file operations that the progress store needs, so that tests can put a failing or crashing disk beneath it. What `sync`
 * and `syncDir` have returned for is on the disk; nothing else is.
 */
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { constants } from "node:fs";

export interface OpenFile {
  writeAt(bytes: Uint8Array, offset: number): Promise<void>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Fs {
  makeDir(path: string): Promise<void>;
  /** null where there is no such file */
  read(path: string): Promise<Uint8Array | null>;
  /** for reading and writing; made empty where it is not there */
  open(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** makes names that were added, changed or removed in a folder durable */
  syncDir(path: string): Promise<void>;
}

export const nodeFs: Fs = {
  async makeDir(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  async read(path) {
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  },
  async open(path) {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    return {
      async writeAt(bytes, offset) {
        let done = 0;
        while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      },
      truncate: (size) => handle.truncate(size),
      sync: () => handle.sync(),
      close: () => handle.close(),
    };
  },
  rename,
  async remove(path) {
    await rm(path, { force: true });
  },
  async syncDir(path) {
    // Windows has no handle on a folder to flush; NTFS keeps names in its own journal
    if (process.platform === "win32") return;
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

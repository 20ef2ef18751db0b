/** Just enough of zip and asar to make a stub of Electron and to look into what packaging makes of it. */
import { readFileSync } from "node:fs";
import { crc32, inflateRawSync } from "node:zlib";

/**
 * A zip file with stored entries.
 * @param {readonly {name: string, data: Buffer, mode: number}[]} files
 */
export function makeZip(files) {
  const parts = [];
  const central = [];
  let offset = 0;
  for (const { name, data, mode } of files) {
    const path = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(0x5a210000, 10); // 2025-01-01
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(path.length, 26);
    parts.push(local, path, data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE((3 << 8) | 20, 4); // made on Unix: the mode below counts
    entry.writeUInt16LE(20, 6);
    local.copy(entry, 12, 10, 28);
    entry.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    central.push(entry, path);
    offset += local.length + path.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** The entries of a zip: name → {mode, data()}. */
export function readZip(file) {
  const zip = readFileSync(file);
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const entries = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [nameLength, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const mode = (zip.readUInt32LE(at + 38) >>> 16) & 0o7777;
    const data = () => {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const raw = zip.subarray(start, start + size);
      return method === 0 ? raw : inflateRawSync(raw);
    };
    entries.set(name, { mode, data });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

/** The files of an asar: path → {unpacked, text()}. */
export function readAsar(file) {
  const bytes = readFileSync(file);
  const headerSize = bytes.readUInt32LE(4);
  const header = JSON.parse(bytes.toString("utf8", 16, 16 + bytes.readUInt32LE(12)));
  const files = new Map();
  const walk = (node, path) => {
    for (const [name, child] of Object.entries(node.files)) {
      const below = path ? `${path}/${name}` : name;
      if (child.files) walk(child, below);
      else
        files.set(below, {
          unpacked: child.unpacked === true,
          integrity: child.integrity,
          text: () => bytes.toString("utf8", 8 + headerSize + Number(child.offset), 8 + headerSize + Number(child.offset) + child.size),
        });
    }
  };
  walk(header, "");
  return files;
}

const SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";

/** What stands in a binary that has fuses as Electron ships them. */
export const defaultFuseWire = () => Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 9]), Buffer.from("101100011")]);

/** The fuses of a binary as text of 0 and 1, in the order of @electron/fuses. */
export function fuseWire(file) {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(SENTINEL);
  if (at < 0) return null;
  const length = bytes[at + SENTINEL.length + 1];
  return bytes.toString("latin1", at + SENTINEL.length + 2, at + SENTINEL.length + 2 + length);
}

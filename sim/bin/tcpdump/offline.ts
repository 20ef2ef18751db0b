/** Reading a capture from a pcap file or from standard input. */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import {
  LINKTYPE_ETHERNET,
  LINKTYPE_LINUX_SLL2,
  LINKTYPE_RAW,
  PCAP_FILE_HLEN,
  readPcapHeader,
  readPcapRecord,
  type PcapHeader,
} from "../../wire/pcap.ts";
import { err, exit, notSimulated, readAll, readFile, type Io } from "../lib/io.ts";
import { matches } from "./filter/eval.ts";
import type { Node } from "./filter/ast.ts";
import { fail, type Config } from "./options.ts";
import type { Sink } from "./sink.ts";

export interface SaveFile {
  readonly bytes: Uint8Array;
  readonly header: PcapHeader;
}

export function* openSaveFile(io: Io, path: string): Call<SaveFile> {
  const bytes = path === "-" ? yield* readAll(io.sys, 0) : yield* readFile(io.sys, path);
  if (typeof bytes === "number") {
    const directory = path !== "-" && typeof (yield* io.sys.readdir(path)) !== "number";
    return yield* fail(io, `${directory ? "error reading dump file" : path}: ${strerror(bytes)}`);
  }
  const header = readPcapHeader(bytes);
  if (typeof header === "string") return yield* fail(io, header);
  if (header.linkType !== LINKTYPE_ETHERNET && header.linkType !== LINKTYPE_LINUX_SLL2 && header.linkType !== LINKTYPE_RAW)
    exit(yield* notSimulated(io.sys, "tcpdump", `link type ${header.linkType}`));
  return { bytes, header };
}

/** All packets of the file, or the first -c of them; gives the exit status. */
export function* replay(io: Io, cfg: Config, file: SaveFile, filter: Node | null, sink: Sink): Call<number> {
  const linkType = file.header.linkType;
  let at = PCAP_FILE_HLEN;
  let n = 0;
  let code = 0;
  for (;;) {
    const p = readPcapRecord(file.bytes, file.header, at);
    if (p === null) break;
    if (typeof p === "string") {
      yield* io.out.flush();
      yield* err(io.sys, `${io.name}: pcap_loop: ${p}\n`);
      code = 1;
      break;
    }
    at = p.next;
    if (++n % 1000 === 0) yield* io.sys.tick(1);
    if (!matches(filter, { frame: p.frame, wireLen: p.wireLen, linkType, outbound: false })) continue;
    yield* sink.packet(p);
    if (cfg.count > 0 && sink.packets >= cfg.count) break;
  }
  if (cfg.countOnly && code === 0) yield* io.out.print(`${sink.packets} packet${sink.packets === 1 ? "" : "s"}\n`);
  yield* io.out.flush();
  yield* sink.check();
  yield* sink.close();
  return code;
}

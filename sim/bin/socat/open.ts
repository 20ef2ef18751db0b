/** What an opener is given, and the continuation that runs once its address is open: with `fork` once per client. */
import type { Call, Sys } from "../../kernel/abi.ts";
import type { Log } from "./log.ts";
import type { Options } from "./options.ts";
import type { Dir, Stream } from "./stream.ts";

export interface Open {
  readonly sys: Sys;
  readonly log: Log;
  /** upper case, aliases resolved: "UDP4-LISTEN" */
  readonly keyword: string;
  readonly params: readonly string[];
  readonly opts: Options;
  readonly dir: Dir;
  /** -4 or -6 was given */
  readonly prefer: 0 | 2 | 10;
  readonly blksize: number;
}

export type Then = (s: Stream) => Call<number>;

/**
 * What socat says on standard error: one line a message with time, name and process, from the severity on that -d chose
 * (errors always, then warnings, notices, information). The C pointers in its messages are a made-up constant here.
 */
import { strftime } from "../../core/calendar.ts";
import { SEC, US } from "../../core/time.ts";
import { type Call, Sig, type Sys } from "../../kernel/abi.ts";
import { ExitStatus, err } from "../lib/io.ts";

/** what socat prints where it names a buffer */
export const BUFFER = "0x55ce891b1000";

export const Level = { ERROR: 0, WARN: 1, NOTICE: 2, INFO: 3 } as const;
export type Level = (typeof Level)[keyof typeof Level];
const LETTER = ["E", "W", "N", "I"] as const;

export class Log {
  readonly sys: Sys;
  /** messages up to this level are shown */
  level: Level = Level.ERROR;
  micros = false;
  host = "";
  name = "socat";

  constructor(sys: Sys) {
    this.sys = sys;
  }

  *say(level: Level, text: string): Call<void> {
    if (level > this.level) return;
    const pid = yield* this.sys.getpid();
    const stamp = yield* this.stamp(this.micros ? "." : null, 6);
    yield* err(this.sys, `${stamp} ${this.host}${this.name}[${pid}] ${LETTER[level]} ${text}\n`);
  }
  notice(text: string): Call<void> {
    return this.say(Level.NOTICE, text);
  }
  warn(text: string): Call<void> {
    return this.say(Level.WARN, text);
  }
  /** An error ends socat with status 1. */
  *error(text: string): Call<never> {
    yield* this.say(Level.ERROR, text);
    yield* this.notice("exit(1)");
    throw new ExitStatus(1, "");
  }
  /** What the real socat has and this one has not. */
  notSimulated(what: string): never {
    throw new ExitStatus(64, `hop: socat: ${what} is not simulated\n`);
  }

  /** "2026/11/20 14:19:43", with the microseconds after `dot` in so many digits */
  *stamp(dot: string | null, digits: number): Call<string> {
    const now = yield* this.sys.clock_gettime("realtime");
    const sec = Math.floor(now / SEC);
    const text = strftime("%Y/%m/%d %H:%M:%S", sec);
    return dot === null ? text : `${text}${dot}${String(Math.floor((now - sec * SEC) / US)).padStart(digits, "0")}`;
  }

  /** A blocking call was interrupted: ends socat where a signal asks for it, and gives the children that ended. */
  *signals(): Call<boolean> {
    let child = false;
    for (const sig of yield* this.sys.sigtake()) {
      if (sig === Sig.CHLD) {
        yield* this.notice("childdied(): handling signal 17");
        child = true;
        continue;
      }
      yield* this.notice(`socat_signal(): handling signal ${sig}`);
      yield* this.say(sig === Sig.TERM ? Level.WARN : Level.NOTICE, `exiting on signal ${sig}`);
      yield* this.notice(`socat_signal(): finishing signal ${sig}`);
      yield* this.notice(`exit(${128 + sig})`);
      throw new ExitStatus(128 + sig, "");
    }
    return child;
  }
}

/** Judges an answer to a drill. Writing is read liberally; what is wrong is said from the bits, not only that it is wrong. */
import { factsOf, fmtIp4, hostsOf, networkOf, plain, readAddress, readCidr, readLength, sizeOf, type Read } from "./cidr.ts";
import { firstDifference, inSame, type Drill } from "./drills.ts";
import { say, type Phrase } from "./phrase.ts";

export interface Verdict {
  /** "unread": it is no answer to this question yet, and does not count */
  readonly state: "right" | "wrong" | "unread";
  readonly why: Phrase;
  /** the typed address, to be drawn beside the right one */
  readonly typed?: { readonly addr: number; readonly len: number };
}

const unread = (why: Phrase): Verdict => ({ state: "unread", why });
const wrong = (why: Phrase, typed?: Verdict["typed"]): Verdict => ({ state: "wrong", why, ...(typed ? { typed } : {}) });
const RIGHT: Verdict = { state: "right", why: say("drill.right") };

export function judge(drill: Drill, typed: string): Verdict {
  const text = plain(typed);
  if (text === "") return unread(say("drill.empty"));
  switch (drill.form) {
    case "choice":
      return text === drill.answer ? RIGHT : wrong(say("drill.wrong.choice"));
    case "address":
      return read(readAddress(text.replace(/\s*\/\s*\d+$/, "")), (a) => address(drill, a));
    case "mask":
      return read(readLength(text), (len) =>
        len === drill.about.len
          ? RIGHT
          : wrong(say("drill.wrong.ones", { typed: len, len: drill.about.len }), { addr: lengthMask(len), len }),
      );
    case "length":
      return read(readLength(text), (len) => length(drill, len));
    case "count":
      return read(readCount(text), (n) => count(drill, n));
    case "cidr":
      return read(readCidr(text), (p) => cidr(drill, p));
  }
}

function read<T>(r: Read<T>, then: (value: T) => Verdict): Verdict {
  return r.ok ? then(r.value) : unread(r.why);
}
const lengthMask = (len: number): number => factsOf({ addr: 0, len }).mask;

/** "1022", "1,022", "1 022", "1022개", "2^10-2" */
function readCount(text: string): Read<number> {
  const power = /^2\s*(?:\^|\*\*)\s*(\d{1,2})\s*(?:[-−]\s*(\d))?$/.exec(text);
  if (power) return { ok: true, value: 2 ** Number(power[1]) - Number(power[2] ?? 0) };
  const digits = text.replace(/[\s,_']/g, "").replace(/(?:개|대|hosts?|nodes?|addresses|networks?)$/i, "");
  return /^\d{1,12}$/.test(digits) ? { ok: true, value: Number(digits) } : { ok: false, why: say("drill.notCount", { text }) };
}

function address(drill: Drill, typed: number): Verdict {
  if (fmtIp4(typed) === drill.answer) return RIGHT;
  const { about, kind } = drill;
  const f = factsOf(about);
  const row = { addr: typed, len: about.len };
  if (!inSame(typed, about))
    return wrong(
      say("drill.wrong.otherNetwork", { bit: firstDifference(networkOf(row), f.network), len: about.len, address: fmtIp4(about.addr) }),
      row,
    );
  if (typed === f.network) return wrong(say("drill.wrong.isNetwork"), row);
  if (typed === f.broadcast) return wrong(say("drill.wrong.isBroadcast"), row);
  if (kind === "network") return wrong(say("drill.wrong.notZero", { rest: 32 - about.len }), row);
  if (kind === "broadcast") return wrong(say("drill.wrong.notOnes", { rest: 32 - about.len }), row);
  return wrong(say(kind === "first" ? "drill.wrong.notFirst" : "drill.wrong.notLast"), row);
}

function length(drill: Drill, typed: number): Verdict {
  if (typed === drill.about.len) return RIGHT;
  if (drill.kind !== "fit") return wrong(say("drill.wrong.ones", { typed, len: drill.about.len }), { addr: lengthMask(typed), len: typed });
  return hostsOf(typed) < drill.need
    ? wrong(say("drill.wrong.tooSmall", { len: typed, hosts: hostsOf(typed), need: drill.need }))
    : wrong(say("drill.wrong.tooLarge", { len: typed, hosts: hostsOf(typed), longer: typed + 1 }));
}

function count(drill: Drill, typed: number): Verdict {
  if (String(typed) === drill.answer) return RIGHT;
  const { len } = drill.about;
  if (drill.kind !== "hosts") return wrong(say("drill.wrong.power"));
  if (len < 31 && typed === sizeOf(len)) return wrong(say("drill.wrong.bothEnds"));
  if (len < 31 && typed === sizeOf(len) - 1) return wrong(say("drill.wrong.oneEnd"));
  if (len === 31) return wrong(say("drill.wrong.hosts31"));
  if (len === 32) return wrong(say("drill.wrong.hosts32"));
  return wrong(say("drill.wrong.free", { len, free: 32 - len }));
}

function cidr(drill: Drill, typed: { addr: number; len: number }): Verdict {
  const { about } = drill;
  if (typed.addr === about.addr && typed.len === about.len) return RIGHT;
  if (typed.len !== about.len && drill.kind === "nth") return wrong(say("drill.wrong.partLength", { len: about.len }), typed);
  if (networkOf(typed) !== typed.addr)
    return wrong(say("drill.wrong.hostBits", { network: fmtIp4(networkOf(typed)), len: typed.len }), typed);
  if (drill.kind === "summary" && typed.len < about.len) return wrong(say("drill.wrong.tooWide", { len: typed.len }), typed);
  if (drill.kind === "summary" && typed.len > about.len) return wrong(say("drill.wrong.tooNarrow", { len: typed.len }), typed);
  return wrong(say("drill.wrong.otherBlock", { bit: firstDifference(typed.addr, about.addr) }), typed);
}

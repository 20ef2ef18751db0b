/** dd: copies blocks, one read(2) and one write(2) each, and says how many. Left out: EBCDIC, direct and synchronous I/O. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import { writeAll } from "../lib/io.ts";
import { humanSize } from "../lib/mode.ts";
import { sizeOf } from "./sizes.ts";

const NUMBERS = ["bs", "ibs", "obs", "cbs", "count", "skip", "iseek", "seek", "oseek"] as const;
const CONV = ["lcase", "ucase", "swab", "sync", "noerror", "notrunc", "excl", "nocreat", "fsync", "fdatasync"];
const CONV_REAL = ["ascii", "ebcdic", "ibm", "block", "unblock", "sparse"];
const IFLAGS = ["fullblock", "count_bytes", "skip_bytes"];
const OFLAGS = ["append", "seek_bytes"];
const FLAGS_REAL = ["direct", "directory", "dsync", "sync", "nonblock", "noatime", "nocache", "noctty", "nofollow", "binary", "text"];

interface Job {
  input: string | null;
  output: string | null;
  readonly n: Record<(typeof NUMBERS)[number], number>;
  conv: readonly string[];
  iflag: readonly string[];
  oflag: readonly string[];
  status: string;
}

function* flags(t: Tool, what: string, text: string, known: readonly string[], real: readonly string[]): Call<readonly string[]> {
  const words = text.split(",");
  for (const w of words) {
    if (known.includes(w)) continue;
    if (real.includes(w)) yield* t.notSimulated(`${what} ${w}`);
    yield* t.usage(`invalid ${what}: ${quote(w)}`);
  }
  return words;
}

/** "4x2k" is a product; "10B" counts bytes. */
function* number(t: Tool, key: string, text: string): Call<{ n: number; bytes: boolean }> {
  const bytes = text.endsWith("B") && /[0-9]B$/.test(text);
  let n = 1;
  for (const part of (bytes ? text.slice(0, -1) : text).split("x")) {
    const v = sizeOf(part);
    if (v === null) return yield* t.die(`invalid number: ${quote(text)}`);
    n *= v;
  }
  if (n === 0 && key.endsWith("bs")) yield* t.die(`invalid number: ${quote(text)}`);
  return { n, bytes };
}

function* parse(t: Tool, operands: readonly string[]): Call<Job> {
  const job: Job = {
    input: null,
    output: null,
    n: { bs: 0, ibs: 512, obs: 512, cbs: 0, count: -1, skip: 0, iseek: 0, seek: 0, oseek: 0 },
    conv: [],
    iflag: [],
    oflag: [],
    status: "default",
  };
  for (const word of operands) {
    const eq = word.indexOf("=");
    const key = word.slice(0, eq);
    const value = word.slice(eq + 1);
    if (eq < 0) yield* t.usage(`unrecognized operand ${quote(word)}`);
    else if (key === "if") job.input = value;
    else if (key === "of") job.output = value;
    else if (key === "conv") job.conv = [...job.conv, ...(yield* flags(t, "conversion", value, CONV, CONV_REAL))];
    else if (key === "iflag") job.iflag = [...job.iflag, ...(yield* flags(t, "input flag", value, IFLAGS, FLAGS_REAL))];
    else if (key === "oflag") job.oflag = [...job.oflag, ...(yield* flags(t, "output flag", value, OFLAGS, FLAGS_REAL))];
    else if (key === "status") {
      if (!["none", "noxfer", "progress"].includes(value)) yield* t.usage(`invalid status level: ${quote(value)}`);
      if (value === "progress") yield* t.notSimulated("status=progress");
      job.status = value;
    } else {
      const name = NUMBERS.find((n) => n === key);
      if (name === undefined) return yield* t.usage(`unrecognized operand ${quote(word)}`);
      const { n, bytes } = yield* number(t, key, value);
      job.n[name === "iseek" ? "skip" : name === "oseek" ? "seek" : name] = n;
      if (bytes && name === "count") job.iflag = [...job.iflag, "count_bytes"];
      if (bytes && (name === "skip" || name === "iseek")) job.iflag = [...job.iflag, "skip_bytes"];
      if (bytes && (name === "seek" || name === "oseek")) job.oflag = [...job.oflag, "seek_bytes"];
    }
  }
  if (job.n.bs > 0) job.n.ibs = job.n.obs = job.n.bs;
  if (job.conv.includes("lcase") && job.conv.includes("ucase")) yield* t.die("cannot combine lcase and ucase");
  if (job.conv.includes("excl") && job.conv.includes("nocreat")) yield* t.die("cannot combine excl and nocreat");
  return job;
}

function convert(job: Job, b: Uint8Array): Uint8Array {
  const out = b.slice();
  for (let i = 0; i < out.length; i++) {
    const c = out[i]!;
    if (job.conv.includes("ucase") && c >= 97 && c <= 122) out[i] = c - 32;
    else if (job.conv.includes("lcase") && c >= 65 && c <= 90) out[i] = c + 32;
  }
  if (job.conv.includes("swab")) for (let i = 0; i + 1 < out.length; i += 2) [out[i], out[i + 1]] = [out[i + 1]!, out[i]!];
  return out;
}

/** Opens both ends on file descriptors 0 and 1, and moves to where the work begins. */
function* prepare(t: Tool, job: Job): Call<{ in: number; out: number }> {
  let [input, output] = [0, 1];
  if (job.input !== null) {
    input = yield* t.sys.open(job.input, O.RDONLY | O.CLOEXEC, 0);
    if (input < 0) return yield* t.die(`failed to open ${quoteaf(job.input)}: ${strerror(input)}`);
  }
  const seekBytes = job.oflag.includes("seek_bytes") ? job.n.seek : job.n.seek * job.n.obs;
  if (job.output !== null) {
    const trunc = job.conv.includes("notrunc") || job.oflag.includes("append") || seekBytes > 0 ? 0 : O.TRUNC;
    const create = job.conv.includes("nocreat") ? 0 : O.CREAT | (job.conv.includes("excl") ? O.EXCL : 0);
    output = yield* t.sys.open(job.output, O.WRONLY | O.CLOEXEC | create | trunc | (job.oflag.includes("append") ? O.APPEND : 0), 0o666);
    if (output < 0) return yield* t.die(`failed to open ${quoteaf(job.output)}: ${strerror(output)}`);
    if (seekBytes > 0 && !job.conv.includes("notrunc")) yield* t.sys.ftruncate(output, seekBytes);
  }
  if (seekBytes > 0) {
    const r = yield* t.sys.lseek(output, seekBytes, "cur");
    if (r < 0) yield* t.die(`${job.output === null ? "'standard output'" : quoteaf(job.output)}: cannot seek: ${strerror(r)}`);
  }
  return { in: input, out: output };
}

function* skipInput(t: Tool, job: Job, fd: number): Call<void> {
  let left = job.iflag.includes("skip_bytes") ? job.n.skip : job.n.skip * job.n.ibs;
  if (left === 0) return;
  const st = yield* t.sys.fstat(fd);
  const r = yield* t.sys.lseek(fd, left, "cur");
  if (r >= 0) {
    if (typeof st !== "number" && (st.mode & 0o170000) === 0o100000 && r > st.size)
      yield* t.warn(`${job.input === null ? "'standard input'" : quotef(job.input)}: cannot skip to specified offset`, 0);
    return;
  }
  while (left > 0) {
    const b = yield* t.read(fd, Math.min(left, job.n.ibs));
    if (typeof b === "number" || b.length === 0) return;
    left -= b.length;
  }
}

interface Counts {
  inFull: number;
  inPart: number;
  outFull: number;
  outPart: number;
  bytes: number;
}

function* copy(t: Tool, job: Job, fds: { in: number; out: number }, c: Counts): Call<boolean> {
  const { ibs, obs, count } = job.n;
  const byBytes = job.iflag.includes("count_bytes");
  let held = new Uint8Array(0);
  let left = count < 0 ? Number.POSITIVE_INFINITY : count;
  const write = function* (b: Uint8Array): Call<boolean> {
    const r = yield* writeAll(t.sys, fds.out, b);
    if (r < 0) {
      yield* t.warn(`error writing ${job.output === null ? "'standard output'" : quoteaf(job.output)}: ${strerror(r)}`);
      return false;
    }
    if (b.length === obs) c.outFull++;
    else c.outPart++;
    c.bytes += b.length;
    return true;
  };
  const st = yield* t.sys.fstat(fds.in);
  const full = typeof st !== "number" && [S_IF.REG, S_IF.CHR].some((x) => x === (st.mode & S_IF.MT)) && (yield* t.sys.isatty(fds.in)) !== 1;
  while (left > 0) {
    const want = byBytes ? Math.min(ibs, left) : ibs;
    let b = yield* t.read(fds.in, want);
    if (typeof b === "number") {
      yield* t.warn(`error reading ${job.input === null ? "'standard input'" : quoteaf(job.input)}: ${strerror(b)}`);
      if (!job.conv.includes("noerror") || b === -Errno.EISDIR) return false;
      left -= 1;
      continue;
    }
    // a regular file or a device gives all that was asked for
    while ((full || job.iflag.includes("fullblock")) && b.length > 0 && b.length < want) {
      const more = yield* t.read(fds.in, want - b.length);
      if (typeof more === "number" || more.length === 0) break;
      const joined: Uint8Array = new Uint8Array(b.length + more.length);
      joined.set(b);
      joined.set(more, b.length);
      b = joined as Uint8Array<ArrayBuffer>;
    }
    if (b.length === 0) break;
    left -= byBytes ? b.length : 1;
    if (b.length === ibs) c.inFull++;
    else c.inPart++;
    let piece = convert(job, b);
    if (job.conv.includes("sync") && piece.length < ibs) {
      const whole = new Uint8Array(ibs);
      whole.set(piece);
      piece = whole;
    }
    yield* t.sys.tick(Math.floor(piece.length / 1000));
    if (job.n.bs > 0 && !job.conv.includes("swab")) {
      if (!(yield* write(piece))) return false;
      continue;
    }
    const all = new Uint8Array(held.length + piece.length);
    all.set(held);
    all.set(piece, held.length);
    let at = 0;
    for (; at + obs <= all.length; at += obs) if (!(yield* write(all.subarray(at, at + obs)))) return false;
    held = all.slice(at);
  }
  return held.length === 0 || (yield* write(held));
}

function* report(t: Tool, job: Job, c: Counts, seconds: number): Call<void> {
  if (job.status === "none") return;
  const say = (text: string): Call<unknown> => t.sys.write(2, Uint8Array.from(Array.from(text, (x) => x.charCodeAt(0))));
  yield* t.out.flush();
  yield* say(`${c.inFull}+${c.inPart} records in\n${c.outFull}+${c.outPart} records out\n`);
  if (job.status === "noxfer") return;
  const unit = (n: number, base: 1000 | 1024): string => {
    const m = /^([0-9.]+)([A-Za-z]*)$/.exec(humanSize(n, base))!;
    return m[2] === "" ? `${m[1]} B` : `${m[1]} ${m[2]}${base === 1024 ? "iB" : "B"}`;
  };
  const sizes = c.bytes >= 1024 ? ` (${unit(c.bytes, 1000)}, ${unit(c.bytes, 1024)})` : c.bytes >= 1000 ? ` (${unit(c.bytes, 1000)})` : "";
  // at least in kB, so that a slow copy has a rate of 0.0 kB/s
  const perSecond = seconds > 0 ? c.bytes / seconds : 0;
  const rate = perSecond < 1000 ? `${(perSecond / 1000).toFixed(1)} kB` : unit(Math.round(perSecond), 1000);
  yield* say(`${c.bytes} byte${c.bytes === 1 ? "" : "s"}${sizes} copied, ${Number(seconds.toPrecision(6))} s, ${rate}/s\n`);
}

const dd = gnuCommand({
  name: "dd",
  usage: ["[OPERAND]...", "OPTION"],
  summary: "copy a file, converting and formatting according to the operands",
  description: [
    "Operands: if=FILE of=FILE bs=BYTES ibs=BYTES obs=BYTES count=N skip=N seek=N, conv=lcase,ucase,swab,sync,noerror,notrunc,excl,nocreat,fsync,fdatasync, iflag=fullblock,count_bytes,skip_bytes oflag=append,seek_bytes status=none,noxfer. Sizes may have a unit: c 1, w 2, b 512, kB 1000, K 1024, and so on; N may end in B to count bytes.",
  ],
  options: [],
  complete: function* (_sys, argv) {
    const word = argv[argv.length - 1] ?? "";
    return ["if=", "of=", "bs=", "count=", "skip=", "seek=", "conv=", "iflag=", "oflag=", "status="].filter((k) => k.startsWith(word));
  },
  *main(t, _options, operands) {
    const job = yield* parse(t, operands);
    const began = yield* t.sys.clock_gettime("monotonic");
    const fds = yield* prepare(t, job);
    yield* skipInput(t, job, fds.in);
    const c: Counts = { inFull: 0, inPart: 0, outFull: 0, outPart: 0, bytes: 0 };
    const ok = yield* copy(t, job, fds, c);
    yield* report(t, job, c, ((yield* t.sys.clock_gettime("monotonic")) - began) / 1e9);
    return ok ? 0 : 1;
  },
});

export const ddCommands = [dd];

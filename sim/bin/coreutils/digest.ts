/** md5sum, sha*sum, cksum, sum: checksums of files, and checking them against a list. Left out: BLAKE2, SM3. */
import { fromUtf8, hex } from "../../core/bytes.ts";
import type { Call, Command } from "../../kernel/abi.ts";
import { argmatch, gnuCommand, quotef, type Tool } from "../lib/gnu.ts";
import { readAll } from "../lib/io.ts";
import type { GivenOption } from "../lib/options.ts";
import { bsdSum, md5, posixCrc, sha1, sha224, sha256, sha384, sha512, sysvSum } from "./digest-sums.ts";
import { eachLine } from "./lines.ts";

const KINDS = {
  md5sum: { tag: "MD5", digits: 32, hash: md5, what: "MD5 (128-bit)" },
  sha1sum: { tag: "SHA1", digits: 40, hash: sha1, what: "SHA1 (160-bit)" },
  sha224sum: { tag: "SHA224", digits: 56, hash: sha224, what: "SHA224 (224-bit)" },
  sha256sum: { tag: "SHA256", digits: 64, hash: sha256, what: "SHA256 (256-bit)" },
  sha384sum: { tag: "SHA384", digits: 96, hash: sha384, what: "SHA384 (384-bit)" },
  sha512sum: { tag: "SHA512", digits: 128, hash: sha512, what: "SHA512 (512-bit)" },
} as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

/** The bytes of a file, or null after saying what failed. */
function* contents(t: Tool, file: string): Call<Uint8Array | null> {
  const fd = yield* t.open(file);
  if (fd === null) return null;
  const b = yield* readAll(t.sys, fd);
  yield* t.close(fd);
  if (typeof b === "number") {
    yield* t.fileError(file, b);
    return null;
  }
  yield* t.sys.tick(1 + Math.floor(b.length / 100));
  return b;
}

/** Names with a newline or backslash are escaped, which a backslash in front of the line tells. */
function escaped(name: string): { mark: string; name: string } {
  if (!/[\\\n\r]/.test(name)) return { mark: "", name };
  return { mark: "\\", name: name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r") };
}

function* printSums(t: Tool, kind: Kind, options: readonly GivenOption[], operands: readonly string[]): Call<void> {
  const has = (n: string): boolean => options.some((o) => o.name === n);
  const end = has("-z") ? "\0" : "\n";
  const binary = options.filter((o) => o.name === "-b" || o.name === "-t").pop()?.name === "-b";
  for (const file of operands.length > 0 ? operands : ["-"]) {
    const b = yield* contents(t, file);
    if (b === null) continue;
    const sum = hex(kind.hash(b));
    const e = has("-z") ? { mark: "", name: file } : escaped(file);
    yield* t.out.print(
      has("--tag") ? `${e.mark}${kind.tag} (${e.name}) = ${sum}${end}` : `${e.mark}${sum} ${binary ? "*" : " "}${e.name}${end}`,
    );
  }
}

interface Tally {
  lines: number;
  malformed: number;
  unreadable: number;
  wrong: number;
  matched: number;
}

/** "SUM  NAME", "SUM *NAME" or "TAG (NAME) = SUM" */
function parseLine(kind: Kind, line: string): { sum: string; name: string } | null {
  const escapedLine = line.startsWith("\\");
  const text = escapedLine ? line.slice(1) : line;
  const tagged = new RegExp(`^${kind.tag} \\((.*)\\) = ([0-9a-fA-F]{${kind.digits}})$`).exec(text);
  const plain = new RegExp(`^([0-9a-fA-F]{${kind.digits}}) [ *](.+)$`, "s").exec(text);
  const m = tagged !== null ? { sum: tagged[2]!, name: tagged[1]! } : plain !== null ? { sum: plain[1]!, name: plain[2]! } : null;
  if (m === null || !escapedLine) return m;
  return { sum: m.sum, name: m.name.replaceAll("\\n", "\n").replaceAll("\\r", "\r").replaceAll("\\\\", "\\") };
}

function* checkList(t: Tool, kind: Kind, has: (n: string) => boolean, list: string): Call<void> {
  const shown = list === "-" ? "'standard input'" : quotef(list);
  const n: Tally = { lines: 0, malformed: 0, unreadable: 0, wrong: 0, matched: 0 };
  let number = 0;
  const before = t.status;
  t.status = 0;
  yield* eachLine(t, [list], function* (raw) {
    number++;
    const line = fromUtf8(raw).replace(/\r$/, "");
    if (line.startsWith("#") || line === "") return;
    const want = parseLine(kind, line);
    if (want === null) {
      n.malformed++;
      if (has("-w")) yield* t.warn(`${shown}: ${number}: improperly formatted ${kind.tag} checksum line`, 0);
      return;
    }
    n.lines++;
    yield* checkOne(t, kind, has, want, n);
  });
  const opened = t.status === 0 || number > 0;
  t.status = Math.max(before, t.status);
  if (!opened) return;
  if (n.lines === 0) return yield* t.warn(`${shown}: no properly formatted checksum lines found`);
  if (!has("--status")) yield* summary(t, n);
  if (n.wrong > 0 || n.unreadable > 0 || (has("--strict") && n.malformed > 0)) t.status = 1;
  if (n.matched === 0 && has("--ignore-missing")) yield* t.warn(`${shown}: no file was verified`);
}

function* checkOne(
  t: Tool,
  kind: Kind,
  has: (n: string) => boolean,
  want: { readonly sum: string; readonly name: string },
  n: Tally,
): Call<void> {
  const e = escaped(want.name);
  if (has("--ignore-missing") && typeof (yield* t.sys.stat(want.name)) === "number") return;
  const b = yield* contents(t, want.name);
  if (b === null) {
    n.unreadable++;
    if (!has("--status")) yield* t.out.print(`${e.mark}${e.name}: FAILED open or read\n`);
    return;
  }
  const ok = hex(kind.hash(b)) === want.sum.toLowerCase();
  if (ok) n.matched++;
  else n.wrong++;
  if (!has("--status") && !(ok && has("--quiet"))) yield* t.out.print(`${e.mark}${e.name}: ${ok ? "OK" : "FAILED"}\n`);
}

function* summary(t: Tool, n: Tally): Call<void> {
  const lines = (k: number, one: string, many: string): string => `WARNING: ${k} ${k === 1 ? one : many}`;
  if (n.malformed > 0) yield* t.warn(lines(n.malformed, "line is improperly formatted", "lines are improperly formatted"), 0);
  if (n.unreadable > 0) yield* t.warn(lines(n.unreadable, "listed file could not be read", "listed files could not be read"), 0);
  if (n.wrong > 0) yield* t.warn(lines(n.wrong, "computed checksum did NOT match", "computed checksums did NOT match"), 0);
}

function sumCommand(name: keyof typeof KINDS): Command {
  const kind = KINDS[name];
  return gnuCommand({
    name,
    usage: ["[OPTION]... [FILE]..."],
    summary: `print or check ${kind.what} checksums`,
    options: [
      { names: ["-b", "--binary"], help: "a * before the name" },
      { names: ["-c", "--check"], help: "read checksums from the FILEs and check them" },
      { names: ["--tag"], help: "lines in the style of BSD" },
      { names: ["-t", "--text"], help: "a blank before the name (default)" },
      { names: ["-z", "--zero"], help: "end each line with NUL, not newline" },
      { names: ["--ignore-missing"], help: "with -c, no word about missing files" },
      { names: ["--quiet"], help: "with -c, no OK for each good file" },
      { names: ["--status"], help: "with -c, only the exit status" },
      { names: ["--strict"], help: "with -c, fail for malformed lines" },
      { names: ["-w", "--warn"], help: "with -c, say which lines are malformed" },
    ],
    *main(t, options, operands) {
      const has = (n: string): boolean => options.some((o) => o.name === n);
      const check = has("-c");
      if (has("--tag") && options.some((o) => o.name === "-t")) yield* t.usage("--tag does not support --text mode");
      if (check && has("-z")) yield* t.usage("the --zero option is not supported when verifying checksums");
      if (check && has("--tag")) yield* t.usage("the --tag option is meaningless when verifying checksums");
      if (check && (has("-b") || has("-t"))) yield* t.usage("the --binary and --text options are meaningless when verifying checksums");
      for (const o of ["--ignore-missing", "--status", "--warn", "--quiet", "--strict"])
        if (!check && has(o === "--warn" ? "-w" : o)) yield* t.usage(`the ${o} option is meaningful only when verifying checksums`);
      if (!check) yield* printSums(t, kind, options, operands);
      else for (const list of operands.length > 0 ? operands : ["-"]) yield* checkList(t, kind, has, list);
      return t.status;
    },
  });
}

const ALGORITHMS: Readonly<Record<string, keyof typeof KINDS>> = {
  md5: "md5sum",
  sha1: "sha1sum",
  sha224: "sha224sum",
  sha256: "sha256sum",
  sha384: "sha384sum",
  sha512: "sha512sum",
};

const cksum = gnuCommand({
  name: "cksum",
  usage: ["[OPTION]... [FILE]..."],
  summary: "print or verify checksums",
  description: ["DIGEST is sysv, bsd, crc (as POSIX has it, the default), md5, sha1, sha224, sha256, sha384 or sha512."],
  options: [
    { names: ["-a", "--algorithm"], arg: "TYPE", help: "the digest to use" },
    { names: ["--untagged"], help: "lines of md5sum's style" },
    { names: ["-z", "--zero"], help: "end each line with NUL, not newline" },
    { names: ["-c", "--check"], help: "check a list", notModelled: true },
    { names: ["-l", "--length"], arg: "BITS", help: "length of BLAKE2 digests", notModelled: true },
    {
      names: ["-b", "--base64", "--debug", "--tag", "--ignore-missing", "--quiet", "--status", "--strict", "-w", "--warn"],
      help: "",
      notModelled: true,
    },
  ],
  *main(t, options, operands) {
    const word = options.filter((o) => o.name === "-a").pop()?.value ?? "crc";
    const names = ["bsd", "sysv", "crc", ...Object.keys(ALGORITHMS), "blake2b", "sm3"];
    const algorithm = yield* argmatch(
      t,
      "--algorithm",
      word,
      names.map((n) => [n]),
    );
    if (algorithm === "blake2b" || algorithm === "sm3") yield* t.notSimulated(`algorithm ${algorithm}`);
    const kind = ALGORITHMS[algorithm];
    if (kind !== undefined) {
      const tagged = options.some((o) => o.name === "--untagged") ? [] : [{ name: "--tag", given: "--tag", value: null }];
      yield* printSums(t, KINDS[kind], [...options, ...tagged], operands);
      return t.status;
    }
    yield* oldSums(t, algorithm, operands, options.some((o) => o.name === "-z") ? "\0" : "\n");
    return t.status;
  },
});

/** crc, bsd and sysv: a number, a size, and the name where one was given. */
function* oldSums(t: Tool, algorithm: string, operands: readonly string[], end: string): Call<void> {
  for (const file of operands.length > 0 ? operands : ["-"]) {
    const b = yield* contents(t, file);
    if (b === null) continue;
    const name = operands.length === 0 ? "" : ` ${file}`;
    if (algorithm === "crc") yield* t.out.print(`${posixCrc(b)} ${b.length}${name}${end}`);
    else if (algorithm === "sysv") yield* t.out.print(`${sysvSum(b)} ${Math.ceil(b.length / 512)}${name}${end}`);
    else yield* t.out.print(`${String(bsdSum(b)).padStart(5, "0")} ${String(Math.ceil(b.length / 1024)).padStart(5)}${name}${end}`);
  }
}

const sum = gnuCommand({
  name: "sum",
  usage: ["[OPTION]... [FILE]..."],
  summary: "checksum and count the blocks in a file",
  options: [
    { names: ["-r"], help: "BSD's sum, 1K blocks (default)" },
    { names: ["-s", "--sysv"], help: "System V's sum, 512-byte blocks" },
  ],
  *main(t, options, operands) {
    yield* oldSums(t, options[options.length - 1]?.name === "-s" ? "sysv" : "bsd", operands, "\n");
    return t.status;
  },
});

export const digestCommands: readonly Command[] = [
  ...(["md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum"] as const).map(sumCommand),
  cksum,
  sum,
];

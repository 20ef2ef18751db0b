/** Makes hostile shell scripts: by a grammar, by damaging recorded snippets, and of arbitrary bytes. */
import { fromUtf8 } from "../../sim/core/bytes.ts";
import arith from "../../sim/shell/testdata/arith.json";
import arrays from "../../sim/shell/testdata/arrays.json";
import builtins from "../../sim/shell/testdata/builtins.json";
import errors from "../../sim/shell/testdata/errors.json";
import expansion from "../../sim/shell/testdata/expansion.json";
import heredoc from "../../sim/shell/testdata/heredoc.json";
import interp from "../../sim/shell/testdata/interp.json";
import jobs from "../../sim/shell/testdata/jobs.json";
import scripts from "../../sim/shell/testdata/scripts.json";
import syntax from "../../sim/shell/testdata/syntax.json";
import traps from "../../sim/shell/testdata/traps.json";
import words from "../../sim/shell/testdata/words.json";
import type { Draw } from "./draw.ts";

const CORPUS = [arith, arrays, builtins, errors, expansion, heredoc, interp, jobs, scripts, syntax, traps, words].flatMap((all) =>
  all.map((s) => s.script),
);
const NAMES = [
  "x",
  "y",
  "a",
  "m",
  "f",
  "i",
  "IFS",
  "PATH",
  "REPLY",
  "RANDOM",
  "1",
  "@",
  "*",
  "#",
  "?",
  "!",
  "-",
  "_",
  "BASH_SOURCE",
  "한글",
];
const TEXTS = [
  "",
  "a",
  "b c",
  "*",
  "?",
  "[a-z]",
  "~",
  "-n",
  "--",
  "1",
  "-1",
  "0x1f",
  "08",
  "9223372036854775807",
  "é한글",
  "\\",
  "%s",
  "%d",
  "\t",
  "$",
  "{1..3}",
  "{a,b}",
  "/",
  "/etc",
  "..",
  "a=b",
];
const COMMANDS = [
  "echo",
  "printf",
  "test",
  "[",
  "true",
  "false",
  "cd",
  "read",
  "set",
  "shift",
  "export",
  "local",
  "declare",
  "unset",
  "eval",
  "exec",
  ":",
  "let",
  "type",
  "trap",
  "wait",
  "kill",
  "jobs",
  "mapfile",
  "getopts",
  "cat",
  "seq 3 |",
  "yes | head -3 |",
  "head -1",
  "sleep 0.01",
  "sed s/a/b/",
  "grep a",
  "nosuch",
  "exit",
  "return",
  "break",
  "continue",
  "shopt -s extglob;",
  "umask",
  "alias",
  "hash",
  "history",
  "fc -l",
  "pushd",
  "popd",
  "select",
  "times",
  "command",
  "builtin",
  "source",
  "printf -v x",
];
const OPS = ["-", ":-", "=", ":=", "+", ":+", "#", "##", "%", "%%", "/", "//", "/#", "/%", "^", "^^", ",", ",,", "~~", ":", "@"];
const ARITH = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "**",
  "<<",
  ">>",
  "<",
  "<=",
  "==",
  "!=",
  "&",
  "|",
  "^",
  "&&",
  "||",
  ",",
  "=",
  "+=",
  "/=",
  "?1:",
  "++ +",
];
const REDIRS = [
  ">o",
  ">>o",
  "<o",
  "2>&1",
  ">&2",
  "<&-",
  ">&-",
  "<>o",
  ">|o",
  "&>o",
  "<<<x",
  "3<o",
  "{v}>o",
  "<nosuch",
  ">$x",
  "<<E\nbody $x\nE\n",
  "<<'E'\nq\nE\n",
  "<<-E\n\tt\n\tE\n",
];

/** A text of the shell's grammar, mostly. */
class Grammar {
  private readonly d: Draw;
  constructor(d: Draw) {
    this.d = d;
  }
  list(depth: number): string {
    let s = this.pipeline(depth);
    while (this.d.chance(45)) s += this.d.of([";", "\n", " && ", " || ", " & ", " ; "]) + this.pipeline(depth);
    return s;
  }
  private pipeline(depth: number): string {
    let s = (this.d.chance(8) ? "! " : "") + this.command(depth);
    while (this.d.chance(15)) s += this.d.of([" | ", " |& "]) + this.command(depth);
    return s;
  }
  private command(depth: number): string {
    const d = this.d;
    if (depth <= 0 || d.chance(55)) return this.simple(depth);
    const body = (): string => this.list(depth - 1);
    let s: string;
    switch (d.below(12)) {
      case 0:
        s = `if ${body()}; then ${body()}; ${d.chance(40) ? `else ${body()}; ` : ""}fi`;
        break;
      case 1:
        s = `for ${d.of(NAMES)} in ${this.words(depth)}; do ${body()}; done`;
        break;
      case 2:
        s = `while ${d.chance(70) ? "((n++<3))" : body()}; do ${body()}; done`;
        break;
      case 3:
        s = `case ${this.word(depth)} in ${this.word(depth)}|${this.word(depth)}) ${body()};; *) ${body()}${d.of([";;", ";&", ";;&", ""])} esac`;
        break;
      case 4:
        s = `{ ${body()}; }`;
        break;
      case 5:
        s = `( ${body()} )`;
        break;
      case 6:
        s = `f() { ${body()}; }; f ${this.words(depth)}`;
        break;
      case 7:
        s = `(( ${this.arith(3)} ))`;
        break;
      case 8:
        s = `[[ ${this.word(depth)} ${d.of(["==", "!=", "=~", "<", "-eq", "-nt"])} ${this.word(depth)} ]]`;
        break;
      case 9:
        s = `for ((${this.arith(1)};i<3;i++)); do ${body()}; done`;
        break;
      case 10:
        s = `select ${d.of(NAMES)} in ${this.words(depth)}; do ${body()}; break; done`;
        break;
      default:
        s = `until ${body()}; do ${body()}; done`;
    }
    return d.chance(15) ? `${s} ${d.of(REDIRS)}` : s;
  }
  private simple(depth: number): string {
    const d = this.d;
    let s = "";
    while (d.chance(15)) s += `${this.assignment(depth)} `;
    if (d.chance(90)) s += `${d.of(COMMANDS)} ${this.words(depth)}`;
    while (d.chance(15)) s += ` ${d.of(REDIRS)}`;
    return s;
  }
  private assignment(depth: number): string {
    const d = this.d;
    return (
      d.of(NAMES) +
      (d.chance(20) ? `[${d.of(TEXTS)}]` : "") +
      d.of(["=", "+=", "=", "="]) +
      (d.chance(20) ? `(${this.words(depth)})` : this.word(depth))
    );
  }
  private words(depth: number): string {
    let s = "";
    while (this.d.chance(60)) s += `${this.word(depth)} `;
    return s;
  }
  private word(depth: number): string {
    let s = this.piece(depth);
    while (this.d.chance(25)) s += this.piece(depth);
    return s;
  }
  private piece(depth: number): string {
    const d = this.d;
    switch (d.below(depth > 0 ? 12 : 7)) {
      case 0:
      case 1:
        return d.of(TEXTS);
      case 2:
        return `'${d.of(TEXTS)}'`;
      case 3:
        return `"${d.of(TEXTS)}"`;
      case 4:
        return `$${d.of(NAMES)}`;
      case 5:
        return `$'${d.of(["\\n", "\\x41", "\\u00e9", "\\777", "\\"])}'`;
      case 6:
        return `\${${d.of(["", "", "#", "!"])}${d.of(NAMES)}${d.chance(20) ? d.of(["[@]", "[*]", "[1]", "[-1]", "[x]"]) : ""}}`;
      case 7:
        return `$(${this.list(depth - 1)})`;
      case 8:
        return `$((${this.arith(2)}))`;
      case 9:
        return `"\${${d.of(NAMES)}${d.of(OPS)}${this.word(depth - 1)}}"`;
      case 10:
        return `\${${d.of(NAMES)}${d.of(OPS)}${this.word(depth - 1)}${d.chance(30) ? `/${this.word(depth - 1)}` : ""}}`;
      default:
        return d.chance(50) ? `\`${this.simple(0)}\`` : `${d.of(["<", ">"])}(${this.simple(0)})`;
    }
  }
  private arith(depth: number): string {
    const d = this.d;
    if (depth === 0 || d.chance(40)) return d.of([...TEXTS.slice(9, 14), "x", "i", "a[1]", "$x", "$#", "RANDOM", "(1)"]);
    return this.arith(depth - 1) + d.of(ARITH) + this.arith(depth - 1);
  }
}

function mutated(d: Draw): string {
  let s = d.of(CORPUS);
  for (let n = 1 + d.below(4); n > 0; n--) {
    const at = d.below(s.length + 1);
    const other = d.of(CORPUS);
    const from = d.below(other.length);
    const put = d.chance(50)
      ? d.of(["(", ")", "{", "}", '"', "'", "`", "$", "\\", "<<", "\n", ";", "|", "&", "[[", "((", "\0", "${", "$("])
      : other.slice(from, from + d.below(30));
    s = s.slice(0, at) + put + s.slice(at + d.below(6));
  }
  return s;
}

export function hostileScript(d: Draw): string {
  const kind = d.below(10);
  if (kind < 5) return new Grammar(d).list(3);
  if (kind < 8) return mutated(d);
  if (kind === 8) return fromUtf8(d.bytes(1 + d.below(80)));
  return Array.from({ length: 1 + d.below(60) }, () => d.of([..." \n\t;|&<>(){}[]$\"'`\\!#*?~=abx01"])).join("");
}

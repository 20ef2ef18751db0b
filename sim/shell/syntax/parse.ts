/**
 * Text → Program, over unbash. A text is cut into units as bash reads it: up to a newline that ends a complete
 * command. Units before a syntax error still run. The parser's complaints become bash's own (Fault), and say whether
 * more lines could mend them.
 */
import { parse } from "unbash";
import type * as U from "unbash";
import type { Program, Unit } from "./ir.ts";
import { Lowerer, type LowerOptions } from "./lower.ts";
import { Fault } from "./fault.ts";

export interface Parsed {
  readonly program: Program;
  readonly fault: Fault | null;
  /** more input could complete it (PS2) */
  readonly incomplete: boolean;
  /** line of the fault, from `firstLine` */
  readonly faultLine: number;
  /** the text of that line */
  readonly faultText: string;
  /** a here-document that runs to the end of the text: bash's warning */
  readonly openDoc: { readonly line: number; readonly delim: string } | null;
}

export function parseText(source: string, opts: LowerOptions, firstLine = 1): Parsed {
  const tree = parse(source);
  const lower = new Lowerer(source, firstLine, opts);
  let fault: Fault | null = tree.errors && tree.errors.length > 0 ? classify(source, tree.errors) : null;
  const units: Unit[] = [];
  const groups = groupByLine(source, tree.commands);
  for (let gi = 0; gi < groups.length; gi++) {
    const g = groups[gi]!;
    if (
      fault &&
      (!endsBefore(source, g, fault.pos) || broken(tree, groups, gi, fault) || (fault.kind === "eof" && unfinished(source, groups, gi)))
    )
      break;
    try {
      const first = g[0]!;
      const last = g[g.length - 1]!;
      units.push({
        items: g.map((s) => lower.item(s)),
        line: lower.line(first.pos),
        end: unitEnd(source, groups[gi + 1]),
        endLine: lower.line(unitEnd(source, groups[gi + 1])),
        src: source.slice(first.pos, last.end),
      });
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      fault = e;
      break;
    }
  }
  const openDoc = findOpenDoc(source, tree, lower);
  const trail = /\\+$/.exec(source);
  const backslash = trail !== null && trail[0].length % 2 === 1 && !/(^|\s)#[^\n]*$/.test(source);
  const incomplete =
    (fault !== null && (fault.kind === "eof" || fault.kind === "quote")) || openDoc !== null || (backslash && fault === null);
  // an unfinished substitution is missed where the text ends
  const eof = fault?.kind === "eof" || fault?.near === "EOF" || (fault?.kind === "quote" && fault.near === "end");
  const faultLine = fault
    ? eof
      ? firstLine + lower.lineCount() - (source.endsWith("\n") ? 1 : 0)
      : lower.line(Math.min(fault.pos, source.length))
    : 0;
  return { program: { units }, fault, incomplete, faultLine, faultText: fault ? lineText(source, fault.pos) : "", openDoc };
}

function lineText(source: string, pos: number): string {
  const at = Math.min(pos, source.length);
  const from = source.lastIndexOf("\n", at - 1) + 1;
  const to = source.indexOf("\n", at);
  return source.slice(from, to < 0 ? source.length : to);
}

/** Statements that stand on the same line belong to one unit. */
function groupByLine(source: string, all: readonly U.Statement[]): U.Statement[][] {
  const out: U.Statement[][] = [];
  let end = -1;
  for (const s of all) {
    if (out.length === 0 || source.slice(end, s.pos).includes("\n")) out.push([s]);
    else out[out.length - 1]!.push(s);
    end = s.end;
  }
  return out;
}

/** Units end at their newline; here-documents stand between a unit and the next. */
function unitEnd(source: string, next: readonly U.Statement[] | undefined): number {
  return next ? next[0]!.pos : source.length;
}

function endsBefore(source: string, group: readonly U.Statement[], pos: number): boolean {
  const end = group[group.length - 1]!.end;
  return end <= pos && source.slice(end, pos + 1).includes("\n");
}

/** Is this the group with the compound command that the fault interrupted? The parser ends it there and goes on. */
function broken(tree: U.ParsedScript, groups: readonly U.Statement[][], gi: number, fault: Fault): boolean {
  const next = groups[gi + 1];
  if (next !== undefined && next[0]!.pos <= fault.pos) return false;
  return tree.errors?.some((e) => e.message.startsWith("expected '")) === true;
}

/** Is this the group that the end of the text cut off? The parser gives what it has of it an end like any other's. */
function unfinished(source: string, groups: readonly U.Statement[][], gi: number): boolean {
  if (gi < groups.length - 1) return false;
  const last = groups[gi]!;
  return last[last.length - 1]!.end <= last[0]!.pos || skipBlank(source, last[last.length - 1]!.end) >= source.length;
}

const QUOTES: readonly (readonly [RegExp, string])[] = [
  [/^unterminated double quote/, '"'],
  [/^unterminated (single|ANSI-C) quote/, "'"],
  [/^unterminated backtick/, "`"],
  [/^unterminated parameter expansion/, "}"],
  [/^unterminated /, ")"],
];

function classify(source: string, errors: readonly { readonly message: string; readonly pos: number }[]): Fault {
  const deep = errors.find((e) => /nesting depth exceeded/.test(e.message));
  if (deep) return new Fault("limit", deep.pos, deep.message);
  // an unterminated inner construct is reported after the outer one, and is the one bash names when it is a ${
  const first = errors[0]!;
  for (const [re, quote] of QUOTES) {
    if (!re.test(first.message)) continue;
    const inner = errors.find((e) => /parameter expansion|single quote/.test(e.message) && e.message.startsWith("unterminated"));
    if (inner && /parameter/.test(inner.message)) return new Fault("quote", inner.pos, "}");
    const subst = /(command|process) substitution/.test(first.message) && !source.startsWith("$((", first.pos);
    return new Fault("quote", first.pos, quote, subst ? "end" : "");
  }
  let pos = first.pos;
  if (/^expected command in (subshell|brace group)/.test(first.message)) pos++;
  if (
    /'\]\]' to close|unary test operator|test group|unexpected token .* in conditional/.test(first.message) ||
    (/unexpected token/.test(first.message) && errors.some((e) => /'\]\]'/.test(e.message)))
  )
    return condFault(source, first.pos);
  if (first.message === "expected 'do'") {
    // after the words of a for comes do, or nothing
    const name = /(?:^|[\s;&|(])(?:for|select)[ \t]+[^\s;]+[ \t]+([^\s;]+)$/.exec(source.slice(0, pos).trimEnd());
    if (name && name[1] !== "in" && name[1] !== "do") return new Fault("token", pos, name[1]!);
    const m = /^[^]*\b(?:for|select)\s+[^\s;]+(?:\s+in\b[^;\n]*)?[;\n]\s*/.exec(source.slice(0, pos));
    if (m && !/\b(do|while|until|if)\b/.test(source.slice(m[0].length, pos))) pos = m[0].length;
  }
  const early = /^expected '(then|do)'$/.exec(first.message) ? /(?:^|[\s;&|])(fi|done|esac)[\s;&|)]*$/.exec(source.slice(0, pos)) : null;
  if (early) {
    // the closing word was taken for the end of a compound whose body never began
    const at = early.index + early[0].indexOf(early[1]!);
    return new Fault("token", at, early[1]!);
  }
  const skipped = skipBlank(source, pos);
  if (skipped >= source.length)
    return atEnd(source, (errors.find((e) => e.message.startsWith("expected '")) ?? first).message, skipped, first.message);
  const tok = tokenAt(source, skipped);
  if (tok.text === ")" && first.message === "unexpected token ')'") {
    // name (word: bash has read "name (" as the head of a function and stumbles over the word
    const m = /[^\s;&|()<>]+[ \t]*\([ \t]*([^\s();&|<>]+)[ \t]*$/.exec(source.slice(0, skipped));
    if (m) return new Fault("token", skipped - 1, m[1]!);
  }
  if (tok.text === "(" && source.startsWith("((", skipped)) return new Fault("token", skipped, "((");
  return new Fault("token", tok.pos, tok.text);
}

function skipBlank(source: string, pos: number): number {
  let i = pos;
  for (;;) {
    const c = source[i];
    if (c === " " || c === "\t" || c === "\n") i++;
    else if (c === "\\" && source[i + 1] === "\n") i += 2;
    else if (c === "#" && (i === 0 || /[\s;&|()]/.test(source[i - 1]!))) {
      const nl = source.indexOf("\n", i);
      i = nl < 0 ? source.length : nl;
    } else return i;
  }
}

const OPERATORS = [
  "&>>",
  "<<-",
  "<<<",
  ";;&",
  "&&",
  "||",
  ";;",
  ";&",
  "|&",
  ">>",
  "<<",
  ">&",
  "<&",
  "<>",
  ">|",
  "&>",
  "|",
  "&",
  ";",
  "(",
  ")",
  "<",
  ">",
];

function tokenAt(source: string, pos: number): { pos: number; text: string } {
  for (const op of OPERATORS) if (source.startsWith(op, pos)) return { pos, text: op };
  const m = /^(?:\\[^]|'[^']*'|"[^"]*"|[^\s;&|()<>])+/.exec(source.slice(pos, pos + 1000));
  return { pos, text: m ? m[0] : source[pos]! };
}

/** The text ended too early. Some constructs must go on in the same line: there bash names `newline'. */
function atEnd(source: string, expected: string, pos: number, message: string): Fault {
  const text = source.trimEnd();
  const sameLine =
    message === "expected redirect target" ||
    /(^|[\s;&|(])(for|select|function|coproc|case)$/.test(text) ||
    (/'case'/.test(message) &&
      (/\bin\s*\($/.test(text) || /(;;|;&|\bin)\s+\(?[^\s)(;]+$/.test(text) || /\bcase\s+$/.test(text)) &&
      !/\b(esac)\b/.test(text.slice(text.lastIndexOf(";;"))));
  if (sameLine && !(message.includes("'case'") && /\bcase\s+\S+$/.test(text))) return new Fault("token", source.length, "newline");
  return new Fault("eof", pos, "", /^expected '([^']+)'/.exec(expected)?.[1] ?? "");
}

/** bash's words for a conditional command it cannot read. */
function condFault(source: string, pos: number): Fault {
  const open = source.lastIndexOf("[[", pos);
  const text = source.slice(open + 2);
  if (!/(^|\s)\]\](\s|$|[;&|)])/.test(text)) {
    const t = text.trimEnd();
    if (t === "") return new Fault("cond", source.length, "unexpected token `EOF' in conditional command", "EOF");
    if (/(&&|\|\||\(|!)$/.test(t)) return new Fault("eof", source.length, "");
    const words = t.trim().split(/\s+/);
    if (words.length % 4 === 2)
      return new Fault("cond", source.length, "unexpected argument `newline' to conditional binary operator", "newline");
    if (words.length % 4 === 3) return new Fault("cond", source.length, "unexpected EOF while looking for `]]'", "newline");
    return new Fault("cond", source.length, "unexpected token `newline', conditional binary operator expected", "newline");
  }
  const inside = text.slice(0, text.search(/(^|\s)\]\](\s|$|[;&|)])/)).trim();
  const words = inside === "" ? [] : inside.split(/\s+/);
  const last = words[words.length - 1] ?? "";
  if (words.length === 0) return new Fault("cond", pos, "", "]]");
  if (/^(&&|\|\||!)$/.test(last)) return new Fault("cond", pos, "", "]]");
  if (/^-[a-zA-Z]$/.test(last)) return new Fault("cond", pos, "unexpected argument `]]' to conditional unary operator", "]]");
  if (/^(==|=|!=|=~|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/.test(last))
    return new Fault("cond", pos, "unexpected argument `]]' to conditional binary operator", "]]");
  if (words.filter((w) => w === "(").length > words.filter((w) => w === ")").length)
    return new Fault("cond", pos, "unexpected token `]]', expected `)'", "]]");
  return new Fault("cond", pos, "conditional binary operator expected", tokenAt(source, skipBlank(source, pos)).text);
}

/** A here-document whose delimiter does not come. unbash takes the rest of the text without a word. */
function findOpenDoc(source: string, tree: U.ParsedScript, lower: Lowerer): Parsed["openDoc"] {
  if (!source.includes("<<")) return null;
  let found: Parsed["openDoc"] = null;
  const visit = (n: unknown): void => {
    if (found || typeof n !== "object" || n === null) return;
    if (Array.isArray(n)) {
      for (const x of n) visit(x);
      return;
    }
    const o = n as { type?: string; closing?: unknown; delimiter?: { value: string }; pos: number };
    if (o.type === "HereDoc") {
      if (o.closing === undefined && o.delimiter) found = { line: lower.line(o.pos), delim: o.delimiter.value };
      return;
    }
    if (o.type === "Word") return;
    for (const v of Object.values(o)) if (typeof v === "object") visit(v);
    if (o.type === "Command") visit((n as U.Command).redirects);
  };
  visit(tree.commands);
  return found;
}

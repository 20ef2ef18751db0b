/** Running a text: parsed, then unit by unit, with bash's words for syntax errors. */
import { utf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { parseText, type Parsed } from "../syntax/parse.ts";
import { expandAliases } from "../syntax/alias.ts";
import type { Shell, TextOrigin } from "../shell.ts";
import { Discard, ExitShell } from "./flow.ts";
import { execList } from "./exec.ts";

interface Restart {
  readonly at: number;
  readonly line: number;
}
/** Longer commands are read on in ever greater steps, so that reading stays linear. */
const LINEWISE = 50;

/** The next complete command of a text with its aliases expanded, and where to go on: any line may make or drop an alias. */
function aliasUnit(sh: Shell, text: string, line: number): { p: Parsed; restart: Restart | null } {
  const grammar = sh.grammar();
  let at = 0;
  let lines = 0;
  for (;;) {
    for (let step = lines < LINEWISE ? 1 : lines >> 2; step > 0 && at < text.length; step--) {
      const nl = text.indexOf("\n", at);
      at = nl < 0 ? text.length : nl + 1;
      lines++;
    }
    const p = parseText(expandAliases(text.slice(0, at), sh.aliases), grammar, line);
    if (at >= text.length) return { p, restart: null };
    if (!p.incomplete) return { p, restart: { at, line: line + lines } };
  }
}

/** Runs it; the status of the last command, 2 after a syntax error. `tail`: the process may end in its last command. */
export function* runText(sh: Shell, text: string, origin: TextOrigin, tail = false): Call<number> {
  let rest = text;
  let line = origin.firstLine;
  let status = 0;
  for (;;) {
    const extglob = sh.shopt("extglob");
    const aliases = sh.shopt("expand_aliases") && sh.aliases.size > 0;
    const { p, restart: next } = aliases ? aliasUnit(sh, rest, line) : { p: parseText(rest, sh.grammar(), line), restart: null };
    let restart: Restart | null = next;
    if (p.openDoc && p.fault === null) {
      sh.line = line + rest.split("\n").length - 1;
      yield* sh.warn(`warning: here-document at line ${p.openDoc.line} delimited by end-of-file (wanted \`${p.openDoc.delim}')`);
    }
    for (let i = 0; i < p.program.units.length; i++) {
      const u = p.program.units[i]!;
      const last = i === p.program.units.length - 1 && p.fault === null && restart === null;
      if (sh.opt("verbose") && origin.kind !== "trap") yield* sh.sys.write(2, utf8(`${u.src}\n`));
      try {
        status = yield* execList(sh, u.items, tail && last);
      } catch (e) {
        if (!(e instanceof Discard) || sh.subshell > 0 || sh.interactive) throw e;
        status = e.status;
        sh.status = status;
        if (sh.opt("errexit") && status !== 0) throw new ExitShell(status);
        sh.flow = null;
      }
      if (sh.flow) return status;
      // options that change how the rest is read
      if (restart === null && !last && (sh.shopt("extglob") !== extglob || (sh.shopt("expand_aliases") && sh.aliases.size > 0))) {
        restart = { at: u.end, line: u.endLine };
        break;
      }
    }
    if (restart !== null) {
      rest = rest.slice(restart.at);
      line = restart.line;
      continue;
    }
    if (p.fault === null) return status;
    sh.status = yield* reportFault(sh, p, origin);
    return sh.status;
  }
}

/** Prints a syntax error; its exit status. */
function* reportFault(sh: Shell, p: Parsed, origin: TextOrigin): Call<number> {
  const f = p.fault!;
  const name = sh.scriptName ?? sh.name;
  if (f.kind === "unsimulated" || f.kind === "limit") {
    yield* sh.sys.write(
      2,
      utf8(
        `hop: bash: ${f.kind === "limit" ? `${f.what.replace(/^maximum /, "").replace(/ exceeded$/, "")} of more than 256` : f.what} is not simulated\n`,
      ),
    );
    return 64;
  }
  if (sh.dash) {
    const what =
      f.kind === "quote"
        ? f.what === "`"
          ? "EOF in backquote substitution"
          : f.what === "}"
            ? "Missing '}'"
            : "Unterminated quoted string"
        : f.kind === "eof"
          ? `end of file unexpected${f.near === "" ? "" : ` (expecting "${f.near}")`}`
          : f.what.startsWith("Bad ")
            ? f.what
            : f.what === "newline"
              ? "newline unexpected"
              : /^[<>]/.test(f.what)
                ? "redirection unexpected"
                : /^[a-z{}!]+$/.test(f.what) || /^[;&|()<>]+$/.test(f.what)
                  ? `"${f.what}" unexpected`
                  : "word unexpected";
    yield* sh.sys.write(2, utf8(`${name}: ${f.kind === "eof" ? p.faultLine - 1 : p.faultLine}: Syntax error: ${what}\n`));
    return 2;
  }
  let lead: string;
  if (sh.interactive && sh.subshell === 0 && origin.kind === "stdin") lead = `${name}: `;
  else if (origin.kind === "string") lead = `${name}: -c: line ${p.faultLine}: `;
  else if (origin.kind === "script" || origin.kind === "source" || origin.kind === "stdin")
    lead = `${origin.kind === "stdin" ? name : origin.name}: line ${p.faultLine}: `;
  else lead = `${name}: ${origin.name}: line ${p.faultLine}: `;
  const text = `${lead}\`${p.faultText}'\n`;
  switch (f.kind) {
    case "eof":
      yield* sh.sys.write(2, utf8(`${lead}syntax error: unexpected end of file\n`));
      return 2;
    case "quote":
      yield* sh.sys.write(2, utf8(`${lead}unexpected EOF while looking for matching \`${f.what}'\n`));
      return f.what === ")" && /^[A-Za-z_][A-Za-z0-9_]*\+?=\([^()]*$/.test(p.faultText.trim()) ? 1 : 2;
    case "cond":
      if (f.what !== "") yield* sh.sys.write(2, utf8(`${lead}${f.what}\n`));
      return origin.kind === "string" && f.near !== "newline" && f.near !== "EOF" ? 0 : 2;
    default: {
      const near = f.what === "((" ? `syntax error near \`${p.faultText.trim()}'` : `syntax error near unexpected token \`${f.what}'`;
      yield* sh.sys.write(2, utf8(`${lead}${near}\n${sh.interactive && origin.kind === "stdin" ? "" : text}`));
      return f.near === "nested" && origin.kind === "string" ? 127 : 2;
    }
  }
}

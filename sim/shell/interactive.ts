/** The interactive shell: job control, prompts, history, and the loop of reading a command and running it. */
import { utf8 } from "../core/bytes.ts";
import { type Call, Sig } from "../kernel/abi.ts";
import { Discard, ExitShell, Interrupted } from "./exec/flow.ts";
import { jobState, notifyJobs } from "./exec/jobs.ts";
import { runText } from "./exec/run.ts";
import { takeSignals } from "./exec/signals.ts";
import { readFileText } from "./expand/expand.ts";
import { saveHistory } from "./builtins/history.ts";
import { LineEditor } from "./lineedit/editor.ts";
import { expandHistory } from "./lineedit/history.ts";
import { parseText } from "./syntax/parse.ts";
import type { Shell } from "./shell.ts";

/** Signals, terminal and options of an interactive shell. */
export function* startInteractive(sh: Shell): Call<void> {
  const { sys } = sh;
  sh.shopts.set("expand_aliases", true);
  for (const o of ["emacs", "histexpand", "history"]) sh.options.add(o);
  yield* sys.sigaction(Sig.INT, "catch");
  for (const s of [Sig.TERM, Sig.QUIT, Sig.TSTP, Sig.TTIN, Sig.TTOU]) yield* sys.sigaction(s, "ignore");
  yield* sys.sigaction(Sig.WINCH, "catch");
  if ((yield* sys.isatty(2)) === 1) {
    const tty = yield* sys.dup(2, 10);
    if (tty >= 0) {
      yield* sys.fcntl_cloexec(tty, true);
      sh.ttyFd = tty;
      const pid = yield* sys.getpid();
      yield* sys.setpgid(0, 0);
      sh.pgid = (yield* sys.getpgid(0)) || pid;
      yield* sys.tcsetpgrp(tty, sh.pgid);
      sh.options.add("monitor");
    }
  }
  if (sh.get("PS1") === undefined) sh.set("PS1", sh.dash ? "\\$ " : "\\s-\\v\\$ ");
  if (sh.get("PS2") === undefined) sh.set("PS2", "> ");
  sh.set("HISTSIZE", sh.get("HISTSIZE") ?? "1000");
  sh.set("HISTFILESIZE", sh.get("HISTFILESIZE") ?? "2000");
  sh.set("HISTFILE", sh.get("HISTFILE") ?? `${sh.get("HOME") ?? ""}/.bash_history`);
  const old = yield* readFileText(sh, sh.get("HISTFILE")!);
  if (old) sh.history = old.split("\n").filter((l) => l !== "");
}

/** Adds a line to the history as HISTCONTROL says. */
function remember(sh: Shell, line: string): void {
  const ctl = (sh.get("HISTCONTROL") ?? "").split(":");
  if (line.trim() === "") return;
  if ((ctl.includes("ignorespace") || ctl.includes("ignoreboth")) && /^\s/.test(line)) return;
  if ((ctl.includes("ignoredups") || ctl.includes("ignoreboth")) && sh.history[sh.history.length - 1] === line) return;
  sh.history.push(line);
  const max = Number(sh.get("HISTSIZE") ?? 1000) || 1000;
  if (sh.history.length > max) sh.history.splice(0, sh.history.length - max);
}

/** Until exit or end of input. */
export function* interactiveLoop(sh: Shell): Call<number> {
  const editor = new LineEditor(sh);
  for (;;) {
    yield* notifyJobs(sh);
    const text = yield* readCommand(sh, editor);
    if (text === null) {
      yield* sh.sys.write(2, utf8(sh.login ? "logout\n" : "exit\n"));
      if (sh.jobs.some((j) => jobState(j) === "stopped") && !sh.exitWarned) {
        yield* sh.sys.write(2, utf8("There are stopped jobs.\n"));
        sh.exitWarned = true;
        continue;
      }
      break;
    }
    if (text.trim() === "") continue;
    const warned = sh.exitWarned;
    sh.line++;
    yield* runOne(sh, text);
    if (warned) sh.exitWarned = false;
  }
  yield* endHistory(sh);
  return sh.status;
}

function* endHistory(sh: Shell): Call<void> {
  yield* saveHistory(sh, sh.get("HISTFILE") ?? "");
}

function* runOne(sh: Shell, text: string): Call<void> {
  try {
    yield* runText(sh, text, { kind: "stdin", name: sh.name, firstLine: 1 });
  } catch (e) {
    if (e instanceof Discard) sh.status = e.status;
    else if (e instanceof Interrupted) {
      sh.status = 130;
      if (sh.ttyFd >= 0) {
        yield* sh.sys.tcsetpgrp(sh.ttyFd, sh.pgid);
        yield* sh.sys.write(2, utf8("\n"));
      }
    } else {
      if (e instanceof ExitShell) yield* endHistory(sh);
      throw e;
    }
  }
  sh.flow = null;
  sh.loops = 0;
  sh.lists = 0;
  sh.noErrexit = 0;
  sh.inTrap = 0;
  sh.procSubs = [];
}

/** A whole command, asking for more lines with PS2. null: end of input. */
function* readCommand(sh: Shell, editor: LineEditor): Call<string | null> {
  let text = "";
  for (;;) {
    const pc = sh.get("PROMPT_COMMAND");
    if (text === "" && pc) {
      const keep = sh.status;
      yield* runOne(sh, pc);
      sh.status = keep;
    }
    if (text === "") yield* sh.sys.prompt(sh.status);
    const prompt = yield* sh.ev.prompt(sh, sh.get(text === "" ? "PS1" : "PS2") ?? "");
    const r = yield* editor.read(prompt);
    if (r.kind === "eof") {
      if (text === "") return null;
      yield* sh.warn("syntax error: unexpected end of file");
      sh.status = 2;
      text = "";
      continue;
    }
    if (r.kind === "interrupt") {
      sh.status = 130;
      if (text !== "") remember(sh, text);
      text = "";
      yield* notifyJobs(sh);
      continue;
    }
    if (sh.lateSignals.length > 0) yield* takeSignals(sh);
    let line = r.text;
    if (sh.opt("histexpand")) {
      const h = expandHistory(line, sh.history);
      if (h.error !== null) {
        yield* sh.warn(h.error);
        text = "";
        continue;
      }
      if (h.text !== line) {
        line = h.text;
        yield* sh.sys.write(2, utf8(`${line}\n`));
      }
    }
    text = text === "" ? line : `${text}\n${line}`;
    if (/(^|[^\\])(\\\\)*\\$/.test(text)) {
      text = text.slice(0, -1);
      // the next line joins this one
      const more = yield* continueLine(sh, editor, text);
      if (more === null) {
        text = "";
        continue;
      }
      text = more;
    }
    if (text.trim() !== "" && parseText(text + "\n", sh.grammar()).incomplete) continue;
    remember(sh, text);
    return text;
  }
}

function* continueLine(sh: Shell, editor: LineEditor, begun: string): Call<string | null> {
  let text = begun;
  for (;;) {
    const r = yield* editor.read(yield* sh.ev.prompt(sh, sh.get("PS2") ?? "> "));
    if (r.kind !== "line") return r.kind === "eof" ? text : null;
    text += r.text;
    if (!/(^|[^\\])(\\\\)*\\$/.test(text)) return text;
    text = text.slice(0, -1);
  }
}

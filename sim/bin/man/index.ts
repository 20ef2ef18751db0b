/**
 * man, apropos, whatis: the manual pages of the commands there are, made from their own tables. On a terminal a page goes through
 * the pager ($MANPAGER, $PAGER, else pager, which is less). The list of commands is handed in by the registry, so that man knows every other command
 * without importing any.
 */
import { Errno } from "../../core/result.ts";
import { type Call, type Command, Sig, type Sys } from "../../kernel/abi.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { utf8 } from "../../core/bytes.ts";
import { spawnp } from "../lib/exec.ts";
import { err } from "../lib/io.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import { renderManual, sectionOf } from "./render.ts";

function line(c: Command): string {
  return `${`${c.name} (${sectionOf(c)})`.padEnd(20)} - ${c.man.summary}\n`;
}

function sorted(pages: readonly Command[]): Command[] {
  return pages.filter((c) => c.man.summary !== "").sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Pages whose name or summary holds one of the words. */
function* search(t: Tool, pages: readonly Command[], words: readonly string[]): Call<number> {
  let status = 16;
  for (const w of words) {
    const re = compileRegex(w, "ere", { ignoreCase: true });
    const found = re instanceof Regex ? sorted(pages).filter((c) => re.test(c.name) || re.test(c.man.summary)) : [];
    for (const c of found) yield* t.out.print(line(c));
    if (found.length > 0) status = 0;
    else {
      yield* t.out.flush();
      yield* err(t.sys, `${w}: nothing appropriate.\n`);
    }
  }
  return status;
}

function* names(t: Tool, pages: readonly Command[], words: readonly string[]): Call<number> {
  let status = 16;
  for (const w of words) {
    const found = sorted(pages).filter((c) => c.name === w);
    for (const c of found) yield* t.out.print(line(c));
    if (found.length > 0) status = 0;
    else {
      yield* t.out.flush();
      yield* err(t.sys, `${w}: nothing appropriate.\n`);
    }
  }
  return status;
}

/** Through the pager where there is a terminal; headings in bold as terminals print them, each letter over itself. */
function* showPage(t: Tool, page: Command): Call<void> {
  const text = renderManual(page);
  if ((yield* t.sys.isatty(1)) !== 1) return yield* t.out.print(text);
  yield* t.out.flush();
  const { sys } = t;
  const title = `${page.name}(${sectionOf(page)})`;
  const where = `?ltline %lt?L/%L.:byte %bB?s/%s..?e (END):?pB %pB\\%.. (press h for help or q to quit)`;
  const env = new Map(yield* sys.getenv());
  const pager = env.get("MANPAGER") ?? env.get("PAGER") ?? "pager";
  env.set("LESS", `-ix8RmPm Manual page ${title} ${where}$PM Manual page ${title} ${where}$`);
  const pipe = yield* sys.pipe(0);
  if (typeof pipe === "number") return yield* t.out.print(text);
  const fds = new Map([
    [0, pipe[0]],
    [1, 1],
    [2, 2],
  ]);
  const pid = yield* spawnp(sys, /[^\w./-]/.test(pager) ? ["sh", "-c", pager] : [pager], { fds, env });
  yield* sys.close(pipe[0]);
  if (pid < 0) {
    yield* sys.close(pipe[1]);
    return yield* t.out.print(text);
  }
  const bold = text.replace(/^[A-Z][A-Z ]*$/gm, (h) => h.replace(/[A-Z]/g, "$&\b$&"));
  const old = yield* sys.sigaction(Sig.PIPE, "ignore");
  yield* sys.write(pipe[1], utf8(bold));
  if (typeof old === "string") yield* sys.sigaction(Sig.PIPE, old);
  yield* sys.close(pipe[1]);
  // Ctrl-Z is the pager's first: it puts the screen back, and only then this process stops too
  yield* sys.sigaction(Sig.TSTP, "ignore");
  for (;;) {
    const st = yield* sys.wait4(pid, { untraced: true });
    if (st === -Errno.EINTR) continue;
    if (typeof st === "number" || st === null || st.kind !== "stopped") break;
    yield* sys.sigaction(Sig.TSTP, "default");
    yield* sys.kill(yield* sys.getpid(), Sig.TSTP);
    yield* sys.sigaction(Sig.TSTP, "ignore");
  }
}

/** The shell's programs are in no list here: their pages come with their files. */
function* installed(sys: Sys, name: string): Call<Command | undefined> {
  if (!/^[a-z0-9.-]+$/.test(name)) return undefined;
  const c = yield* sys.cmdinfo(`/usr/bin/${name}`);
  return typeof c === "number" ? undefined : c;
}

/** The commands, for a list of all others. `pages` is asked when a command runs, not before. */
export function manCommands(pages: () => readonly Command[]): readonly Command[] {
  const about = { pkg: "man-db 2.11.2-2" } as const;
  const man = gnuCommand({
    ...about,
    name: "man",
    version: "man 2.11.2",
    usage: ["[OPTION...] [SECTION] PAGE..."],
    summary: "an interface to the system reference manuals",
    posix: true,
    options: [
      { names: ["-k", "--apropos"], help: "search names and summaries" },
      { names: ["-f", "--whatis"], help: "one line about a page" },
      { names: ["-w", "--where", "--path"], help: "where a page is", notModelled: true },
      { names: ["-a", "--all"], help: "all pages of this name", notModelled: true },
      { names: ["-K", "--global-apropos"], help: "search the text of all pages", notModelled: true },
      { names: ["-P", "--pager"], arg: "PAGER", help: "program to show pages with", notModelled: true },
    ],
    *main(t, options, operands) {
      const words = operands.length > 1 && /^[1-9]$/.test(operands[0]!) ? operands.slice(1) : operands;
      const section = words.length < operands.length ? Number(operands[0]) : null;
      if (words.length === 0) {
        yield* err(
          t.sys,
          options.length > 0
            ? `${options[0]!.name === "-k" ? "apropos" : "whatis"} what?\n`
            : "What manual page do you want?\nFor example, try 'man man'.\n",
        );
        return 1;
      }
      if (options.some((o) => o.name === "-k")) return yield* search(t, pages(), words);
      if (options.some((o) => o.name === "-f")) return yield* names(t, pages(), words);
      let status = 0;
      for (const w of words) {
        // `man ip link` means ip-link: the page of ip
        const plain = w.replace(/\([0-9]\)$/, "");
        const page =
          pages().find((c) => c.name === plain && (section === null || sectionOf(c) === section)) ??
          pages().find((c) => plain.startsWith(`${c.name}-`)) ??
          (yield* installed(t.sys, plain));
        if (page === undefined || page.man.summary === "") {
          yield* t.out.flush();
          yield* err(t.sys, section === null ? `No manual entry for ${w}\n` : `No manual entry for ${w} in section ${section}\n`);
          status = 16;
        } else yield* showPage(t, page);
      }
      return status;
    },
    // eslint-disable-next-line require-yield
    *complete(_sys, argv) {
      const word = argv[argv.length - 1] ?? "";
      return sorted(pages())
        .map((c) => c.name)
        .filter((n) => n.startsWith(word));
    },
  });
  const apropos = gnuCommand({
    ...about,
    name: "apropos",
    version: "apropos 2.11.2",
    usage: ["[OPTION...] KEYWORD..."],
    summary: "search the manual page names and descriptions",
    options: [],
    *main(t, _options, operands) {
      if (operands.length === 0) {
        yield* err(t.sys, "apropos what?\n");
        return 1;
      }
      return yield* search(t, pages(), operands);
    },
  });
  const whatis = gnuCommand({
    ...about,
    name: "whatis",
    version: "whatis 2.11.2",
    usage: ["[OPTION...] NAME..."],
    summary: "display one-line manual page descriptions",
    options: [],
    *main(t, _options, operands) {
      if (operands.length === 0) {
        yield* err(t.sys, "whatis what?\n");
        return 1;
      }
      return yield* names(t, pages(), operands);
    },
  });
  return [man, apropos, whatis];
}

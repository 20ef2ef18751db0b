/** pstree of psmisc 23.6: the processes as a tree; leaves of the same name below one parent are drawn once. */
import type { Command } from "../../kernel/abi.ts";
import { gnuCommand } from "../lib/gnu.ts";
import { err } from "../lib/io.ts";
import { type Proc, processes } from "../lib/procs.ts";
import { readUsers } from "../lib/users.ts";

interface Strokes {
  /** in front of an only child, of the first of several, of one in the middle, of the last */
  readonly only: string;
  readonly first: string;
  readonly middle: string;
  readonly last: string;
  /** below a child that has more brothers */
  readonly down: string;
}
const UNICODE: Strokes = { only: "───", first: "─┬─", middle: " ├─", last: " └─", down: " │ " };
const ASCII: Strokes = { only: "---", first: "-+-", middle: " |-", last: " `-", down: " | " };

interface Branch {
  readonly label: string;
  readonly children: readonly Branch[];
}

/** A process with what is below it. */
function branch(p: Proc, all: readonly Proc[], pids: boolean, compact: boolean, numeric: boolean): Branch {
  const below = all.filter((c) => c.ppid === p.pid);
  const sorted = numeric ? below : below.toSorted((a, b) => (a.comm < b.comm ? -1 : a.comm > b.comm ? 1 : a.pid - b.pid));
  const children: Branch[] = [];
  let same = 0;
  for (const c of sorted) {
    const b = branch(c, all, pids, compact, numeric);
    const previous = children[children.length - 1];
    const bare = previous?.label.replace(/^[0-9]+\*\[(.*)\]$/, "$1");
    if (compact && previous !== undefined && b.children.length === 0 && previous.children.length === 0 && bare === b.label) {
      children[children.length - 1] = { label: `${++same}*[${b.label}]`, children: [] };
      continue;
    }
    same = 1;
    children.push(b);
  }
  return { label: pids ? `${p.comm}(${p.pid})` : p.comm, children };
}

function draw(b: Branch, s: Strokes): string[] {
  const { children } = b;
  const gap = " ".repeat(b.label.length);
  if (children.length === 0) return [b.label];
  const out: string[] = [];
  children.forEach((c, i) => {
    const last = i === children.length - 1;
    const stroke = children.length === 1 ? s.only : i === 0 ? s.first : last ? s.last : s.middle;
    const rows = draw(c, s);
    const below = last ? "   " : s.down;
    rows.forEach((r, k) => out.push(k === 0 ? (i === 0 ? b.label : gap) + stroke + r : gap + below + r));
  });
  return out;
}

const pstree = gnuCommand({
  name: "pstree",
  pkg: "psmisc 23.6-1",
  version: "pstree (PSmisc) 23.6",
  usage: ["[-AcnpTU] [PID | USER]"],
  summary: "display a tree of processes",
  rewrite: (args) => args.map((a) => (a === "-V" ? "--version" : a)),
  options: [
    { names: ["-A", "--ascii"], help: "lines of ASCII characters" },
    { names: ["-c", "--compact-not"], help: "identical leaves one by one" },
    { names: ["-l", "--long"], help: "whole lines; they always are" },
    { names: ["-n", "--numeric-sort"], help: "by pid, not by name" },
    { names: ["-p", "--show-pids"], help: "with pids; each process by itself" },
    { names: ["-T", "--hide-threads"], help: "no threads; there are none" },
    { names: ["-U", "--unicode"], help: "lines of box characters (default)" },
    { names: ["-V"], help: "print the version and end" },
    { names: ["-a", "--arguments"], help: "with arguments", notModelled: true },
    { names: ["-C", "--color", "-H", "--highlight-pid", "-N", "--ns-sort"], arg: "WHAT", help: "", notModelled: true },
    { names: ["-g", "--show-pgids", "-G", "--vt100", "-h", "--highlight-all", "-s", "--show-parents"], help: "", notModelled: true },
    {
      names: ["-S", "--ns-changes", "-t", "--thread-names", "-u", "--uid-changes", "-Z", "--security-context"],
      help: "",
      notModelled: true,
    },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const all = yield* processes(t.sys);
    const word = operands[0] ?? "1";
    let roots: readonly Proc[];
    if (/^[0-9]+$/.test(word)) roots = all.filter((p) => p.pid === Number(word));
    else {
      const user = (yield* readUsers(t.sys)).find((u) => u.name === word);
      if (user === undefined) {
        yield* err(t.sys, `No such user name: ${word}\n`);
        return 1;
      }
      roots = all.filter((p) => p.uid === user.uid && all.find((x) => x.pid === p.ppid)?.uid !== user.uid);
      if (roots.length === 0) {
        yield* err(t.sys, "No processes found.\n");
        return 1;
      }
    }
    const strokes = options.findLast((o) => o.name === "-A" || o.name === "-U")?.name === "-A" ? ASCII : UNICODE;
    const rows = roots.map((r) => draw(branch(r, all, has("-p"), !has("-c") && !has("-p"), has("-n") || has("-p")), strokes).join("\n"));
    yield* t.out.print(`${rows.join("\n\n")}\n`);
    return 0;
  },
});

export const commands: readonly Command[] = [pstree];

/** A program back to text, laid out as bash does it for `declare -f`, `type`, and the job table. */
import type { Assign, CondExpr, Func, Item, List, Node, Redir, Simple, Word } from "./ir.ts";
import { isAssign } from "./ir.ts";

export function printSimple(n: Simple): string {
  const parts: string[] = [
    ...n.assigns.map((a) => a.raw),
    ...n.words.map((w: Word | Assign) => (isAssign(w) ? w.raw : w.raw)),
    ...n.redirs.map(printRedir),
  ];
  return parts.join(" ");
}

function printRedir(r: Redir): string {
  const fd = r.fd === null ? "" : typeof r.fd === "string" ? `{${r.fd}}` : String(r.fd);
  if (r.op === "<<") return `${fd}<<${r.doc!.strip ? "-" : ""}${r.doc!.delim}`;
  if (r.op === ">&" || r.op === "<&")
    return `${r.fd === null ? (r.op === ">&" ? (/^[0-9]+-?$|^-$/.test(r.target.raw) ? "1" : "") : "0") : fd}${r.op}${r.target.raw}`;
  return `${fd}${r.op} ${r.target.raw}`;
}

/** `f () \n{ \n    …\n}` */
export function printFunction(name: string, f: Func): string {
  const body = f.body;
  if (body.t === "group") return `${name} () \n${printGroup(body.body, 0)}`;
  if (body.t === "redirected" && body.cmd.t === "group")
    return `${name} () \n${printGroup(body.cmd.body, 0)} ${body.redirs.map(printRedir).join(" ")}`;
  return `${name} () \n${printNode(body, 0)}`;
}

function printGroup(body: List, ind: number): string {
  const pad = " ".repeat(ind);
  return `{ \n${printList(body, ind + 4, false)}\n${pad}}`;
}

/** Statements one below the other. `semi`: the last one ends in ; too */
function printList(items: List, ind: number, semi: boolean): string {
  const pad = " ".repeat(ind);
  let out = "";
  items.forEach((it, i) => {
    const last = i === items.length - 1;
    // after & the next one stands in the same line
    const lead = i > 0 && items[i - 1]!.bg ? " " : (i > 0 ? "\n" : "") + pad;
    const text = printNode(it.cmd, ind);
    // nothing may follow the end of a here-document
    const doc = it.cmd.t === "simple" && it.cmd.redirs.some((r) => r.op === "<<");
    out += lead + text + (doc ? "\n" : it.bg ? " &" : last && !semi ? "" : ";");
  });
  return out;
}

/** Statements in one line. */
function printInline(items: List, ind: number): string {
  let s = "";
  items.forEach((it: Item, i) => {
    s += printNode(it.cmd, ind) + (it.bg ? " &" : "") + (i < items.length - 1 ? (it.bg ? " " : "; ") : "");
  });
  return s;
}

export function printNode(n: Node, ind = 0): string {
  const pad = " ".repeat(ind);
  switch (n.t) {
    case "simple":
      return printSimple(n) + printDocs(n.redirs);
    case "pipe": {
      let s = (n.time ? (n.time === "posix" ? "time -p " : "time ") : "") + (n.negate ? "! " : "");
      n.cmds.forEach((c, i) => {
        s += printNode(c, ind) + (i < n.cmds.length - 1 ? (n.both[i] ? " 2>&1 | " : " | ") : "");
      });
      return s;
    }
    case "andor":
      return n.cmds.map((c, i) => printNode(c, ind) + (i < n.ops.length ? ` ${n.ops[i]} ` : "")).join("");
    case "if": {
      // elif is an if in the else branch
      let s = "";
      let close = "";
      n.arms.forEach((a, i) => {
        const p = " ".repeat(ind + 4 * i);
        s += i === 0 ? "if " : `\n${p.slice(4)}else\n${p}if `;
        s += `${printInline(a.cond, ind)}; then\n${printList(a.body, ind + 4 * (i + 1), true)}`;
        close = `\n${p}fi${i > 0 ? ";" : ""}${close}`;
      });
      if (n.other) {
        const p = ind + 4 * (n.arms.length - 1);
        s += `\n${" ".repeat(p)}else\n${printList(n.other, p + 4, true)}`;
      }
      return s + close;
    }
    case "for":
      return `${n.select ? "select" : "for"} ${n.name}${n.words ? ` in ${n.words.map((w) => w.raw).join(" ")}` : ""};\n${pad}do\n${printList(n.body, ind + 4, true)}\n${pad}done`;
    case "arithfor":
      return `for ((${n.init?.raw.trim() ?? ""}; ${n.test?.raw.trim() ?? ""}; ${n.step?.raw.trim() ?? ""}))\n${pad}do\n${printList(n.body, ind + 4, true)}\n${pad}done`;
    case "while":
      return `${n.until ? "until" : "while"} ${printInline(n.cond, ind)}; do\n${printList(n.body, ind + 4, true)}\n${pad}done`;
    case "case": {
      let s = `case ${n.word.raw} in `;
      for (const it of n.items)
        s += `\n${pad}    ${it.pats.map((p) => p.raw).join(" | ")})\n${it.body.length > 0 ? printList(it.body, ind + 8, false) : ""}\n${pad}    ${it.end}`;
      return `${s}\n${pad}esac`;
    }
    case "subshell":
      return `( ${printInline(n.body, ind)} )`;
    case "group":
      return ind === 0 ? `{ ${n.body.length > 0 ? printInline(n.body, ind) : ""}; }` : printGroup(n.body, ind);
    case "func":
      return `function ${printFunction(n.name, n).replaceAll("\n", `\n${pad}`)}`;
    case "cond":
      return `[[ ${printCond(n.expr)} ]]`;
    case "arith":
      return `((${n.expr.raw}))`;
    case "redirected":
      return `${printNode(n.cmd, ind)} ${n.redirs.map(printRedir).join(" ")}`;
    case "coproc":
      return `coproc ${n.name} ${printNode(n.body, ind)}`;
  }
}

function printDocs(redirs: readonly Redir[]): string {
  let s = "";
  for (const r of redirs) if (r.op === "<<") s += `\n${r.doc!.text}${r.doc!.delim.replace(/['"\\]/g, "")}`;
  return s;
}

export function printCond(e: CondExpr): string {
  switch (e.k) {
    case "unary":
      return `${e.op} ${e.arg.raw}`;
    case "binary":
      return `${e.left.raw} ${e.op} ${e.right.raw}`;
    case "logic":
      return e.args.map(printCond).join(` ${e.op} `);
    case "not":
      return `! ${printCond(e.arg)}`;
    case "group":
      return `( ${printCond(e.arg)} )`;
  }
}

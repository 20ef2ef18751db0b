/** A manual page as man(1) lays it out on 80 columns: head, sections, seven columns of indentation, options hanging. */
import type { Command } from "../../kernel/abi.ts";

const WIDTH = 80;
const INDENT = 7;

/** Words filled into lines. */
export function fill(text: string, indent: number, width = WIDTH): string {
  const pad = " ".repeat(indent);
  let s = "";
  let line = "";
  for (const word of text.split(/ +/)) {
    if (line !== "" && indent + line.length + 1 + word.length > width - 2) {
      s += `${pad}${line}\n`;
      line = word;
    } else line += (line === "" ? "" : " ") + word;
  }
  return line === "" ? s : `${s}${pad}${line}\n`;
}

/** Pages whose section is not what the directory says. */
const ADMIN_PAGES: readonly string[] = ["ip", "ping", "arping", "tracepath", "tcpdump", "sudo"];
const USER_PAGES: readonly string[] = ["traceroute"];

/** 8 for what is in an sbin directory, 1 for everything else; then what Debian's pages say. */
export function sectionOf(c: Command): number {
  if (ADMIN_PAGES.includes(c.name)) return 8;
  if (USER_PAGES.includes(c.name)) return 1;
  return c.paths[0]?.includes("/sbin/") ? 8 : 1;
}

function options(c: Command): string {
  let s = "";
  for (const o of c.options) {
    if (o.notModelled) continue;
    const arg = o.arg === undefined ? "" : o.arg.startsWith("[") ? o.arg : ` ${o.arg}`;
    s += `       ${o.names.join(", ")}${arg}\n${fill(o.help.charAt(0).toUpperCase() + o.help.slice(1), 14)}\n`;
  }
  return s;
}

export function renderManual(c: Command): string {
  const title = `${c.name.toUpperCase()}(${sectionOf(c)})`;
  const center = "Hop by Hop Manual";
  const left = Math.floor((WIDTH - center.length) / 2) - title.length;
  const head = `${title}${" ".repeat(Math.max(1, left))}${center}`;
  let s = `${head}${title.padStart(WIDTH - head.length)}\n\n`;
  s += `NAME\n${fill(`${c.name} - ${c.man.summary}`, INDENT)}\n`;
  s += "SYNOPSIS\n";
  for (const form of c.man.synopsis) s += fill(form, INDENT);
  s += "\nDESCRIPTION\n";
  s +=
    c.man.description.length > 0
      ? c.man.description.map((p) => fill(p, INDENT)).join("\n")
      : fill(`${c.man.summary.charAt(0).toUpperCase()}${c.man.summary.slice(1)}.`, INDENT);
  s += "\n";
  const list = options(c);
  if (list !== "") s += `OPTIONS\n${list}`;
  const missing = c.options.filter((o) => o.notModelled).map((o) => o.names[0]!);
  if (missing.length > 0) s += `NOT SIMULATED\n${fill(missing.join(", "), INDENT)}\n`;
  if (c.man.examples !== undefined && c.man.examples.length > 0) {
    s += "EXAMPLES\n";
    for (const e of c.man.examples) s += `       ${e.cmd}\n${fill(e.what.charAt(0).toUpperCase() + e.what.slice(1), 14)}\n`;
  }
  if (c.man.seeAlso !== undefined && c.man.seeAlso.length > 0) s += `SEE ALSO\n${fill(c.man.seeAlso.join(", "), INDENT)}\n`;
  const date = c.pkg;
  return `${s}${date.padEnd(WIDTH - title.length)}${title}\n`;
}

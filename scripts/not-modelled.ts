/**
 * `npm run docs:not-modelled`: writes docs/not-modelled.md from the tables that the commands themselves use — their
 * options marked notModelled, and the tools that are not there yet. A test keeps the file up to date.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "../sim/kernel/abi.ts";
import { commands, notYet } from "../sim/bin/registry.ts";
import { shellCommands } from "../sim/shell/index.ts";

export const NOT_MODELLED_FILE = join(fileURLToPath(new URL(".", import.meta.url)), "../docs/not-modelled.md");

/** The file's text. */
export function notModelledText(): string {
  const out: string[] = [
    "# What is not simulated",
    "",
    "<!-- Made by `npm run docs:not-modelled` from the commands' own option tables. Do not edit. -->",
    "",
    "What a real tool has and this simulator lacks is never accepted and ignored: an option says",
    "`hop: <tool>: option -Z is not simulated`, a tool says `hop: <tool> is not simulated yet`, both with exit status 64.",
    "What the real tool does not have either gets the real tool's error.",
    "Usage texts (`--help`, `ip link help`) are shorter than the real ones and in our own words.",
    "",
    "## Options and commands of tools",
    "",
  ];
  const tools = [...shellCommands, ...commands].filter((c) => !notYet.includes(c)).sort(byName);
  for (const c of tools) {
    const words = c.options.filter((o) => o.notModelled).flatMap((o) => o.names.map((n) => code(n)));
    if (words.length > 0) out.push(`- **${c.name}** (${c.pkg}): ${words.join(" ")}`);
  }
  out.push("", "## Tools that are not there yet", "");
  const byPackage = new Map<string, string[]>();
  for (const c of notYet) byPackage.set(c.pkg, [...(byPackage.get(c.pkg) ?? []), c.name]);
  for (const [pkg, names] of byPackage) out.push(`- ${pkg}: ${names.map(code).join(" ")}`);
  return `${out.join("\n")}\n`;
}

function code(word: string): string {
  return `\`${word}\``;
}

function byName(a: Command, b: Command): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(NOT_MODELLED_FILE, notModelledText());

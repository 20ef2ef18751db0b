/**
 * why: what became of the last packet this machine sent or lost: every decision on its way, and what would have had to
 * differ where it stopped. Not a Linux command: the simulator's flight recorder in words, always in English, as all output of
 * commands is.
 */
import type { Call, Command, OptionSpec } from "../../kernel/abi.ts";
import type { DecisionView, JourneyView } from "../../session/protocol.ts";
import { err, type Io, program } from "../lib/io.ts";
import { getoptMessage, optionHelp, parseOptions } from "../lib/options.ts";

const options: readonly OptionSpec[] = [
  { names: ["-l", "--lost"], help: "the last packet that was lost" },
  { names: ["-s", "--sent"], help: "the last packet that was sent" },
  { names: ["-v", "--verbose"], help: "the kernel function behind each decision, too" },
  { names: ["--help"], help: "print this help" },
];

const USAGE = `Usage: why [options]\n       why [options] PACKET\n\nExplains the fate of the last packet, or of the packet with this number.\n\n${optionHelp(options)}`;

/** Text broken at blanks so that lines stay below 78 columns. */
function wrapped(text: string, indent: string): string {
  let s = "";
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > 78) {
      s += `${indent}${line}\n`;
      line = word;
    } else line += (line === "" ? "" : " ") + word;
  }
  return `${s}${indent}${line}\n`;
}

function place(d: { readonly machine: string; readonly namespace: string }): string {
  return d.namespace === "" ? d.machine : `${d.machine}, namespace ${d.namespace}`;
}

function milliseconds(ns: number): string {
  const us = Math.floor(ns / 1000);
  return `${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, "0")} ms`;
}

const MARK = { "went on": " ", stopped: "x", delivered: "*", sent: ">" } as const;

function decision(d: DecisionView, start: number, verbose: boolean): string {
  let s = `  ${MARK[d.verdict]} ${`+${milliseconds(d.t - start)}`.padStart(12)}  ${d.title.en}${d.device === null ? "" : ` [${d.device}]`}\n`;
  if (verbose) s += `${" ".repeat(18)}${d.site}: ${d.kernel}\n`;
  for (const f of d.facts) s += `${" ".repeat(18)}${f.label.en}: ${f.value}\n`;
  if (d.reason !== null) s += `${" ".repeat(18)}reason: ${d.reason}\n`;
  if (d.wouldPassIf.length > 0) {
    s += "      What would have had to differ:\n";
    for (const w of d.wouldPassIf) s += `      - ${wrapped(w.en, "        ").trimStart()}`;
  }
  return s;
}

function journey(j: JourneyView, verbose: boolean): string {
  let s = `Packet ${j.packet}: ${j.title}\n${wrapped(j.summary.en, "")}`;
  for (const stop of j.stops) {
    s += `\nOn ${place(stop)}:\n`;
    for (const d of stop.decisions) s += decision(d, j.start, verbose);
  }
  if (j.caused.length > 0) s += `\nIt caused: ${j.caused.map((n) => `packet ${n}`).join(", ")} (why ${j.caused[0]})\n`;
  return s;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const parsed = parseOptions(options, args);
  if (parsed.error !== null) {
    yield* err(
      io.sys,
      parsed.error.kind === "not-modelled" ? USAGE : `${getoptMessage("why", parsed.error)}\nTry 'why --help' for more information.\n`,
    );
    return 2;
  }
  const has = (n: string): boolean => parsed.options.some((o) => o.name === n);
  if (has("--help")) {
    yield* io.out.print(USAGE);
    return 0;
  }
  const number = parsed.operands[0];
  if (parsed.operands.length > 1 || (number !== undefined && !/^[0-9]+$/.test(number))) {
    yield* err(io.sys, `why: not a packet number: '${parsed.operands[parsed.operands.length - 1]}'\n`);
    return 2;
  }
  const answer = yield* io.sys.trace(
    number !== undefined
      ? { q: "journey", packet: Number(number) }
      : has("-l")
        ? { q: "last", filter: "lost" }
        : has("-s")
          ? { q: "last", filter: "sent" }
          : { q: "last" },
  );
  if (answer.journey === null && answer.refusals.length === 0) {
    yield* err(
      io.sys,
      number !== undefined
        ? `why: packet ${number} is not remembered (any more)\n`
        : "why: this machine has not sent or lost a packet yet\n",
    );
    return 1;
  }
  if (answer.refusals.length > 0) {
    yield* io.out.print("No packet was made: the send failed before that.\n");
    const first = answer.refusals[0]!;
    yield* io.out.print(`\nOn ${place(first)}:\n`);
    for (const d of answer.refusals) yield* io.out.print(decision(d, first.t, has("-v")));
    if (answer.journey !== null) yield* io.out.print("\n");
  }
  if (answer.journey !== null) yield* io.out.print(journey(answer.journey, has("-v")));
  return 0;
}

export const commands: readonly Command[] = [
  {
    name: "why",
    paths: ["/usr/local/bin/why"],
    pkg: "hop-by-hop",
    main: program(main),
    options,
    man: {
      summary: "explain the fate of the last packet",
      synopsis: ["why [-lsv]", "why [-v] packet"],
      description: [
        "why shows every decision that the last packet of this machine met: each lookup, table entry and hook on every machine it came through. Where it was stopped, it says what would have had to differ.",
        "The mark in front of a line: > sent, * delivered, x stopped. When the send itself failed (no route), there is no packet; why then shows that lookup.",
        "why is no Linux command. Real kernels decide the same way, but do not tell.",
      ],
      examples: [
        { cmd: "ping -c 1 10.9.9.9; why", what: "why did this ping fail?" },
        { cmd: "why -l", what: "the last packet that was lost here" },
      ],
      seeAlso: ["lab(1)", "tcpdump(8)", "ip-route(8)"],
    },
  },
];

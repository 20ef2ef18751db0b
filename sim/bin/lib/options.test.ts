import { describe, expect, it } from "vitest";
import type { OptionSpec } from "../../kernel/abi.ts";
import { getoptMessage, parseOptions } from "./options.ts";

const specs: readonly OptionSpec[] = [
  { names: ["-a", "--all"], help: "" },
  { names: ["-c", "--count"], arg: "N", help: "" },
  { names: ["--color"], arg: "[WHEN]", help: "" },
  { names: ["-i"], arg: "[SUFFIX]", help: "" },
  { names: ["-Z", "--zap"], help: "", notModelled: true },
];
const parse = (line: string, posix = false) => parseOptions(specs, line.split(" "), { posix });
const given = (line: string, posix = false) => {
  const p = parse(line, posix);
  return [p.options.map((o) => `${o.name}=${o.value}`).join(" "), p.operands.join(" ")];
};

describe("parseOptions", () => {
  it.each([
    ["-a x", "-a=null", "x"],
    ["x -a", "-a=null", "x"],
    ["-ac5 x", "-a=null -c=5", "x"],
    ["-ac 5", "-a=null -c=5", ""],
    ["--count=5", "-c=5", ""],
    ["--count 5", "-c=5", ""],
    ["--cou 5", "-c=5", ""],
    ["--color", "--color=null", ""],
    ["--color=never", "--color=never", ""],
    ["-i x", "-i=null", "x"],
    ["-i.bak x", "-i=.bak", "x"],
    ["-a -- -c", "-a=null", "-c"],
    ["- -a", "-a=null", "-"],
  ])("%s", (line, options, operands) => expect(given(line)).toEqual([options, operands]));

  it("stops at the first operand in POSIX mode", () => expect(given("-a x -c", true)).toEqual(["-a=null", "x -c"]));

  it.each([
    ["-x", "t: invalid option -- 'x'"],
    ["-ax", "t: invalid option -- 'x'"],
    ["--nope", "t: unrecognized option '--nope'"],
    ["--nope=1", "t: unrecognized option '--nope=1'"],
    ["--co", "t: option '--co' is ambiguous; possibilities: '--count' '--color'"],
    ["-c", "t: option requires an argument -- 'c'"],
    ["--count", "t: option '--count' requires an argument"],
    ["--all=1", "t: option '--all' doesn't allow an argument"],
    ["-aZ", "hop: t: option -Z is not simulated"],
    ["--zap", "hop: t: option --zap is not simulated"],
  ])("%s fails as getopt does", (line, text) => expect(getoptMessage("t", parse(line).error!)).toBe(text));
});

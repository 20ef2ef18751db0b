/**
 * Options of the real tools that ours do not have and that need no word about what they do: what stands in no table of a command
 * is unknown to the real tool, too. test/fuzz/options.test.ts holds this against recordings of the real ones.
 */
import type { OptionSpec } from "../../kernel/abi.ts";

const NAMES: Readonly<Record<string, string>> = {
  apropos:
    "-a -d -e -f -h -k -l -m -r -s -v -w -C -L -M -V --debug --verbose --exact --regex --wildcard --and --long --config-file --locale --systems --manpath --sections --section --usage",
  arp: "-N",
  arping: "-h",
  chmod: "-a -0 -1 -2 -3 -4 -5 -6 -7",
  clear: "-T -V",
  cp: "--copy-contents",
  egrep: "-V -X",
  fgrep: "-V -X",
  find: "-O",
  free: "-V --kilo --mega --giga --tera --peta --tebi --pebi",
  grep: "-V -X",
  man: "-c -d -e -h -i -l -m -p -r -s -t -u -C -D -E -H -I -L -M -R -S -T -V -W -X -Z -7 --config-file --debug --default --warnings --local-file --location --where-cat --location-cat --catman --recode --locale --systems --manpath --sections --extension --ignore-case --match-case --regex --wildcard --names-only --update --no-subpages --prompt --ascii --encoding --no-hyphenation --nh --no-justification --nj --preprocessor --troff --troff-device --html --gxditview --ditroff --usage",
  mktemp: "-V",
  nice: "-0 -1 -2 -3 -4 -5 -6 -7 -8 -9",
  ps: "-h -n -q -r -s -v -x -y -F -O -P -S -V -X",
  pgrep: "-h -r -w -A -L -O -V --lightweight --older --logpidfile --runstates --ignore-ancestors --cgroup --ns --nslist",
  pkill: "-h -q -r -A -L -O -V --queue --older --logpidfile --runstates --ignore-ancestors --cgroup --ns --nslist",
  printenv: "-i -u",
  sed: "-b -V",
  sudo: "-a -c --host",
  tail: "-b -l",
  tcpdump: "-Y",
  tr: "-A",
  tracepath: "-h",
  uptime: "-h -V",
  whatis:
    "-a -d -e -f -h -k -l -m -r -s -v -w -C -L -M -V --debug --verbose --regex --wildcard --long --config-file --locale --systems --manpath --sections --section --usage",
};

/** For a command's option table. */
export function notModelled(tool: string): OptionSpec[] {
  const names = Object.hasOwn(NAMES, tool) ? NAMES[tool]!.split(" ") : [];
  return names.map((n) => ({ names: [n], help: "", notModelled: true }));
}

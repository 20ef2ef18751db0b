/** The everyday utilities: GNU coreutils and a few of util-linux, procps, debianutils and xxd beside them. */
import type { Command } from "../../kernel/abi.ts";
import { baseCommands } from "./base.ts";
import { catCommands } from "./cat.ts";
import { cpCommands } from "./cp.ts";
import { dateCommands } from "./date.ts";
import { dumpCommands } from "./dump.ts";
import { echoCommands } from "./echo.ts";
import { envCommands } from "./env.ts";
import { fieldsCommands } from "./fields.ts";
import { filesCommands } from "./files.ts";
import { headTailCommands } from "./headtail.ts";
import { lsCommands } from "./ls.ts";
import { nlCommands } from "./nl.ts";
import { ownerCommands } from "./owner.ts";
import { pathsCommands } from "./paths.ts";
import { procCommands } from "./proc.ts";
import { seqCommands } from "./seq.ts";
import { sortCommands } from "./sort.ts";
import { statCommands } from "./stat.ts";
import { testCommands } from "./test.ts";
import { ttyCommands } from "./tty.ts";
import { ddCommands } from "./dd.ts";
import { dfCommands } from "./df.ts";
import { digestCommands } from "./digest.ts";
import { joinCommands } from "./join.ts";
import { shufCommands } from "./shuf.ts";
import { smallCommands } from "./small.ts";
import { splitCommands } from "./split.ts";
import { tabsCommands } from "./tabs.ts";
import { numfmtCommands } from "./numfmt.ts";
import { installCommands } from "./install.ts";
import { wcCommands } from "./wc.ts";
import { xargsCommands } from "./xargs.ts";

export const commands: readonly Command[] = [
  ...catCommands,
  ...cpCommands,
  ...dateCommands,
  ...dumpCommands,
  ...echoCommands,
  ...envCommands,
  ...fieldsCommands,
  ...filesCommands,
  ...headTailCommands,
  ...lsCommands,
  ...nlCommands,
  ...ownerCommands,
  ...pathsCommands,
  ...procCommands,
  ...seqCommands,
  ...sortCommands,
  ...statCommands,
  ...testCommands,
  ...ttyCommands,
  ...baseCommands,
  ...ddCommands,
  ...dfCommands,
  ...digestCommands,
  ...joinCommands,
  ...shufCommands,
  ...smallCommands,
  ...splitCommands,
  ...tabsCommands,
  ...numfmtCommands,
  ...installCommands,
  ...wcCommands,
  ...xargsCommands,
];

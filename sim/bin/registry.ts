/** Every command there is, in one literal list. A lab's manifest may restrict it; the shell's own commands join outside. */
import type { Command } from "../kernel/abi.ts";
import { commands as grep } from "./grep/index.ts";
import { commands as ip } from "./ip/index.ts";
import { notYetCommands } from "./not-yet/index.ts";
import { commands as ping } from "./ping/index.ts";
import { commands as timeout } from "./timeout/index.ts";

const simulated: readonly Command[] = [...ip, ...ping, ...grep, ...timeout];

export const commands: readonly Command[] = [...simulated, ...notYetCommands(new Set(simulated.map((c) => c.name)))];

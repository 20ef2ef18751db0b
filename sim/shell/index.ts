/** The shell: what other parts of the engine may use. */
import type { Command } from "../kernel/abi.ts";
import { bashCommand, shCommand } from "./main.ts";

export { bashCommand, shCommand };

export const shellCommands: readonly Command[] = [bashCommand, shCommand];

/** Every program of a machine: the shell and all commands. The one place where they meet. */
import { commands } from "../bin/registry.ts";
import type { Command } from "../kernel/abi.ts";
import { shellCommands } from "../shell/index.ts";

export const programs: readonly Command[] = [...shellCommands, ...commands];

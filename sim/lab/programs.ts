/** Every program of a machine: the shell and all commands. The one place where they meet. And the base image that has them. */
import { commands } from "../bin/registry.ts";
import { buildImage } from "../fs/image.ts";
import type { Command } from "../kernel/abi.ts";
import { shellCommands } from "../shell/index.ts";

export const programs: readonly Command[] = [...shellCommands, ...commands];
/** Never changed: machines put their own files over it. */
export const image = buildImage(programs);

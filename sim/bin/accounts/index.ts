/** Users and groups: who there is, making and changing them, becoming them. */
import type { Command } from "../../kernel/abi.ts";
import { getentCommands } from "./getent.ts";
import { groupCommands } from "./group.ts";
import { suCommands } from "./su.ts";
import { userCommands } from "./user.ts";

export const commands: readonly Command[] = [...getentCommands, ...groupCommands, ...suCommands, ...userCommands];

/** The course's labs and challenges as the command line sees them: part of the bundle, by name. */
import content from "virtual:hop-content";
import type { ChallengeManifest, LabManifest } from "../sim/lab/manifest.ts";
import { BadInput } from "./args.ts";

export const allLabs: readonly LabManifest[] = content.labs;
export const allChallenges: readonly ChallengeManifest[] = content.challenges;

export function labNamed(id: string): LabManifest {
  return allLabs.find((l) => l.id === id) ?? unknown("lab", id, allLabs);
}
export function challengeNamed(id: string): ChallengeManifest {
  return allChallenges.find((c) => c.id === id) ?? unknown("challenge", id, allChallenges);
}
function unknown(what: string, id: string, all: readonly { readonly id: string }[]): never {
  throw new BadInput(`there is no ${what} "${id}"; there is ${all.map((x) => x.id).join(", ")}`);
}

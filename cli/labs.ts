/** `hop labs`: what there is to run. */
import type { Args } from "./args.ts";
import { allChallenges, allLabs } from "./content.ts";

export function labs(args: Args): number {
  const list = allLabs.map((l) => ({
    id: l.id,
    title: l.title.en,
    machines: l.machines.filter((m) => m.kind !== "switch").map((m) => ({ name: m.name, users: ["root", ...(m.users ?? [])] })),
    cables: l.cables.filter((c) => c.learner).map((c) => c.id),
    challenges: allChallenges.filter((c) => c.world.lab === l.id).map((c) => ({ id: c.id, title: c.title.en, level: c.level })),
  }));
  if (args.flags.has("json")) {
    process.stdout.write(`${JSON.stringify(list, null, 1)}\n`);
    return 0;
  }
  for (const l of list) {
    process.stdout.write(`${l.id}  ${l.title}\n`);
    for (const m of l.machines) process.stdout.write(`  machine    ${m.name}  (${m.users.join(", ")})\n`);
    for (const c of l.cables) process.stdout.write(`  cable      ${c}\n`);
    for (const c of l.challenges) process.stdout.write(`  challenge  ${c.id}  ${c.title}\n`);
  }
  return 0;
}

/** Runs inside a worker of a browser: plays the scenario in slices and answers with the digest. */
import content from "virtual:hop-content";
import { play } from "./scenario.ts";

const lab = content.labs.find((l) => l.id === "three-machines")!;
const scope = globalThis as unknown as { onmessage: (e: { data: number }) => void; postMessage(m: unknown): void };
scope.onmessage = (e) => scope.postMessage(play(lab, e.data).digest);

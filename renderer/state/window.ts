/** This window's part among others that have the course open: it writes, or it only shows. */
import { leadership } from "../session/leader.ts";
import { progressStore } from "../session/host.ts";
import { useProgress } from "./progress.ts";
import { useUi } from "./ui.ts";
import { closeWorld } from "./world.ts";

const lead = leadership();

export function startWindow(): void {
  lead.onChange((leader) => {
    useUi.setState({ leader });
    if (!leader) closeWorld();
    // what the other window did since belongs to this one's progress too
    void progressStore().then((store) => useProgress.getState().load(store));
  });
}

export const takeOverWindow = (): void => lead.takeOver();

/** What every measurement is given. */
import type { LabManifest } from "../sim/lab/manifest.ts";

export interface Bench {
  /** the simulator as it ships: bench/engine/index.ts, bundled */
  readonly engine: typeof import("./engine/index.ts");
  readonly enginePath: string;
  /** the command line as it ships */
  readonly hop: string;
  readonly labs: readonly LabManifest[];
  readonly root: string;
  readonly scripts: string;
  readonly realDir: string;
  /** a directory for what is built and written on the way */
  readonly dir: string;
  /** is there a real kernel to measure beside? */
  readonly real: boolean;
  readonly pairs: number;
  /** for what takes the real kernel many seconds */
  readonly slowPairs: number;
}

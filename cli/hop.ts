/** `hop`: the command line. Runs scripts in the simulator, checks challenges, lists labs, and opens a lab in your own terminal. */
import { BadInput } from "./args.ts";
import { main } from "./main.ts";

// whoever reads the output may stop early: hop run x.sh | head
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (e: NodeJS.ErrnoException) => {
    if (e.code !== "EPIPE") throw e;
    process.exit();
  });
void main(process.argv.slice(2))
  .catch((e: unknown) => {
    const known = e instanceof BadInput;
    process.stderr.write(known ? `hop: ${e.message}\n` : `hop: internal error: ${e instanceof Error ? e.stack : String(e)}\n`);
    return known ? 2 : 70;
  })
  .then((code) => {
    process.exitCode = code;
  });

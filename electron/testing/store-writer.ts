/** Writes record after record into the store of a folder and says of each, on its own line, when it is acknowledged. Meant to be killed. */
import { writeSync } from "node:fs";
import { nodeFs } from "../fs.ts";
import { FileStore } from "../store.ts";

const store = await FileStore.open(nodeFs, process.argv[2]!, { now: () => Date.now(), snapshotBytes: 4000 });
const { records } = await store.load("course");
for (let seq = records.length + 1; ; seq++) {
  await store.append("course", [{ seq, t: seq, done: seq, src: "app", kind: "button", data: "x".repeat(seq % 300) }]);
  writeSync(1, `${seq}\n`);
}

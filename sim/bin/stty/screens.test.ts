import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { playRecording, type Recording } from "../../../test/support/screens.ts";
import { programs } from "../../lab/programs.ts";

const recordings = JSON.parse(readFileSync(`${import.meta.dirname}/testdata/screens.golden.json`, "utf8")) as Recording[];
/** what differs from run to run */
const normalize = (row: string): string =>
  row.replace(/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/, "DATE").replace(/\d+ seconds? ago|\d\d:\d\d:\d\d$/, "AGO");

describe("stty shows what the real one shows", () => {
  for (const r of recordings)
    it(r.name, async () => {
      expect(await playRecording(programs, r, normalize)).toEqual([]);
    });
});

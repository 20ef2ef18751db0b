/** Building many namespaces with commands, pinging among them, and what one weighs. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Bench } from "../bench.ts";
import { inNamespace, inPairs, timed } from "../measure.ts";
import { ms, number, type Row } from "../table.ts";

const NAMESPACES = 1000;
const HOSTS = 50;

export function building(b: Bench): Row[] {
  return [manyNamespaces(b), allPairs(b)];
}

/** iproute2's batch commands for `count` namespaces on one bridge, numbered from `from`. */
export function batch(from: number, count: number): string {
  let text = from === 1 ? "link add br0 type bridge\nlink set br0 up\n" : "";
  for (let i = from; i < from + count; i++)
    text += `netns add n${i}\nlink add v${i} type veth peer name eth0 netns n${i}\nlink set v${i} master br0 up\n`;
  return text;
}

function manyNamespaces(b: Bench): Row {
  const text = batch(1, NAMESPACES);
  const file = join(b.dir, "namespaces.batch");
  writeFileSync(file, text);
  const p = inPairs(
    b.pairs,
    2,
    () => {
      const lw = b.engine.plainLab(1);
      lw.machine("lab").writeFile("/root/batch", text);
      let r = { code: 0, stdout: "", stderr: "" };
      const t = timed(() => (r = { ...b.engine.run(lw, "ip -batch /root/batch") }));
      if (r.code !== 0) throw new Error(`ip -batch: ${r.stderr}`);
      return t;
    },
    // timed inside: taking a thousand namespaces down again is not part of it
    b.real ? () => Number(inNamespace(`TIMEFORMAT=%R; { time ip -batch ${file}; } 2>&1`)) * 1000 : null,
  );
  return {
    what: `${number(NAMESPACES)} namespaces with veth on one bridge, \`ip -batch\``,
    ours: ms(p.ours),
    other: p.theirs === null ? "–" : ms(p.theirs),
    figure: p.ratio,
    unit: "×",
    must: 50,
    stretch: 200,
  };
}

function allPairs(b: Bench): Row {
  const wanted = HOSTS * (HOSTS - 1);
  const hosts = `HOSTS=${HOSTS}\n${readFileSync(join(b.scripts, "hosts.sh"), "utf8")}`;
  const pings = `HOSTS=${HOSTS}\n${readFileSync(join(b.scripts, "pings.sh"), "utf8")}`;
  const lost = (out: string): number => wanted - (out.split("1 received").length - 1);
  const p = inPairs(
    b.slowPairs,
    1,
    () => {
      const lw = b.engine.plainLab(1);
      b.engine.run(lw, hosts);
      let out = "";
      const t = timed(() => (out = b.engine.run(lw, pings).stdout));
      if (lost(out) !== 0) throw new Error(`${lost(out)} of ${wanted} pings were not answered`);
      return t;
    },
    b.real
      ? () => {
          const out = inNamespace(`${hosts}\nsleep 2\nTIMEFORMAT=%R\n{ time { ${pings}\n} >&3 2>/dev/null; } 3>${b.dir}/pings.out 2>&1`);
          // Linux keeps 1,024 neighbours over all namespaces: some pings find no room, and wait a second in vain, which does not count
          const n = lost(readFileSync(join(b.dir, "pings.out"), "utf8"));
          if (n > wanted / 10) throw new Error(`the real kernel's side: ${n} of ${wanted} pings were not answered`);
          return (Number(out) - n) * 1000;
        }
      : null,
  );
  return {
    what: `ping among ${HOSTS} hosts, all pairs`,
    ours: ms(p.ours),
    other: p.theirs === null ? "–" : ms(p.theirs),
    figure: p.ratio,
    unit: "×",
    must: 20,
    stretch: 60,
  };
}

/** What a namespace with its veth weighs: the difference that NAMESPACES more make, in a process of its own that can collect its garbage. */
export function memory(b: Bench): Row {
  const program = join(b.dir, "memory.mjs");
  const few = 100;
  writeFileSync(
    program,
    `import { fillRecorder, plainLab, run } from ${JSON.stringify(b.enginePath)};
const used = () => { gc(); gc(); const m = process.memoryUsage(); return m.heapUsed + m.arrayBuffers; };
const lw = plainLab(1);
fillRecorder(lw);
const build = (text) => { lw.machine("lab").writeFile("/root/batch", text); run(lw, "ip -batch /root/batch; rm /root/batch"); };
build(${JSON.stringify(batch(1, few))});
const before = used();
build(${JSON.stringify(batch(few + 1, NAMESPACES - few))});
console.log((used() - before) / ${NAMESPACES - few} / 1024, lw.world.net.namespaces.size);
`,
  );
  const r = spawnSync(process.execPath, ["--expose-gc", program], { encoding: "utf8" });
  const [kib, made] = r.stdout.trim().split(" ").map(Number);
  if (made !== NAMESPACES + 1) throw new Error(`${made} namespaces: ${r.stderr}`);
  return {
    what: "memory of a namespace with its veth",
    ours: `${number(kib!)} KiB`,
    other: "",
    figure: kib!,
    unit: "KiB",
    most: true,
    must: 34,
    stretch: 8,
  };
}

/** A recorded hour of a learner's activity, run again. */
export function replayRow(b: Bench): Row {
  const lab = b.labs.find((l) => l.id === "three-machines")!;
  const hour = b.engine.learnerHour(lab);
  const times = Array.from({ length: b.pairs }, () => {
    const t = performance.now();
    b.engine.replayed(hour);
    return performance.now() - t;
  }).sort((x, y) => x - y);
  const t = times[Math.floor(times.length / 2)]!;
  return {
    what: `replay of an hour of learner activity (${number(hour.log.length)} inputs)`,
    ours: ms(t),
    other: "",
    figure: t,
    unit: "ms",
    most: true,
    must: 1000,
    stretch: null,
  };
}

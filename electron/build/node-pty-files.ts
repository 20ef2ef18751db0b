/** Which of node-pty's files go into the package. The Vite plugin leaves packages out, and npm's copy has sources and other systems' binaries too. */
import { chmodSync, cpSync, existsSync } from "node:fs";
import { join } from "node:path";

/** node-pty as it is shipped: what it runs with, for this platform; not its sources. */
export function copyNodePty(root: string, to: string, platform: string, arch: string): void {
  const from = join(root, "node_modules/node-pty");
  const target = join(to, "node_modules/node-pty");
  for (const part of ["package.json", "LICENSE", "lib"]) {
    cpSync(join(from, part), join(target, part), { recursive: true, filter: (path) => !/\.(test\.js|map)$/.test(path) });
  }
  const prebuilt = join("prebuilds", `${platform}-${arch}`);
  const compiled = join("build", "Release");
  // what was compiled here fits here only; for another system there must be a prebuilt one
  const native =
    platform === process.platform && arch === process.arch && existsSync(join(from, compiled, "pty.node")) ? compiled : prebuilt;
  if (!existsSync(join(from, native))) throw new Error(`node-pty has no native part for ${platform}-${arch} here (looked for ${native})`);
  cpSync(join(from, native), join(target, native), {
    recursive: true,
    filter: (path) => !/\.(pdb|o|d)$/.test(path) && !path.includes("obj.target"),
  });
  // in the package it lacks the bit without which macOS does not run it
  for (const dir of [compiled, prebuilt]) {
    const helper = join(target, dir, "spawn-helper");
    if (existsSync(helper)) chmodSync(helper, 0o755);
  }
}

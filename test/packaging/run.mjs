/**
 * Packages the desktop app over a stub of Electron (its real binary is not needed to make an installer) and looks at what came out:
 * fuses, contents, node-pty, zip and deb. The last line counts: `N passed, M failed`. Electron Forge wants Node 22.13; where this is
 * older, Node 24 is taken from the npm registry for the run.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultFuseWire, fuseWire, makeZip, readAsar, readZip } from "./archives.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FORGE = join(ROOT, "node_modules/@electron-forge/cli/dist/electron-forge.js");
const ARCH = process.arch;
const OUT = join(ROOT, "out");
const APP = join(OUT, `Hop by Hop-linux-${ARCH}`);

if (process.platform !== "linux") {
  console.log("The packaging test runs on Linux: it makes a deb and a zip for Linux. Skipped.");
  console.log("0 passed, 0 failed");
  process.exit(0);
}

let passed = 0;
let failed = 0;
function check(what, test) {
  try {
    const answer = test();
    if (answer === false) throw new Error("does not hold");
    passed++;
    console.log(`ok    ${what}`);
  } catch (error) {
    failed++;
    console.log(
      `FAIL  ${what}\n      ${String(error.message ?? error)
        .split("\n")
        .slice(0, 40)
        .join("\n      ")}`,
    );
  }
}
function same(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

const version = JSON.parse(readFileSync(join(ROOT, "node_modules/electron/package.json"), "utf8")).version;
const zips = mkdtempSync(join(tmpdir(), "hop-electron-"));
writeFileSync(
  join(zips, `electron-v${version}-linux-${ARCH}.zip`),
  makeZip([
    { name: "electron", data: Buffer.concat([Buffer.from("#!/bin/sh\nexit 0\n"), defaultFuseWire(), Buffer.from("\n")]), mode: 0o755 },
    { name: "chrome-sandbox", data: Buffer.from("#!/bin/sh\n"), mode: 0o755 },
    { name: "version", data: Buffer.from(version), mode: 0o644 },
    { name: "LICENSE", data: Buffer.from("stub"), mode: 0o644 },
    { name: "LICENSES.chromium.html", data: Buffer.from("stub"), mode: 0o644 },
    { name: "resources/default_app.asar", data: Buffer.from("stub"), mode: 0o644 },
  ]),
);

/** Runs Forge; gives back whether it went well. */
function forge(args) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const own = major > 22 || (major === 22 && minor >= 13);
  const [command, before] = own ? [process.execPath, []] : ["npx", ["-y", "-p", "node@24", "node"]];
  const began = Date.now();
  const result = spawnSync(command, [...before, FORGE, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: 240_000,
    env: { ...process.env, HOP_ELECTRON_ZIPS: zips, CI: "1" },
  });
  if (result.status !== 0)
    throw new Error(
      `electron-forge ${args.join(" ")} ended with ${result.status ?? result.signal}\n${`${result.stdout}${result.stderr}`.slice(-1500)}`,
    );
  console.log(`      (${((Date.now() - began) / 1000).toFixed(0)} s)`);
}

rmSync(OUT, { recursive: true, force: true });
check("the app can be packaged", () => forge(["package", "--platform", "linux", "--arch", ARCH]));

const asarFile = join(APP, "resources/app.asar");
check("the fuses are those of SECURITY.md", () => {
  // RunAsNode on; cookies, NODE_OPTIONS, --inspect off; asar integrity and only-from-asar on; snapshot and file:// privileges off; wasm traps on
  same(fuseWire(join(APP, "hop-by-hop")), "100011001");
});
check("the asar holds main, preload, world host, relay and the page, and no sources", () => {
  const files = [...readAsar(asarFile).keys()];
  const wanted = [
    ".vite/build/main.cjs",
    ".vite/build/preload.cjs",
    ".vite/build/relay.cjs",
    ".vite/build/world-host.cjs",
    "package.json",
    "web/index.html",
  ];
  same(
    wanted.filter((f) => !files.includes(f)),
    [],
  );
  same(
    files.filter((f) => /\.tsx?$|\.map$|^(sim|renderer|electron|test|chapters|scripts)\//.test(f)),
    [],
  );
  same(
    files.filter((f) => f.startsWith("node_modules/") && !f.startsWith("node_modules/node-pty/")),
    [],
  );
});
check("package.json points to the main that is there", () => {
  const files = readAsar(asarFile);
  return files.has(JSON.parse(files.get("package.json").text()).main);
});
check("every file of the asar carries its hash, for the integrity fuse", () => {
  same(
    [...readAsar(asarFile)].filter(([, f]) => !f.unpacked && f.integrity?.algorithm !== "SHA256").map(([name]) => name),
    [],
  );
});
check("node-pty is outside the asar, with its native part", () => {
  const inside = [...readAsar(asarFile)].filter(([name]) => name.startsWith("node_modules/node-pty/"));
  same(
    inside.filter(([, f]) => !f.unpacked).map(([name]) => name),
    [],
  );
  return existsSync(join(APP, "resources/app.asar.unpacked/node_modules/node-pty/build/Release/pty.node"));
});
check("node-pty loads from where it was put", () => {
  const lib = join(APP, "resources/app.asar.unpacked/node_modules/node-pty");
  same(
    execFileSync(process.execPath, ["-e", `console.log(typeof require(${JSON.stringify(lib)}).spawn)`], { encoding: "utf8" }).trim(),
    "function",
  );
});
check("the programs start no process and open no connection of their own, but for the relay's socket", () => {
  const files = readAsar(asarFile);
  for (const name of ["main.cjs", "preload.cjs", "world-host.cjs", "relay.cjs"]) {
    const text = files.get(`.vite/build/${name}`).text();
    same(
      [
        name,
        [...text.matchAll(/require\("(?:node:)?([\w/]+)"\)/g)]
          .map((m) => m[1])
          .filter((m) => ["child_process", "cluster", "http", "https", "http2", "dgram", "tls", "vm", "repl", "inspector"].includes(m)),
      ],
      [name, []],
    );
    same([name, /(?<![.\w])eval\((?![^)]*\)\s*\{)|new Function\(/.test(text)], [name, false]);
  }
});
check("the preload script asks for nothing but electron", () => {
  const text = readAsar(asarFile).get(".vite/build/preload.cjs").text();
  same([...new Set([...text.matchAll(/require\("([^"]+)"\)/g)].map((m) => m[1]))], ["electron"]);
});

check("a zip and a deb can be made of it", () => forge(["make", "--from-package", "--platform", "linux", "--arch", ARCH]));

const made = [];
const walk = (dir) => {
  for (const name of existsSync(dir) ? readdirSync(dir) : []) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) walk(path);
    else made.push(path);
  }
};
walk(join(OUT, "make"));
check("the zip holds the program, which may be run", () => {
  const zip = readZip(made.find((f) => f.endsWith(".zip")));
  const [, program] = [...zip].find(([name]) => name.endsWith("/hop-by-hop"));
  same((program.mode & 0o111) !== 0, true);
  same(
    [...zip.keys()].some((name) => name.endsWith("resources/app.asar")),
    true,
  );
});
check("the deb says what it is, takes hop: links and puts the program in the path", () => {
  const deb = made.find((f) => f.endsWith(".deb"));
  const field = (name) => execFileSync("dpkg-deb", ["-f", deb, name], { encoding: "utf8" }).trim();
  same(field("Package"), "hop-by-hop");
  same(field("Version").startsWith(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version), true);
  same(field("Description") !== "", true);
  const list = execFileSync("dpkg-deb", ["-c", deb], { encoding: "utf8", maxBuffer: 1 << 26 });
  same(list.includes("./usr/bin/hop-by-hop"), true);
  same(/^-rwsr-xr-x root\/root .*chrome-sandbox$/m.test(list), true);
  const dir = join(zips, "deb");
  mkdirSync(dir);
  execFileSync("dpkg-deb", ["-x", deb, dir]);
  same(readFileSync(join(dir, "usr/share/applications/hop-by-hop.desktop"), "utf8").includes("MimeType=x-scheme-handler/hop"), true);
  same(fuseWire(join(dir, "usr/lib/hop-by-hop/hop-by-hop")), "100011001");
});
rmSync(zips, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** The source tree as the architecture checks see it: files, what they import, and their text. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface Source {
  /** path from the root with forward slashes */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly imports: readonly Import[];
}
export interface Import {
  /** a path from the root for files of ours, else the package or node: name */
  readonly target: string;
  readonly typeOnly: boolean;
  readonly ours: boolean;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?["']([^"']+)["']/g;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** All TypeScript sources below the given top-level folders. */
export function sources(...folders: string[]): Source[] {
  const out: Source[] = [];
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir).sort()) {
      const p = join(dir, name);
      if (statSync(p).isDirectory()) walk(p);
      else if (/\.tsx?$/.test(name) && !name.endsWith(".d.ts")) out.push(read(p));
    }
  };
  for (const f of folders) walk(join(ROOT, f));
  return out;
}

function read(file: string): Source {
  const text = readFileSync(file, "utf8");
  const imports: Import[] = [];
  const add = (spec: string, typeOnly: boolean): void => {
    const ours = spec.startsWith(".");
    const target = ours
      ? relative(ROOT, resolve(dirname(file), spec))
          .split(sep)
          .join("/")
      : spec;
    imports.push({ target, typeOnly, ours });
  };
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
  for (const m of code.matchAll(IMPORT)) add(m[2]!, m[1] !== undefined || onlyTypes(m[0]));
  for (const m of code.matchAll(DYNAMIC)) add(m[1]!, false);
  const path = relative(ROOT, file).split(sep).join("/");
  return { path, text, isTest: /\.test\.tsx?$/.test(path) || path.includes("/testing/"), imports };
}

/** `import { type A, type B } from` brings in no code. */
function onlyTypes(statement: string): boolean {
  const m = /\{([^}]*)\}/.exec(statement);
  if (!m || /import\s+\w+\s*,/.test(statement)) return false;
  const names = m[1]!
    .split(",")
    .map((s) => s.trim())
    .filter(Boolean);
  return names.length > 0 && names.every((n) => n.startsWith("type "));
}

/** Cycles among `files` through imports that bring in code, as lists of paths. */
export function cycles(files: readonly Source[]): string[][] {
  const byPath = new Map(files.map((f) => [f.path, f]));
  const state = new Map<string, "open" | "done">();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): void => {
    state.set(path, "open");
    stack.push(path);
    for (const i of byPath.get(path)!.imports) {
      if (!i.ours || i.typeOnly || !byPath.has(i.target)) continue;
      const s = state.get(i.target);
      if (s === "open") found.push([...stack.slice(stack.indexOf(i.target)), i.target]);
      else if (!s) visit(i.target);
    }
    stack.pop();
    state.set(path, "done");
  };
  for (const f of files) if (!state.has(f.path)) visit(f.path);
  return found;
}

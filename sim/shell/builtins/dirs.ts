/** cd, pwd, pushd, popd, dirs. */
import { strerror } from "../../core/result.ts";
import { type Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { type Builtin, fail, options, out, usage } from "./util.ts";

/** Joins and removes . and .. by the text of the path (cd -L). */
function normalise(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const p of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (p === "" || p === ".") continue;
    if (p === "..") parts.pop();
    else parts.push(p);
  }
  // POSIX keeps two slashes at the beginning, and only two
  const lead = /^\/\/(?!\/)/.test(path.startsWith("/") ? path : cwd) ? "//" : "/";
  return lead + parts.join("/");
}

/** Changes directory; a negative errno when that fails. */
function* enter(sh: Shell, path: string, physical: boolean): Call<number> {
  const target = physical ? path : normalise(sh.cwd, path);
  let e = yield* sh.sys.chdir(physical ? path : target);
  if (e < 0 && !physical) e = yield* sh.sys.chdir(path);
  if (e < 0) return e;
  const old = sh.get("PWD") ?? sh.cwd;
  sh.cwd = physical ? yield* sh.sys.getcwd() : target;
  sh.setExported("OLDPWD", old);
  sh.setExported("PWD", sh.cwd);
  return 0;
}

export const cd: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "LPe", "@");
  if (typeof o === "number") return o;
  if (o.rest.length > 1 && !sh.dash) return yield* fail(sh, "cd", "too many arguments");
  const physical = o.flags.has("P") || (sh.opt("physical") && !o.flags.has("L"));
  let dir = o.rest[0];
  let print = false;
  if (dir === undefined) {
    dir = sh.get("HOME");
    if (dir === undefined) return yield* fail(sh, "cd", "HOME not set");
  } else if (dir === "-") {
    dir = sh.get("OLDPWD");
    if (dir === undefined) return yield* fail(sh, "cd", "OLDPWD not set");
    print = true;
  } else if (!/^\.{0,2}\//.test(dir) && dir !== "." && dir !== "..") {
    for (const base of (sh.get("CDPATH") ?? "").split(":")) {
      if (base === "") continue;
      const full = dir === "" ? base : `${base.replace(/\/$/, "")}/${dir}`;
      if ((yield* enter(sh, full, physical)) >= 0) {
        yield* out(sh, "cd", sh.cwd + "\n");
        return 0;
      }
    }
  }
  if (dir === "") return 0;
  const e = yield* enter(sh, dir, physical);
  const variable = e < 0 && sh.shopt("cdable_vars") ? sh.get(dir) : undefined;
  if (variable !== undefined && variable !== "" && (yield* enter(sh, variable, physical)) >= 0) return yield* out(sh, "cd", sh.cwd + "\n");
  if (e < 0) {
    yield* sh.warn(sh.dash ? `cd: can't cd to ${dir}` : `cd: ${dir}: ${strerror(e)}`);
    return sh.dash ? 2 : 1;
  }
  return print ? yield* out(sh, "cd", sh.cwd + "\n") : 0;
};

export const pwd: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "LP");
  if (typeof o === "number") return o;
  return yield* out(sh, "pwd", (o.flags.has("P") ? yield* sh.sys.getcwd() : sh.cwd) + "\n");
};

function shown(sh: Shell, dir: string, long: boolean): string {
  return long ? dir : sh.tilde(dir);
}

function* badNumber(sh: Shell, who: string, arg: string): Call<number> {
  yield* sh.warn(`${who}: ${arg}: invalid number`);
  return yield* usage(sh, who);
}

export const dirs: Builtin = function* (sh, argv) {
  let long = false;
  let style: "line" | "each" | "numbered" = "line";
  let pick: string | null = null;
  for (const a of argv.slice(1)) {
    if (/^[-+][0-9]+$/.test(a)) {
      pick = a;
      continue;
    }
    if (!/^-[clpv]+$/.test(a)) return yield* badNumber(sh, "dirs", a);
    for (const c of a.slice(1)) {
      if (c === "c") {
        sh.dirstack = [];
        return 0;
      }
      if (c === "l") long = true;
      else style = c === "p" ? "each" : "numbered";
    }
  }
  const all = [sh.cwd, ...sh.dirstack];
  if (pick !== null) {
    const n = Number(pick.slice(1));
    const d = all[pick[0] === "-" ? all.length - 1 - n : n];
    if (d === undefined && sh.dirstack.length === 0) return yield* fail(sh, "dirs", "directory stack empty");
    if (d === undefined) return yield* fail(sh, "dirs", `${pick}: directory stack index out of range`);
    return yield* out(sh, "dirs", shown(sh, d, long) + "\n");
  }
  const list = all.map((d) => shown(sh, d, long));
  const text =
    style === "line"
      ? list.join(" ") + "\n"
      : list.map((d, i) => (style === "each" ? d : `${String(i).padStart(2, " ")}  ${d}`) + "\n").join("");
  return yield* out(sh, "dirs", text);
};

export const pushd: Builtin = function* (sh, argv) {
  const args = argv.slice(1).filter((a) => a !== "-n" && a !== "--");
  const noCd = argv.includes("-n");
  const a = args[0];
  if (a !== undefined && a.startsWith("-") && !/^-[0-9]+$/.test(a)) return yield* badNumber(sh, "pushd", a);
  if (args.length > 1) return yield* fail(sh, "pushd", "too many arguments");
  const all = [sh.cwd, ...sh.dirstack];
  if (a === undefined || /^[-+][0-9]+$/.test(a)) {
    if (sh.dirstack.length === 0) return yield* fail(sh, "pushd", a === undefined ? "no other directory" : "directory stack empty");
    const n = a === undefined ? 1 : a[0] === "+" ? Number(a.slice(1)) : all.length - 1 - Number(a.slice(1));
    if (n < 0 || n >= all.length) return yield* fail(sh, "pushd", `${a}: directory stack index out of range`);
    const turned = a === undefined ? [all[1]!, all[0]!, ...all.slice(2)] : [...all.slice(n), ...all.slice(0, n)];
    if (!noCd) {
      const e = yield* enter(sh, turned[0]!, false);
      if (e < 0) return yield* fail(sh, "pushd", `${turned[0]}: ${strerror(e)}`);
    }
    sh.dirstack = turned.slice(1);
  } else {
    const old = sh.cwd;
    if (noCd) sh.dirstack = [a, ...sh.dirstack];
    else {
      const e = yield* enter(sh, a, false);
      if (e < 0) return yield* fail(sh, "pushd", `${a}: ${strerror(e)}`);
      sh.dirstack = [old, ...sh.dirstack];
    }
  }
  return yield* dirs(sh, ["dirs"]);
};

export const popd: Builtin = function* (sh, argv) {
  const args = argv.slice(1).filter((a) => a !== "-n");
  const noCd = argv.includes("-n");
  const a = args[0];
  if (a !== undefined && !/^[-+][0-9]+$/.test(a))
    return a.startsWith("-") ? yield* badNumber(sh, "popd", a) : yield* fail(sh, "popd", `${a}: invalid argument`, 2);
  if (sh.dirstack.length === 0) return yield* fail(sh, "popd", "directory stack empty");
  const all = [sh.cwd, ...sh.dirstack];
  const n = a === undefined ? 0 : a[0] === "+" ? Number(a.slice(1)) : all.length - 1 - Number(a.slice(1));
  if (n < 0 || n >= all.length) return yield* fail(sh, "popd", `${a}: directory stack index out of range`);
  if (n === 0 && noCd) sh.dirstack = sh.dirstack.slice(1);
  else if (n === 0) {
    const e = yield* enter(sh, all[1]!, false);
    if (e < 0) return yield* fail(sh, "popd", `${all[1]}: ${strerror(e)}`);
    sh.dirstack = sh.dirstack.slice(1);
  } else sh.dirstack = sh.dirstack.filter((_, i) => i !== n - 1);
  return yield* dirs(sh, ["dirs"]);
};

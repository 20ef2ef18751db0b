/** Finding and running other programs, as execvp(3) and posix_spawnp(3) do. */
import { Errno } from "../../core/result.ts";
import type { Call, SpawnRequest, Sys } from "../../kernel/abi.ts";

const DEFAULT_PATH = "/bin:/usr/bin";

/** The files to try for a program name, in order. */
function candidates(name: string, env: ReadonlyMap<string, string>): readonly string[] {
  if (name.includes("/")) return [name];
  return (env.get("PATH") ?? DEFAULT_PATH).split(":").map((d) => (d === "" ? name : `${d}/${name}`));
}

/** Replaces this program by another, looked for in PATH. Returns only with -errno; a script without #! is run by sh. */
export function* execvp(sys: Sys, argv: readonly string[], env: ReadonlyMap<string, string>): Call<number> {
  let result: number = -Errno.ENOENT;
  if (argv[0] === "") return result;
  for (const path of candidates(argv[0]!, env)) {
    let r = yield* sys.execve(path, argv, env);
    if (r === -Errno.ENOEXEC) r = yield* sys.execve("/bin/sh", ["/bin/sh", path, ...argv.slice(1)], env);
    if (r === -Errno.EACCES) result = r;
    else if (r !== -Errno.ENOENT && r !== -Errno.ENOTDIR) return r;
  }
  return result;
}

/** Starts another program, looked for in PATH. Its pid, or -errno. */
export function* spawnp(
  sys: Sys,
  argv: readonly string[],
  rest: Omit<SpawnRequest, "main" | "argv" | "path" | "env"> & { readonly env?: ReadonlyMap<string, string> } = {},
): Call<number> {
  const env = rest.env ?? (yield* sys.getenv());
  let result: number = -Errno.ENOENT;
  if (argv[0] === "" || argv[0] === undefined) return result;
  for (const path of candidates(argv[0], env)) {
    let r = yield* sys.spawn({ ...rest, env, main: null, path, argv });
    if (r === -Errno.ENOEXEC)
      r = yield* sys.spawn({ ...rest, env, main: null, path: "/bin/sh", argv: ["/bin/sh", path, ...argv.slice(1)] });
    if (r >= 0) return r;
    if (r === -Errno.EACCES) result = r;
    else if (r !== -Errno.ENOENT && r !== -Errno.ENOTDIR) return r;
  }
  return result;
}

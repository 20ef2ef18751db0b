/**
 * The only file that imports node-pty, and the only one that makes a process: the relay, a fixed program with arguments of our
 * own. On Unix node-pty adds PWD to the environment it is given; the class below leaves it out again, so that the child has
 * exactly the variables named in relayEnvironment().
 */
import type { IPty } from "node-pty";

export interface RelayProgram {
  /** Node, or Electron's own binary run as Node */
  readonly execPath: string;
  readonly script: string;
}

export interface RelayProcess {
  readonly pid: number;
  write(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  kill(): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  onExit(listener: () => void): void;
}

export type SpawnRelay = (
  program: RelayProgram,
  socketPath: string,
  term: number,
  token: string,
  cols: number,
  rows: number,
) => RelayProcess;

/** The whole environment of a relay. */
export function relayEnvironment(
  token: string,
  platform: NodeJS.Platform = process.platform,
  systemRoot = process.env["SystemRoot"] ?? "",
): Record<string, string> {
  const env: Record<string, string> = { ELECTRON_RUN_AS_NODE: "1", TERM: "xterm-256color", HOP_TOKEN: token };
  // without it Windows finds neither sockets nor its random numbers
  if (platform === "win32") env["SystemRoot"] = systemRoot;
  return env;
}

interface Terminal extends IPty {
  _parseEnv(env: Record<string, string>): string[];
}
type TerminalClass = new (file: string, args: string[], options: object) => Terminal;

/** Loads node-pty. Rejects with its own words where its native part is missing or does not fit. */
export async function loadNodePty(): Promise<SpawnRelay> {
  const Terminal = process.platform === "win32" ? await windowsTerminal() : await unixTerminal();
  return ({ execPath, script }, socketPath, term, token, cols, rows) => {
    const pty = new Terminal(execPath, [script, socketPath, String(term)], {
      name: "xterm-256color",
      cols,
      rows,
      cwd: process.platform === "win32" ? process.env["SystemRoot"] : "/",
      env: relayEnvironment(token),
      encoding: null,
    });
    return {
      pid: pty.pid,
      write: (bytes) => pty.write(Buffer.from(bytes)),
      resize: (c, r) => pty.resize(c, r),
      kill: () => pty.kill(),
      // with encoding null it is bytes that come, whatever the declaration says
      onData: (listener) => void pty.onData((data: string | Uint8Array) => listener(typeof data === "string" ? Buffer.from(data) : data)),
      onExit: (listener) => void pty.onExit(() => listener()),
    };
  };
}

async function unixTerminal(): Promise<TerminalClass> {
  const { UnixTerminal } = (await import("node-pty/lib/unixTerminal.js")) as unknown as { UnixTerminal: TerminalClass };
  return class extends UnixTerminal {
    override _parseEnv({ PWD: _, ...env }: Record<string, string>): string[] {
      return super._parseEnv(env);
    }
  };
}

async function windowsTerminal(): Promise<TerminalClass> {
  const { spawn } = await import("node-pty");
  return function (file: string, args: string[], options: object) {
    return spawn(file, args, options);
  } as unknown as TerminalClass;
}

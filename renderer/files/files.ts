/**
 * Files open in the pane beside the terminals. A file's text lives here until it is saved or closed, whatever else is shown
 * meanwhile; each world keeps its own. What a file was when it was read or saved is kept too: a file that is different on the
 * machine now was changed there, and is not written over without being told.
 */
import { create } from "zustand";
import type { FileProblem } from "../../sim/session/protocol.ts";
import type { WorldKey } from "../session/client.ts";
import { useLab } from "../state/lab.ts";
import { readFile, saveFile } from "../state/world.ts";

export interface OpenFile {
  readonly machine: string;
  readonly path: string;
  /** read and written as root */
  readonly sudo: boolean;
  /** on the machine when it was last read or saved; null: not there */
  readonly base: string | null;
  readonly text: string;
  /** counts texts that did not come from the keyboard, so that the editor takes them */
  readonly version: number;
  /** what kept the newest save from being made */
  readonly problem: FileProblem | null;
  /** on the machine now, when that is neither `base` nor `text` and there is unsaved text here */
  readonly theirs: { readonly text: string | null } | null;
  /** taken anew since something else changed it */
  readonly renewed: boolean;
}

interface FilesState {
  readonly open: boolean;
  readonly files: readonly OpenFile[];
  /** place in `files` of the one that is seen; the form for opening one when there is none */
  readonly shown: number;
  /** the form for another file is open */
  readonly asking: boolean;
  /** why the file asked for was not opened */
  readonly refused: { readonly path: string; readonly machine: string; readonly problem: FileProblem } | null;
}

const NONE: FilesState = { open: false, files: [], shown: 0, asking: false, refused: null };
export const useFiles = create<FilesState>(() => NONE);

/** The files of worlds that are not shown now; and of all, for a reload of the page, in the window's own storage. */
const kept = new Map<string, FilesState>();
const placeOf = (key: WorldKey): string => `hop.files ${JSON.stringify(key)}`;
useFiles.subscribe((now) => {
  const { key } = useLab.getState();
  if (!key) return;
  kept.set(placeOf(key), now);
  try {
    sessionStorage.setItem(placeOf(key), JSON.stringify(now));
  } catch {
    // no room there: the text is here for as long as the page is
  }
});
useLab.subscribe((now, before) => {
  if (now.key !== before.key) useFiles.setState((now.key && (kept.get(placeOf(now.key)) ?? stored(now.key))) || NONE, true);
});

function stored(key: WorldKey): FilesState | null {
  try {
    return JSON.parse(sessionStorage.getItem(placeOf(key)) ?? "null") as FilesState | null;
  } catch {
    return null;
  }
}

export const isDirty = (f: OpenFile): boolean => f.text !== (f.base ?? "") || (f.base === null && f.text !== "");
const is = (machine: string, path: string) => (f: OpenFile) => f.machine === machine && f.path === path;

function patch(machine: string, path: string, change: (f: OpenFile) => Partial<OpenFile>): void {
  useFiles.setState((s) => ({ files: s.files.map((f) => (is(machine, path)(f) ? { ...f, ...change(f) } : f)) }));
}
const find = (machine: string, path: string): OpenFile | undefined => useFiles.getState().files.find(is(machine, path));

/** Opens a file, or a new one where its directory is there. */
export async function openFile(machine: string, path: string): Promise<void> {
  const at = useFiles.getState().files.findIndex(is(machine, path));
  if (at >= 0) return useFiles.setState({ shown: at, asking: false, refused: null });
  let answer = await readFile(machine, path, false);
  let sudo = false;
  if (answer?.problem === "permission") {
    answer = await readFile(machine, path, true);
    sudo = true;
  }
  const problem = answer?.problem ?? (answer ? null : "no machine");
  if (!answer || (problem !== null && problem !== "no file")) {
    return useFiles.setState({ refused: { machine, path, problem: problem ?? "refused" } });
  }
  const file: OpenFile = {
    machine,
    path,
    sudo,
    base: answer.text,
    text: answer.text ?? "",
    version: 0,
    problem: null,
    theirs: null,
    renewed: false,
  };
  useFiles.setState((s) => ({ files: [...s.files, file], shown: s.files.length, asking: false, refused: null }));
}

export function closeFile(machine: string, path: string): void {
  useFiles.setState((s) => {
    const files = s.files.filter((f) => !is(machine, path)(f));
    return { files, shown: Math.max(0, Math.min(s.shown, files.length - 1)) };
  });
}

export const typed = (machine: string, path: string, text: string): void =>
  patch(machine, path, (f) => (f.text === text ? {} : { text, renewed: false, problem: null }));

/** Looks whether the file is still what it was here: unsaved text is kept and told about, otherwise the new text is taken. */
export async function look(machine: string, path: string): Promise<void> {
  const before = find(machine, path);
  const answer = before && (await readFile(machine, path, before.sudo));
  const f = find(machine, path);
  if (!answer || !f || (answer.problem !== null && answer.problem !== "no file")) return;
  const now = answer.text;
  // saved meanwhile: the answer is about what was there before
  if (f.base !== before.base) return;
  if (now === f.base) return f.theirs ? patch(machine, path, () => ({ theirs: null })) : undefined;
  if (now === f.text) return patch(machine, path, () => ({ base: now, theirs: null }));
  if (!isDirty(f)) return take(machine, path, now);
  if (f.theirs?.text !== now) patch(machine, path, () => ({ theirs: { text: now } }));
}

function take(machine: string, path: string, text: string | null): void {
  patch(machine, path, (f) => ({ base: text, text: text ?? "", version: f.version + 1, theirs: null, renewed: true, problem: null }));
}

/** The text on the machine in place of the one here. */
export function takeTheirs(machine: string, path: string): void {
  const theirs = find(machine, path)?.theirs;
  if (theirs) take(machine, path, theirs.text);
}

/** Saves; a file that was changed underneath only with `over`. */
export async function save(machine: string, path: string, how: { sudo?: boolean; over?: boolean } = {}): Promise<void> {
  if (!how.over) await look(machine, path);
  const f = find(machine, path);
  if (!f || (f.theirs && !how.over)) return;
  const sudo = how.sudo ?? f.sudo;
  const { text } = f;
  const problem = await saveFile(machine, path, text, sudo);
  patch(machine, path, () => (problem === null ? { base: text, sudo, problem, theirs: null, renewed: false } : { problem }));
}

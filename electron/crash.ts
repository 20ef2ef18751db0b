/**
 * What the learner is told when the page's process is gone or does not answer. It is the system's own dialog, since a page could not
 * be counted on; progress is safe in either case, because every record was on the disk before it counted as saved.
 */
import type { BrowserWindow, Dialog, MessageBoxOptions, RenderProcessGoneDetails } from "electron";

const RELOAD = 0;

export function goneMessage(details: Pick<RenderProcessGoneDetails, "reason" | "exitCode">): MessageBoxOptions {
  return {
    type: "error",
    title: "Hop by Hop",
    message: "The window has stopped working.",
    detail: `Your work is saved. Reload to go on where you were.\n\n(${details.reason}, code ${details.exitCode})`,
    buttons: ["Reload", "Close"],
    defaultId: RELOAD,
    cancelId: 1,
    noLink: true,
  };
}

export const UNRESPONSIVE: MessageBoxOptions = {
  type: "warning",
  title: "Hop by Hop",
  message: "The window does not answer.",
  detail: "Your work is saved. You can wait, or reload and go on where you were.",
  buttons: ["Reload", "Wait"],
  defaultId: 1,
  cancelId: 1,
  noLink: true,
};

/** Ends that are no crash. */
const QUIET: ReadonlySet<string> = new Set(["clean-exit"]);

export function watchForCrashes(window: BrowserWindow, dialog: Pick<Dialog, "showMessageBox">): void {
  let asking = false;
  const ask = async (options: MessageBoxOptions, otherwise: () => void): Promise<void> => {
    if (asking) return;
    asking = true;
    const { response } = await dialog.showMessageBox(window, options);
    asking = false;
    if (window.isDestroyed()) return;
    if (response === RELOAD) window.webContents.reload();
    else otherwise();
  };
  window.webContents.on("render-process-gone", (_event, details) => {
    if (!QUIET.has(details.reason)) void ask(goneMessage(details), () => window.destroy());
  });
  window.on("unresponsive", () => void ask(UNRESPONSIVE, () => {}));
}

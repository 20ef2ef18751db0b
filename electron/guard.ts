/**
 * Puts policy.ts into force: on every web contents that ever comes to be (navigation, new windows, webviews) and on the session
 * (permissions, downloads, certificates). Links out go to the system's browser only after a dialog that shows the whole address.
 */
import type { App, Dialog, Session, Shell, WebContents } from "electron";
import { externalUrl, mayNavigate, mayUse } from "./policy.ts";

export function guardContents(contents: WebContents): void {
  const deny = (event: { preventDefault(): void }, url: string): void => {
    if (!mayNavigate(url)) event.preventDefault();
  };
  contents.on("will-navigate", (event) => deny(event, event.url));
  contents.on("will-redirect", (event) => deny(event, event.url));
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame || !mayNavigate(event.url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
}

export function guardApp(app: Pick<App, "on">): void {
  app.on("web-contents-created", (_event, contents) => guardContents(contents));
  app.on("certificate-error", (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
}

export function guardSession(
  session: Pick<Session, "setPermissionRequestHandler" | "setPermissionCheckHandler" | "setDevicePermissionHandler" | "on">,
): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(mayUse(permission, originOf(details.requestingUrl))),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
}

/** Asks, then opens; resolves to whether it was opened. The only caller of shell.openExternal. */
export async function openOutside(
  url: string,
  dialog: Pick<Dialog, "showMessageBox">,
  shell: Pick<Shell, "openExternal">,
): Promise<boolean> {
  const target = externalUrl(url);
  if (target === null) return false;
  const { response } = await dialog.showMessageBox({
    type: "question",
    title: "Hop by Hop",
    message: "Open this address in your browser?",
    detail: target,
    buttons: ["Open", "Cancel"],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  if (response !== 0) return false;
  await shell.openExternal(target);
  return true;
}

function originOf(url: string): string {
  const m = /^([a-z]+:\/\/[^/?#]*)/.exec(url);
  return m?.[1] ?? "";
}

/** The native menu: roles where the system has them, our own commands with the keys the page also knows. Pure but for what it is given. */
import type { MenuItemConstructorOptions } from "electron";
import type { Command } from "./channels.ts";

export interface MenuActions {
  /** asks the page */
  command(command: Command): void;
  /** shows where progress is kept */
  showProgress(): void;
  about(): void;
}

export function menuTemplate(platform: NodeJS.Platform, packaged: boolean, actions: MenuActions): MenuItemConstructorOptions[] {
  const mac = platform === "darwin";
  const line: MenuItemConstructorOptions = { type: "separator" };
  const app: MenuItemConstructorOptions[] = mac
    ? [
        {
          role: "appMenu",
          submenu: [
            { role: "about" },
            line,
            { role: "services" },
            line,
            { role: "hide" },
            { role: "hideOthers" },
            { role: "unhide" },
            line,
            { role: "quit" },
          ],
        },
      ]
    : [];
  const course: MenuItemConstructorOptions = {
    label: mac ? "Course" : "&Course",
    submenu: [
      { label: "Course map", accelerator: "Alt+Home", click: () => actions.command("home") },
      // shown, not taken: the page handles the key itself, and in a terminal it belongs to the shell
      { label: "Search…", accelerator: "CmdOrCtrl+K", registerAccelerator: false, click: () => actions.command("search") },
      line,
      { label: mac ? "Show progress file in Finder" : "Show progress file", click: () => actions.showProgress() },
      line,
      mac ? { role: "close" } : { role: "quit" },
    ],
  };
  // Ctrl+C and its like are a shell's: roles without taking the key except on the Mac, where Cmd is free
  const edit = (role: "undo" | "redo" | "cut" | "copy" | "paste" | "selectAll"): MenuItemConstructorOptions =>
    mac ? { role } : { role, registerAccelerator: false };
  return [
    ...app,
    course,
    {
      label: mac ? "Edit" : "&Edit",
      submenu: [edit("undo"), edit("redo"), line, edit("cut"), edit("copy"), edit("paste"), edit("selectAll")],
    },
    {
      label: mac ? "View" : "&View",
      submenu: [
        ...(packaged
          ? []
          : ([{ role: "reload", registerAccelerator: false }, { role: "toggleDevTools" }, line] satisfies MenuItemConstructorOptions[])),
        { role: "resetZoom", registerAccelerator: mac },
        { role: "zoomIn", registerAccelerator: mac },
        { role: "zoomOut", registerAccelerator: mac },
        line,
        { role: "togglefullscreen" },
      ],
    },
    {
      role: "windowMenu",
      submenu: [
        { role: "minimize" },
        { role: "zoom" },
        ...(mac
          ? ([line, { role: "front" }] satisfies MenuItemConstructorOptions[])
          : ([{ role: "close", registerAccelerator: false }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    {
      role: "help",
      submenu: [
        { label: "Keyboard shortcuts", accelerator: mac ? "Cmd+/" : "F1", click: () => actions.command("help") },
        ...(mac ? [] : [line, { label: "About Hop by Hop", click: () => actions.about() }]),
      ],
    },
  ];
}

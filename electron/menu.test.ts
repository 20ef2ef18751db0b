import { describe, expect, it } from "vitest";
import type { MenuItemConstructorOptions } from "electron";
import { menuTemplate } from "./menu.ts";

const actions = { command: () => {}, showProgress: () => {}, about: () => {} };
function items(platform: NodeJS.Platform, packaged = true): MenuItemConstructorOptions[] {
  const flat = (list: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    list.flatMap((i) => [i, ...(Array.isArray(i.submenu) ? flat(i.submenu) : [])]);
  return flat(menuTemplate(platform, packaged, actions));
}

describe("the menu", () => {
  it("has a way to leave, to copy, to help, on every system", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      const roles = items(platform).map((i) => i.role);
      for (const role of ["quit", "copy", "paste", "selectAll", "minimize", "togglefullscreen", "help"] as const)
        expect(roles).toContain(role);
      expect(items(platform).map((i) => i.label)).toContain("Keyboard shortcuts");
    }
  });
  it("leaves the keys of shells alone: it takes no Ctrl key where Ctrl is the shell's", () => {
    const taken = items("linux").filter((i) => i.registerAccelerator !== false && /Ctrl/.test(i.accelerator ?? ""));
    expect(taken).toEqual([]);
    const roles = items("linux").filter((i) =>
      ["undo", "cut", "copy", "paste", "selectAll", "resetZoom", "zoomIn", "zoomOut", "close"].includes(i.role ?? ""),
    );
    expect(roles.every((i) => i.registerAccelerator === false)).toBe(true);
  });
  it("offers developer tools only where it is not packaged", () => {
    expect(items("linux", true).some((i) => i.role === "toggleDevTools" || i.role === "reload")).toBe(false);
    expect(items("linux", false).some((i) => i.role === "toggleDevTools")).toBe(true);
  });
  it("asks the page for what the page does", () => {
    const asked: string[] = [];
    const template = menuTemplate("linux", true, { ...actions, command: (c) => asked.push(c) });
    for (const i of template.flatMap((m) => (Array.isArray(m.submenu) ? m.submenu : [])))
      if (["Course map", "Search…", "Keyboard shortcuts"].includes(i.label ?? "")) (i.click as () => void)();
    expect(asked).toEqual(["home", "search", "help"]);
  });
});

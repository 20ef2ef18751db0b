/**
 * The pane that is worked in stays in view and keeps the keyboard when the window crosses the width below which only one
 * pane fits. The two layouts are two trees, so without this a line typed while the window shrinks would end in the page.
 */
import { useEffect, useLayoutEffect, useRef } from "react";
import { useTerminals } from "../state/terminals.ts";
import { useUi } from "../state/ui.ts";
import { terminalHandle } from "../state/world.ts";
import { SINGLE_PANE } from "../ui/hooks.ts";

/** For a screen, which lives through the change of layout; what is below it may not. */
export function usePaneInHand(single: boolean): void {
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent): void => {
      if (!(target instanceof Element)) return;
      if (target.closest(".terms")) useUi.setState({ pane: "terminal" });
      else if (target.closest(".net")) useUi.setState({ pane: "network" });
      else if (target.closest("[data-pane=read]")) useUi.setState({ pane: "read" });
    };
    document.addEventListener("focusin", onFocus);
    return () => document.removeEventListener("focusin", onFocus);
  }, []);

  const before = useRef(single);
  useLayoutEffect(() => {
    if (before.current === single) return;
    before.current = single;
    const typing = typedInto;
    if (!typing) return;
    // after the effects of the new layout, whose text takes the focus as it does when a chapter opens
    requestAnimationFrame(() => {
      useUi.setState({ pane: "terminal" });
      if (typing === "file") document.querySelector<HTMLElement>(".files .cm-content")?.focus();
      else terminalHandle(useTerminals.getState().focused ?? -1)?.focus();
    });
  }, [single]);
}

/** What had the keyboard when the width was last crossed. */
let typedInto: "file" | "terminal" | null = null;
// queries are told in the order they were made: this one before any component has put another tree in place
if (typeof matchMedia === "function")
  matchMedia(SINGLE_PANE).addEventListener("change", () => (typedInto = typingIn(document.activeElement)));

function typingIn(element: Element | null): "file" | "terminal" | null {
  if (element?.closest(".files")) return "file";
  return element?.closest(".xterm") ? "terminal" : null;
}

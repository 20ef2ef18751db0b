/**
 * The line between two panes: 9 px to grab, arrows move it 16 px, Shift 64, Home and End to the limits, Enter collapses
 * and restores, a double press resets. Its value is the size of the pane before it (or after it, with `reverse`) in px.
 */
import { useRef, type JSX, type KeyboardEvent, type PointerEvent } from "react";
import { usePrefs, useT } from "../state/prefs.ts";

export interface DividerProps {
  readonly id: string;
  /** vertical: a line between left and right */
  readonly direction: "vertical" | "horizontal";
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly before: string;
  readonly after: string;
  /** the pane measured stands after the line */
  readonly reverse?: boolean;
  readonly collapsible?: boolean;
}

export function Divider({
  id,
  direction,
  value,
  min,
  max,
  before,
  after,
  reverse = false,
  collapsible = false,
}: DividerProps): JSX.Element {
  const t = useT();
  const setPrefs = usePrefs((s) => s.set);
  const drag = useRef<{ at: number; value: number } | null>(null);
  const set = (next: number | null): void => {
    const { sizes } = usePrefs.getState();
    const { [id]: _, ...rest } = sizes;
    setPrefs({
      sizes: next === null ? rest : { ...rest, [id]: next <= 0 && collapsible ? 0 : Math.round(Math.min(max, Math.max(min, next))) },
    });
  };
  const sign = reverse ? -1 : 1;
  const position = (event: PointerEvent): number => (direction === "vertical" ? event.clientX : event.clientY);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 64 : 16;
    const [less, more] = direction === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    if (event.key === less) set(value - sign * step);
    else if (event.key === more) set(value + sign * step);
    else if (event.key === "Home") set(min);
    else if (event.key === "End") set(max);
    else if (event.key === "Enter") set(value === 0 ? null : collapsible ? 0 : null);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={`divider ${direction}`}
      role="separator"
      tabIndex={0}
      aria-orientation={direction}
      aria-label={t("divider.label", { a: before, b: after })}
      aria-valuenow={Math.round(value)}
      aria-valuemin={collapsible ? 0 : Math.round(min)}
      aria-valuemax={Math.round(max)}
      onKeyDown={onKeyDown}
      onDoubleClick={() => set(null)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { at: position(event), value };
      }}
      onPointerMove={(event) => {
        if (drag.current) set(Math.max(1, drag.current.value + sign * (position(event) - drag.current.at)));
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
    />
  );
}

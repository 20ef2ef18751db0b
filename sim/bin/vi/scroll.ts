/** Keys that move the window: ^F ^B ^D ^U ^E ^Y, zt zz zb. The first line shown is part of the state. */
import type { State } from "./state.ts";

/** False when the key is none of them. */
export function scrollKey(s: State, key: string, count: number | null): boolean {
  const n = count ?? 1;
  const { line } = s.cursor;
  const keep = (to: number): void => s.go(s.aim(Math.max(0, Math.min(s.last, to))), true);
  switch (key) {
    case "C-f":
    case "pagedown": {
      if (s.bottom >= s.last && s.top >= s.last) return true;
      for (let i = 0; i < n; i++)
        s.top = Math.min(s.last, s.bottom < s.last || i > 0 ? Math.max(s.top + 1, s.top + Math.max(1, s.bottom - s.top - 1)) : s.last);
      s.go(s.firstNonBlank(Math.max(line, s.top)));
      break;
    }
    case "C-b":
    case "pageup": {
      if (s.top === 0) return true;
      s.top = Math.max(0, s.top - Math.max(1, (s.rows - 2) * n));
      s.go(s.firstNonBlank(Math.min(s.last, s.top + s.rows - 1)));
      break;
    }
    case "C-d": {
      const by = count ?? Math.max(1, Math.floor(s.rows / 2));
      if (line >= s.last) return true;
      s.top = Math.min(Math.max(s.top, s.last - s.rows + 1), s.top + by);
      s.go(s.firstNonBlank(Math.min(s.last, line + by)));
      break;
    }
    case "C-u": {
      const by = count ?? Math.max(1, Math.floor(s.rows / 2));
      if (line === 0) return true;
      s.top = Math.max(0, s.top - by);
      s.go(s.firstNonBlank(Math.max(0, line - by)));
      break;
    }
    case "C-e":
      s.top = Math.min(s.last, s.top + n);
      if (line < s.top) keep(s.top);
      break;
    case "C-y":
      s.top = Math.max(0, s.top - n);
      if (line > s.top + s.rows - 1) keep(s.top + s.rows - 1);
      break;
    case "zt":
    case "zenter":
      s.top = line;
      if (key !== "zt") s.go(s.firstNonBlank(line));
      break;
    case "zz":
    case "z.":
      s.top = Math.max(0, line - Math.floor((s.rows - 1) / 2));
      break;
    case "zb":
    case "z-":
      s.top = Math.max(0, line - s.rows + 1);
      break;
    default:
      return false;
  }
  return true;
}

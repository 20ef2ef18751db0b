/** The app's symbols, drawn on 16 px with the line of the text around them. Decoration: the words beside them say it. */
import type { JSX } from "react";

const PATHS = {
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5v-1A1.5 1.5 0 0 0 9 3H4a1.5 1.5 0 0 0-1.5 1.5v5A1.5 1.5 0 0 0 4 11h1.5" />
    </>
  ),
  type: <path d="M2.5 4.5 6 8l-3.5 3.5M8 12h5.5" />,
  run: <path d="M4.5 3v10l8-5z" fill="currentColor" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.3 10.3 3.2 3.2" />
    </>
  ),
  split: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.5" />
      <path d="M8 3v10" />
    </>
  ),
  single: <rect x="2" y="3" width="12" height="10" rx="1.5" />,
  text: <path d="M3 4h10M3 7h10M3 10h10M3 13h6" />,
  file: <path d="M4 2.5h5l3 3v8H4zM9 2.5v3h3M6 8.5h4M6 11h4" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" fill="currentColor" stroke="none" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M6.3 6.3a1.7 1.7 0 1 1 2.3 1.6c-.4.2-.6.5-.6 1v.3M8 11.3v.01" />
    </>
  ),
  check: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.3 8.2 1.9 1.9 3.6-4" />
    </>
  ),
  cross: (
    <>
      <path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3z" />
      <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" />
    </>
  ),
  dashed: <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.27" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.5V8l2.3 1.5" />
    </>
  ),
  warn: <path d="M8 2.2 14.3 13H1.7zM8 6.5v3M8 11.2v.01" />,
  undo: <path d="M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H6" />,
  reset: <path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3" />,
  back: <path d="M9.5 3.5 5 8l4.5 4.5" />,
  forward: <path d="M6.5 3.5 11 8l-4.5 4.5" />,
  down: <path d="m4 6 4 4 4-4" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  plus: <path d="M8 3v10M3 8h10" />,
  minus: <path d="M3 8h10" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  pin: <path d="M6 2.5h4l-.5 4 2 2.5h-7l2-2.5zM8 9v4.5" />,
  packets: (
    <>
      <path d="M2 4h12M2 8h12M2 12h12" />
      <circle cx="5" cy="4" r="1.3" fill="var(--surface)" />
      <circle cx="11" cy="8" r="1.3" fill="var(--surface)" />
      <circle cx="7" cy="12" r="1.3" fill="var(--surface)" />
    </>
  ),
  concept: (
    <>
      <circle cx="8" cy="6.5" r="4" />
      <path d="M6.5 10.3v2.2h3v-2.2M6.8 14h2.4" />
    </>
  ),
  tip: <path d="M3 8h8M8 4.5 11.5 8 8 11.5M13.5 3v10" />,
  example: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="m5 6.5 2 1.7-2 1.7M8.5 10.5h2.5" />
    </>
  ),
  deep: <path d="M8 2.5v10M4.5 9 8 12.5 11.5 9M3 14.5h10" />,
  plug: <path d="M6 2.5V5M10 2.5V5M4.5 5h7v2.5a3.5 3.5 0 0 1-7 0zM8 11v3" />,
  fit: <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />,
  menu: <path d="M3 4.5h10M3 8h10M3 11.5h10" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return (
    <svg className="i" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}

/** The mark: one hop made, one under way. */
export function Logo(): JSX.Element {
  return (
    <svg className="logo" viewBox="0 0 34 16" aria-hidden="true" focusable="false">
      <path d="M4 12h26" stroke="var(--line-2)" strokeWidth="1.5" />
      <path d="M4 12C6 3 15 3 17 12" fill="none" stroke="var(--ink)" strokeWidth="1.8" />
      <path d="M17 12c2-9 11-9 13 0" fill="none" stroke="var(--act)" strokeWidth="1.8" strokeDasharray="2.2 2.6" />
      <circle cx="4" cy="12" r="3" fill="var(--ink)" />
      <circle cx="17" cy="12" r="3" fill="var(--ink)" />
      <circle cx="30" cy="12" r="2.4" fill="var(--surface)" stroke="var(--act)" strokeWidth="1.6" />
    </svg>
  );
}

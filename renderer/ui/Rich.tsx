/** Plain text in which `backquotes` make code; the only mark-up that data (hints, explanations) may carry. */
import type { JSX } from "react";

export function Rich({ text }: { readonly text: string }): JSX.Element {
  return <>{text.split("`").map((piece, i) => (i % 2 === 1 ? <code key={`${i}${piece}`}>{piece}</code> : piece))}</>;
}

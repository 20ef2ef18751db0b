/** Small parts of a chapter's text: callouts, machine names, fidelity marks, tables. */
import { useId, useState, type ComponentProps, type JSX } from "react";
import { useT } from "../state/prefs.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { MachineBadge } from "../ui/marks.tsx";
import type { CalloutProps, CiteProps, FidelityProps, NodeProps } from "./components.tsx";

const ICONS: Record<CalloutProps["kind"], IconName> = { concept: "concept", tip: "tip", warning: "warn", example: "example", deep: "deep" };

export function Callout({ kind, title, children }: CalloutProps): JSX.Element {
  const t = useT();
  const [open, setOpen] = useState(kind !== "deep");
  const id = useId();
  const head = (
    <>
      <Icon name={ICONS[kind]} />
      <span className="k-kind">{t(`callout.${kind}`)}</span>
      {title && <span className="k-title">{title}</span>}
    </>
  );
  return (
    <aside className={`note ${kind}`} aria-label={title ?? t(`callout.${kind}`)}>
      {kind === "deep" ? (
        <button type="button" className="k fold" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {head}
          <span className="grow" />
          <Icon name="down" />
        </button>
      ) : (
        <div className="k">{head}</div>
      )}
      <div id={id} hidden={!open}>
        {children}
      </div>
    </aside>
  );
}

export function Node({ name }: NodeProps): JSX.Element {
  return (
    <span className="node">
      <MachineBadge name={name} />
      {name}
    </span>
  );
}

export function Fidelity({ is, children }: FidelityProps): JSX.Element {
  const t = useT();
  return (
    <div className="fidelity">
      <b>{t(`fidelity.${is}`)}.</b> {children}
    </div>
  );
}

export function Cite({ children }: CiteProps): JSX.Element {
  return <small className="cite">{children}</small>;
}

/** Tables may be wider than the column: they scroll in themselves, by keyboard too. */
export function Table(props: ComponentProps<"table">): JSX.Element {
  return (
    <div className="table-box" tabIndex={0} role="group">
      <table {...props} />
    </div>
  );
}

/** Blocks of shell lines with Copy, Type and Run and the result of Run under them; and text that machines printed. */
import { isValidElement, useContext, useRef, useState, type ComponentProps, type JSX, type ReactNode } from "react";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useUi } from "../state/ui.ts";
import { showMachine, typeInto } from "../state/world.ts";
import { Icon } from "../ui/Icon.tsx";
import { MachineBadge, State } from "../ui/marks.tsx";
import type { OutputProps, ShellProps } from "./components.tsx";
import { ChapterContext } from "./context.ts";
import { commandsOf, runBlock, type RunState } from "./run.ts";

/** What a fence becomes: a shell block when it names a machine, else text with Copy. */
export function Pre(
  props: ComponentProps<"pre"> & { readonly "data-on"?: string; readonly "data-run"?: string; readonly "data-out"?: string },
): JSX.Element {
  const { "data-on": on, "data-run": run, "data-out": out, children } = props;
  const text = textOf(children).replace(/\n$/, "");
  if (on) return <CodeBlock on={on} run={run !== undefined} out={out} text={text} />;
  return (
    <div className="code plain">
      <div className="code-head floating">
        <Copy text={text} />
      </div>
      <pre tabIndex={0}>{children}</pre>
    </div>
  );
}

function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join("");
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : "";
}

export function Shell({ on, run = false, out, children }: ShellProps): JSX.Element {
  return <CodeBlock on={on} run={run} out={out} text={children.trim()} />;
}

export function CodeBlock({
  on,
  run,
  out,
  text,
}: {
  readonly on: string;
  readonly run: boolean;
  readonly out?: string | undefined;
  readonly text: string;
}): JSX.Element {
  const t = useT();
  const [state, setState] = useState<RunState | null>(null);
  const typed = useRef(0);
  const leader = useUi((s) => s.leader);
  const there = useLab((s) => s.topology?.machines.some((m) => m.name === on) ?? false);
  const ready = useLab((s) => s.phase === "ready") && leader;
  const running = state?.at === "running";

  const type = (): void => {
    const lines = commandsOf(text);
    const busy = Object.values(useLab.getState().terminals).find((v) => v.machine === on && v.busy)?.busy;
    if (busy) return setState({ at: "refused", why: "busy", command: busy });
    if (!typeInto(on, lines[typed.current % Math.max(1, lines.length)] ?? "")) setState({ at: "refused", why: "no machine", command: "" });
    typed.current++;
  };

  return (
    <figure className="code" aria-label={t("block.shellFor", { machine: on })}>
      <div className="code-head">
        <MachineBadge name={on} />
        <span className="ell">{on}</span>
        <span className="grow" />
        <Copy text={text} />
        <button type="button" className="b quiet" disabled={!ready || !there} onClick={type}>
          <Icon name="type" />
          <span className="word">{t("block.type")}</span>
        </button>
        {run && (
          <button type="button" className="b act" disabled={!ready || !there || running} onClick={() => void runBlock(on, text, setState)}>
            <Icon name="run" />
            <span className="word">{t("block.run")}</span>
          </button>
        )}
      </div>
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      {ready && !there && <p className="res muted">{t("block.noMachine", { machine: on })}</p>}
      {state && <Result state={state} on={on} />}
      {out && <OutputText id={out} on={on} />}
    </figure>
  );
}

function Result({ state, on }: { readonly state: RunState; readonly on: string }): JSX.Element {
  const t = useT();
  const show = (
    <button type="button" className="link" onClick={() => showMachine(on)}>
      {t("block.show")}
    </button>
  );
  return (
    <output className="res">
      {state.at === "running" && (
        <>
          <State mark="wait">{t("block.running")}</State>
          <span className="muted ell grow">
            {state.text || (state.total > 1 ? t("block.lines", { n: state.line, total: state.total }) : "")}
          </span>
        </>
      )}
      {state.at === "done" && (
        <>
          {state.code === null ? (
            <b>{t("block.done")}</b>
          ) : state.code > 0 ? (
            <State mark="bad">{t("block.exit", { code: state.code })}</State>
          ) : (
            <State mark="ok">{t("block.done")}</State>
          )}
          <span className="soft ell grow mono res-text" title={state.text}>
            {state.text}
          </span>
        </>
      )}
      {state.at === "refused" && (
        <>
          <State mark="look" />
          <span className="grow">
            {state.why === "busy" ? t("block.busy", { machine: on, command: state.command }) : t("block.noMachine", { machine: on })}
          </span>
        </>
      )}
      {state.at !== "refused" || state.why === "busy" ? show : null}
    </output>
  );
}

function Copy({ text }: { readonly text: string }): JSX.Element {
  const t = useT();
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("idle"), 2500);
  };
  return (
    <button type="button" className="b quiet" onClick={() => void copy()}>
      <Icon name={state === "copied" ? "check" : "copy"} />
      <span className="word" aria-live="polite">
        {state === "failed" ? t("block.copyFailed") : t(state === "copied" ? "block.copied" : "block.copy")}
      </span>
    </button>
  );
}

export function Output({ id, on, title }: OutputProps): JSX.Element {
  const t = useT();
  return (
    <figure className="code answer">
      <div className="code-head">
        {on && <MachineBadge name={on} />}
        <span>{title ?? (on ? t("block.output", { machine: on }) : "")}</span>
      </div>
      <OutputText id={id} />
    </figure>
  );
}

function OutputText({ id, on }: { readonly id: string; readonly on?: string }): JSX.Element {
  const t = useT();
  const { outputs } = useContext(ChapterContext);
  const text = outputs[id];
  return (
    <div className="answer-text">
      {text === undefined ? (
        <p className="muted">{t("block.outputMissing")}</p>
      ) : text === "" ? (
        <p className="muted">{t("block.outputNone")}</p>
      ) : (
        <pre tabIndex={0} aria-label={on ? t("block.output", { machine: on }) : undefined}>
          <samp>{text.replace(/\n$/, "")}</samp>
        </pre>
      )}
    </div>
  );
}

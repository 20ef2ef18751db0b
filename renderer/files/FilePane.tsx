/** Files of the lab in a pane beside the terminal: open, edit, save. What was changed on the machine meanwhile is told. */
import { lazy, Suspense, useEffect, useId, useRef, useState, type JSX, type MouseEvent } from "react";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { useTerminals } from "../state/terminals.ts";
import { useUi } from "../state/ui.ts";
import { Confirm } from "../ui/dialogs.tsx";
import { Icon } from "../ui/Icon.tsx";
import { MachineBadge, State } from "../ui/marks.tsx";
import { closeFile, isDirty, look, openFile, save, takeTheirs, typed, useFiles, type OpenFile } from "./files.ts";

const CodeEditor = lazy(() => import("./CodeEditor.tsx"));

/** how often the file that is seen is compared with the one on its machine, ms */
const LOOK_EVERY = 1000;
/** files that labs are about most often */
const USUAL = ["/etc/hosts", "/etc/resolv.conf", "/etc/sysctl.d/99-lab.conf", "/proc/sys/net/ipv4/ip_forward"];

export function FilePane(): JSX.Element {
  const t = useT();
  const { files, shown, asking } = useFiles();
  const file = files[shown];
  const [dropping, setDropping] = useState<OpenFile | null>(null);
  const drop = (f: OpenFile): void => (isDirty(f) ? setDropping(f) : closeFile(f.machine, f.path));

  return (
    <section className="pane files" aria-label={t("file.pane")} data-pane="file">
      <div className="ph">
        <div className="tablist" role="tablist" aria-label={t("file.pane")}>
          {files.map((f, i) => (
            <button
              key={`${f.machine}:${f.path}`}
              type="button"
              role="tab"
              className="file-tab"
              aria-selected={i === shown && !asking}
              title={`${f.machine}:${f.path}`}
              onClick={() => useFiles.setState({ shown: i, asking: false })}
            >
              <MachineBadge name={f.machine} />
              <span className="ell">{f.path.split("/").at(-1)}</span>
              {isDirty(f) && <span aria-label={t("file.unsaved")}>●</span>}
            </button>
          ))}
        </div>
        <span className="grow" />
        {file && (
          <>
            <button
              type="button"
              className="b quiet ico tiny"
              aria-label={t("file.another")}
              aria-pressed={asking}
              onClick={() => useFiles.setState({ asking: !asking })}
            >
              <Icon name="plus" size={12} />
            </button>
            <button type="button" className="b quiet ico tiny" aria-label={t("file.close", { path: file.path })} onClick={() => drop(file)}>
              <Icon name="minus" size={12} />
            </button>
          </>
        )}
        <button
          type="button"
          className="b quiet ico tiny"
          aria-label={t("file.closePane")}
          onClick={() => useFiles.setState({ open: false })}
        >
          <Icon name="close" size={12} />
        </button>
      </div>
      {!file || asking ? <OpenForm /> : <FileView key={`${file.machine}:${file.path}`} file={file} />}
      <Confirm
        open={dropping !== null}
        title={t("file.dropTitle", { path: dropping?.path ?? "" })}
        text={t("file.dropText")}
        confirm={t("file.drop")}
        cancel={t("file.keep")}
        onAnswer={(yes) => {
          if (yes && dropping) closeFile(dropping.machine, dropping.path);
          setDropping(null);
        }}
      />
    </section>
  );
}

function OpenForm(): JSX.Element {
  const t = useT();
  const id = useId();
  const refused = useFiles((s) => s.refused);
  const machines = useLab((s) => s.topology)?.machines.filter((m) => m.kind === "host") ?? [];
  const near = useTerminals((s) => s.tabs.find((tab) => tab.term === s.focused)?.machine);
  const [machine, setMachine] = useState(near ?? machines[0]?.name ?? "");
  const [path, setPath] = useState(refused?.path ?? "/etc/hosts");
  const chosen = machines.some((m) => m.name === machine) ? machine : (machines[0]?.name ?? "");
  const field = useRef<HTMLInputElement>(null);
  // selected, so that a path typed at once takes its place
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <form
      className="file-form"
      onSubmit={(event) => {
        event.preventDefault();
        void openFile(chosen, path.trim());
      }}
    >
      <b>{t("file.open")}</b>
      <label htmlFor={`${id}-m`}>{t("file.machine")}</label>
      <select id={`${id}-m`} className="field" value={chosen} onChange={(event) => setMachine(event.target.value)}>
        {machines.map((m) => (
          <option key={m.name}>{m.name}</option>
        ))}
      </select>
      <label htmlFor={`${id}-p`}>{t("file.path")}</label>
      <input
        id={`${id}-p`}
        className="field mono"
        ref={field}
        value={path}
        list={`${id}-l`}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={`${id}-said`}
        onChange={(event) => setPath(event.target.value)}
      />
      <datalist id={`${id}-l`}>
        {USUAL.map((p) => (
          <option key={p}>{p}</option>
        ))}
      </datalist>
      <output id={`${id}-said`} className="field-note">
        {refused && <State mark="look">{t(`file.why.${refused.problem}`, refused)}</State>}
      </output>
      <div>
        <button type="submit" className="b pri" disabled={chosen === ""}>
          {t("file.openIt")}
        </button>
      </div>
    </form>
  );
}

function FileView({ file }: { readonly file: OpenFile }): JSX.Element {
  const t = useT();
  const { machine, path } = file;
  const leader = useUi((s) => s.leader);
  const ready = useLab((s) => s.phase === "ready");
  const world = useLab((s) => JSON.stringify(s.key));

  useEffect(() => {
    if (!ready) return;
    void look(machine, path);
    const timer = setInterval(() => document.visibilityState === "visible" && void look(machine, path), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [machine, path, ready]);

  const saveIt = (): void => {
    if (ready && leader) void save(machine, path);
  };
  return (
    <div className="file-view">
      <Said file={file} />
      <Suspense fallback={<p className="muted file-loading">{t("app.loading")}</p>}>
        <CodeEditor
          id={`${world} ${machine}:${path}`}
          label={`${machine}:${path}`}
          text={file.text}
          version={file.version}
          onChange={(text) => typed(machine, path, text)}
          onSave={saveIt}
        />
      </Suspense>
      <div className="file-foot">
        <span className="mono ell">
          {machine}:{path}
        </span>
        {file.sudo && <span className="muted">{t("file.asRoot")}</span>}
        <span className="grow" />
        <output className="muted">
          {isDirty(file) ? t("file.unsaved") : file.base === null ? t("file.new") : t("file.saved", { machine })}
        </output>
        <button type="button" className="b pri small" disabled={!ready || !leader} onClick={saveIt}>
          {t("file.save")}
        </button>
      </div>
    </div>
  );
}

/** What stands in the way, or what happened to the file: one line, with what can be done about it. */
function Said({ file }: { readonly file: OpenFile }): JSX.Element {
  const t = useT();
  const { machine, path, problem, theirs } = file;
  /** the button goes away with what it answers: the keyboard goes on in the text */
  const answer = (act: () => unknown) => (event: MouseEvent<HTMLElement>) => {
    event.currentTarget.closest(".file-view")?.querySelector<HTMLElement>(".cm-content")?.focus();
    void act();
  };
  return (
    <output className="file-said">
      {theirs ? (
        <>
          <State mark="look">{t(theirs.text === null ? "file.gone" : "file.theirs", { machine, path })}</State>
          {theirs.text !== null && (
            <button type="button" className="b small" onClick={answer(() => takeTheirs(machine, path))}>
              {t("file.take", { machine })}
            </button>
          )}
          <button type="button" className="b small" onClick={answer(() => save(machine, path, { over: true }))}>
            {t("file.over")}
          </button>
        </>
      ) : problem ? (
        <>
          <State mark="bad">{t(`file.why.${problem}`, { machine, path })}</State>
          {problem === "permission" && !file.sudo && (
            <button type="button" className="b small" onClick={answer(() => save(machine, path, { sudo: true }))}>
              {t("file.saveRoot")}
            </button>
          )}
        </>
      ) : (
        file.renewed && <State mark="look">{t("file.renewed", { machine })}</State>
      )}
    </output>
  );
}

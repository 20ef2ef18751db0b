/** The address plan of a cluster: three ranges and a block size to choose, drawn where they lie, checked for overlap and size. */
import { Fragment, useId, useState, type JSX } from "react";
import { contains, fmtCidr, fmtIp4, lastOf, networkOf, readCidr, sizeOf, type Prefix4 } from "../addresses/cidr.ts";
import {
  checkPlan,
  drawTask,
  FIELDS,
  RANGES,
  readPlan,
  type PlanCheck,
  type PlanField,
  type PlanTask,
  type PlanText,
} from "../addresses/plan.ts";
import type { Phrase } from "../addresses/phrase.ts";
import { catalogues, type MessageKey } from "../i18n/index.ts";
import { useT } from "../state/prefs.ts";
import { useProgress } from "../state/progress.ts";
import { useUi } from "../state/ui.ts";
import { State } from "../ui/marks.tsx";
import type { ClusterPlanProps } from "./components.tsx";
import { useChapter, useTask } from "./context.ts";
import { Table } from "./prose.tsx";

const EMPTY: PlanText = { nodes: "", pods: "", perNode: "", services: "" };

export function ClusterPlan({ id, seed: first = 1 }: ClusterPlanProps): JSX.Element {
  const t = useT();
  const { chapter } = useChapter();
  const kept = useProgress((s) => s.progress.plans.get(`${chapter}/${id}`)) ?? null;
  const keep = useProgress((s) => s.keep);
  const leader = useUi((s) => s.leader);
  /** null: nothing was done here yet, so what was kept is shown */
  const [own, setOwn] = useState<{ seed: number; text: PlanText } | null>(null);
  const [checked, setChecked] = useState<PlanText | null>(null);
  useTask(id, kept?.passed === true);
  const seed = own?.seed ?? kept?.seed ?? first;
  const text = own?.text ?? kept?.text ?? EMPTY;
  const task = drawTask(seed);
  const { plan, problems } = readPlan(text);
  const asked = checked ?? (own === null ? (kept?.text ?? null) : null);
  const current = asked !== null && FIELDS.every((f) => asked[f] === text[f]);
  const checks = plan && current ? checkPlan(task, plan) : null;

  const check = (): void => {
    setChecked(text);
    setOwn({ seed, text });
    if (!plan || !leader) return;
    keep({ do: "plan", chapter, plan: id, seed, text, passed: checkPlan(task, plan).every((c) => c.passed) });
  };
  const change = (field: PlanField, value: string): void => setOwn({ seed, text: { ...text, [field]: value } });

  return (
    <section className="plan" aria-label={t("plan.title")}>
      <div className="row wrap">
        <b>{t("plan.title")}</b>
        <span className="grow" />
        <span className="muted">{t("plan.variant", { seed })}</span>
        <button
          type="button"
          className="b small"
          onClick={() => {
            setOwn({ seed: seed + 1, text: EMPTY });
            setChecked(null);
          }}
        >
          {t("plan.other")}
        </button>
      </div>
      <Task task={task} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <div className="plan-fields">
          {FIELDS.map((f) => (
            <Field
              key={f}
              field={f}
              value={text[f]}
              // a field that is still empty is no mistake before the plan is checked
              problem={text[f].trim() === "" && !current ? null : (problems[f] ?? null)}
              onChange={(value) => change(f, value)}
            />
          ))}
        </div>
        <Drawing task={task} text={text} />
        <div className="row wrap predict-end">
          <button type="submit" className="b pri">
            {t("plan.check")}
          </button>
          <output>
            {checks ? (
              <State mark={checks.every((c) => c.passed) ? "ok" : "bad"}>
                {checks.every((c) => c.passed)
                  ? t("plan.passed")
                  : t("plan.failed", { n: checks.filter((c) => !c.passed).length, total: checks.length })}
              </State>
            ) : (
              asked !== null && !current && <State mark="idle">{t("plan.edit")}</State>
            )}
          </output>
        </div>
      </form>
      {checks && <Checks checks={checks} />}
    </section>
  );
}

/** A phrase in words; a value that is itself a key of the catalogue is put into words first. */
function useTell(): (phrase: Phrase) => string {
  const t = useT();
  return ({ key, params }) =>
    t(
      key,
      Object.fromEntries(
        Object.entries(params).map(([k, v]) => [
          k,
          typeof v === "string" && v in catalogues.en ? t(v as MessageKey) : typeof v === "number" ? v.toLocaleString("en-US") : v,
        ]),
      ),
    );
}

function Task({ task }: { readonly task: PlanTask }): JSX.Element {
  const t = useT();
  return (
    <>
      <p className="q">{t("plan.task", { cidr: fmtCidr(task.allotted) })}</p>
      <ul className="plan-needs">
        <li>{t("plan.needNodes", { n: task.nodes })}</li>
        <li>{t("plan.needPods", { n: task.podsPerNode })}</li>
        <li>{t("plan.needServices", { n: task.services.toLocaleString("en-US") })}</li>
        {task.used.map((u) => (
          <li key={u.name}>
            {t("plan.inUse")}: {t(u.name)} <code>{fmtCidr(u.range)}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

function Field({
  field,
  value,
  problem,
  onChange,
}: {
  readonly field: PlanField;
  readonly value: string;
  readonly problem: Phrase | null;
  onChange(value: string): void;
}): JSX.Element {
  const t = useT();
  const id = useId();
  return (
    <div className="plan-field">
      <label htmlFor={id}>{t(`plan.field.${field}`)}</label>
      <input
        id={id}
        className="field mono"
        value={value}
        placeholder={field === "perNode" ? t("plan.hint.perNode") : undefined}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-said`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-said`} className="field-note">
        {problem && <State mark="look">{t(problem.key, problem.params)}</State>}
      </p>
    </div>
  );
}

function Checks({ checks }: { readonly checks: readonly PlanCheck[] }): JSX.Element {
  const t = useT();
  const tell = useTell();
  return (
    <ul className="plan-checks">
      {checks.map((c) => (
        <li key={c.id}>
          <State mark={c.passed ? "ok" : "bad"}>{tell(c.title)}</State>
          {!c.passed && (
            <dl className="facts">
              {(["expected", "found", "look"] as const).map((row) => (
                <div key={row}>
                  <dt>{t(`plan.${row}`)}</dt>
                  <dd>{tell(c[row])}</dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Every range on one scale, a row for each kind, so that what overlaps stands one above the other; and the same as a table. */
function Drawing({ task, text }: { readonly task: PlanTask; readonly text: PlanText }): JSX.Element {
  const t = useT();
  const { allotted } = task;
  const own = RANGES.flatMap((name) => {
    const read = readCidr(text[name]);
    if (!read.ok || networkOf(read.value) !== read.value.addr) return [];
    return [{ key: name as string, row: t(`plan.range.${name}`), name: t(`plan.range.${name}`), range: read.value }];
  });
  const bars = [...task.used.map((u) => ({ key: u.name as string, row: t("plan.inUse"), name: t(u.name), range: u.range })), ...own];
  const rows = [t("plan.inUse"), ...RANGES.map((r) => t(`plan.range.${r}`))];
  const caption = t("plan.picture", { cidr: fmtCidr(allotted) });
  return (
    <figure className="plan-picture">
      <figcaption>{caption}</figcaption>
      <div className="plan-lanes" aria-hidden="true">
        {rows.map((row, i) => (
          <Fragment key={row}>
            <span className="plan-row">{row}</span>
            <span className="plan-lane">
              {bars
                .filter((b) => b.row === row)
                .map((b) => (
                  <Bar
                    key={b.key}
                    range={b.range}
                    of={allotted}
                    used={i === 0}
                    clash={bars.some((o) => o !== b && meets(o.range, b.range))}
                  />
                ))}
            </span>
          </Fragment>
        ))}
        <span className="plan-ends mono">
          <span>{fmtIp4(networkOf(allotted))}</span>
          <span>{fmtIp4(lastOf(allotted))}</span>
        </span>
      </div>
      <p className="muted">{t("plan.pictureNote")}</p>
      <Table aria-label={caption}>
        <thead>
          <tr>
            {(["tableRange", "tableFrom", "tableTo", "tableSize"] as const).map((h) => (
              <th key={h} scope="col">
                {t(`plan.${h}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.map((b) => (
            <tr key={b.key}>
              <th scope="row">
                {b.name}
                {!contains(allotted, b.range) && <State mark="look">{t("plan.outside")}</State>}
              </th>
              <td className="mono">{fmtIp4(networkOf(b.range))}</td>
              <td className="mono">{fmtIp4(lastOf(b.range))}</td>
              <td className="tnum">{sizeOf(b.range.len).toLocaleString("en-US")}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </figure>
  );
}

const meets = (a: Prefix4, b: Prefix4): boolean => contains(a, b) || contains(b, a);

function Bar({
  range,
  of,
  used,
  clash,
}: {
  readonly range: Prefix4;
  readonly of: Prefix4;
  readonly used: boolean;
  readonly clash: boolean;
}): JSX.Element | null {
  const percent = (addr: number): number => Math.min(100, Math.max(0, ((addr - of.addr) / sizeOf(of.len)) * 100));
  const [from, to] = [percent(range.addr), percent(range.addr + sizeOf(range.len))];
  if (to === 0 || from === 100) return null;
  return (
    <i
      className={`plan-bar${used ? " used" : ""}${clash ? " clash" : ""}`}
      style={{ left: `min(${from}%, 100% - 5px)`, width: `${to - from}%` }}
    />
  );
}

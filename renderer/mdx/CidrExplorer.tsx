/** Any address with a prefix length, taken apart while it is typed: its bits, its network, who can have what, what it is for. */
import { useId, useState, type JSX } from "react";
import { factsOf, fmtCidr, fmtIp4, kindOf, readCidr, type Prefix4 } from "../addresses/cidr.ts";
import { useT } from "../state/prefs.ts";
import { Icon } from "../ui/Icon.tsx";
import { State } from "../ui/marks.tsx";
import { Bits } from "./Bits.tsx";
import type { CidrExplorerProps } from "./components.tsx";

const NOTHING: Prefix4 = { addr: 0, len: 0 };

export function CidrExplorer({ start, tries = [] }: CidrExplorerProps): JSX.Element {
  const t = useT();
  const [text, setText] = useState(start);
  /** what the bits show: the newest text that could be read */
  const [shown, setShown] = useState<Prefix4>(() => prefixOf(start) ?? NOTHING);
  const id = useId();
  const read = readCidr(text);
  const problem = read.ok ? null : t(read.why.key, read.why.params);

  const type = (next: string): void => {
    setText(next);
    const p = prefixOf(next);
    if (p) setShown(p);
  };
  const stretch = (len: number): void => type(fmtCidr({ addr: shown.addr, len: Math.min(32, Math.max(0, len)) }));

  return (
    <section className="cidr" aria-label={t("cidr.title")}>
      <div className="row wrap">
        <label htmlFor={id}>
          <b>{t("cidr.label")}</b>
        </label>
        <span className="grow" />
        {tries.length > 0 && <span className="muted">{t("cidr.examples")}</span>}
        {tries.map((example) => (
          <button key={example} type="button" className="b small mono" onClick={() => type(example)}>
            {example}
          </button>
        ))}
      </div>
      <div className="row wrap">
        <input
          id={id}
          className="field mono"
          value={text}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== null}
          aria-describedby={`${id}-said`}
          onChange={(event) => type(event.target.value)}
        />
        <span className="cidr-stretch">
          <button
            type="button"
            className="b ico"
            aria-label={t("cidr.shorter")}
            disabled={shown.len === 0}
            onClick={() => stretch(shown.len - 1)}
          >
            <Icon name="minus" />
          </button>
          <input
            type="range"
            className="cidr-slider"
            min={0}
            max={32}
            value={shown.len}
            aria-label={t("cidr.slider")}
            aria-valuetext={`/${shown.len}`}
            onChange={(event) => stretch(Number(event.target.value))}
          />
          <button
            type="button"
            className="b ico"
            aria-label={t("cidr.longer")}
            disabled={shown.len === 32}
            onClick={() => stretch(shown.len + 1)}
          >
            <Icon name="plus" />
          </button>
        </span>
      </div>
      <output id={`${id}-said`} className="field-note">
        {problem !== null && <State mark="look">{problem}</State>}
      </output>
      <div className={problem === null ? undefined : "stale"}>
        <Bits addr={shown.addr} len={shown.len} />
        <p className="bit-legend">
          <span className="key is-net">N</span> {t("cidr.networkPart", { n: shown.len })}
          <span className="key is-host">H</span> {t("cidr.hostPart", { n: 32 - shown.len })}
        </p>
        <FactList prefix={shown} />
      </div>
    </section>
  );
}

function prefixOf(text: string): Prefix4 | null {
  const read = readCidr(text);
  return read.ok ? read.value : null;
}

function FactList({ prefix }: { readonly prefix: Prefix4 }): JSX.Element {
  const t = useT();
  const f = factsOf(prefix);
  const hosts =
    prefix.len === 31
      ? t("cidr.hosts31")
      : prefix.len === 32
        ? t("cidr.hosts32")
        : t("cidr.hostsUsual", { hosts: f.hosts.toLocaleString("en-US"), free: 32 - prefix.len });
  const rows: [string, string][] = [
    [t("cidr.mask"), fmtIp4(f.mask)],
    [t("cidr.network"), fmtCidr({ addr: f.network, len: prefix.len })],
    [t("cidr.broadcast"), f.broadcast === null ? t("cidr.noBroadcast") : fmtIp4(f.broadcast)],
    [t("cidr.first"), fmtIp4(f.first)],
    [t("cidr.last"), fmtIp4(f.last)],
    [t("cidr.hosts"), hosts],
    [t("cidr.kind"), useKind(prefix)],
  ];
  const role =
    prefix.len >= 31 ? null : prefix.addr === f.network ? "cidr.isNetwork" : prefix.addr === f.broadcast ? "cidr.isBroadcast" : null;
  return (
    <>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={/^[\d./]+$/.test(value) ? "mono" : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      {role && <p className="muted">{t(role)}</p>}
    </>
  );
}

function useKind(prefix: Prefix4): string {
  const t = useT();
  const kind = kindOf(prefix);
  if (kind.range === null) return kind.beyond ? `${t(kind.key)}. ${t("cidr.publicBeyond")}` : t(kind.key);
  const name = t("cidr.kindIn", { kind: t(kind.key), range: kind.range, from: kind.from ?? "" });
  return kind.beyond ? `${name}. ${t("cidr.beyond")}` : name;
}

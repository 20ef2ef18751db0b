/** The 32 bits of an address in four groups, the network's marked off from the host's by ground, line and letter. */
import type { JSX } from "react";
import { bitsOf, fmtIp4 } from "../addresses/cidr.ts";
import { useT } from "../state/prefs.ts";

export function Bits({
  addr,
  len,
  label,
  against,
}: {
  readonly addr: number;
  readonly len: number;
  /** a word before the address */
  readonly label?: string;
  /** another address: bits that differ from it are struck */
  readonly against?: number;
}): JSX.Element {
  const t = useT();
  const bits = bitsOf(addr);
  const other = against === undefined ? bits : bitsOf(against);
  const groups = [0, 8, 16, 24].map((from) => bits.slice(from, from + 8));
  return (
    <div className="bits">
      <p className="sr">{t("cidr.bitsOf", { address: fmtIp4(addr), bits: groups.join("."), n: len, rest: 32 - len })}</p>
      {label !== undefined && (
        <p className="bits-label" aria-hidden="true">
          {label} <span className="mono">{fmtIp4(addr)}</span>
        </p>
      )}
      <div className="bit-groups" aria-hidden="true">
        {groups.map((group, g) => (
          <span key={g} className="bit-group">
            <span className="bit-octet mono tnum">{Number.parseInt(group, 2)}</span>
            <span className="bit-cells">
              {[...group].map((bit, i) => {
                const at = g * 8 + i;
                const differs = bit !== other[at];
                return (
                  <span
                    key={i}
                    className={`bit mono ${at < len ? "is-net" : "is-host"}${at === len - 1 ? " edge" : ""}${differs ? " differs" : ""}`}
                  >
                    <b>{bit}</b>
                    <i>{at < len ? "N" : "H"}</i>
                  </span>
                );
              })}
            </span>
          </span>
        ))}
      </div>
    </div>
  );
}

/** The network picture as tables: the same machines, interfaces, cables and packets, for reading and for screen readers. */
import type { JSX } from "react";
import { useLab } from "../state/lab.ts";
import { useT } from "../state/prefs.ts";
import { plug, showMachine } from "../state/world.ts";
import type { TopologyView } from "../../sim/session/protocol.ts";
import { MachineBadge, ProtocolShape } from "../ui/marks.tsx";
import { labTime } from "../ui/time.ts";

export function NetworkTable({ topology }: { readonly topology: TopologyView }): JSX.Element {
  const t = useT();
  const packets = useLab((s) => s.packets);
  const ahead = useLab((s) => Math.round((s.clock.realtime - s.clock.now) / 1e6) * 1e6);
  return (
    <section className="net-tables" tabIndex={0} aria-label={t("net.title")}>
      <table className="grid">
        <caption>{t("table.machines")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("table.machine")}</th>
            <th scope="col">{t("table.interface")}</th>
            <th scope="col">{t("table.state")}</th>
            <th scope="col">{t("table.addresses")}</th>
            <th scope="col">{t("table.routes")}</th>
          </tr>
        </thead>
        <tbody>
          {topology.machines.flatMap((m) =>
            m.namespaces.map((ns) => (
              <tr key={`${m.name}/${ns.name}`}>
                <th scope="row" data-label={t("table.machine")}>
                  {m.kind === "switch" ? (
                    m.name
                  ) : (
                    <button type="button" className="link" onClick={() => showMachine(m.name)}>
                      <MachineBadge name={m.name} /> {m.name}
                    </button>
                  )}
                  {ns.name !== "" && <div className="muted">{t("journey.namespace", { name: ns.name })}</div>}
                  {m.kind === "switch" && <div className="muted">{t("table.switch")}</div>}
                  {ns.name === "" && m.kind === "host" && (
                    <div className="muted">
                      {t("table.forwarding")}: {t(m.ipForward ? "table.on" : "table.off")}
                    </div>
                  )}
                </th>
                <td data-label={t("table.interface")} className="mono">
                  {ns.interfaces.map((i) => (
                    <div key={i.ifindex}>
                      {i.name} <span className="muted">{i.kind === "nic" || i.kind === "loopback" ? "" : i.kind}</span>
                    </div>
                  ))}
                </td>
                <td data-label={t("table.state")}>
                  {ns.interfaces.map((i) => (
                    <div key={i.ifindex}>{t(`net.${i.state}`)}</div>
                  ))}
                </td>
                <td data-label={t("table.addresses")} className="mono">
                  {ns.interfaces.map((i) => (
                    <div key={i.ifindex}>{i.addresses.join(" ") || "–"}</div>
                  ))}
                </td>
                <td data-label={t("table.routes")} className="mono">
                  {ns.routes.length === 0 ? "–" : ns.routes.map((r) => <div key={r}>{r}</div>)}
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      {topology.cables.length > 0 && (
        <table className="grid">
          <caption>{t("table.cables")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("table.between")}</th>
              <th scope="col">{t("table.plugged")}</th>
              <th scope="col">{t("table.range")}</th>
            </tr>
          </thead>
          <tbody>
            {topology.cables.map((c) => (
              <tr key={c.id}>
                <th scope="row" data-label={t("table.between")}>
                  {c.ends.map((e) => `${e.machine} ${e.name}`).join(" – ")}
                </th>
                <td data-label={t("table.plugged")}>
                  {t(c.plugged ? "table.yes" : "table.no")}{" "}
                  {c.learner && (
                    <button type="button" className="link" onClick={() => plug(c.id, !c.plugged)}>
                      {t(c.plugged ? "net.menuUnplug" : "net.menuPlug")}
                    </button>
                  )}
                </td>
                <td data-label={t("table.range")} className="mono">
                  {c.label || "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <table className="grid">
        <caption>{t("table.packets")}</caption>
        {packets.length === 0 ? (
          <tbody>
            <tr>
              <td className="muted">{t("table.noPackets")}</td>
            </tr>
          </tbody>
        ) : (
          <>
            <thead>
              <tr>
                <th scope="col">{t("table.time")}</th>
                <th scope="col">{t("table.from")}</th>
                <th scope="col">{t("table.to")}</th>
                <th scope="col">{t("table.protocol")}</th>
                <th scope="col">{t("table.info")}</th>
                <th scope="col">{t("table.fate")}</th>
              </tr>
            </thead>
            <tbody>
              {packets
                .slice(-20)
                .reverse()
                .map((p, i) => (
                  <tr key={`${p.packet}/${p.link}/${p.start}/${i}`}>
                    <td data-label={t("table.time")} className="mono">
                      {labTime(p.start + ahead)}
                    </td>
                    <td data-label={t("table.from")}>
                      {p.from.machine} {p.from.name}
                    </td>
                    <td data-label={t("table.to")}>
                      {p.to.machine} {p.to.name}
                    </td>
                    <td data-label={t("table.protocol")}>
                      <ProtocolShape protocol={p.protocol} reply={p.reply} /> {p.protocol}
                    </td>
                    <td data-label={t("table.info")}>{p.info}</td>
                    <td data-label={t("table.fate")}>{t(p.fate === "lost" ? "table.lost" : "table.crossed")}</td>
                  </tr>
                ))}
            </tbody>
          </>
        )}
      </table>
    </section>
  );
}

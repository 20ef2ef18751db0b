/** From a recorded decision to words: looks up the site's explainer. Sites without one say their kernel function. */
import { reasonName } from "../reasons.ts";
import { says, text, type Case, type Explainer, type Explanation } from "./sentence.ts";
import { linkExplainers } from "./link.ts";
import { localExplainers } from "./local.ts";
import { tcpExplainers } from "./tcp.ts";
import { REASON_WORDS } from "./reasons.ts";
import { routeExplainers } from "./route.ts";

const EXPLAINERS: Readonly<Record<string, Explainer>> = { ...linkExplainers, ...localExplainers, ...tcpExplainers, ...routeExplainers };

export function explain(c: Case): Explanation {
  const e = REASON_WORDS[c.d.reason]?.(c) ?? EXPLAINERS[c.site.name]?.(c);
  if (e) return e;
  if (c.d.reason === 0) return says(c.site.kernel, c.site.kernel);
  const why = reasonName(c.d.reason);
  return says(
    `Stopped in ${c.site.kernel}: ${why}`,
    `${c.site.kernel}에서 멈춤: ${why}`,
    [],
    [text(`${c.site.kernel} finds nothing to object to.`, `${c.site.kernel}의 검사를 통과합니다.`)],
  );
}

/** Names of devices: what is valid (dev_valid_name), what is taken, and templates such as "veth%d" (dev_alloc_name). */
import { Errno } from "../../core/result.ts";
import type { NetNs } from "../netns.ts";

export const IFNAMSIZ = 16;
const MAX_UNITS = 32768;

/** 1–15 bytes, not "." or "..", no slash, colon or white space. */
export function validName(name: string): boolean {
  return name.length > 0 && name.length < IFNAMSIZ && name !== "." && name !== ".." && !/[/:\s]/.test(name);
}

/** A device or an alternative name in this namespace. */
export function nameInUse(ns: NetNs, name: string): boolean {
  return ns.devByName(name) !== null;
}

/**
 * A free name from a template, or the name itself. -EINVAL for what is no name or no template (exactly one "%d", and no
 * other "%"), -EEXIST when taken, -ENFILE when all numbers are.
 */
export function allocName(ns: NetNs, template: string): string | number {
  if (!validName(template)) return -Errno.EINVAL;
  const at = template.indexOf("%");
  if (at < 0) return nameInUse(ns, template) ? -Errno.EEXIST : template;
  if (template[at + 1] !== "d" || template.indexOf("%", at + 2) >= 0) return -Errno.EINVAL;
  const head = template.slice(0, at);
  const tail = template.slice(at + 2);
  for (let i = 0; i < MAX_UNITS; i++) {
    const name = `${head}${i}${tail}`;
    if (!nameInUse(ns, name)) return name.length < IFNAMSIZ ? name : -Errno.ENFILE;
  }
  return -Errno.ENFILE;
}

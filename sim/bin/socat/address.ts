/**
 * The words of an address: KEYWORD:PARAMETER:…,OPTION=VALUE,… and the pair READ!!WRITE. Quotes "…" and '…' and a backslash keep the
 * separators from being read as such, brackets […] (IPv6) the colons.
 */

export interface AddressOption {
  readonly name: string;
  /** null: no "=" */
  readonly value: string | null;
}
export interface Address {
  /** as it was typed; "" where the address is a bare path */
  readonly keyword: string;
  readonly params: readonly string[];
  readonly options: readonly AddressOption[];
  /** the text without its options, as messages about paths name it */
  readonly head: string;
}

/** "A!!B" is read from A and written to B; alone, A is both. */
export function splitDual(text: string): readonly string[] {
  const at = find(text, "!!");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 2)];
}

/** Index of `what` outside quotes, brackets and backslashes, or -1. */
function find(text: string, what: string, from = 0): number {
  let quote = "";
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (c === "\\") i++;
    else if (quote !== "") {
      if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (depth === 0 && text.startsWith(what, i)) return i;
    else if (c === "[") depth++;
    else if (c === "]" && depth > 0) depth--;
  }
  return -1;
}

function split(text: string, separator: string): string[] {
  const out: string[] = [];
  let from = 0;
  for (;;) {
    const at = find(text, separator, from);
    if (at < 0) return [...out, text.slice(from)];
    out.push(text.slice(from, at));
    from = at + separator.length;
  }
}

function unquote(text: string): string {
  let out = "";
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "\\" && quote !== "'" && i + 1 < text.length) out += text[++i]!;
    else if (quote !== "" && c === quote) quote = "";
    else if (quote === "" && (c === '"' || c === "'")) quote = c;
    else out += c;
  }
  return out;
}

/** One address. Command lines (EXEC, SYSTEM) keep what is quoted for the shell or for their own words. */
export function parseAddress(text: string): Address {
  const [head = "", ...opts] = split(text, ",");
  const [keyword = "", ...params] = split(head, ":");
  const options = opts
    .filter((o) => o !== "")
    .map((o): AddressOption => {
      const eq = o.indexOf("=");
      return eq < 0 ? { name: o.toLowerCase(), value: null } : { name: o.slice(0, eq).toLowerCase(), value: unquote(o.slice(eq + 1)) };
    });
  return { keyword, params: params.map(unquote), options, head: unquote(head) };
}

/** The words of EXEC's command line: split at blanks, quotes taken off. */
export function commandWords(text: string): string[] {
  return split(text, " ")
    .filter((w) => w !== "")
    .map(unquote);
}

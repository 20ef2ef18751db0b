/** A syntax error on its way out of the parser: what kind, where, and the token or quote that bash would name. */

export type FaultKind =
  /** syntax error near unexpected token `…' */
  | "token"
  /** syntax error: unexpected end of file */
  | "eof"
  /** unexpected EOF while looking for matching `…' */
  | "quote"
  /** [[ … ]]: bash's own words, then "syntax error near `token'" */
  | "cond"
  /** deeper nesting than the parser takes */
  | "limit"
  /** bash has it, we do not */
  | "unsimulated";

export class Fault extends Error {
  readonly kind: FaultKind;
  readonly pos: number;
  /** token, quote, or text of the message */
  readonly what: string;
  /** for "cond": the token after "near" */
  readonly near: string;

  constructor(kind: FaultKind, pos: number, what: string, near = "") {
    super(`${kind} ${what}`);
    this.kind = kind;
    this.pos = pos;
    this.what = what;
    this.near = near;
  }
}

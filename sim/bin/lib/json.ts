/**
 * JSON as iproute2's json_writer lays it out: on one line without blanks, or (-p) with an indent of four blanks, arrays
 * opened by "[ " and elements joined by ",". Text is made in the order of the calls; nothing is checked or sorted.
 */
export class JsonWriter {
  private readonly pretty: boolean;
  private text = "";
  private depth = 0;
  /** what must come before the next value: nothing yet, or a comma */
  private sep = "";

  constructor(pretty: boolean) {
    this.pretty = pretty;
  }

  /** What was written since the last take. */
  take(): string {
    const t = this.text;
    this.text = "";
    return t;
  }

  name(key: string): void {
    this.comma();
    this.newline();
    this.sep = "";
    this.text += `${quote(key)}:${this.pretty ? " " : ""}`;
  }

  openObject(): void {
    this.begin("{");
  }
  closeObject(): void {
    this.end("}");
  }
  openArray(): void {
    this.begin("[");
    if (this.pretty) this.text += " ";
  }
  closeArray(): void {
    if (this.pretty && this.sep !== "") this.text += " ";
    this.sep = "";
    this.end("]");
  }

  string(value: string): void {
    this.comma();
    this.text += quote(value);
  }
  /** A number, true, false, null: as it stands. */
  literal(value: string): void {
    this.comma();
    this.text += value;
  }

  private begin(c: string): void {
    this.comma();
    this.text += c;
    this.depth++;
    this.sep = "";
  }
  private end(c: string): void {
    this.depth--;
    if (this.sep !== "") this.newline();
    this.text += c;
    this.sep = ",";
  }
  private comma(): void {
    this.text += this.sep;
    this.sep = ",";
  }
  private newline(): void {
    if (this.pretty) this.text += `\n${"    ".repeat(this.depth)}`;
  }
}

const ESCAPE: ReadonlyMap<string, string> = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\f", "\\f"],
  ["\b", "\\b"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

function quote(s: string): string {
  let out = '"';
  for (const c of s) out += ESCAPE.get(c) ?? c;
  return `${out}"`;
}

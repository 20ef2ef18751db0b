/**
 * Output of iproute2's tools: the same calls make text or, with -j, JSON (iproute2's print_* functions). `any` goes to both, `fp` to
 * text only, `json` to JSON only. With -o a line break inside a record is a backslash; colours are those of iproute2 for
 * a light background.
 */
import { JsonWriter } from "../json.ts";

export type Color = "ifname" | "mac" | "inet" | "inet6" | "up" | "down" | "none";
const SGR: Readonly<Record<Color, string>> = {
  ifname: "\x1b[36m",
  mac: "\x1b[33m",
  inet: "\x1b[35m",
  inet6: "\x1b[34m",
  up: "\x1b[32m",
  down: "\x1b[31m",
  none: "",
};

export class Printer {
  private readonly w: JsonWriter | null;
  private readonly oneline: boolean;
  private readonly colored: boolean;
  private text = "";

  constructor(json: boolean, pretty: boolean, oneline: boolean, colored: boolean) {
    this.w = json ? new JsonWriter(pretty) : null;
    this.oneline = oneline;
    this.colored = colored && !json;
  }

  get isJson(): boolean {
    return this.w !== null;
  }

  /** What was printed since the last take. */
  take(): string {
    if (this.w !== null) return this.w.take();
    const t = this.text;
    this.text = "";
    return t;
  }

  /** new_json_obj: opens the array of all records */
  begin(): void {
    this.w?.openArray();
  }
  /** delete_json_obj: closes it and ends the line */
  end(): string {
    if (this.w === null) return this.take();
    this.w.closeArray();
    return `${this.w.take()}\n`;
  }

  openObject(key: string | null = null): void {
    if (this.w === null) return;
    if (key !== null) this.w.name(key);
    this.w.openObject();
  }
  closeObject(): void {
    this.w?.closeObject();
  }
  /** The array's name in JSON, its opening text otherwise. */
  openArray(key: string | null, text = ""): void {
    if (this.w === null) {
      this.text += text;
      return;
    }
    if (key !== null) this.w.name(key);
    this.w.openArray();
  }
  closeArray(text = ""): void {
    if (this.w === null) this.text += text;
    else this.w.closeArray();
  }

  fp(text: string): void {
    if (this.w === null) this.text += text;
  }
  /** A line break within a record. */
  nl(): void {
    this.fp(this.oneline ? "\\" : "\n");
  }

  /** The value under a key in JSON (without a key: as an element), `text` otherwise. */
  any(key: string | null, value: string | number | boolean | null, text: string): void {
    if (this.w === null) this.text += text;
    else this.value(key, value);
  }
  json(key: string | null, value: string | number | boolean | null): void {
    if (this.w !== null) this.value(key, value);
  }
  /** A number with a fixed layout ("12.48") in JSON. */
  literal(key: string, value: string, text: string): void {
    if (this.w === null) {
      this.text += text;
      return;
    }
    this.w.name(key);
    this.w.literal(value);
  }
  /** As `any`; the text is coloured. */
  color(color: Color, key: string | null, value: string, text: string): void {
    if (this.w !== null) this.value(key, value);
    else this.text += this.colored && color !== "none" ? `${SGR[color]}${text}\x1b[0m` : text;
  }

  private value(key: string | null, value: string | number | boolean | null): void {
    const w = this.w!;
    if (key !== null) w.name(key);
    if (typeof value === "string") w.string(value);
    else w.literal(String(value));
  }
}

/** Colour of an address by its family. */
export function familyColor(family: number): Color {
  return family === 10 ? "inet6" : family === 2 ? "inet" : "none";
}

/**
 * One xterm.js terminal, alive as long as its shell, whether shown or not. The line discipline is the world's: what is
 * typed goes there as it is, and nothing is drawn that did not come back from it.
 *
 * Left out on purpose: answers of the terminal to queries (device attributes, cursor reports, colours), which would
 * arrive at a shell as typed text; window operations; any clipboard access by programs; xterm's proposed interfaces.
 */
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import type { TermId } from "../../sim/session/protocol.ts";
import { usePrefs } from "../state/prefs.ts";
import { Composition } from "./composition.ts";
import { terminalTheme } from "./theme.ts";

export interface HandleEvents {
  input(kind: "key" | "paste", data: string): void;
  resize(cols: number, rows: number): void;
  /** more than three lines are about to be pasted into a shell that runs each at once */
  askPaste(text: string): void;
  link(url: string): void;
  /** true when the app takes the key and the shell must not see it */
  appKey(event: KeyboardEvent): boolean;
  focus(): void;
}

export const PASTE_LINES = 3;
const SCROLLBACK = 5000;

export class TermHandle {
  readonly term: TermId;
  readonly machine: string;
  readonly xterm: Terminal;
  readonly search = new SearchAddon();
  private readonly fitter = new FitAddon();
  private readonly events: HandleEvents;
  private readonly host = document.createElement("div");
  private readonly taps = new Set<(text: string) => void>();
  readonly composition: Composition;
  private opened = false;
  private pasting = false;

  constructor(term: TermId, machine: string, events: HandleEvents) {
    this.term = term;
    this.machine = machine;
    this.events = events;
    this.host.className = "xterm-host";
    const { theme, contrast } = terminalTheme();
    this.xterm = new Terminal({
      cols: 80,
      rows: 24,
      fontFamily: '"D2Coding", "Noto Sans Mono CJK KR", ui-monospace, Consolas, "NanumGothicCoding", "DejaVu Sans Mono", monospace',
      fontSize: usePrefs.getState().termSize,
      lineHeight: 1.4,
      fontWeight: "400",
      fontWeightBold: "700",
      cursorBlink: false,
      cursorStyle: "block",
      cursorInactiveStyle: "outline",
      drawBoldTextInBrightColors: false,
      minimumContrastRatio: contrast,
      theme,
      scrollback: SCROLLBACK,
      screenReaderMode: true,
      macOptionIsMeta: true,
      linkHandler: { activate: (_event, url) => events.link(url), allowNonHttpProtocols: false },
    });
    this.xterm.loadAddon(this.fitter);
    this.xterm.loadAddon(this.search);
    this.xterm.loadAddon(new WebLinksAddon((_event, url) => events.link(url)));
    this.xterm.onData((data) => {
      events.input(this.pasting ? "paste" : "key", data.normalize("NFC"));
      this.pasting = false;
    });
    this.xterm.onResize(({ cols, rows }) => events.resize(cols, rows));
    this.xterm.attachCustomKeyEventHandler((event) => {
      // a key that belongs to an input method is nobody's shortcut, and composition.ts takes what it makes
      if (event.isComposing || event.keyCode === 229) return false;
      return !events.appKey(event);
    });
    this.silenceReplies();
    this.composition = new Composition(this.host, this.xterm, (text) => events.input("key", text.normalize("NFC")));
    this.host.addEventListener("paste", this.onPaste, true);
    this.host.addEventListener("focusin", () => events.focus());
  }

  get cols(): number {
    return this.xterm.cols;
  }
  get rows(): number {
    return this.xterm.rows;
  }

  /** Shows the terminal in an element; its contents move with it. */
  attach(container: HTMLElement): void {
    container.append(this.host);
    this.fit();
  }

  detach(): void {
    this.host.remove();
  }

  /** Fits rows and columns to the pane. Drawn for the first time only when seen: xterm measures its cells then. */
  fit(): void {
    if (!this.host.isConnected || this.host.clientWidth === 0 || this.host.clientHeight === 0) return;
    if (!this.opened) {
      this.opened = true;
      this.xterm.open(this.host);
    }
    this.fitter.fit();
  }

  write(data: string, done: () => void): void {
    for (const tap of this.taps) tap(data);
    this.xterm.write(data, done);
  }

  /** Calls back with every piece of output; returns what ends that. */
  tap(listener: (text: string) => void): () => void {
    this.taps.add(listener);
    return () => this.taps.delete(listener);
  }

  clear(): void {
    this.xterm.reset();
  }

  paste(text: string): void {
    this.pasting = true;
    this.xterm.paste(text);
    this.pasting = false;
  }

  restyle(): void {
    const { theme, contrast } = terminalTheme();
    this.xterm.options.theme = theme;
    this.xterm.options.minimumContrastRatio = contrast;
    this.xterm.options.fontSize = usePrefs.getState().termSize;
    this.fit();
  }

  focus(): void {
    this.xterm.focus();
  }

  /** Does the line of the cursor end in a shell's prompt, with nothing typed after it? */
  get promptEmpty(): boolean {
    const buffer = this.xterm.buffer.active;
    const line = buffer.getLine(buffer.baseY + buffer.cursorY)?.translateToString(false, 0, buffer.cursorX) ?? "";
    return /[$#>] ?$/.test(line);
  }

  /** All the text in the terminal, wrapped lines joined. */
  text(): string {
    const buffer = this.xterm.buffer.active;
    const lines: string[] = [];
    for (let y = 0; y < buffer.length; y++) {
      const line = buffer.getLine(y);
      if (!line) continue;
      const text = line.translateToString(true);
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    while (lines.length > 0 && lines.at(-1) === "") lines.pop();
    return lines.join("\n");
  }

  dispose(): void {
    this.xterm.dispose();
    this.host.remove();
  }

  private readonly onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    event.preventDefault();
    event.stopPropagation();
    if (text === "") return;
    const lines = text.replace(/\r?\n$/, "").split(/\r?\n/).length;
    if (lines > PASTE_LINES && !this.xterm.modes.bracketedPasteMode) this.events.askPaste(text);
    else this.paste(text);
  };

  private silenceReplies(): void {
    const { parser } = this.xterm;
    const swallow = (): boolean => true;
    for (const id of [
      { final: "c" },
      { prefix: ">", final: "c" },
      { prefix: "=", final: "c" },
      { final: "n" },
      { prefix: "?", final: "n" },
      { final: "t" },
      { prefix: ">", final: "q" },
    ]) {
      parser.registerCsiHandler(id, swallow);
    }
    parser.registerCsiHandler({ intermediates: "$", final: "p" }, swallow);
    parser.registerCsiHandler({ prefix: "?", intermediates: "$", final: "p" }, swallow);
    parser.registerDcsHandler({ intermediates: "$", final: "q" }, swallow);
    parser.registerDcsHandler({ intermediates: "+", final: "q" }, swallow);
    for (const osc of [4, 10, 11, 12, 52]) parser.registerOscHandler(osc, swallow);
  }
}

/**
 * Text from an input method (Korean above all). xterm.js 6.0.0 takes composed text by comparing the text area before and
 * after, a moment later, and so drops or doubles syllables that follow each other quickly. Here each commit is taken from
 * the event itself: whole, once, in order. xterm never sees the composition events; the syllable being composed is
 * shown over the cursor's cell.
 */
import type { Terminal } from "@xterm/xterm";

export class Composition {
  active = false;
  private readonly xterm: Terminal;
  private readonly commit: (text: string) => void;
  private methodKey = false;

  constructor(host: HTMLElement, xterm: Terminal, commit: (text: string) => void) {
    this.xterm = xterm;
    this.commit = commit;
    host.addEventListener("keydown", (event) => (this.methodKey = event.keyCode === 229), true);
    host.addEventListener("compositionstart", this.onStart, true);
    host.addEventListener("compositionupdate", this.onUpdate, true);
    host.addEventListener("compositionend", this.onEnd, true);
    host.addEventListener("input", this.onInput, true);
  }

  private readonly onStart = (event: Event): void => {
    event.stopPropagation();
    this.active = true;
    this.show("");
  };

  private readonly onUpdate = (event: Event): void => {
    event.stopPropagation();
    this.show((event as CompositionEvent).data ?? "");
  };

  private readonly onEnd = (event: Event): void => {
    event.stopPropagation();
    this.active = false;
    this.show("");
    const { data } = event as CompositionEvent;
    if (data) this.commit(data);
    this.empty();
  };

  private readonly onInput = (event: Event): void => {
    const { inputType, data, isComposing } = event as InputEvent;
    if (isComposing || inputType === "insertCompositionText" || inputType === "insertFromComposition") {
      event.stopPropagation();
    } else if (this.methodKey && inputType === "insertText" && data) {
      // a method that commits without composing, as on-screen keyboards do
      event.stopPropagation();
      this.commit(data);
      this.empty();
    }
  };

  /** The text area is only a way in: what was committed must not be there when the next composition begins. */
  private empty(): void {
    setTimeout(() => {
      if (!this.active && this.xterm.textarea) this.xterm.textarea.value = "";
    }, 0);
  }

  private show(text: string): void {
    const view = this.xterm.element?.querySelector<HTMLElement>(".composition-view");
    const screen = this.xterm.element?.querySelector<HTMLElement>(".xterm-screen");
    if (!view || !screen) return;
    view.textContent = text;
    view.classList.toggle("active", text !== "");
    const { cursorX, cursorY } = this.xterm.buffer.active;
    const [width, height] = [screen.clientWidth / this.xterm.cols, screen.clientHeight / this.xterm.rows];
    Object.assign(view.style, {
      left: `${cursorX * width}px`,
      top: `${cursorY * height}px`,
      height: `${height}px`,
      lineHeight: `${height}px`,
      fontSize: `${this.xterm.options.fontSize}px`,
    });
  }
}

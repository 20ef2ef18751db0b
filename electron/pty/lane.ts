/**
 * Order for things of which some take a way round. `Lane`: what is put in comes out in the same order, also when some of it has
 * to wait for its bytes to come back from a pty. `Passage`: which of the things sent into a byte stream have come out of it again.
 */

interface Place<T> {
  readonly item: T;
  state: "waiting" | "ready" | "gone";
}

export class Lane<T> {
  private readonly deliver: (item: T) => void;
  private readonly places: Place<T>[] = [];
  private flushing = false;

  constructor(deliver: (item: T) => void) {
    this.deliver = deliver;
  }

  /** Comes out as soon as everything before it has. */
  pass(item: T): void {
    this.places.push({ item, state: "ready" });
    this.flush();
  }

  /** Waits until the function given back is called: with true it comes out, with false it is left out. */
  hold(item: T): (deliver: boolean) => void {
    const place: Place<T> = { item, state: "waiting" };
    this.places.push(place);
    return (deliver) => {
      if (place.state !== "waiting") return;
      place.state = deliver ? "ready" : "gone";
      this.flush();
    };
  }

  get waiting(): number {
    return this.places.length;
  }

  private flush(): void {
    if (this.flushing) return;
    this.flushing = true;
    for (let first = this.places[0]; first && first.state !== "waiting"; first = this.places[0]) {
      this.places.shift();
      if (first.state === "ready") this.deliver(first.item);
    }
    this.flushing = false;
  }
}

export class Passage {
  private readonly sent: { readonly bytes: Uint8Array; readonly out: () => void }[] = [];
  /** bytes of the first that have come out */
  private at = 0;

  /** `out` is called once all of `bytes` came out, or when the passage is given up. */
  send(bytes: Uint8Array, out: () => void): void {
    if (bytes.length === 0 && this.sent.length === 0) out();
    else this.sent.push({ bytes, out });
  }

  /** Takes what came out; false when it is not what went in. */
  arrive(chunk: Uint8Array): boolean {
    let i = 0;
    while (i < chunk.length) {
      const first = this.sent[0];
      if (!first) return false;
      const n = Math.min(chunk.length - i, first.bytes.length - this.at);
      for (let k = 0; k < n; k++) if (chunk[i + k] !== first.bytes[this.at + k]) return false;
      i += n;
      this.at += n;
      this.settle();
    }
    return true;
  }

  get empty(): boolean {
    return this.sent.length === 0;
  }

  /** Everything still inside counts as out. */
  giveUp(): void {
    this.at = 0;
    for (const { out } of this.sent.splice(0)) out();
  }

  private settle(): void {
    for (let first = this.sent[0]; first && this.at >= first.bytes.length; first = this.sent[0]) {
      this.sent.shift();
      this.at = 0;
      first.out();
    }
  }
}

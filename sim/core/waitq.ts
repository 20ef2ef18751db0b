/**
 * Wait queues: who is to be told when an object becomes ready. A process that blocks puts itself on the queues of what
 * it waits for; whoever changes the object calls wake(). The woken side looks again for itself (as in the kernel, a
 * wake-up promises nothing).
 */
export interface Wakeable {
  wakeup(): void;
}

export class WaitQueue {
  private waiters: Wakeable[] = [];

  add(w: Wakeable): void {
    if (!this.waiters.includes(w)) this.waiters.push(w);
  }

  remove(w: Wakeable): void {
    const i = this.waiters.indexOf(w);
    if (i >= 0) this.waiters.splice(i, 1);
  }

  /** Empties the queue and tells everyone, in the order in which they came. */
  wake(): void {
    if (this.waiters.length === 0) return;
    const all = this.waiters;
    this.waiters = [];
    for (const w of all) w.wakeup();
  }
}

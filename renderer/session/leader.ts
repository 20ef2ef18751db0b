/**
 * One window writes. The first to ask holds the lock; others show and do not change until it closes or one of them is
 * told to take over, which makes the first read-only. Where there are no locks (old browser, plain http) every window writes.
 */
export interface Leadership {
  /** Calls back with true when this window may write, false when it may not (any more). */
  onChange(listener: (leader: boolean) => void): void;
  takeOver(): void;
}

const NAME = "hop-writer";

export function leadership(locks: LockManager | undefined = navigator.locks): Leadership {
  let listener: (leader: boolean) => void = () => {};
  let state: boolean | null = null;
  const tell = (leader: boolean): void => {
    if (state === leader) return;
    state = leader;
    listener(leader);
  };
  const hold = (): Promise<void> => {
    tell(true);
    return new Promise<void>(() => {});
  };
  /** Waits in line for the lock; holds it until the window closes or another takes over. */
  const wait = (): void => {
    locks?.request(NAME, hold).catch(() => {
      tell(false);
      wait();
    });
  };
  return {
    onChange(next) {
      listener = next;
      if (!locks) return tell(true);
      locks
        .request(NAME, { ifAvailable: true }, (lock) => {
          if (lock) return hold();
          tell(false);
          wait();
          return undefined;
        })
        .catch(() => {
          tell(false);
          wait();
        });
    },
    takeOver() {
      locks?.request(NAME, { steal: true }, hold).catch(() => {
        tell(false);
        wait();
      });
    },
  };
}

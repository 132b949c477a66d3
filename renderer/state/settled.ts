/**
 * Runs work for the newest of a burst of wishes once they pause, one at a time: while one is under way the next waits,
 * and those between are never asked. `stop` forgets what waits.
 */
export function createSettled<T>(pauseMs: number, work: (wish: T) => Promise<void>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: { readonly wish: T } | null = null;
  let busy = false;

  async function next() {
    const wanted = waiting;
    if (busy || !wanted) return;
    waiting = null;
    busy = true;
    try {
      await work(wanted.wish);
    } finally {
      busy = false;
      void next();
    }
  }

  return {
    ask(wish: T) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        waiting = { wish };
        void next();
      }, pauseMs);
    },
    stop() {
      clearTimeout(timer);
      waiting = null;
    },
  };
}

import type { Fired } from './fire-due.js';

/** Fires what is due now and then, one pass after another. */
export interface Firing {
  start(): void;
  /** Ends once the pass that runs has ended. */
  stop(): Promise<void>;
}

/** Has passes run so many milliseconds after one another; 0: none are run here (D36). */
export function firingEvery(
  everyMs: number,
  pass: () => Promise<Fired>,
  onError: (error: unknown) => void,
): Firing {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isOn = false;
  const next = (): void => {
    timer = setTimeout(() => {
      running = pass()
        .then(({ failed }) => failed.forEach(onError), onError)
        .then(() => {
          if (isOn) next();
        });
    }, everyMs).unref();
  };
  return {
    start() {
      if (isOn || everyMs === 0) return;
      isOn = true;
      next();
    },
    async stop() {
      isOn = false;
      clearTimeout(timer);
      await running;
    },
  };
}

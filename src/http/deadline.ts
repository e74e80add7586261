import { unavailable } from '../errors.js';

/** The time that an operation has. */
export interface OperationTime {
  /**
   * What comes of `work`, if it comes in time; else UNAVAILABLE, and whoever waits for an answer has it. The work gets nothing more
   * to load once that has gone; a compiled statement that it waits for ends with its connection, any other in its own time, by the server.
   */
  within<T>(work: Promise<T>): Promise<T>;
  /** Waits for what is not the operation's own doing, and takes none of its time. */
  stopped<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * @param isWriting whether nobody knows what came of it when the time is over
 * @param isLate is told that it is: what has not begun by then must not begin
 */
export function operationTime(
  ms: number,
  isWriting: () => boolean,
  isLate: () => void = () => {},
): OperationTime {
  let left = ms;
  let begun = 0;
  let stops = 0;
  let timer: NodeJS.Timeout | undefined;
  let refuse: (reason: Error) => void = () => {};
  const late = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  const go = (): void => {
    begun = performance.now();
    timer = setTimeout(() => {
      const reason = new Error('the operation took too long');
      isLate();
      refuse(unavailable(reason, { outcomeUnknown: isWriting() }));
    }, left);
  };
  const stop = (): void => {
    clearTimeout(timer);
    left = Math.max(0, left - (performance.now() - begun));
  };
  let isOver = false;
  return {
    async within(work) {
      go();
      try {
        return await Promise.race([work, late]);
      } finally {
        isOver = true;
        clearTimeout(timer);
      }
    },
    async stopped(work) {
      stops += 1;
      if (stops === 1) stop();
      try {
        return await work();
      } finally {
        stops -= 1;
        if (stops === 0 && !isOver) go();
      }
    },
  };
}

import { unavailable } from '../errors.js';

/**
 * What comes of `work`, if it comes in time; else UNAVAILABLE, and whoever waits for an answer has it. The work gets nothing more
 * to load once that has gone, and the statement that it waits for is ended by the server, in its own time.
 *
 * @param isWriting whether nobody knows what came of it when the time is over
 */
export async function withinTime<T>(
  ms: number,
  work: Promise<T>,
  isWriting: () => boolean,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new Error('the operation took too long');
      reject(unavailable(reason, { outcomeUnknown: isWriting() }));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { randomUUID } from 'node:crypto';
import { TARGET, UNIQUE } from '../contestants/heimdall-requests.js';

/** Makes a request of its own out of a body, each time; all are of one length. */
export function filler(body: string, targets: readonly string[] = []): () => string {
  let nth = 0;
  return () => {
    nth += 1;
    return body
      .replaceAll(UNIQUE, () => randomUUID())
      .replaceAll(TARGET, () => targets[nth % targets.length] ?? '');
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, underLoad } from './fault.js';

const CLIENTS = 200;

export const smallPool: Fault = {
  name: 'small-pool',
  says: `${CLIENTS} clients ask at once over a pool of two connections`,
  run: ({ ground, seconds }) =>
    underLoad(ground, {
      settings: { DATABASE_POOL_SIZE: '2', HEIMDALL_MAX_CONCURRENT_WRITES: '1' },
      readers: CLIENTS,
      pauseMs: 200,
      // They ask all the time: whoever waits too long for a turn is told so.
      excuse: { codes: ['UNAVAILABLE'] },
      afterMs: 0,
      async happen() {
        await sleep(seconds * 1_000);
        return undefined;
      },
    }),
};

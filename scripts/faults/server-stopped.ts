import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, underLoad } from './fault.js';

const STOPPED_MS = 10_000;

export const serverStopped: Fault = {
  name: 'server-stopped',
  says: 'the database server is stopped at once, and started after 10 s',
  run: ({ ground }) =>
    underLoad(ground, {
      excuse: { codes: ['UNAVAILABLE'] },
      async happen() {
        await ground.server.stop();
        await sleep(STOPPED_MS);
        await ground.server.start();
        return undefined;
      },
    }),
};

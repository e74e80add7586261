import { connectionsKilled } from './connections-killed.js';
import { diskFull, diskReadOnly } from './disk-full.js';
import type { Fault } from './fault.js';
import { memory } from './memory.js';
import { processKilled } from './process-killed.js';
import { redisStopped } from './redis-stopped.js';
import { serverStopped } from './server-stopped.js';
import { slowClients } from './slow-clients.js';
import { smallPool } from './small-pool.js';
import { tokenExpires } from './token-expires.js';

/** Everything that is let go wrong, in this order. */
export const faults: readonly Fault[] = [
  serverStopped,
  connectionsKilled,
  smallPool,
  redisStopped,
  slowClients,
  processKilled,
  tokenExpires,
  diskFull,
  diskReadOnly,
  memory,
];

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Fault, underLoad } from './fault.js';

const EVERY_MS = 100;
/** A connection at random, what is idle or at work alike. */
const KILL = `SELECT count(pg_terminate_backend(pid))::int AS killed FROM (
  SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND application_name <> 'faults' AND backend_type = 'client backend'
  ORDER BY random() LIMIT 1
) one`;

export const connectionsKilled: Fault = {
  name: 'connections-killed',
  says: 'a connection to the database is killed at random ten times a second',
  run: ({ ground, seconds }) =>
    underLoad(ground, {
      excuse: { codes: ['UNAVAILABLE'] },
      async happen(_scene, _gateway, connectionString) {
        const killer = new pg.Client({ connectionString, application_name: 'faults' });
        await killer.connect();
        let killed = 0;
        for (const end = Date.now() + seconds * 1_000; Date.now() < end; await sleep(EVERY_MS)) {
          const { rows } = await killer.query<{ killed: number }>(KILL);
          killed += rows[0]?.killed ?? 0;
        }
        await killer.end();
        return `${killed} killed`;
      },
    }),
};

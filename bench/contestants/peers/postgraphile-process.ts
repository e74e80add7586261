/** PostGraphile on row-level security: it reads the schema from the database, which decides. */
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { announce } from '../announce.js';
import { USER_HEADER } from '../contestant.js';
import { loadCaller } from './principal.js';
import { READER } from './rls/policies.js';
import { settingsOf } from './rls/settings.js';

const { DATABASE_URL, POOL_SIZE } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_SIZE) });
// An idle connection that breaks is replaced; without a listener it would end the process.
pool.on('error', (error) => console.error(error));

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  // Ids are the columns' own, not the global ones of Relay.
  disablePlugins: ['NodePlugin'],
  pgServices: [
    makePgService({
      pool,
      schemas: ['public'],
      pubsub: false,
      // The schema is what the reader may see.
      pgSettingsForIntrospection: { role: READER },
    }),
  ],
  schema: { defaultBehavior: '-insert -update -delete' },
  grafast: {
    async context({ node }) {
      const header = node?.req.headers[USER_HEADER];
      const caller = await loadCaller(pool, typeof header === 'string' ? header : null);
      return { pgSettings: settingsOf(caller) };
    },
    explain: false,
  },
  grafserv: { watch: false, graphiql: false, dangerouslyAllowAllCORSRequests: false },
});

const server = createServer();
server.on('error', (error) => console.error(error));
const service = instance.createServ(grafserv);
await service.addTo(server);

announce(server, async () => {
  await instance.release();
  await pool.end();
});

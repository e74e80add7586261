/** ZenStack 3 with its policy plugin behind Yoga: conditions that are a part of the schema. */
import { definePlugin, ZenStackClient } from '@zenstackhq/orm';
import { PostgresDialect } from '@zenstackhq/orm/dialects/postgres';
import { PolicyPlugin } from '@zenstackhq/plugin-policy';
import type { SchemaDef } from '@zenstackhq/schema';
import { sql } from 'kysely';
import pg from 'pg';
import type { Guarded } from '../orm/questions.js';
import { serve } from '../orm/serve.js';
import { loadCaller } from '../principal.js';

const { DATABASE_URL, POOL_SIZE } = process.env;
const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  // As the gateway has it: everything is in memory.
  options: '-c random_page_cost=1.0',
});
// An idle connection that breaks is replaced; without a listener it would end the process.
pool.on('error', (error) => console.error(error));

/** The functions that schema.zmodel declares. */
const onUuids = definePlugin({
  id: 'uuids',
  functions: {
    overlaps: (_eb, [column, ids]) => sql`${column} && ${ids}::uuid[]`,
    oneOf: (_eb, [column, ids]) => sql`${column} = ANY (${ids}::uuid[])`,
    heldAt: (_eb, [roles, places, heldRoles, heldScopes]) => sql`(${roles} && ${heldRoles}::uuid[]
      AND EXISTS (SELECT FROM unnest(${heldRoles}::uuid[], ${heldScopes}::uuid[]) held (role_id, scope_id)
        WHERE held.role_id = ANY (${roles}) AND held.scope_id = ANY (${places})))`,
  },
});

// Generated from schema.zmodel by `prepare`, so that nothing here can be typed by it.
const generated = new URL('../node_modules/.zenstack/schema.ts', import.meta.url).href;
const { schema } = (await import(generated)) as { schema: SchemaDef };
const client = new ZenStackClient(schema, { dialect: new PostgresDialect({ pool }) })
  .$use(onUuids)
  .$use(new PolicyPlugin());

serve({
  async askerOf(userId) {
    const caller = await loadCaller(pool, userId);
    return { caller, db: client.$setAuth(caller as never) as unknown as Guarded };
  },
  close: () => client.$disconnect(),
});

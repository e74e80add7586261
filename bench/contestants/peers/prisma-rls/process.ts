/** prisma-rls behind Yoga: conditions that a client extension adds to every question. */
import { createRlsExtension } from 'prisma-rls';
import { openDatabase } from '../../../../src/data/clients.js';
import { dataModel } from '../../../../src/data/generated-data-model.js';
import type { Guarded } from '../orm/questions.js';
import { serve } from '../orm/serve.js';
import { loadCaller } from '../principal.js';
import { permissions } from './permissions.js';

const { DATABASE_URL, POOL_SIZE } = process.env;
// The gateway's own client, prepared statements and session settings included.
const database = await openDatabase({ url: DATABASE_URL, poolSize: Number(POOL_SIZE) });
// Prisma's usual strategy, which suits these questions: the gateway chooses one for each query, and has made the
// other one the default.
const client = database.client.$extends({
  query: {
    $allModels: {
      findMany: ({ args, query }) => query({ ...args, relationLoadStrategy: 'query' }),
      findUnique: ({ args, query }) => query({ ...args, relationLoadStrategy: 'query' }),
    },
  },
});

/** Prisma's data model as prisma-rls reads it, from what the project's own generator keeps of it. */
const dmmf = {
  datamodel: {
    models: Object.entries(dataModel).map(([name, { fields, uniques }]) => {
      const keys = Object.values(uniques);
      const single = keys.flatMap((key) => (key.length === 1 ? key : []));
      return {
        name,
        uniqueFields: keys.filter((key) => key.length > 1).map((key) => [...key]),
        fields: Object.entries(fields).map(([field, { kind, type, list, required }]) => ({
          name: field,
          kind: kind === 'relation' ? 'object' : 'scalar',
          type,
          isList: list,
          isRequired: required,
          isId: field === 'id',
          isUnique: field !== 'id' && single.includes(field),
        })),
      };
    }),
  },
};

const queryable = {
  query: async ({ text, values }: { text: string; values: unknown[] }) => ({
    rows: await client.$queryRawUnsafe<unknown[]>(text, ...values),
  }),
};

serve({
  async askerOf(userId) {
    const caller = await loadCaller(queryable, userId);
    // As its documentation says: an extension a context.
    const db = client.$extends(
      createRlsExtension({ dmmf, permissionsConfig: permissions as never, context: caller }),
    );
    return { caller, db: db as unknown as Guarded };
  },
  close: () => database.close(),
});

/** The floor's statement inside Yoga, which parses, validates and executes over what it returned. */
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { announce } from './announce.js';
import { USER_HEADER, type WorkloadName } from './contestant.js';
import { openStatements } from './floor-statements.js';
import { typeDefs } from './type-defs.js';

interface Context {
  readonly request: Request;
}

const statements = openStatements();

/** A root field: what the statement of a workload returns of it, for the arguments or for what these say. */
function root(
  field: string,
  workloadOf: (
    args: Record<string, unknown>,
  ) => WorkloadName | readonly [WorkloadName, Record<string, unknown>],
) {
  return async (_root: unknown, args: Record<string, unknown>, { request }: Context) => {
    const userId = request.headers.get(USER_HEADER) ?? '';
    const named = workloadOf(args);
    const [workload, variables] = typeof named === 'string' ? [named, args] : named;
    const text = await statements.ask(workload, userId, variables);
    if (text === undefined) throw new Error('there is no such user');
    return JSON.parse(text).data[field];
  };
}

const yoga = createYoga({
  schema: createSchema({
    typeDefs,
    resolvers: {
      Query: {
        forms: root('forms', ({ after }) => (after === undefined ? 'Q1' : 'Q6')),
        form: root('form', () => 'Q2'),
        configByKey: root('configByKey', () => 'Q3'),
        scope: root('scope', () => 'Q4'),
        check: root('check', ({ resourceId: id }) => ['Q5a', { id }]),
        checkMany: root('checkMany', () => 'Q5'),
        _entities: root('_entities', () => 'Q8'),
      },
    },
  }),
  graphiql: false,
  landingPage: false,
  logging: 'warn',
});

announce(createServer(yoga), () => statements.close());

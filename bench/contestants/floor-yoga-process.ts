/** The floor's statement inside Yoga, which parses, validates and executes over what it returned. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { USER_HEADER, type WorkloadName } from './contestant.js';
import { openStatements } from './floor-statements.js';

const typeDefs = /* GraphQL */ `
  scalar JSON
  scalar _Any
  type Query {
    forms(first: Int!, after: String): FormConnection!
    form(id: ID!): Form
    configByKey(key: String!): Config
    scope(id: ID!): Scope
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type FormConnection { edges: [FormEdge!]! }
  type FormEdge { node: Form! }
  type Form { id: ID! name: String! workflow: Workflow roles: [Role!] }
  type Workflow { id: ID! name: String! }
  type Role { id: ID! name: String! }
  type Config { id: ID! key: String! value: JSON }
  type Scope { id: ID! name: String children: [Scope!]! }
  union _Entity = Form | Workflow | Config
`;

interface Context {
  readonly request: Request;
}

const statements = openStatements();

/** A root field: what the statement of a workload returns of it. */
function root(field: string, workloadOf: (args: Record<string, unknown>) => WorkloadName) {
  return async (_root: unknown, args: Record<string, unknown>, { request }: Context) => {
    const userId = request.headers.get(USER_HEADER) ?? '';
    const text = await statements.ask(workloadOf(args), userId, args);
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
        _entities: root('_entities', () => 'Q8'),
      },
    },
  }),
  graphiql: false,
  landingPage: false,
  logging: 'warn',
});

const server = createServer(yoga);
process.once('SIGTERM', () => {
  server.close(() => void statements.close());
  server.closeAllConnections();
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

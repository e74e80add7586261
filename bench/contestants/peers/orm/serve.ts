import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { announce } from '../../announce.js';
import { USER_HEADER } from '../../contestant.js';
import { typeDefs } from '../../type-defs.js';
import type { Caller } from '../principal.js';
import { configOf, entitiesOf, formOf, formsOf, type Guarded, scopeOf } from './questions.js';

interface Asker {
  readonly caller: Caller;
  readonly db: Guarded;
}

export interface Backend {
  /** Who asks, and a client that is guarded for them: once a request. */
  askerOf(userId: string | null): Promise<Asker>;
  close(): Promise<void>;
}

interface FormRow {
  readonly roles: readonly { readonly role: object | null }[];
}

interface ScopeRow {
  readonly children: readonly object[];
}

const resolvers = {
  Query: {
    async forms(_root: unknown, { after }: { after?: string | null }, { db, caller }: Asker) {
      const forms = await formsOf(db, caller, after == null ? undefined : read(after));
      return { edges: forms.map((node) => ({ node })) };
    },
    form: (_root: unknown, { id }: { id: string }, { db }: Asker) => formOf(db, id),
    configByKey: (_root: unknown, { key }: { key: string }, { db, caller }: Asker) =>
      configOf(db, caller, key),
    scope: (_root: unknown, { id }: { id: string }, { db }: Asker) => scopeOf(db, id),
    _entities: (
      _root: unknown,
      { representations }: { representations: { __typename: string; id: string }[] },
      { db }: Asker,
    ) => entitiesOf(db, representations),
  },
  Scope: {
    children: ({ children }: ScopeRow) => ({ edges: children.map((node) => ({ node })) }),
  },
  Form: {
    roles: ({ roles }: FormRow) => roles.flatMap(({ role }) => (role === null ? [] : [role])),
  },
};

/** The cursor that the gateway gives: the order, then the values of the row. */
function read(cursor: string): { name: string; id: string } {
  const [, name, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
  if (name === undefined || id === undefined) throw new Error('malformed cursor');
  return { name, id };
}

/** Yoga with plain resolvers over a guarded client. */
export function serve(backend: Backend): void {
  const yoga = createYoga({
    schema: createSchema<Asker>({ typeDefs, resolvers }),
    context: ({ request }) => backend.askerOf(request.headers.get(USER_HEADER)),
    graphiql: false,
    landingPage: false,
    logging: 'warn',
  });
  announce(createServer(yoga), () => backend.close());
}

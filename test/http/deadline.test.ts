import { createSchema } from 'graphql-yoga';
import { expect, onTestFinished, test } from 'vitest';
import { ANONYMOUS } from '../../src/policy/principal.js';
import { start } from './support.js';

/** A server of which one query and one mutation end when the test does. */
async function starting() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  onTestFinished(() => end());
  const never = async () => {
    await ended;
    return 'at last';
  };
  const schema = createSchema({
    typeDefs: 'type Query { me: String slow: String } type Mutation { slow: String }',
    resolvers: { Query: { me: () => 'me', slow: never }, Mutation: { slow: never } },
  });
  return start({ schema, limits: { operationMs: 50 } });
}

test('a request is answered in time, or told that it is not', async () => {
  const { ask, logged } = await starting();
  const { status, body, headers } = await ask('{ slow }');
  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  expect(body.errors[0].extensions).toEqual({ code: 'UNAVAILABLE', retryable: true });
  expect(logged.map(({ reason }) => reason)).toContain('the operation took too long');
  expect((await ask('{ me }')).body).toEqual({ data: { me: 'me' } });
});

test('and of a mutation nobody is told that it can be done again', async () => {
  const { ask } = await starting();
  const { status, body, headers } = await ask('mutation { slow }');
  expect([status, headers.get('retry-after')]).toEqual([503, null]);
  expect(body.errors[0].extensions).toEqual({ code: 'UNAVAILABLE', retryable: false });
  expect((await ask('{ me }')).body).toEqual({ data: { me: 'me' } });
});

test('what had not begun by then does not begin', async () => {
  let begun = 0;
  let letIn = () => {};
  const asked = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  const schema = createSchema({
    typeDefs: 'type Query { me: String } type Mutation { write: String }',
    resolvers: { Mutation: { write: () => `${++begun}` } },
  });
  const authenticate = async () => {
    await asked;
    return ANONYMOUS;
  };
  const { ask, logged } = await start({ schema, authenticate, limits: { operationMs: 50 } });
  const { status, body } = await ask('mutation { write }');
  expect([status, body.errors[0].extensions]).toEqual([
    503,
    { code: 'UNAVAILABLE', retryable: true },
  ]);
  letIn();
  // The next request is answered after what is left of the one before has been given up.
  await ask('{ me }');
  await ask('{ me }');
  expect(begun).toBe(0);
  expect(logged.map(({ reason }) => reason)).toContain('the operation took too long');
});

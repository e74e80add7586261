import { describe, expect, it } from 'vitest';
import { EnvError, parseEnv } from '../../src/env.js';
import { type Running, start } from './support.js';

const ACCEPT = { headers: { accept: 'application/graphql-response+json' } };

describe('10.19 what can be seen', () => {
  it('is all of it, but in production neither GraphiQL nor the schema, unless they are asked for', () => {
    const subgraph = { node: false, authenticated: false };
    const shown = { graphiql: true, introspection: true, subgraphSdl: true, mutations: true };
    expect(parseEnv({}).surface).toEqual({
      ...shown,
      subgraph,
      corsOrigins: [],
      pathPrefix: '',
    });
    const production = { NODE_ENV: 'production' };
    const hidden = { graphiql: false, introspection: false, subgraphSdl: false, mutations: true };
    expect(parseEnv(production).surface).toMatchObject(hidden);
    expect(
      parseEnv({
        ...production,
        HEIMDALL_GRAPHIQL: 'on',
        HEIMDALL_INTROSPECTION: 'on',
        HEIMDALL_SUBGRAPH_SDL: 'on',
      }).surface,
    ).toMatchObject(shown);
    expect(
      parseEnv({
        HEIMDALL_GRAPHIQL: 'off',
        HEIMDALL_INTROSPECTION: 'off',
        HEIMDALL_SUBGRAPH_SDL: 'off',
        HEIMDALL_SUBGRAPH_NODE: 'on',
        HEIMDALL_SUBGRAPH_AUTHENTICATED: 'on',
        HEIMDALL_MUTATIONS: 'off',
        HEIMDALL_CORS_ORIGINS: 'https://a.example, http://localhost:3000',
        HEIMDALL_PATH_PREFIX: '/gate/way',
      }).surface,
    ).toEqual({
      graphiql: false,
      introspection: false,
      subgraphSdl: false,
      subgraph: { node: true, authenticated: true },
      mutations: false,
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
      pathPrefix: '/gate/way',
    });
  });

  it.each([
    ['HEIMDALL_CORS_ORIGINS', '*'],
    ['HEIMDALL_CORS_ORIGINS', 'null'],
    ['HEIMDALL_CORS_ORIGINS', 'https://a.example/'],
    ['HEIMDALL_CORS_ORIGINS', 'a.example'],
    ['HEIMDALL_PATH_PREFIX', 'gate'],
    ['HEIMDALL_PATH_PREFIX', '/gate/'],
    ['HEIMDALL_PATH_PREFIX', '/'],
    ['HEIMDALL_INTROSPECTION', 'yes'],
  ])('%s=%s is a mistake', (name, value) => {
    expect(() => parseEnv({ [name]: value })).toThrow(EnvError);
  });

  it('is not what is turned off', async () => {
    const { ask } = await start({ introspection: false, subgraphSdl: false });
    for (const query of [
      '{ __schema { types { name } } }',
      '{ me ...F } fragment F on Query { type: __type(name: "Query") { name } }',
    ]) {
      const { status, body } = await ask(query, ACCEPT);
      expect([status, body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(body.errors[0].message).toMatch(/is turned off in this gateway$/);
      expect(body).not.toHaveProperty('data');
    }
    expect((await ask('{ __typename me }')).body.data).toMatchObject({ __typename: 'Query' });
    const typo = (await ask('{ mee }', ACCEPT)).body.errors[0].message;
    expect(typo).toContain('"mee"');
    expect(typo).not.toContain('"me"');
    const where = 'query ($f: Filter) { list(filter: $f) { me } }';
    const told = async (running: Running) =>
      (await running.ask(where, { variables: { f: { evenn: 2 } }, ...ACCEPT })).body.errors[0]
        .message;
    expect(await told(await start())).toContain('Did you mean "even"?');
    expect(await told(await start({ introspection: false }))).not.toMatch(/Did you mean|"even"/);
  });

  it('hides the one and not the other', async () => {
    const said = async (running: Running, query: string) => {
      const { errors = [] } = (await running.ask(query, ACCEPT)).body;
      return errors.map(({ message }: { message: string }) => message).join();
    };
    const sdl = await start({ subgraphSdl: false });
    expect(await said(sdl, '{ __schema { queryType { name } } }')).toBe('');
    expect(await said(sdl, '{ _service { sdl } }')).toContain('_service is turned off');
    const schema = await start({ introspection: false });
    expect(await said(schema, '{ _service { sdl } }')).not.toContain('turned off');
  });
});

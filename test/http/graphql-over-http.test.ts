import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { start } from './support.js';

describe('the audits of GraphQL over HTTP', () => {
  it.each(
    serverAudits({ url: async () => (await start()).url.concat('/graphql') }).map(
      (audit) => [audit.id, audit.name, audit] as const,
    ),
  )('%s: %s', async (_id, _name, audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
  });
});

describe('GraphQL over HTTP', () => {
  it('takes no multipart request, which a page of anybody may send without being asked', async () => {
    const body = new FormData();
    body.append('operations', JSON.stringify({ query: '{ me }', variables: {} }));
    body.append('map', '{}');
    const { get } = await start();
    const answer = await get('/graphql', { method: 'POST', body });
    expect(answer.status).toBe(415);
    expect(answer.body.data).toBeUndefined();
  });

  it.each([
    ['defer', '{ me ... @defer { self { me } } }'],
    ['stream', '{ list @stream { me } }'],
  ])('refuses @%s as a directive that there is none of', async (directive, query) => {
    const { ask } = await start();
    const answer = await ask(query);
    expect(answer.body.data).toBeUndefined();
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.body.errors[0].message).toContain(`"@${directive}"`);
  });
});

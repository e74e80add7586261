import { GraphQLScalarType, parse } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { describe, expect, it, vi } from 'vitest';
import { unavailable } from '../../src/errors.js';
import { DocumentCache } from '../../src/http/document-cache.js';
import { type Running, slow, start } from './support.js';

/** Many concurrent callers of the field that waits until it is let go. */
function gate() {
  let open = () => {};
  let started = 0;
  slow.gate = new Promise((resolve) => {
    open = resolve;
  });
  slow.started = () => {
    started += 1;
  };
  return { open: () => open(), started: () => started };
}

describe('10.1 documents in memory', () => {
  it('stay within their bytes, and those used last stay', () => {
    const cache = new DocumentCache(20_000);
    const texts = Array.from({ length: 9 }, (_, index) => `{ a${index} }`);
    for (const text of texts) {
      cache.keep(text, parse(text));
      cache.find(texts[0] ?? '');
      expect(cache.bytes).toBeLessThanOrEqual(20_000);
    }
    expect(texts.filter((text) => cache.find(text)).length).toBeGreaterThan(2);
    expect(cache.find(texts[0] ?? '')).toBeDefined();
    expect(cache.find(texts[8] ?? '')).toBeDefined();
    expect(cache.find(texts[1] ?? '')).toBeUndefined();
    const huge = `{${' a'.repeat(100)} }`;
    cache.keep(huge, parse(huge));
    expect(cache.find(huge)).toBeUndefined();
  });

  /** How often a literal is looked at: when it is validated, and when it is executed. */
  async function counting() {
    let looks = 0;
    const scalar = new GraphQLScalarType({
      name: 'Counted',
      parseValue: () => 1,
      parseLiteral: () => {
        looks += 1;
        return looks;
      },
    });
    const schema = createSchema({
      typeDefs: 'scalar Counted type Query { me(is: Counted): String }',
      resolvers: { Counted: scalar },
    });
    const running = await start({ schema });
    return async (token?: string) => {
      looks = 0;
      const { body } = await running.ask('{ me(is: 1) }', token === undefined ? {} : { token });
      expect(body).toEqual({ data: { me: null } });
      return looks;
    };
  }

  it('are parsed and validated once for those who are known, and are not kept for the others', async () => {
    const ask = await counting();
    const anew = await ask();
    expect(await ask()).toBe(anew);
    expect(await ask('mia')).toBe(anew);
    expect(await ask('mia')).toBeLessThan(anew);
    expect(await ask()).toBe(anew);
  });

  it('are gone if they are wrong, whoever asked', async () => {
    const running = await start({ limits: { documentCacheBytes: 1_000_000 } });
    for (let index = 0; index < 3; index += 1) {
      const { body } = await running.ask('{ nothing }', { token: 'mia' });
      expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('are within limits once and for all', async () => {
    const running = await start({ limits: { depth: 2 } });
    for (let index = 0; index < 3; index += 1) {
      const { body } = await running.ask('{ self { self { me } } }', { token: 'mia' });
      expect(body.errors[0].message).toContain('3 levels deep');
    }
  });
});

describe('10.1 bodies in memory', () => {
  it('are bounded together: the largest that still comes is refused, not the small ones', async () => {
    const running = await start({ limits: { bodyBytes: 100_000, heldBodyBytes: 150_000 } });
    const ends: (() => void)[] = [];
    const sendSlowly = (bytes: number) => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(`{"query":"{ me }"${' '.repeat(bytes)}`));
          ends.push(() => {
            controller.enqueue(new TextEncoder().encode('}'));
            controller.close();
          });
        },
      });
      return running
        .get('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          duplex: 'half',
        } as RequestInit)
        .then(({ status, headers }) => `${status} ${headers.get('retry-after')}`);
    };
    const larger = sendSlowly(90_000);
    const large = sendSlowly(50_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const small = sendSlowly(30_000);
    expect(await larger.catch(() => '503 1')).toBe('503 1');
    for (const end of ends.slice(1)) end();
    expect(await Promise.all([large, small])).toEqual(['200 null', '200 null']);
    expect((await running.ask('{ me }')).status).toBe(200);
  });
});

describe('10.4 more operations than can be executed', () => {
  const limits = { concurrentOperations: 2, queuedOperations: 3, queueMs: 10_000 };

  async function refusedOf(answers: Promise<Awaited<ReturnType<Running['ask']>>>[]) {
    const all = await Promise.all(answers);
    return all.filter(({ status }) => status !== 200);
  }

  it('wait for their turn, and those beyond the queue are told at once', async () => {
    const running = await start({ limits });
    const { open, started } = gate();
    const answers = Array.from({ length: 5 }, () => running.ask('{ slow }'));
    await vi.waitUntil(() => started() === 2, 10_000);
    const { status, headers, body } = await running.ask('{ me }');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toEqual({
      errors: [
        {
          message: 'the gateway cannot answer now',
          extensions: { code: 'UNAVAILABLE', retryable: true },
        },
      ],
    });
    expect(started()).toBe(2);
    expect((await running.get('/health')).status).toBe(200);
    open();
    expect(await refusedOf(answers)).toEqual([]);
    expect(running.logged.filter(({ msg }) => msg === 'unexpected error')).toEqual([]);
    expect((await running.ask('{ me }')).status).toBe(200);
  });

  it('wait only so long', async () => {
    const running = await start({ limits: { ...limits, queueMs: 30 } });
    const { open, started } = gate();
    const busy = [running.ask('{ slow }'), running.ask('{ slow }')];
    await vi.waitUntil(() => started() === 2, 10_000);
    const late = await running.ask('{ me }');
    expect([late.status, late.body.errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
    open();
    expect(await refusedOf(busy)).toEqual([]);
    expect((await running.ask('{ me }')).status).toBe(200);
  });

  it('are not executed for who has gone meanwhile', async () => {
    const running = await start({ limits: { ...limits, concurrentOperations: 1 } });
    const { open, started } = gate();
    const busy = running.ask('{ slow }');
    await vi.waitUntil(() => started() === 1, 10_000);
    const going = new AbortController();
    const gone = running.get('/graphql?query={slow}', { signal: going.signal }).catch(() => 'gone');
    await new Promise((resolve) => setTimeout(resolve, 50));
    going.abort();
    expect(await gone).toBe('gone');
    await new Promise((resolve) => setTimeout(resolve, 50));
    open();
    expect((await busy).status).toBe(200);
    expect((await running.ask('{ me }')).status).toBe(200);
    expect(started()).toBe(1);
  });

  it('come through by the thousand, at two at once', async () => {
    const running = await start({ limits: { ...limits, queuedOperations: 300 } });
    slow.started = () => {};
    slow.gate = Promise.resolve();
    let left = 1_000;
    const client = async () => {
      const codes: unknown[] = [];
      while (left > 0) {
        left -= 1;
        const { status, body } = await running.ask('{ slow }', { token: 'mia' });
        if (status !== 200) codes.push(body.errors[0].extensions.code);
      }
      return codes;
    };
    expect((await Promise.all(Array.from({ length: 200 }, client))).flat()).toEqual([]);
  }, 60_000);
});

describe('10.4 what cannot be answered now', () => {
  const schema = createSchema({
    typeDefs: 'type Query { me: String away: String sure: String! }',
    resolvers: {
      Query: {
        me: () => 'me',
        away: () => {
          throw unavailable(new Error('hunter2'));
        },
        sure: () => {
          throw unavailable();
        },
      },
    },
  });

  it.each([
    ['{ away }', 503],
    ['{ sure me }', 503],
    ['{ a: away b: away }', 503],
    ['{ away me }', 200],
  ])('%s is %i', async (query, expected) => {
    const running = await start({ schema });
    const { status, headers, body, text } = await running.ask(query);
    expect(status).toBe(expected);
    expect(headers.get('retry-after')).toBe(expected === 503 ? '1' : null);
    expect(body.errors[0].extensions).toEqual({ code: 'UNAVAILABLE', retryable: true });
    expect(text).not.toContain('hunter2');
    expect(running.logged.filter(({ msg }) => msg === 'unexpected error')).toEqual([]);
  });

  it('is said of a caller who cannot be told apart now', async () => {
    const running = await start({
      authenticate: async () => {
        throw unavailable(new Error('no keys'));
      },
    });
    const { status, headers, body } = await running.ask('{ me }');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.errors[0].extensions).toEqual({ code: 'UNAVAILABLE', retryable: true });
    expect(running.logged.find(({ msg }) => msg === 'cannot answer now')).toMatchObject({
      level: 40,
      reason: 'no keys',
    });
  });
});

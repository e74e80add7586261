import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EnvError,
  parseDatabaseSettings,
  parseEnv,
  parseRotationSettings,
  VARIABLES,
} from '../src/env.js';
import { DEFAULT_LIMITS } from '../src/limits/limits.js';

const SECRET = 'a-shared-secret-of-32-characters';
const JWKS = 'https://login.example.com/.well-known/jwks.json';

function mistakesOf(source: Record<string, string | undefined>): readonly string[] {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('need nothing: the embedded database and a secret of its own', () => {
    const folder = resolve('.heimdall/data');
    expect(parseEnv({ PATH: '/usr/bin', HEIMDALL_TEST_ON: 'embedded' })).toEqual({
      mode: 'development',
      host: '127.0.0.1',
      port: 4000,
      logLevel: 'info',
      seedDemo: 'auto',
      database: { kind: 'embedded', folder: join(folder, 'postgres') },
      tokens: {
        kind: 'kept',
        file: join(folder, 'development.secret'),
        issuer: 'heimdall-dev',
        audience: 'heimdall',
      },
      surface: {
        graphiql: true,
        introspection: true,
        mutations: true,
        subgraphSdl: true,
        subgraph: { node: false, authenticated: false },
        corsOrigins: [],
        pathPrefix: '',
      },
      reading: { compiled: true, shadow: 0 },
      secrets: { keys: [], demoFile: join(folder, 'development.secret') },
      sharing: {
        redisUrl: undefined,
        rateStore: 'memory',
        persistedQueries: false,
        trustedDocuments: undefined,
        trustedOnly: false,
      },
      metrics: null,
      tracing: null,
      limits: DEFAULT_LIMITS,
    });
  });

  it('take a share of answers that both paths give', () => {
    expect(parseEnv({ HEIMDALL_SHADOW: '0.01' }).reading.shadow).toBe(0.01);
    expect(parseEnv({ HEIMDALL_SHADOW: '1' }).reading.shadow).toBe(1);
    for (const wrong of ['2', '-1', '1%', 'all']) {
      expect(() => parseEnv({ HEIMDALL_SHADOW: wrong })).toThrow('HEIMDALL_SHADOW must be a share');
    }
  });

  it('take what gateways know together, and where metrics are scraped', () => {
    const redis = { REDIS_URL: 'redis://127.0.0.1:6379' };
    expect(parseEnv(redis).sharing.rateStore).toBe('redis');
    const database = { ...redis, HEIMDALL_RATE_STORE: 'database' };
    expect(parseEnv(database).sharing.rateStore).toBe('database');
    expect(parseEnv({ HEIMDALL_METRICS_PORT: '9464' }).metrics).toEqual({
      host: '127.0.0.1',
      port: 9464,
    });
    const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    expect(parseEnv(otlp).tracing).toEqual({ serviceName: undefined });
    expect(parseEnv({ ...otlp, OTEL_SDK_DISABLED: 'True' }).tracing).toBeNull();
    expect(parseEnv({ ...otlp, OTEL_SDK_DISABLED: '1' }).tracing).not.toBeNull();
    for (const [source, mistake] of [
      [{ HEIMDALL_RATE_STORE: 'redis' }, 'REDIS_URL must be set'],
      [{ HEIMDALL_TRUSTED_ONLY: 'on' }, 'HEIMDALL_TRUSTED_DOCUMENTS must be set'],
      [{ REDIS_URL: 'http://redis' }, 'REDIS_URL must be a URL that begins redis://'],
    ] as const) {
      expect(() => parseEnv(source)).toThrow(mistake);
    }
  });

  it('take a server and a shared secret', () => {
    const env = parseEnv({
      DATABASE_URL: 'postgresql://app@db/heimdall',
      DATABASE_POOL_SIZE: '3',
      HEIMDALL_JWT_SECRET: SECRET,
    });
    expect(env.database).toEqual({
      kind: 'server',
      url: 'postgresql://app@db/heimdall',
      poolSize: 3,
      pooler: 'none',
    });
    expect(env.tokens).toEqual({
      kind: 'secret',
      secret: SECRET,
      issuer: 'heimdall-dev',
      audience: 'heimdall',
    });
  });

  it('take keys for secrets, the newest first, and make none for a server or in production', () => {
    const [one, other] = [1, 2].map((byte) => Buffer.alloc(32, byte));
    const given = `new:${one?.toString('base64url')}, old-1:${other?.toString('base64')}`;
    const { secrets } = parseEnv({ HEIMDALL_SECRET_KEYS: given, NODE_ENV: 'production' });
    expect(secrets.demoFile).toBeNull();
    expect(secrets.keys.map(({ id, bytes }) => [id, Buffer.from(bytes)])).toEqual([
      ['new', one],
      ['old-1', other],
    ]);
    const server = { DATABASE_URL: 'postgresql://app@db/heimdall' };
    expect(parseRotationSettings(server).secrets).toEqual({ keys: [], demoFile: null });
    for (const wrong of ['x', given.slice(0, -2), `Ab:${one?.toString('hex')}`, `${given},`]) {
      const [mistake = '', ...others] = mistakesOf({ HEIMDALL_SECRET_KEYS: wrong });
      expect(mistake).toMatch(/^HEIMDALL_SECRET_KEYS must be keys as/);
      expect([mistake.includes(wrong) && wrong !== 'x', others]).toEqual([false, []]);
    }
    const twice = `a:${one?.toString('base64url')},a:${other?.toString('base64url')}`;
    expect(mistakesOf({ HEIMDALL_SECRET_KEYS: twice })).toEqual([
      'HEIMDALL_SECRET_KEYS must not name two keys alike',
    ]);
  });

  it('take the keys of an identity provider', () => {
    const { tokens } = parseEnv({
      HEIMDALL_JWKS_URL: JWKS,
      HEIMDALL_JWT_ISSUER: 'https://login.example.com/',
      HEIMDALL_JWT_AUDIENCE: 'api',
    });
    expect(tokens).toEqual({
      kind: 'jwks',
      url: new URL(JWKS),
      issuer: 'https://login.example.com/',
      audience: 'api',
    });
  });

  it('are refused with every mistake at once', () => {
    expect(
      mistakesOf({
        PORT: '70000',
        NODE_ENV: 'staging',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://db',
        DATABASE_POOL_SIZE: '1e3',
        HEIMDALL_JWT_SECRET: 'short',
        HEIMDALL_JWKS_URL: JWKS,
        HEIMDALL_JWT_SECRETS: SECRET,
        HEIMDALL_SEED_DEMO: '',
      }),
    ).toEqual([
      'HEIMDALL_JWT_SECRETS is not a variable of Heimdall (.env.example lists them all)',
      'HEIMDALL_SEED_DEMO is empty: give it a value or leave it out',
      'NODE_ENV must be one of development, test, production',
      'PORT must be a whole number from 0 to 65535',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      'DATABASE_URL must be a URL that begins postgres:// or postgresql://',
      'DATABASE_POOL_SIZE must be a whole number from 1 to 1000',
      'HEIMDALL_JWT_SECRET must have at least 32 characters',
      'HEIMDALL_JWT_SECRET and HEIMDALL_JWKS_URL exclude each other: set one',
      'HEIMDALL_JWT_ISSUER must be set when HEIMDALL_JWKS_URL is',
    ]);
  });

  it('never fall back to a development secret on a server', () => {
    const server = { DATABASE_URL: 'postgres://db/heimdall' };
    const mistake = 'HEIMDALL_JWT_SECRET or HEIMDALL_JWKS_URL must be set when DATABASE_URL is';
    expect(mistakesOf(server)).toEqual([mistake]);
    expect(mistakesOf({ ...server, HEIMDALL_JWT_SECRET: '' })).not.toEqual([]);
    expect(mistakesOf({ DATABASE_URL: '' })).not.toEqual([]);
  });

  it('tell a migration where the rows are, without any key for tokens', () => {
    const url = 'postgres://db/heimdall';
    expect(parseDatabaseSettings({ DATABASE_URL: url, PORT: '' })).toEqual({
      kind: 'server',
      url,
      poolSize: 10,
      pooler: 'none',
    });
    expect(parseDatabaseSettings({})).toEqual(parseEnv({}).database);
    expect(
      parseDatabaseSettings({ DATABASE_URL: url, DATABASE_POOLER: 'transaction' }),
    ).toMatchObject({ pooler: 'transaction' });
    expect(() => parseDatabaseSettings({ DATABASE_URL: '' })).toThrow(EnvError);
    expect(() => parseDatabaseSettings({ HEIMDALL_DATADIR: '/data' })).toThrow(EnvError);
  });

  it.each([
    ['http://login.example.com/keys', false],
    ['http://127.0.0.1.example.com/keys', false],
    ['file:///etc/keys', false],
    ['not a url', false],
    ['http://127.0.0.1:9000/keys', true],
    ['https://login.example.com/keys', true],
  ])('take signing keys from %s: %s', (url, taken) => {
    const mistakes = mistakesOf({ HEIMDALL_JWKS_URL: url, HEIMDALL_JWT_ISSUER: 'idp' });
    expect(mistakes).toEqual(
      taken ? [] : ['HEIMDALL_JWKS_URL must be an https:// URL (http:// for this machine alone)'],
    );
  });

  it.each([
    [{}, ['DATABASE_URL must be set when HEIMDALL_READ_URL is']],
    [
      { DATABASE_URL: 'postgres://a@b/c', DATABASE_POOLER: 'transaction' },
      ['HEIMDALL_READ_URL needs DATABASE_POOLER=none: without it there are no compiled reads'],
    ],
    [
      { DATABASE_URL: 'postgres://a@b/c', HEIMDALL_COMPILED_READS: 'off' },
      ['HEIMDALL_READ_URL is for compiled reads, which HEIMDALL_COMPILED_READS turns off'],
    ],
    [{ DATABASE_URL: 'postgres://a@b/c' }, []],
  ])('take a replica beside %o', (others, expected) => {
    const source = { HEIMDALL_JWT_SECRET: 's'.repeat(32), HEIMDALL_READ_URL: 'postgres://a@d/c' };
    expect(mistakesOf({ ...source, ...others })).toEqual(expected);
  });

  it('are refused without telling their values', () => {
    const source = { DATABASE_URL: 'mysql://u:hunter2@db', HEIMDALL_JWT_SECRET: 'hunter2' };
    expect(() => parseEnv(source)).toThrow(EnvError);
    expect(() => parseEnv(source)).not.toThrow(/hunter2/);
  });

  it('are listed in .env.example, each of them and no other', () => {
    const listed = readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z_]*)=/gm);
    expect([...listed].map(([, name]) => name).sort()).toEqual([...VARIABLES].sort());
  });
});

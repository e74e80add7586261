import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Limit } from './limits/limit.js';
import {
  LIMITS,
  type Limits,
  type LimitVariable,
  mapLimits,
  misorderedLimits,
} from './limits/limits.js';

/** Where rows are stored: PostgreSQL inside this process, or a server. */
export type DatabaseSettings =
  | { readonly kind: 'embedded'; readonly folder: string }
  | {
      readonly kind: 'server';
      readonly url: string;
      readonly poolSize: number;
      readonly pooler: (typeof POOLERS)[number];
      /** A replica of it, for compiled reads. */
      readonly replicaUrl: string | undefined;
    };

/** How bearer tokens are verified (D18); `kept` is a secret that the gateway makes for itself. */
export type TokenSettings = { readonly issuer: string; readonly audience: string } & (
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'kept'; readonly file: string }
  | { readonly kind: 'jwks'; readonly url: URL }
);

/** Every setting of the gateway, checked. */
export interface Env {
  readonly mode: 'development' | 'test' | 'production';
  readonly host: string;
  readonly port: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly database: DatabaseSettings;
  readonly tokens: TokenSettings;
  readonly secrets: SecretSettings;
  /** `auto`: the demo world is sown on the first start of the embedded database. */
  readonly seedDemo: 'auto' | 'never';
  readonly limits: Limits;
  readonly surface: SurfaceSettings;
  readonly reading: ReadingSettings;
  readonly sharing: SharingSettings;
  /** Whether traces are sent, and as whose; the packages that do so read where to. */
  readonly tracing: { readonly serviceName: string | undefined } | null;
  /** Where metrics are scraped; null: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
}

/** What gateways know together, and where. */
export interface SharingSettings {
  readonly redisUrl: string | undefined;
  /** Where it is counted how often somebody asks. */
  readonly rateStore: 'memory' | 'redis' | 'database';
  /** Whether callers' documents are kept by their hashes. */
  readonly persistedQueries: boolean;
  /** The file of the documents that are trusted. */
  readonly trustedDocuments: string | undefined;
  /** Whether no others are answered. */
  readonly trustedOnly: boolean;
}

/** Which ways there are to answer what is asked. */
export interface ReadingSettings {
  /** Whether queries are answered by one compiled statement where they can be. */
  readonly compiled: boolean;
  /** Of how many of those answers the reference path is asked as well, and compared: from 0 to 1. */
  readonly shadow: number;
}

/** What encrypts secrets (D16). */
export interface SecretSettings {
  /** The newest first: it alone encrypts. */
  readonly keys: readonly SecretKeySetting[];
  /** The file with the secret by which the demo world's are encrypted; null: there is no key but those given. */
  readonly demoFile: string | null;
}

interface SecretKeySetting {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** What of the gateway can be seen from where. */
export interface SurfaceSettings {
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly subgraphSdl: boolean;
  /** What that says. */
  readonly subgraph: { readonly node: boolean; readonly authenticated: boolean };
  /** Whether anything can be changed. */
  readonly mutations: boolean;
  /** Exact origins whose pages may read answers. */
  readonly corsOrigins: readonly string[];
  /** What a proxy puts in front of every path: empty, or such as `/heimdall`. */
  readonly pathPrefix: string;
}

/** All mistakes of an environment at once, one a line. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`the environment has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

type Source = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const POOLERS = ['none', 'transaction'] as const;
const RATE_STORES = ['auto', 'memory', 'redis', 'database'] as const;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function integer(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, error);
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

const databaseUrl = z
  .string()
  // The rest of it is read where it is used, and no message there has any part of a password.
  .regex(/^postgres(ql)?:\/\//, 'must be a URL that begins postgres:// or postgresql://');

// INVARIANT: signing keys never come over a line on which somebody else could put theirs.
const jwksUrl = z
  .string()
  .transform(parseUrl)
  .refine(
    (url): url is URL =>
      url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname)),
    'must be an https:// URL (http:// for this machine alone)',
  );

const SECRET_KEY = /^([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?):([A-Za-z0-9+/_-]{43}=?)$/;

const secretKeys = z
  .string()
  .transform((text) => text.split(',').map((one) => SECRET_KEY.exec(one.trim())))
  .refine(
    (keys) => keys.every((key) => key !== null),
    'must be keys as `npm run secrets:generate-key` prints them (id:key), separated by commas, the newest first',
  )
  .transform((keys) => keys.map((key) => secretKey(key ?? [])))
  .refine(
    (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
    'must not name two keys alike',
  );

const secretKey = ([, id = '', key = '']: readonly string[]): SecretKeySetting => ({
  id,
  bytes: new Uint8Array(Buffer.from(key, 'base64')),
});

/** A variable for each limit. */
const EVERY_LIMIT = Object.fromEntries(
  Object.values(LIMITS).map((limit) => [
    limit.variable,
    integer(limit.least, limit.greatest).default(limit.default),
  ]),
) as Record<LimitVariable, z.ZodDefault<ReturnType<typeof integer>>>;

/** What encrypts secrets: of the gateway, and of the rotation. */
const SECRETS = { HEIMDALL_SECRET_KEYS: secretKeys.optional() };

const DATABASE = {
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: integer(1, 1000).default(10),
  DATABASE_POOLER: oneOf(POOLERS).default('none'),
  HEIMDALL_READ_URL: databaseUrl.optional(),
  HEIMDALL_DATA_DIR: z
    .string()
    .default('.heimdall/data')
    .transform((folder) => resolve(folder)),
};

/** `auto` is for the mode to decide. */
const SWITCH = oneOf(['auto', 'on', 'off']).default('auto');

const corsOrigins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine(
    (origins) => origins.every((origin) => parseUrl(origin)?.origin === origin),
    'must be origins such as https://app.example.com, separated by commas',
  );

const SURFACE = {
  HEIMDALL_GRAPHIQL: SWITCH,
  HEIMDALL_INTROSPECTION: SWITCH,
  HEIMDALL_SUBGRAPH_SDL: SWITCH,
  HEIMDALL_SUBGRAPH_NODE: oneOf(['on', 'off']).default('off'),
  HEIMDALL_SUBGRAPH_AUTHENTICATED: oneOf(['on', 'off']).default('off'),
  HEIMDALL_MUTATIONS: SWITCH,
  HEIMDALL_CORS_ORIGINS: corsOrigins.optional(),
  HEIMDALL_PATH_PREFIX: z
    .string()
    .regex(/^(\/[\w.~-]+)+$/, 'must be a path such as /heimdall, without a slash at its end')
    .optional(),
};

const READING = {
  HEIMDALL_COMPILED_READS: oneOf(['on', 'off']).default('on'),
  HEIMDALL_SHADOW: z
    .string()
    .regex(/^(0(\.\d{1,6})?|1(\.0+)?)$/, 'must be a share from 0 to 1, such as 0.01')
    .transform(Number)
    .default(0),
};

const SHARING = {
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a URL that begins redis:// or rediss://')
    .optional(),
  HEIMDALL_RATE_STORE: oneOf(RATE_STORES).default('auto'),
  HEIMDALL_PERSISTED_QUERIES: oneOf(['on', 'off']).default('off'),
  HEIMDALL_TRUSTED_DOCUMENTS: z.string().optional(),
  HEIMDALL_TRUSTED_ONLY: oneOf(['on', 'off']).default('off'),
};

const METRICS = {
  HEIMDALL_METRICS_HOST: z.string().default('127.0.0.1'),
  HEIMDALL_METRICS_PORT: integer(0, 65_535).optional(),
};

/** The usual ones; others of OpenTelemetry are read by its own packages. */
const TRACING = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  // The packages that are used leave it to a bundle of them that is not.
  OTEL_SDK_DISABLED: z.string().optional(),
};

const EVERYTHING = {
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  ...DATABASE,
  HEIMDALL_SEED_DEMO: oneOf(['auto', 'never']).default('auto'),
  ...SURFACE,
  ...READING,
  ...SHARING,
  ...METRICS,
  ...TRACING,
  HEIMDALL_JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  HEIMDALL_JWKS_URL: jwksUrl.optional(),
  HEIMDALL_JWT_ISSUER: z.string().optional(),
  HEIMDALL_JWT_AUDIENCE: z.string().default('heimdall'),
  ...SECRETS,
  ...EVERY_LIMIT,
};

/** The name of every variable that the gateway reads. */
export const VARIABLES: readonly string[] = Object.keys(EVERYTHING);

/**
 * Checks an environment and turns it into settings.
 *
 * @throws EnvError with every mistake
 */
export function parseEnv(source: Source): Env {
  const values = check(EVERYTHING, source, wrongTogether(source));
  return {
    limits: mapLimits(({ variable }) => values[variable]),
    mode: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    seedDemo: values.HEIMDALL_SEED_DEMO,
    database: databaseOf(values),
    surface: surfaceOf(values, values.NODE_ENV),
    reading: { compiled: values.HEIMDALL_COMPILED_READS === 'on', shadow: values.HEIMDALL_SHADOW },
    secrets: secretsOf(values, values.NODE_ENV),
    sharing: sharingOf(values),
    tracing:
      (values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined &&
        values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT === undefined) ||
      values.OTEL_SDK_DISABLED?.toLowerCase() === 'true'
        ? null
        : { serviceName: values.OTEL_SERVICE_NAME },
    metrics:
      values.HEIMDALL_METRICS_PORT === undefined
        ? null
        : { host: values.HEIMDALL_METRICS_HOST, port: values.HEIMDALL_METRICS_PORT },
    tokens: {
      issuer: values.HEIMDALL_JWT_ISSUER ?? 'heimdall-dev',
      audience: values.HEIMDALL_JWT_AUDIENCE,
      ...(values.HEIMDALL_JWKS_URL !== undefined
        ? { kind: 'jwks', url: values.HEIMDALL_JWKS_URL }
        : values.HEIMDALL_JWT_SECRET !== undefined
          ? { kind: 'secret', secret: values.HEIMDALL_JWT_SECRET }
          : { kind: 'kept', file: keptFile(values) }),
    },
  };
}

/**
 * Checks where the rows are stored and nothing else, for what needs no tokens, as migrations do.
 *
 * @throws EnvError with every mistake
 */
export function parseDatabaseSettings(source: Source): DatabaseSettings {
  return databaseOf(check(DATABASE, source));
}

/**
 * Checks what encrypts secrets and where the rows are stored, for the rotation, which needs nothing else.
 *
 * @throws EnvError with every mistake
 */
export function parseRotationSettings(source: Source): Pick<Env, 'database' | 'secrets'> {
  const values = check({ NODE_ENV: EVERYTHING.NODE_ENV, ...DATABASE, ...SECRETS }, source);
  return { database: databaseOf(values), secrets: secretsOf(values, values.NODE_ENV) };
}

/** INVARIANT: there is no key that was not given, but in the demo: never on a server, never in production. */
function secretsOf(
  values: z.output<z.ZodObject<typeof DATABASE & typeof SECRETS>>,
  mode: Env['mode'],
): SecretSettings {
  const isDemo = values.DATABASE_URL === undefined && mode !== 'production';
  return {
    keys: values.HEIMDALL_SECRET_KEYS ?? [],
    demoFile: isDemo ? keptFile(values) : null,
  };
}

/** The secret that the gateway makes for itself where none is given. */
function keptFile({ HEIMDALL_DATA_DIR }: { readonly HEIMDALL_DATA_DIR: string }): string {
  return join(HEIMDALL_DATA_DIR, 'development.secret');
}

/** In production GraphiQL and the schema are off unless they are asked for. */
function surfaceOf(
  values: z.output<z.ZodObject<typeof SURFACE>>,
  mode: Env['mode'],
): SurfaceSettings {
  return {
    graphiql: isOn(values.HEIMDALL_GRAPHIQL, mode !== 'production'),
    introspection: isOn(values.HEIMDALL_INTROSPECTION, mode !== 'production'),
    subgraphSdl: isOn(values.HEIMDALL_SUBGRAPH_SDL, mode !== 'production'),
    subgraph: {
      node: values.HEIMDALL_SUBGRAPH_NODE === 'on',
      authenticated: values.HEIMDALL_SUBGRAPH_AUTHENTICATED === 'on',
    },
    mutations: isOn(values.HEIMDALL_MUTATIONS, true),
    corsOrigins: values.HEIMDALL_CORS_ORIGINS ?? [],
    pathPrefix: values.HEIMDALL_PATH_PREFIX ?? '',
  };
}

function sharingOf(values: z.output<z.ZodObject<typeof SHARING>>): SharingSettings {
  const { REDIS_URL: redisUrl, HEIMDALL_RATE_STORE: rateStore } = values;
  return {
    redisUrl,
    rateStore: rateStore === 'auto' ? (redisUrl === undefined ? 'memory' : 'redis') : rateStore,
    persistedQueries: values.HEIMDALL_PERSISTED_QUERIES === 'on',
    trustedDocuments: values.HEIMDALL_TRUSTED_DOCUMENTS,
    trustedOnly: values.HEIMDALL_TRUSTED_ONLY === 'on',
  };
}

function isOn(said: 'auto' | 'on' | 'off', otherwise: boolean): boolean {
  return said === 'auto' ? otherwise : said === 'on';
}

/** The data folder holds PostgreSQL's own folder and, beside it, the development secret. */
function databaseOf(values: z.output<z.ZodObject<typeof DATABASE>>): DatabaseSettings {
  return values.DATABASE_URL === undefined
    ? { kind: 'embedded', folder: join(values.HEIMDALL_DATA_DIR, 'postgres') }
    : {
        kind: 'server',
        url: values.DATABASE_URL,
        poolSize: values.DATABASE_POOL_SIZE,
        pooler: values.DATABASE_POOLER,
        replicaUrl: values.HEIMDALL_READ_URL,
      };
}

/**
 * The checked values, or every mistake at once.
 *
 * INVARIANT: a message names the variable and what it must be, never its value: values are secrets.
 */
function check<T extends z.ZodRawShape>(
  shape: T,
  source: Source,
  more: readonly string[] = [],
): z.output<z.ZodObject<T>> {
  const result = z.object(shape).safeParse(source);
  const wrongValues = (result.error?.issues ?? [])
    .filter((issue) => source[String(issue.path[0])] !== '')
    .map((issue) => `${issue.path.join('.')} ${issue.message}`);
  const mistakes = [...wrongNames(source), ...emptyValues(source, shape), ...wrongValues, ...more];
  if (!result.success || mistakes.length > 0) throw new EnvError([...new Set(mistakes)]);
  return result.data;
}

/** {@link parseEnv} of this process and its `.env` file. */
export function readEnv(): Env {
  return parseEnv(environment());
}

/** {@link parseDatabaseSettings} of this process and its `.env` file. */
export function readDatabaseSettings(): DatabaseSettings {
  return parseDatabaseSettings(environment());
}

/** {@link parseRotationSettings} of this process and its `.env` file. */
export function readRotationSettings(): Pick<Env, 'database' | 'secrets'> {
  return parseRotationSettings(environment());
}

/** An optional `.env` in the working directory fills in what the environment itself leaves out. */
function environment(): Source {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** A mistyped name would silently leave a default in force. HEIMDALL_TEST_* belongs to the tests. */
function wrongNames(source: Source): string[] {
  return Object.keys(source)
    .filter((name) => /^HEIMDALL_(?!TEST_)/.test(name) && !VARIABLES.includes(name))
    .map((name) => `${name} is not a variable of Heimdall (.env.example lists them all)`);
}

/**
 * INVARIANT: an empty value is a mistake, not an absence: where a deployment failed to fill in
 * DATABASE_URL or the key source, the gateway must not start with its development ones instead.
 */
function emptyValues(source: Source, shape: z.ZodRawShape): string[] {
  return Object.keys(shape)
    .filter((name) => source[name] === '')
    .map((name) => `${name} is empty: give it a value or leave it out`);
}

function wrongTogether(source: Source): string[] {
  const mistakes: string[] = [];
  const secret = source.HEIMDALL_JWT_SECRET !== undefined;
  const jwks = source.HEIMDALL_JWKS_URL !== undefined;
  if (secret && jwks) {
    mistakes.push('HEIMDALL_JWT_SECRET and HEIMDALL_JWKS_URL exclude each other: set one');
  }
  if (!secret && !jwks && source.DATABASE_URL !== undefined) {
    mistakes.push('HEIMDALL_JWT_SECRET or HEIMDALL_JWKS_URL must be set when DATABASE_URL is');
  }
  if (jwks && source.HEIMDALL_JWT_ISSUER === undefined) {
    mistakes.push('HEIMDALL_JWT_ISSUER must be set when HEIMDALL_JWKS_URL is');
  }
  if (source.HEIMDALL_READ_URL !== undefined) {
    if (source.DATABASE_URL === undefined) {
      mistakes.push('DATABASE_URL must be set when HEIMDALL_READ_URL is');
    }
    // A pooler may send the question and what hangs on it to two servers.
    if (source.DATABASE_POOLER === 'transaction') {
      mistakes.push(
        'HEIMDALL_READ_URL needs DATABASE_POOLER=none: without it there are no compiled reads',
      );
    }
    if (source.HEIMDALL_COMPILED_READS === 'off') {
      mistakes.push(
        'HEIMDALL_READ_URL is for compiled reads, which HEIMDALL_COMPILED_READS turns off',
      );
    }
  }
  if (source.HEIMDALL_RATE_STORE === 'redis' && source.REDIS_URL === undefined) {
    mistakes.push('REDIS_URL must be set when HEIMDALL_RATE_STORE is redis');
  }
  if (source.HEIMDALL_TRUSTED_ONLY === 'on' && source.HEIMDALL_TRUSTED_DOCUMENTS === undefined) {
    mistakes.push('HEIMDALL_TRUSTED_DOCUMENTS must be set when HEIMDALL_TRUSTED_ONLY is on');
  }
  // What is no number is neither more nor less, and told elsewhere.
  const given = (limit: Limit) => Number(source[limit.variable] ?? limit.default);
  return [...mistakes, ...misorderedLimits(given)];
}

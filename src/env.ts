import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** Where rows are stored: PostgreSQL inside this process, or a server. */
export type DatabaseSettings =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'server'; readonly url: string; readonly poolSize: number };

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
  /** `auto`: the demo world is sown on the first start of the embedded database. */
  readonly seedDemo: 'auto' | 'never';
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

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
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
  .refine(
    (text) => ['postgres:', 'postgresql:'].includes(parseUrl(text)?.protocol ?? ''),
    'must be a URL that begins postgres:// or postgresql://',
  );

// INVARIANT: signing keys never come over a line on which somebody else could put theirs.
const jwksUrl = z
  .string()
  .transform(parseUrl)
  .refine(
    (url): url is URL =>
      url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname)),
    'must be an https:// URL (http:// for this machine alone)',
  );

const SHAPE = {
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: integer(1, 1000).default(10),
  HEIMDALL_DATA_DIR: z.string().default('.heimdall/data'),
  HEIMDALL_SEED_DEMO: oneOf(['auto', 'never']).default('auto'),
  HEIMDALL_JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  HEIMDALL_JWKS_URL: jwksUrl.optional(),
  HEIMDALL_JWT_ISSUER: z.string().optional(),
  HEIMDALL_JWT_AUDIENCE: z.string().default('heimdall'),
};

/** The name of every variable that the gateway reads. */
export const VARIABLES: readonly string[] = Object.keys(SHAPE);

/**
 * Checks an environment and turns it into settings.
 *
 * INVARIANT: a message names the variable and what it must be, never its value: values are secrets.
 *
 * @throws EnvError with every mistake
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const result = z.object(SHAPE).safeParse(source);
  const wrongValues = (result.error?.issues ?? [])
    .filter((issue) => source[String(issue.path[0])] !== '')
    .map((issue) => `${issue.path.join('.')} ${issue.message}`);
  const mistakes = [
    ...wrongNames(source),
    ...emptyValues(source),
    ...wrongValues,
    ...wrongTogether(source),
  ];
  if (!result.success || mistakes.length > 0) throw new EnvError([...new Set(mistakes)]);

  const values = result.data;
  const folder = resolve(values.HEIMDALL_DATA_DIR);
  return {
    mode: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    seedDemo: values.HEIMDALL_SEED_DEMO,
    database:
      values.DATABASE_URL === undefined
        ? { kind: 'embedded', folder: join(folder, 'postgres') }
        : { kind: 'server', url: values.DATABASE_URL, poolSize: values.DATABASE_POOL_SIZE },
    tokens: {
      issuer: values.HEIMDALL_JWT_ISSUER ?? 'heimdall-dev',
      audience: values.HEIMDALL_JWT_AUDIENCE,
      ...(values.HEIMDALL_JWKS_URL !== undefined
        ? { kind: 'jwks', url: values.HEIMDALL_JWKS_URL }
        : values.HEIMDALL_JWT_SECRET !== undefined
          ? { kind: 'secret', secret: values.HEIMDALL_JWT_SECRET }
          : { kind: 'kept', file: join(folder, 'development.secret') }),
    },
  };
}

/**
 * Reads the settings of this process; an optional `.env` file in the working directory fills in
 * what the environment itself leaves out.
 *
 * @throws EnvError with every mistake
 */
export function readEnv(): Env {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseEnv(process.env);
}

/** A mistyped name would silently leave a default in force. HEIMDALL_TEST_* belongs to the tests. */
function wrongNames(source: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(source)
    .filter((name) => /^HEIMDALL_(?!TEST_)/.test(name) && !VARIABLES.includes(name))
    .map((name) => `${name} is not a variable of Heimdall (.env.example lists them all)`);
}

/**
 * INVARIANT: an empty value is a mistake, not an absence: where a deployment failed to fill in
 * DATABASE_URL or the key source, the gateway must not start with its development ones instead.
 */
function emptyValues(source: Readonly<Record<string, string | undefined>>): string[] {
  return VARIABLES.filter((name) => source[name] === '').map(
    (name) => `${name} is empty: give it a value or leave it out`,
  );
}

function wrongTogether(source: Readonly<Record<string, string | undefined>>): string[] {
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
  return mistakes;
}

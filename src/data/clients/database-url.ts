import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DatabaseUnavailableError } from './database.js';
import { type Encryption, encryptionOf, SSL_PARAMETERS } from './encryption.js';

/** What a `DATABASE_URL` says, each part decoded. */
export interface ServerAddress {
  /** A name, an address without brackets, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly applicationName: string | undefined;
  /** For the server's command line, as libpq passes it on. */
  readonly options: string | undefined;
  /** What to try, in order: `sslmode` may permit more than one. */
  readonly encryption: readonly Encryption[];
}

/** What the query part may name; the meanings are libpq's. */
const PARAMETERS = ['host', 'port', 'user', 'password', 'dbname', 'application_name', 'options'];
const KNOWN = [...PARAMETERS, ...SSL_PARAMETERS];

/** What people bring along from other tools, and what to do instead. */
const STRANGERS: Readonly<Record<string, string>> = {
  schema: 'the tables are in the schema public, and in no other',
  pgbouncer: 'set DATABASE_POOLER=transaction',
  connection_limit: 'set DATABASE_POOL_SIZE',
  pool_timeout: 'set HEIMDALL_CONNECT_TIMEOUT_MS',
  connect_timeout: 'set HEIMDALL_CONNECT_TIMEOUT_MS',
  statement_timeout: 'set HEIMDALL_STATEMENT_TIMEOUT_MS',
  target_session_attrs: 'name the one server that is meant',
};

const FORM = 'postgresql://user:password@host:port/database';
const SHAPE = /^postgres(?:ql)?:\/\/(?:([^/?#@]*)@)?([^/?#@]*)(?:\/([^/?#@]*))?(?:\?([^#@]*))?$/;
const HOST = /^(\[[0-9a-fA-F:.]+(?:%25[\w.]+)?\]|[^:[\],]*)(?::(\d{1,5}))?$/;
/** Where servers put their socket by default: Debian's place, or else PostgreSQL's own. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/tmp'];

/**
 * Reads a `DATABASE_URL` as libpq does, but for a parameter that it does not know, which is a mistake here
 * and not left out in silence.
 *
 * INVARIANT: what is said of a mistake has no part of the URL but the name of a parameter, and there is no
 * such name to say where a character stands that belongs into a password: nobody can tell how much
 * of such a URL is one.
 *
 * @throws DatabaseUnavailableError
 */
export function readDatabaseUrl(url: string): ServerAddress {
  if (!/^postgres(ql)?:\/\//.test(url)) throw mistake(`is not of the form ${FORM}`);
  const parts = SHAPE.exec(url);
  if (parts === null) {
    throw mistake(
      `is not of the form ${FORM}: in a user name or password, and after the host, write %40 for @, %23 for #, %2F for / and %3F for ?`,
    );
  }
  const [, credentials = '', authority = '', path = '', query = ''] = parts;
  const given = parametersOf(query);
  const hostAndPort = HOST.exec(authority);
  if (hostAndPort === null) {
    throw mistake('must name one host, and a port after it: host:5432, [::1]:5432, or none at all');
  }
  const [, host = '', port] = hostAndPort;
  const colon = credentials.indexOf(':');
  const [userPart, passwordPart] =
    colon < 0
      ? [credentials, undefined]
      : [credentials.slice(0, colon), credentials.slice(colon + 1)];
  const user = given.get('user') ?? (decoded(userPart) || userInfo().username);
  const place = given.get('host') ?? unbracketed(decoded(host));
  const address = {
    host: place === '' ? socketFolder() : place,
    port: portOf(given.get('port') ?? port),
    user,
    password:
      given.get('password') ?? (passwordPart === undefined ? undefined : decoded(passwordPart)),
    database: given.get('dbname') ?? (decoded(path) || user),
    applicationName: given.get('application_name'),
    options: given.get('options'),
  };
  return { ...address, encryption: encryptionOf(address.host, given) };
}

/** How an operator knows the server; without user and password. */
export function nameOfServer({ host, port }: ServerAddress): string {
  if (host.startsWith('/')) return `${host}/.s.PGSQL.${port}`;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function parametersOf(query: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  // Several options are one line, as the server takes them.
  for (const [name, value] of new URLSearchParams(query)) {
    if (Object.hasOwn(STRANGERS, name)) throw mistake(`says ${name}=: ${STRANGERS[name]}`);
    if (!KNOWN.includes(name)) {
      // Of what may be anything nothing is repeated.
      const said = /^[a-z_]{1,32}$/.test(name) ? `the parameter ${name}` : 'a parameter';
      throw mistake(`has ${said}, which is none of ${KNOWN.join(', ')}`);
    }
    const before = given.get(name);
    given.set(name, name === 'options' && before !== undefined ? `${before} ${value}` : value);
  }
  return given;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw mistake('has a % that begins no character: write %25 for it');
  }
}

function unbracketed(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw mistake('must have a port from 1 to 65535');
  }
  return port;
}

function socketFolder(): string {
  return SOCKET_FOLDERS.find((folder) => existsSync(folder)) ?? 'localhost';
}

function mistake(what: string): DatabaseUnavailableError {
  return new DatabaseUnavailableError(`the database URL ${what}`);
}

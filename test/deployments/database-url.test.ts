import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nameOfServer, readDatabaseUrl } from '../../src/data/clients/database-url.js';
import { openDatabase } from '../../src/data/clients.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://127.0.0.1';

describe('10.17 DATABASE_URL', () => {
  it('says where, who and what, as libpq has it', () => {
    expect(
      readDatabaseUrl('postgresql://ada:p%40%23%2F%3F%25:x@db.example:6432/my%20db'),
    ).toMatchObject({
      host: 'db.example',
      port: 6432,
      user: 'ada',
      password: 'p@#/?%:x',
      database: 'my db',
    });
    const me = userInfo().username;
    expect(readDatabaseUrl('postgres://db.example')).toMatchObject({ user: me, database: me });
    expect(readDatabaseUrl('postgres://ada@db.example').password).toBeUndefined();
    expect(readDatabaseUrl('postgres://h/a?user=u&password=p&dbname=d&port=1')).toMatchObject({
      user: 'u',
      password: 'p',
      database: 'd',
      port: 1,
    });
  });

  it('takes IPv6 and unix sockets', () => {
    const six = readDatabaseUrl('postgres://ada@[::1]:6432/db');
    expect(six).toMatchObject({ host: '::1', port: 6432 });
    expect(nameOfServer(six)).toBe('[::1]:6432');
    for (const url of ['postgres:///db?host=/run/pg&port=6432', 'postgres://%2Frun%2Fpg:6432/db']) {
      const socket = readDatabaseUrl(url);
      expect(socket).toMatchObject({ host: '/run/pg', port: 6432, encryption: [false] });
      expect(nameOfServer(socket)).toBe('/run/pg/.s.PGSQL.6432');
    }
    expect(readDatabaseUrl('postgresql:///db').host).toMatch(/^\/|^localhost$/);
  });

  it.each([
    ['?schema=other', /says schema=: the tables are in the schema public/],
    ['?pgbouncer=true', /says pgbouncer=: set DATABASE_POOLER=transaction$/],
    ['?connection_limit=5', /set DATABASE_POOL_SIZE$/],
    ['?connect_timeout=5', /set HEIMDALL_CONNECT_TIMEOUT_MS$/],
    ['?colour=blue', /has the parameter colour, which is none of host, port, /],
    ['?sslmode=maybe', /an sslmode that is none of disable, allow, prefer, require, verify-ca/],
    ['?sslmode=verify-ca', /in sslrootcert not whose certificates to take/],
    [
      '?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      /sslrootcert .* cannot be read \(ENOENT\)/,
    ],
  ])('refuses %s instead of leaving it out', (query, sentence) => {
    expect(() => readDatabaseUrl(`postgres://u:hunter2@db.example/db${query}`)).toThrow(sentence);
  });

  // Each has the password hunter2, with one character in it that should have been encoded.
  it.each([
    'postgres://u:hun@ter2@127.0.0.1:1/db',
    'postgres://u:hun#ter2@127.0.0.1:1/db',
    'postgres://u:1#hunter2@127.0.0.1:1/db',
    'postgres://u:hun/ter2@127.0.0.1:1/db',
    'postgres://u:1/hunter2@127.0.0.1:1/db',
    'postgres://u:hun?ter2@127.0.0.1:1/db',
    'postgres://u:1?hunter2=1&ter2@127.0.0.1:1/db',
    'postgres://u:hun%ter2@127.0.0.1:1/db',
    'postgres://u:hun%zzter2@127.0.0.1:1/db',
    'postgres://hunter2@db:a:b/db',
    'hunter2',
  ])('prints no part of the password of %s', async (url) => {
    const error: unknown = await openDatabase({ url }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'DatabaseUnavailableError' });
    const { message } = error as Error;
    expect(message).not.toMatch(/hun|ter2/);
  });

  it('tries what sslmode permits, in the order of libpq', () => {
    const ways = (url: string) =>
      readDatabaseUrl(url).encryption.map((way) =>
        way === false
          ? 'plain'
          : `${way.rejectUnauthorized ? 'checked' : 'any'} ${way.checkServerIdentity ? '' : 'host'}`.trim(),
      );
    const CA = `sslrootcert=${import.meta.filename}`;
    expect(ways('postgres://db.example/db')).toEqual(['any', 'plain']);
    expect(ways('postgres://127.0.0.1/db')).toEqual(['plain']);
    expect(ways('postgres://db.example/db?sslmode=disable')).toEqual(['plain']);
    expect(ways('postgres://db.example/db?sslmode=allow')).toEqual(['plain', 'any']);
    expect(ways('postgres://127.0.0.1/db?sslmode=prefer')).toEqual(['any', 'plain']);
    expect(ways('postgres://db.example/db?sslmode=require')).toEqual(['any']);
    expect(ways(`postgres://db.example/db?sslmode=require&${CA}`)).toEqual(['checked']);
    expect(ways(`postgres://db.example/db?sslmode=verify-ca&${CA}`)).toEqual(['checked']);
    expect(ways('postgres://db.example/db?sslmode=verify-full')).toEqual(['checked host']);
  });
});

describe.runIf(onServer)('10.17 a server', () => {
  const opened = async (url: string) => {
    const database = await openDatabase({ url, poolSize: 1 });
    try {
      return (await database.sql.query<{ one: number }>('SELECT 1 AS one'))[0]?.one;
    } finally {
      await database.close();
    }
  };
  const withQuery = (query: string, host = '') => {
    const url = new URL(SERVER);
    return `${url.protocol}//${url.username}${url.password && `:${url.password}`}@${host || url.host}${url.pathname}?${query}`;
  };

  it('is reached over its socket', async (context) => {
    const folder = '/var/run/postgresql';
    const port = new URL(SERVER).port || '5432';
    if (!existsSync(join(folder, `.s.PGSQL.${port}`))) return context.skip('it has no socket here');
    const { pathname, username } = new URL(SERVER);
    expect(
      await opened(`postgresql://${pathname}?user=${username}&host=${folder}&port=${port}`),
    ).toBe(1);
  });

  it('without TLS is taken by prefer, and not by require', async (context) => {
    if (!(await isPlain(SERVER))) return context.skip('it speaks TLS');
    expect(await opened(withQuery('sslmode=prefer'))).toBe(1);
    await expect(opened(withQuery('sslmode=require'))).rejects.toThrow(
      /does not speak TLS, which the database URL asks for$/,
    );
  });
});

describe.runIf(onServer && spawnSync('openssl', ['version']).status === 0)('10.17 TLS', () => {
  let folder: string;
  let tls: TlsFront;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heimdall-tls-'));
    certify(folder);
    tls = await startTlsFront(folder);
  });
  afterAll(async () => {
    await tls.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    tls.encrypted = 0;
  });

  const url = (host: string, query: string) => {
    const { username, password, pathname } = new URL(SERVER);
    return `postgres://${username}${password && `:${password}`}@${host}:${tls.port}${pathname}?${query}`;
  };
  const tried = async (host: string, query: string) => {
    const database = await openDatabase({ url: url(host, query), poolSize: 1 });
    await database.close();
    return tls.encrypted > 0 ? 'encrypted' : 'plain';
  };

  it('is spoken wherever sslmode has it first', async () => {
    expect(await tried('127.0.0.1', 'sslmode=disable')).toBe('plain');
    expect(await tried('127.0.0.1', 'sslmode=allow')).toBe('plain');
    expect(await tried('127.0.0.1', 'sslmode=prefer')).toBe('encrypted');
    expect(await tried('127.0.0.1', 'sslmode=require')).toBe('encrypted');
  });

  it('looks at who signed the certificate, and for whom', async () => {
    const ca = `sslrootcert=${join(folder, 'ca.crt')}`;
    // The certificate is of localhost alone.
    expect(await tried('localhost', `sslmode=verify-full&${ca}`)).toBe('encrypted');
    expect(await tried('127.0.0.1', `sslmode=verify-ca&${ca}`)).toBe('encrypted');
    const notAgreed = /do not agree on TLS \(\w+\): see sslmode and sslrootcert/;
    await expect(tried('127.0.0.1', `sslmode=verify-full&${ca}`)).rejects.toThrow(notAgreed);
    await expect(tried('localhost', 'sslmode=verify-full')).rejects.toThrow(notAgreed);
    const other = `sslrootcert=${join(folder, 'other.crt')}`;
    await expect(tried('localhost', `sslmode=verify-ca&${other}`)).rejects.toThrow(notAgreed);
    await expect(tried('localhost', `sslmode=require&${other}`)).rejects.toThrow(notAgreed);
  });
});

/** A server in front of the tests' own that speaks PostgreSQL's TLS. */
interface TlsFront {
  readonly port: number;
  encrypted: number;
  close(): Promise<void>;
}

async function startTlsFront(folder: string): Promise<TlsFront> {
  const target = new URL(SERVER);
  const sockets = new Set<Socket>();
  const key = readFileSync(join(folder, 'server.key'));
  const cert = readFileSync(join(folder, 'server.crt'));
  const front = { port: 0, encrypted: 0 };
  const server: Server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => {});
    near.once('data', (first) => {
      const far = connect(Number(target.port || 5432), target.hostname);
      sockets.add(far);
      far.on('error', () => {});
      // SSLRequest has this code; whatever else comes first is the start of a plain connection.
      if (first.length !== 8 || first.readInt32BE(4) !== 80_877_103) {
        far.write(first);
        near.pipe(far).pipe(near);
        return;
      }
      front.encrypted += 1;
      near.write('S');
      const secure = new TLSSocket(near, { isServer: true, key, cert });
      secure.on('error', () => far.destroy());
      secure.pipe(far).pipe(secure);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return Object.assign(front, {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

/** Two authorities, and a certificate of the first for localhost. */
function certify(folder: string): void {
  const openssl = (line: string, input = '') => {
    const { status, stderr } = spawnSync('openssl', line.split(' '), {
      cwd: folder,
      input,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  };
  for (const name of ['ca', 'other']) {
    openssl(
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.crt`,
    );
  }
  openssl(
    'req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr',
  );
  openssl(
    'x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out server.crt',
  );
}

async function isPlain(url: string): Promise<boolean> {
  const database = await openDatabase({ url, poolSize: 1 });
  try {
    const [row] = await database.sql.query<{ ssl: string }>(`SELECT current_setting('ssl') AS ssl`);
    return row?.ssl === 'off';
  } finally {
    await database.close();
  }
}

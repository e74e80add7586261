import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authenticate } from '../../src/identity/authenticate.js';
import { bootstrap } from '../../src/identity/bootstrap.js';
import { KnownPrincipals } from '../../src/identity/known-principals.js';
import { createTokenVerifier } from '../../src/identity/verify-token.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { freshDatabase } from '../support/database.js';
import { AUDIENCE, claims, ISSUER, SECRET, sign } from './tokens.js';

const verifyToken = createTokenVerifier({
  kind: 'secret',
  secret: SECRET,
  issuer: ISSUER,
  audience: AUDIENCE,
});
const ADA = { organization: 'Acme', name: 'Ada', email: 'Ada@acme.example', identity: null };

async function empty() {
  const database = await freshDatabase();
  onTestFinished(() => database.close());
  const { client } = database;
  const signIn = async (changes: Record<string, unknown>) => {
    const authorization = `Bearer ${await sign(claims(changes))}`;
    return authenticate(new Headers({ authorization }), {
      client,
      verifyToken,
      principals: new KnownPrincipals(client, DEFAULT_LIMITS),
    });
  };
  return { client, signIn };
}

describe('10.20 the first admin of an empty server', () => {
  it('is whoever comes first with the verified email', async () => {
    const { client, signIn } = await empty();
    const { organizationId, userId } = await bootstrap(client, ADA);
    const email = 'ada@acme.example';
    await expect(signIn({ sub: 'eve', email })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await signIn({ sub: 'ada', email, email_verified: true })).toMatchObject({
      userId,
      organizationId,
      isPlatformAdmin: true,
    });
    await expect(signIn({ sub: 'other', email, email_verified: true })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('is whom the identity provider calls so', async () => {
    const { client, signIn } = await empty();
    const identity = { issuer: ISSUER, subject: 'ada' };
    const { userId } = await bootstrap(client, { ...ADA, identity });
    expect(await signIn({ sub: 'ada' })).toMatchObject({ userId, isPlatformAdmin: true });
    await expect(
      signIn({ sub: 'eve', email: 'ada@acme.example', email_verified: true }),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is made once, even by two at once', async () => {
    const { client } = await empty();
    const outcomes = await Promise.allSettled([
      bootstrap(client, ADA),
      bootstrap(client, { ...ADA, email: 'eve@acme.example' }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await client.user.updateMany({ data: { isActive: false } });
    await expect(bootstrap(client, { ...ADA, email: 'b@acme.example' })).rejects.toMatchObject({
      name: 'BootstrappedError',
    });
    expect(await client.organization.count()).toBe(1);
  });
});

describe.skipIf(process.env.HEIMDALL_TEST_ON === 'server')('10.20 heimdall bootstrap', () => {
  const SCRIPT = join(import.meta.dirname, '..', '..', 'src', 'command', 'heimdall.ts');

  async function run(folder: string, ...args: string[]) {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), SCRIPT, 'bootstrap', ...args],
      { cwd: tmpdir(), env: { PATH, HOME, HEIMDALL_DATA_DIR: folder } },
    );
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
    }
    const [code] = await once(child, 'close');
    return `${code} ${text}`;
  }

  it('makes one on the embedded database, and refuses a second', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heimdall-bootstrap-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const args = ['--organization', 'Acme', '--issuer', ISSUER, '--subject', 'ada'];
    expect(await run(folder, ...args)).toMatch(
      /^0 made the organization [\w-]{36} .*"sub": "ada"\n$/,
    );
    expect(await run(folder, ...args)).toBe(
      '1 heimdall bootstrap: there is a platform admin already: nothing was changed\n',
    );
  }, 120_000);

  it.each([
    [['--help'], /^0 Usage: heimdall bootstrap/],
    [
      ['--email', 'a@b.c'],
      /^2 heimdall bootstrap: --organization <name> is missing\ntry --help\n$/,
    ],
    [['--organization', 'A'], /^2 heimdall bootstrap: --email <email> is missing, or --issuer/],
    [
      ['--organization', 'A', '--issuer', 'i'],
      /^2 heimdall bootstrap: --issuer and --subject go together/,
    ],
    [['--organization', 'A', '--email', 'a'], /^2 heimdall bootstrap: --email must be an email/],
    [
      ['--organization', ' ', '--email', 'a@b.c'],
      /^2 heimdall bootstrap: --organization must have/,
    ],
    [['--nonsense'], /^2 heimdall bootstrap: Unknown option/],
  ])(
    '%j says what is wrong',
    async (args, expected) => {
      expect(await run('/nonexistent', ...args)).toMatch(expected);
    },
    60_000,
  );
});

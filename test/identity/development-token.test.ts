import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { keptSecret } from '../../src/identity/kept-secret.js';
import { createTokenVerifier } from '../../src/identity/verify-token.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heimdall-identity-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the secret that the gateway keeps for itself', () => {
  it('is made once, readable by its owner alone', () => {
    const file = join(folder, 'data', 'development.secret');
    const secret = keptSecret(file);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(keptSecret(file)).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    keptSecret(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('differs from one folder to the next', () => {
    expect(keptSecret(join(folder, 'a'))).not.toBe(keptSecret(join(folder, 'b')));
  });

  it('is never empty or short', () => {
    const file = join(folder, 'development.secret');
    writeFileSync(file, 'short\n');
    expect(() => keptSecret(file)).toThrow(/does not hold a secret/);
  });
});

describe('a development token', () => {
  const names = { issuer: 'heimdall-dev', audience: 'heimdall' };

  it('is one that the gateway takes', async () => {
    const file = join(folder, 'development.secret');
    const token = await signDevelopmentToken({
      ...names,
      secret: keptSecret(file),
      subject: developmentSubject('Ada@Example.com'),
      email: 'Ada@Example.com',
      ttl: 60,
    });
    expect(await createTokenVerifier({ kind: 'kept', file, ...names })(token)).toEqual({
      issuer: 'heimdall-dev',
      subject: 'dev|ada@example.com',
      verifiedEmail: 'ada@example.com',
      expiresAt: expect.any(Number),
    });
  });
});

describe('heimdall token', () => {
  function run(args: string[], env: Record<string, string> = {}) {
    const { PATH = '' } = process.env;
    return spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/command/heimdall.ts', 'token', ...args],
      {
        encoding: 'utf8',
        env: { PATH, HEIMDALL_DATA_DIR: folder, ...env },
      },
    );
  }

  it('prints a token and nothing else, signed with the kept secret', async () => {
    const { stdout, stderr, status } = run(['--user', 'ada@example.com']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const verify = createTokenVerifier({
      kind: 'kept',
      file: join(folder, 'development.secret'),
      issuer: 'heimdall-dev',
      audience: 'heimdall',
    });
    expect(await verify(stdout.trim())).toMatchObject({ subject: 'dev|ada@example.com' });
  });

  it('explains itself', () => {
    const { stdout, status } = run(['--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: heimdall token/);
  });

  it.each([
    ['without a user', []],
    ['with a user that is no email', ['--user', 'ada']],
    ['with an unknown option', ['--user', 'ada@example.com', '--admin']],
    ['with a lifetime that is none', ['--user', 'ada@example.com', '--ttl', '0']],
  ])('refuses to run %s, on stderr', (_, args) => {
    const { stdout, stderr, status } = run(args);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(/^heimdall token: .+\ntry --help\n$/);
  });

  it('has no tokens where an identity provider issues them', () => {
    const { stdout, stderr, status } = run(['--user', 'ada@example.com'], {
      HEIMDALL_JWKS_URL: 'https://login.example.com/jwks',
      HEIMDALL_JWT_ISSUER: 'https://login.example.com/',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/identity provider/);
    expect(existsSync(join(folder, 'development.secret'))).toBe(false);
  });
});

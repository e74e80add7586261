import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { AUDIENCE, ISSUER, SECRET } from '../support/gateway.js';
import { startProxy } from '../support/proxy.js';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const STOP_MS = 1_000;

describe.runIf(onServer)('10.5 a stop while the database is silent', () => {
  it('ends within its deadline, with a request under way', async () => {
    const database = await freshDatabase();
    const proxy = await startProxy(await urlOf(database));
    onTestFinished(async () => {
      await proxy.close();
      await database.close();
    });
    const { PATH = '', HOME = '' } = process.env;
    const gateway = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN], {
      cwd: tmpdir(),
      env: {
        PATH,
        HOME,
        PORT: '0',
        DATABASE_URL: proxy.url,
        HEIMDALL_JWT_SECRET: SECRET,
        HEIMDALL_JWT_ISSUER: ISSUER,
        HEIMDALL_STOP_TIMEOUT_MS: String(STOP_MS),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void gateway.kill('SIGKILL'));
    let output = '';
    gateway.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const listening = /"url":"([^"]+)"[^\n]*"listening"/;
    await expect.poll(() => output, { timeout: 60_000 }).toMatch(listening);
    const url = listening.exec(output)?.[1] ?? '';
    const email = 'nobody@acme.example';
    const token = await signDevelopmentToken({
      ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email, ttl: 60 },
      subject: developmentSubject(email),
    });

    proxy.freeze();
    const asked = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ __typename }"}',
    }).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const start = performance.now();
    gateway.kill('SIGTERM');
    const [code] = await once(gateway, 'close');
    expect(code).toBe(0);
    // Some more for a machine that does other things.
    expect(performance.now() - start).toBeLessThan(STOP_MS + 2_000);
    expect(output).toContain('"stopped"');
    expect(await asked).toBeInstanceOf(Error);
  }, 120_000);
});

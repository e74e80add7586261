import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyWorld } from './running.js';

const SCRIPT = join(import.meta.dirname, '..', '..', 'src', 'command', 'heimdall.ts');

describe('heimdall policy test', () => {
  const { shared, tokenOf, fileOf } = policyWorld();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heimdall-policy-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  interface Ended {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
  }

  function start(args: readonly string[], env: object = {}): Promise<Ended> {
    const { PATH = '', HOME = '' } = process.env;
    const loader = ['--import', import.meta.resolve('tsx'), SCRIPT];
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [...loader, 'policy', 'test', ...args],
        { cwd: folder, env: { PATH, HOME, ...env } },
        (_error, out, err) => resolve({ code: child.exitCode, out, err }),
      );
    });
  }

  it('says how it is used', async () => {
    const { code, out } = await start(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: heimdall policy test \[options\] \[files or folders\]\n/);
  });

  it('ends with 2 on what is none, and says where', async () => {
    await writeFile(
      join(folder, 'bad.yaml'),
      'world: demo\nexpect:\n  - who: mia\n    can: [fly form x]\n',
    );
    const { code, err } = await start(['bad.yaml']);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('bad.yaml:4: "fly form x": a form has'),
    ]);
    const none = await start(['nothing']);
    expect(none).toMatchObject({
      code: 2,
      err: 'heimdall policy test: there is no nothing\ntry --help\n',
    });
  });

  it('ends with 1 where something does not hold, and says what of which file', async () => {
    const file = (verb: string) => `world:
  organizations: { a: A }
  people: { joe: { in: a } }
  resources: { form: [{ name: Order, at: a }] }
expect:
  - who: joe
    ${verb}: [update form Order]
`;
    await mkdir(join(folder, 'own'));
    await writeFile(join(folder, 'own', 'false.yaml'), file('can'));
    await writeFile(join(folder, 'own', 'true.yml'), file('cannot'));
    const { code, out, err } = await start(['own']);
    expect([code, err]).toEqual([1, '']);
    const lines = out.split('\n');
    expect(lines[0]).toBe('own/false.yaml:7: joe can update form Order');
    expect(lines.slice(-4)).toEqual([
      'own/false.yaml: 1 expectation, of which 1 fail',
      'own/true.yml: 1 expectation, hold',
      '2 files, 2 expectations: 1 failed',
      '',
    ]);
  });

  it('asks a running gateway, with tokens of variables and of a command', async () => {
    const { olga, joe } = shared.w;
    const path = join(folder, 'running.yaml');
    await writeFile(path, fileOf('  - who: joe\n    can: [update form Order at site]\n'));
    const command = `test "$POLICY_TEST_PERSON $POLICY_TEST_EMAIL" = "joe ${joe.email}" && echo ${await tokenOf(joe.email)}`;
    const args = ['--url', `${shared.url}/graphql`, '--token-command', command, path];
    const env = { POLICY_TEST_TOKEN_OLGA: await tokenOf(olga.email) };
    expect(await start(args, env)).toMatchObject({ code: 0, err: '' });
    // Without her own token it is asked for hers as well, and fails.
    const { code, err } = await start(args);
    expect([code, err]).toEqual([2, expect.stringContaining('the token command failed for olga')]);
  });
});

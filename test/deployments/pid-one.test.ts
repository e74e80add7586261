import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
/** As a container has it: a tree of processes of its own. */
const UNSHARE = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child'];
const canUnshare = spawnSync('unshare', [...UNSHARE, 'true']).status === 0;

it.runIf(canUnshare && process.env.HEIMDALL_TEST_ON !== 'server')(
  'as the first process of a container the gateway obeys SIGTERM, and says meanwhile that it goes',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heimdall-pid-one-'));
    const { PATH = '', HOME = '' } = process.env;
    const tsx = import.meta.resolve('tsx');
    const container = spawn('unshare', [...UNSHARE, process.execPath, '--import', tsx, MAIN], {
      cwd: folder,
      env: { PATH, HOME, PORT: '0', HEIMDALL_DATA_DIR: folder, HEIMDALL_DRAIN_MS: '3000' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      container.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    });
    let output = '';
    container.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const listening = /"url":"([^"]+)"[^\n]*"listening"/;
    await expect.poll(() => output, { timeout: 100_000 }).toMatch(listening);
    const url = listening.exec(output)?.[1] ?? '';
    const ready = async () => (await fetch(`${url}/readyz`)).json();
    expect(await ready()).toEqual({ status: 'ok', ready: true });

    const children = readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8');
    const gateway = Number(children.trim());
    expect(readFileSync(`/proc/${gateway}/status`, 'utf8')).toMatch(/^NSpid:.*\t1$/m);
    process.kill(gateway, 'SIGTERM');
    await expect.poll(ready).toEqual({ status: 'stopping', ready: false });
    const asked = await fetch(`${url}/graphql?query={__typename}`);
    expect(await asked.json()).toEqual({ data: { __typename: 'Query' } });
    const [code] = await once(container, 'close');
    expect(code).toBe(0);
    expect(output).toContain('"stopped"');
  },
  120_000,
);

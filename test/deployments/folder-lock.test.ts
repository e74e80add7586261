import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { leaseFolder } from '../../src/data/clients/folder-lease.js';

const HOLD = join(import.meta.dirname, 'hold-folder.ts');
const IN_USE = /^the embedded database in .* is in use by another process\n$/;
const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const hasFlock = spawnSync('flock', ['--version']).error === undefined;

/** A process that takes itself for process 1 of the machine `gateway`, as they all do. */
class Holder {
  readonly #process: ChildProcess;
  readonly said: Promise<string>;

  constructor(folder: string, path = process.env.PATH ?? '') {
    this.#process = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), HOLD, folder],
      {
        env: { PATH: path },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.said = once(this.#process.stdout?.setEncoding('utf8') ?? this.#process, 'data').then(
      String,
    );
    onTestFinished(() => void this.#process.kill('SIGKILL'));
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'close');
  }

  stop(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal);
  }
}

describe.skipIf(onServer)('10.18 the lock of the embedded folder', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'heimdall-lock-'));
    folder = join(parent, 'postgres');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it.runIf(hasFlock)(
    'is one of several with the same process id and host name, and of the next once that is killed',
    async () => {
      const first = new Holder(folder);
      expect(await first.said).toBe('held\n');
      const rivals = [new Holder(folder), new Holder(folder)];
      for (const rival of rivals) expect(await rival.said).toMatch(IN_USE);
      // Nor does it go to another because its process is busy, or suspended.
      first.stop('SIGSTOP');
      expect(await new Holder(folder).said).toMatch(IN_USE);
      first.stop('SIGCONT');
      await first.kill();
      expect(await new Holder(folder).said).toBe('held\n');
    },
    120_000,
  );

  it('is a lease where the kernel cannot be asked', async () => {
    const nothing = join(parent, 'nothing');
    const first = new Holder(folder, nothing);
    expect(await first.said).toBe('held\n');
    expect(await new Holder(folder, nothing).said).toMatch(IN_USE);
    await first.kill();
    const heirs = [new Holder(folder, nothing), new Holder(folder, nothing)];
    const said = await Promise.all(heirs.map((heir) => heir.said));
    expect(said.filter((one) => one === 'held\n')).toHaveLength(1);
    expect(said.filter((one) => IN_USE.test(one))).toHaveLength(1);
  }, 120_000);

  it('notices at its next beat that it lost its lease, and leaves the other one alone', async () => {
    let lost = 0;
    const release = await leaseFolder(folder, () => {
      lost += 1;
    });
    await expect(leaseFolder(folder)).rejects.toThrow(/in use by another process/);
    await writeFile(`${folder}.lease`, 'another 1\n');
    await expect.poll(() => lost, { timeout: 10_000 }).toBeGreaterThan(0);
    await release();
    const again = leaseFolder(folder);
    const other = setInterval(
      () => void writeFile(`${folder}.lease`, `another ${Math.random()}\n`),
      200,
    );
    await expect(again).rejects.toThrow(/in use by another process/);
    clearInterval(other);
    await rm(`${folder}.lease`, { force: true });
  });
});

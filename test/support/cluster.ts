import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './pgbouncer.js';

const run = promisify(execFile);

/** Where the programs of the server are, which begin and copy one; undefined: they are not on this machine. */
const binaries = findBinaries();
export const hasClusters = binaries !== undefined;

function findBinaries(): string | undefined {
  try {
    const folder = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
    return existsSync(join(folder, 'initdb')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A server of the test's own. */
export interface Server {
  readonly url: string;
  start(): Promise<void>;
  /** Ends all that is under way at once. */
  stop(): Promise<void>;
}

/** A primary, and a standby that replays what it writes. */
export interface Cluster {
  readonly primary: Server;
  readonly standby: Server;
  close(): Promise<void>;
}

/** Begins a cluster and copies it; both run. */
export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'heimdall-cluster-'));
  const as = serverUser();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const program = (name: string, args: readonly string[]) =>
    run(join(binaries ?? '', name), [...args], { cwd: folder, ...as });
  const serverIn = async (data: string): Promise<Server> => {
    const port = await freePort();
    const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      // It keeps what it is given open, which is why it is given a file.
      start: async () => {
        await program('pg_ctl', ['-D', data, '-o', options, '-l', `${data}.log`, '-w', 'start']);
      },
      stop: async () => {
        await program('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
      },
    };
  };
  await program('initdb', ['-D', 'primary', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N']);
  const primary = await serverIn('primary');
  await primary.start();
  await program('pg_basebackup', [
    '-D',
    'standby',
    '-R',
    '-X',
    'stream',
    '-c',
    'fast',
    '-d',
    primary.url,
  ]);
  const standby = await serverIn('standby');
  await standby.start();
  return {
    primary,
    standby,
    async close() {
      await Promise.allSettled([standby.stop(), primary.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server refuses to be root's. */
function serverUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (which: string) =>
    Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** Where and what was measured. */
export interface Circumstances {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  readonly postgresSettings: Readonly<Record<string, string>>;
  readonly commit: string;
  /** Whether the sources were changed since that commit. */
  readonly isChanged: boolean;
  readonly date: string;
  /** Of the last minute, before the start. */
  readonly load: number;
}

const SETTINGS = ['shared_buffers', 'work_mem', 'max_connections', 'jit', 'synchronous_commit'];

/** Reads them before anything is started. */
export async function circumstances(databaseUrl: string): Promise<Circumstances> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const version = await client.query<{ server_version: string }>('SHOW server_version');
    const settings = await client.query<{ name: string; setting: string }>(
      'SELECT name, current_setting(name) AS setting FROM pg_settings WHERE name = ANY ($1) ORDER BY name',
      [SETTINGS],
    );
    const commit = git('rev-parse', '--short=12', 'HEAD');
    return {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()}`,
      node: process.version,
      postgres: version.rows[0]?.server_version ?? 'unknown',
      postgresSettings: Object.fromEntries(
        settings.rows.map(({ name, setting }) => [name, setting]),
      ),
      commit: commit ?? 'unknown',
      isChanged: Boolean(git('status', '--porcelain', '--untracked-files=no')),
      date: new Date().toISOString(),
      load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    };
  } finally {
    await client.end();
  }
}

/** One line of it. */
export function describe(of: Circumstances): string {
  return `${of.cpu}, ${of.cores} cores, ${of.memoryGiB} GiB, ${of.system}; Node ${of.node}, PostgreSQL ${of.postgres}; commit ${of.commit}${of.isChanged ? ' (changed)' : ''}, ${of.date.slice(0, 10)}`;
}

function git(...args: string[]): string | undefined {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  try {
    return execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // Sources without a history, such as an unpacked archive.
    return undefined;
  }
}

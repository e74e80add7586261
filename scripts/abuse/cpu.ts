import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Counts the CPU of the processes behind a database on a server of this machine. */
export interface DatabaseCpu {
  /** Milliseconds since it was asked last; undefined where it cannot be seen. */
  used(): Promise<number | undefined>;
  end(): Promise<void>;
}

/** Watches the database at `url`; of an embedded one it is the gateway's own. */
export async function watchCpu(url: string | undefined, pid: number): Promise<DatabaseCpu> {
  let before = new Map<number, number>();
  const since = (pids: readonly number[]): number | undefined => {
    const now = new Map(pids.flatMap((one) => entryOf(one)));
    let sum = 0;
    // A connection that is closed meanwhile takes what it used with it: pools close idle ones.
    for (const [one, ms] of now) sum += ms - (before.get(one) ?? 0);
    before = now;
    return now.size === 0 ? undefined : sum;
  };
  if (url === undefined) return { used: async () => since([pid]), end: async () => {} };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async used() {
      const { rows } = await client.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      return since(rows.map((row) => row.pid));
    },
    end: () => client.end(),
  };
}

function entryOf(pid: number): [number, number][] {
  const ms = cpuOf(pid);
  return ms === undefined ? [] : [[pid, ms]];
}

function cpuOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksASecond();
  } catch {
    return undefined;
  }
}

let ticks: number | undefined;
function ticksASecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
}

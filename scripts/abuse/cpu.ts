import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Counts the CPU of the processes behind a database on a server of this machine. */
export interface DatabaseCpu {
  /** Milliseconds so far, of the connections that are open now; undefined where it cannot be seen. */
  used(): Promise<number | undefined>;
  end(): Promise<void>;
}

/** Watches the database at `url`; of an embedded one it is the gateway's own. */
export async function watchCpu(url: string | undefined, pid: number): Promise<DatabaseCpu> {
  if (url === undefined) return { used: async () => cpuOf(pid), end: async () => {} };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async used() {
      const { rows } = await client.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      const each = rows.map((row) => cpuOf(row.pid)).filter((one) => one !== undefined);
      return each.length === 0 ? undefined : each.reduce((sum, one) => sum + one, 0);
    },
    end: () => client.end(),
  };
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

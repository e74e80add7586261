import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Milliseconds of CPU that a process has used, all of its threads; undefined where it is not there. */
export function cpuOf(pid: number, command?: string): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name is in brackets and may hold anything; what is counted from comes after it.
  const end = stat.lastIndexOf(')');
  if (command !== undefined && stat.slice(stat.indexOf('(') + 1, end) !== command) return undefined;
  const fields = stat.slice(end + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksASecond();
}

let ticks: number | undefined;
function ticksASecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
}

/** Counts the CPU that the database spends on the connections of one contestant. */
export interface DatabaseCpu {
  /** Looks up the connections of this name: shortly before they are read. */
  find(applicationName: string): Promise<void>;
  open(): void;
  close(): void;
  /** What was used in between; undefined, with a reason, where it cannot be known. */
  used(applicationName: string): Promise<number | undefined>;
  readonly reason: string | undefined;
  end(): Promise<void>;
}

/** Watches the server's processes, which is possible on the machine that they run on alone. */
export async function watchDatabase(databaseUrl: string): Promise<DatabaseCpu> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // What breaks the connection fails the next question, and with it the run.
  client.on('error', () => {});
  await client.connect();
  let pids: number[] = [];
  let opened = new Map<number, number | undefined>();
  let closed = new Map<number, number | undefined>();
  let reason: string | undefined;
  const read = () => new Map(pids.map((pid) => [pid, cpuOf(pid, 'postgres')]));
  const connectionsOf = async (applicationName: string) => {
    const { rows } = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE application_name = $1',
      [applicationName],
    );
    return rows.map(({ pid }) => pid);
  };
  return {
    async find(applicationName) {
      pids = await connectionsOf(applicationName);
    },
    open() {
      opened = read();
    },
    close() {
      closed = read();
    },
    async used(applicationName) {
      const now = await connectionsOf(applicationName);
      // A connection that was opened meanwhile has all of its time from meanwhile.
      for (const pid of now) if (!closed.has(pid)) closed.set(pid, cpuOf(pid, 'postgres'));
      if (closed.size === 0) {
        reason = 'a contestant does not name its connections as DATABASE_URL has them';
        return undefined;
      }
      let total = 0;
      let isSeen = false;
      for (const [pid, after] of closed) {
        // One that was closed meanwhile: pools close what has been idle for long.
        if (after === undefined) continue;
        isSeen = true;
        total += after - (opened.get(pid) ?? 0);
      }
      if (!isSeen) {
        reason = 'the processes of the database are not in /proc: it runs elsewhere';
        return undefined;
      }
      return total;
    },
    get reason() {
      return reason;
    },
    end: () => client.end(),
  };
}

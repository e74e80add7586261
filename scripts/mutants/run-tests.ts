import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a run of tests came to. */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** It ended without saying how: this shows nothing about the code under test. */
  | { readonly kind: 'broken'; readonly status: string };

export interface Failure {
  /** The test file, if it is known. */
  readonly file?: string;
  /** What failed in it. */
  readonly what: string;
  /** Whether time ran out, of a test or of the whole run. */
  readonly late: boolean;
}

export interface RunOptions {
  readonly copy: string;
  /** Test files, or folders of them. */
  readonly tests: readonly string[];
  readonly workers: number;
  /** After so long the run is ended, and counts as failed. */
  readonly limitMs?: number;
  /** Breaks the run off: it is rejected. */
  readonly signal: AbortSignal;
}

/** Runs tests in a copy of the project until the first one fails. */
export async function runTests(options: RunOptions): Promise<Outcome> {
  const { copy, tests } = options;
  const output = join(copy, 'report.json');
  rmSync(output, { force: true });
  const status = await vitest(options, [
    'run',
    '--bail=1',
    '--reporter=json',
    `--outputFile=${output}`,
    '--project=embedded*',
    '--project=worlds',
    `--maxWorkers=${options.workers}`,
    // Of all modules only the one with the bug is new. They are known by what is in them.
    '--experimental.fsModuleCache',
    `--experimental.fsModuleCachePath=${join(copy, 'node_modules', '.cache', 'modules')}`,
    ...tests,
  ]);
  if (status === '0') return { kind: 'passed' };
  if (status === 'late') {
    const file = tests.length === 1 && tests[0]?.endsWith('.ts') ? { file: tests[0] } : {};
    const seconds = Math.round((options.limitMs ?? 0) / 1000);
    const what = `no end of ${tests.join(' ')} in ${seconds} s`;
    return { kind: 'failed', failure: { ...file, what, late: true } };
  }
  const report = existsSync(output)
    ? (JSON.parse(readFileSync(output, 'utf8')) as Report)
    : undefined;
  if (report === undefined || report.numTotalTests === 0) return { kind: 'broken', status };
  return { kind: 'failed', failure: firstFailure(copy, report) };
}

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const TIMEOUT = /\b(Test|Hook) timed out in \d+ms/;

function firstFailure(copy: string, { testResults }: Report): Failure {
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find((test) => test.status === 'failed');
    if (failed === undefined) continue;
    const late = failed.failureMessages.some((message) => TIMEOUT.test(message));
    return { file: relative(copy, name), what: failed.fullName, late };
  }
  const failed = testResults.find((file) => file.status === 'failed');
  if (failed === undefined) return { what: 'the test run itself', late: false };
  const [what = ''] = failed.message.split('\n');
  return { file: relative(copy, failed.name), what, late: TIMEOUT.test(failed.message) };
}

/** The exit status, the signal that ended it, or `late`. */
function vitest(
  { copy, limitMs, signal }: RunOptions,
  args: readonly string[],
): Promise<string | 'late'> {
  signal.throwIfAborted();
  const { TEST_DATABASE_URL: _server, ...env } = process.env;
  const child = spawn(process.execPath, [join('node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: copy,
    env,
    stdio: 'ignore',
    // A group of its own, because its workers have to end with it.
    detached: true,
  });
  return new Promise((resolve, reject) => {
    let late = false;
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    };
    const timer = setTimeout(
      () => {
        late = true;
        end();
      },
      limitMs ?? 2 ** 31 - 1,
    );
    signal.addEventListener('abort', end);
    child.once('error', reject);
    child.once('close', (code, killed) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve(late ? 'late' : String(code ?? killed));
    });
  });
}

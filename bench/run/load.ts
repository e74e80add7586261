import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Job {
  readonly url: string;
  readonly body: string;
  readonly targets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly rampMs: number;
  readonly seconds: number;
  /** Bytes of the right answer. */
  readonly expectedLength: number;
}

/** What was counted between the opening and the closing of the window; failures all along. */
export interface Outcome {
  readonly requests: number;
  readonly milliseconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 200. */
  readonly refused: number;
  /** Answers of another length. */
  readonly mismatched: number;
  readonly errors: number;
}

export type Report =
  | { readonly kind: 'ramped' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly reason: string };

/** Who is told how far it is. */
export interface Listener {
  /** All connections are busy; the window is about to open. */
  readonly ramped: () => void;
  /** At both ends of what is counted. */
  readonly opened: () => void;
  readonly closed: () => void;
}

/** The process that drives contestants. */
export interface LoadGenerator {
  drive(job: Job, on: Listener): Promise<Outcome>;
  stop(): void;
}

export function startLoad(): LoadGenerator {
  const entry = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), entry],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  return {
    drive: (job, on) =>
      new Promise((resolve, reject) => {
        const onExit = () => reject(new Error('the load generator ended'));
        const onReport = (report: Report): void => {
          if (report.kind !== 'done' && report.kind !== 'failed') {
            on[report.kind]();
            return;
          }
          child.off('message', onReport);
          child.off('exit', onExit);
          if (report.kind === 'done') resolve(report.outcome);
          else reject(new Error(report.reason));
        };
        child.on('message', onReport);
        child.once('exit', onExit);
        child.send(job);
      }),
    stop: () => void child.kill('SIGTERM'),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Asked, ask, type Outcome } from './ask.js';
import type { Ledger } from './ledger.js';
import { judged, questions } from './questions.js';
import type { Tally } from './tally.js';
import type { Planted } from './world.js';
import { writers } from './writers.js';

export interface LoadOptions {
  readonly planted: Planted;
  readonly ledger: Ledger;
  readonly tally: Tally;
  /** Where to ask, in turns: gateways may be replaced meanwhile. */
  readonly urls: () => readonly string[];
  /** How many ask questions at once. */
  readonly readers?: number | undefined;
  /** Under how many names questions are asked, each a document of its own; as they are unless given. */
  readonly documents?: number | undefined;
  /** Between an answer and the next question of the same client. */
  readonly pauseMs?: number | undefined;
  /** The same of those who write; `pauseMs` unless given. */
  readonly writePauseMs?: number | undefined;
}

/** The time in which a gateway has to answer, whatever happens (HEIMDALL_OPERATION_TIMEOUT_MS). */
export const OPERATION_MS = 10_000;
/** What a busy machine takes besides. */
const GRACE_MS = 2_000;
const READERS = 8;
const PAUSE_MS = 50;

/** The same query by a name. */
const under = (name: string, query: string): string =>
  query.startsWith('query') ? query.replace('query', `query ${name}`) : `query ${name} ${query}`;

/** Clients that ask and write until they are told to stop; the tally has what came of it. */
export function startLoad(options: LoadOptions): { stop(): Promise<void> } {
  const {
    planted,
    ledger,
    tally,
    urls,
    documents,
    readers = READERS,
    pauseMs = PAUSE_MS,
    writePauseMs = pauseMs,
  } = options;
  let isOver = false;
  let turn = 0;
  let count = 0;
  const named = (one: Asked): Asked =>
    documents === undefined ? one : { ...one, query: under(`Q${count++ % documents}`, one.query) };
  const send = (asked: Asked): Promise<Outcome> => {
    const all = urls();
    return ask(all[turn++ % all.length] ?? '', asked, OPERATION_MS + GRACE_MS);
  };
  const asked = questions(planted);
  const reading = async (nth: number): Promise<void> => {
    for (let next = nth; !isOver; next += 1) {
      const question = asked[next % asked.length];
      if (question === undefined) return;
      const startedAt = performance.now();
      const judge = question.begin();
      const outcome = await send(named(question.asked));
      tally.add(outcome, startedAt, judged(outcome, judge));
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  };
  const writing = async (write: (to: typeof send) => Promise<Outcome>): Promise<void> => {
    while (!isOver) {
      const startedAt = performance.now();
      const outcome = await write(send);
      tally.add(outcome, startedAt, outcome.kind === 'malformed' ? outcome.why : undefined);
      await sleep(writePauseMs * (0.5 + Math.random()));
    }
  };
  const clients = [
    ...Array.from({ length: readers }, (_, nth) => reading(nth)),
    ...writers(planted, ledger).map(writing),
  ];
  return {
    async stop() {
      isOver = true;
      await Promise.all(clients);
    },
  };
}

import { setTimeout } from 'node:timers/promises';
import type { Listen } from '../data/listen.js';
import { unavailable } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Turn } from '../limits/turns.js';

/** What the database notifies when it is committed: what can be claimed, by its queue, and what is finished, by its id. */
const CHANNELS = { queued: 'heimdall_queued', finished: 'heimdall_finished' } as const;

/** What happens to executions: `queued:<queue>` or `finished:<id>`. */
export type Happening = `${keyof typeof CHANNELS}:${string}`;

/** What wakes whoever waits for something to happen to executions. */
export interface Wake {
  /**
   * Asks `look` until it answers something, at once and whenever one of these happens, and now and then besides, for what is notified can be lost; undefined once the time is up, or whoever waits has gone.
   *
   * @throws DomainError UNAVAILABLE: too many wait already
   */
  wait<T>(
    happenings: readonly Happening[],
    look: () => Promise<T | undefined>,
    options: Waiting,
  ): Promise<T | undefined>;
  /** Listens no more; whoever waits is told that the time is up. */
  close(): Promise<void>;
}

interface Waiting {
  readonly ms: number;
  /** Aborted once nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
  /** Waits without keeping a turn. */
  readonly away?: Turn['away'] | undefined;
}

interface WakeOptions {
  /** Undefined: nothing can be heard, and all is polling. */
  readonly listen: Listen | undefined;
  /** So many wait at once: callers for the end of what they launched, and workers for something to do. */
  readonly limits: Pick<Limits, 'waitingRequests' | 'waitingWorkers'>;
  /** How often is looked without being woken, in milliseconds: heard of nothing, and where nothing can be heard. */
  readonly everyMs?: { readonly heard: number; readonly deaf: number };
  readonly onFailure?: (error: unknown) => void;
}

const EVERY_MS = { heard: 5_000, deaf: 500 };

/**
 * One connection a process hears for all who wait (D34), opened when somebody first does. INVARIANT: who waits holds no
 * connection, and no turn: `look` takes one, and gives it back.
 */
export function createWake(options: WakeOptions): Wake {
  const { listen, limits, everyMs = EVERY_MS, onFailure = () => {} } = options;
  const most = { queued: limits.waitingWorkers, finished: limits.waitingRequests };
  const woken = new Map<string, Set<() => void>>();
  const closing = new AbortController();
  const count = { queued: 0, finished: 0 };
  let ear: Promise<() => Promise<void>> | undefined;
  let hears = false;
  const wake = (key: string): void => {
    for (const one of woken.get(key) ?? []) one();
  };
  const hear = (channel: string, payload: string): void =>
    wake(`${channel === CHANNELS.queued ? 'queued' : 'finished'}:${payload}`);
  const wakeAll = (): void => {
    for (const key of woken.keys()) wake(key);
  };
  const open = (): void => {
    if (ear !== undefined || listen === undefined || closing.signal.aborted) return;
    ear = listen(Object.values(CHANNELS), hear, wakeAll);
    ear.then(
      () => {
        hears = true;
        // What was notified before it could be heard.
        wakeAll();
      },
      (error: unknown) => {
        ear = undefined;
        onFailure(error);
      },
    );
  };
  return {
    async wait(happenings, look, { ms, signal, away = (work) => work() }) {
      const first = await look();
      if (first !== undefined || ms <= 0) return first;
      const kind = kindOf(happenings);
      if (count[kind] >= most[kind]) {
        throw unavailable(new Error('too many requests wait for executions'));
      }
      open();
      const until = performance.now() + ms;
      const ends = AbortSignal.any([closing.signal, ...(signal === undefined ? [] : [signal])]);
      const bell = bellOf(woken, happenings);
      count[kind] += 1;
      try {
        for (;;) {
          const left = until - performance.now();
          if (left <= 0 || ends.aborted) return undefined;
          const rests = Math.min(left, hears ? everyMs.heard : everyMs.deaf);
          await away(() => bell.rung(rests, ends));
          const found = await look();
          if (found !== undefined) return found;
        }
      } finally {
        count[kind] -= 1;
        bell.remove();
      }
    },
    async close() {
      closing.abort();
      const stop = await ear?.catch(() => undefined);
      await stop?.();
    },
  };
}

/** For which of them is waited. INVARIANT: neither is kept from waiting by however many of the other. */
const kindOf = ([first]: readonly Happening[]): keyof typeof CHANNELS =>
  first?.startsWith('finished:') ? 'finished' : 'queued';

/** Is rung by keys. A ring that nobody waits for yet is not lost. */
function bellOf(woken: Map<string, Set<() => void>>, keys: readonly string[]) {
  let isRung = false;
  let given = new AbortController();
  const ring = (): void => {
    isRung = true;
    given.abort();
  };
  for (const key of keys) woken.set(key, (woken.get(key) ?? new Set()).add(ring));
  return {
    async rung(ms: number, ends: AbortSignal): Promise<void> {
      if (!isRung) {
        given = new AbortController();
        const signal = AbortSignal.any([given.signal, ends]);
        await setTimeout(ms, undefined, { signal }).catch(() => {});
      }
      isRung = false;
    },
    remove(): void {
      for (const key of keys) {
        woken.get(key)?.delete(ring);
        if (woken.get(key)?.size === 0) woken.delete(key);
      }
    },
  };
}

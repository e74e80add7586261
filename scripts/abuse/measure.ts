import { setTimeout } from 'node:timers/promises';
import { ask } from './ask.js';
import type { Attack } from './attacks.js';
import type { DatabaseCpu } from './cpu.js';
import type { AttackedGateway } from './gateway.js';

/** What an attack did. */
export interface Measured {
  /** How often each outcome came. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Peaks, in bytes. */
  readonly heap: number;
  readonly rss: number;
  /** Milliseconds for each request. */
  readonly databaseMs: number | undefined;
  /** Medians of a small question, in milliseconds: right before, and meanwhile. */
  readonly calmMs: number;
  readonly neighbourMs: number;
  /** What the neighbour was told besides answers. */
  readonly refused: number;
}

const SMALL = '{ workflows(first: 5) { edges { node { id name } } } }';
const CALM_MS = 3_000;
const EVERY_MS = 50;
/** As many connections as the attacker has. */
const AT_ONCE = 16;

/** Attacks, and asks a small question all the while. */
export async function measure(
  gateway: AttackedGateway,
  attack: Attack,
  cpu: DatabaseCpu,
): Promise<Measured> {
  const calm = watch(gateway);
  await setTimeout(CALM_MS);
  const before = await calm.end();
  await cpu.used();
  const during = watch(gateway);
  const outcomes = await send(gateway, attack);
  const after = await during.end();
  const used = await cpu.used();
  return {
    outcomes,
    heap: after.heap,
    rss: after.rss,
    databaseMs: used && used / attack.requests,
    calmMs: before.median,
    neighbourMs: after.median,
    refused: after.refused,
  };
}

/** Requests begin at the attack's rate, as long as no more are under way than it has connections. */
async function send(
  { url, tokens, isAlive }: AttackedGateway,
  { as, document, requests, rate }: Attack,
): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  const under = new Set<Promise<void>>();
  const start = performance.now();
  for (let n = 0; n < requests && isAlive(); n += 1) {
    const early = start + (n * 1000) / rate - performance.now();
    if (early > 1) await setTimeout(early);
    const one = ask(url, as && tokens[as], document(n)).then(({ what }) => {
      outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
      under.delete(one);
    });
    under.add(one);
    if (under.size >= AT_ONCE) await Promise.race(under);
  }
  await Promise.all(under);
  return outcomes;
}

function watch({ url, tokens, memory }: AttackedGateway) {
  const peak = { heap: 0, rss: 0 };
  const times: number[] = [];
  let refused = 0;
  let isOver = false;
  const look = setInterval(() => {
    const now = memory();
    peak.heap = Math.max(peak.heap, now.heap);
    peak.rss = Math.max(peak.rss, now.rss);
  }, EVERY_MS);
  const asking = (async () => {
    while (!isOver) {
      const { what, ms } = await ask(url, tokens.neighbour, SMALL);
      times.push(ms);
      if (what !== '200') refused += 1;
      await setTimeout(EVERY_MS);
    }
  })();
  return {
    async end() {
      isOver = true;
      await asking;
      clearInterval(look);
      return { ...peak, median: medianOf(times), refused };
    },
  };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

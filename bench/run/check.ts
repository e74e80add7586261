import {
  type Contestant,
  type Variables,
  type WorkloadName,
  WRITES,
} from '../contestants/contestant.js';
import { heimdall } from '../contestants/heimdall.js';
import { sweepMade } from '../data/targets.js';
import type { PersonName } from '../data/world.js';
import { ask, canonical } from './ask.js';
import { difference } from './difference.js';
import { start } from './process.js';
import { countStatements, type Statements } from './proxy.js';
import { drivers, type Settings } from './settings.js';

const COMPARED_FOR: readonly PersonName[] = ['own', 'team', 'all', 'admin'];
/** The first ones may look up what is looked up once. */
const REQUESTS_BEFORE_COUNTING = 2;

/** What checking a contestant has shown. */
export interface Checked {
  readonly differences: readonly string[];
  /** How many answers were compared with the gateway's. */
  readonly compared: number;
  /** By workload and who drives it. */
  readonly driven: ReadonlyMap<string, Driven>;
}

/** What a request costs that is measured later, and how long its answer has to be. */
export interface Driven {
  readonly statements: Statements;
  readonly bytes: number;
}

/** The text of each answer of a contestant, by what was asked. */
type Answers = Map<string, string>;

export const keyOf = (workload: WorkloadName, person: PersonName): string =>
  `${workload} ${person}`;

/**
 * Asks every contestant everything that it can answer and compares with what the gateway answers,
 * which is asked first. They are asked through a proxy that counts their statements.
 */
export async function check(
  settings: Settings,
  databaseUrl: string,
  variations: readonly Variables[],
  progress: (line: string) => void,
): Promise<ReadonlyMap<Contestant, Checked>> {
  const answers = new Map<string, Answers>();
  const checked = new Map<Contestant, Checked>();
  const gateway = settings.contestants.find(({ name }) => name === heimdall.name) ?? heimdall;
  for (const contestant of new Set([gateway, ...settings.contestants])) {
    progress(`checking ${contestant.name}`);
    await sweepMade(databaseUrl);
    const { given, driven } = await interview(contestant, settings, databaseUrl, variations);
    answers.set(contestant.name, given);
    const reference = answers.get(gateway.name);
    if (reference === undefined) throw new Error('the gateway was not asked first');
    const differences = [...compare(contestant, given, gateway, reference)];
    const { sameDataAs = '', sameTextAs = '' } = contestant;
    differences.push(...compareData(contestant, given, answers.get(sameDataAs)));
    differences.push(...compareText(contestant, given, answers.get(sameTextAs)));
    checked.set(contestant, { differences, compared: given.size, driven });
  }
  return checked;
}

async function interview(
  contestant: Contestant,
  settings: Settings,
  databaseUrl: string,
  variations: readonly Variables[],
): Promise<{ given: Answers; driven: Map<string, Driven> }> {
  const counter = await countStatements(databaseUrl);
  try {
    const running = await start(contestant, counter.url);
    const given: Answers = new Map();
    const driven = new Map<string, Driven>();
    try {
      for (const workload of workloadsOf(contestant, settings)) {
        for (const person of comparedFor(contestant, settings, workload)) {
          for (const [nth, variables] of variations.entries()) {
            const text = await ask(running, workload, variables, person);
            given.set(`${keyOf(workload, person)} ${nth}`, text);
          }
        }
        for (const person of drivers(settings, workload)) {
          const [variables] = variations;
          if (variables === undefined) throw new Error('nothing to ask for');
          for (let nth = 0; nth < REQUESTS_BEFORE_COUNTING; nth += 1) {
            await ask(running, workload, variables, person);
          }
          counter.take();
          const text = await ask(running, workload, variables, person);
          const bytes = Buffer.byteLength(text);
          driven.set(keyOf(workload, person), { statements: counter.take(), bytes });
        }
      }
    } finally {
      await running.stop();
    }
    return { given, driven };
  } finally {
    await counter.close();
  }
}

/** Whoever is measured is compared too. */
function comparedFor(
  contestant: Contestant,
  settings: Settings,
  workload: WorkloadName,
): Iterable<PersonName> {
  return contestant.comparedFor ?? new Set([...COMPARED_FOR, ...drivers(settings, workload)]);
}

/** What a contestant can answer of what is asked for. */
export function workloadsOf(contestant: Contestant, { workloads }: Settings): WorkloadName[] {
  return workloads.filter((workload) => contestant.workloads.includes(workload));
}

function* compare(
  contestant: Contestant,
  given: Answers,
  gateway: Contestant,
  reference: Answers,
): Generator<string> {
  for (const [key, text] of given) {
    const workload = key.split(' ')[0] as WorkloadName;
    const expected = reference.get(key);
    if (expected === undefined) throw new Error(`${gateway.name} was not asked ${key}`);
    const found = difference(
      canonical(gateway, workload, expected),
      canonical(contestant, workload, text),
    );
    if (found !== undefined) {
      yield `${contestant.name} differs from ${gateway.name} on ${key}:\n${found}`;
    }
  }
}

/** The shared form takes what is refused for nothing; whoever has the same schema has to refuse it too. */
function* compareData(
  { name, sameDataAs }: Contestant,
  given: Answers,
  other: Answers | undefined,
): Generator<string> {
  for (const [key, text] of other === undefined ? [] : readsOf(given)) {
    const found = difference(dataOf(other?.get(key)), dataOf(text));
    if (found !== undefined) yield `${name} has other data than ${sameDataAs} on ${key}:\n${found}`;
  }
}

/** What is written has an id and a name of its own each time. */
const readsOf = (given: Answers): [string, string][] =>
  [...given].filter(([key]) => !WRITES.includes(key.split(' ')[0] as WorkloadName));

const dataOf = (text = 'null'): unknown => (JSON.parse(text) as { data?: unknown } | null)?.data;

function* compareText(
  { name, sameTextAs }: Contestant,
  given: Answers,
  other: Answers | undefined,
): Generator<string> {
  for (const [key, text] of other === undefined ? [] : readsOf(given)) {
    if (other?.get(key) === text) continue;
    const found = difference(other?.get(key), text);
    yield `${name} is not byte for byte ${sameTextAs} on ${key}:\n${found}`;
  }
}

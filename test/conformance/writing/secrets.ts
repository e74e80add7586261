import { cover } from '../oracle/coverage.js';
import { expectSame } from '../questions/difference.js';
import type { World } from '../world/types.js';
import type { Answer } from './send.js';
import type { Entry, Snapshot } from './snapshot.js';
import { inputOf, type Write } from './write.js';

/** What secrets are set to in these worlds, and nothing else is. */
const SPOKEN = /hush \d+/g;

interface Written {
  readonly write: Write;
  /** The world before it and, if anything was done, the one after. */
  readonly worlds: readonly World[];
  readonly answer: Answer;
  readonly entries: readonly Entry[];
  readonly after: Snapshot;
}

/** D16: what a secret is or was to be set to is in no answer, no row and no entry of the record; but in what reveals it. */
export function expectSecretsKept(
  title: string,
  { write, worlds, answer, entries, after }: Written,
): void {
  const said = JSON.stringify(inputOf(write)).match(SPOKEN) ?? [];
  const configs = worlds.map(({ rows }) => rows.filter(({ type }) => type === 'Config'));
  const secrets = new Set([
    ...said,
    ...configs.flat().flatMap(({ cells }) => spokenIn(cells.secret ?? '')),
  ]);
  // What is the plain value of a config, by who may have it so, is no secret any more; what was one, is one now.
  const now = (configs.at(-1) ?? []).map(({ cells }) => cells);
  const hidden = new Set(now.flatMap(({ secret }) => spokenIn(secret ?? '')));
  const plain = configs.flat().flatMap(({ cells }) => spokenIn(cells.value ?? ''));
  for (const value of plain) if (!hidden.has(value)) secrets.delete(value);
  if (!cover('D16 write: there is a secret to be kept', secrets.size > 0)) return;
  const { payload, ...told } = answer;
  const kept = [
    write.kind === 'reveal' ? { ...payload, value: null } : payload,
    told,
    entries.map(({ row }) => row),
    [...after.values()].map((rows) => [...rows.values()]),
  ];
  const found = kept.flatMap(spokenIn).filter((one) => secrets.has(one));
  expectSame(`${title}: D16: secrets are nowhere to be read`, found, []);
}

const spokenIn = (what: unknown): string[] => JSON.stringify(what).match(SPOKEN) ?? [];

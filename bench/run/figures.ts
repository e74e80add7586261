import type { WorkloadName } from '../contestants/contestant.js';
import { floor } from '../contestants/floor.js';
import { heimdall, heimdallOff } from '../contestants/heimdall.js';
import type { PersonName } from '../data/world.js';
import { type Driven, keyOf } from './check.js';
import type { Sample } from './measure.js';
import { type Medians, mediansOf, pairedRatios } from './medians.js';
import type { Statements } from './proxy.js';

/** What is measured of a turn. */
export const METRICS = [
  'requestsASecond',
  'p50',
  'p99',
  'processCpu',
  'databaseCpu',
] as const satisfies readonly (keyof Sample)[];
export type Metric = (typeof METRICS)[number];

/** A line of a table. */
export interface Figure {
  readonly contestant: string;
  readonly workload: WorkloadName;
  readonly person: PersonName;
  readonly connections: number;
  readonly medians: Medians<Metric>;
  /** Medians of the ratios to the floor in the same round; undefined without a floor. */
  readonly ofFloor: Medians<Metric> | undefined;
  readonly bytes: number;
  readonly statements: Statements | undefined;
}

/** What deciding costs: medians of the ratios of policies on to policies off in the same round. */
export interface PolicyFigure {
  readonly workload: WorkloadName;
  readonly person: PersonName;
  readonly connections: number;
  readonly onToOff: Medians<Metric>;
  readonly bytes: { readonly on: number; readonly off: number };
}

/** By contestant, and by workload and person. */
type Counted = ReadonlyMap<string, ReadonlyMap<string, Driven>>;

export function figuresOf(samples: readonly Sample[], counted: Counted): Figure[] {
  return [...groupBy(samples, settingOf).values()].flatMap((setting) => {
    const byContestant = groupBy(setting, ({ contestant }) => contestant);
    const floors = byContestant.get(floor.name);
    return [...byContestant].map(([contestant, own]): Figure => {
      const { workload, person, connections, bytes } = first(own);
      return {
        contestant,
        workload,
        person,
        connections,
        bytes,
        medians: mediansOf(METRICS, own),
        ofFloor: floors && pairedRatios(METRICS, own, floors),
        statements: counted.get(contestant)?.get(keyOf(workload, person))?.statements,
      };
    });
  });
}

export function policyFiguresOf(samples: readonly Sample[]): PolicyFigure[] {
  return [...groupBy(samples, settingOf).values()].flatMap((setting) => {
    const on = setting.filter(({ contestant }) => contestant === heimdall.name);
    const off = setting.filter(({ contestant }) => contestant === heimdallOff.name);
    if (on.length === 0 || off.length === 0) return [];
    const { workload, person, connections, bytes } = first(on);
    const onToOff = pairedRatios(METRICS, on, off);
    return [
      { workload, person, connections, onToOff, bytes: { on: bytes, off: first(off).bytes } },
    ];
  });
}

const settingOf = ({ workload, person, connections }: Sample): string =>
  `${workload} ${person} ${connections}`;

export function groupBy<T>(items: readonly T[], keyOfItem: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('an empty group');
  return item;
}

import { median } from '../run/figures.js';
import type { Cell, Sample, Series } from './series.js';

/** What is measured of a turn. */
export const METRICS = [
  'p50',
  'processCpu',
  'databaseCpu',
] as const satisfies readonly (keyof Sample)[];

/** By metric; undefined where one was not to be had. */
export type Medians = Readonly<Record<(typeof METRICS)[number], number | undefined>>;

/** A line of a table. */
export interface Figure extends Cell {
  readonly medians: Medians;
  /** Medians of the ratios to the smallest size in the same round. */
  readonly ofSmallest: Medians;
  /** Of page 1,000: medians of the ratios to page 1 at the same size in the same round. */
  readonly ofPageOne: Medians | undefined;
}

export function figuresOf({ cells, samples }: Series): Figure[] {
  const smallest = Math.min(...cells.map(({ size }) => size));
  const of = ({ contestant, workload, size }: Pick<Cell, 'contestant' | 'workload' | 'size'>) =>
    samples.filter(
      (sample) =>
        sample.contestant === contestant && sample.workload === workload && sample.size === size,
    );
  return cells.map((cell) => {
    const own = of(cell);
    const pageOne = cell.workload === 'Q6' ? of({ ...cell, workload: 'Q1' }) : [];
    return {
      ...cell,
      medians: mediansOf((metric) => own.map((sample) => sample[metric])),
      ofSmallest: pairedRatios(own, of({ ...cell, size: smallest })),
      ofPageOne: pageOne.length === 0 ? undefined : pairedRatios(own, pageOne),
    };
  });
}

function pairedRatios(own: readonly Sample[], others: readonly Sample[]): Medians {
  return mediansOf((metric) =>
    own.map((sample) => {
      const value = sample[metric];
      const other = others.find(({ round }) => round === sample.round)?.[metric];
      // A share of nothing is no figure: so short a run has used no tick of the clock.
      return value === undefined || other === undefined || other === 0 ? undefined : value / other;
    }),
  );
}

function mediansOf(
  values: (metric: (typeof METRICS)[number]) => readonly (number | undefined)[],
): Medians {
  const [p50, processCpu, databaseCpu] = METRICS.map((metric) => median(values(metric)));
  return { p50, processCpu, databaseCpu };
}

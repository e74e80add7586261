import { type Medians, mediansOf, pairedRatios } from '../run/medians.js';
import type { Cell, Sample, Series } from './series.js';

/** What is measured of a turn. */
export const METRICS = [
  'p50',
  'processCpu',
  'databaseCpu',
] as const satisfies readonly (keyof Sample)[];

type Metric = (typeof METRICS)[number];

/** A line of a table. */
export interface Figure extends Cell {
  readonly medians: Medians<Metric>;
  /** Medians of the ratios to the smallest size in the same round. */
  readonly ofSmallest: Medians<Metric>;
  /** Of page 1,000: medians of the ratios to page 1 at the same size in the same round. */
  readonly ofPageOne: Medians<Metric> | undefined;
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
      medians: mediansOf(METRICS, own),
      ofSmallest: pairedRatios(METRICS, own, of({ ...cell, size: smallest })),
      ofPageOne: pageOne.length === 0 ? undefined : pairedRatios(METRICS, own, pageOne),
    };
  });
}

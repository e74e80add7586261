import type { WorkloadName } from '../contestants/contestant.js';
import { DEFAULT_ORGANIZATIONS, DEFAULT_ROWS } from '../data/world.js';
import { digits, table, whole } from '../run/markdown.js';
import { WORKLOADS } from '../run/settings.js';
import type { Figure } from './figures.js';
import type { Dimension } from './settings.js';

/** A page over 1M rows costs at most so many times what one over 10k does. */
const MOST_GROWTH = 1.5;

/** Columns of words: a size is one of them in the table of pages. */
const LABELS = 2;

const HEADINGS: Readonly<Record<Dimension, string>> = {
  rows: `As rows grow (${DEFAULT_ORGANIZATIONS} organizations, as all)`,
  organizations: `As organizations grow (${whole(DEFAULT_ROWS)} rows, as all; the caller's keeps a tenth of them)`,
  memberships: `As the caller's memberships grow (${whole(DEFAULT_ROWS)} rows, each membership in a project, with OWN_DATA)`,
};

/** The figures of what has grown as Markdown. */
export function report(dimension: Dimension, figures: readonly Figure[]): string {
  const sizes = [...new Set(figures.map(({ size }) => size))];
  const least = Math.min(...sizes);
  // The target is one for rows.
  const grown = (ratio: number | undefined) =>
    dimension === 'rows' && ratio !== undefined && ratio > MOST_GROWTH
      ? `**${digits(ratio)}**`
      : digits(ratio);
  const head = ['', 'contestant', dimension, 'p50 ms', `÷ ${whole(least)}`, 'process CPU ms'];
  head.push(`÷ ${whole(least)}`, 'database CPU ms', `÷ ${whole(least)}`, 'statements', 'bytes');
  const lines = [...figures].sort(
    (a, b) =>
      a.workload.localeCompare(b.workload) ||
      a.contestant.localeCompare(b.contestant) ||
      a.size - b.size,
  );
  const main = table(
    head,
    lines.map(({ workload, contestant, size, medians, ofSmallest, statements, bytes }) => [
      workload,
      contestant,
      whole(size),
      digits(medians.p50),
      grown(ofSmallest.p50),
      digits(medians.processCpu),
      grown(ofSmallest.processCpu),
      digits(medians.databaseCpu),
      grown(ofSmallest.databaseCpu),
      `${statements.all}`,
      whole(bytes),
    ]),
    LABELS,
  );
  return [`## ${HEADINGS[dimension]}`, main, ...pages(dimension, lines)].join('\n\n');
}

/** Page 1,000 is to cost what page 1 costs. */
function pages(dimension: Dimension, figures: readonly Figure[]): string[] {
  const lines = figures.flatMap(({ contestant, size, ofPageOne }) =>
    ofPageOne === undefined
      ? []
      : [
          [
            contestant,
            whole(size),
            digits(ofPageOne.p50),
            digits(ofPageOne.processCpu),
            digits(ofPageOne.databaseCpu),
          ],
        ],
  );
  if (lines.length === 0) return [];
  return [table(['Q6 ÷ Q1', dimension, 'p50', 'process CPU', 'database CPU'], lines, LABELS)];
}

/** What the tables mean, once below them. */
export function legend(workloads: readonly WorkloadName[]): string {
  return [
    `At one connection; CPU is a request's. Medians over the rounds; "÷" is the median of the ratios in the same round. More than ${MOST_GROWTH} times the fewest rows is bold. Page 1,000 is the middle of a list that is shorter.`,
    ...workloads.map((workload) => `- ${workload}: ${WORKLOADS[workload]}`),
  ].join('\n');
}
